//! What calls tell of their callers: what kind they are, a name, a place; and what is left of it when calls are taken
//! back.

use super::nominate_callers::withdraw_of_other_kinds;
use crate::app::{App, AppError};
use crate::domain::calls::{CallerKey, CallerKind};
use crate::domain::ids::{CallImportId, CallerId};
use crate::store::callers::Caller;
use crate::store::calls::{self, Call, CallWords, Said};
use crate::store::{Tx, callers};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What is known while one file comes in.
#[derive(Clone, Debug, Default)]
pub(super) struct Acquainted {
    /// Callers that were kept on the way, and as what.
    callers: HashMap<CallerId, CallerKind>,
    /// How many of its rows are here already, by the import that keeps them.
    pub(super) known_of: HashMap<CallImportId, u64>,
}

/// Keeps the callers who are not kept yet, and what is learned of others: what kind they are, a name, a place. Whatever
/// file comes first, the same is known in the end but for which of several names.
pub(super) async fn acquaint(app: &App, tx: &Tx, of: &[Call], acquainted: &mut Acquainted) -> Result<(), AppError> {
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

/// Calls of these callers were taken back: what only those told of them is known no longer. What a call that stands still
/// tells is kept as it is. Answers whose kind is another now.
pub(super) async fn forget(tx: &Tx, ids: &[CallerId]) -> Result<Vec<CallerId>, AppError> {
    let mut said = calls::said_of(tx, ids).await?;
    let mut other_kind = Vec::new();
    for before in callers::with_ids(tx, ids).await? {
        let said = said.remove(&before.id).unwrap_or_default();
        let after = left_of(before.clone(), &said);
        if after == before {
            continue;
        }
        callers::update(tx, &after).await?;
        if after.kind != before.kind {
            other_kind.push(after.id);
        }
    }
    Ok(other_kind)
}

/// A caller without a number is a name at a place, and stays that.
fn left_of(mut caller: Caller, said: &[Said]) -> Caller {
    let kinds = said.iter().map(|said| said.kind);
    caller.kind = kinds.max_by_key(|kind| kind.says()).unwrap_or(CallerKind::Unknown);
    if caller.number.is_some() {
        let still = |known: Option<String>, told: &dyn Fn(&Said) -> Option<&String>| {
            let stands = known.filter(|known| said.iter().any(|said| told(said) == Some(known)));
            stands.or_else(|| said.iter().find_map(|said| told(said).cloned()))
        };
        caller.name = still(caller.name, &|said| said.name.as_ref());
        caller.location = still(caller.location, &|said| said.location.as_ref());
    }
    caller
}
