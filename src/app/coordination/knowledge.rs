//! What officers noted of a caller in cases, for whoever meets them again: it stands with the caller, and beside a later
//! case, for those who see the case that it was noted in (R81).

use super::calls_compared::callers_of;
use super::referrals;
use crate::app::callers::CASE;
use crate::app::{App, AppError, Shown, log_list};
use crate::domain::access::Actor;
use crate::domain::ids::{CallerId, CaseId, PersonId};
use crate::store::cases::CaseRow;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// Something that was noted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KnownOfCaller)]
pub struct Known {
    /// The case it was noted in.
    pub case_id: CaseId,
    /// `caller`, `partner_contact`, `what_helps` or `what_makes_it_worse`.
    pub about: String,
    pub knowledge: String,
    /// From whom, or how.
    pub known_from: String,
}

/// What was noted in every case about this caller that the officer sees, the latest case first; nothing for a system.
///
/// # Errors
/// What the store says, or where it cannot be written down that it was shown.
pub(crate) async fn known_of_caller(app: &App, actor: &Actor, caller: CallerId) -> Result<Vec<Known>, AppError> {
    let rows = seen(app, actor).await?;
    let callers = callers_of(app, &rows.iter().collect::<Vec<_>>()).await?;
    let theirs = |row: &&CaseRow| callers.get(&CaseId::from_uuid(row.id)).is_some_and(|all| all.contains(&caller));
    told(app, actor, rows.iter().filter(theirs)).await
}

/// What was noted in other cases about the same person or caller as this one.
///
/// # Errors
/// As for a caller.
pub async fn known_beside(app: &App, actor: &Actor, workflow: &str, case: CaseId) -> Result<Vec<Known>, AppError> {
    if workflow != CASE {
        return Ok(Vec::new());
    }
    let rows = seen(app, actor).await?;
    let Some(this) = rows.iter().find(|row| row.id == case.as_uuid()) else { return Ok(Vec::new()) };
    let callers = callers_of(app, &rows.iter().collect::<Vec<_>>()).await?;
    let none = BTreeSet::new();
    let of = |row: &CaseRow| callers.get(&CaseId::from_uuid(row.id)).unwrap_or(&none);
    let same = |row: &&CaseRow| {
        row.id != this.id
            && ((row.person_id.is_some() && row.person_id == this.person_id) || !of(row).is_disjoint(of(this)))
    };
    told(app, actor, rows.iter().filter(same)).await
}

async fn seen(app: &App, actor: &Actor) -> Result<Vec<CaseRow>, AppError> {
    match actor.officer() {
        Some(_) => Ok(referrals::of_reader(actor, referrals::rows(app, actor, &[]).await?)),
        None => Ok(Vec::new()),
    }
}

async fn told(
    app: &App,
    actor: &Actor,
    rows: impl DoubleEndedIterator<Item = &CaseRow>,
) -> Result<Vec<Known>, AppError> {
    let (mut known, mut shown) = (Vec::new(), Vec::new());
    for row in rows.rev() {
        let noted: Vec<Known> = noted(row).collect();
        if !noted.is_empty() {
            shown.push(Shown::of(row.id, row.person_id.map(PersonId::from_uuid)));
            known.extend(noted);
        }
    }
    if !shown.is_empty() {
        log_list(app, actor, "case", &shown).await?;
    }
    Ok(known)
}

fn noted(row: &CaseRow) -> impl Iterator<Item = Known> {
    let all = row.data.get("knowledge").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|one| {
        let text = |name: &str| one.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(Known {
            case_id: CaseId::from_uuid(row.id),
            about: text("about")?,
            knowledge: text("knowledge")?,
            known_from: text("knownFrom").unwrap_or_default(),
        })
    })
}
