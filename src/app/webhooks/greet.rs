//! A receiver is asked whether it wants to be told by us (CloudEvents, abuse protection): nobody can have us send to
//! somebody who never asked for it.

use super::Webhook;
use crate::app::{App, AppError, JobOutcome};
use crate::domain::ids::WebhookId;
use crate::store::jobs::{Job, NewJob};
use crate::store::webhooks;
use crate::webhooks::{Fault, Line};
use serde_json::{Value, json};

/// The kind of the job.
pub const GREET_WEBHOOK: &str = "greet_webhook";

pub(super) fn greeting(app: &App, id: WebhookId) -> NewJob {
    NewJob {
        id: app.new_id(),
        kind: GREET_WEBHOOK.to_owned(),
        payload: json!({ "webhook": id }),
        key: format!("{GREET_WEBHOOK}/{id}"),
        run_at: app.now(),
        created_at: app.now(),
    }
}

/// Asks the receivers these jobs name.
pub async fn greet_webhooks(app: &App, jobs: &[Job]) -> Vec<JobOutcome> {
    let mut outcomes = Vec::with_capacity(jobs.len());
    for job in jobs {
        let greeted = Box::pin(greet(app, job)).await;
        outcomes.push(greeted.unwrap_or_else(|error| JobOutcome::from(Err(error))));
    }
    outcomes
}

async fn greet(app: &App, job: &Job) -> Result<JobOutcome, AppError> {
    let id: Option<WebhookId> = job.payload.get("webhook").and_then(Value::as_str).and_then(|id| id.parse().ok());
    let Some(id) = id else { return Ok(JobOutcome::GiveUp("the job names no webhook".to_owned())) };
    let webhook = webhooks::find(app.store.reader(), id).await?;
    let Some(webhook) = webhook.filter(|webhook| webhook.ended_at.is_none() && webhook.confirmed_at.is_none()) else {
        return Ok(JobOutcome::Done);
    };
    let answer = ask(app, &webhook).await;
    let now = app.now();
    let noted = app.store.write(async move |tx| match answer {
        Ok(()) => {
            webhooks::confirm(tx, id, now).await?;
            webhooks::out_of_trouble(tx, id).await
        }
        Err(fault) => webhooks::in_trouble(tx, id, (now, &fault.to_string())).await,
    });
    noted.await.map_err(crate::store::StoreError::from)?;
    Ok(match answer {
        Ok(()) => JobOutcome::Done,
        Err(fault) => JobOutcome::Retry(format!("webhook {id} does not say that it wants to be told: {fault}")),
    })
}

async fn ask(app: &App, webhook: &Webhook) -> Result<(), Fault> {
    let line = Line::open(&app.settings.webhooks, &webhook.url).await?;
    line.ask(origin(&app.settings.public_url)).await
}

/// The name this server is reached by.
fn origin(public_url: &str) -> &str {
    let after = public_url.split_once("://").map_or(public_url, |(_, after)| after);
    let authority = after.split('/').next().unwrap_or(after);
    authority
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(authority, |(host, _)| host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_our_name_without_scheme_port_and_path() {
        for (url, expected) in [
            ("https://evenhand.example.police.uk", "evenhand.example.police.uk"),
            ("https://evenhand.example.police.uk/psd", "evenhand.example.police.uk"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://[::1]", "[::1]"),
            ("http://[::1]:8080", "[::1]"),
        ] {
            assert_eq!(origin(url), expected, "{url}");
        }
    }
}
