//! Our mails on their way out, and what became of them.

use crate::domain::ids::{CaseId, OutgoingId, PersonId};
use crate::store::people::uuids;
use crate::store::{StoreError, without_nul};
use chrono::{DateTime, Utc};
use entities::outgoing::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

pub use entities::outgoing::Model as OutgoingRow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutgoingState {
    Queued,
    /// An attempt is being made, or was cut off.
    Sending,
    Sent,
    /// The last attempt failed; its job tells whether there will be another.
    Failed,
    /// The last attempt broke off after the mail was handed over: it may have been taken. It is tried again.
    Uncertain,
    /// Refused for good. A person may try again.
    Dead,
    /// Taken back before it was sent. It is never sent.
    Cancelled,
}

impl OutgoingState {
    pub const ALL: [OutgoingState; 7] = [
        OutgoingState::Queued,
        OutgoingState::Sending,
        OutgoingState::Sent,
        OutgoingState::Failed,
        OutgoingState::Uncertain,
        OutgoingState::Dead,
        OutgoingState::Cancelled,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            OutgoingState::Queued => "queued",
            OutgoingState::Sending => "sending",
            OutgoingState::Sent => "sent",
            OutgoingState::Failed => "failed",
            OutgoingState::Uncertain => "uncertain",
            OutgoingState::Dead => "dead",
            OutgoingState::Cancelled => "cancelled",
        }
    }
}

/// What happened to a mail. `words` are the server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// It is on its way from here.
    Begun {
        at: DateTime<Utc>,
    },
    /// It may not go yet, and stays what it is until then.
    Waits {
        /// Unknown while nothing is sent at all.
        until: Option<DateTime<Utc>>,
        because: &'static str,
    },
    /// Somebody took it back.
    Cancelled,
    Sent {
        at: DateTime<Utc>,
    },
    Failed {
        words: String,
    },
    /// Nobody can know whether the server has it.
    Uncertain {
        words: String,
    },
    Dead {
        words: String,
    },
}

pub async fn insert(tx: &impl ConnectionTrait, row: OutgoingRow) -> Result<(), StoreError> {
    let row = OutgoingRow { subject: without_nul(row.subject), ..row };
    Entity::insert(row.into_active_model().reset_all()).exec_without_returning(tx).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: OutgoingId) -> Result<Option<OutgoingRow>, StoreError> {
    Ok(Entity::find_by_id(id.as_uuid()).one(db).await?)
}

/// To whom a mail of ours went, and because of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// As it was written.
    pub to: String,
    pub case: Option<CaseId>,
    pub person: Option<PersonId>,
}

/// Those of these mails that there are.
pub async fn written(
    db: &impl ConnectionTrait,
    ids: &[OutgoingId],
) -> Result<HashMap<OutgoingId, Written>, StoreError> {
    let mut found = HashMap::new();
    for some in ids.chunks(5_000) {
        let rows: Vec<(Uuid, String, Option<Uuid>, Option<Uuid>)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::ToAddress, Column::CaseId, Column::PersonId])
            .filter(Column::Id.is_in(some.iter().map(|id| id.as_uuid())))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|(id, to, case, person)| {
            let (case, person) = (case.map(CaseId::from_uuid), person.map(PersonId::from_uuid));
            (OutgoingId::from_uuid(id), Written { to, case, person })
        }));
    }
    Ok(found)
}

/// The addresses that mails of each of these cases went to, as they were written.
pub async fn addresses_of_cases(
    db: &impl ConnectionTrait,
    cases: &[CaseId],
) -> Result<Vec<(CaseId, String)>, StoreError> {
    let mut found = Vec::new();
    for some in cases.chunks(5_000) {
        let rows: Vec<(Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::CaseId, Column::ToAddress])
            .distinct()
            .filter(Column::CaseId.is_in(some.iter().map(|case| case.as_uuid())))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|(case, to)| (CaseId::from_uuid(case), to)));
    }
    Ok(found)
}

/// The mails sent or to be sent for a case, the oldest first.
pub async fn of_case(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<OutgoingRow>, StoreError> {
    let mails = Entity::find().filter(Column::CaseId.eq(case.as_uuid())).order_by_asc(Column::CreatedAt);
    Ok(mails.all(db).await?)
}

/// Writes down what happened. A mail that was sent stays sent.
pub async fn note(tx: &impl ConnectionTrait, id: OutgoingId, attempt: Attempt) -> Result<(), StoreError> {
    let of_mail = Entity::update_many()
        .filter(Column::Id.eq(id.as_uuid()))
        .filter(Column::State.ne(OutgoingState::Sent.as_str()));
    let state = |state: OutgoingState| Expr::value(state.as_str());
    let noted = match attempt {
        Attempt::Begun { at } => of_mail
            .col_expr(Column::State, state(OutgoingState::Sending))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(Column::TriedAt, Expr::value(at))
            .col_expr(Column::WaitsBecause, Expr::value(Option::<String>::None)),
        Attempt::Waits { until, because } => {
            of_mail.col_expr(Column::NotBefore, Expr::value(until)).col_expr(Column::WaitsBecause, Expr::value(because))
        }
        Attempt::Cancelled => of_mail
            .col_expr(Column::State, state(OutgoingState::Cancelled))
            .col_expr(Column::WaitsBecause, Expr::value(Option::<String>::None)),
        Attempt::Sent { at } => of_mail
            .col_expr(Column::State, state(OutgoingState::Sent))
            .col_expr(Column::SentAt, Expr::value(at))
            .col_expr(Column::LastError, Expr::value(Option::<String>::None)),
        Attempt::Failed { words } => of_mail
            .col_expr(Column::State, state(OutgoingState::Failed))
            .col_expr(Column::LastError, Expr::value(without_nul(words))),
        Attempt::Uncertain { words } => of_mail
            .col_expr(Column::State, state(OutgoingState::Uncertain))
            .col_expr(Column::LastError, Expr::value(without_nul(words))),
        Attempt::Dead { words } => of_mail
            .col_expr(Column::State, state(OutgoingState::Dead))
            .col_expr(Column::LastError, Expr::value(without_nul(words))),
    };
    noted.exec(tx).await?;
    Ok(())
}

/// The mails a budget counts.
#[derive(Clone, Copy, Debug)]
pub enum Counted<'a> {
    /// To this bare address in lower case.
    To(&'a str),
    OfCase(Uuid),
    All,
}

/// When the attempt began of the `n`th newest (1 is the newest) of the mails that may have left us since `since`, which
/// itself is not counted; `None` where there are fewer. The mail `but` does not count: it is the one that asks.
pub async fn nth_tried(
    tx: &impl ConnectionTrait,
    counted: Counted<'_>,
    (n, since): (u32, DateTime<Utc>),
    but: OutgoingId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let left = [OutgoingState::Sending, OutgoingState::Sent, OutgoingState::Uncertain].map(OutgoingState::as_str);
    let mails = Entity::find().filter(Column::TriedAt.gt(since)).filter(Column::State.is_in(left));
    let mails = mails.filter(Column::Id.ne(but.as_uuid()));
    let mails = match counted {
        Counted::To(recipient) => mails.filter(Column::Recipient.eq(recipient)),
        Counted::OfCase(case) => mails.filter(Column::CaseId.eq(case)),
        Counted::All => mails,
    };
    let found: Option<Option<DateTime<Utc>>> = mails
        .select_only()
        .column(Column::TriedAt)
        .order_by_desc(Column::TriedAt)
        .offset(u64::from(n.saturating_sub(1)))
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    Ok(found.flatten())
}

/// How many mails of this origin to this recipient were asked for since `since`, which itself is not counted, and not
/// taken back.
pub async fn asked_for(
    db: &impl ConnectionTrait,
    (origin, recipient): (&str, &str),
    since: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let mails = Entity::find()
        .filter(Column::Recipient.eq(recipient))
        .filter(Column::CreatedAt.gt(since))
        .filter(Column::Origin.eq(origin))
        .filter(Column::State.ne(OutgoingState::Cancelled.as_str()));
    Ok(mails.count(db).await?)
}

/// How many mails of this origin were asked for since `since`, which itself is not counted, to the recipient or the person
/// by whatever address, and not taken back.
pub async fn answers_to(
    db: &impl ConnectionTrait,
    origin: &str,
    (recipient, person): (&str, Option<PersonId>),
    since: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let theirs = Condition::any()
        .add(Column::Recipient.eq(recipient))
        .add_option(person.map(|person| Column::PersonId.eq(person.as_uuid())));
    let mails = Entity::find()
        .filter(theirs)
        .filter(Column::CreatedAt.gt(since))
        .filter(Column::Origin.eq(origin))
        .filter(Column::State.ne(OutgoingState::Cancelled.as_str()));
    Ok(mails.count(db).await?)
}

/// The mails that wait for this reason; at most `limit`.
pub async fn waiting_for(db: &impl ConnectionTrait, because: &str, limit: u64) -> Result<Vec<OutgoingId>, StoreError> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::WaitsBecause.eq(because))
        .order_by_asc(Column::CreatedAt)
        .limit(limit)
        .into_tuple()
        .all(db)
        .await?;
    Ok(ids.into_iter().map(OutgoingId::from_uuid).collect())
}

/// These mails wait for nothing any more.
pub async fn wait_no_more(tx: &impl ConnectionTrait, ids: &[OutgoingId]) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::WaitsBecause, Expr::value(Option::<String>::None))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
        .exec(tx)
        .await?;
    Ok(())
}

/// How much of our mail is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Not sent, not given up, not taken back.
    pub waiting: u64,
    /// Since when the oldest of them has waited, of those that wait for no budget and for no restart.
    pub oldest: Option<DateTime<Utc>>,
    /// Given up.
    pub dead: u64,
}

pub async fn queue(db: &impl ConnectionTrait) -> Result<Queue, StoreError> {
    let states = [OutgoingState::Queued, OutgoingState::Sending, OutgoingState::Failed, OutgoingState::Uncertain];
    let waiting = || Entity::find().filter(Column::State.is_in(states.map(OutgoingState::as_str)));
    let unhindered = waiting().filter(Column::WaitsBecause.is_null()).select_only();
    let oldest: Option<Option<DateTime<Utc>>> =
        unhindered.column_as(Column::CreatedAt.min(), "oldest").into_tuple().one(db).await?;
    let dead = Entity::find().filter(Column::State.eq(OutgoingState::Dead.as_str())).count(db).await?;
    Ok(Queue { waiting: waiting().count(db).await?, oldest: oldest.flatten(), dead })
}

/// What a list shows of a mail: nothing of what it says, nor to which address.
#[derive(Clone, Debug, FromQueryResult)]
pub struct OutgoingSummary {
    pub id: Uuid,
    pub state: String,
    pub origin: String,
    pub case_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub officer_id: Option<Uuid>,
    pub attempts: i32,
    pub created_at: DateTime<Utc>,
    pub tried_at: Option<DateTime<Utc>>,
    pub not_before: Option<DateTime<Utc>>,
    pub waits_because: Option<String>,
    pub sent_at: Option<DateTime<Utc>>,
}

impl From<OutgoingRow> for OutgoingSummary {
    fn from(mail: OutgoingRow) -> Self {
        Self {
            id: mail.id,
            state: mail.state,
            origin: mail.origin,
            case_id: mail.case_id,
            person_id: mail.person_id,
            officer_id: mail.officer_id,
            attempts: mail.attempts,
            created_at: mail.created_at,
            tried_at: mail.tried_at,
            not_before: mail.not_before,
            waits_because: mail.waits_because,
            sent_at: mail.sent_at,
        }
    }
}

/// Mails about none of the `hidden` people, the newest first, at most `limit`, after the one queued at a time under an id.
pub async fn list(
    db: &impl ConnectionTrait,
    (state, hidden): (Option<OutgoingState>, &[PersonId]),
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<OutgoingSummary>, StoreError> {
    let mut mails = Entity::find();
    if let Some(state) = state {
        mails = mails.filter(Column::State.eq(state.as_str()));
    }
    if !hidden.is_empty() {
        let of_others = Condition::any().add(Column::PersonId.is_null()).add(Column::PersonId.is_not_in(uuids(hidden)));
        mails = mails.filter(of_others);
    }
    if let Some((at, id)) = after {
        let same_time = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id));
        mails = mails.filter(Condition::any().add(Column::CreatedAt.lt(at)).add(same_time));
    }
    let columns = [
        Column::Id,
        Column::State,
        Column::Origin,
        Column::CaseId,
        Column::PersonId,
        Column::OfficerId,
        Column::Attempts,
        Column::CreatedAt,
        Column::TriedAt,
        Column::NotBefore,
        Column::WaitsBecause,
        Column::SentAt,
    ];
    let mails = mails.select_only().columns(columns).order_by_desc(Column::CreatedAt).order_by_desc(Column::Id);
    Ok(mails.limit(limit).into_model::<OutgoingSummary>().all(db).await?)
}
