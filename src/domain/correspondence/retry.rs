//! When a mail that was not taken is tried again: each kind of failure by a schedule of its own, and not without end.

use chrono::Duration;
use std::fmt;

/// A mail that was tried for so long is given up (RFC 5321 §4.5.4.1: 4 to 5 days).
pub const LONGEST: Duration = Duration::days(5);

/// Why an attempt to hand a mail over failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// The server was not reached, or went away before it had the mail.
    Connection,
    /// It refused us, not the mail: 530 to 538. The operator can mend that.
    Credentials,
    /// It takes mail of a sender it does not know only after a while: 450 or 451 with a policy code (4.7.x).
    Greylisted,
    /// The mailbox is full, or the server: 452, or a code for it (x.2.2, x.3.1).
    Quota,
    /// Any other 4xx, and every trouble that may pass.
    Busy,
    /// It fell silent after it had the mail: nobody can know whether it was taken.
    Uncertain,
    /// It never takes this mail for this address: 5xx.
    Refused,
}

impl FailureClass {
    pub const ALL: [FailureClass; 7] = [
        FailureClass::Connection,
        FailureClass::Credentials,
        FailureClass::Greylisted,
        FailureClass::Quota,
        FailureClass::Busy,
        FailureClass::Uncertain,
        FailureClass::Refused,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            FailureClass::Connection => "connection",
            FailureClass::Credentials => "credentials",
            FailureClass::Greylisted => "greylisted",
            FailureClass::Quota => "quota",
            FailureClass::Busy => "busy",
            FailureClass::Uncertain => "uncertain",
            FailureClass::Refused => "refused",
        }
    }

    /// By the answer of a server: its code and, where it gives one, its enhanced code (RFC 3463), `4.7.1`.
    pub fn of_answer(code: u16, enhanced: Option<&str>) -> Self {
        let detail =
            enhanced.and_then(|enhanced| enhanced.split_once('.')).map(|(_, detail)| detail).unwrap_or_default();
        match code {
            530..=538 => FailureClass::Credentials,
            // A full mailbox may be emptied, whether the server says so for now or for good.
            452 | 552 if detail != "3.4" => FailureClass::Quota,
            400..=499 if matches!(detail, "2.2" | "3.1") => FailureClass::Quota,
            450 | 451 if detail.starts_with("7.") => FailureClass::Greylisted,
            500.. => FailureClass::Refused,
            _ => FailureClass::Busy,
        }
    }

    /// The waits after the first failure, the second, …, in seconds; then the last of them again and again.
    fn waits(self) -> &'static [i64] {
        match self {
            FailureClass::Connection => &[60, 120, 300, 900, 1_800, 3_600, 7_200],
            FailureClass::Credentials => &[60, 300, 900, 1_800],
            FailureClass::Greylisted => &[300, 600, 900, 1_800, 3_600],
            FailureClass::Quota => &[3_600, 14_400, 28_800],
            FailureClass::Busy => &[60, 300, 900, 1_800, 3_600, 7_200, 14_400],
            FailureClass::Uncertain => &[60, 1_800, 14_400],
            FailureClass::Refused => &[],
        }
    }

    /// Every further try may be a further copy for the person who receives it.
    fn most_tries(self) -> Option<usize> {
        (self == FailureClass::Uncertain).then_some(4)
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How long to wait after the `failures`th failure (1 is the first), where the first try was so long ago; `None`: it is
/// given up.
pub fn next_try(class: FailureClass, failures: usize, since_first: Duration) -> Option<Duration> {
    if class.most_tries().is_some_and(|most| failures >= most) {
        return None;
    }
    let waits = class.waits();
    let wait = waits.get(failures.saturating_sub(1)).or(waits.last()).copied().map(Duration::seconds)?;
    // The last try is at the very end, not somewhere before it.
    let left = LONGEST - since_first;
    (left > Duration::zero()).then(|| wait.min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_apart_by_its_codes() {
        for (code, enhanced, class) in [
            (421, Some("4.3.2"), FailureClass::Busy),
            (450, Some("4.7.1"), FailureClass::Greylisted),
            (451, Some("4.7.500"), FailureClass::Greylisted),
            (451, None, FailureClass::Busy),
            (451, Some("4.3.0"), FailureClass::Busy),
            (452, Some("4.2.2"), FailureClass::Quota),
            (452, None, FailureClass::Quota),
            (450, Some("4.2.2"), FailureClass::Quota),
            (552, Some("5.2.2"), FailureClass::Quota),
            (552, Some("5.3.4"), FailureClass::Refused),
            (530, Some("5.7.0"), FailureClass::Credentials),
            (535, None, FailureClass::Credentials),
            (550, Some("5.1.1"), FailureClass::Refused),
            (554, None, FailureClass::Refused),
        ] {
            assert_eq!(FailureClass::of_answer(code, enhanced), class, "{code} {enhanced:?}");
        }
    }

    #[test]
    fn every_schedule_grows_and_ends() {
        for class in FailureClass::ALL {
            let (mut waited, mut tries, mut last) = (Duration::zero(), 1, Duration::zero());
            while let Some(wait) = next_try(class, tries, waited) {
                assert!(wait > Duration::zero() && (wait >= last || waited + wait == LONGEST), "{class}");
                (waited, tries, last) = (waited + wait, tries + 1, wait);
                assert!(tries < 1_000, "{class} never ends");
            }
            match class {
                FailureClass::Refused => assert_eq!(tries, 1),
                FailureClass::Uncertain => assert_eq!(tries, 4),
                FailureClass::Connection
                | FailureClass::Credentials
                | FailureClass::Greylisted
                | FailureClass::Quota
                | FailureClass::Busy => assert_eq!(waited, LONGEST, "{class} is tried to the last"),
            }
        }
    }
}
