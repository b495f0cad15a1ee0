//! Which message ids each mail names, and which cases mails that name them lie with.

use crate::domain::ids::{CaseId, MailId, PersonId};
use crate::store::StoreError;
use entities::contacts;
use entities::mail_references::{ActiveModel, Column, Entity};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// References a statement: SQLite takes 32,766 values.
const MANY: usize = 5_000;

/// Keeps what these mails name; what is kept already stays.
pub async fn keep(tx: &impl ConnectionTrait, named: Vec<(MailId, String)>) -> Result<(), StoreError> {
    let once = OnConflict::columns([Column::MailId, Column::Reference]).do_nothing().to_owned();
    for some in named.chunks(MANY) {
        let row = |(mail, reference): &(MailId, String)| ActiveModel {
            mail_id: Set(mail.as_uuid()),
            reference: Set(reference.clone()),
        };
        let rows = some.iter().map(row);
        Entity::insert_many(rows).on_conflict(once.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A contact of a case whose mail names a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    pub reference: String,
    pub case: CaseId,
    pub counts_for: Option<PersonId>,
}

/// The contacts that lie with a case and name one of these references, the newest first.
pub async fn in_cases(db: &impl ConnectionTrait, references: &[String]) -> Result<Vec<Shared>, StoreError> {
    let mut found = Vec::new();
    for some in references.chunks(MANY) {
        let rows: Vec<(String, Uuid, Option<Uuid>)> = Entity::find()
            .select_only()
            .column(Column::Reference)
            .columns([contacts::Column::CaseId, contacts::Column::CountsForId])
            .join(
                JoinType::InnerJoin,
                Entity::belongs_to(contacts::Entity).from(Column::MailId).to(contacts::Column::MailId).into(),
            )
            .filter(Column::Reference.is_in(some.to_vec()))
            .filter(contacts::Column::CaseId.is_not_null())
            .order_by_desc(contacts::Column::ReceivedAt)
            .order_by_desc(contacts::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|(reference, case, counts_for)| Shared {
            reference,
            case: CaseId::from_uuid(case),
            counts_for: counts_for.map(PersonId::from_uuid),
        }));
    }
    Ok(found)
}

/// Which message ids this mail names, its own among them.
pub async fn of_mail(db: &impl ConnectionTrait, mail: MailId) -> Result<Vec<String>, StoreError> {
    let named = Entity::find().filter(Column::MailId.eq(mail.as_uuid())).select_only().column(Column::Reference);
    Ok(named.into_tuple().all(db).await?)
}

/// The mails that name one of these ids, at most `limit`, the newest first.
pub async fn naming(db: &impl ConnectionTrait, references: &[String], limit: u64) -> Result<Vec<MailId>, StoreError> {
    let some: Vec<String> = references.iter().take(MANY).cloned().collect();
    if some.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find().filter(Column::Reference.is_in(some)).select_only().column(Column::MailId).distinct();
    let ids: Vec<Uuid> = found.order_by_desc(Column::MailId).limit(limit).into_tuple().all(db).await?;
    Ok(ids.into_iter().map(MailId::from_uuid).collect())
}
