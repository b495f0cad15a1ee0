//! `config check` refuses what `serve` refuses, and says where it was given.

use super::{code, evenhand, stderr};

#[test]
fn all_that_is_wrong_is_said_at_once_with_its_place_before_anything_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("evenhand.toml"), "[policy]\ntemplates = \"nowhere\"\n").unwrap();
    for command in [["config", "check"].as_slice(), &["serve"]] {
        let mut wrong = evenhand(folder.path());
        wrong.env("EVENHAND_AUTH__TOKEN_MINUTES", "soon").env("DATABASE_URL", "mysql://root:pale-moon@db/psd");
        let output = wrong.args(command).output().unwrap();
        let said = stderr(&output);
        assert_eq!(code(&output), 78, "{said}");
        for place in [
            "EVENHAND_AUTH__TOKEN_MINUTES: auth.token_minutes",
            "DATABASE_URL: database.url",
            "evenhand.toml: policy.templates",
        ] {
            assert!(said.contains(place), "{place} is not in\n{said}");
        }
        assert!(!said.contains("pale-moon"));
    }
    assert!(!folder.path().join("evenhand.db").exists());
}

#[test]
fn an_overdue_review_of_the_policy_is_said_and_stops_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let own = folder.path().join("own");
    std::fs::create_dir_all(own.join("registers")).unwrap();
    std::fs::create_dir(own.join("forms")).unwrap();
    // One case type with its forms, and the policy.
    std::fs::copy(shipped.join("out-of-county-referral.yaml"), own.join("out-of-county-referral.yaml")).unwrap();
    for entry in std::fs::read_dir(shipped.join("forms")).unwrap() {
        let file = entry.unwrap();
        std::fs::copy(file.path(), own.join("forms").join(file.file_name())).unwrap();
    }
    let policy = std::fs::read_to_string(shipped.join("registers/policy.yaml")).unwrap();
    let overdue = policy.replace("review_due: 2027-06-07", "review_due: 2026-01-31");
    std::fs::write(own.join("registers/policy.yaml"), overdue).unwrap();
    std::fs::write(folder.path().join("evenhand.toml"), "[policy]\nworkflows = \"own\"\n").unwrap();
    let output = evenhand(folder.path()).args(["config", "check"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("was due to be reviewed by 31 January 2026"), "{}", stderr(&output));
}
