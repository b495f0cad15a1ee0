//! Tells people of deadlines and dates that come or have passed, by tasks on their lists. Nothing here moves a case.

use super::pinned;
use super::run_deadlines::concerns_all;
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::calendar::london::start_of_day;
use crate::domain::case::{self, Alert, AlertKind, Case};
use crate::domain::ids::{CaseId, of};
use crate::domain::workflow::Workflow;
use crate::render::long_date;
use crate::store::tasks::{self, NewTask};
use crate::store::{StoreError, Tx, cases};
use chrono::Days;

const AT_ONCE: u64 = 200;

/// Tells what is due to be told, each case in a transaction of its own, each thing once. Answers how many cases were
/// looked at. A case of which nothing can be told is logged and left; it keeps nobody else waiting.
///
/// # Errors
/// Where the database cannot be reached or written to; what was told before it stays.
pub async fn send_alerts(app: &App) -> Result<u64, AppError> {
    let mut looked_at = 0;
    for id in cases::with_alert_due(app.store.reader(), app.now(), AT_ONCE).await? {
        match tell(app, id).await {
            Ok(()) => looked_at += 1,
            // Somebody moved it meanwhile; what is to be told of it now comes with the next round.
            Err(AppError::Store(StoreError::StaleVersion)) => {}
            Err(error) if concerns_all(&error) => return Err(error),
            Err(error) => {
                tracing::error!(case.id = %id, error = &error as &dyn std::error::Error, "nobody can be told of a case's dates");
            }
        }
    }
    Ok(looked_at)
}

async fn tell(app: &App, id: CaseId) -> Result<(), AppError> {
    let app = app.clone();
    let store = app.store.clone();
    let told = store.write(async move |tx| {
        let Some(case) = cases::load(tx, id).await? else { return Ok(()) };
        let workflow = pinned::workflow(&app, tx, &case.content_hash).await?;
        let (calendar, now) = (app.catalog.calendar(), app.now());
        // First the row: whoever moves the case at the same time waits, and settles what is asked here.
        cases::told(tx, &case, case::next_alert(&workflow, &case, calendar, Some(now))).await?;
        for alert in case::alerts_reached(&workflow, &case, calendar, now) {
            ask(&app, tx, (&workflow, &case), &alert).await?;
        }
        Ok::<_, AppError>(())
    });
    Ok(told.await?)
}

async fn ask(app: &App, tx: &Tx, of: (&Workflow, &Case), alert: &Alert) -> Result<(), AppError> {
    let case = of.1;
    let unit = case.data.get("unit").and_then(serde_json::Value::as_str);
    let told = alert.tell.iter().filter(|role| concerned(**role, unit));
    let asked: Vec<NewTask> = told.map(|role| task(app, of, alert, *role)).collect();
    if alert.daily {
        let causes: Vec<String> = asked.iter().map(|task| task.cause.clone()).collect();
        tasks::settle(tx, tasks::caused_by(case.id, &beginning(case, alert), &causes), None, app.now()).await?;
    }
    Ok(tasks::create(tx, asked).await?)
}

/// Of the units only the one that was asked.
fn concerned(role: Role, unit: Option<&str>) -> bool {
    let is_unit = matches!(role, Role::Snt | Role::Opt | Role::Mash);
    !is_unit || unit.is_none_or(|unit| role.as_str() == unit)
}

fn task(app: &App, (workflow, case): (&Workflow, &Case), alert: &Alert, role: Role) -> NewTask {
    let named = case.spoc().filter(|_| role == Role::Spoc);
    let due_on = match alert.kind {
        AlertKind::DateComes | AlertKind::GoesOn => Some(alert.about),
        AlertKind::Reminder | AlertKind::Overdue | AlertKind::Escalation => alert.about.checked_add_days(Days::new(1)),
    };
    NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: alert.kind.as_str(),
        title: title(workflow, case, alert),
        role: named.is_none().then(|| role.as_str().to_owned()),
        officer: named,
        case: Some(case.id),
        contact: None,
        person: case.person,
        due_at: due_on.map(start_of_day),
        created_at: app.now(),
        cause: format!("{}{}/{role}", beginning(case, alert), alert.on),
    }
}

/// What all of a daily alert's tasks have in common: the case, its coming into its state, and which alert it is.
fn beginning(case: &Case, alert: &Alert) -> String {
    let since = case.state_since.timestamp_micros();
    format!("alert/{}/{}/{since}/{}{}/", case.id, case.state, alert.kind.as_str(), alert.n)
}

fn title(workflow: &Workflow, case: &Case, alert: &Alert) -> String {
    let state = workflow.state(&case.state).map(|state| state.title.as_str()).unwrap_or_default();
    let (what, day) = (format!("{}: {state}", workflow.title), long_date(alert.about));
    match alert.kind {
        AlertKind::Reminder => format!("{what}. It is to be done by {day}"),
        AlertKind::Overdue => format!("{what}. It was to be done by {day}"),
        AlertKind::Escalation => format!("{what}. It was to be done by {day} and still waits"),
        AlertKind::GoesOn => format!("{what}. The deadline that stood goes on"),
        AlertKind::DateComes => {
            format!("{}: {}: {day}", workflow.title, alert.say.as_deref().unwrap_or_default())
        }
    }
}
