//! Whose a contact is: evidence → verified, on behalf, suggested or nobody's, with the reasons as data.
//!
//! Only an authenticated sender at a confirmed address of exactly one person counts by itself. Everything weaker waits
//! for a person, who may confirm it, with a reason.

use crate::domain::ids::PersonId;
use crate::domain::person::{Confidence, HolderRole};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// How sure we are whose a contact is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// By proof of the sender.
    Verified,
    /// By a named person's decision, or a system that knows the caller.
    Confirmed,
    /// Somebody else's contact for this person: linked, not counted as theirs.
    OnBehalf,
    /// Probably this person's; counts for nobody until confirmed.
    Suggested,
    Unattributed,
    /// Nobody's by its nature: automatic mail, list mail, our own.
    NotApplicable,
}

impl Certainty {
    pub const ALL: [Certainty; 6] = [
        Certainty::Verified,
        Certainty::Confirmed,
        Certainty::OnBehalf,
        Certainty::Suggested,
        Certainty::Unattributed,
        Certainty::NotApplicable,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Certainty::Verified => "verified",
            Certainty::Confirmed => "confirmed",
            Certainty::OnBehalf => "on_behalf",
            Certainty::Suggested => "suggested",
            Certainty::Unattributed => "unattributed",
            Certainty::NotApplicable => "not_applicable",
        }
    }

    /// Whether the contact counts as the person's own.
    pub fn counts(self) -> bool {
        matches!(self, Certainty::Verified | Certainty::Confirmed)
    }
}

impl fmt::Display for Certainty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a degree of certainty")]
pub struct UnknownCertainty(pub String);

impl FromStr for Certainty {
    type Err = UnknownCertainty;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Certainty::ALL.into_iter().find(|certainty| certainty.as_str() == text);
        known.ok_or_else(|| UnknownCertainty(text.to_owned()))
    }
}

/// Somebody on file whose identifier equals the one a contact came from. Ended identifiers are not holders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The record the identifier is on.
    pub record: PersonId,
    /// The person after merges.
    pub person: PersonId,
    pub role: HolderRole,
    pub confidence: Confidence,
}

/// What our own border server said of the sender of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    /// An aligned DMARC pass, in the topmost result of a server we believe.
    Aligned,
    /// SPF or DKIM passed for the author's organisation, and no DMARC policy was looked at: shown, and no proof.
    Weak,
    /// A server we believe says the sender is not who it claims to be.
    Failed,
    /// Nobody we believe said anything.
    Unknown,
}

/// One reason for or against. JSON: `{"kind":"authentication","result":"aligned"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Evidence {
    Authentication {
        result: Authentication,
    },
    /// The contact names no address or number to compare.
    NoSender,
    /// More than one From: none of them can be verified.
    SeveralSenders,
    /// Nobody on file holds the address or number.
    UnknownSender,
    /// How many people hold the address or number, and as what.
    Holders {
        people: usize,
        roles: Vec<HolderRole>,
        confidences: Vec<Confidence>,
    },
    /// The people who might be meant, when there are several.
    Candidates {
        people: Vec<PersonId>,
    },
    /// A network presented the number of the call.
    PresentedNumber,
    /// A system or officer that recorded the contact named the person.
    NamedByRecorder {
        by: crate::domain::access::ActorRef,
    },
    /// A named person decided, with a reason.
    Decision {
        by: crate::domain::access::ActorRef,
        reason: String,
    },
    /// It answers a message of ours, which names a case and never a person.
    AnswersOurs {
        message_id: String,
    },
}

/// Whose a contact is, so far as anybody can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    pub certainty: Certainty,
    /// The record it was found to be from; linked for `verified`, `confirmed`, `on_behalf` and `suggested`.
    pub person: Option<PersonId>,
    /// The person after merges whom that record stands for.
    pub root: Option<PersonId>,
    /// The sender was proven not to be the known holder of its address.
    pub suspected_spoof: bool,
    pub evidence: Vec<Evidence>,
}

impl Attribution {
    pub fn nobody(evidence: Vec<Evidence>) -> Self {
        Self { certainty: Certainty::Unattributed, person: None, root: None, suspected_spoof: false, evidence }
    }

    /// For mail that no person wrote.
    pub fn not_applicable() -> Self {
        Self {
            certainty: Certainty::NotApplicable,
            person: None,
            root: None,
            suspected_spoof: false,
            evidence: Vec::new(),
        }
    }

    /// The person the contact counts for.
    pub fn counts_for(&self) -> Option<PersonId> {
        self.root.filter(|_| self.certainty.counts())
    }
}

/// A mail, by its From address. `senders`: how many addresses its From headers name.
pub fn attribute_mail(senders: usize, authentication: Authentication, holders: &[Holder]) -> Attribution {
    let mut evidence = vec![Evidence::Authentication { result: authentication }];
    match senders {
        0 => return Attribution::nobody(vec![Evidence::NoSender]),
        1 => {}
        _ => evidence.push(Evidence::SeveralSenders),
    }
    let authentication = if senders == 1 { authentication } else { Authentication::Unknown };
    let Some(sole) = sole_holder(holders, &mut evidence) else {
        let suspected_spoof = authentication == Authentication::Failed && !holders.is_empty();
        return Attribution { suspected_spoof, ..Attribution::nobody(evidence) };
    };
    match authentication {
        Authentication::Failed => Attribution { suspected_spoof: true, ..Attribution::nobody(evidence) },
        Authentication::Weak | Authentication::Unknown => linked(Certainty::Suggested, sole, evidence),
        Authentication::Aligned => linked(sole.certainty(), sole, evidence),
    }
}

/// A call, by the number the network presented. `may_be_limited`: a strategy can bind the channel; then the number
/// only suggests, because a household shares its telephone and no breach may rest on a guess.
pub fn attribute_call(number_known: bool, may_be_limited: bool, holders: &[Holder]) -> Attribution {
    if !number_known {
        return Attribution::nobody(vec![Evidence::NoSender]);
    }
    let mut evidence = vec![Evidence::PresentedNumber];
    let Some(sole) = sole_holder(holders, &mut evidence) else {
        return Attribution::nobody(evidence);
    };
    let certainty = sole.certainty();
    if certainty == Certainty::Verified && may_be_limited {
        return linked(Certainty::Suggested, sole, evidence);
    }
    linked(certainty, sole, evidence)
}

fn linked(certainty: Certainty, sole: Sole, evidence: Vec<Evidence>) -> Attribution {
    Attribution { certainty, person: Some(sole.record), root: Some(sole.person), suspected_spoof: false, evidence }
}

/// The one person who holds an identifier.
#[derive(Clone, Copy)]
struct Sole {
    record: PersonId,
    person: PersonId,
    confirmed: bool,
    own: bool,
}

impl Sole {
    /// What the identifier alone proves once its sender is authentic.
    fn certainty(self) -> Certainty {
        match (self.confirmed, self.own) {
            (true, true) => Certainty::Verified,
            (_, false) => Certainty::OnBehalf,
            (false, true) => Certainty::Suggested,
        }
    }
}

/// What the software only suspects of others does not make a confirmed holder one of several.
fn sole_holder(holders: &[Holder], evidence: &mut Vec<Evidence>) -> Option<Sole> {
    let stated: Vec<&Holder> = holders.iter().filter(|holder| holder.confidence != Confidence::Suggested).collect();
    let holders: Vec<&Holder> = if stated.is_empty() { holders.iter().collect() } else { stated };
    let people: BTreeSet<PersonId> = holders.iter().map(|holder| holder.person).collect();
    if people.is_empty() {
        evidence.push(Evidence::UnknownSender);
        return None;
    }
    let roles = holders.iter().map(|holder| holder.role).collect::<BTreeSet<_>>();
    let confidences = holders.iter().map(|holder| holder.confidence).collect::<BTreeSet<_>>();
    evidence.push(Evidence::Holders {
        people: people.len(),
        roles: roles.iter().copied().collect(),
        confidences: confidences.into_iter().collect(),
    });
    if people.len() > 1 {
        evidence.push(Evidence::Candidates { people: people.into_iter().collect() });
        return None;
    }
    holders.first().map(|holder| Sole {
        record: holder.record,
        person: holder.person,
        confirmed: holders.iter().any(|holder| holder.confidence == Confidence::Confirmed),
        own: roles.iter().all(|role| *role == HolderRole::Own),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn holder(n: u128, role: HolderRole, confidence: Confidence) -> Holder {
        let person = PersonId::from_uuid(Uuid::from_u128(n));
        Holder { record: person, person, role, confidence }
    }

    fn own(n: u128) -> Holder {
        holder(n, HolderRole::Own, Confidence::Confirmed)
    }

    #[test]
    fn an_authentic_sender_at_the_confirmed_address_of_one_person_is_verified() {
        let found = attribute_mail(1, Authentication::Aligned, &[own(1)]);
        assert_eq!((found.certainty, found.counts_for()), (Certainty::Verified, Some(own(1).person)));
    }

    #[test]
    fn two_records_of_one_person_are_one_holder() {
        let merged = Holder { record: own(2).record, ..own(1) };
        let found = attribute_mail(1, Authentication::Aligned, &[merged]);
        assert_eq!((found.person, found.counts_for()), (Some(own(2).record), Some(own(1).person)));
        assert_eq!(attribute_mail(1, Authentication::Aligned, &[own(1), merged]).certainty, Certainty::Verified);
    }

    #[test]
    fn without_authentication_the_same_address_only_suggests() {
        let found = attribute_mail(1, Authentication::Unknown, &[own(1)]);
        assert_eq!((found.certainty, found.counts_for()), (Certainty::Suggested, None));
        assert_eq!(found.person, Some(own(1).person));
    }

    #[test]
    fn a_failed_authentication_at_a_known_address_is_a_suspected_spoof_of_nobody() {
        let found = attribute_mail(1, Authentication::Failed, &[own(1)]);
        assert!(found.suspected_spoof);
        assert_eq!((found.certainty, found.person), (Certainty::Unattributed, None));
        assert!(!attribute_mail(1, Authentication::Failed, &[]).suspected_spoof);
    }

    #[test]
    fn an_address_of_two_people_is_nobodys_and_both_are_named_in_the_evidence() {
        let found = attribute_mail(1, Authentication::Aligned, &[own(1), own(2)]);
        assert_eq!((found.certainty, found.person), (Certainty::Unattributed, None));
        assert!(found.evidence.contains(&Evidence::Candidates { people: vec![own(1).person, own(2).person] }));
    }

    #[test]
    fn two_from_addresses_are_never_verified() {
        assert_eq!(attribute_mail(2, Authentication::Aligned, &[own(1)]).certainty, Certainty::Suggested);
        assert_eq!(attribute_mail(0, Authentication::Aligned, &[]).certainty, Certainty::Unattributed);
    }

    #[test]
    fn everybody_but_the_person_themself_writes_on_their_behalf() {
        for role in HolderRole::ALL.into_iter().filter(|role| *role != HolderRole::Own) {
            let found = attribute_mail(1, Authentication::Aligned, &[holder(1, role, Confidence::Confirmed)]);
            assert_eq!((found.certainty, found.counts_for()), (Certainty::OnBehalf, None), "{}", role.as_str());
        }
    }

    #[test]
    fn a_claimed_address_suggests_and_a_second_claim_makes_it_nobodys() {
        let claimed = holder(2, HolderRole::Own, Confidence::Claimed);
        assert_eq!(attribute_mail(1, Authentication::Aligned, &[claimed]).certainty, Certainty::Suggested);
        assert_eq!(attribute_mail(1, Authentication::Aligned, &[own(1), claimed]).certainty, Certainty::Unattributed);
    }

    #[test]
    fn what_the_software_suspects_takes_nothing_from_a_confirmed_holder() {
        let suspected = holder(2, HolderRole::Own, Confidence::Suggested);
        assert_eq!(attribute_mail(1, Authentication::Aligned, &[own(1), suspected]).certainty, Certainty::Verified);
    }

    #[test]
    fn a_number_suggests_where_a_limit_could_bind_and_proves_where_none_can() {
        assert_eq!(attribute_call(true, true, &[own(1)]).certainty, Certainty::Suggested);
        assert_eq!(attribute_call(true, false, &[own(1)]).certainty, Certainty::Verified);
        assert_eq!(attribute_call(false, false, &[]).certainty, Certainty::Unattributed);
    }

    #[test]
    fn evidence_reads_back_from_its_json() {
        let evidence = attribute_mail(2, Authentication::Failed, &[own(1), own(2)]).evidence;
        let json = serde_json::to_value(&evidence).unwrap();
        assert_eq!(serde_json::from_value::<Vec<Evidence>>(json).unwrap(), evidence);
    }
}
