//! `evenhand mail`

use super::context::Context;
use super::exit::{Exit, Failure};
use super::explained;
use crate::app::mail::{
    self, Imported, Incoming, MailInState, MailSource, MailState, MailboxFolderView, Rerouted, Until,
};
use crate::app::{self, AppError, outbox};
use crate::domain::access::Actor;
use crate::domain::ids::{Id, MailId};
use crate::mail::DnsRecord;
use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Take in a message, an mbox, a Maildir or a folder of messages; taking it in again keeps nothing twice
    Import {
        path: PathBuf,
        /// The address of ours that received it
        #[arg(long, value_name = "ADDRESS", default_value = "")]
        recipient: String,
        /// Come back when every kept message is routed
        #[arg(long)]
        wait: bool,
    },
    /// Every step, decision and piece of evidence of one message, or of a mail of ours
    Explain { id: uuid::Uuid },
    /// The messages that could not be routed: since when, how often it was tried, and why
    Quarantined,
    /// Route quarantined messages again: those named, or all of them
    Reprocess {
        /// The officer who decides it, by the name they sign in with
        #[arg(long, value_name = "NAME")]
        officer: String,
        ids: Vec<MailId>,
    },
    /// Take one message from an MTA's pipe: 0 once it is on the disk, 75 on any doubt
    Receive {
        /// The address of ours that received it
        #[arg(long, value_name = "ADDRESS")]
        recipient: OsString,
    },
    /// Let mail be sent again after it stopped by itself
    Restart {
        /// The officer who decides it: an administrator or a supervisor, by the name they sign in with
        #[arg(long, value_name = "NAME")]
        officer: String,
        /// What was found, and why mail may be sent again
        #[arg(long, value_name = "WORDS")]
        reason: String,
    },
    /// The mailboxes that are read over IMAP, and what stands in the way
    Mailboxes,
    /// The DNS record that lets others check our signatures; needs no database
    DkimRecord,
    /// What is understood of a message; needs no database
    Inspect { file: PathBuf },
}

pub(super) async fn run(command: Command, cx: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Import { path, recipient, wait } => {
            let until = if wait { Until::Routed } else { Until::Kept };
            import(&path, &recipient, until, cx).await
        }
        Command::Explain { id } => explain(id, cx).await,
        Command::Quarantined => quarantined(cx).await,
        Command::Reprocess { officer, ids } => Box::pin(reprocess(&officer, ids, cx)).await,
        Command::Receive { recipient } => receive(recipient.to_string_lossy().into_owned(), cx).await,
        Command::Restart { officer, reason } => restart(&officer, reason, cx).await,
        Command::Mailboxes => mailboxes(cx).await,
        Command::DkimRecord => dkim_record(cx),
        Command::Inspect { file } => inspect(&file, cx),
    }
}

async fn import(path: &Path, recipient: &str, until: Until, cx: &Context) -> Result<Exit, Failure> {
    if !path.exists() {
        return Err(Failure::new(Exit::NoInput, format!("{}: there is no such file or folder", path.display())));
    }
    let app = cx.app().await?;
    let importing = mail::import_mail(&app, &Actor::Software, path, (recipient, until), show_progress);
    let imported = Box::pin(importing).await?;
    if std::io::stderr().is_terminal() {
        cx.output.say("")?;
    }
    for passed in &imported.passed {
        cx.output.say(&format!("{}: not a message, passed by", passed.display()))?;
    }
    for (path, reason) in &imported.unreadable {
        cx.output.say(&format!("{}: cannot be read: {reason}", path.display()))?;
    }
    cx.output.print(&imported, summary)?;
    app.store.close().await;
    Ok(if imported.unreadable.is_empty() { Exit::Done } else { Exit::NoInput })
}

fn show_progress(read: u64) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        // A progress line that cannot be shown stops nothing.
        let _shown = write!(stderr, "\r{read} messages");
    }
}

fn summary(imported: &Imported) -> String {
    let Imported { read, kept, duplicate, .. } = imported;
    let mut text = format!("{read} read: {kept} kept, {duplicate} there already");
    if let (Some(routed), Some(attributed), Some(unattributed)) =
        (imported.routed, imported.attributed, imported.unattributed)
    {
        text.push_str(&format!("; {routed} routed: {attributed} attributed, {unattributed} for a person to attribute"));
    }
    text
}

fn dkim_record(cx: &Context) -> Result<Exit, Failure> {
    let signer =
        cx.config()?.dkim.signer().map_err(|fault| Failure::new(Exit::Config, format!("dkim.key: {fault}")))?;
    let Some(signer) = signer else {
        return Err(Failure::new(Exit::Config, "dkim.domain is not set: mail is not signed"));
    };
    cx.output.print(signer.record(), as_in_a_zone)?;
    Ok(Exit::Done)
}

/// A line of a zone file: strings of at most 255 bytes (RFC 1035 §3.3.14).
fn as_in_a_zone(record: &DnsRecord) -> String {
    let letters: Vec<char> = record.value.chars().collect();
    let strings: Vec<String> =
        letters.chunks(250).map(|some| format!("\"{}\"", some.iter().collect::<String>())).collect();
    format!("{}. IN TXT ( {} )", record.name, strings.join(" "))
}

/// A message that came in, or a mail of ours.
async fn explain(id: uuid::Uuid, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    match mail::explain_mail(&app, &Actor::Software, Id::from_uuid(id)).await {
        Ok(explanation) => cx.output.print(&explanation, explained::told)?,
        Err(AppError::NotFound) => {
            let ours = outbox::explain_outgoing(&app, &Actor::Software, Id::from_uuid(id)).await?;
            cx.output.print(&ours, explained::told_of_ours)?;
        }
        Err(error) => return Err(error.into()),
    }
    app.store.close().await;
    Ok(Exit::Done)
}

/// Messages shown at once.
const MOST_SHOWN: u64 = 1_000;

async fn quarantined(cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let found = mail::list_mail(&app, &Actor::Software, MailState::Quarantined, (None, MOST_SHOWN)).await?;
    cx.output.print(&found, |found| {
        let line = |mail: &MailInState| {
            let (attempts, since) = (mail.attempts.unwrap_or_default(), mail.since.format("%Y-%m-%d %H:%M UTC"));
            let reason = mail.reason.as_deref().unwrap_or("no reason on record");
            format!("{} since {since}, tried {attempts} times: {reason}", mail.id)
        };
        let lines: Vec<String> = found.iter().map(line).collect();
        if lines.is_empty() { "Nothing is quarantined.".to_owned() } else { lines.join("\n") }
    })?;
    app.store.close().await;
    Ok(Exit::Done)
}

async fn reprocess(officer: &str, ids: Vec<MailId>, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let token = app::issue_officer_token(&app, officer, 15).await?;
    let caller = app::sign_in(&app, &token).await?;
    let ids = match ids.is_empty() {
        false => ids,
        true => {
            let found = mail::list_mail(&app, &caller.actor, MailState::Quarantined, (None, MOST_SHOWN)).await?;
            found.into_iter().map(|mail| mail.id).collect()
        }
    };
    let done = mail::reroute_mails(&app, &caller.actor, ids).await?;
    cx.output.print(&done, |done| {
        let line = |one: &Rerouted| match &one.because {
            None => format!("{} {}", one.id, one.outcome),
            Some(because) => format!("{} {}: {because}", one.id, one.outcome),
        };
        done.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    app.store.close().await;
    Ok(if done.iter().all(|one| one.outcome == "routed") { Exit::Done } else { Exit::TryAgain })
}

/// The largest message a pipe hands in, in bytes. The mail server has taken it from the public already, so it is kept
/// even where the other doors would have asked for less; what is larger stays with the mail server.
const MOST_PIPED: u64 = 100 * 1024 * 1024;

/// An MTA bounces to the public on any code but 0 and 75, so whatever goes wrong here is 75.
async fn receive(recipient: String, cx: &Context) -> Result<Exit, Failure> {
    let again = |failure: Failure| failure.with_exit(Exit::TryAgain);
    let mut raw = Vec::new();
    let piped = std::io::stdin().lock().take(MOST_PIPED + 1).read_to_end(&mut raw)?;
    if u64::try_from(piped).is_ok_and(|piped| piped > MOST_PIPED) {
        let said = format!("the message is larger than {MOST_PIPED} bytes; nothing of it was kept");
        return Err(again(Failure::new(Exit::TryAgain, said)));
    }
    let app = cx.app().await.map_err(again)?;
    let incoming = Incoming { raw, recipient, source: MailSource::Pipe, received_at: None, envelope_from: None };
    let kept = mail::keep_mail(&app, &Actor::Software, incoming).await;
    app.store.close().await;
    match kept {
        Ok(_) => Ok(Exit::Done),
        Err(error) => Err(again(error.into())),
    }
}

/// In the name of an officer, as with a token that `evenhand user token` would print for them.
async fn restart(officer: &str, reason: String, cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let token = app::issue_officer_token(&app, officer, 1).await?;
    let caller = app::sign_in(&app, &token).await?;
    let stop = outbox::restart_sending(&app, &caller.actor, reason).await?;
    let shown = serde_json::json!({ "stoppedAt": stop.opened_at, "because": stop.because, "restartedBy": officer });
    cx.output.print(&shown, |_| format!("Mail is sent again. It had stopped because: {}", stop.because))?;
    app.store.close().await;
    Ok(Exit::Done)
}

async fn mailboxes(cx: &Context) -> Result<Exit, Failure> {
    let app = cx.app().await?;
    let folders = mail::list_mailboxes(&app, &Actor::Software).await?;
    let line = |folder: &MailboxFolderView| {
        let MailboxFolderView { mailbox, folder, checked_at, left_behind, trouble, trouble_since } = folder;
        let checked = checked_at.map_or_else(|| "never".to_owned(), |at| at.to_rfc3339());
        let trouble = trouble.as_ref().zip(*trouble_since).map(|(why, since)| format!(" · since {since}: {why}"));
        format!("{mailbox}/{folder}: checked {checked} · {left_behind} left behind{}", trouble.unwrap_or_default())
    };
    let shown = serde_json::json!({ "folders": folders });
    let lines = || match folders.as_slice() {
        [] => "No mailbox was ever read.".to_owned(),
        folders => folders.iter().map(line).collect::<Vec<_>>().join("\n"),
    };
    cx.output.print(&shown, |_| lines())?;
    app.store.close().await;
    Ok(Exit::Done)
}

/// What `mail inspect` promises is five seconds with the program's own start and end.
const MOST_INSPECTING: Duration = Duration::from_millis(4_500);

fn inspect(file: &Path, cx: &Context) -> Result<Exit, Failure> {
    let raw =
        std::fs::read(file).map_err(|error| Failure::new(Exit::NoInput, format!("{}: {error}", file.display())))?;
    let settings = cx.config()?.settings();
    let inspection = mail::inspect_in_time(raw, settings.our_addresses, settings.message_id_domain, MOST_INSPECTING);
    cx.output.print(&inspection, |inspection| serde_json::to_string_pretty(inspection).unwrap_or_default())?;
    Ok(Exit::Done)
}
