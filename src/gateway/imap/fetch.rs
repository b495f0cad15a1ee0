//! Which messages are new, in what portions they are fetched, and the messages themselves.

use super::account::Account;
use super::connection::{PATIENCE, Session, within};
use super::fault::Fault;
use crate::app::mail::{Incoming, MailSource};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;

/// Messages that are kept in one transaction at most.
const MOST_MESSAGES: usize = 200;
/// Of these many bytes, unless one is larger alone.
const MOST_BYTES: u64 = 16 * 1024 * 1024;
/// UIDs whose sizes are asked for at once.
const SIZES_AT_ONCE: usize = 1_000;
/// A larger message is not read into memory. Mail servers take a fraction of this.
const LARGEST: u64 = 150 * 1024 * 1024;
/// How long one message may take on its way.
const FOR_A_MESSAGE: Duration = Duration::from_secs(5 * 60);

/// UIDs above `kept`, in their order. (`UID n:*` names the last message even where n is above it: RFC 3501 §6.4.8.)
pub(super) async fn newer(session: &mut Session, account: &Account, kept: u32) -> Result<Vec<u32>, Fault> {
    let Some(first) = kept.checked_add(1) else { return Ok(Vec::new()) };
    let since = account.since.map(|day| format!(" SINCE {}", day.format("%-d-%b-%Y"))).unwrap_or_default();
    let found = within(session.uid_search(format!("UID {first}:*{since}"))).await?;
    let mut newer: Vec<u32> = found.into_iter().filter(|uid| *uid > kept).collect();
    newer.sort_unstable();
    Ok(newer)
}

/// What is fetched in one go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Portion {
    Messages(Vec<u32>),
    /// One that is too large to be read.
    TooLarge(u32),
}

/// The portions of `uids`, which are in order; in their order.
pub(super) async fn portions(session: &mut Session, uids: &[u32], one_by_one: bool) -> Result<Vec<Portion>, Fault> {
    let mut sizes = BTreeMap::new();
    for some in uids.chunks(SIZES_AT_ONCE) {
        let mut answers = within(session.uid_fetch(set(some), "(UID RFC822.SIZE)")).await?;
        while let Some(answer) = timeout(PATIENCE, answers.next()).await.map_err(|_elapsed| Fault::Silent)? {
            let answer = answer?;
            if let (Some(uid), Some(size)) = (answer.uid, answer.size) {
                sizes.insert(uid, u64::from(size));
            }
        }
    }
    // What was expunged since has no size, and is passed over.
    let there: Vec<(u32, u64)> = uids.iter().filter_map(|uid| Some((*uid, *sizes.get(uid)?))).collect();
    Ok(portioned(&there, if one_by_one { 1 } else { MOST_MESSAGES }))
}

fn portioned(messages: &[(u32, u64)], most: usize) -> Vec<Portion> {
    let (mut portions, mut portion, mut bytes) = (Vec::new(), Vec::new(), 0_u64);
    for (uid, size) in messages {
        let is_full = portion.len() >= most || (bytes.saturating_add(*size) > MOST_BYTES && !portion.is_empty());
        if is_full || *size > LARGEST {
            portions.extend(some_messages(&mut portion));
            bytes = 0;
        }
        if *size > LARGEST {
            portions.push(Portion::TooLarge(*uid));
        } else {
            portion.push(*uid);
            bytes = bytes.saturating_add(*size);
        }
    }
    portions.extend(some_messages(&mut portion));
    portions
}

fn some_messages(portion: &mut Vec<u32>) -> Option<Portion> {
    (!portion.is_empty()).then(|| Portion::Messages(std::mem::take(portion)))
}

/// The messages of a portion, without marking them. One that is gone meanwhile is not among them.
pub(super) async fn messages(
    session: &mut Session,
    account: &Account,
    uids: &[u32],
    now: DateTime<Utc>,
) -> Result<Vec<Incoming>, Fault> {
    let mut messages = BTreeMap::new();
    let mut answers = within(session.uid_fetch(set(uids), "(UID INTERNALDATE BODY.PEEK[])")).await?;
    while let Some(answer) = timeout(FOR_A_MESSAGE, answers.next()).await.map_err(|_elapsed| Fault::Silent)? {
        let answer = answer?;
        // Servers also say what others changed meanwhile, in answers without a body.
        let (Some(uid), Some(raw)) = (answer.uid, answer.body()) else { continue };
        let arrived: Option<DateTime<Utc>> = answer.internal_date().map(|date| date.with_timezone(&Utc));
        let incoming = Incoming {
            raw: raw.to_vec(),
            recipient: account.recipient.clone(),
            source: MailSource::Imap(account.name.clone()),
            received_at: arrived.filter(|at| *at <= now),
            envelope_from: None,
        };
        messages.insert(uid, incoming);
    }
    Ok(messages.into_values().collect())
}

/// `1:3,7` (RFC 3501 §9, sequence-set) for UIDs in order.
pub(super) fn set(uids: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for uid in uids {
        match ranges.last_mut() {
            Some((_, last)) if last.checked_add(1) == Some(*uid) => *last = *uid,
            Some(_) | None => ranges.push((*uid, *uid)),
        }
    }
    let shown = |(first, last): (u32, u32)| if first == last { first.to_string() } else { format!("{first}:{last}") };
    ranges.into_iter().map(shown).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_asked_for_as_a_range() {
        assert_eq!(set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(set(&[u32::MAX]), "4294967295");
        assert_eq!(set(&[]), "");
    }

    #[test]
    fn a_portion_is_bounded_in_messages_and_bytes_and_what_is_too_large_stands_alone() {
        let small: Vec<(u32, u64)> = (1..=401).map(|uid| (uid, 10)).collect();
        let sizes: Vec<usize> = portioned(&small, MOST_MESSAGES)
            .iter()
            .map(|portion| match portion {
                Portion::Messages(uids) => uids.len(),
                Portion::TooLarge(_) => 0,
            })
            .collect();
        assert_eq!(sizes, [200, 200, 1]);
        let mixed = [(1, MOST_BYTES), (2, 1), (3, LARGEST + 1), (4, LARGEST), (5, 1)];
        let portions = portioned(&mixed, MOST_MESSAGES);
        let messages = |uids: &[u32]| Portion::Messages(uids.to_vec());
        let expected = [messages(&[1]), messages(&[2]), Portion::TooLarge(3), messages(&[4]), messages(&[5])];
        assert_eq!(portions, expected);
    }
}
