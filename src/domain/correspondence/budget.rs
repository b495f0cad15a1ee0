//! How much mail of ours may leave: so many in a window to one address, for one case and in all, and when to stop.
//!
//! A full budget of one address or case makes a mail wait; a full budget of the whole house, or answers that look like a
//! loop, stop sending until a person lets it go on.

use chrono::{DateTime, Duration, Utc};

/// At most `most` mails in any time of this length: (now − window, now].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    pub most: u32,
    pub window: Duration,
}

/// Every budget of the house.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// To one address.
    pub recipient: Vec<Budget>,
    /// For one case.
    pub case: Vec<Budget>,
    pub all: Vec<Budget>,
    /// As many automatic answers asked for to one address are a loop.
    pub a_loop: Budget,
}

/// Whose budget it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    Recipient,
    Case,
    All,
}

/// A budget that has no room for one more mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full {
    pub share: Share,
    pub budget: Budget,
    /// From when there is room again.
    pub free_at: DateTime<Utc>,
}

/// What becomes of the next mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clearance {
    Go,
    /// Not before; `because` is `recipient_budget` or `case_budget`.
    Wait {
        until: DateTime<Utc>,
        because: &'static str,
    },
    /// Sending stops altogether, in a sentence that names nobody.
    Stop {
        because: String,
    },
}

/// How many automatic answers to the recipient were asked for in the loop's window; 0 where the mail answers nothing.
pub fn clear(full: &[Full], answers: u64, a_loop: Budget) -> Clearance {
    if let Some(over) = full.iter().find(|full| full.share == Share::All) {
        let because = format!("{} mails left in {}.", over.budget.most, in_words(over.budget.window));
        return Clearance::Stop { because };
    }
    if answers >= u64::from(a_loop.most) {
        let because = format!(
            "{answers} automatic answers to one address were asked for in {}: it looks like a loop.",
            in_words(a_loop.window)
        );
        return Clearance::Stop { because };
    }
    match full.iter().max_by_key(|full| full.free_at) {
        None => Clearance::Go,
        Some(last) => {
            let because = if last.share == Share::Case { "case_budget" } else { "recipient_budget" };
            Clearance::Wait { until: last.free_at, because }
        }
    }
}

fn in_words(window: Duration) -> String {
    match window.num_minutes() {
        minutes if minutes % 60 == 0 => format!("{} h", minutes / 60),
        minutes => format!("{minutes} minutes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minute)
    }

    fn full(share: Share, free_at: i64) -> Full {
        Full { share, budget: Budget { most: 5, window: Duration::hours(1) }, free_at: at(free_at) }
    }

    const LOOP: Budget = Budget { most: 3, window: Duration::hours(1) };

    #[test]
    fn a_mail_goes_where_every_budget_has_room() {
        assert_eq!(clear(&[], 2, LOOP), Clearance::Go);
    }

    #[test]
    fn a_mail_waits_until_the_last_of_its_budgets_has_room() {
        let both = [full(Share::Case, 9), full(Share::Recipient, 4)];
        assert_eq!(clear(&both, 0, LOOP), Clearance::Wait { until: at(9), because: "case_budget" });
        let waits = Clearance::Wait { until: at(4), because: "recipient_budget" };
        assert_eq!(clear(&both[1..], 0, LOOP), waits);
    }

    #[test]
    fn the_budget_of_the_house_stops_everything() {
        let Clearance::Stop { because } = clear(&[full(Share::Recipient, 1), full(Share::All, 1)], 0, LOOP) else {
            panic!("it goes on");
        };
        assert_eq!(because, "5 mails left in 1 h.");
    }

    #[test]
    fn many_automatic_answers_to_one_address_stop_everything() {
        assert!(matches!(clear(&[], 3, LOOP), Clearance::Stop { .. }));
    }
}
