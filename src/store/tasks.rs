//! What a person has to do, from its making to its being done.

use crate::domain::ids::{CaseId, ContactId, OfficerId, PersonId};
use crate::store::people::uuids;
use crate::store::{StoreError, without_nul};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entities::tasks::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

pub use entities::tasks::Model as TaskRow;

/// A task to be made. For an officer, or for anybody who holds a role.
#[derive(Clone, Debug)]
pub struct NewTask {
    pub id: Uuid,
    pub kind: &'static str,
    pub title: String,
    pub role: Option<String>,
    pub officer: Option<OfficerId>,
    pub case: Option<CaseId>,
    pub contact: Option<ContactId>,
    pub person: Option<PersonId>,
    pub due_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    /// What asked for it: the same cause never makes two tasks.
    pub cause: String,
}

/// Makes the tasks; one whose cause already made a task is left as it is.
pub async fn create(tx: &impl ConnectionTrait, tasks: Vec<NewTask>) -> Result<(), StoreError> {
    let keep_first = OnConflict::column(Column::Cause).do_nothing().to_owned();
    insert(tx, tasks, keep_first).await
}

/// Makes the tasks, or asks again for those that were made before: open, for whom and by when it is asked now.
pub async fn ask(tx: &impl ConnectionTrait, tasks: Vec<NewTask>) -> Result<(), StoreError> {
    let changing = [
        Column::Title,
        Column::Role,
        Column::OfficerId,
        Column::PersonId,
        Column::DueAt,
        Column::DoneAt,
        Column::DoneBy,
    ];
    insert(tx, tasks, OnConflict::column(Column::Cause).update_columns(changing).to_owned()).await
}

async fn insert(tx: &impl ConnectionTrait, tasks: Vec<NewTask>, again: OnConflict) -> Result<(), StoreError> {
    if tasks.is_empty() {
        return Ok(());
    }
    let rows: Vec<ActiveModel> = tasks.into_iter().map(row).collect();
    // SQLite takes 32,766 values in a statement; a task is 13.
    for chunk in rows.chunks(1000) {
        Entity::insert_many(chunk.to_vec()).on_conflict(again.clone()).exec_without_returning(tx).await?;
    }
    Ok(())
}

fn row(task: NewTask) -> ActiveModel {
    ActiveModel {
        id: Set(task.id),
        kind: Set(task.kind.to_owned()),
        title: Set(without_nul(task.title)),
        role: Set(task.role),
        officer_id: Set(task.officer.map(OfficerId::as_uuid)),
        case_id: Set(task.case.map(CaseId::as_uuid)),
        contact_id: Set(task.contact.map(ContactId::as_uuid)),
        person_id: Set(task.person.map(PersonId::as_uuid)),
        due_at: Set(task.due_at),
        created_at: Set(task.created_at),
        done_at: Set(None),
        done_by: Set(None),
        cause: Set(task.cause),
    }
}

/// Where a task without a day stands in the order of urgency: last.
pub fn no_day() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(9999, 1, 1).unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN).and_utc()
}

/// What an officer's tasks are not about.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    pub people: Vec<PersonId>,
    pub cases: Vec<CaseId>,
    /// What asked for them.
    pub causes: Vec<String>,
}

/// Open tasks for these officers by name, or for one of these roles; about nothing that is hidden from them; most urgent
/// first, at most `limit`, after the one that is due at a time under an id.
pub async fn open_for(
    db: &impl ConnectionTrait,
    officers: &[OfficerId],
    (roles, hidden): (&[String], &Hidden),
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut open = Entity::find().filter(waits_for(officers, roles, hidden));
    let urgency = || Expr::col(Column::DueAt).if_null(no_day());
    if let Some((due, id)) = after {
        let same_time = Condition::all().add(urgency().eq(due)).add(Column::Id.gt(id));
        open = open.filter(Condition::any().add(urgency().gt(due)).add(same_time));
    }
    Ok(open.order_by(urgency(), Order::Asc).order_by_asc(Column::Id).limit(limit).all(db).await?)
}

/// How many open tasks there are for these officers by name, or for one of these roles; nothing that is hidden from them counts.
pub async fn count_open_for(
    db: &impl ConnectionTrait,
    officers: &[OfficerId],
    (roles, hidden): (&[String], &Hidden),
) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(waits_for(officers, roles, hidden)).count(db).await?)
}

fn waits_for(officers: &[OfficerId], roles: &[String], hidden: &Hidden) -> Condition {
    let theirs = Condition::any()
        .add(Column::OfficerId.is_in(officers.iter().map(|officer| officer.as_uuid())))
        .add(Column::Role.is_in(roles.to_vec()));
    let mut open = Condition::all().add(Column::DoneAt.is_null()).add(theirs);
    if !hidden.people.is_empty() {
        let others = Column::PersonId.is_not_in(uuids(&hidden.people));
        open = open.add(Condition::any().add(Column::PersonId.is_null()).add(others));
    }
    if !hidden.cases.is_empty() {
        let others = Column::CaseId.is_not_in(hidden.cases.iter().map(|case| case.as_uuid()));
        open = open.add(Condition::any().add(Column::CaseId.is_null()).add(others));
    }
    if !hidden.causes.is_empty() {
        open = open.add(Column::Cause.is_not_in(hidden.causes.iter().map(String::as_str)));
    }
    open
}

/// Open tasks about one contact.
pub async fn open_on_contact(db: &impl ConnectionTrait, contact: ContactId) -> Result<Vec<Model>, StoreError> {
    let open = Entity::find().filter(Column::DoneAt.is_null()).filter(Column::ContactId.eq(contact.as_uuid()));
    Ok(open.order_by_asc(Column::CreatedAt).all(db).await?)
}

/// Every task about one contact, open or done.
pub async fn on_contact(db: &impl ConnectionTrait, contact: ContactId) -> Result<Vec<Model>, StoreError> {
    let asked = Entity::find().filter(Column::ContactId.eq(contact.as_uuid()));
    Ok(asked.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).all(db).await?)
}

/// Open tasks of one kind.
pub async fn open_of_kind(db: &impl ConnectionTrait, kind: &str) -> Result<Vec<Model>, StoreError> {
    Ok(Entity::find().filter(Column::DoneAt.is_null()).filter(Column::Kind.eq(kind)).all(db).await?)
}

/// Open tasks of these kinds about these contacts.
pub async fn open_on_contacts(
    db: &impl ConnectionTrait,
    contacts: &[ContactId],
    kinds: &[&str],
) -> Result<Vec<Model>, StoreError> {
    let mut found = Vec::new();
    for some in contacts.chunks(1_000) {
        let open = Entity::find().filter(Column::DoneAt.is_null()).filter(of_contacts(some, kinds));
        found.extend(open.all(db).await?);
    }
    Ok(found)
}

/// One task, open or done.
pub async fn find(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Model>, StoreError> {
    Ok(Entity::find_by_id(id).one(db).await?)
}

/// Marks open tasks as done; those already done keep who did them.
pub async fn settle(
    tx: &impl ConnectionTrait,
    which: Condition,
    by: Option<OfficerId>,
    at: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let done = ActiveModel { done_at: Set(Some(at)), done_by: Set(by.map(OfficerId::as_uuid)), ..Default::default() };
    let open = Condition::all().add(Column::DoneAt.is_null()).add(which);
    Ok(Entity::update_many().set(done).filter(open).exec(tx).await?.rows_affected)
}

/// What waits on an officer's own list for a case waits on another's from now on.
pub async fn hand_over_case(db: &impl ConnectionTrait, case: CaseId, to: Option<OfficerId>) -> Result<(), StoreError> {
    let change = ActiveModel { officer_id: Set(to.map(OfficerId::as_uuid)), ..Default::default() };
    let named = Entity::update_many().set(change).filter(Column::CaseId.eq(case.as_uuid()));
    named.filter(Column::DoneAt.is_null()).filter(Column::OfficerId.is_not_null()).exec(db).await?;
    Ok(())
}

/// The tasks of these kinds about a case.
pub fn of_case(case: CaseId, kinds: &[&str]) -> Condition {
    Condition::all().add(Column::CaseId.eq(case.as_uuid())).add(Column::Kind.is_in(kinds.iter().copied()))
}

/// The tasks about a case that something that begins like this asked for, but for those of the causes `but`.
pub fn caused_by(case: CaseId, beginning: &str, but: &[String]) -> Condition {
    let of_case = Condition::all().add(Column::CaseId.eq(case.as_uuid())).add(Column::Cause.starts_with(beginning));
    of_case.add(Column::Cause.is_not_in(but.iter().map(String::as_str)))
}

/// The tasks of a kind about these cases.
pub fn of_cases(cases: &[CaseId], kind: &str) -> Condition {
    let cases = cases.iter().map(|case| case.as_uuid());
    Condition::all().add(Column::CaseId.is_in(cases)).add(Column::Kind.eq(kind))
}

/// The tasks of these kinds about these contacts.
pub fn of_contacts(contacts: &[ContactId], kinds: &[&str]) -> Condition {
    let contacts = contacts.iter().map(|contact| contact.as_uuid());
    Condition::all().add(Column::ContactId.is_in(contacts)).add(Column::Kind.is_in(kinds.iter().copied()))
}

/// The tasks about a contact are about whoever it is from now.
pub async fn follow_contact(
    tx: &impl ConnectionTrait,
    contact: ContactId,
    person: Option<PersonId>,
) -> Result<(), StoreError> {
    let change = ActiveModel { person_id: Set(person.map(PersonId::as_uuid)), ..Default::default() };
    Entity::update_many().set(change).filter(Column::ContactId.eq(contact.as_uuid())).exec(tx).await?;
    Ok(())
}

/// The open tasks about a case are about this person from now.
pub async fn follow_case(tx: &impl ConnectionTrait, case: CaseId, person: PersonId) -> Result<(), StoreError> {
    let change = ActiveModel { person_id: Set(Some(person.as_uuid())), ..Default::default() };
    let open = Entity::update_many().set(change).filter(Column::DoneAt.is_null());
    open.filter(Column::CaseId.eq(case.as_uuid())).exec(tx).await?;
    Ok(())
}

/// Hands an officer's open tasks about contacts to everybody with `role`: all of them, or those about some people.
pub async fn hand_over_contacts(
    tx: &impl ConnectionTrait,
    officer: OfficerId,
    about: Option<&[PersonId]>,
    role: &str,
) -> Result<(), StoreError> {
    let theirs = Condition::all()
        .add(Column::DoneAt.is_null())
        .add(Column::OfficerId.eq(officer.as_uuid()))
        .add(Column::ContactId.is_not_null())
        .add_option(about.map(|people| Column::PersonId.is_in(uuids(people))));
    let change = ActiveModel { officer_id: Set(None), role: Set(Some(role.to_owned())), ..Default::default() };
    Entity::update_many().set(change).filter(theirs).exec(tx).await?;
    Ok(())
}

/// The task that this asked for.
pub fn with_cause(cause: &str) -> Condition {
    Condition::all().add(Column::Cause.eq(cause))
}

pub fn with_id(id: Uuid) -> Condition {
    Condition::all().add(Column::Id.eq(id))
}
