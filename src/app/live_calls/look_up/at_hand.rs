//! What is to be kept to on a call from this number, by this person, from this place.

use crate::app::App;
use crate::app::cases::is_open;
use crate::app::live_calls::orders::{self, OrderInForce};
use crate::app::live_calls::plan::{self, plan_in_force, plan_of_case};
use crate::domain::ids::{CallerId, PersonId};
use crate::store::caller_markers::{self, Marker};
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::{StoreError, nominated_callers, people};
use sea_orm::ConnectionTrait;

/// Of one person, cases that are looked into.
const MOST_CASES: u64 = 50;

#[derive(Clone, Debug, Default)]
pub(in crate::app::live_calls) struct AtHand {
    pub(in crate::app::live_calls) markers: Vec<Marker>,
    pub(in crate::app::live_calls) plan: Option<String>,
}

/// Markers and the response plan. Where a call is known to come from decides; else the place the number is known at.
pub(in crate::app::live_calls) async fn at_hand(
    app: &App,
    db: &impl ConnectionTrait,
    (caller, person): (Option<CallerId>, Option<PersonId>),
    places: &[String],
) -> Result<AtHand, StoreError> {
    let members = members_of(db, person).await?;
    let callers: Vec<CallerId> = caller.into_iter().collect();
    let mut markers = caller_markers::in_force(db, &callers, &members, places).await?;
    if !places.is_empty() {
        markers.retain(|marker| marker.on.is_told_by(places));
    }
    let cases = match (caller, person) {
        // A case may have been taken up from calls, about somebody nobody knows yet.
        (Some(caller), None) => nominated_callers::cases_of_caller(db, caller).await?,
        _ => cases_of(db, &members).await?,
    };
    let plan = plan_in_force(&markers, plan_of(app, &cases), person);
    Ok(AtHand { markers, plan })
}

/// Every record that is this person.
pub(in crate::app::live_calls) async fn members_of(
    db: &impl ConnectionTrait,
    person: Option<PersonId>,
) -> Result<Vec<PersonId>, StoreError> {
    let Some(person) = person else { return Ok(Vec::new()) };
    let root = people::root(db, person).await?.unwrap_or(person);
    Ok(people::members(db, &[root]).await?.iter().map(|member| member.id).collect())
}

/// The cases in which a response plan or an order of theirs may stand.
pub(super) async fn cases_of(db: &impl ConnectionTrait, members: &[PersonId]) -> Result<Vec<CaseRow>, StoreError> {
    if members.is_empty() {
        return Ok(Vec::new());
    }
    let workflows = vec![plan::WORKFLOW.to_owned(), orders::WORKFLOW.to_owned()];
    let filter = CaseFilter { workflows, people: members.to_vec(), ..CaseFilter::default() };
    cases::list(db, &filter, None, MOST_CASES).await
}

/// The response plan of an open case; the latest case's where there are several.
pub(super) fn plan_of(app: &App, cases: &[CaseRow]) -> Option<String> {
    let open = cases.iter().filter(|row| row.workflow == plan::WORKFLOW && is_open(app, row));
    open.rev().find_map(|row| plan_of_case(&row.data))
}

/// The orders among these cases that bind today.
pub(super) fn orders_of(app: &App, cases: &[CaseRow]) -> Vec<OrderInForce> {
    orders::in_force(app, cases)
}

/// The place a call came from, where one is known.
pub(in crate::app::live_calls) fn place_of(location: Option<&str>) -> Vec<String> {
    location.map(str::trim).filter(|place| !place.is_empty()).map(str::to_owned).into_iter().collect()
}
