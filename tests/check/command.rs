//! The command itself: its exit code and the JSON that other programs read.

use super::root;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn check(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    command.current_dir(folder).arg("check").args(arguments);
    command.output().expect("the program starts")
}

#[test]
fn the_shipped_policy_passes_with_exit_code_0() {
    let workflows = root().join("workflows").display().to_string();
    let output = check(&root(), &["--workflows", &workflows, "--output", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["ok"], &report["faults"]), (&serde_json::json!(true), &serde_json::json!([])));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_policy_whose_review_is_overdue_is_sound_and_said_to_be_overdue() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("workflows"), &folder.path().join("workflows"));
    let register = folder.path().join("workflows/registers/policy.yaml");
    let text = std::fs::read_to_string(&register).unwrap();
    std::fs::write(&register, text.replace("review_due: 2027-06-07", "review_due: 2026-01-31")).unwrap();
    let output = check(folder.path(), &["--workflows", "workflows", "--output", "json"]);
    assert_eq!(output.status.code(), Some(0));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["warnings"][0].as_str().unwrap().contains("31 January 2026"), "{report}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("due to be reviewed"));
}

#[test]
fn what_is_built_in_passes_where_there_is_no_folder() {
    let empty = tempfile::tempdir().unwrap();
    let output = check(empty.path(), &[]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "No fault found.");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn faults_are_printed_as_json_with_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("workflows"), &folder.path().join("workflows"));
    let file = folder.path().join("workflows/consultation.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("withdrawn: { title: Withdrawn, kind: final }", "withdrawn: { title: Withdrawn }"),
    )
    .unwrap();
    let output = check(folder.path(), &["--workflows", "workflows", "--output", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["ok"], false);
    let fault = &report["faults"][0];
    assert_eq!(fault["file"], "workflows/consultation.yaml");
    assert_eq!(fault["path"], "states.withdrawn");
    assert_eq!(fault["code"], "no-way-out");
    assert_eq!(fault["counterexample"], serde_json::json!(["asked", "—withdraw→ withdrawn"]));
    assert!(fault["line"].is_u64() && fault["message"].is_string());
}

#[test]
fn a_broken_template_is_a_fault() {
    let folder = tempfile::tempdir().unwrap();
    copy(&root().join("workflows"), &folder.path().join("workflows"));
    let letters = folder.path().join("templates/letters");
    std::fs::create_dir_all(&letters).unwrap();
    std::fs::write(letters.join("notice.html.hbs"), "Dear {{name}}, {{> parts/nowhere}}").unwrap();
    std::fs::write(letters.join("other.txt.hbs"), "Dear {{#if name}}").unwrap();
    let output = check(folder.path(), &["--workflows", "workflows", "--templates", "templates", "--output", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let codes: Vec<&str> =
        report["faults"].as_array().unwrap().iter().map(|fault| fault["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["unknown-partial", "template-syntax"]);
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn templates_given_alone_are_checked_with_the_case_types_that_are_built_in() {
    let folder = tempfile::tempdir().unwrap();
    let letters = folder.path().join("own/letters");
    std::fs::create_dir_all(&letters).unwrap();
    std::fs::write(letters.join("notice.txt.hbs"), "Dear {{no_such_field}}").unwrap();
    let output = check(folder.path(), &["--templates", "own", "--output", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["faults"][0]["code"], "template-field", "{report}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_folder_that_is_not_there_is_no_input_when_given_and_a_wrong_setting_when_configured() {
    let folder = tempfile::tempdir().unwrap();
    for flag in ["--workflows", "--templates"] {
        assert_eq!(check(folder.path(), &[flag, "no/such/folder"]).status.code(), Some(66));
    }
    for key in ["workflows", "templates"] {
        std::fs::write(folder.path().join("evenhand.toml"), format!("[policy]\n{key} = 'no/such/folder'\n")).unwrap();
        assert_eq!(check(folder.path(), &[]).status.code(), Some(78));
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
