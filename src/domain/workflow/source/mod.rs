//! A workflow file as it is written: YAML → definition, with every fault of shape and every unknown word.
//!
//! Names that refer to something else (states, forms, other workflows) are taken as written; `check` resolves them.

mod action;
mod deadline;
mod invariant;
pub(crate) mod read;
mod words;
mod yaml;

use super::fault::Fault;
use super::guard::NotAnExpression;
use super::model::{EffectName, Expression, Opening, SeedKind, State, StateKind, Timer, TimerAt, Workflow};
use read::{At, Reader};
use std::collections::BTreeMap;
use yaml::{Node, Tree};

/// A definition that could be read, not yet checked.
pub(crate) struct Definition {
    pub(crate) workflow: Workflow,
    pub(crate) places: Places,
}

/// Reads one file. The definition is `None` where the text is not a YAML map at all; with faults it is as complete as
/// it could be made.
pub(crate) fn read(file: &str, text: &str) -> (Option<Definition>, Vec<Fault>) {
    let mut reader = Reader::new(file);
    let Some(root) = reader.parse(text) else { return (None, reader.faults) };
    let at = At { node: &root, path: String::new() };
    if !at.is_map() {
        reader.fault(&at, "wrong-shape", "a workflow file is a map: `workflow: …`, `states: …`");
        return (None, reader.faults);
    }
    let workflow = reader.workflow(&at);
    (Some(Definition { workflow, places: Places::of(&root) }), reader.faults)
}

/// Where each path of a file stands.
pub(crate) struct Places {
    by_path: BTreeMap<String, Place>,
}

#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Where the text of a one-line scalar starts, so that an offset in it is a column.
    pub(crate) text_column: Option<u32>,
}

impl Places {
    fn of(root: &Node) -> Self {
        let mut by_path = BTreeMap::new();
        let mut waiting = vec![(String::new(), root)];
        while let Some((path, node)) = waiting.pop() {
            let text_column = match &node.value {
                Tree::Scalar(scalar) => scalar.text_column,
                Tree::List(_) | Tree::Map(_) => None,
            };
            let place = Place { line: node.line, column: node.column, text_column };
            match &node.value {
                Tree::Map(entries) => waiting.extend(entries.iter().map(|entry| {
                    let within = if path.is_empty() { entry.key.clone() } else { format!("{path}.{}", entry.key) };
                    (within, &entry.value)
                })),
                Tree::List(items) => {
                    waiting.extend(items.iter().enumerate().map(|(n, item)| (format!("{path}[{n}]"), item)));
                }
                Tree::Scalar(_) => {}
            }
            by_path.entry(path).or_insert(place);
        }
        Places { by_path }
    }

    /// The place of a path, or of the nearest thing around it.
    pub(crate) fn of_path(&self, path: &str) -> Option<Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.by_path.get(path) {
                return Some(*place);
            }
            path = path.rfind(['.', '[']).and_then(|cut| path.get(..cut)).unwrap_or_default();
            if path.is_empty() {
                return self.by_path.get("").copied();
            }
        }
    }
}

impl Fault {
    /// The same fault with the line and column of its path in the file's text, YAML or JSON, where they are not known
    /// yet; of the nearest thing around it where the path itself is not written.
    pub fn placed_in(self, text: &str) -> Fault {
        let place = self.line.is_none().then(|| yaml::parse(text).ok()).flatten();
        match place.and_then(|root| Places::of(&root).of_path(&self.path)) {
            Some(place) => Fault { line: Some(place.line), column: Some(place.column), ..self },
            None => self,
        }
    }
}

const WORKFLOW_KEYS: &[&str] = &[
    "workflow",
    "version",
    "title",
    "policy",
    "initial",
    "open",
    "content",
    "seed",
    "templates",
    "states",
    "invariants",
];
const STATE_KEYS: &[&str] = &["title", "kind", "due", "pause", "alerts", "on", "after", "entry", "exit"];

impl Reader<'_> {
    fn workflow(&mut self, at: &At<'_>) -> Workflow {
        let fields = self.fields(at, "a workflow", WORKFLOW_KEYS);
        for required in ["workflow", "version", "title", "initial", "states"] {
            if fields.get(required).is_none() {
                self.fault(at, "missing-key", format!("a workflow needs `{required}`"));
            }
        }
        let key = fields.get("workflow").and_then(|at| self.workflow_key(at)).unwrap_or_default();
        let version = fields.get("version").and_then(|at| self.whole_number(at)).unwrap_or_default();
        Workflow {
            title: self.optional_text(fields.get("title")).unwrap_or_else(|| key.clone()),
            key,
            version,
            policy: self.optional_text(fields.get("policy")).unwrap_or_default(),
            content_hash: String::new(),
            initial: self.optional_text(fields.get("initial")).unwrap_or_default(),
            open: fields.get("open").map(|at| self.opening(at)),
            content: self.optional_text(fields.get("content")),
            seed: fields.get("seed").map(|at| self.seed(at)).unwrap_or_default(),
            templates: fields.get("templates").map(|at| self.templates(at)).unwrap_or_default(),
            states: fields.get("states").map(|at| self.states(at)).unwrap_or_default(),
            forms: BTreeMap::new(),
            invariants: fields.get("invariants").map(|at| self.invariants(at)).unwrap_or_default(),
        }
    }

    fn opening(&mut self, at: &At<'_>) -> Opening {
        let fields = self.fields(at, "`open`", &["by", "under", "form", "guard", "policy"]);
        if fields.get("by").is_none() {
            self.fault(at, "missing-key", "`open` needs `by`: who may open a case");
        }
        Opening {
            by: fields.get("by").map(|at| self.actors(at)).unwrap_or_default(),
            under: self.owned_texts(fields.get("under")),
            form: self.optional_text(fields.get("form")),
            guard: fields.get("guard").map(|at| self.guards(at)).unwrap_or_default(),
            policy: self.optional_text(fields.get("policy")),
        }
    }

    fn seed(&mut self, at: &At<'_>) -> BTreeMap<String, SeedKind> {
        let known = ["string", "date", "integer", "boolean"];
        let entries = self.entries(at, "`seed`");
        let kinds = entries.iter().filter_map(|(name, at)| {
            let kind = self.word(at, "unknown-type", "a type of a seed field", &known)?;
            Some(((*name).to_owned(), kind))
        });
        kinds.collect()
    }

    fn templates(&mut self, at: &At<'_>) -> BTreeMap<EffectName, String> {
        let mut templates = BTreeMap::new();
        for (effect, template) in self.entries(at, "`templates`") {
            let name = words::effect(effect);
            if name.is_none() {
                let message = format!("`{effect}` is not an effect{}", words::meant_effect(effect));
                self.fault(&template, "unknown-effect", message);
            }
            if let (Some(name), Some(text)) = (name, self.text(&template)) {
                templates.insert(name, text.to_owned());
            }
        }
        templates
    }

    fn states(&mut self, at: &At<'_>) -> Vec<State> {
        let entries = self.entries(at, "`states`");
        entries.iter().map(|(id, at)| self.state(id, at)).collect()
    }

    fn state(&mut self, id: &str, at: &At<'_>) -> State {
        self.plain_name(id, at);
        let fields = self.fields(at, "a state", STATE_KEYS);
        let kind = fields.get("kind").and_then(|at| self.kind(at)).unwrap_or(StateKind::Open);
        let mut on = fields.get("on").map(|at| self.actions(at)).unwrap_or_default();
        if let Some(at) = fields.get("pause") {
            let pausing = self.pause(at, &on);
            on.extend(pausing);
        }
        State {
            id: id.to_owned(),
            title: self.optional_text(fields.get("title")).unwrap_or_else(|| words::title_of(id)),
            kind,
            due: fields.get("due").map(|at| self.dues(at)).unwrap_or_default(),
            alerts: fields.get("alerts").map(|at| self.alerts(at)).unwrap_or_default(),
            on,
            after: fields.get("after").map(|at| self.timers(at)).unwrap_or_default(),
            entry: fields.get("entry").map(|at| self.effects(at)).unwrap_or_default(),
            exit: fields.get("exit").map(|at| self.effects(at)).unwrap_or_default(),
        }
    }

    fn timers(&mut self, at: &At<'_>) -> Vec<Timer> {
        let items = self.items(at);
        items.iter().filter_map(|item| self.timer(item)).collect()
    }

    fn timer(&mut self, at: &At<'_>) -> Option<Timer> {
        let fields = self.fields(at, "a clock", &["at", "after", "to", "effects"]);
        let when = match (fields.get("at"), fields.get("after")) {
            (Some(field), None) => self.data_path(field).map(TimerAt::Field),
            (None, Some(span)) => self.span(span).map(TimerAt::After),
            (Some(_), Some(_)) | (None, None) => {
                self.fault(at, "wrong-shape", "a clock strikes either `at` a date of the case or `after` a time");
                None
            }
        };
        let to = self.optional_text(fields.get("to"));
        let effects = fields.get("effects").map(|at| self.effects(at)).unwrap_or_default();
        if to.is_none() && effects.is_empty() {
            self.fault(at, "idle-clock", "this clock does nothing: give it `to` or `effects`");
        }
        when.map(|when| Timer { when, to, effects })
    }

    /// `case.data.endsOn` as `[endsOn]`.
    fn data_path(&mut self, at: &At<'_>) -> Option<Vec<String>> {
        let text = self.text(at)?;
        let path = text.strip_prefix("case.data.").map(|rest| rest.split('.').map(str::to_owned).collect());
        if path.is_none() {
            self.fault(at, "wrong-shape", "this names a field of the case: `case.data.…`");
        }
        path
    }

    pub(crate) fn optional_text(&mut self, at: Option<&At<'_>>) -> Option<String> {
        at.and_then(|at| self.text(at)).map(str::to_owned)
    }

    /// A CEL expression, compiled; its types are checked later.
    fn expression(&mut self, at: &At<'_>) -> Option<Expression> {
        let source = self.text(at)?;
        match Expression::compile(source) {
            Ok(expression) => Some(expression),
            Err(NotAnExpression { code, message, line, column }) => {
                let start = at.scalar().and_then(|scalar| scalar.text_column).filter(|_| line == 1);
                let fault_column = start.map(|start| start.saturating_add(column.saturating_sub(1)));
                self.fault(at, code, message);
                if let (Some(column), Some(fault)) = (fault_column, self.faults.last_mut()) {
                    fault.column = Some(column);
                }
                None
            }
        }
    }
}
