//! From sources to checked workflows, or to every fault in them.
//!
//! `names`: everything named exists · `guards`: every condition has the right types · `shape`: no dead ends ·
//! `deadlines`: reminders reach somebody · `clocks`: nothing but a person restricts · `liveness`: where limits bind,
//! the state says so. What a workflow declares about itself is proved by `verify`.

mod clocks;
mod deadlines;
mod guards;
mod liveness;
mod names;
mod shape;

use super::bundle::{Bundle, SourceFile, Sources};
use super::fault::Fault;
use super::graph::Graph;
use super::model::{Form, Workflow};
use super::source::{self, Places};
use super::verify;
use std::collections::BTreeMap;

/// What came of checking a set of sources. The workflows are sound exactly where there are no faults.
#[derive(Debug, Default)]
pub struct Checked {
    pub workflows: Vec<(Workflow, Bundle)>,
    pub faults: Vec<Fault>,
}

/// Checks everything together and reports every fault, in the order of files and lines.
pub fn check(sources: &Sources) -> Checked {
    examine(sources, Extent::Installation)
}

/// Builds one case type again from what was kept of it. Its neighbours may have changed since, so only what it says
/// of itself is checked.
///
/// # Errors
/// Every fault, where the text is not (or no longer) a sound workflow.
pub fn rebuild(bundle: &Bundle) -> Result<Workflow, Vec<Fault>> {
    let file = |name: &str, text: &String| SourceFile {
        file: name.to_owned(),
        // A form's or template's full name ends where its extensions begin.
        name: name.split('.').next().unwrap_or_default().to_owned(),
        text: text.clone(),
    };
    let files = |texts: &BTreeMap<String, String>| texts.iter().map(|(name, text)| file(name, text)).collect();
    let sources = Sources {
        workflows: vec![file(&bundle.key, &bundle.definition)],
        forms: files(&bundle.forms),
        templates: files(&bundle.templates),
        ..Sources::default()
    };
    let Checked { mut workflows, faults } = examine(&sources, Extent::Alone);
    match workflows.pop() {
        Some((workflow, _)) if faults.is_empty() => Ok(workflow),
        Some(_) | None => Err(faults),
    }
}

/// Whether all case types of an installation are at hand, or one by itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Installation,
    Alone,
}

/// A workflow under examination, with the file it came from.
struct Subject<'s> {
    source: &'s SourceFile,
    workflow: Workflow,
    places: Places,
}

impl Subject<'_> {
    fn fault(&self, path: &str, code: &'static str, message: impl Into<String>) -> Fault {
        let place = self.places.of_path(path);
        Fault {
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            path: path.to_owned(),
            ..Fault::of_file(&self.source.file, code, message)
        }
    }
}

fn examine(sources: &Sources, extent: Extent) -> Checked {
    let mut faults = Vec::new();
    let forms = compile_forms(&sources.forms, &mut faults);
    let mut subjects = Vec::new();
    for source in &sources.workflows {
        let (definition, found) = source::read(&source.file, &source.text);
        faults.extend(found);
        subjects.extend(definition.map(|definition| Subject {
            source,
            workflow: definition.workflow,
            places: definition.places,
        }));
    }
    for subject in &mut subjects {
        subject.workflow.forms = forms_of(&subject.workflow, &forms);
    }
    faults.extend(names::check(&subjects, sources, extent));
    // What is missing or misread would look like a dead end, an open clock or a broken promise: mend that first.
    let readable = faults.is_empty();
    faults.extend(guards::check(&subjects, extent));
    if readable {
        let graphs: Vec<Graph<'_>> = subjects.iter().map(|subject| Graph::of(&subject.workflow)).collect();
        let inspected: Vec<(&Subject<'_>, &Graph<'_>)> = subjects.iter().zip(&graphs).collect();
        faults.extend(inspected.iter().flat_map(|(subject, graph)| shape::check(subject, graph)));
        faults.extend(subjects.iter().flat_map(deadlines::check));
        faults.extend(clocks::check(&inspected));
        faults.extend(liveness::check(&inspected));
        for (subject, graph) in &inspected {
            faults.extend(verify::prove(graph).into_iter().map(|broken| Fault {
                counterexample: broken.counterexample,
                ..subject.fault(&broken.path, "broken-invariant", broken.message)
            }));
        }
    }
    faults.sort_by(|a, b| (&a.file, a.line, a.column, &a.path).cmp(&(&b.file, b.line, b.column, &b.path)));
    faults.dedup();
    let workflows = subjects.into_iter().map(|subject| bundled(subject, sources)).collect();
    Checked { workflows, faults }
}

fn compile_forms(files: &[SourceFile], faults: &mut Vec<Fault>) -> BTreeMap<String, Form> {
    let mut forms = BTreeMap::new();
    for source in files {
        match Form::compile(&source.name, &source.file, &source.text) {
            Ok(form) => {
                forms.insert(source.name.clone(), form);
            }
            Err(found) => faults.extend(found),
        }
    }
    forms
}

fn forms_of(workflow: &Workflow, known: &BTreeMap<String, Form>) -> BTreeMap<String, Form> {
    let named = form_names(workflow).into_iter().map(|(_, name)| name);
    named.filter_map(|name| Some((name.to_owned(), known.get(name)?.clone()))).collect()
}

/// Every form a workflow names, with where.
fn form_names(workflow: &Workflow) -> Vec<(String, &str)> {
    let mut names = Vec::new();
    if let Some(form) = workflow.open.as_ref().and_then(|open| open.form.as_deref()) {
        names.push(("open.form".to_owned(), form));
    }
    if let Some(form) = workflow.content.as_deref() {
        names.push(("content".to_owned(), form));
    }
    for state in &workflow.states {
        for action in &state.on {
            if let Some(form) = action.form.as_deref() {
                names.push((format!("states.{}.on.{}.form", state.id, action.id), form));
            }
        }
    }
    names
}

fn bundled(subject: Subject<'_>, sources: &Sources) -> (Workflow, Bundle) {
    let Subject { source, mut workflow, .. } = subject;
    let forms = sources.forms.iter().filter(|file| workflow.forms.contains_key(&file.name));
    let used = |file: &&SourceFile| workflow.templates.values().any(|name| *name == file.name);
    let templates = sources.templates.iter().filter(used);
    let bundle = Bundle {
        key: workflow.key.clone(),
        version: workflow.version,
        definition: source.text.clone(),
        forms: forms.map(|file| (file.name.clone(), file.text.clone())).collect(),
        templates: templates.map(|file| (file.full_name(), file.text.clone())).collect(),
    };
    workflow.content_hash = bundle.content_hash();
    (workflow, bundle)
}
