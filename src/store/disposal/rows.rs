//! Rows that are deleted. Whatever names another goes first.

use super::gravestone;
use crate::domain::attribution::Certainty;
use crate::domain::ids::{CaseId, PersonId};
use crate::store::people::uuids;
use crate::store::{StoreError, Tx};
use chrono::{DateTime, Utc};
use entities::*;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

/// The streams of what was erased.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    pub streams: Vec<Uuid>,
}

/// Erases what these cases recorded, their notices, letters, nominations, tasks and limits. Their rows stay, and say that
/// and when they were disposed of.
pub async fn erase_cases(tx: &Tx, ids: &[CaseId], at: DateTime<Utc>, under: CaseId) -> Result<Erased, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.as_uuid()).collect();
    let mut streams = ids.clone();
    let of_outgoing = Condition::all().add(outgoing::Column::CaseId.is_in(ids.clone()));
    streams.extend(erase_outgoing(tx, of_outgoing).await?);
    let of_nominations = Condition::all().add(nominations::Column::CaseId.is_in(ids.clone()));
    streams.extend(erase_nominations(tx, of_nominations).await?);
    delete::<notices::Entity>(tx, Condition::all().add(notices::Column::CaseId.is_in(ids.clone()))).await?;
    delete::<tasks::Entity>(tx, Condition::all().add(tasks::Column::CaseId.is_in(ids.clone()))).await?;
    delete::<broken_glass::Entity>(tx, Condition::all().add(broken_glass::Column::CaseId.is_in(ids.clone()))).await?;
    let of_limits = Condition::all().add(strategies_in_force::Column::CaseId.is_in(ids.clone()));
    delete::<strategies_in_force::Entity>(tx, of_limits).await?;
    let undecided = meeting_items::ActiveModel { decision: Set(None), ..Default::default() };
    let of_cases = Condition::all().add(item_preparations::Column::CaseId.is_in(ids.clone()));
    delete::<item_preparations::Entity>(tx, of_cases).await?;
    let of_cases = Condition::all().add(declared_interests::Column::CaseId.is_in(ids.clone()));
    delete::<declared_interests::Entity>(tx, of_cases).await?;
    erase_drafts(tx, &streams).await?;
    let of_items = meeting_items::Column::CaseId.is_in(ids.clone());
    meeting_items::Entity::update_many().set(undecided).filter(of_items).exec(tx).await?;
    let buried = cases::ActiveModel {
        data: Set(gravestone(at, under)),
        spoc_id: Set(None),
        due_at: Set(None),
        timer_at: Set(None),
        next_alert_at: Set(None),
        paused_until: Set(None),
        ..Default::default()
    };
    cases::Entity::update_many().set(buried).filter(cases::Column::Id.is_in(ids)).exec(tx).await?;
    Ok(Erased { streams })
}

/// Erases these records of one person: who they are, how they are recognised, and everything they sent. What was only
/// suggested to be theirs may be somebody else's: it stays, and is nobody's.
pub async fn erase_people(tx: &Tx, members: &[PersonId]) -> Result<Erased, StoreError> {
    let people = uuids(members);
    let mut streams = people.clone();
    unlink_suggested(tx, &people).await?;
    let theirs = Condition::any()
        .add(contacts::Column::PersonId.is_in(people.clone()))
        .add(contacts::Column::CountsForId.is_in(people.clone()));
    let contacts = found::<contacts::Entity>(tx, contacts::Column::Id, theirs).await?;
    streams.extend(erase_contacts(tx, &contacts).await?);
    let of_tasks = Condition::all().add(tasks::Column::PersonId.is_in(people.clone()));
    delete::<tasks::Entity>(tx, of_tasks).await?;
    let of_outgoing = Condition::all().add(outgoing::Column::PersonId.is_in(people.clone()));
    streams.extend(erase_outgoing(tx, of_outgoing).await?);
    let of_nominations = Condition::all().add(nominations::Column::PersonId.is_in(people.clone()));
    streams.extend(erase_nominations(tx, of_nominations).await?);
    let nobody = Expr::value(Option::<Uuid>::None);
    let of_people = callers::Column::PersonId.is_in(people.clone());
    callers::Entity::update_many().col_expr(callers::Column::PersonId, nobody).filter(of_people).exec(tx).await?;
    forget_screening(tx, &people).await?;
    streams.extend(erase_calls(tx, &people).await?);
    let of_people = identifiers::Column::PersonId.is_in(people.clone());
    delete::<identifiers::Entity>(tx, Condition::all().add(of_people)).await?;
    let of_people = adjustments::Column::PersonId.is_in(people.clone());
    delete::<adjustments::Entity>(tx, Condition::all().add(of_people)).await?;
    let of_people = complaints_about::Column::PersonId.is_in(people.clone());
    delete::<complaints_about::Entity>(tx, Condition::all().add(of_people)).await?;
    let of_people = equality_monitoring::Column::PersonId.is_in(people.clone());
    delete::<equality_monitoring::Entity>(tx, Condition::all().add(of_people)).await?;
    let merged = Condition::any()
        .add(person_merges::Column::KeptId.is_in(people.clone()))
        .add(person_merges::Column::MergedId.is_in(people.clone()));
    delete::<person_merges::Entity>(tx, merged).await?;
    erase_drafts(tx, &streams).await?;
    super::forget_person(tx, members).await?;
    let nobody = Expr::value(Option::<Uuid>::None);
    let of_people = people::Column::Id.is_in(people.clone());
    let unlinked = people::Entity::update_many().col_expr(people::Column::MergedInto, nobody);
    unlinked.filter(of_people.clone()).exec(tx).await?;
    delete::<people::Entity>(tx, Condition::all().add(of_people)).await?;
    Ok(Erased { streams })
}

/// Nominations, and that somebody looked at one and left it. Answers which they were.
async fn erase_nominations(tx: &Tx, which: Condition) -> Result<Vec<Uuid>, StoreError> {
    let ids = found::<nominations::Entity>(tx, nominations::Column::Id, which.clone()).await?;
    for some in ids.chunks(1000) {
        let left = nomination_looks::Column::NominationId.is_in(some.iter().copied());
        delete::<nomination_looks::Entity>(tx, Condition::all().add(left)).await?;
    }
    delete::<nominations::Entity>(tx, which).await?;
    Ok(ids)
}

/// What call takers recorded of their calls, and what they were told of them. A caller is known to be nobody any more.
async fn erase_calls(tx: &Tx, people: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let of_people = Condition::all().add(call_records::Column::PersonId.is_in(people.iter().copied()));
    let records = found::<call_records::Entity>(tx, call_records::Column::Id, of_people.clone()).await?;
    delete::<call_records::Entity>(tx, of_people).await?;
    for some in records.chunks(1000) {
        // What another system recorded of the call is that system's.
        let ours = Condition::all()
            .add(calls::Column::Id.is_in(some.iter().copied()))
            .add(calls::Column::System.eq(crate::store::call_records::SYSTEM.as_str()));
        delete::<calls::Entity>(tx, ours).await?;
    }
    let of_people = Condition::all().add(caller_markers::Column::PersonId.is_in(people.iter().copied()));
    let markers = found::<caller_markers::Entity>(tx, caller_markers::Column::Id, of_people.clone()).await?;
    delete::<caller_markers::Entity>(tx, of_people).await?;
    let nobody = Expr::value(Option::<Uuid>::None);
    let of_people = callers::Column::PersonId.is_in(people.iter().copied());
    callers::Entity::update_many().col_expr(callers::Column::PersonId, nobody).filter(of_people).exec(tx).await?;
    Ok([records, markers].concat())
}

/// What officers typed about any of these and did not send.
async fn erase_drafts(tx: &Tx, about: &[Uuid]) -> Result<(), StoreError> {
    for some in about.chunks(1000) {
        let which = Condition::all().add(drafts::Column::SubjectId.is_in(some.iter().copied()));
        delete::<drafts::Entity>(tx, which).await?;
    }
    Ok(())
}

/// What was decided about their mail, and about mail from their addresses while they were not known.
async fn forget_screening(tx: &Tx, people: &[Uuid]) -> Result<(), StoreError> {
    let theirs = identifiers::Entity::find()
        .filter(identifiers::Column::PersonId.is_in(people.iter().copied()))
        .select_only()
        .column(identifiers::Column::Value);
    let theirs: Vec<String> = theirs.into_tuple().all(tx).await?;
    let which = Condition::any()
        .add(screener_decisions::Column::PersonId.is_in(people.iter().copied()))
        .add(screener_decisions::Column::Address.is_in(theirs));
    delete::<screener_decisions::Entity>(tx, which).await
}

async fn unlink_suggested(tx: &Tx, people: &[Uuid]) -> Result<(), StoreError> {
    let nobodys = contacts::ActiveModel {
        person_id: Set(None),
        attribution: Set(Certainty::Unattributed.as_str().to_owned()),
        attribution_evidence: Set(json!([])),
        ..Default::default()
    };
    contacts::Entity::update_many()
        .set(nobodys)
        .col_expr(contacts::Column::Version, Expr::col(contacts::Column::Version).add(1))
        .filter(contacts::Column::PersonId.is_in(people.iter().copied()))
        .filter(contacts::Column::CountsForId.is_null())
        .filter(contacts::Column::Attribution.eq(Certainty::Suggested.as_str()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Mails of ours, what was reported of them, and the reports themselves: they quote what we wrote.
async fn erase_outgoing(tx: &Tx, which: Condition) -> Result<Vec<Uuid>, StoreError> {
    let mut streams = found::<outgoing::Entity>(tx, outgoing::Column::Id, which.clone()).await?;
    for some in streams.clone().chunks(500) {
        let reported = Condition::all().add(delivery_reports::Column::OutgoingId.is_in(some.iter().copied()));
        let reports = found::<delivery_reports::Entity>(tx, delivery_reports::Column::MailId, reported.clone()).await?;
        let marked = Condition::all().add(undeliverable_addresses::Column::OutgoingId.is_in(some.iter().copied()));
        let tried = Condition::all().add(outgoing_attempts::Column::OutgoingId.is_in(some.iter().copied()));
        delete::<outgoing_attempts::Entity>(tx, tried).await?;
        delete::<delivery_reports::Entity>(tx, reported).await?;
        delete::<undeliverable_addresses::Entity>(tx, marked).await?;
        let became = Condition::all().add(contacts::Column::MailId.is_in(reports));
        let became = found::<contacts::Entity>(tx, contacts::Column::Id, became).await?;
        streams.extend(erase_contacts(tx, &became).await?);
    }
    delete::<outgoing::Entity>(tx, which).await?;
    Ok(streams)
}

/// Contacts, and the mails that no other contact came from.
async fn erase_contacts(tx: &Tx, ids: &[Uuid]) -> Result<Vec<Uuid>, StoreError> {
    let mut streams = ids.to_vec();
    for some in ids.chunks(500) {
        let some = some.to_vec();
        let of_contacts = Condition::all().add(contacts::Column::Id.is_in(some.clone()));
        let mails: Vec<Option<Uuid>> = contacts::Entity::find()
            .filter(of_contacts.clone())
            .select_only()
            .column(contacts::Column::MailId)
            .into_tuple()
            .all(tx)
            .await?;
        delete::<tasks::Entity>(tx, Condition::all().add(tasks::Column::ContactId.is_in(some.clone()))).await?;
        let routes = Condition::all().add(mail_routes::Column::ContactId.is_in(some));
        delete::<mail_routes::Entity>(tx, routes).await?;
        delete::<contacts::Entity>(tx, of_contacts).await?;
        let mut mails: Vec<Uuid> = mails.into_iter().flatten().collect();
        let kept = Condition::all().add(contacts::Column::MailId.is_in(mails.clone()));
        let kept: Vec<Option<Uuid>> = contacts::Entity::find()
            .filter(kept)
            .select_only()
            .column(contacts::Column::MailId)
            .into_tuple()
            .all(tx)
            .await?;
        mails.retain(|mail| !kept.contains(&Some(*mail)));
        delete::<mail_routes::Entity>(tx, Condition::all().add(mail_routes::Column::MailId.is_in(mails.clone())))
            .await?;
        delete::<mail_deliveries::Entity>(
            tx,
            Condition::all().add(mail_deliveries::Column::MailId.is_in(mails.clone())),
        )
        .await?;
        delete::<mail_references::Entity>(
            tx,
            Condition::all().add(mail_references::Column::MailId.is_in(mails.clone())),
        )
        .await?;
        delete::<mail_bodies::Entity>(tx, Condition::all().add(mail_bodies::Column::MailId.is_in(mails.clone())))
            .await?;
        delete::<mails::Entity>(tx, Condition::all().add(mails::Column::Id.is_in(mails.clone()))).await?;
        streams.extend(mails);
    }
    Ok(streams)
}

async fn delete<E: EntityTrait>(db: &impl ConnectionTrait, which: Condition) -> Result<(), StoreError> {
    E::delete_many().filter(which).exec(db).await?;
    Ok(())
}

async fn found<E: EntityTrait>(
    db: &impl ConnectionTrait,
    id: E::Column,
    which: Condition,
) -> Result<Vec<Uuid>, StoreError> {
    Ok(E::find().filter(which).select_only().column(id).into_tuple().all(db).await?)
}
