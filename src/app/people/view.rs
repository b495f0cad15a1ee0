//! A person as callers read them: adjustments and vulnerability first.

use crate::app::App;
use crate::domain::access::ActorRef;
use crate::domain::calendar::london;
use crate::domain::ids::{AdjustmentId, CaseId, IdentifierId, OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::person::IdentifierKind;
use crate::domain::strategy::Limit;
use crate::store::StoreError;
use crate::store::adjustments::{self, Adjustment};
use crate::store::cases;
use crate::store::identifiers::{self, Identifier};
use crate::store::people::{self, Person};
use crate::store::strategies::{self, InForce};
use crate::store::undeliverable::{self, MarkRow};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

/// A service user, over all records that turned out to be this person.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Person)]
pub struct PersonView {
    pub id: PersonId,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    pub vulnerability: Vec<String>,
    pub targeted_victim: bool,
    pub reference: String,
    pub full_name: String,
    pub date_of_birth: Option<NaiveDate>,
    pub identifiers: Vec<IdentifierView>,
    pub strategy_in_force: Option<StrategyMarker>,
    /// Adjustments that ended or have not begun.
    pub other_adjustments: Vec<AdjustmentView>,
    /// Records merged into this one.
    pub merged: Vec<PersonId>,
    /// What `If-Match` names: `"v12"`.
    pub version: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Adjustment)]
pub struct AdjustmentView {
    pub id: AdjustmentId,
    pub kind: String,
    pub detail: String,
    pub since: NaiveDate,
    pub review_on: Option<NaiveDate>,
    /// The first day on which it no longer holds.
    pub ended_on: Option<NaiveDate>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Identifier)]
pub struct IdentifierView {
    pub id: IdentifierId,
    /// `email`, `telephone`, `postcode`, `address`, `handle`, `name` or `cad_reference`.
    pub kind: &'static str,
    /// As it is compared.
    pub value: String,
    /// As it was written.
    pub presented: String,
    /// `self`, `advocate`, `solicitor`, `mp`, `family`, `shared` or `organisation`.
    pub role: &'static str,
    /// `confirmed`, `claimed` or `suggested`.
    pub confidence: &'static str,
    pub source: String,
    #[schema(value_type = Option<Object>)]
    pub recorded_by: Option<ActorRef>,
    pub recorded_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// A mail to it came back as undeliverable: nothing is sent there for a time, unless it is confirmed again.
    pub undeliverable: Option<Undeliverable>,
}

/// Why nothing is sent to an address, and until when.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Undeliverable {
    pub since: DateTime<Utc>,
    pub until: DateTime<Utc>,
    /// What the server said (RFC 3463): `5.1.1`.
    pub status: Option<String>,
    /// The mail of ours that came back.
    pub outgoing_id: uuid::Uuid,
}

impl From<&MarkRow> for Undeliverable {
    fn from(mark: &MarkRow) -> Self {
        Self { since: mark.since, until: mark.until, status: mark.status.clone(), outgoing_id: mark.outgoing_id }
    }
}

impl IdentifierView {
    /// With whether mail can be delivered there.
    pub(crate) async fn load(
        db: &impl ConnectionTrait,
        identifier: Identifier,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let address = Some(identifier.value.as_str()).filter(|_| identifier.kind == IdentifierKind::Email);
        let mark = match address {
            Some(address) => undeliverable::mark_at(db, address, now).await?,
            None => None,
        };
        Ok(Self { undeliverable: mark.as_ref().map(Undeliverable::from), ..Self::from(identifier) })
    }

    pub(crate) async fn load_all(
        db: &impl ConnectionTrait,
        identifiers: Vec<Identifier>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Self>, StoreError> {
        let mail = identifiers.iter().filter(|identifier| identifier.kind == IdentifierKind::Email);
        let addresses: Vec<String> = mail.map(|identifier| identifier.value.clone()).collect();
        let marks = undeliverable::marks_at(db, &addresses, now).await?;
        let view = |identifier: Identifier| {
            let of_mail = identifier.kind == IdentifierKind::Email;
            let mark = marks.get(&identifier.value).filter(|_| of_mail);
            let undeliverable = mark.map(Undeliverable::from);
            Self { undeliverable, ..Self::from(identifier) }
        };
        Ok(identifiers.into_iter().map(view).collect())
    }
}

/// The limits that bind a person now.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StrategyMarker {
    /// The case of the strategy version.
    pub case_id: CaseId,
    pub spoc: Option<OfficerId>,
    pub effective_from: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    #[schema(value_type = Vec<Object>)]
    pub limits: Vec<Limit>,
}

impl PersonView {
    /// The person whom `person` stands for.
    pub(crate) async fn load(app: &App, db: &impl ConnectionTrait, person: &Person) -> Result<Self, StoreError> {
        let now = app.now();
        let members = people::members(db, &[person.id]).await?;
        let ids: Vec<PersonId> = members.iter().map(|member| member.id).collect();
        let today = london::date_of(now);
        let (in_force, other): (Vec<_>, Vec<_>) =
            adjustments::of_people(db, &ids).await?.into_iter().partition(|adjustment| adjustment.in_force(today));
        let in_force_now = marker(strategies::of_people(db, &[person.id]).await?, now);
        let shown: Vec<CaseId> = in_force_now.iter().map(|strategy| strategy.case_id).collect();
        let markings = cases::markings(db, &shown).await?;
        let mut vulnerability: Vec<String> = members.iter().flat_map(|member| member.vulnerability.clone()).collect();
        vulnerability.dedup();
        Ok(Self {
            id: person.id,
            marking: app.settings.marking.with(markings.into_values()),
            adjustments: in_force.into_iter().map(AdjustmentView::from).collect(),
            vulnerability,
            targeted_victim: members.iter().any(|member| member.targeted_victim),
            reference: person.reference.clone(),
            full_name: person.full_name.clone(),
            date_of_birth: person.date_of_birth,
            identifiers: IdentifierView::load_all(db, identifiers::of_people(db, &ids).await?, now).await?,
            strategy_in_force: in_force_now,
            other_adjustments: other.into_iter().map(AdjustmentView::from).collect(),
            merged: ids.into_iter().filter(|id| *id != person.id).collect(),
            version: person.version,
            created_at: person.created_at,
        })
    }
}

/// The strategy that binds at `now`, if any.
pub(crate) fn marker(strategies: Vec<(PersonId, InForce)>, now: DateTime<Utc>) -> Option<StrategyMarker> {
    let binding = strategies.into_iter().rev().find(|(_, in_force)| in_force.terms.bind(now));
    binding.map(|(_, in_force)| StrategyMarker {
        case_id: in_force.terms.strategy,
        spoc: in_force.spoc,
        effective_from: in_force.terms.effective_from,
        ends_at: in_force.terms.ends_at,
        limits: in_force.terms.limits,
    })
}

impl From<Adjustment> for AdjustmentView {
    fn from(adjustment: Adjustment) -> Self {
        Self {
            id: adjustment.id,
            kind: adjustment.kind,
            detail: adjustment.detail,
            since: adjustment.since,
            review_on: adjustment.review_on,
            ended_on: adjustment.ended_on,
        }
    }
}

impl From<Identifier> for IdentifierView {
    fn from(identifier: Identifier) -> Self {
        Self {
            id: identifier.id,
            kind: identifier.kind.as_str(),
            value: identifier.value,
            presented: identifier.presented,
            role: identifier.role.as_str(),
            confidence: identifier.confidence.as_str(),
            source: identifier.source,
            recorded_by: identifier.recorded_by,
            recorded_at: identifier.recorded_at,
            ended_at: identifier.ended_at,
            undeliverable: None,
        }
    }
}
