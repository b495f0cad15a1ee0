//! A count of what is right, with every miss told: what was expected, what was seen, and why as far as can be seen.

use evenhand::domain::correspondence::InboundMail;
use std::fmt::Debug;

/// What a figure has to reach.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aim {
    /// At most so many are wrong.
    Misses(usize),
    /// At least so many in a hundred are right.
    Percent(usize),
    /// Shown only.
    None,
}

pub(super) struct Figure {
    name: &'static str,
    aim: Aim,
    right: usize,
    all: usize,
}

/// One thing that is not as expected.
pub(super) struct Miss {
    pub(super) of: String,
    pub(super) expected: String,
    pub(super) got: String,
    pub(super) why: String,
}

impl Miss {
    pub(super) fn new(of: &str, expected: impl Debug, got: impl Debug, why: impl Into<String>) -> Self {
        let (expected, got) = (format!("{expected:?}"), format!("{got:?}"));
        Self { of: of.to_owned(), expected, got, why: why.into() }
    }
}

impl Figure {
    pub(super) fn new(name: &'static str, aim: Aim) -> Self {
        Self { name, aim, right: 0, all: 0 }
    }

    pub(super) fn count(&mut self, right: bool, miss: impl FnOnce() -> Miss) {
        self.all += 1;
        self.right += usize::from(right);
        if !right {
            let Miss { of, expected, got, why } = miss();
            println!("  {}: miss in {of}\n    expected {expected}\n    got      {got}\n    why      {why}", self.name);
        }
    }

    fn holds(&self) -> bool {
        match self.aim {
            Aim::Misses(most) => self.all - self.right <= most,
            Aim::Percent(least) => self.right * 100 >= self.all * least,
            Aim::None => true,
        }
    }
}

/// Prints the figures, and fails where one of them is below its aim or counted nothing at all.
pub(super) fn settle(figures: &[&Figure]) {
    for figure in figures {
        let aim = match figure.aim {
            Aim::Misses(most) => format!("at least {}", figure.all.saturating_sub(most)),
            Aim::Percent(least) => format!("at least {least} %"),
            Aim::None => "shown only".to_owned(),
        };
        let verdict = if figure.holds() { "" } else { ", MISSED" };
        println!("FIGURE {}: {}/{} ({aim}{verdict})", figure.name, figure.right, figure.all);
    }
    for figure in figures {
        assert!(figure.all > 0, "{}: nothing was counted", figure.name);
        assert!(figure.holds(), "{}: {} of {} are right", figure.name, figure.right, figure.all);
    }
}

/// Where an expected text stands in a mail, as a reason for not having found it.
pub(super) fn whereabouts(raw: &[u8], mail: &InboundMail, expected: &str) -> String {
    let lower = |bytes: &[u8]| String::from_utf8_lossy(bytes).to_lowercase();
    let expected = expected.to_lowercase();
    let place = if mail.text.to_lowercase().contains(&expected) {
        "it stands in the words, where no rule of ours takes it from"
    } else if mail.embedded.iter().any(|part| part.text.to_lowercase().contains(&expected)) {
        "it stands in a report or a returned part, where no rule of ours takes it from"
    } else if lower(raw).contains(&expected) {
        "it stands in the bytes, but neither in the words nor in a part that is read"
    } else {
        "it does not stand in the bytes of the mail as such"
    };
    match defects(mail) {
        none if none.is_empty() => place.to_owned(),
        found => format!("{place}; seen: {found}"),
    }
}

/// What the program found wrong with the mail itself.
pub(super) fn defects(mail: &InboundMail) -> String {
    mail.defects.iter().map(|defect| defect.sentence.as_str()).collect::<Vec<_>>().join("; ")
}
