//! `evenhand check`: the shipped policy is sound, and every edit that would break it is found.

mod command;
mod hostile;
mod language;
mod seeded;
mod speed;
mod together;

use evenhand::catalog::{Catalog, read_sources};
use evenhand::domain::workflow::{Fault, SourceFile, Sources};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The shipped files as they stand on disk.
fn shipped() -> Sources {
    let (sources, faults) = read_sources(&root().join("workflows"), &root().join("templates"));
    assert_eq!(faults, []);
    sources
}

fn faults_of(sources: &Sources) -> Vec<Fault> {
    Catalog::of(sources, Vec::new()).err().unwrap_or_default()
}

/// Every file that is edited in tests.
fn files(sources: &mut Sources) -> impl Iterator<Item = &mut SourceFile> {
    let Sources { workflows, forms, templates, registers, rules, migrations, imports } = sources;
    workflows.iter_mut().chain(forms).chain(templates).chain(registers).chain(rules).chain(migrations).chain(imports)
}

/// The file whose path ends so.
fn file<'s>(sources: &'s mut Sources, ending: &str) -> &'s mut SourceFile {
    let mut found = files(sources).filter(|file| Path::new(&file.file).ends_with(ending));
    let file = found.next().unwrap_or_else(|| panic!("no file {ending}"));
    assert!(found.next().is_none(), "two files {ending}");
    file
}

/// Replaces text that stands in the file exactly once.
fn edit(sources: &mut Sources, ending: &str, from: &str, to: &str) {
    let file = file(sources, ending);
    assert_eq!(file.text.matches(from).count(), 1, "in {ending}: {from}");
    file.text = file.text.replacen(from, to, 1);
}

/// Takes away a file of a case type.
fn remove(sources: &mut Sources, ending: &str) {
    let before = sources.workflows.len();
    sources.workflows.retain(|file| !Path::new(&file.file).ends_with(ending));
    assert_eq!(sources.workflows.len() + 1, before, "one file {ending}");
}

/// Adds a file where its kind belongs: `migrations/…`, or a case type.
fn add(sources: &mut Sources, path: &str, text: &str) {
    let name = Path::new(path).file_stem().unwrap().to_string_lossy().into_owned();
    let file = SourceFile { file: format!("workflows/{path}"), name, text: text.to_owned() };
    if path.starts_with("migrations/") { &mut sources.migrations } else { &mut sources.workflows }.push(file);
}
