//! Operators and function calls.

use super::{CallExpr, Checker, IdedExpr, Type, did_you_mean, function, operators, stdlib};
use crate::domain::workflow::function::{Function, Kind};

impl Checker<'_> {
    pub(super) fn call(&mut self, part: &IdedExpr, call: &CallExpr) -> Type {
        match (call.func_name.as_str(), call.args.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, [left, right]) => {
                self.truth(left);
                self.truth(right);
                Type::Bool
            }
            (operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE, [only]) => {
                self.truth(only);
                Type::Bool
            }
            (operators::CONDITIONAL, [condition, one, other]) => {
                self.truth(condition);
                let (one, other) = (self.infer(one), self.infer(other));
                let message = || format!("this is {one} or else {other}; both have to be the same kind of thing");
                one.join(&other).unwrap_or_else(|| self.fault(part, "mixed-types", message()))
            }
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => self.equality(part, left, right),
            (
                operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS,
                [left, right],
            ) => {
                let (one, other) = (self.infer(left), self.infer(right));
                if !one.ordered(&other) {
                    let message = format!("{one} cannot be put in order with {other}");
                    self.fault(part, "cannot-compare", message);
                }
                Type::Bool
            }
            (operators::IN, [item, of]) => self.membership(part, item, of),
            (operators::INDEX, [of, index]) => self.index(part, of, index),
            (operators::NEGATE, [only]) => self.negate(part, only),
            (operators::ADD | operators::SUBSTRACT, [left, right]) => self.sum(part, call, left, right),
            (operators::MULTIPLY | operators::DIVIDE | operators::MODULO, [left, right]) => {
                let (one, other) = (self.infer(left), self.infer(right));
                self.whole_numbers(part, &one, &other)
            }
            (name, _) if name.starts_with('_') || name.starts_with('@') => {
                self.fault(part, "not-supported", "a guard does not use optional values".to_owned())
            }
            _ => self.named(part, call),
        }
    }

    fn truth(&mut self, part: &IdedExpr) {
        let given = self.infer(part);
        if given != Type::Bool && !given.is_open() {
            self.fault(part, "not-true-or-false", format!("this is {given}, not true or false"));
        }
    }

    fn equality(&mut self, part: &IdedExpr, left: &IdedExpr, right: &IdedExpr) -> Type {
        let (one, other) = (self.infer(left), self.infer(right));
        if !one.comparable(&other) {
            let message = match (&one, &other) {
                (Type::List(_) | Type::Object(_), _) | (_, Type::List(_) | Type::Object(_)) => {
                    "lists and objects are not compared whole; ask `size(…)`, `filled([…])` or `.all(…)`".to_owned()
                }
                _ => format!("{one} is never equal to {other}"),
            };
            self.fault(part, "cannot-compare", message);
        }
        self.known_word(left, &other);
        self.known_word(right, &one);
        Type::Bool
    }

    fn membership(&mut self, part: &IdedExpr, item: &IdedExpr, of: &IdedExpr) -> Type {
        let (one, whole) = (self.infer(item), self.infer(of));
        if let Some(element) = whole.elements() {
            if !one.comparable(&element) {
                self.fault(part, "cannot-compare", format!("{one} is never in a list of {element}"));
            }
            self.known_word(item, &element);
            self.known_words(of, &one);
        } else if !(matches!(whole, Type::Object(_)) && one.is_text()) {
            self.fault(part, "not-a-list", format!("`in` asks for a list, this is {whole}"));
        }
        Type::Bool
    }

    fn index(&mut self, part: &IdedExpr, of: &IdedExpr, index: &IdedExpr) -> Type {
        let (whole, at) = (self.infer(of), self.infer(index));
        if let Type::Object(record) = &whole
            && at.is_text()
        {
            return super::literals::text(index).map_or(Type::Any, |field| self.field(part, record, field));
        }
        let element = whole.elements().filter(|_| at == Type::Int || whole.is_open() || at.is_open());
        element.unwrap_or_else(|| self.fault(part, "cannot-index", format!("{whole} has nothing at {at}")))
    }

    fn negate(&mut self, part: &IdedExpr, only: &IdedExpr) -> Type {
        let given = self.infer(only);
        if given.is_open() || matches!(given, Type::Int | Type::Number) {
            return given;
        }
        self.fault(part, "cannot-calculate", format!("there is no minus for {given}"))
    }

    fn sum(&mut self, part: &IdedExpr, call: &CallExpr, left: &IdedExpr, right: &IdedExpr) -> Type {
        let (one, other) = (self.infer(left), self.infer(right));
        let plus = call.func_name == operators::ADD;
        match (&one, &other) {
            (Type::Any | Type::Never, _) | (_, Type::Any | Type::Never) => Type::Any,
            (Type::Text | Type::Date | Type::Word(_), Type::Text | Type::Date | Type::Word(_)) if plus => Type::Text,
            (Type::List(of), Type::List(more)) if plus => Type::list(of.join(more).unwrap_or(Type::Any)),
            (Type::Instant, Type::Duration) => Type::Instant,
            (Type::Duration, Type::Instant) if plus => Type::Instant,
            (Type::Instant, Type::Instant) if !plus => Type::Duration,
            (Type::Duration, Type::Duration) => Type::Duration,
            _ => self.whole_numbers(part, &one, &other),
        }
    }

    fn whole_numbers(&mut self, part: &IdedExpr, one: &Type, other: &Type) -> Type {
        match (one, other) {
            (Type::Int | Type::Any | Type::Never, Type::Int | Type::Any | Type::Never) => Type::Int,
            _ => {
                let message = format!("{one} and {other} cannot be calculated with; whole numbers can");
                self.fault(part, "cannot-calculate", message)
            }
        }
    }

    fn named(&mut self, part: &IdedExpr, call: &CallExpr) -> Type {
        let name = call.func_name.as_str();
        let before = call.target.as_deref().map(|target| self.infer(target));
        let given: Vec<Type> = call.args.iter().map(|argument| self.infer(argument)).collect();
        if let Some(function) = function::named(name) {
            if before.is_some() {
                return self.fault(part, "unknown-function", format!("`{name}` stands alone: `{name}(…)`"));
            }
            return self.domain(part, call, function, &given);
        }
        let overloads: Vec<_> = stdlib::ALL.iter().filter(|overload| overload.name == name).collect();
        if overloads.is_empty() {
            let known = function::ALL.iter().map(|function| function.name);
            let hint = did_you_mean(name, known.chain(stdlib::ALL.iter().map(|overload| overload.name)).chain(MACROS));
            return self.fault(part, "unknown-function", format!("there is no function `{name}`{hint}"));
        }
        let shaped = |overload: &&&stdlib::Overload| {
            overload.receiver.is_some() == before.is_some() && overload.parameters.len() == given.len()
        };
        let Some(overload) = overloads.iter().find(shaped) else {
            let message = format!("`{name}` is not written like this; it {}", usage(&overloads));
            return self.fault(part, "wrong-argument-count", message);
        };
        let wanted = overload.receiver.iter().chain(overload.parameters);
        for (want, given) in wanted.zip(before.iter().chain(&given)) {
            if !want.accepts(given) {
                let message = format!("`{name}` wants {}, this is {given}", want.in_words());
                self.fault(part, "wrong-argument-type", message);
            }
        }
        overload.gives.clone()
    }

    fn domain(&mut self, part: &IdedExpr, call: &CallExpr, function: &Function, given: &[Type]) -> Type {
        let name = function.name;
        if given.len() != function.parameters.len() {
            let names: Vec<&str> = function.parameters.iter().map(|(parameter, _)| *parameter).collect();
            let message = format!("it is written `{name}({})`", names.join(", "));
            return self.fault(part, "wrong-argument-count", message);
        }
        for (((parameter, kind), given), argument) in function.parameters.iter().zip(given).zip(&call.args) {
            if accepts(*kind, given) {
                self.literal_argument(argument, *kind);
            } else {
                let message = format!("`{name}` wants {} as {parameter}, this is {given}", in_words(*kind));
                self.fault(argument, "wrong-argument-type", message);
            }
        }
        type_of(function.gives)
    }
}

const MACROS: [&str; 6] = ["has", "all", "exists", "exists_one", "filter", "map"];

fn usage(overloads: &[&stdlib::Overload]) -> String {
    let ways = overloads.iter().map(|overload| {
        let parameters: Vec<&str> = overload.parameters.iter().map(|want| want.in_words()).collect();
        let before = overload.receiver.map(|want| format!("{}.", want.in_words()));
        format!("`{}{}({})`", before.unwrap_or_default(), overload.name, parameters.join(", "))
    });
    format!("is {}", ways.collect::<Vec<_>>().join(" or "))
}

fn accepts(kind: Kind, given: &Type) -> bool {
    given.is_open()
        || match kind {
            Kind::Bool => *given == Type::Bool,
            Kind::Int => *given == Type::Int,
            Kind::Text | Kind::Channel | Kind::Window => given.is_text(),
            Kind::Texts | Kind::Channels | Kind::Paths => matches!(given, Type::List(of) if of.is_text()),
            Kind::Instant => *given == Type::Instant,
            Kind::Date => given.is_text() || *given == Type::Instant,
        }
}

fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "true or false",
        Kind::Int => "a whole number",
        Kind::Text => "text",
        Kind::Channel => "a channel",
        Kind::Window => "a window such as `7d`",
        Kind::Texts => "a list of text",
        Kind::Channels => "a list of channels",
        Kind::Paths => "a list of fields",
        Kind::Instant => "a point in time",
        Kind::Date => "a date",
    }
}

fn type_of(kind: Kind) -> Type {
    match kind {
        Kind::Bool => Type::Bool,
        Kind::Int => Type::Int,
        Kind::Text | Kind::Channel | Kind::Window | Kind::Date => Type::Text,
        Kind::Texts | Kind::Channels | Kind::Paths => Type::list(Type::Text),
        Kind::Instant => Type::Instant,
    }
}
