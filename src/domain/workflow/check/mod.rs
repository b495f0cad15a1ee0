//! From sources to checked workflows, or to every fault in them.

use super::bundle::{Bundle, SourceFile, Sources};
use super::fault::{Fault, did_you_mean};
use super::model::{Form, Workflow};
use super::source::{self, Definition};
use std::collections::BTreeMap;

/// What came of checking a set of sources. The workflows are sound exactly where there are no faults.
#[derive(Debug, Default)]
pub struct Checked {
    pub workflows: Vec<(Workflow, Bundle)>,
    pub faults: Vec<Fault>,
}

/// Checks everything together and reports every fault, in the order of files and lines.
pub fn check(sources: &Sources) -> Checked {
    let mut faults = Vec::new();
    let forms = compile_forms(&sources.forms, &mut faults);
    let mut files = Vec::new();
    for source in &sources.workflows {
        let (definition, found) = source::read(&source.file, &source.text);
        faults.extend(found);
        files.extend(definition.map(|definition| Subject { source, definition }));
    }
    let mut workflows = Vec::new();
    for subject in &mut files {
        subject.resolve_names(sources, &forms, &mut faults);
    }
    for Subject { source, definition } in files {
        let mut workflow = definition.workflow;
        let bundle = bundle(&workflow, source, sources);
        workflow.content_hash = bundle.content_hash();
        workflows.push((workflow, bundle));
    }
    faults.sort_by(|a, b| (&a.file, a.line, a.column, &a.path).cmp(&(&b.file, b.line, b.column, &b.path)));
    Checked { workflows, faults }
}

/// Builds one case type again from what was kept of it.
///
/// # Errors
/// Every fault, where the text is not (or no longer) a sound workflow.
pub fn rebuild(bundle: &Bundle) -> Result<Workflow, Vec<Fault>> {
    let file =
        |name: &str, text: &String| SourceFile { file: name.to_owned(), name: name.to_owned(), text: text.clone() };
    let files = |texts: &BTreeMap<String, String>| texts.iter().map(|(name, text)| file(name, text)).collect();
    let sources = Sources {
        workflows: vec![file(&bundle.key, &bundle.definition)],
        forms: files(&bundle.forms),
        templates: files(&bundle.templates),
        rules: Vec::new(),
    };
    let Checked { mut workflows, faults } = check(&sources);
    match workflows.pop() {
        Some((workflow, _)) if faults.is_empty() => Ok(workflow),
        Some(_) | None => Err(faults),
    }
}

/// A workflow under examination, with the file it came from.
struct Subject<'s> {
    source: &'s SourceFile,
    definition: Definition,
}

impl Subject<'_> {
    fn resolve_names(&mut self, sources: &Sources, forms: &BTreeMap<String, Form>, faults: &mut Vec<Fault>) {
        let known = forms;
        let workflow = &mut self.definition.workflow;
        for name in form_names(workflow) {
            match known.get(&name) {
                Some(form) => {
                    workflow.forms.insert(name, form.clone());
                }
                None if sources.forms.iter().any(|source| source.name == name) => {}
                None => {
                    let hint = did_you_mean(&name, known.keys().map(String::as_str));
                    faults.push(Fault::of_file(
                        &self.source.file,
                        "unknown-form",
                        format!("there is no form `{name}`{hint}"),
                    ));
                }
            }
        }
    }
}

fn form_names(workflow: &Workflow) -> Vec<String> {
    let actions = workflow.states.iter().flat_map(|state| &state.on).filter_map(|action| action.form.clone());
    let opening = workflow.open.as_ref().and_then(|opening| opening.form.clone());
    actions.chain(opening).chain(workflow.content.clone()).collect()
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

fn bundle(workflow: &Workflow, source: &SourceFile, sources: &Sources) -> Bundle {
    let texts = |files: &[SourceFile], used: &dyn Fn(&str) -> bool| {
        files.iter().filter(|file| used(&file.name)).map(|file| (file.name.clone(), file.text.clone())).collect()
    };
    Bundle {
        key: workflow.key.clone(),
        version: workflow.version,
        definition: source.text.clone(),
        forms: texts(&sources.forms, &|name| workflow.forms.contains_key(name)),
        templates: texts(&sources.templates, &|name| workflow.templates.values().any(|used| used == name)),
    }
}
