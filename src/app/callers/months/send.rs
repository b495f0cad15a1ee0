//! A month's table goes to a unit; the unit says that it has it, and what it did (policy 6.9).

use super::view::MonthSendingView;
use super::{happened, over, table, told, words, words_if_any};
use crate::app::callers::{Hidden, MAY_READ_MONTHS, MAY_SEND_MONTHS, for_theirs, hidden_from};
use crate::app::{App, AppError, areas_exist, log_disclosures, officer_names, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::calls::months::Month;
use crate::domain::ids::MonthSendingId;
use crate::store::caller_months::{self, Action, Sending};
use crate::store::events::{self, Stream};
use serde_json::json;
use uuid::Uuid;

/// To whom a table goes.
#[derive(Clone, Debug)]
pub struct NewSending {
    /// `opt` or `snt`.
    pub team: String,
    /// `None`: of the whole county.
    pub area: Option<String>,
    pub note: Option<String>,
}

/// Sends the table as it stands now, with everybody on it: whoever complained about the sender is not shown to the sender,
/// and the unit sees them. That each caller on it was told to the unit is written down, and the unit has a task.
///
/// # Errors
/// `wrong-role`; `NotFound` for a month that has not begun; `Invalid` for a month that is not over, another unit, or an
/// area that the register does not have.
pub async fn send_month(app: &App, actor: &Actor, month: Month, new: NewSending) -> Result<MonthSendingView, AppError> {
    let officer = rights::officer_with(actor, &MAY_SEND_MONTHS)?.id;
    over(app, month)?;
    team_of(&new.team).ok_or_else(|| AppError::invalid("/team", "Say `opt` or `snt`."))?;
    let area = words_if_any("/area", new.area.as_deref(), 100)?;
    areas_exist(app, "/area", &area)?;
    let table = table::whole(app, month, area.iter().cloned().collect()).await?;
    let callers: Vec<Uuid> = table.rows().flat_map(|(_, row)| row.callers()).map(|caller| caller.as_uuid()).collect();
    let sending = Sending {
        id: app.new_id(),
        month: month.to_string(),
        team: new.team,
        note: words_if_any("/note", new.note.as_deref(), 2000)?,
        content_sha256: table.content_sha256.clone(),
        callers: u64::try_from(table.rows().count()).unwrap_or(u64::MAX),
        sent: (officer, app.now()),
        receipt: None,
        action: None,
        area,
    };
    log_disclosures(app, actor, ("caller", &recipient(&sending)), &callers).await?;
    let sent = happened(
        app,
        actor,
        "sent",
        json!({ "month": sending.month, "team": sending.team, "area": sending.area, "callers": sending.callers,
                "contentSha256": sending.content_sha256 }),
    );
    let (row, inner) = (sending.clone(), app.clone());
    let written = app.store.write(async move |tx| {
        caller_months::insert_sending(tx, &row).await?;
        told::tell(&inner, tx, month, &row).await?;
        events::append(tx, Stream::CallerMonth, row.id.as_uuid(), 0, vec![sent]).await?;
        Ok::<_, AppError>(())
    });
    written.await?;
    views(app, actor, vec![sending]).await?.pop().ok_or(AppError::NotFound)
}

fn team_of(team: &str) -> Option<Role> {
    [Role::Opt, Role::Snt].into_iter().find(|role| role.as_str() == team)
}

fn recipient(sending: &Sending) -> String {
    match &sending.area {
        Some(area) => format!("{} of {area}", sending.team),
        None => sending.team.clone(),
    }
}

/// The unit has it. Said twice it is the same receipt.
///
/// # Errors
/// `wrong-role` where the officer is not of the unit; `not-your-area`; `NotFound`.
pub async fn confirm_receipt(app: &App, actor: &Actor, id: MonthSendingId) -> Result<MonthSendingView, AppError> {
    let (officer, inner) = (of_their_unit(app, actor, id).await?.clone(), app.clone());
    let received = happened(app, actor, "received", json!({}));
    let written = app.store.write(async move |tx| {
        if caller_months::set_receipt(tx, id, (officer.id, inner.now())).await? {
            told::settle(&inner, tx, id, &officer).await?;
            events::append_next(tx, vec![(Stream::CallerMonth, id.as_uuid(), vec![received])]).await?;
        }
        Ok::<_, AppError>(())
    });
    written.await?;
    again(app, actor, id).await
}

/// What the unit did with it. That it has it is said by this too.
///
/// # Errors
/// `wrong-role` where the officer is not of the unit; `not-your-area`; `NotFound`; `Invalid` without words.
pub async fn record_action(
    app: &App,
    actor: &Actor,
    id: MonthSendingId,
    said: &str,
) -> Result<MonthSendingView, AppError> {
    let (officer, inner) = (of_their_unit(app, actor, id).await?.clone(), app.clone());
    let action = Action { words: words("/action", said, 5000)?, by: officer.id, at: app.now() };
    let acted = happened(app, actor, "acted", json!({ "action": action.words }));
    let written = app.store.write(async move |tx| {
        if caller_months::set_receipt(tx, id, (action.by, action.at)).await? {
            told::settle(&inner, tx, id, &officer).await?;
        }
        caller_months::set_action(tx, id, &action).await?;
        events::append_next(tx, vec![(Stream::CallerMonth, id.as_uuid(), vec![acted])]).await?;
        Ok::<_, AppError>(())
    });
    written.await?;
    again(app, actor, id).await
}

async fn of_their_unit<'a>(app: &App, actor: &'a Actor, id: MonthSendingId) -> Result<&'a Officer, AppError> {
    let officer = rights::officer_with(actor, &[Role::Opt, Role::Snt])?;
    let sending = caller_months::find_sending(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    let role = team_of(&sending.team).ok_or(AppError::NotFound)?;
    if !officer.has(role) {
        return Err(rights::wrong_role(&[role]));
    }
    for_theirs(actor, sending.area.as_deref())?;
    Ok(officer)
}

/// One sending.
///
/// # Errors
/// `Refused`; `not-your-area`; `NotFound`.
pub async fn find_sending(app: &App, actor: &Actor, id: MonthSendingId) -> Result<MonthSendingView, AppError> {
    rights::officer_with(actor, &MAY_READ_MONTHS)?;
    let sending = again(app, actor, id).await?;
    for_theirs(actor, sending.area.as_deref())?;
    Ok(sending)
}

async fn again(app: &App, actor: &Actor, id: MonthSendingId) -> Result<MonthSendingView, AppError> {
    let sending = caller_months::find_sending(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    views(app, actor, vec![sending]).await?.pop().ok_or(AppError::NotFound)
}

/// Whether the reader is told what a unit of the whole county was asked and did: the unit itself, who sends, and who is
/// not confined to an area.
fn reads_words(actor: &Actor, sending: &Sending) -> bool {
    sending.area.is_some()
        || match actor {
            Actor::Officer(officer) => {
                let of_unit = team_of(&sending.team).is_some_and(|role| officer.has(role));
                of_unit || officer.areas.is_empty() || officer.has_any(&MAY_SEND_MONTHS)
            }
            Actor::System(system) => system.areas.is_empty(),
            Actor::Clock | Actor::Software => true,
        }
}

/// How many on the table that was sent the reader is not shown, so that the count does not tell of them.
async fn hidden_on(app: &App, hidden: &Hidden, sending: &Sending) -> Result<u64, AppError> {
    let Ok(month) = sending.month.parse::<Month>() else { return Ok(0) };
    if hidden.is_empty() {
        return Ok(0);
    }
    let table = table::whole(app, month, sending.area.iter().cloned().collect()).await?;
    let many = table.rows().filter(|(_, row)| hidden.hides(row.person)).count();
    Ok(u64::try_from(many).unwrap_or(u64::MAX))
}

/// Sendings with the names of who did what, as a reader sees them.
pub(super) async fn views(
    app: &App,
    actor: &Actor,
    mut sendings: Vec<Sending>,
) -> Result<Vec<MonthSendingView>, AppError> {
    let hidden = hidden_from(app, actor).await?;
    for sending in &mut sendings {
        sending.callers = sending.callers.saturating_sub(hidden_on(app, &hidden, sending).await?);
    }
    let who = |sending: &Sending| {
        let received = sending.receipt.map(|(by, _)| by);
        let acted = sending.action.as_ref().map(|action| action.by);
        [Some(sending.sent.0), received, acted].into_iter().flatten().map(|by| by.as_uuid()).collect::<Vec<_>>()
    };
    let names = officer_names(app, &sendings.iter().flat_map(who).collect::<Vec<_>>()).await?;
    let name = |id: Uuid| names.get(&id).cloned().unwrap_or_default();
    let view = |sending: Sending| {
        let (action, words) = (sending.action.as_ref(), reads_words(actor, &sending));
        MonthSendingView {
            id: sending.id,
            sent_by: name(sending.sent.0.as_uuid()),
            sent_at: sending.sent.1,
            receipt_by: sending.receipt.map(|(by, _)| name(by.as_uuid())),
            receipt_at: sending.receipt.map(|(_, at)| at),
            action_by: action.map(|action| name(action.by.as_uuid())),
            action_at: action.map(|action| action.at),
            note: sending.note.filter(|_| words),
            action: sending.action.map(|action| action.words).filter(|_| words),
            month: sending.month,
            team: sending.team,
            area: sending.area,
            callers: sending.callers,
            content_sha256: sending.content_sha256,
        }
    };
    Ok(sendings.into_iter().map(view).collect())
}
