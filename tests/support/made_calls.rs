//! Calls on file without the import that would have brought them, and cases and nominations of callers.

use super::{Session, TestApp, TestDatabase};
use chrono::{DateTime, Utc};
use evenhand::domain::access::ActorRef;
use evenhand::domain::calls::{CallerKey, CallerKind, Direction, SystemKind};
use evenhand::domain::case::Happening;
use evenhand::domain::contact::Channel;
use evenhand::domain::ids::{CaseId, PersonId};
use evenhand::store::call_imports::{self, CallImport, ImportCounts, ImportStatus};
use evenhand::store::callers::{self, Caller};
use evenhand::store::calls::{self, Call, CallWords};
use evenhand::store::events::{self, NewEvent, Stream};
use evenhand::store::nominations::{self, Nomination, Source};
use evenhand::store::{StoreError, Tx};
use sea_orm::{ActiveValue::Set, Database, DatabaseConnection, EntityTrait};
use serde_json::{Value, json};

/// One call: a 101 call by an individual in the file of command and control, unless told otherwise.
#[derive(Clone, Debug)]
pub struct NewCall {
    /// `tel:+44…`; `None`: nobody can be told from it.
    pub caller: Option<String>,
    pub kind: CallerKind,
    pub at: DateTime<Utc>,
    pub channel: Channel,
    pub system: SystemKind,
    pub direction: Direction,
    pub area: Option<&'static str>,
    pub subject: Option<&'static str>,
    pub name: Option<&'static str>,
}

pub fn call(number: &str, at: &str) -> NewCall {
    NewCall {
        caller: Some(format!("tel:{number}")),
        kind: CallerKind::Individual,
        at: at.parse().unwrap(),
        channel: Channel::Phone101,
        system: SystemKind::CommandAndControl,
        direction: Direction::In,
        area: None,
        subject: None,
        name: None,
    }
}

/// So many calls of a number, on the first days of a month at noon.
pub fn calls(number: &str, month: &str, count: u32) -> Vec<NewCall> {
    (0..count).map(|n| call(number, &format!("{month}-{:02}T12:{:02}:00Z", n % 28 + 1, n / 28))).collect()
}

/// Keeps calls and who made them.
pub async fn keep_calls(app: &TestApp, new: Vec<NewCall>) {
    let house = app.app.clone();
    let written = app.app.store.write(async move |tx: &Tx| {
        let now = house.now();
        let who = |one: &NewCall| {
            let key = one.caller.clone()?;
            let number = key.strip_prefix("tel:").map(str::to_owned);
            let (id, name) = (CallerKey::from_kept(key.clone()).id(), one.name.map(str::to_owned));
            Some(Caller { id, key, kind: one.kind, number, name, location: None, person: None, noted_at: now })
        };
        callers::keep(tx, &new.iter().filter_map(who).collect::<Vec<_>>()).await?;
        let row = |one: &NewCall| {
            let id = house.new_id();
            let (source_ref, caller) = (format!("{id}"), one.caller.clone().map(|key| CallerKey::from_kept(key).id()));
            let words = CallWords { subject: one.subject.map(str::to_owned), ..CallWords::default() };
            let counts = one.direction == Direction::In;
            Call {
                id,
                system: one.system,
                source_ref,
                precedence: 1,
                import: None,
                caller,
                caller_kind: one.kind,
                direction: one.direction,
                channel: one.channel,
                started_at: one.at,
                seconds: None,
                number: None,
                withheld: one.caller.is_none(),
                words,
                area: one.area.map(str::to_owned),
                cad_ref: None,
                call: id,
                counts,
                contact: None,
                recorded_at: now,
                withdrawn_at: None,
            }
        };
        calls::insert_many(tx, &new.iter().map(row).collect::<Vec<_>>()).await
    });
    written.await.unwrap();
}

/// The id of the caller of a number.
pub fn id_of(number: &str) -> String {
    CallerKey::of_number(number).id().to_string()
}

/// A file that was read, whose calls lie between two instants; `rejected` of a hundred rows were refused.
pub async fn keep_file(
    app: &TestApp,
    system: &str,
    (first, last): (&str, &str),
    (status, rejected): (ImportStatus, u64),
) {
    let done = status == ImportStatus::Done;
    let import = CallImport {
        id: app.app.new_id(),
        profile: system.to_owned(),
        profile_version: 1,
        system: system.to_owned(),
        file_name: format!("{system}.csv"),
        headings: None,
        sha256: done.then(|| "00".repeat(32)),
        status,
        trouble: None,
        counts: ImportCounts { read: 100, kept: 100 - rejected, rejected, ..ImportCounts::default() },
        first_call_at: Some(first.parse().unwrap()),
        last_call_at: Some(last.parse().unwrap()),
        by: ActorRef::Software,
        began_at: app.now(),
        ended_at: done.then(|| app.now()),
        undone: None,
    };
    let written = app.app.store.write(async move |tx: &Tx| call_imports::insert(tx, &import).await);
    written.await.unwrap();
}

/// A rule reached a caller. Answers the nomination's id.
pub async fn nominated(app: &TestApp, number: &str) -> String {
    let nomination = Nomination {
        id: app.app.new_id(),
        person: None,
        caller: Some(CallerKey::of_number(number).id()),
        source: Source::Rule { rule: "repeat-calls".to_owned(), version: "1".to_owned() },
        reason: "Ten calls in seven days".to_owned(),
        detail: json!({ "count": 10 }),
        by: ActorRef::Software,
        at: app.now(),
        case: None,
        withdrawn_at: None,
    };
    let id = nomination.id.to_string();
    let written = app.app.store.write(async move |tx: &Tx| nominations::insert_many(tx, &[nomination]).await);
    written.await.unwrap();
    id
}

/// A case of a repeat caller as its events left it, due at an instant.
pub async fn a_case(
    app: &TestApp,
    (state, data): (&str, Value),
    (person, due): (Option<PersonId>, Option<&str>),
) -> CaseId {
    let (id, now): (CaseId, _) = (app.app.new_id(), app.now());
    let row = entities::cases::ActiveModel {
        id: Set(id.as_uuid()),
        workflow: Set("vulnerable-repeat-caller".to_owned()),
        workflow_version: Set("1".to_owned()),
        content_hash: Set(id.to_string()),
        state: Set(state.to_owned()),
        version: Set(1),
        person_id: Set(person.map(PersonId::as_uuid)),
        parent_id: Set(None),
        spoc_id: Set(None),
        data: Set(data),
        opened_at: Set(now),
        updated_at: Set(now),
        state_since: Set(now),
        due_at: Set(due.map(|due| due.parse().unwrap())),
        timer_at: Set(None),
        next_alert_at: Set(None),
        paused_until: Set(None),
        marking: Set("OFFICIAL".to_owned()),
    };
    let definition = entities::workflow_definitions::ActiveModel {
        content_hash: Set(id.to_string()),
        key: Set("vulnerable-repeat-caller".to_owned()),
        version: Set("1".to_owned()),
        bundle: Set(json!({})),
        stored_at: Set(now),
    };
    let written = app.app.store.write(async move |tx: &Tx| {
        entities::workflow_definitions::Entity::insert(definition).exec_without_returning(tx).await?;
        entities::cases::Entity::insert(row).exec_without_returning(tx).await?;
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
    id
}

/// The case went into a state now.
pub async fn went_to(app: &TestApp, case: CaseId, to: &str) {
    took(app, case, ("accept", to)).await;
}

/// Somebody took an action on the case now.
pub async fn took(app: &TestApp, case: CaseId, (action, to): (&str, &str)) {
    let acted = json!({ "type": "acted", "action": action, "from": "referred", "to": to, "input": {} });
    let what: Happening = serde_json::from_value(acted.clone()).unwrap();
    let (kind, actor) = (what.kind().to_owned(), ActorRef::Software);
    let event = NewEvent { id: app.app.new_id(), at: app.now(), actor, kind, data: acted };
    let written = app.app.store.write(async move |tx: &Tx| {
        events::append_next(tx, vec![(Stream::Case, case.as_uuid(), vec![event])]).await.map(drop)
    });
    written.await.unwrap();
}

/// A system that reads of these areas alone.
pub async fn system_of(
    app: &TestApp,
    name: &str,
    scopes: &[evenhand::domain::access::Scope],
    areas: &[&str],
) -> Session {
    let areas = areas.iter().map(|area| (*area).to_owned()).collect();
    app.system_of_areas(name, scopes, areas).await
}

/// Where looks at personal data are written down.
pub async fn access_log(database: &TestDatabase) -> DatabaseConnection {
    if database.is_postgres() {
        return database.raw().await;
    }
    let file = super::database::access_log_of(&database.file());
    Database::connect(format!("sqlite://{}", file.display())).await.unwrap()
}
