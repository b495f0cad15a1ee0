//! The types a guard's values can have.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    Bool,
    Int,
    /// Whole or not: comparable with `Int`, but no arithmetic, since CEL does not mix the two.
    Number,
    Text,
    /// Text that is a date or a point in time.
    Date,
    /// Text out of a closed list of words.
    Word(Arc<Vec<String>>),
    Instant,
    Duration,
    List(Arc<Type>),
    Object(Arc<Record>),
    /// Not declared: anything goes, and run time decides.
    Any,
    /// Of an element of the empty list: fits everywhere.
    Never,
}

/// Named fields; whether each is filled in is for `has()` to ask.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    /// What messages call it: `case.data`.
    pub(crate) name: String,
    pub(crate) fields: BTreeMap<String, Type>,
}

impl Type {
    pub(crate) fn list(of: Type) -> Type {
        Type::List(Arc::new(of))
    }

    pub(crate) fn words<'w>(words: impl IntoIterator<Item = &'w str>) -> Type {
        Type::Word(Arc::new(words.into_iter().map(str::to_owned).collect()))
    }

    pub(crate) fn record<'n>(name: &str, fields: impl IntoIterator<Item = (&'n str, Type)>) -> Type {
        let fields = fields.into_iter().map(|(name, of)| (name.to_owned(), of)).collect();
        Type::Object(Arc::new(Record { name: name.to_owned(), fields }))
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Type::Text | Type::Date | Type::Word(_) | Type::Any | Type::Never)
    }

    pub(crate) fn is_date(&self) -> bool {
        matches!(self, Type::Date | Type::Any | Type::Never)
    }

    pub(crate) fn is_open(&self) -> bool {
        matches!(self, Type::Any | Type::Never)
    }

    /// What the list holds; anything, where nothing is declared. `None`: this is no list.
    pub(crate) fn elements(&self) -> Option<Type> {
        if let Type::List(of) = self { Some(of.as_ref().clone()) } else { self.is_open().then_some(Type::Any) }
    }

    fn is_number(&self) -> bool {
        matches!(self, Type::Int | Type::Number)
    }

    /// Whether values of the two can be equal at all, and can be asked to be.
    pub(crate) fn comparable(&self, other: &Type) -> bool {
        self.is_open()
            || other.is_open()
            || (self.is_number() && other.is_number())
            || (self.is_text() && other.is_text())
            || (self == other && !matches!(self, Type::List(_) | Type::Object(_)))
    }

    /// Whether the two can be put in order.
    pub(crate) fn ordered(&self, other: &Type) -> bool {
        self.comparable(other) && *self != Type::Bool && *other != Type::Bool
    }

    /// One type for values of either; `None` where there is none.
    pub(crate) fn join(&self, other: &Type) -> Option<Type> {
        match (self, other) {
            (Type::Never, known) | (known, Type::Never) => Some(known.clone()),
            (Type::Any, _) | (_, Type::Any) => Some(Type::Any),
            (Type::Word(one), Type::Word(two)) => {
                let mut words = one.as_ref().clone();
                words.extend(two.iter().filter(|word| !one.contains(word)).cloned());
                Some(Type::Word(Arc::new(words)))
            }
            (Type::Date, Type::Date) => Some(Type::Date),
            (Type::Text | Type::Date | Type::Word(_), Type::Text | Type::Date | Type::Word(_)) => Some(Type::Text),
            (Type::Int | Type::Number, Type::Int | Type::Number) if self != other => Some(Type::Number),
            (Type::List(one), Type::List(two)) => one.join(two).map(Type::list),
            (Type::Object(one), Type::Object(two)) => Some(Type::Object(Arc::new(one.join(two)))),
            _ => (self == other).then(|| self.clone()),
        }
    }
}

impl Record {
    /// The fields of both. A field that is one thing here and another there may be anything.
    fn join(&self, other: &Record) -> Record {
        let mut fields = self.fields.clone();
        for (name, of) in &other.fields {
            let joined = fields.get(name).map_or_else(|| of.clone(), |known| known.join(of).unwrap_or(Type::Any));
            fields.insert(name.clone(), joined);
        }
        Record { name: self.name.clone(), fields }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Bool => f.write_str("true or false"),
            Type::Int => f.write_str("a whole number"),
            Type::Number => f.write_str("a number"),
            Type::Text => f.write_str("text"),
            Type::Date => f.write_str("a date"),
            Type::Word(words) => write!(f, "one of {}", words.join(", ")),
            Type::Instant => f.write_str("a point in time"),
            Type::Duration => f.write_str("a length of time"),
            Type::List(of) => write!(f, "a list of {of}"),
            Type::Object(record) => write!(f, "the fields of `{}`", record.name),
            Type::Any | Type::Never => f.write_str("anything"),
        }
    }
}
