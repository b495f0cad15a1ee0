//! Our mails on their way out, and what became of them.

use crate::domain::ids::{CaseId, OutgoingId, PersonId};
use crate::store::{StoreError, without_nul};
use chrono::{DateTime, Utc};
use entities::outgoing::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
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
}

impl OutgoingState {
    pub fn as_str(self) -> &'static str {
        match self {
            OutgoingState::Queued => "queued",
            OutgoingState::Sending => "sending",
            OutgoingState::Sent => "sent",
            OutgoingState::Failed => "failed",
            OutgoingState::Uncertain => "uncertain",
            OutgoingState::Dead => "dead",
        }
    }
}

/// What happened to a mail. `words` are the server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    Begun,
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
        Attempt::Begun => of_mail
            .col_expr(Column::State, state(OutgoingState::Sending))
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1)),
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
