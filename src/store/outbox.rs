//! Our mails with what they say and to whom: for whoever may read them. How they are sent is `outgoing`'s.

use super::outgoing::{OutgoingRow, OutgoingState};
use crate::domain::ids::{CaseId, MailId, OfficerId, OutgoingId, PersonId};
use crate::store::StoreError;
use crate::store::people::uuids;
use chrono::{DateTime, Utc};
use entities::outgoing::{Column, Entity};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use uuid::Uuid;

/// A mail of ours in a list.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Listed {
    pub id: Uuid,
    pub state: String,
    pub origin: String,
    pub subject: String,
    pub to_address: String,
    pub case_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub officer_id: Option<Uuid>,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    pub not_before: Option<DateTime<Utc>>,
    pub waits_because: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
}

/// Which mails.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub states: Vec<OutgoingState>,
    /// Only those this officer sent.
    pub by: Option<OfficerId>,
    /// About none of these people.
    pub hidden: Vec<PersonId>,
}

fn found(wanted: &Wanted) -> Select<Entity> {
    let mut mails = Entity::find().filter(Column::State.is_in(wanted.states.iter().map(|state| state.as_str())));
    if let Some(officer) = wanted.by {
        mails = mails.filter(Column::OfficerId.eq(officer.as_uuid()));
    }
    if !wanted.hidden.is_empty() {
        mails = mails.filter(of_others(&wanted.hidden));
    }
    mails
}

fn of_others(hidden: &[PersonId]) -> Condition {
    Condition::any().add(Column::PersonId.is_null()).add(Column::PersonId.is_not_in(uuids(hidden)))
}

/// The newest first, at most `limit`, after the one queued at a time under an id.
pub async fn list(
    db: &impl ConnectionTrait,
    wanted: &Wanted,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<Listed>, StoreError> {
    let mut mails = found(wanted);
    if let Some((at, id)) = after {
        let same_time = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id));
        mails = mails.filter(Condition::any().add(Column::CreatedAt.lt(at)).add(same_time));
    }
    let columns = [
        Column::Id,
        Column::State,
        Column::Origin,
        Column::Subject,
        Column::ToAddress,
        Column::CaseId,
        Column::PersonId,
        Column::OfficerId,
        Column::Attempts,
        Column::CreatedAt,
        Column::NotBefore,
        Column::WaitsBecause,
        Column::SentAt,
    ];
    let mails = mails.select_only().columns(columns).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
    Ok(mails.limit(limit).into_model::<Listed>().all(db).await?)
}

pub async fn count(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<u64, StoreError> {
    Ok(found(wanted).count(db).await?)
}

/// Our side of a conversation: what answers these mails, what they name, and what officers sent in this case; about none of the `hidden` people, the newest first, at most `limit`.
pub async fn in_conversation(
    db: &impl ConnectionTrait,
    (mails, named, case): (&[MailId], &[OutgoingId], Option<CaseId>),
    hidden: &[PersonId],
    limit: u64,
) -> Result<Vec<OutgoingRow>, StoreError> {
    let answers = Column::AnswersId.is_in(mails.iter().take(1_000).map(|mail| mail.as_uuid()));
    let ours = Column::Id.is_in(named.iter().take(1_000).map(|mail| mail.as_uuid()));
    let of_case =
        |case: CaseId| Condition::all().add(Column::CaseId.eq(case.as_uuid())).add(Column::Origin.eq("officer"));
    let any = Condition::any().add(answers).add(ours).add_option(case.map(of_case));
    let mut found = Entity::find().filter(any);
    if !hidden.is_empty() {
        found = found.filter(of_others(hidden));
    }
    Ok(found.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(limit).all(db).await?)
}
