//! What a delivery report changes: the record of the mail of ours that it is about, whoever has to find another way, and
//! whether more is sent to the address.
//!
//! A report is believed by one thing: an id that we signed, in a Message-ID or in the address it came back to, about the
//! address that the mail went to. Whoever got a mail of ours knows its id and could feign that it did not arrive; that harms nobody but themselves, and a person is
//! told. Everything else changes nothing and is shown.

use super::digest::{Digest, Reported};
use crate::app::outbox::{Loss, Lost, ask_for_another_way, comparable, mark_undeliverable};
use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::correspondence::MailKind;
use crate::domain::correspondence::bounce::{Delivery, Outcome};
use crate::domain::ids::{CaseId, MailId, OutgoingId, of};
use crate::store::delivery_reports::{self, ReportRow};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::outgoing::{self, Written};
use crate::store::{Tx, json_without_nul};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a delivery report is about.
#[derive(Clone, Debug)]
pub(super) enum Bounce {
    /// About a mail of ours, and the address it went to.
    Tied { outgoing: OutgoingId, written: Written, recipient: String, delivery: Delivery },
    /// About nothing of ours that could be proven.
    Untied { because: &'static str, outgoing: Option<OutgoingId> },
}

const OF_A_REPORT: &str = "what came back is itself a report: nothing is done";
const FEIGNED: &str = "it looks like our own mail, and nothing proves that it is";
const NO_ID: &str = "it names no mail";
const NOT_SIGNED: &str = "no id it names is one that we signed";
const NO_MAIL: &str = "the id is signed, and the mail is not on file";
const NOBODY_NAMED: &str = "it says that a mail arrived, and not where";
const OTHER_RECIPIENT: &str = "it is about an address that the mail did not go to";

/// Finds what the reports among these mails are about.
pub(super) async fn tie(tx: &Tx, digests: &[Digest]) -> Result<BTreeMap<MailId, Bounce>, AppError> {
    let about: BTreeSet<OutgoingId> = digests.iter().filter_map(|digest| digest.report.as_ref()?.about).collect();
    let written = outgoing::written(tx, &about.into_iter().collect::<Vec<_>>()).await?;
    let tied = digests.iter().filter_map(|digest| {
        let report = digest.report.as_ref()?;
        let written = report.about.and_then(|about| Some((about, written.get(&about)?)));
        Some((digest.mail, tied(digest, report, written)))
    });
    Ok(tied.collect())
}

fn tied(digest: &Digest, read: &Reported, written: Option<(OutgoingId, &Written)>) -> Bounce {
    let untied = |because| Bounce::Untied { because, outgoing: read.about };
    if digest.feigns_ours {
        return untied(FEIGNED);
    }
    if read.report.of_a_report {
        return untied(OF_A_REPORT);
    }
    let Some((outgoing, written)) = written else {
        return untied(match (read.about, read.report.ids.is_empty()) {
            (Some(_), _) => NO_MAIL,
            (None, true) => NO_ID,
            (None, false) => NOT_SIGNED,
        });
    };
    let went_to = comparable(&written.to);
    let named = |delivery: &&Delivery| delivery.addresses.iter().any(|address| comparable(address) == went_to);
    // Named more than once, the worst is believed.
    let of_ours = read.report.deliveries.iter().filter(named).max_by_key(|delivery| delivery.outcome);
    match (of_ours, went_to) {
        (Some(delivery), Some(recipient)) => {
            Bounce::Tied { outgoing, written: written.clone(), recipient, delivery: delivery.clone() }
        }
        // The mail went to one address: a failure that names nobody is told, and marks nothing. So is one that came back
        // to the mail's own address and names another: the mail was passed on to there.
        (None, Some(recipient))
            if digest.automatic.kind == MailKind::Bounce && (read.report.deliveries.is_empty() || passed_on(read)) =>
        {
            Bounce::Tied { outgoing, written: written.clone(), recipient, delivery: Delivery::of_nobody_named() }
        }
        _ if read.report.deliveries.is_empty() => untied(NOBODY_NAMED),
        _ => untied(OTHER_RECIPIENT),
    }
}

fn passed_on(read: &Reported) -> bool {
    read.came_back && read.report.deliveries.iter().any(|delivery| delivery.outcome.failed())
}

impl Bounce {
    /// A report about a mail lies with the case of that mail.
    pub(super) fn case(&self) -> Option<CaseId> {
        match self {
            Bounce::Tied { written, .. } => written.case,
            Bounce::Untied { .. } => None,
        }
    }

    /// For `mail explain`.
    pub(super) fn evidence(&self) -> Value {
        let shown = match self {
            Bounce::Tied { outgoing, recipient, delivery, .. } => json!({
                "about": outgoing,
                "recipient": recipient,
                "outcome": delivery.outcome.as_str(),
                "status": delivery.status,
                "diagnostic": delivery.diagnostic,
                "markedUndeliverable": delivery.outcome == Outcome::FailedPermanently,
            }),
            Bounce::Untied { because, outgoing } => json!({ "about": outgoing, "nothingDoneBecause": because }),
        };
        json_without_nul(shown)
    }
}

/// Writes down what the reports changed.
pub(super) async fn write(
    app: &App,
    tx: &Tx,
    digests: &[Digest],
    bounces: &BTreeMap<MailId, Bounce>,
) -> Result<(), AppError> {
    for digest in digests {
        if let Some(Bounce::Tied { outgoing, written, recipient, delivery }) = bounces.get(&digest.mail) {
            report(app, tx, (digest, *outgoing), (recipient, delivery)).await?;
            if delivery.outcome.failed() {
                let lost = Lost { mail: *outgoing, case: written.case, person: written.person };
                ask_for_another_way(app, tx, lost, Loss::NotDelivered).await?;
            }
            if delivery.outcome == Outcome::FailedPermanently {
                mark_undeliverable(tx, (recipient, *outgoing), delivery, digest.received_at).await?;
            }
        }
    }
    Ok(())
}

async fn report(
    app: &App,
    tx: &Tx,
    (digest, outgoing): (&Digest, OutgoingId),
    (recipient, delivery): (&str, &Delivery),
) -> Result<(), AppError> {
    let row = ReportRow {
        id: app.new_id::<of::Event>().as_uuid(),
        outgoing_id: outgoing.as_uuid(),
        mail_id: digest.mail.as_uuid(),
        recipient: recipient.to_owned(),
        outcome: delivery.outcome.as_str().to_owned(),
        status: delivery.status.clone(),
        diagnostic: delivery.diagnostic.clone(),
        reported_at: digest.received_at,
    };
    delivery_reports::insert(tx, vec![row]).await?;
    let event = NewEvent {
        id: app.new_id(),
        at: app.now(),
        actor: ActorRef::Software,
        kind: "delivery_reported".to_owned(),
        data: json!({ "mail": digest.mail, "outcome": delivery.outcome.as_str(), "status": delivery.status }),
    };
    events::append_next(tx, vec![(Stream::Outgoing, outgoing.as_uuid(), vec![event])]).await?;
    Ok(())
}
