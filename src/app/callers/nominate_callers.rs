//! What the rules say of callers: a nomination puts somebody on the coordinator's list and labels nobody.

use crate::app::nominations::keep;
use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::calls::CallerKind;
use crate::domain::ids::{CallerId, NominationId};
use crate::domain::nomination::{self, Hit, Rule, Subject};
use crate::store::nominations::{self, Nomination, Source};
use crate::store::{Tx, callers, calls};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::BTreeMap;

/// Raises every rule about callers that these calls reach. Calls may be told of late and in any order; a caller is not
/// nominated anew while a nomination's window and this one's overlap.
pub(super) async fn nominate_callers(
    app: &App,
    tx: &Tx,
    fresh: &[(CallerId, DateTime<Utc>)],
) -> Result<Vec<Nomination>, AppError> {
    let rules: Vec<&Rule> =
        app.catalog.nomination_rules().iter().filter(|rule| rule.about == Subject::Caller).collect();
    let mut from: BTreeMap<CallerId, DateTime<Utc>> = BTreeMap::new();
    for (caller, at) in fresh {
        from.entry(*caller).and_modify(|earliest| *earliest = Ord::min(*at, *earliest)).or_insert(*at);
    }
    let times = fresh.iter().map(|(_, at)| *at);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { return Ok(Vec::new()) };
    let Some(fewest) = rules.iter().map(|rule| rule.at_least).min() else { return Ok(Vec::new()) };
    let reach = rules.iter().map(|rule| rule.window.opening(first).at).min().unwrap_or(first);
    // A call that is told of late may fill a window that ends as long after it as one begins before it.
    let until = last + (first - reach) + chrono::Duration::days(1);
    let named: Vec<CallerId> = from.keys().copied().collect();
    let mut histories = calls::counted_times(tx, &named, (reach, until)).await?;
    let enough = usize::try_from(fewest).unwrap_or(usize::MAX);
    histories.retain(|_, calls| calls.len() >= enough);
    let reached: Vec<CallerId> = histories.keys().copied().collect();
    let known = nominations::hits_of_callers(tx, &reached).await?;
    let mut raised = Vec::new();
    for caller in callers::with_ids(tx, &reached).await? {
        let (Some(history), Some(from)) = (histories.get(&caller.id), from.get(&caller.id)) else { continue };
        for rule in rules.iter().filter(|rule| rule.counts_callers(caller.kind)) {
            let told = known.get(&(caller.id, rule.rule.clone())).map_or(&[][..], Vec::as_slice);
            let hits = nomination::evaluate(rule, history, *from, None);
            let anew = hits.into_iter().filter(|hit| !told.iter().any(|(_, known)| rule.overlaps(known, hit)));
            raised.extend(anew.map(|hit| by_rule(app, &caller, rule, hit)));
        }
    }
    raised.sort_by_key(|one| one.id);
    keep(app, tx, &raised).await?;
    Ok(raised)
}

/// These callers turned out to be organisations: what rules that do not count any said of them is withdrawn.
pub(super) async fn withdraw_of_other_kinds(app: &App, tx: &Tx, organisations: &[CallerId]) -> Result<(), AppError> {
    let hits = nominations::hits_of_callers(tx, organisations).await?;
    let rules = app.catalog.nomination_rules();
    let counts = |name: &str| {
        let rule = rules.iter().find(|rule| rule.rule == name);
        rule.is_none_or(|rule| rule.counts_callers(CallerKind::Organisation))
    };
    let gone: Vec<NominationId> =
        hits.into_iter().filter(|((_, rule), _)| !counts(rule)).flat_map(|(_, hits)| hits).map(|(id, _)| id).collect();
    Ok(nominations::withdraw(tx, &gone, app.now()).await?)
}

fn by_rule(app: &App, caller: &callers::Caller, rule: &Rule, hit: Hit) -> Nomination {
    Nomination {
        id: app.new_id(),
        person: caller.person,
        caller: Some(caller.id),
        source: Source::Rule { rule: rule.rule.clone(), version: rule.version.to_string() },
        reason: format!("{}: {} calls.", rule.title, hit.count),
        detail: json!(hit),
        by: ActorRef::Software,
        at: app.now(),
        case: None,
        withdrawn_at: None,
    }
}
