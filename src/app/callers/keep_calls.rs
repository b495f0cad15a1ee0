//! A portion of rows is kept: told from those that are here, matched, made contacts of, and counted by the rules.

use super::acquaint::{Acquainted, acquaint};
use super::become_contacts::{Known, become_contacts};
use super::file_rows::TakenRow;
use super::match_calls::match_calls;
use super::nominate_callers::nominate_callers;
use super::regroup::{Regrouped, regroup};
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calls::{CallRow, Direction, Profile, RowFault, caller_key, code};
use crate::domain::contact::NotCounted;
use crate::domain::ids::{CallId, CallImportId, CallerId, ContactId, PersonId};
use crate::store::call_imports::ImportCounts;
use crate::store::calls::{Call, CallWords};
use crate::store::contacts::Contact;
use crate::store::{Tx, calls, contacts};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// What is said of a contact whose call turned out to be one with another.
const REGROUPED: &str = "Another system recorded the same call.";

/// What became of a portion.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Of the rows that were read as calls.
    pub(super) counts: ImportCounts,
    pub(super) times: Option<(DateTime<Utc>, DateTime<Utc>)>,
    pub(super) acquainted: Acquainted,
    /// Rows whose key another call has, by number, as they came.
    pub(super) used_otherwise: Vec<(u64, String)>,
}

/// What tells whether two rows of one key are one call: words are filled in later, these are not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Same {
    started_at: DateTime<Utc>,
    number: Option<String>,
    direction: Direction,
}

impl Same {
    fn of(row: &CallRow) -> Self {
        Self { started_at: row.started_at, number: row.number.clone(), direction: row.direction }
    }

    fn of_kept(kept: &calls::Kept) -> Self {
        Self { started_at: kept.started_at, number: kept.number.clone(), direction: kept.direction }
    }
}

/// What is wrong with a row that says something else under a key than another row does.
pub(super) fn used_otherwise() -> RowFault {
    let says =
        "another call of this key is here, with another number, time or direction: give this one a key of its own";
    RowFault::of_row(code::KEY_USED_OTHERWISE, says)
}

/// Which file rows come from.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    pub(super) import: CallImportId,
    pub(super) system: crate::domain::calls::SystemKind,
    pub(super) precedence: u8,
}

impl Origin {
    pub(super) fn of(import: CallImportId, profile: &Profile) -> Self {
        Self { import, system: profile.system, precedence: profile.precedence }
    }
}

/// What a row is, by its key: `before` are the rows of the file before it.
pub(super) enum ByKey {
    New,
    Known,
    /// Another call has the key.
    Otherwise,
}

impl ByKey {
    pub(super) fn of(row: &CallRow, before: &mut HashMap<String, Same>, kept: Option<&calls::Kept>) -> Self {
        let told = Same::of(row);
        let kept = || kept.filter(|kept| !kept.withdrawn).map(Same::of_kept);
        match before.get(&row.source_ref).cloned().or_else(kept) {
            Some(standing) if standing == told => ByKey::Known,
            Some(_) => ByKey::Otherwise,
            None => {
                before.insert(row.source_ref.clone(), told);
                ByKey::New
            }
        }
    }
}

/// Keeps rows of one system. Rows that are here change nothing, but for those of an import that was undone: they come
/// back, as they are told now. A row whose key another call has is rejected, so that no call is lost. Whoever asks holds
/// [`super::CALLS`]. Between two steps whoever has a caller on the line goes first.
pub(super) async fn keep_calls(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    origin: &Origin,
    (rows, acquainted): (Vec<TakenRow>, Acquainted),
) -> Result<Kept, AppError> {
    let mut kept = Kept { acquainted, ..Kept::default() };
    let names: Vec<String> = rows.iter().map(|row| row.call.source_ref.clone()).collect();
    let known = calls::known(tx, origin.system, &names).await?;
    let mut before: HashMap<String, Same> = HashMap::with_capacity(rows.len());
    let mut fresh = Vec::with_capacity(rows.len());
    let mut back = HashSet::new();
    for row in rows {
        let known = known.get(&row.call.source_ref);
        match ByKey::of(&row.call, &mut before, known) {
            ByKey::Known => {
                kept.counts.known += 1;
                if let Some(import) = known.and_then(|known| known.import) {
                    *kept.acquainted.known_of.entry(import).or_default() += 1;
                }
            }
            ByKey::Otherwise => kept.used_otherwise.push((row.number, row.text())),
            ByKey::New => {
                let told = call(app, origin, *row.call);
                fresh.push(match known {
                    Some(calls::Kept { id, contact, .. }) => Call { id: *id, call: *id, contact: *contact, ..told },
                    None => told,
                });
                back.extend(known.map(|withdrawn| withdrawn.id));
            }
        }
    }
    kept.counts.kept = u64::try_from(fresh.len()).unwrap_or(u64::MAX);
    let times = fresh.iter().map(|call| call.started_at);
    kept.times = times.clone().min().zip(times.max());
    drop_contacts_of_others(app, tx, &mut fresh).await?;
    app.live_first.step_aside().await;
    acquaint(app, tx, &fresh, &mut kept.acquainted).await?;
    app.live_first.step_aside().await;
    let placed = place(app, tx, actor, (&mut fresh, None)).await?;
    (kept.counts.matched, kept.counts.contacts) = (placed.matched, placed.contacts);
    app.live_first.step_aside().await;
    let (again, new): (Vec<Call>, Vec<Call>) = fresh.into_iter().partition(|call| back.contains(&call.id));
    calls::tell_again(tx, &again).await?;
    calls::insert_many(tx, &new).await?;
    app.live_first.step_aside().await;
    let nominated = nominate_callers(app, tx, &placed.counted).await?;
    kept.counts.nominations = u64::try_from(nominated.len()).unwrap_or(u64::MAX);
    Ok(kept)
}

/// A row that comes back brings its contact back, unless that stands for another call by now, or what is told now is of
/// another number or time.
async fn drop_contacts_of_others(app: &App, tx: &Tx, returned: &mut [Call]) -> Result<(), AppError> {
    let theirs: Vec<ContactId> = returned.iter().filter_map(|call| call.contact).collect();
    if theirs.is_empty() {
        return Ok(());
    }
    let withdrawn = contacts::with_ids(tx, &theirs).await?.into_iter();
    let withdrawn = withdrawn.filter(|contact| contact.not_counted == Some(NotCounted::Withdrawn));
    let withdrawn: HashMap<ContactId, Contact> = withdrawn.map(|contact| (contact.id, contact)).collect();
    let within = app.catalog.registers().same_call.within();
    for call in returned {
        let contact = call.contact.and_then(|contact| withdrawn.get(&contact));
        let tells = |contact: &&Contact| {
            contact.presented == call.number && (contact.received_at - call.started_at).abs() <= within
        };
        call.contact = contact.filter(tells).map(|contact| contact.id);
    }
    Ok(())
}

/// A call that is recorded while it is on the line: told from what other systems recorded of it, made a contact of
/// whoever it is on file, and counted by the rules, as one that comes in a file.
/// `person`: who the call taker says it is.
pub(crate) async fn keep_live_call(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (call, person): (Call, Option<PersonId>),
) -> Result<Call, AppError> {
    crate::store::hold(tx, &[super::CALLS]).await?;
    let mut fresh = vec![call];
    acquaint(app, tx, &fresh, &mut Acquainted::default()).await?;
    let placed = place(app, tx, actor, (&mut fresh, person)).await?;
    calls::insert_many(tx, &fresh).await?;
    nominate_callers(app, tx, &placed.counted).await?;
    fresh.pop().ok_or(AppError::NotFound)
}

/// What fresh rows turned out to be.
struct Placed {
    matched: u64,
    contacts: u64,
    /// Calls that were not counted before, and whose.
    counted: Vec<(CallerId, DateTime<Utc>)>,
}

/// Finds which calls the fresh rows are, and makes contacts of those of people on file. The fresh rows themselves are not
/// written yet.
async fn place(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (fresh, person): (&mut [Call], Option<PersonId>),
) -> Result<Placed, AppError> {
    let matched = match_calls(tx, app.catalog.registers().same_call, fresh).await?;
    let Regrouped { mut counted, contacts } = regroup(app, tx, actor, (&matched, fresh), REGROUPED).await?;
    let new: Vec<&Call> = fresh.iter().filter(|call| matched.new.contains(&call.id)).collect();
    counted.extend(new.iter().filter_map(|call| Some((call.caller?, call.started_at))));
    let unrecorded: Vec<&Call> = new.into_iter().filter(|call| call.contact.is_none()).collect();
    let taken = matched.contacts.of.values().copied().collect();
    let became = become_contacts(app, tx, actor, (&unrecorded, Known { person, taken: &taken })).await?;
    let became: HashMap<_, _> = became.into_iter().collect();
    let contacts = u64::try_from(contacts + became.len()).unwrap_or(u64::MAX);
    for call in fresh.iter_mut() {
        call.contact = became.get(&call.id).copied().or(call.contact);
    }
    Ok(Placed { matched: matched.joined, contacts, counted })
}

/// The area that a place tells by itself; nothing is guessed.
pub(crate) fn area_of(app: &App, place: Option<&str>) -> Option<String> {
    app.catalog.registers().areas.of_location(place?).map(|area| area.key.clone())
}

fn call(app: &App, origin: &Origin, row: CallRow) -> Call {
    let id: CallId = app.new_id();
    let caller = caller_key(&row).map(|key| key.id());
    Call {
        id,
        system: origin.system,
        source_ref: row.source_ref,
        precedence: origin.precedence,
        import: Some(origin.import),
        caller,
        caller_kind: row.caller_kind,
        direction: row.direction,
        channel: row.channel,
        started_at: row.started_at,
        seconds: row.seconds.and_then(|seconds| i32::try_from(seconds).ok()),
        number: row.number,
        withheld: row.withheld,
        area: area_of(app, row.location.as_deref()),
        words: CallWords {
            caller_name: row.caller_name,
            location: row.location,
            subject: row.subject,
            details: row.details,
            actions: row.actions,
            result: row.result,
            route: row.route,
        },
        cad_ref: row.cad_ref,
        call: id,
        counts: row.direction == Direction::In,
        contact: None,
        recorded_at: app.now(),
        withdrawn_at: None,
    }
}
