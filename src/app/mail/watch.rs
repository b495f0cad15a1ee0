//! Looks at the mail room by the clock: how much waits and for how long, as numbers; and where it has waited too long, a
//! task for whoever can do something about it, which is closed by itself when the trouble is over.
//!
//! That sending stopped is told where it stops (`outbox`), once for each who may let it go on.

use super::ROUTE_MAIL;
use super::mailbox_folders::{self, FolderName};
use super::numbers;
use super::route_mail::QUARANTINED;
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::ids::of;
use crate::store::outgoing::{self, Queue};
use crate::store::tasks::{self, NewTask};
use crate::store::{contacts, jobs, mails};
use chrono::{DateTime, Duration, Utc};
use metrics::gauge;

/// The task of whoever is told; done by itself.
pub(crate) const MAIL_TROUBLE: &str = "mail_trouble";

/// What the mail room looks like.
#[derive(Clone, Debug)]
struct Seen {
    mailboxes: Vec<(FolderName, DateTime<Utc>)>,
    waiting: (u64, Option<DateTime<Utc>>),
    quarantined: (u64, Option<DateTime<Utc>>),
    queue: Queue,
    overdue: u64,
}

/// Something that has lasted too long.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Trouble {
    /// `unrouted`, `mailbox:psd`.
    name: String,
    /// Since when: two who look at the same time see the same.
    since: DateTime<Utc>,
    title: String,
    role: Role,
}

/// Looks, shows the numbers, and tells of troubles that are new and of those that are over.
///
/// # Errors
/// What the store says.
pub async fn watch_mail(app: &App) -> Result<(), AppError> {
    let seen = look(app).await?;
    show(&seen, app.now());
    tell(app, troubles(app, &seen)).await
}

async fn look(app: &App) -> Result<Seen, AppError> {
    let (db, now) = (app.store.reader(), app.now());
    Ok(Seen {
        mailboxes: mailbox_folders::last_seen(app).await?,
        waiting: jobs::backlog(db, ROUTE_MAIL).await?,
        quarantined: mails::count_in_state(db, QUARANTINED).await?,
        queue: outgoing::queue(db).await?,
        overdue: contacts::count_overdue(db, now).await?,
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts and seconds this large are exact in an f64")]
fn show(seen: &Seen, now: DateTime<Utc>) {
    let age = |since: Option<DateTime<Utc>>| since.map_or(0.0, |since| (now - since).num_seconds().max(0) as f64);
    for (mailbox, at) in &seen.mailboxes {
        numbers::mailbox_checked(mailbox, *at);
    }
    gauge!("evenhand_mail_waiting").set(seen.waiting.0 as f64);
    gauge!("evenhand_mail_waiting_oldest_seconds").set(age(seen.waiting.1));
    gauge!("evenhand_mail_quarantined").set(seen.quarantined.0 as f64);
    gauge!("evenhand_mail_quarantined_oldest_seconds").set(age(seen.quarantined.1));
    gauge!("evenhand_outgoing_waiting").set(seen.queue.waiting as f64);
    gauge!("evenhand_outgoing_waiting_oldest_seconds").set(age(seen.queue.oldest));
    gauge!("evenhand_outgoing_dead").set(seen.queue.dead as f64);
    gauge!("evenhand_contacts_held_overdue").set(seen.overdue as f64);
}

fn troubles(app: &App, seen: &Seen) -> Vec<Trouble> {
    let (now, alerts) = (app.now(), &app.settings.alerts);
    let too_long = |since: Option<DateTime<Utc>>, most: Duration| since.filter(|since| now - *since >= most);
    let time = |at: DateTime<Utc>| at.format("%Y-%m-%d %H:%M UTC");
    let trouble = |name: &str, since: DateTime<Utc>, title: String, role: Role| Trouble {
        name: name.to_owned(),
        since,
        title,
        role,
    };
    let mut found = Vec::new();
    for (mailbox, at) in &seen.mailboxes {
        if let Some(since) = too_long(Some(*at), alerts.mailbox_unchecked) {
            let title = format!("The mailbox {mailbox} has not answered since {}; look at its server", time(since));
            found.push(trouble(&format!("mailbox:{mailbox}"), since, title, Role::Admin));
        }
    }
    if let Some(since) = too_long(seen.waiting.1, alerts.unrouted) {
        let title = format!("Mail waits to be read by the program since {}; look whether a worker runs", time(since));
        found.push(trouble("unrouted", since, title, Role::Admin));
    }
    if let Some(since) = too_long(seen.queue.oldest, alerts.outgoing) {
        let title = format!("Mail of ours is not sent since {}; look at the mail server", time(since));
        found.push(trouble("outgoing", since, title, Role::Admin));
    }
    if let Some(since) = too_long(seen.quarantined.1, alerts.quarantined) {
        let title =
            format!("Mail that could not be read by the program lies since {}; read it or try it again", time(since));
        found.push(trouble("quarantined", since, title, Role::PsdStaff));
    }
    found
}

/// Of a trouble somebody is told once, until it is over.
async fn tell(app: &App, troubles: Vec<Trouble>) -> Result<(), AppError> {
    for name in ["mailbox", "unrouted", "outgoing", "quarantined"] {
        let in_force = troubles.iter().any(|trouble| trouble.name.split(':').next() == Some(name));
        gauge!("evenhand_alert", "alert" => name).set(if in_force { 1.0 } else { 0.0 });
    }
    let open = tasks::open_of_kind(app.store.reader(), MAIL_TROUBLE).await?;
    let cause = |trouble: &Trouble| format!("{MAIL_TROUBLE}:{}:since:", trouble.name);
    let lasts = |task: &tasks::TaskRow| troubles.iter().any(|trouble| task.cause.starts_with(&cause(trouble)));
    let over: Vec<_> = open.iter().filter(|task| !lasts(task)).cloned().collect();
    let told = |trouble: &Trouble| open.iter().any(|task| task.cause.starts_with(&cause(trouble)));
    let new: Vec<NewTask> = troubles
        .iter()
        .filter(|trouble| !told(trouble))
        .map(|trouble| NewTask {
            id: app.new_id::<of::Event>().as_uuid(),
            kind: MAIL_TROUBLE,
            title: trouble.title.clone(),
            role: Some(trouble.role.as_str().to_owned()),
            officer: None,
            case: None,
            contact: None,
            person: None,
            due_at: Some(app.now()),
            created_at: app.now(),
            cause: format!("{}{}", cause(trouble), trouble.since.timestamp_micros()),
        })
        .collect();
    if new.is_empty() && over.is_empty() {
        return Ok(());
    }
    for task in &new {
        tracing::error!(alert = task.cause, "{}", task.title);
    }
    for task in &over {
        tracing::info!(alert = task.cause, "a trouble of the mail room is over");
    }
    let now = app.now();
    let told = app.store.write(async move |tx| {
        tasks::ask(tx, new).await?;
        for task in over {
            tasks::settle(tx, tasks::with_id(task.id), None, now).await?;
        }
        Ok(())
    });
    told.await.map_err(AppError::from)
}
