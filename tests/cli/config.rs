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
fn the_bounds_of_sending_and_of_alerts_are_said_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str| {
        std::fs::write(folder.path().join("evenhand.toml"), text).unwrap();
        evenhand(folder.path()).args(["config", "check"]).output().unwrap()
    };
    for (table, key, least, most) in [
        ("sending", "undo_seconds", 0_u64, 3_600_u64),
        ("sending", "recipient_per_hour", 1, 1_000_000),
        ("sending", "recipient_per_day", 1, 1_000_000),
        ("sending", "case_per_day", 1, 1_000_000),
        ("sending", "all_per_ten_minutes", 1, 1_000_000),
        ("sending", "all_per_day", 1, 1_000_000),
        ("sending", "loop_answers_per_hour", 2, 1_000_000),
        ("sending", "acknowledge_every_hours", 1, 8_760),
        ("alerts", "mailbox_unchecked_minutes", 1, 10_080),
        ("alerts", "unrouted_minutes", 1, 10_080),
        ("alerts", "outgoing_minutes", 1, 10_080),
        ("alerts", "quarantined_minutes", 1, 10_080),
    ] {
        for sound in [least, most] {
            let output = check(&format!("[{table}]\n{key} = {sound}\n"));
            assert_eq!(code(&output), 0, "{key} = {sound}: {}", stderr(&output));
        }
        for wrong in [least.checked_sub(1), Some(most + 1)].into_iter().flatten() {
            let output = check(&format!("[{table}]\n{key} = {wrong}\n"));
            assert_eq!(code(&output), 78, "{key} = {wrong}");
            assert!(stderr(&output).contains(&format!("{table}.{key}")), "{}", stderr(&output));
            assert!(stderr(&output).contains(&format!("between {least} and {most}")), "{}", stderr(&output));
        }
    }
}

#[test]
fn hosts_of_webhooks_are_hosts_and_the_narrower_lists_are_of_the_wider() {
    let folder = tempfile::tempdir().unwrap();
    for (hosts, wrong) in [
        ("allowed_hosts = ['hooks.example.org', '10.1.2.3', '[fd00::1]']\nprivate_hosts = ['10.1.2.3']", None),
        ("allowed_hosts = ['https://hooks.example.org']", Some("is not a host")),
        ("allowed_hosts = ['hooks.example.org:443']", Some("is not a host")),
        ("private_hosts = ['intern.example.org']", Some("not in webhooks.allowed_hosts")),
        ("loopback_hosts = ['127.0.0.1']", Some("not in webhooks.allowed_hosts")),
    ] {
        std::fs::write(folder.path().join("evenhand.toml"), format!("[webhooks]\n{hosts}\n")).unwrap();
        let output = evenhand(folder.path()).args(["config", "check"]).output().unwrap();
        match wrong {
            None => assert_eq!(code(&output), 0, "{hosts}: {}", stderr(&output)),
            Some(why) => {
                assert_eq!(code(&output), 78, "{hosts}");
                assert!(stderr(&output).contains(why), "{}", stderr(&output));
            }
        }
    }
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

#[test]
fn the_sample_settings_hold_as_they_are_and_with_all_that_is_off_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("psd");
    std::fs::write(&secret, "pale-moon").unwrap();
    let sample = include_str!("../../evenhand.example.toml");
    let setting = |line: &str| line.strip_prefix('#').filter(|rest| !rest.starts_with(' ')).unwrap_or(line).to_owned();
    let all_on = sample.lines().map(setting).collect::<Vec<_>>().join("\n");
    let all_on = all_on.replace("/run/secrets/psd", secret.to_str().unwrap());
    assert!(all_on.contains("\n[[imap.mailboxes]]\n"), "{all_on}");
    for text in [sample, &all_on] {
        std::fs::write(folder.path().join("evenhand.toml"), text).unwrap();
        let output = evenhand(folder.path()).args(["config", "check"]).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    }
}
