//! Who may be answered by the program itself. A person may answer anybody; the program only whoever is proven to be who
//! they say, at their own confirmed address, and never a machine.

use super::MailKind;
use crate::domain::attribution::Certainty;
use crate::domain::contact::{NotCounted, Place};

/// What is known of the mail that would be answered.
#[derive(Clone, Debug)]
pub struct Received<'a> {
    /// `None`: it is no mail.
    pub kind: Option<MailKind>,
    /// The receiving server saw an empty envelope sender.
    pub null_sender: bool,
    pub certainty: Certainty,
    pub not_counted: Option<NotCounted>,
    pub place: Place,
    /// The address it came from.
    pub from: Option<&'a str>,
    /// Automatic answers the sender was given within the window in which one is enough.
    pub answered_before: u64,
}

/// Why the program says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// A machine, a list or we ourselves sent it.
    NotFromAPerson,
    /// Nobody takes answers there.
    NullSender,
    SuspectedSpoof,
    /// The sender is not proven, or the address is not confirmed to be the person's own.
    NotVerified,
    /// The answer would go elsewhere than the mail came from.
    AnotherAddress,
    /// It is one of our own addresses.
    OurOwnAddress,
    /// Held or quarantined: a person reads it first.
    Held,
    /// The same mail again.
    Duplicate,
    /// One answer is enough for a time.
    AnsweredBefore,
}

impl Silence {
    pub fn as_str(self) -> &'static str {
        match self {
            Silence::NotFromAPerson => "not_from_a_person",
            Silence::NullSender => "null_sender",
            Silence::SuspectedSpoof => "suspected_spoof",
            Silence::NotVerified => "not_verified",
            Silence::AnotherAddress => "another_address",
            Silence::OurOwnAddress => "our_own_address",
            Silence::Held => "held",
            Silence::Duplicate => "duplicate",
            Silence::AnsweredBefore => "answered_before",
        }
    }
}

/// Whether the program may answer the mail at the bare address `to`; `ours` are our addresses in lower case.
///
/// # Errors
/// The first reason why not.
pub fn may_answer(received: &Received<'_>, to: &str, ours: &[String]) -> Result<(), Silence> {
    let to = to.trim().to_lowercase();
    let same = received.from.is_some_and(|from| from.trim().to_lowercase() == to);
    let forbidden = [
        (received.kind != Some(MailKind::Human), Silence::NotFromAPerson),
        (received.null_sender, Silence::NullSender),
        (ours.contains(&to), Silence::OurOwnAddress),
        (received.not_counted == Some(NotCounted::SuspectedSpoof), Silence::SuspectedSpoof),
        (received.certainty != Certainty::Verified, Silence::NotVerified),
        (!same, Silence::AnotherAddress),
        (received.not_counted == Some(NotCounted::Duplicate), Silence::Duplicate),
        (matches!(received.place, Place::Held | Place::Quarantine), Silence::Held),
        (received.answered_before > 0, Silence::AnsweredBefore),
    ];
    match forbidden.into_iter().find(|(holds, _)| *holds) {
        Some((_, why)) => Err(why),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: &str = "Person@example.com";

    fn proven() -> Received<'static> {
        Received {
            kind: Some(MailKind::Human),
            null_sender: false,
            certainty: Certainty::Verified,
            not_counted: None,
            place: Place::ToRead,
            from: Some(FROM),
            answered_before: 0,
        }
    }

    fn answer(received: Received<'_>) -> Result<(), Silence> {
        may_answer(&received, "person@example.com", &["psd@example.org".to_owned()])
    }

    #[test]
    fn a_proven_sender_at_their_own_address_may_be_answered() {
        assert_eq!(answer(proven()), Ok(()));
    }

    #[test]
    fn no_machine_no_list_and_no_mail_of_ours_is_answered() {
        for kind in MailKind::ALL.into_iter().filter(|kind| *kind != MailKind::Human).map(Some).chain([None]) {
            assert_eq!(answer(Received { kind, ..proven() }), Err(Silence::NotFromAPerson));
        }
        assert_eq!(answer(Received { null_sender: true, ..proven() }), Err(Silence::NullSender));
        let ours = ["person@example.com".to_owned()];
        assert_eq!(may_answer(&proven(), FROM, &ours), Err(Silence::OurOwnAddress));
    }

    #[test]
    fn nobody_unproven_is_answered() {
        for certainty in Certainty::ALL.into_iter().filter(|certainty| *certainty != Certainty::Verified) {
            assert_eq!(answer(Received { certainty, ..proven() }), Err(Silence::NotVerified), "{certainty}");
        }
        let spoof = Received { not_counted: Some(NotCounted::SuspectedSpoof), ..proven() };
        assert_eq!(answer(spoof), Err(Silence::SuspectedSpoof));
    }

    #[test]
    fn an_answer_goes_nowhere_but_where_the_mail_came_from() {
        assert_eq!(may_answer(&proven(), "another@example.com", &[]), Err(Silence::AnotherAddress));
        assert_eq!(answer(Received { from: None, ..proven() }), Err(Silence::AnotherAddress));
    }

    #[test]
    fn a_held_or_quarantined_mail_is_a_persons_to_answer() {
        for place in Place::ALL {
            let wanted = if matches!(place, Place::Held | Place::Quarantine) { Err(Silence::Held) } else { Ok(()) };
            assert_eq!(answer(Received { place, ..proven() }), wanted, "{place}");
        }
    }

    #[test]
    fn one_answer_is_enough_for_a_time_and_none_is_due_for_a_copy() {
        assert_eq!(answer(Received { answered_before: 1, ..proven() }), Err(Silence::AnsweredBefore));
        let copy = Received { not_counted: Some(NotCounted::Duplicate), ..proven() };
        assert_eq!(answer(copy), Err(Silence::Duplicate));
    }
}
