//! What changes about a contact after it was recorded. The fact itself never does.

use super::{Contact, leading, queues, strategy};
use crate::domain::ids::{CaseId, ContactId, PersonId};
use crate::store::{StoreError, json_without_nul};
use entities::contacts::{ActiveModel, Column, Entity};
use sea_orm::sea_query::{CaseStatement, Expr, SimpleExpr};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, Value};
use serde_json::json;
use uuid::Uuid;

/// So many rows change in one statement: the statement costs more than the comparing of its rows.
const ROWS_A_STATEMENT: usize = 50;

/// Writes verdict, place, reason and due date of these contacts, and how far people got with them; each at its next
/// version.
pub async fn set_findings(db: &impl ConnectionTrait, contacts: &[&Contact]) -> Result<(), StoreError> {
    for chunk in contacts.chunks(ROWS_A_STATEMENT) {
        let verdict = |contact: &Contact| Value::from(contact.verdict.as_ref().map(leading));
        let detail = |contact: &Contact| Value::from(contact.verdict.as_ref().map(|verdict| json!(verdict)));
        let against = |contact: &Contact| Value::from(contact.verdict.as_ref().and_then(strategy));
        let place = |contact: &Contact| Value::from(contact.place.as_str().to_owned());
        let because = |contact: &Contact| Value::from(contact.place_because.clone());
        let due = |contact: &Contact| Value::from(contact.read_due_at);
        let handling = |contact: &Contact| Value::from(contact.handling.as_str().to_owned());
        let ticks_owed = |contact: &Contact| Value::from(contact.ticks_owed);
        let ids: Vec<Uuid> = chunk.iter().map(|contact| contact.id.as_uuid()).collect();
        Entity::update_many()
            .col_expr(Column::Verdict, by_id(chunk, verdict))
            .col_expr(Column::VerdictDetail, by_id(chunk, detail))
            .col_expr(Column::StrategyId, by_id(chunk, against))
            .col_expr(Column::Place, by_id(chunk, place))
            .col_expr(Column::PlaceBecause, by_id(chunk, because))
            .col_expr(Column::ReadDueAt, by_id(chunk, due))
            .col_expr(Column::Handling, by_id(chunk, handling))
            .col_expr(Column::TicksOwed, by_id(chunk, ticks_owed))
            .col_expr(Column::Version, next_version())
            .filter(Column::Id.is_in(ids))
            .exec(db)
            .await?;
    }
    Ok(())
}

fn by_id(contacts: &[&Contact], value: impl Fn(&Contact) -> Value) -> SimpleExpr {
    let choose = |case: CaseStatement, contact: &&Contact| {
        case.case(Expr::col(Column::Id).eq(contact.id.as_uuid()), Expr::value(value(contact)))
    };
    contacts.iter().fold(CaseStatement::new(), choose).into()
}

fn next_version() -> SimpleExpr {
    Expr::col(Column::Version).add(1)
}

/// Whose the contact is. The caller measures it and everybody touched anew.
///
/// # Errors
/// `StaleVersion` when the contact is no longer at `contact.version`.
pub async fn set_attribution(db: &impl ConnectionTrait, contact: &Contact) -> Result<(), StoreError> {
    let change = ActiveModel {
        person_id: Set(contact.person.map(|person| person.as_uuid())),
        counts_for_id: Set(contact.counts_for.map(|person| person.as_uuid())),
        attribution: Set(contact.certainty.as_str().to_owned()),
        attribution_evidence: Set(json_without_nul(json!(contact.evidence))),
        counted: Set(contact.not_counted.is_none()),
        not_counted_because: Set(contact.not_counted.map(|because| because.as_str().to_owned())),
        handling: Set(contact.handling.as_str().to_owned()),
        ticks_owed: Set(contact.ticks_owed),
        ..Default::default()
    };
    write_over(db, contact, change).await
}

/// The case a contact lies with. The caller writes the contact's next version.
pub async fn set_case(db: &impl ConnectionTrait, id: ContactId, case: Option<CaseId>) -> Result<(), StoreError> {
    let change = ActiveModel { case_id: Set(case.map(CaseId::as_uuid)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::Id.eq(id.as_uuid())).exec(db).await?;
    Ok(())
}

/// How far people got with it, where it lies now, the flags they ticked, and who deals with it.
///
/// # Errors
/// `StaleVersion` when the contact is no longer at `contact.version`.
pub async fn set_handling(db: &impl ConnectionTrait, contact: &Contact) -> Result<(), StoreError> {
    let change = ActiveModel {
        flags: Set(json_without_nul(json!(contact.flags))),
        flagged: Set(!contact.flags.is_empty()),
        exempt: Set(contact.exempt),
        queues: Set(queues(contact)),
        ticks_owed: Set(contact.ticks_owed),
        handling: Set(contact.handling.as_str().to_owned()),
        place: Set(contact.place.as_str().to_owned()),
        place_because: Set(contact.place_because.clone()),
        read_due_at: Set(contact.read_due_at),
        ..Default::default()
    };
    write_over(db, contact, change).await
}

async fn write_over(db: &impl ConnectionTrait, contact: &Contact, change: ActiveModel) -> Result<(), StoreError> {
    let row = Entity::update_many()
        .set(ActiveModel { version: Set(contact.version + 1), ..change })
        .filter(Column::Id.eq(contact.id.as_uuid()))
        .filter(Column::Version.eq(contact.version));
    match row.exec(db).await?.rows_affected {
        0 => Err(StoreError::StaleVersion),
        _ => Ok(()),
    }
}

/// What was found to be from `person` counts for `root` from now on. The caller measures everybody touched anew.
pub async fn count_for(db: &impl ConnectionTrait, person: PersonId, root: PersonId) -> Result<(), StoreError> {
    let change = ActiveModel { counts_for_id: Set(Some(root.as_uuid())), ..Default::default() };
    Entity::update_many()
        .set(change)
        .filter(Column::PersonId.eq(person.as_uuid()))
        .filter(Column::CountsForId.is_not_null())
        .exec(db)
        .await?;
    Ok(())
}
