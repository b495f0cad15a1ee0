//! `evenhand check`: the shipped policy is sound, and every edit that would break it is found.

mod command;
mod edits;
mod hostile;
mod language;

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

/// The file whose path ends so.
fn file<'s>(sources: &'s mut Sources, ending: &str) -> &'s mut SourceFile {
    let files = sources.workflows.iter_mut().chain(&mut sources.forms).chain(&mut sources.rules);
    let mut found = files.filter(|file| Path::new(&file.file).ends_with(ending));
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
