//! What a guard can see: the declared, typed table of CEL variables.
//!
//! Serialised as they stand into CEL values; field names are camelCase as in the API.

use crate::domain::{access::Role, ids::*};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// Everything one evaluation may look at. Built by `domain::case` from a case and its [`Facts`](crate::domain::case::Facts).
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope<'a> {
    pub case: CaseScope<'a>,
    /// The action's form input; `null` where the action has no form.
    pub input: &'a Value,
    pub actor: ActorScope,
    pub person: PersonFacts,
    pub children: Vec<ChildFacts>,
    /// The case this one belongs to; absent where it stands alone.
    pub parent: Option<&'a ParentFacts>,
    pub policy: PolicyFacts,
    pub now: DateTime<Utc>,
    /// Bank holidays of England and Wales, for `working_days(n)`; not a CEL variable.
    #[serde(skip)]
    pub calendar: &'a crate::domain::calendar::WorkingCalendar,
    /// For `in_force(law, date)`; not a CEL variable.
    #[serde(skip)]
    pub legislation: &'a [crate::domain::registers::Enactment],
    /// For `area_known(area)`; not a CEL variable.
    #[serde(skip)]
    pub areas: &'a crate::domain::registers::Areas,
    /// For `contacts_in(window, channels)`; not a CEL variable.
    #[serde(skip)]
    pub contacts: &'a [(DateTime<Utc>, crate::domain::contact::Channel)],
    /// For `reviewed_case()` and `held_by(what)`; not a CEL variable.
    #[serde(skip)]
    pub review: &'a ReviewFacts,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CaseScope<'a> {
    pub id: CaseId,
    pub state: &'a str,
    pub opened_at: DateTime<Utc>,
    /// When the case came into its present state.
    pub state_since: DateTime<Utc>,
    /// Officer id of the SPOC; empty where none is allocated.
    pub spoc: String,
    /// Grows by the workflow's forms: the union of their fields, typed by their schemas.
    pub data: &'a Value,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActorScope {
    /// Officer id; empty for the clock.
    pub id: String,
    pub roles: Vec<Role>,
}

/// What is known of the person a case is about.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonFacts {
    /// Whether the case is linked to a person on file.
    pub known: bool,
    pub date_of_birth: Option<NaiveDate>,
    /// Officer ids this person has complained about.
    pub complained_about: Vec<OfficerId>,
    pub targeted_victim: bool,
    pub adjustments_in_force: i64,
    /// Other strategy versions in force for the person (never more than one).
    pub strategies_in_force: i64,
    /// E-mail addresses confirmed as the person's own, normalised.
    pub confirmed_addresses: Vec<String>,
    /// Postal addresses and postcodes confirmed as the person's own, normalised. For `address_confirmed`; not a CEL
    /// variable.
    #[serde(skip)]
    pub confirmed_postal: Vec<String>,
}

/// A child case, as its parent's (or sibling's) guards see it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChildFacts {
    pub id: CaseId,
    pub workflow: String,
    pub state: String,
    #[serde(rename = "final")]
    pub is_final: bool,
    /// Something that stands under it has not ended.
    pub open_below: bool,
    pub data: Value,
}

/// The case a case belongs to, as its guards see it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParentFacts {
    pub id: CaseId,
    pub workflow: String,
    pub state: String,
    #[serde(rename = "final")]
    pub is_final: bool,
    pub data: Value,
    /// Whoever acted on it, on the cases above it, and on those beside this one. For `not_involved: [parent.family]`;
    /// not a CEL variable.
    #[serde(skip)]
    pub family: BTreeSet<OfficerId>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyFacts {
    pub version: String,
    pub review_due: Option<NaiveDate>,
}

/// What a retention review has to know of the case it reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewFacts {
    pub case: ReviewedCase,
    /// What keeps the record by itself.
    pub held_by: BTreeSet<Hold>,
}

/// How it stands with the case under review.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReviewedCase {
    /// There is no such case of a frequent service user.
    #[default]
    None,
    Open,
    Ended,
    Disposed,
    /// It is about somebody else.
    OfAnother,
}

impl ReviewedCase {
    pub fn as_str(self) -> &'static str {
        match self {
            ReviewedCase::None => "none",
            ReviewedCase::Open => "open",
            ReviewedCase::Ended => "ended",
            ReviewedCase::Disposed => "disposed",
            ReviewedCase::OfAnother => "of_another",
        }
    }
}

/// What keeps a record, without anybody recording that it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    OpenCase,
    Order,
    StrategyInForce,
    UnansweredContact,
    MailOnItsWay,
}

impl Hold {
    pub const ALL: [Hold; 5] =
        [Hold::OpenCase, Hold::Order, Hold::StrategyInForce, Hold::UnansweredContact, Hold::MailOnItsWay];

    /// The word a workflow file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Hold::OpenCase => "open_case",
            Hold::Order => "order",
            Hold::StrategyInForce => "strategy_in_force",
            Hold::UnansweredContact => "unanswered_contact",
            Hold::MailOnItsWay => "mail_on_its_way",
        }
    }
}
