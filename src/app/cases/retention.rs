//! What a retention review has to know: how it stands with the case it reviews, and what keeps the record by itself.

use super::pinned;
use crate::app::{App, AppError};
use crate::domain::case::Case;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::workflow::scope::{Hold, ReviewFacts, ReviewedCase};
use crate::store::cases::{self, CaseFilter, CaseRow};
use crate::store::{Tx, disposal, people, strategies};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const RETENTION_REVIEW: &str = "retention-review";
const REVIEWED: &str = "frequent-service-user";
const ORDER: &str = "enforcement-order";
/// More than anybody has.
const MOST_CASES: u64 = 5_000;

/// The case that these data of a retention review name.
pub(super) fn reviewed(data: &Value) -> Option<CaseId> {
    data.get("reviewedCase")?.as_str()?.parse().ok()
}

/// Where the case is a retention review: keeps everybody else from opening anything about the person, or under the case
/// reviewed, until this write ends. Ask before the facts are gathered.
pub(super) async fn hold_reviewed(tx: &Tx, review: &Case) -> Result<(), AppError> {
    match reviewed(&review.data).filter(|_| review.workflow == RETENTION_REVIEW) {
        Some(reviewed) => hold_record(tx, reviewed).await,
        None => Ok(()),
    }
}

/// Keeps a disposal of this case, of what it belongs to, or of its person from going on until this write ends.
///
/// # Errors
/// `NotFound` where it was disposed of, or never was.
pub(super) async fn hold_not_disposed(tx: &Tx, id: CaseId) -> Result<(), AppError> {
    hold_record(tx, id).await?;
    match cases::find_row(tx, id).await? {
        Some(row) if !disposal::is_gravestone(&row.data) => Ok(()),
        _ => Err(AppError::NotFound),
    }
}

/// Holds the case, the topmost one above it, and the person.
async fn hold_record(tx: &Tx, id: CaseId) -> Result<(), AppError> {
    let mut ids = vec![id.as_uuid()];
    let mut above = Some(id);
    while let Some(id) = above {
        let Some(row) = cases::find_row(tx, id).await? else { break };
        above = row.parent_id.map(CaseId::from_uuid);
        if above.is_none() {
            ids.push(row.id);
        }
        if let Some(person) = row.person_id.map(PersonId::from_uuid) {
            ids.push(people::root(tx, person).await?.unwrap_or(person).as_uuid());
        }
    }
    Ok(crate::store::hold(tx, &ids).await?)
}

/// Everything that is on file of the person whose case is reviewed.
pub(super) struct OnFile {
    /// Every record of the person; empty where the case is about nobody on file.
    pub(super) members: Vec<PersonId>,
    /// The case under review and what was opened under it.
    pub(super) reviewed: Vec<CaseRow>,
    /// The person's other cases but for retention reviews and what was disposed of.
    pub(super) others: Vec<CaseRow>,
    /// Every retention review about the person.
    pub(super) reviews: Vec<CaseRow>,
}

impl OnFile {
    pub(super) async fn of(db: &impl ConnectionTrait, row: CaseRow) -> Result<Self, AppError> {
        let members = match row.person_id.map(PersonId::from_uuid) {
            Some(person) => members(db, person).await?,
            None => Vec::new(),
        };
        let below = cases::below(db, CaseId::from_uuid(row.id)).await?;
        let reviewed: Vec<CaseRow> = [row].into_iter().chain(below).collect();
        let under: BTreeSet<_> = reviewed.iter().map(|row| row.id).collect();
        let about = if members.is_empty() {
            Vec::new()
        } else {
            let filter = CaseFilter { people: members.clone(), ..CaseFilter::default() };
            cases::list(db, &filter, None, MOST_CASES).await?
        };
        let left = about.into_iter().filter(|row| !under.contains(&row.id) && !disposal::is_gravestone(&row.data));
        let (reviews, others) = left.partition(|row| row.workflow == RETENTION_REVIEW);
        Ok(Self { members, reviewed, others, reviews })
    }
}

async fn members(db: &impl ConnectionTrait, person: PersonId) -> Result<Vec<PersonId>, AppError> {
    let root = people::root(db, person).await?.unwrap_or(person);
    Ok(people::members(db, &[root]).await?.iter().map(|member| member.id).collect())
}

/// Nothing, where the case is no retention review.
pub(super) async fn facts(app: &App, db: &impl ConnectionTrait, case: &Case) -> Result<ReviewFacts, AppError> {
    if case.workflow != RETENTION_REVIEW {
        return Ok(ReviewFacts::default());
    }
    let row = match reviewed(&case.data) {
        Some(id) => cases::find_row(db, id).await?.filter(|row| row.workflow == REVIEWED),
        None => None,
    };
    let Some(row) = row else { return Ok(ReviewFacts::default()) };
    if disposal::is_gravestone(&row.data) {
        return Ok(ReviewFacts { case: ReviewedCase::Disposed, held_by: BTreeSet::new() });
    }
    let stands = if !is_about_the_same(db, case, &row).await? {
        ReviewedCase::OfAnother
    } else if has_ended(app, db, &row).await? {
        ReviewedCase::Ended
    } else {
        ReviewedCase::Open
    };
    Ok(ReviewFacts { case: stands, held_by: holds(app, db, row).await? })
}

async fn is_about_the_same(db: &impl ConnectionTrait, review: &Case, row: &CaseRow) -> Result<bool, AppError> {
    let (Some(one), Some(other)) = (review.person, row.person_id.map(PersonId::from_uuid)) else {
        return Ok(review.person.is_none() && row.person_id.is_none());
    };
    let roots = people::roots(db, &[one, other]).await?;
    Ok(roots.get(&one).is_some_and(|root| roots.get(&other) == Some(root)))
}

async fn has_ended(app: &App, db: &impl ConnectionTrait, row: &CaseRow) -> Result<bool, AppError> {
    let workflow = pinned::workflow(app, db, &row.content_hash).await?;
    Ok(workflow.is_final(&row.state))
}

async fn holds(app: &App, db: &impl ConnectionTrait, row: CaseRow) -> Result<BTreeSet<Hold>, AppError> {
    let on_file = OnFile::of(db, row).await?;
    let mut holds = BTreeSet::new();
    for row in on_file.reviewed.iter().chain(&on_file.others) {
        if !has_ended(app, db, row).await? {
            holds.insert(if row.workflow == ORDER { Hold::Order } else { Hold::OpenCase });
        }
    }
    let now = app.now();
    for (_, in_force) in strategies::of_people(db, &on_file.members).await? {
        let lifted = in_force.terms.lifted_at.is_some_and(|lifted| lifted <= now);
        if !lifted && in_force.terms.ends_at > now {
            holds.insert(Hold::StrategyInForce);
        }
    }
    if disposal::waits_for_somebody(db, &on_file.members).await? {
        holds.insert(Hold::UnansweredContact);
    }
    let cases: Vec<CaseId> = on_file.reviewed.iter().map(|row| CaseId::from_uuid(row.id)).collect();
    if disposal::mails_on_their_way(db, &on_file.members, &cases).await? {
        holds.insert(Hold::MailOnItsWay);
    }
    Ok(holds)
}
