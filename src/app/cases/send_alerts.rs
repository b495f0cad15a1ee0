//! Tells people of deadlines and dates that come or have passed, by tasks on their lists. Nothing here moves a case.
//!
//! A task's cause names all that it tells: where that is not so any more, because a date was corrected or a day went by,
//! the task is settled.

use super::pinned;
use super::run_deadlines::concerns_all;
use super::seeing::unit_of;
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
/// told of. A case of which nothing can be told is logged and left; however many there are, they keep nobody else waiting.
///
/// # Errors
/// Where the database cannot be reached or written to; what was told before it stays.
pub async fn send_alerts(app: &App) -> Result<u64, AppError> {
    let (mut told, mut after, now) = (0, None, app.now());
    loop {
        let page = cases::with_alert_due(app.store.reader(), now, after, AT_ONCE).await?;
        after = page.last().copied();
        for (_, id) in &page {
            match tell(app, *id).await {
                Ok(true) => told += 1,
                Ok(false) => {}
                // Somebody moved it meanwhile; what is to be told of it now comes with the next round.
                Err(AppError::Store(StoreError::StaleVersion)) => {}
                Err(error) if concerns_all(&error) => return Err(error),
                Err(error) => {
                    tracing::error!(case.id = %id, error = &error as &dyn std::error::Error, "nobody can be told of a case's dates");
                }
            }
        }
        if after.is_none() || told >= AT_ONCE {
            return Ok(told);
        }
    }
}

async fn tell(app: &App, id: CaseId) -> Result<bool, AppError> {
    let app = app.clone();
    let store = app.store.clone();
    let told = store.write(async move |tx| {
        let Some(case) = cases::load(tx, id).await? else { return Ok(false) };
        let workflow = pinned::workflow(&app, tx, &case.content_hash).await?;
        let (calendar, now) = (app.catalog.calendar(), app.now());
        // First the row: whoever moves the case at the same time waits, and settles what is asked here.
        cases::told(tx, &case, case::next_alert(&workflow, &case, calendar, Some(now))).await?;
        let reached = reached(&app, (&workflow, &case));
        settle_others(&app, tx, &case, &reached).await?;
        tasks::create(tx, reached).await?;
        Ok::<_, AppError>(true)
    });
    Ok(told.await?)
}

/// Settles what was told of a date that is another one since the case was written to.
///
/// # Errors
/// What the store says.
pub(super) async fn settle_corrected(app: &App, tx: &Tx, workflow: &Workflow, case: &Case) -> Result<(), AppError> {
    if workflow.state(&case.state).is_none_or(|state| state.alerts.is_empty()) {
        return Ok(());
    }
    settle_others(app, tx, case, &reached(app, (workflow, case))).await
}

/// The tasks that tell what has come by now, told before or not.
fn reached(app: &App, (workflow, case): (&Workflow, &Case)) -> Vec<NewTask> {
    let unit = unit_of(&case.data);
    let alerts = case::alerts_reached(workflow, case, app.catalog.calendar(), app.now());
    let tell = |alert: &Alert| -> Vec<NewTask> {
        let told = alert.tell.iter().filter(|role| concerned(**role, unit));
        told.map(|role| task(app, (workflow, case), alert, *role)).collect()
    };
    alerts.iter().flat_map(tell).collect()
}

/// Settles the tasks of dates of the case's present state that are not among these.
async fn settle_others(app: &App, tx: &Tx, case: &Case, reached: &[NewTask]) -> Result<(), AppError> {
    let causes: Vec<String> = reached.iter().map(|task| task.cause.clone()).collect();
    let of_dates = beginning(case, AlertKind::DateComes);
    tasks::settle(tx, tasks::caused_by(case.id, &of_dates, &causes), None, app.now()).await?;
    Ok(())
}

/// Of the units only the one that was asked.
fn concerned(role: Role, unit: Option<&str>) -> bool {
    let is_unit = matches!(role, Role::Snt | Role::Opt | Role::Mash | Role::Csu);
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
        cause: cause(case, alert, role),
    }
}

fn cause(case: &Case, alert: &Alert, role: Role) -> String {
    let which = format!("{}{}", beginning(case, alert.kind), alert.n);
    match alert.kind {
        AlertKind::DateComes => format!("{which}/{}/{}/{role}", alert.about, alert.on),
        AlertKind::Reminder | AlertKind::Overdue | AlertKind::Escalation | AlertKind::GoesOn => {
            format!("{which}/{}/{role}", alert.on)
        }
    }
}

/// What the causes of a kind of alert have in common: the case, its coming into its state, and the kind.
fn beginning(case: &Case, kind: AlertKind) -> String {
    let since = case.state_since.timestamp_micros();
    format!("alert/{}/{}/{since}/{}", case.id, case.state, kind.as_str())
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
