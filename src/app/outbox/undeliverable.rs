//! Addresses that cannot be reached: nothing is sent there for a time, and a person can say that it is right after all.

use crate::app::AppError;
use crate::domain::correspondence::bounce::Delivery;
use crate::domain::ids::OutgoingId;
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::Tx;
use crate::store::outgoing::OutgoingRow;
use crate::store::undeliverable::{self, MarkRow};
use chrono::{DateTime, Duration, Utc};
use sea_orm::ConnectionTrait;

/// How long nothing is sent to an address after a server said that there is no use in trying (5.x.x). Our own default:
/// no standard names a time. Long enough that nobody relies on the address meanwhile, short enough that a mistake of
/// the server ends by itself.
pub const UNDELIVERABLE_FOR: Duration = Duration::days(30);

/// What addresses are compared by; `None` for what is no address. `Name <a@b>` is `a@b`.
pub(crate) fn comparable(address: &str) -> Option<String> {
    normalise(IdentifierKind::Email, crate::mail::bare_address(address)).ok()
}

/// Marks the normalised address that a mail could not be delivered to for good.
pub(crate) async fn mark_undeliverable(
    tx: &Tx,
    (address, outgoing): (&str, OutgoingId),
    said: &Delivery,
    since: DateTime<Utc>,
) -> Result<(), AppError> {
    let mark = MarkRow {
        address: address.to_owned(),
        since,
        until: since + UNDELIVERABLE_FOR,
        outgoing_id: outgoing.as_uuid(),
        status: said.status.clone(),
        detail: said.diagnostic.clone(),
    };
    Ok(undeliverable::mark(tx, mark).await?)
}

/// A person says that an address is right. Answers whether it was marked.
pub(crate) async fn lift_mark(tx: &Tx, address: &str) -> Result<bool, AppError> {
    Ok(undeliverable::lift(tx, address).await?)
}

/// Why this mail may not be sent now; `None` where it may.
pub(super) async fn why_not_sent(
    db: &impl ConnectionTrait,
    mail: &OutgoingRow,
    now: DateTime<Utc>,
) -> Result<Option<String>, AppError> {
    let Some(address) = comparable(&mail.to_address) else { return Ok(None) };
    let Some(mark) = undeliverable::mark_at(db, &address, now).await? else { return Ok(None) };
    let status = mark.status.map(|status| format!(" ({status})")).unwrap_or_default();
    let (since, until) = (mark.since.format("%Y-%m-%d"), mark.until.format("%Y-%m-%d %H:%M UTC"));
    Ok(Some(format!(
        "not sent: a mail to this address came back on {since} as undeliverable{status}; \
         nothing is sent there before {until} unless somebody confirms the address again"
    )))
}
