//! Cases: their histories are the truth, one row each is what lists read.

use crate::domain::case::{Case, CaseEvent, Happening};
use crate::domain::ids::{CaseId, EventId, OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::store::events::{self, Event, NewEvent, Stream};
use crate::store::page::once;
use crate::store::{StoreError, Tx, disposal, json_without_nul};
use chrono::{DateTime, NaiveDate, Utc};
use entities::cases::{ActiveModel, Column, Entity, Model};
use entities::workflow_definitions;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

pub use entities::cases::Model as CaseRow;

/// When a case should be left, when its clock strikes and when somebody is told, as the workflow says of its present
/// state.
#[derive(Clone, Copy, Debug, Default)]
pub struct Due {
    pub due_at: Option<DateTime<Utc>>,
    pub timer_at: Option<DateTime<Utc>>,
    pub next_alert_at: Option<DateTime<Utc>>,
    pub paused_until: Option<NaiveDate>,
}

/// The case its events amount to; `None` where there is none, or where it was disposed of.
///
/// # Errors
/// `Corrupt` where an event cannot be read.
pub async fn load(db: &impl ConnectionTrait, id: CaseId) -> Result<Option<Case>, StoreError> {
    let history = events::load(db, id.as_uuid()).await?;
    if history.first().is_some_and(|event| disposal::is_disposed(&event.data).is_some()) {
        return Ok(None);
    }
    let events: Vec<CaseEvent> = history.into_iter().map(read_event).collect::<Result<_, _>>()?;
    Ok(Case::replay(id, &events))
}

/// The events of a case in order, each with its own id.
pub async fn history(db: &impl ConnectionTrait, id: CaseId) -> Result<Vec<(EventId, CaseEvent)>, StoreError> {
    events::load(db, id.as_uuid()).await?.into_iter().map(|event| Ok((event.id, read_event(event)?))).collect()
}

/// At most `limit` events of a case after the one numbered `seq`, each with its id and number.
pub async fn history_after(
    db: &impl ConnectionTrait,
    id: CaseId,
    seq: i64,
    limit: u64,
) -> Result<Vec<(i64, EventId, CaseEvent)>, StoreError> {
    let events = events::load_after(db, id.as_uuid(), seq, limit).await?.into_iter();
    events.map(|event| Ok((event.seq, event.id, read_event(event)?))).collect()
}

fn read_event(event: Event) -> Result<CaseEvent, StoreError> {
    let what: Happening =
        serde_json::from_value(event.data).map_err(|_source| StoreError::Corrupt { what: "event" })?;
    Ok(CaseEvent { at: event.at, actor: event.actor, what })
}

/// Appends the events after `expected` earlier ones and writes the case's row.
///
/// # Errors
/// `StaleVersion` where somebody else wrote first.
pub async fn append(
    tx: &Tx,
    case: &Case,
    ids_and_events: Vec<(EventId, CaseEvent)>,
    due: Due,
) -> Result<(), StoreError> {
    let count = i64::try_from(ids_and_events.len()).unwrap_or(i64::MAX);
    let new = ids_and_events.into_iter().map(|(id, event)| NewEvent {
        id,
        at: event.at,
        actor: event.actor,
        kind: event.what.kind().to_owned(),
        data: serde_json::to_value(&event.what).unwrap_or_default(),
    });
    events::append(tx, Stream::Case, case.id.as_uuid(), case.version - count, new.collect()).await?;
    write_row(tx, case, due).await
}

async fn write_row(tx: &impl ConnectionTrait, case: &Case, due: Due) -> Result<(), StoreError> {
    let row = ActiveModel {
        id: Set(case.id.as_uuid()),
        workflow: Set(case.workflow.clone()),
        workflow_version: Set(case.workflow_version.to_string()),
        content_hash: Set(case.content_hash.clone()),
        state: Set(case.state.clone()),
        version: Set(case.version),
        person_id: Set(case.person.map(PersonId::as_uuid)),
        parent_id: Set(case.parent.map(CaseId::as_uuid)),
        spoc_id: Set(case.spoc().map(OfficerId::as_uuid)),
        data: Set(json_without_nul(case.data.clone())),
        opened_at: Set(case.opened_at),
        updated_at: Set(case.updated_at),
        state_since: Set(case.state_since),
        due_at: Set(due.due_at),
        timer_at: Set(due.timer_at),
        next_alert_at: Set(due.next_alert_at),
        paused_until: Set(due.paused_until),
        marking: Set(case.marking.as_str().to_owned()),
    };
    let changing = [
        Column::WorkflowVersion,
        Column::ContentHash,
        Column::State,
        Column::Version,
        Column::PersonId,
        Column::SpocId,
        Column::Data,
        Column::UpdatedAt,
        Column::StateSince,
        Column::DueAt,
        Column::TimerAt,
        Column::NextAlertAt,
        Column::PausedUntil,
        Column::Marking,
    ];
    let or_update = OnConflict::column(Column::Id).update_columns(changing).to_owned();
    Entity::insert(row).on_conflict(or_update).exec_without_returning(tx).await?;
    Ok(())
}

/// When a case first came into `state` by somebody's step; `None` where none ever did.
pub async fn first_in_state(db: &impl ConnectionTrait, state: &str) -> Result<Option<DateTime<Utc>>, StoreError> {
    use entities::events::{Column as C, Entity as Events};
    const MOST_AT_ONCE: u64 = 500;
    let (mut after, mut at_once) = (0, 20);
    // No index knows what an event says. The first such event is among the first of all, so few are read; where no
    // meeting was ever planned there is none.
    if entities::meetings::Entity::find().one(db).await?.is_none() {
        return Ok(None);
    }
    loop {
        let of_cases = Events::find().filter(C::Stream.eq(Stream::Case.as_str())).filter(C::Kind.eq("acted"));
        let page = of_cases.filter(C::Position.gt(after)).order_by_asc(C::Position).limit(at_once).all(db).await?;
        let reached = page.iter().find(|event| event.data.get("to").and_then(|to| to.as_str()) == Some(state));
        if let Some(reached) = reached {
            return Ok(Some(reached.at));
        }
        match page.last() {
            Some(last) => (after, at_once) = (last.position, MOST_AT_ONCE.min(at_once * 5)),
            None => return Ok(None),
        }
    }
}

pub async fn find_row(db: &impl ConnectionTrait, id: CaseId) -> Result<Option<Model>, StoreError> {
    let ask = async { Ok(Entity::find_by_id(id.as_uuid()).one(db).await?) };
    once("cases::find_row", vec![id.as_uuid()], ask).await
}

pub async fn find_rows(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Model>, StoreError> {
    let mut found = Vec::new();
    for some in ids.chunks(1000) {
        found.extend(Entity::find().filter(Column::Id.is_in(some.iter().copied())).all(db).await?);
    }
    Ok(found)
}

/// The markings of these cases; nothing of one that is not there.
///
/// # Errors
/// `Corrupt` where a marking cannot be read: it is never taken for a lower one.
pub async fn markings(db: &impl ConnectionTrait, cases: &[CaseId]) -> Result<BTreeMap<CaseId, Marking>, StoreError> {
    if cases.is_empty() {
        return Ok(BTreeMap::new());
    }
    let of_these = Entity::find().filter(Column::Id.is_in(cases.iter().map(|case| case.as_uuid())));
    let rows: Vec<(Uuid, String)> =
        of_these.select_only().columns([Column::Id, Column::Marking]).into_tuple().all(db).await?;
    rows.into_iter().map(|(id, marking)| Ok((CaseId::from_uuid(id), read_marking(&marking)?))).collect()
}

/// Every marking some case bears.
pub async fn markings_in_use(db: &impl ConnectionTrait) -> Result<Vec<Marking>, StoreError> {
    let found = Entity::find().select_only().column(Column::Marking).distinct().into_tuple::<String>().all(db).await?;
    found.iter().map(|marking| read_marking(marking)).collect()
}

/// # Errors
/// `Corrupt` where it is none.
pub fn read_marking(text: &str) -> Result<Marking, StoreError> {
    text.parse().map_err(|_unreadable| StoreError::Corrupt { what: "a marking" })
}

/// Every case below this one, however deep; a case comes after the one it stands under.
pub async fn below(db: &impl ConnectionTrait, case: CaseId) -> Result<Vec<Model>, StoreError> {
    let (mut found, mut level) = (Vec::new(), vec![case.as_uuid()]);
    while !level.is_empty() {
        let below = Entity::find().filter(Column::ParentId.is_in(level)).order_by_asc(Column::Id).all(db).await?;
        level = below.iter().map(|child| child.id).collect();
        found.extend(below);
    }
    Ok(found)
}

/// Whom each of these cases is about; a case about nobody on file is left out.
pub async fn people(db: &impl ConnectionTrait, ids: &[CaseId]) -> Result<BTreeMap<CaseId, PersonId>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(Uuid, Option<Uuid>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::PersonId])
        .filter(Column::Id.is_in(ids.iter().map(|id| id.as_uuid())))
        .into_tuple()
        .all(db)
        .await?;
    let known = |(case, person): (Uuid, Option<Uuid>)| Some((CaseId::from_uuid(case), PersonId::from_uuid(person?)));
    Ok(rows.into_iter().filter_map(known).collect())
}

/// The case that this one stands under in the end; itself where it stands alone.
pub async fn topmost(db: &impl ConnectionTrait, case: CaseId) -> Result<CaseId, StoreError> {
    let mut top = case;
    while let Some(parent) = find_row(db, top).await?.and_then(|row| row.parent_id) {
        top = CaseId::from_uuid(parent);
    }
    Ok(top)
}

/// Child cases, oldest first.
pub async fn children(db: &impl ConnectionTrait, parent: CaseId) -> Result<Vec<Model>, StoreError> {
    let children = Entity::find().filter(Column::ParentId.eq(parent.as_uuid())).order_by_asc(Column::Id);
    let ask = async { Ok(children.all(db).await?) };
    once("cases::children", vec![parent.as_uuid()], ask).await
}

/// What a list of cases is narrowed to; an empty list of something means any.
#[derive(Clone, Debug, Default)]
pub struct CaseFilter {
    pub workflows: Vec<String>,
    pub states: Vec<String>,
    pub person: Option<PersonId>,
    /// About any of these records.
    pub people: Vec<PersonId>,
    /// Whose point of contact is one of these.
    pub spocs: Vec<OfficerId>,
    /// With `spocs`: cases of these types too.
    pub or_workflows: Vec<String>,
    pub parent: Option<CaseId>,
    /// Only cases whose state should have been left by this instant.
    pub overdue_at: Option<DateTime<Utc>>,
    /// Only cases about none of these people: whoever complained about the reader.
    pub hidden_people: Vec<PersonId>,
}

impl CaseFilter {
    fn condition(&self) -> Condition {
        let mut all = Condition::all();
        if !self.workflows.is_empty() {
            all = all.add(Column::Workflow.is_in(self.workflows.clone()));
        }
        if !self.states.is_empty() {
            all = all.add(Column::State.is_in(self.states.clone()));
        }
        if let Some(person) = self.person {
            all = all.add(Column::PersonId.eq(person.as_uuid()));
        }
        if !self.people.is_empty() {
            all = all.add(Column::PersonId.is_in(self.people.iter().map(|person| person.as_uuid())));
        }
        if !self.spocs.is_empty() {
            let own = Condition::any().add(Column::SpocId.is_in(self.spocs.iter().map(|spoc| spoc.as_uuid())));
            all = all.add(own.add(Column::Workflow.is_in(self.or_workflows.clone())));
        }
        if let Some(parent) = self.parent {
            all = all.add(Column::ParentId.eq(parent.as_uuid()));
        }
        if let Some(now) = self.overdue_at {
            all = all.add(Column::DueAt.lte(now));
        }
        if !self.hidden_people.is_empty() {
            let hidden = self.hidden_people.iter().map(|person| person.as_uuid());
            let visible = Condition::any().add(Column::PersonId.is_null()).add(Column::PersonId.is_not_in(hidden));
            all = all.add(visible);
        }
        all
    }
}

/// Cases with an id after `after`, in order of opening, at most `limit`.
pub async fn list(
    db: &impl ConnectionTrait,
    filter: &CaseFilter,
    after: Option<CaseId>,
    limit: u64,
) -> Result<Vec<Model>, StoreError> {
    let mut found = Entity::find().filter(filter.condition());
    if let Some(after) = after {
        found = found.filter(Column::Id.gt(after.as_uuid()));
    }
    Ok(found.order_by_asc(Column::Id).limit(limit).all(db).await?)
}

/// How many cases there are.
pub async fn count(db: &impl ConnectionTrait, filter: &CaseFilter) -> Result<u64, StoreError> {
    Ok(Entity::find().filter(filter.condition()).count(db).await?)
}

/// Every case pinned to a version of a case type, in order of opening.
pub async fn of_version(db: &impl ConnectionTrait, key: &str, version: u32) -> Result<Vec<CaseId>, StoreError> {
    let pinned =
        Entity::find().filter(Column::Workflow.eq(key)).filter(Column::WorkflowVersion.eq(version.to_string()));
    let ids = pinned.order_by_asc(Column::Id).select_only().column(Column::Id).into_tuple().all(db).await?;
    Ok(ids.into_iter().map(CaseId::from_uuid).collect())
}

/// An instant at which something is due, and the case it is due of.
pub type DueOf = (DateTime<Utc>, CaseId);

/// Cases whose clock has struck by `now`, the earliest first, at most `limit`, after the one given.
pub async fn with_timer_due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    after: Option<DueOf>,
    limit: u64,
) -> Result<Vec<DueOf>, StoreError> {
    due_by(db, Column::TimerAt, now, (after, limit)).await
}

/// Cases of which somebody is to be told something by `now`, the earliest first, at most `limit`, after the one given.
pub async fn with_alert_due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    after: Option<DueOf>,
    limit: u64,
) -> Result<Vec<DueOf>, StoreError> {
    due_by(db, Column::NextAlertAt, now, (after, limit)).await
}

async fn due_by(
    db: &impl ConnectionTrait,
    instant: Column,
    now: DateTime<Utc>,
    (after, limit): (Option<DueOf>, u64),
) -> Result<Vec<DueOf>, StoreError> {
    let mut due = Entity::find().filter(instant.lte(now));
    if let Some((at, case)) = after {
        let same_time = Condition::all().add(instant.eq(at)).add(Column::Id.gt(case.as_uuid()));
        due = due.filter(Condition::any().add(instant.gt(at)).add(same_time));
    }
    let page = due.order_by_asc(instant).order_by_asc(Column::Id).limit(limit);
    let rows: Vec<(DateTime<Utc>, Uuid)> =
        page.select_only().columns([instant, Column::Id]).into_tuple().all(db).await?;
    Ok(rows.into_iter().map(|(at, id)| (at, CaseId::from_uuid(id))).collect())
}

/// Keeps when somebody is told next, for the case as it was read.
///
/// # Errors
/// `StaleVersion` where the case moved on meanwhile: it has another time by now.
pub async fn told(tx: &Tx, case: &Case, next_alert_at: Option<DateTime<Utc>>) -> Result<(), StoreError> {
    let change = ActiveModel { next_alert_at: Set(next_alert_at), ..Default::default() };
    let as_read = Entity::update_many()
        .set(change)
        .filter(Column::Id.eq(case.id.as_uuid()))
        .filter(Column::Version.eq(case.version));
    let changed = as_read.exec(tx).await?.rows_affected;
    if changed == 1 { Ok(()) } else { Err(StoreError::StaleVersion) }
}

/// Keeps a definition for as long as a case is pinned to it. Quietly once: the hash says that it is the same.
pub async fn keep_definition(
    tx: &impl ConnectionTrait,
    (content_hash, key, version): (&str, &str, u32),
    bundle: Value,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = workflow_definitions::ActiveModel {
        content_hash: Set(content_hash.to_owned()),
        key: Set(key.to_owned()),
        version: Set(version.to_string()),
        bundle: Set(bundle),
        stored_at: Set(at),
    };
    let once = OnConflict::column(workflow_definitions::Column::ContentHash).do_nothing().to_owned();
    workflow_definitions::Entity::insert(row).on_conflict(once).exec_without_returning(tx).await?;
    Ok(())
}

/// The definition a case is pinned to, as it was when the case opened.
pub async fn definition(db: &impl ConnectionTrait, content_hash: &str) -> Result<Option<Value>, StoreError> {
    let row = workflow_definitions::Entity::find_by_id(content_hash.to_owned()).one(db).await?;
    Ok(row.map(|row| row.bundle))
}
