//! Words written out in a guard: where only certain words can ever hold, a misspelt one is a fault.

use super::{Checker, Expr, IdedExpr, LiteralValue, Missing, Type, did_you_mean};
use crate::domain::contact::Channel;
use crate::domain::workflow::function::{Kind, is_window, parse_date};

/// The text of a literal.
pub(super) fn text(part: &IdedExpr) -> Option<&str> {
    if let Expr::Literal(LiteralValue::String(words)) = &part.expr { Some(words.inner()) } else { None }
}

impl Checker<'_> {
    /// A literal compared with one of a closed list of words has to be one of them.
    pub(super) fn known_word(&mut self, part: &IdedExpr, beside: &Type) {
        if let (Some(word), Type::Word(words)) = (text(part), beside)
            && !words.iter().any(|known| known == word)
        {
            let hint = did_you_mean(word, words.iter().map(String::as_str));
            let message = format!("`{word}` is none of {}{hint}", words.join(", "));
            self.fault(part, "unknown-value", message);
        }
    }

    pub(super) fn known_words(&mut self, list: &IdedExpr, beside: &Type) {
        if let Expr::List(list) = &list.expr {
            for element in &list.elements {
                self.known_word(element, beside);
            }
        }
    }

    /// An argument written out has to be a channel, a window, a date or a field of the case, where one is wanted.
    pub(super) fn literal_argument(&mut self, argument: &IdedExpr, kind: Kind) {
        match kind {
            Kind::Channel => self.known_word(argument, &channels()),
            Kind::Channels => self.known_words(argument, &channels()),
            Kind::Window if text(argument).is_some_and(|words| !is_window(words)) => {
                self.fault(argument, "unknown-value", "a window is written `24h` or `7d`".to_owned());
            }
            Kind::Date if text(argument).is_some_and(|words| parse_date(words).is_none()) => {
                self.fault(argument, "unknown-value", "a date is written `2026-03-29`".to_owned());
            }
            Kind::Paths => {
                if let Expr::List(list) = &argument.expr {
                    for element in &list.elements {
                        self.known_path(element);
                    }
                }
            }
            Kind::Bool | Kind::Int | Kind::Text | Kind::Texts | Kind::Instant | Kind::Window | Kind::Date => {}
        }
    }

    fn known_path(&mut self, part: &IdedExpr) {
        let Some(path) = text(part) else { return };
        let fields = std::iter::once("data").chain(path.split('.'));
        if let Err(Missing { of, field, known }) = self.table.at_path("case", fields) {
            let hint = did_you_mean(&field, known.iter().map(String::as_str));
            self.fault(part, "unknown-field", format!("`{of}` has no `{field}`{hint}"));
        }
    }
}

fn channels() -> Type {
    Type::words(Channel::ALL.map(Channel::as_str))
}
