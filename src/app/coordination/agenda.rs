//! What a meeting of the programme looks at, by its kind: made when it is planned, of what there is then. It keeps ids and
//! counts, and nobody's name; what is said of a case is taken from the case when the agenda is read, and only for those who
//! see it.

use super::calls_compared::callers_of;
use super::identification::identification;
use super::measures::steps;
use super::outcomes::{Steps, of_case};
use super::referrals::{self, AreaReferral, is_overdue, sight};
use crate::app::callers::{CASE, hidden_from, months_now};
use crate::app::cases::Sight;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::ids::{CallerId, CaseId, PersonId};
use crate::domain::registers::{AgendaPart, MeetingKind};
use crate::store::callers;
use crate::store::calls::profile;
use crate::store::cases::{self, CaseRow};
use crate::store::nominated_callers::{self, Which};
use chrono::Duration;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Months a meeting looks at.
const MONTHS: usize = 6;
const MOST_NOMINATIONS: u64 = 200;
const REVIEW_DUE: &str = "review_due";
const AREA_UNKNOWN: &str = "area_unknown";

/// The agenda of a meeting of this kind, as its planner sees what there is.
pub(super) async fn agenda(app: &App, actor: &Actor, kind: &MeetingKind) -> Result<Value, AppError> {
    let whole = [AgendaPart::Open];
    let parts = if kind.looks_at.is_empty() { &whole[..] } else { &kind.looks_at };
    let mut agenda = Map::from_iter([("points".to_owned(), json!(kind.agenda))]);
    agenda.insert("referrals".to_owned(), json!(referrals_for(app, actor, parts).await?));
    if parts.contains(&AgendaPart::Nominations) {
        let waiting = nominated_callers::count(app.store.reader(), Which::Waiting).await?;
        agenda.insert("nominationsWaiting".to_owned(), json!(waiting));
        agenda.insert("nominations".to_owned(), json!(nominations(app, actor).await?));
    }
    if parts.contains(&AgendaPart::Identification) {
        let systems = identification(app).await?.systems;
        let system = |one: &super::SystemHealth| {
            json!({ "system": one.system, "lastCallOn": one.last_call_on, "daysWithout": one.days_without,
                    "rowsRead": one.rows_read, "rejected": one.rejected, "failedSince": one.failed_since })
        };
        agenda.insert("systems".to_owned(), json!(systems.iter().map(system).collect::<Vec<_>>()));
    }
    if parts.contains(&AgendaPart::Months) {
        let months = months_now(app, MONTHS).await?;
        let missed = months.iter().filter(|month| month.checks_owed.iter().any(|owed| owed.missed));
        let missed: Vec<String> = missed.map(|month| month.month.to_string()).collect();
        let month = |one: &crate::app::callers::MonthStands| {
            json!({ "month": one.month.to_string(), "sent": one.sendings.len(), "withoutReceipt": one.without_receipt,
                    "withoutAction": one.sendings.iter().filter(|sent| sent.action_at.is_none()).count(),
                    "checks": one.checks })
        };
        agenda.insert("months".to_owned(), json!(months.iter().map(month).collect::<Vec<_>>()));
        agenda.insert("checksMissed".to_owned(), json!(missed));
    }
    Ok(Value::Object(agenda))
}

/// Who waits for a look; the planner is shown nobody who complained about them.
async fn nominations(app: &App, actor: &Actor) -> Result<Vec<Value>, AppError> {
    let hidden = hidden_from(app, actor).await?.people();
    let found =
        nominated_callers::list(app.store.reader(), Which::Waiting, &hidden, None, MOST_NOMINATIONS).await?.into_iter();
    Ok(found.map(|one| json!({ "nominationId": one.id, "callerId": one.caller, "at": one.at })).collect())
}

/// The open cases that a meeting looks at, each with what put it there.
async fn referrals_for(app: &App, actor: &Actor, parts: &[AgendaPart]) -> Result<Vec<Value>, AppError> {
    let mut open = referrals::of_reader(actor, referrals::rows(app, actor, &[]).await?);
    open.retain(|row| !referrals::is_ended(app, row));
    let calls = match parts.contains(&AgendaPart::CallsOfTheLastDay) {
        true => calls_of_the_last_day(app, &open).await?,
        false => BTreeMap::new(),
    };
    let steps = if parts.contains(&AgendaPart::Listed) { steps(app).await? } else { Steps::new() };
    let why = |row: &CaseRow| -> Vec<AgendaPart> {
        let is = |part: &AgendaPart| match part {
            AgendaPart::Open => true,
            AgendaPart::Overdue => is_overdue(app, row),
            AgendaPart::ReviewDue => row.state == REVIEW_DUE,
            AgendaPart::AreaUnknown => row.state == AREA_UNKNOWN,
            AgendaPart::CallsOfTheLastDay => calls.contains_key(&row.id),
            AgendaPart::Listed => is_listed(&steps, row),
            AgendaPart::Nominations | AgendaPart::Identification | AgendaPart::Months => false,
        };
        parts.iter().copied().filter(is).collect()
    };
    let reasons: Vec<Vec<AgendaPart>> = open.iter().map(why).filter(|why| !why.is_empty()).collect();
    open.retain(|row| !why(row).is_empty());
    let shown = referrals::shown(app, actor, open, u64::MAX).await?;
    let item = |(one, why): (&AreaReferral, &Vec<AgendaPart>)| {
        json!({ "caseId": one.case_id, "state": one.state, "stateTitle": one.state_title, "unit": one.unit,
                "area": one.area, "since": one.state_since, "overdue": one.overdue, "why": why,
                "callsOfTheLastDay": calls.get(&one.case_id.as_uuid()) })
    };
    Ok(shown.iter().zip(&reasons).map(item).collect())
}

/// Listed for the three services, and they have not met about it since.
fn is_listed(steps: &Steps, row: &CaseRow) -> bool {
    let last = |action: &str| of_case(steps, row).iter().rev().find(|step| step.action == action).map(|step| step.at);
    last("list_for_three_services") > last("record_multi_agency_meeting")
}

/// How often the callers of these cases called in the last 24 hours; nothing of a case whose caller did not.
async fn calls_of_the_last_day(app: &App, rows: &[CaseRow]) -> Result<BTreeMap<Uuid, usize>, AppError> {
    let callers = callers_of(app, &rows.iter().collect::<Vec<_>>()).await?;
    let all: BTreeSet<CallerId> = callers.values().flatten().copied().collect();
    let day = (app.now() - Duration::hours(24), app.now() + Duration::seconds(1));
    let calls = profile::began_between(app.store.reader(), &all.into_iter().collect::<Vec<_>>(), day).await?;
    let of_case = |(case, callers): (CaseId, BTreeSet<CallerId>)| {
        let made = callers.iter().filter_map(|caller| calls.get(caller)).map(Vec::len).sum::<usize>();
        (made > 0).then_some((case.as_uuid(), made))
    };
    Ok(callers.into_iter().filter_map(of_case).collect())
}

/// What a reader sees of agendas, and of what was told about whom: nothing of a case that is not theirs to see, nor of
/// somebody who complained about them.
pub(super) struct Seeing {
    rows: BTreeMap<Uuid, (CaseRow, Sight)>,
    callers: BTreeSet<CallerId>,
}

impl Seeing {
    /// For these agendas, and for what was told about these cases.
    pub(super) async fn of(
        app: &App,
        actor: &Actor,
        (agendas, told): (&[&Value], &[CaseId]),
    ) -> Result<Self, AppError> {
        let db = app.store.reader();
        let hidden = hidden_from(app, actor).await?;
        let named = |list: &'static str, key: &'static str| {
            let items = agendas.iter().flat_map(move |agenda| items(agenda, list));
            items.filter_map(move |item| item.get(key)?.as_str()?.parse::<Uuid>().ok())
        };
        let cases: BTreeSet<Uuid> =
            named("referrals", "caseId").chain(told.iter().map(|case| case.as_uuid())).collect();
        let rows = cases::find_rows(db, &cases.into_iter().collect::<Vec<_>>()).await?.into_iter();
        let seen = |row: &CaseRow| row.workflow == CASE && !hidden.hides(row.person_id.map(PersonId::from_uuid));
        let rows = rows.filter(seen).map(|row| (row.id, sight(actor, &row), row));
        let ids: BTreeSet<Uuid> = named("nominations", "callerId").collect();
        let ids: Vec<CallerId> = ids.into_iter().map(CallerId::from_uuid).collect();
        let found = callers::with_ids(db, &ids).await?.into_iter().filter(|caller| !hidden.hides(caller.person));
        Ok(Self {
            rows: rows.map(|(id, sight, row)| (id, (row, sight))).collect(),
            callers: found.map(|caller| caller.id).collect(),
        })
    }

    /// How much of a case they see.
    pub(super) fn sight(&self, case: CaseId) -> Sight {
        self.rows.get(&case.as_uuid()).map_or(Sight::Nothing, |(_, sight)| *sight)
    }

    /// The agenda without what is not theirs, and with what the listing of a case says now.
    pub(super) fn agenda(&self, mut agenda: Value) -> Value {
        let kept: Vec<Value> = items(&agenda, "referrals").filter_map(|item| self.item(item)).collect();
        let theirs = |item: &&Value| {
            let caller = item.get("callerId").and_then(Value::as_str).and_then(|id| id.parse().ok());
            caller.is_some_and(|caller| self.callers.contains(&CallerId::from_uuid(caller)))
        };
        let waiting: Vec<Value> = items(&agenda, "nominations").filter(theirs).cloned().collect();
        if let Some(agenda) = agenda.as_object_mut() {
            agenda.insert("referrals".to_owned(), json!(kept));
            if agenda.contains_key("nominations") {
                agenda.insert("nominations".to_owned(), json!(waiting));
            }
        }
        agenda
    }

    fn item(&self, item: &Value) -> Option<Value> {
        let id: Uuid = item.get("caseId")?.as_str()?.parse().ok()?;
        let (row, sight) = self.rows.get(&id)?;
        let mut item = item.clone();
        let fields = item.as_object_mut()?;
        match sight {
            Sight::Full => {
                let listing = row.data.get("listings").and_then(Value::as_array).and_then(|all| all.last());
                fields.insert("listing".to_owned(), listing.cloned().unwrap_or_default());
            }
            // That there is a case, where it stands, and which unit has it.
            Sight::Existence => fields.retain(|name, _| !["area", "callsOfTheLastDay"].contains(&name.as_str())),
            Sight::Consultation | Sight::Nothing => return None,
        }
        Some(item)
    }
}

fn items<'a>(agenda: &'a Value, list: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    agenda.get(list).and_then(Value::as_array).into_iter().flatten()
}
