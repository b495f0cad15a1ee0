//! A portion of rows is kept: told from those that are here, matched, made contacts of, and counted by the rules.

use super::become_contacts::become_contacts;
use super::match_calls::match_calls;
use super::nominate_callers::{nominate_callers, withdraw_of_other_kinds};
use crate::app::contacts::bring_back;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calls::{CallRow, CallerKey, CallerKind, Direction, Profile, caller_key};
use crate::domain::ids::{CallId, CallImportId, CallerId, ContactId, PersonId};
use crate::store::call_imports::ImportCounts;
use crate::store::callers::Caller;
use crate::store::calls::{Call, CallWords};
use crate::store::{Tx, callers, calls};
use chrono::{DateTime, Utc};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// What is known while one file comes in.
#[derive(Clone, Debug, Default)]
pub(super) struct Acquainted {
    /// Callers that were kept on the way, and as what.
    callers: HashMap<CallerId, CallerKind>,
}

/// What became of a portion.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// Of the rows that were read as calls.
    pub(super) counts: ImportCounts,
    pub(super) times: Option<(DateTime<Utc>, DateTime<Utc>)>,
    pub(super) acquainted: Acquainted,
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

/// Keeps rows of one system. Rows whose key is here change nothing, but for those of an import that was undone: they
/// come back. Whoever asks holds [`super::CALLS`]. Between two steps whoever has a caller on the line goes first.
pub(super) async fn keep_calls(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    origin: &Origin,
    (rows, acquainted): (Vec<CallRow>, Acquainted),
) -> Result<Kept, AppError> {
    let mut kept = Kept { acquainted, ..Kept::default() };
    let names: Vec<String> = rows.iter().map(|row| row.source_ref.clone()).collect();
    let known = calls::known(tx, origin.system, &names).await?;
    let mut seen: HashSet<String> = HashSet::with_capacity(rows.len());
    let mut fresh = Vec::with_capacity(rows.len());
    let mut back = Vec::new();
    for row in rows {
        kept.counts.read += 1;
        match known.get(&row.source_ref) {
            _ if !seen.insert(row.source_ref.clone()) => kept.counts.known += 1,
            Some((_, false)) => kept.counts.known += 1,
            Some((id, true)) => back.push(*id),
            None => fresh.push(call(app, origin, row)),
        }
    }
    if !back.is_empty() {
        calls::revive(tx, &back, origin.import).await?;
        let returned = calls::with_ids(tx, &back).await?;
        let theirs: Vec<ContactId> = returned.iter().filter_map(|call| call.contact).collect();
        Box::pin(bring_back(app, tx, actor, &theirs)).await?;
        let counts = |call: Call| Call { counts: call.direction == Direction::In, ..call };
        fresh.extend(returned.into_iter().map(counts));
    }
    kept.counts.kept = u64::try_from(fresh.len()).unwrap_or(u64::MAX);
    let times = fresh.iter().map(|call| call.started_at);
    kept.times = times.clone().min().zip(times.max());
    app.live_first.step_aside().await;
    acquaint(app, tx, &fresh, &mut kept.acquainted).await?;
    app.live_first.step_aside().await;
    let placed = place(app, tx, actor, (&mut fresh, None)).await?;
    (kept.counts.matched, kept.counts.contacts) = (placed.matched, placed.contacts);
    app.live_first.step_aside().await;
    write(tx, fresh, &back).await?;
    app.live_first.step_aside().await;
    let nominated = nominate_callers(app, tx, &placed.counted).await?;
    kept.counts.nominations = u64::try_from(nominated.len()).unwrap_or(u64::MAX);
    Ok(kept)
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
    let placed = place(app, tx, actor, (&mut fresh, person)).await?;
    calls::insert_many(tx, &fresh).await?;
    nominate_callers(app, tx, &placed.counted).await?;
    fresh.pop().ok_or(AppError::NotFound)
}

/// What fresh rows turned out to be.
struct Placed {
    matched: u64,
    contacts: u64,
    /// Calls that nobody had told of before, and whose.
    counted: Vec<(CallerId, DateTime<Utc>)>,
}

/// Finds which calls the fresh rows are, and makes contacts of those of people on file. The rows themselves are not
/// written yet.
async fn place(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (fresh, person): (&mut [Call], Option<PersonId>),
) -> Result<Placed, AppError> {
    let matched = match_calls(tx, app.catalog.registers().same_call, fresh).await?;
    let new: Vec<&Call> = fresh.iter().filter(|call| matched.new.contains(&call.id)).collect();
    let counted = new.iter().filter_map(|call| Some((call.caller?, call.started_at))).collect();
    let unrecorded: Vec<&Call> = new.iter().filter(|call| call.contact.is_none()).copied().collect();
    let became: HashMap<_, _> = become_contacts(app, tx, actor, (&unrecorded, person)).await?.into_iter().collect();
    let contacts = u64::try_from(became.len()).unwrap_or(u64::MAX);
    for call in fresh.iter_mut() {
        call.contact = became.get(&call.id).copied().or(call.contact);
    }
    matched.write(tx).await?;
    Ok(Placed { matched: matched.joined, contacts, counted })
}

/// Rows that came back are there already; only whom they stand for is written.
async fn write(tx: &Tx, fresh: Vec<Call>, back: &[CallId]) -> Result<(), AppError> {
    let back: HashSet<CallId> = back.iter().copied().collect();
    let (revived, new): (Vec<Call>, Vec<Call>) = fresh.into_iter().partition(|call| back.contains(&call.id));
    calls::insert_many(tx, &new).await?;
    let heads: Vec<_> = revived.iter().map(|call| (call.id, call.call, call.counts)).collect();
    calls::set_heads(tx, &heads).await?;
    let contacts: Vec<_> = revived.iter().map(|call| (call.id, call.contact)).collect();
    Ok(calls::set_contacts(tx, &contacts).await?)
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

/// Keeps the callers who are not kept yet, and what is learned of others: what kind they are, a name, a place. Whatever
/// file comes first, the same is known in the end but for which of several names.
async fn acquaint(app: &App, tx: &Tx, of: &[Call], acquainted: &mut Acquainted) -> Result<(), AppError> {
    let mut met: HashMap<CallerId, Caller> = HashMap::new();
    for call in of {
        let Some(id) = call.caller.filter(|id| acquainted.learns(*id, call)) else { continue };
        match met.entry(id) {
            Entry::Vacant(first) => drop(first.insert(caller(app, id, call))),
            Entry::Occupied(mut known) => drop(learn(known.get_mut(), &caller(app, id, call))),
        }
    }
    let ids: Vec<CallerId> = met.keys().copied().collect();
    let mut organisations = Vec::new();
    for mut known in callers::with_ids(tx, &ids).await? {
        let Some(told) = met.remove(&known.id) else { continue };
        let before = known.kind;
        if learn(&mut known, &told) {
            callers::update(tx, &known).await?;
        }
        if before != known.kind && known.kind == CallerKind::Organisation {
            organisations.push(known.id);
        }
        acquainted.callers.insert(known.id, known.kind);
    }
    let new: Vec<Caller> = met.into_values().collect();
    callers::keep(tx, &new).await?;
    acquainted.callers.extend(new.iter().map(|caller| (caller.id, caller.kind)));
    withdraw_of_other_kinds(app, tx, &organisations).await
}

impl Acquainted {
    /// Whether a call may tell more of its caller than is known on the way.
    fn learns(&self, id: CallerId, call: &Call) -> bool {
        self.callers.get(&id).is_none_or(|known| call.caller_kind.says() > known.says())
    }
}

/// Whether anything was learned.
fn learn(known: &mut Caller, told: &Caller) -> bool {
    let kind = told.kind.says() > known.kind.says();
    if kind {
        known.kind = told.kind;
    }
    let name = known.name.is_none() && told.name.is_some();
    if name {
        known.name.clone_from(&told.name);
    }
    let place = known.location.is_none() && told.location.is_some();
    if place {
        known.location.clone_from(&told.location);
    }
    kind || name || place
}

fn caller(app: &App, id: CallerId, call: &Call) -> Caller {
    let CallWords { caller_name, location, .. } = &call.words;
    let key = CallerKey::of(call.number.as_deref(), caller_name.as_deref(), location.as_deref());
    Caller {
        id,
        key: key.map(|key| key.as_str().to_owned()).unwrap_or_default(),
        kind: call.caller_kind,
        number: call.number.clone(),
        name: caller_name.clone(),
        location: location.clone(),
        person: None,
        noted_at: app.now(),
    }
}
