//! Real odd mails that this project did not write, kept outside the repository (`../shared/corpus`, or the folder in
//! `EVENHAND_CORPUS`). Prints how well they are understood and explains every miss; fails below an aim; skips, saying
//! so, where the folder is absent. `.ci/corpus` runs this and shows the figures alone at the end.
#![expect(clippy::print_stdout, reason = "what was found in a corpus is for people to read")]

mod figure;
mod machines;
mod odd_mails;
mod replies;
mod reports;

use evenhand::domain::correspondence::automatic::OurMail;
use evenhand::mail::inspect::inspect;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn corpus(part: &str) -> Option<PathBuf> {
    let named = option_env!("EVENHAND_CORPUS").map(PathBuf::from);
    let beside =
        ["../shared/corpus", "../../shared/corpus"].map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    let found = named.into_iter().chain(beside).map(|root| root.join(part)).find(|path| path.is_dir());
    if found.is_none() {
        println!("skipped: there is no corpus folder `{part}` beside this repository");
    }
    found
}

fn rows(path: PathBuf) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Every file of a folder, by name.
fn files(folder: PathBuf) -> Vec<(String, Vec<u8>)> {
    let read =
        |entry: fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap());
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect();
    found.sort();
    found
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

fn list<'a>(row: &'a Value, field: &str) -> &'a [Value] {
    row[field].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn word_set(text: &str) -> BTreeSet<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn every_mail_of_the_corpus_is_inspected() {
    for part in ["mail-parsing/mails", "bounces/mails", "replies/emails"] {
        let Some(folder) = corpus(part) else { return };
        for (file, raw) in files(folder) {
            let seen = inspect(&raw, OurMail::default());
            assert!(!seen.defects.iter().any(|fault| fault.code == "unreadable"), "{file}");
            serde_json::to_string(&seen).unwrap();
        }
    }
}
