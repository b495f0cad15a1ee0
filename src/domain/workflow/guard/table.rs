//! The declared table of names a guard may use, the types beside the fields that `scope.rs` carries.

use super::types::Type;
use crate::domain::access::Role;
use std::collections::BTreeMap;

/// The names of one guard: the same for all guards of a workflow but for `input`.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    names: BTreeMap<&'static str, Type>,
}

impl Table {
    /// `input` is the type of the action's form, if it has one.
    pub(crate) fn new<'s>(states: impl IntoIterator<Item = &'s str>, data: Datas, input: Option<Type>) -> Self {
        let case = [
            ("id", Type::Text),
            ("state", Type::words(states)),
            ("openedAt", Type::Instant),
            ("stateSince", Type::Instant),
            ("spoc", Type::Text),
            ("data", data.own),
        ];
        let roles = Type::list(Type::words(Role::ALL.map(Role::as_str)));
        let mut names = BTreeMap::from([
            ("case", Type::record("case", case)),
            ("actor", Type::record("actor", [("id", Type::Text), ("roles", roles)])),
            ("person", person()),
            ("children", Type::list(child(data.children))),
            ("policy", Type::record("policy", [("version", Type::Text), ("reviewDue", Type::Text)])),
            ("now", Type::Instant),
        ]);
        if let Some(of) = data.parent {
            names.insert("parent", Type::record("the case this one belongs to", related(of)));
        }
        if let Some(input) = input {
            names.insert("input", input);
        }
        Table { names }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Type> {
        self.names.get(name)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().copied()
    }

    /// The type found by following field names from a top-level name.
    pub(crate) fn at_path<'p>(&self, name: &str, path: impl IntoIterator<Item = &'p str>) -> Result<Type, Missing> {
        let mut at = self.names.get(name).cloned().unwrap_or(Type::Any);
        for field in path {
            at = match &at {
                Type::Object(record) => match record.fields.get(field) {
                    Some(of) => of.clone(),
                    None => {
                        let known = record.fields.keys().cloned().collect();
                        return Err(Missing { of: record.name.clone(), field: field.to_owned(), known });
                    }
                },
                Type::Any | Type::Never => Type::Any,
                Type::Bool
                | Type::Int
                | Type::Number
                | Type::Text
                | Type::Date
                | Type::Word(_)
                | Type::Instant
                | Type::Duration
                | Type::List(_) => {
                    return Err(Missing { of: at.to_string(), field: field.to_owned(), known: Vec::new() });
                }
            };
        }
        Ok(at)
    }
}

/// What a case holds, what its children do, and what the case it belongs to does, if it belongs to any.
#[derive(Clone, Debug)]
pub(crate) struct Datas {
    pub(crate) own: Type,
    pub(crate) children: Type,
    pub(crate) parent: Option<Type>,
}

/// A field that is not there.
#[derive(Debug, PartialEq)]
pub(crate) struct Missing {
    pub(crate) of: String,
    pub(crate) field: String,
    pub(crate) known: Vec<String>,
}

fn person() -> Type {
    let fields = [
        ("known", Type::Bool),
        ("dateOfBirth", Type::Text),
        ("complainedAbout", Type::list(Type::Text)),
        ("targetedVictim", Type::Bool),
        ("adjustmentsInForce", Type::Int),
        ("strategiesInForce", Type::Int),
        ("confirmedAddresses", Type::list(Type::Text)),
    ];
    Type::record("person", fields)
}

fn related(data: Type) -> Vec<(&'static str, Type)> {
    vec![("id", Type::Text), ("workflow", Type::Text), ("state", Type::Text), ("final", Type::Bool), ("data", data)]
}

fn child(data: Type) -> Type {
    let mut fields = related(data);
    fields.push(("openBelow", Type::Bool));
    Type::record("a child case", fields)
}
