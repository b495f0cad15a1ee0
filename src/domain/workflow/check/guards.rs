//! The types of every condition, over what the workflow's own forms can hold.

use super::names::{opens, stands_under};
use super::{Extent, Subject};
use crate::domain::workflow::fault::{Fault, did_you_mean};
use crate::domain::workflow::guard::{self, DataTable, Datas, Missing, Table, Type, read_schema};
use crate::domain::workflow::model::{EffectName, Expression, SeedKind, State, Target, TimerAt, Workflow};
use std::collections::BTreeMap;

pub(super) fn check(subjects: &[Subject<'_>], extent: Extent) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut data = BTreeMap::new();
    for subject in subjects {
        let (of, conflicts) = data_of(subject);
        faults.extend(conflicts);
        data.insert(subject.workflow.key.as_str(), of);
    }
    for subject in subjects {
        let workflow = &subject.workflow;
        let data = Datas {
            own: data.get(workflow.key.as_str()).cloned().unwrap_or(Type::Any),
            children: children(subjects, workflow, &data),
            // By itself, nothing is known of the cases it may stand under.
            parent: match extent {
                Extent::Installation => joined(subjects, &data, |other| stands_under(workflow, other)),
                Extent::Alone => Some(Type::Any),
            },
        };
        let guards = Guards { subject, data };
        faults.extend(guards.check());
    }
    faults
}

/// The type of `case.data`, and where two forms would keep different things in one place.
fn data_of(subject: &Subject<'_>) -> (Type, Vec<Fault>) {
    let workflow = &subject.workflow;
    let mut table = DataTable::default();
    let mut conflicts = Vec::new();
    for (field, kind) in &workflow.seed {
        conflicts.extend(table.add(field, seeded(*kind)).into_iter().map(|conflict| ("seed".to_owned(), conflict)));
    }
    let mut whole = true;
    let mut keep = |path: String, form: &str, into: Option<&str>| match workflow.forms.get(form) {
        Some(form) => {
            let found = table.keep(into, &read_schema("case.data", &form.schema));
            conflicts.extend(found.into_iter().map(|conflict| (path.clone(), conflict)));
        }
        None => whole = false,
    };
    if let Some(form) = workflow.open.as_ref().and_then(|open| open.form.as_deref()) {
        keep("open.form".to_owned(), form, None);
    }
    for state in &workflow.states {
        for action in &state.on {
            if let Some(form) = &action.form {
                keep(format!("states.{}.on.{}.form", state.id, action.id), form, action.into.as_deref());
            }
        }
    }
    let faults = conflicts.into_iter().map(|(path, conflict)| {
        let (field, kept, given) = (conflict.field, conflict.kept, conflict.given);
        let message = format!("`case.data.{field}` is already {kept}; this form would make it {given}");
        subject.fault(&path, "mixed-data", message)
    });
    let faults = faults.collect();
    // A form that is missing is a fault already; without it, nothing is known to be misspelt.
    (if whole { table.into_type() } else { Type::Any }, faults)
}

fn seeded(kind: SeedKind) -> Type {
    match kind {
        SeedKind::String => Type::Text,
        SeedKind::Date => Type::Date,
        SeedKind::Integer => Type::Int,
        SeedKind::Boolean => Type::Bool,
    }
}

/// What any child of this workflow may hold; anything, where a type it opens is not here.
fn children(subjects: &[Subject<'_>], workflow: &Workflow, data: &BTreeMap<&str, Type>) -> Type {
    let mut opened = EffectName::ALL.iter().filter_map(|effect| effect.opens_child());
    if opened.any(|key| opens(workflow, key) && !data.contains_key(key)) {
        return Type::Any;
    }
    joined(subjects, data, |other| stands_under(other, workflow)).unwrap_or(Type::Any)
}

/// What a case of any of the types that are `related` may hold; `None` where there is none.
fn joined(subjects: &[Subject<'_>], data: &BTreeMap<&str, Type>, related: impl Fn(&Workflow) -> bool) -> Option<Type> {
    let others = subjects.iter().map(|subject| &subject.workflow).filter(|other| related(other));
    let types = others.map(|other| data.get(other.key.as_str()).cloned().unwrap_or(Type::Any));
    types.reduce(|one, other| one.join(&other).unwrap_or(Type::Any))
}

/// What a field has to be.
#[derive(Clone, Copy)]
enum Wanted {
    /// Of what strikes or comes then.
    Date(&'static str),
    YesOrNo,
}

struct Guards<'s> {
    subject: &'s Subject<'s>,
    data: Datas,
}

impl Guards<'_> {
    fn check(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let workflow = &self.subject.workflow;
        if let Some(open) = &workflow.open {
            let table = self.table(open.form.as_deref());
            for (n, guard) in open.guard.iter().enumerate() {
                let path = format!("open.guard[{n}]");
                faults.extend(self.expression(&guard.that, (&path, "that"), &table));
            }
        }
        for state in &workflow.states {
            for action in &state.on {
                let path = format!("states.{}.on.{}", state.id, action.id);
                let table = self.table(action.form.as_deref());
                for (n, guard) in action.guard.iter().enumerate() {
                    let path = format!("{path}.guard[{n}]");
                    faults.extend(self.expression(&guard.that, (&path, "that"), &table));
                }
                if let Target::Choose(choices) = &action.target {
                    for (n, choice) in choices.iter().enumerate() {
                        let path = format!("{path}.choose[{n}]");
                        faults.extend(self.expression(&choice.when, (&path, "when"), &table));
                    }
                }
            }
            faults.extend(self.fields_of(state));
        }
        faults
    }

    fn table(&self, form: Option<&str>) -> Table {
        let forms = &self.subject.workflow.forms;
        let input = form.map(|name| forms.get(name).map_or(Type::Any, |form| read_schema("input", &form.schema)));
        let states = self.subject.workflow.states.iter().map(|state| state.id.as_str());
        Table::new(states, self.data.clone(), input)
    }

    /// The faults of one expression, which stands at `path` under `key`.
    fn expression(&self, expression: &Expression, (path, key): (&str, &str), table: &Table) -> Vec<Fault> {
        let place = self.subject.places.of_path(&format!("{path}.{key}"));
        let mut faults = Vec::new();
        for found in guard::check(expression, table) {
            let mut fault = self.subject.fault(path, found.code, found.message);
            if let Some(place) = place {
                let start = place.text_column.filter(|_| found.line == 1);
                fault.line = Some(place.line);
                fault.column = Some(start.map_or(place.column, |start| start.saturating_add(found.column - 1)));
            }
            faults.push(fault);
        }
        faults
    }

    /// The fields that clocks, alerts and deadlines of a state look at.
    fn fields_of(&self, state: &State) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (n, timer) in state.after.iter().enumerate() {
            if let TimerAt::Field(field) = &timer.when {
                faults.extend(self.field(
                    field,
                    &format!("states.{}.after[{n}].at", state.id),
                    Wanted::Date("a clock strikes"),
                ));
            }
        }
        for (n, alert) in state.alerts.iter().enumerate() {
            let path = format!("states.{}.alerts[{n}].at", state.id);
            faults.extend(self.field(&alert.at, &path, Wanted::Date("an alert comes")));
        }
        for (n, due) in state.due.iter().enumerate() {
            if let Some(field) = &due.when {
                faults.extend(self.field(field, &format!("states.{}.due[{n}].when", state.id), Wanted::YesOrNo));
            }
        }
        faults
    }

    fn field(&self, field: &[String], path: &str, wanted: Wanted) -> Option<Fault> {
        let table = self.table(None);
        match table.at_path("case", std::iter::once("data").chain(field.iter().map(String::as_str))) {
            Ok(of) => match wanted {
                Wanted::Date(_) if of.is_date() => None,
                Wanted::Date(who) => {
                    Some(self.subject.fault(path, "not-a-date", format!("{who} at a date; this is {of}")))
                }
                Wanted::YesOrNo if matches!(of, Type::Bool | Type::Any) => None,
                Wanted::YesOrNo => {
                    let message = format!("`when` is a field that is true or false; this is {of}");
                    Some(self.subject.fault(path, "not-yes-or-no", message))
                }
            },
            Err(Missing { of, field, known }) => {
                let hint = did_you_mean(&field, known.iter().map(String::as_str));
                Some(self.subject.fault(path, "unknown-field", format!("`{of}` has no `{field}`{hint}")))
            }
        }
    }
}
