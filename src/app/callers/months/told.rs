//! A unit that was sent a month's table is told so by a task, which is done by saying that the unit has it.

use crate::app::callers::area_names;
use crate::app::{App, AppError};
use crate::domain::access::{Officer, Role};
use crate::domain::calls::months::Month;
use crate::domain::ids::MonthSendingId;
use crate::store::Tx;
use crate::store::caller_months::{self, Sending};
use crate::store::tasks::{self, NewTask};
use sea_orm::ConnectionTrait;

/// The kind of its task.
pub const MONTH_SENDING: &str = "month_sending";

/// Makes the unit's task.
pub(super) async fn tell(app: &App, tx: &Tx, month: Month, sending: &Sending) -> Result<(), AppError> {
    let of_area: String = area_names(app, &sending.area).iter().map(|name| format!(", {name}")).collect();
    let task = NewTask {
        id: app.new_id::<()>().as_uuid(),
        kind: MONTH_SENDING,
        title: format!("Read the table of repeat callers in {}{of_area}, and say that you have it", month.words()),
        role: Some(sending.team.clone()),
        officer: None,
        case: None,
        contact: None,
        person: None,
        due_at: None,
        created_at: sending.sent.1,
        cause: cause(sending.id),
    };
    Ok(tasks::create(tx, vec![task]).await?)
}

/// The unit said that it has it.
pub(super) async fn settle(app: &App, tx: &Tx, id: MonthSendingId, officer: &Officer) -> Result<(), AppError> {
    tasks::settle(tx, tasks::with_cause(&cause(id)), Some(officer.id), app.now()).await?;
    Ok(())
}

/// The causes of tasks that are of the unit of an area which is not the officer's.
///
/// # Errors
/// What the store says.
pub(crate) async fn not_sent_to(db: &impl ConnectionTrait, officer: &Officer) -> Result<Vec<String>, AppError> {
    if officer.areas.is_empty() || !officer.has_any(&[Role::Opt, Role::Snt]) {
        return Ok(Vec::new());
    }
    let waiting = caller_months::without_receipt(db).await?.into_iter();
    let others = waiting.filter(|sending| sending.area.as_ref().is_some_and(|area| !officer.covers(area)));
    Ok(others.map(|sending| cause(sending.id)).collect())
}

fn cause(id: MonthSendingId) -> String {
    format!("month-sending:{id}")
}
