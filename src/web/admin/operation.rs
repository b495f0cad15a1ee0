//! `/admin/operation`: mailboxes, whether mail is sent, and work that was given up.

use super::table::{Button, Row, Table};
use crate::app::mail::list_mailboxes;
use crate::app::outbox::{read_stop, restart_sending};
use crate::app::{App, AppError, dead_jobs, retry_job};
use crate::domain::ids::JobId;
use crate::render::pages::{choice, date_and_time};
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page, see_other};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use serde_json::json;

const MOST: u64 = 100;

#[get("/admin/operation")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let actor = &visitor.actor;
    let stop = allowed(read_stop(&app, actor).await)?;
    let mut tables = Vec::new();
    if let Some(folders) = allowed(list_mailboxes(&app, actor).await)? {
        let mut table = Table::new(
            "Mailboxes",
            &["Mailbox", "Folder", "Last read", "Trouble", "Left behind"],
            "No mailbox is read. Name one in the settings ([[imap.mailboxes]]), or let your mail server hand mail over by LMTP ([lmtp]).",
        );
        table.rows = folders
            .into_iter()
            .map(|folder| Row {
                cells: vec![
                    folder.mailbox,
                    folder.folder,
                    folder.checked_at.map_or_else(|| "never yet".to_owned(), date_and_time),
                    folder.trouble.unwrap_or_else(|| "None".to_owned()),
                    folder.left_behind.to_string(),
                ],
                ..Row::default()
            })
            .collect();
        tables.push(table);
    }
    if let Some(jobs) = allowed(dead_jobs(&app, actor, None, MOST).await)? {
        let mut table = Table::new("Work that was given up", &["Kind", "Tried", "Last fault"], "None.");
        table.rows = jobs
            .into_iter()
            .map(|job| Row {
                cells: vec![choice(&job.kind), job.attempts.to_string(), job.last_error.unwrap_or_default()],
                href: None,
                button: Some(Button {
                    action: "/admin/operation/retry".to_owned(),
                    text: "Try again".to_owned(),
                    name: "id",
                    value: job.id.to_string(),
                }),
            })
            .collect();
        tables.push(table);
    }
    if tables.is_empty() && stop.is_none() {
        return Err(AppError::NotFound.into());
    }
    let stopped = stop.flatten();
    let view = json!({ "tables": tables, "lmtp": app.settings.lmtp, "stopped": stopped.map(|stop| json!({ "because": choice(&stop.because), "at": stop.opened_at })),
                       "back": { "href": "/admin", "text": "Admin" } });
    Ok(Page { area: Area::Admin, ..Page::new("admin/operation", "Mail and work", view) }.show(&app, &visitor))
}

fn allowed<T>(found: Result<T, AppError>) -> Result<Option<T>, Fault> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(AppError::Refused(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

#[post("/admin/operation/retry")]
pub(crate) async fn retry(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let id: JobId = posted.text("id").parse().map_err(|_no_id| AppError::NotFound)?;
    retry_job(&app, &posted.visitor.actor, id).await?;
    Ok(see_other("/admin/operation"))
}

#[post("/admin/operation/restart-sending")]
pub(crate) async fn restart(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    restart_sending(&app, &posted.visitor.actor, posted.text("reason").to_owned()).await?;
    Ok(see_other("/admin/operation"))
}
