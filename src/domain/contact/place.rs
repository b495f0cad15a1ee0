//! What a verdict does: where a contact waits, by when a person reads it, and what answer it is owed.
//!
//! Nothing is refused, deleted or hidden here. What is held is read by a named person; what a rule flagged, at once.

use super::counts::NotCounted;
use crate::domain::strategy::{Verdict, VerdictKind};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The single point of contact's (or the department's) ordinary reading.
    ToRead,
    Held,
    /// From a blocked address or by a blocked channel: treated as held.
    Quarantine,
    /// Sent to somebody else of ours, who is told not to answer.
    MovedToSpoc,
    Filed,
    /// Nobody's for certain; read for risk first.
    Unattributed,
    /// A person ticked a question that takes it to its own queue.
    Released,
}

impl Place {
    pub const ALL: [Place; 7] = [
        Place::ToRead,
        Place::Held,
        Place::Quarantine,
        Place::MovedToSpoc,
        Place::Filed,
        Place::Unattributed,
        Place::Released,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Place::ToRead => "to_read",
            Place::Held => "held",
            Place::Quarantine => "quarantine",
            Place::MovedToSpoc => "moved_to_spoc",
            Place::Filed => "filed",
            Place::Unattributed => "unattributed",
            Place::Released => "released",
        }
    }

    /// Whether the seven questions have to be answered before the item can be closed.
    pub fn needs_tick_list(self) -> bool {
        match self {
            Place::Held | Place::Quarantine => true,
            Place::ToRead | Place::MovedToSpoc | Place::Filed | Place::Unattributed | Place::Released => false,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a place of contacts")]
pub struct UnknownPlace(pub String);

impl FromStr for Place {
    type Err = UnknownPlace;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Place::ALL.into_iter().find(|place| place.as_str() == text).ok_or_else(|| UnknownPlace(text.to_owned()))
    }
}

/// What placing looks at.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    pub verdict: &'a Verdict,
    pub not_counted: Option<NotCounted>,
    /// A rule or a person raised any triage flag.
    pub flagged: bool,
    /// When we learned of the contact.
    pub recorded_at: DateTime<Utc>,
    /// One working day after that.
    pub next_working_day: DateTime<Utc>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    pub place: Place,
    /// A stable code: the verdict that put it there, `blocked`, or why it is not counted.
    pub because: &'static str,
    /// By when a named person must have read it; `None`: in its ordinary turn.
    pub read_due_at: Option<DateTime<Utc>>,
}

/// Where a contact nobody has handled yet belongs.
pub fn place(findings: &Findings<'_>) -> Placement {
    let verdict = findings.verdict;
    // What was too much, at the wrong time or by the wrong channel is held, whichever breach leads.
    let leading = held_for(verdict).unwrap_or(verdict.kinds.first());
    let (place, because) = match leading {
        VerdictKind::WrongChannel | VerdictKind::WrongTime | VerdictKind::OverFrequency => {
            (Place::Held, leading.as_str())
        }
        VerdictKind::WrongAddressee => (Place::MovedToSpoc, leading.as_str()),
        // Something new may be in it: then it is held for its tick list.
        VerdictKind::ClosedSubject if findings.flagged => (Place::Held, leading.as_str()),
        VerdictKind::ClosedSubject => (Place::Filed, leading.as_str()),
        VerdictKind::WithinLimit | VerdictKind::Exempt | VerdictKind::NotYetEffective => {
            (Place::ToRead, leading.as_str())
        }
        VerdictKind::Unattributed => (Place::Unattributed, leading.as_str()),
        VerdictKind::NotCounted => uncounted(findings.not_counted),
    };
    let blocked = verdict.blocked && leading != VerdictKind::Exempt;
    let (place, because) = if blocked { (Place::Quarantine, "blocked") } else { (place, because) };
    Placement { place, because, read_due_at: read_due(findings, place) }
}

/// The breach, of those that keep a contact back, that leads.
fn held_for(verdict: &Verdict) -> Option<VerdictKind> {
    let holds = |kind: &VerdictKind| {
        matches!(kind, VerdictKind::WrongChannel | VerdictKind::WrongTime | VerdictKind::OverFrequency)
    };
    verdict.kinds.iter().find(holds)
}

fn uncounted(because: Option<NotCounted>) -> (Place, &'static str) {
    match because {
        Some(NotCounted::OnBehalf) => (Place::ToRead, NotCounted::OnBehalf.as_str()),
        Some(NotCounted::SuspectedSpoof) => (Place::Unattributed, NotCounted::SuspectedSpoof.as_str()),
        Some(because) => (Place::Filed, because.as_str()),
        None => (Place::ToRead, VerdictKind::NotCounted.as_str()),
    }
}

fn read_due(findings: &Findings<'_>, place: Place) -> Option<DateTime<Utc>> {
    // A machine's words are read for risk like a person's: it is easy to look like one. A copy was read in its first.
    if findings.flagged && findings.not_counted != Some(NotCounted::Duplicate) {
        return Some(findings.recorded_at);
    }
    match place {
        Place::Held | Place::Quarantine | Place::MovedToSpoc | Place::Unattributed => Some(findings.next_working_day),
        Place::Filed if findings.verdict.kinds.is_breach() => Some(findings.next_working_day),
        Place::Filed | Place::ToRead | Place::Released => None,
    }
}

/// What answer the sender is owed, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Reply {
    Owed,
    /// Not before that date; then one answer covers everything held.
    Later {
        not_before: Option<DateTime<Utc>>,
    },
    /// The single point of contact is offered an answer naming the right channel.
    RightChannel,
    /// The single point of contact answers; the addressee is told not to.
    BySpoc,
    NotOwed,
}

impl Reply {
    pub fn owed_for(verdict: &Verdict) -> Self {
        let leading = held_for(verdict).unwrap_or(verdict.kinds.first());
        if verdict.blocked && leading != VerdictKind::Exempt {
            return Reply::Later { not_before: verdict.next_permitted_at };
        }
        match leading {
            VerdictKind::WithinLimit | VerdictKind::Exempt | VerdictKind::NotYetEffective => Reply::Owed,
            VerdictKind::OverFrequency | VerdictKind::WrongTime => {
                Reply::Later { not_before: verdict.next_permitted_at }
            }
            VerdictKind::WrongChannel => Reply::RightChannel,
            VerdictKind::WrongAddressee => Reply::BySpoc,
            VerdictKind::ClosedSubject | VerdictKind::Unattributed | VerdictKind::NotCounted => Reply::NotOwed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn placed(verdict: Verdict, flagged: bool, not_counted: Option<NotCounted>) -> Placement {
        place(&Findings {
            verdict: &verdict,
            not_counted,
            flagged,
            recorded_at: utc("2026-06-01T09:00:00Z"),
            next_working_day: utc("2026-06-02T09:00:00Z"),
        })
    }

    fn breach(kind: VerdictKind) -> Verdict {
        Verdict::plain(kind)
    }

    #[test]
    fn each_verdict_has_its_place() {
        let places = VerdictKind::ALL.map(|kind| placed(breach(kind), false, None).place.as_str());
        let expected = [
            "held",
            "moved_to_spoc",
            "filed",
            "held",
            "held",
            "to_read",
            "to_read",
            "unattributed",
            "to_read",
            "to_read",
        ];
        assert_eq!(places, expected);
    }

    #[test]
    fn what_is_held_is_read_within_a_working_day_and_at_once_if_flagged() {
        let due = |flagged| placed(breach(VerdictKind::OverFrequency), flagged, None).read_due_at;
        assert_eq!(due(false), Some(utc("2026-06-02T09:00:00Z")));
        assert_eq!(due(true), Some(utc("2026-06-01T09:00:00Z")));
    }

    #[test]
    fn a_closed_subject_with_something_new_in_it_is_held_and_not_filed() {
        assert_eq!(placed(breach(VerdictKind::ClosedSubject), true, None).place, Place::Held);
    }

    #[test]
    fn a_blocked_sender_is_quarantined_whatever_the_verdict_but_never_when_exempt() {
        let blocked = |kind| placed(Verdict { blocked: true, ..breach(kind) }, false, None).place;
        assert_eq!(blocked(VerdictKind::WithinLimit), Place::Quarantine);
        assert_eq!(blocked(VerdictKind::OverFrequency), Place::Quarantine);
        assert_eq!(blocked(VerdictKind::Exempt), Place::ToRead);
    }

    #[test]
    fn automatic_mail_is_filed_and_read_at_once_if_its_words_are_flagged() {
        let placement = |flagged, because| placed(breach(VerdictKind::NotCounted), flagged, Some(because));
        let found = placement(false, NotCounted::Automatic);
        assert_eq!((found.place, found.read_due_at), (Place::Filed, None));
        let found = placement(true, NotCounted::Automatic);
        assert_eq!((found.place, found.read_due_at), (Place::Filed, Some(utc("2026-06-01T09:00:00Z"))));
        assert_eq!(placement(true, NotCounted::Duplicate).read_due_at, None, "its first copy is read");
    }

    #[test]
    fn what_is_over_the_limit_is_held_whichever_breach_leads() {
        for leading in [VerdictKind::WrongAddressee, VerdictKind::ClosedSubject] {
            let kinds = crate::domain::strategy::VerdictKinds::from(leading).with(VerdictKind::OverFrequency);
            let found = placed(Verdict { kinds, ..breach(leading) }, false, None);
            assert_eq!((found.place, found.because), (Place::Held, "over_frequency"), "{leading}");
            let reply = Reply::owed_for(&Verdict { kinds, ..breach(leading) });
            assert_eq!(reply, Reply::Later { not_before: None }, "{leading}");
        }
    }

    #[test]
    fn a_blocked_contact_is_owed_no_reply_before_the_next_permitted_date() {
        let reply = |kind| Reply::owed_for(&Verdict { blocked: true, ..breach(kind) });
        assert_eq!(reply(VerdictKind::WithinLimit), Reply::Later { not_before: None });
        assert_eq!(reply(VerdictKind::Exempt), Reply::Owed);
    }

    #[test]
    fn a_suspected_spoof_waits_with_the_unattributed_and_is_read() {
        let placement = placed(breach(VerdictKind::NotCounted), false, Some(NotCounted::SuspectedSpoof));
        assert_eq!(placement.place, Place::Unattributed);
        assert!(placement.read_due_at.is_some());
    }

    #[test]
    fn a_held_mail_is_owed_no_reply_before_the_next_permitted_date() {
        let next = Some(utc("2026-06-08T09:00:00Z"));
        let verdict = Verdict { next_permitted_at: next, ..breach(VerdictKind::OverFrequency) };
        assert_eq!(Reply::owed_for(&verdict), Reply::Later { not_before: next });
    }

    #[test]
    fn places_read_back() {
        assert!(Place::ALL.iter().all(|place| place.as_str().parse::<Place>().is_ok_and(|read| read == *place)));
    }
}
