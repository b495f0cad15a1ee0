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
