//! What the rules say of people whose contacts are counted.

use super::NOMINATED;
use super::keep_nominations::{keep, list_again, rule_name};
use crate::app::cases::{self, NewCase};
use crate::app::{App, AppError};
use crate::domain::access::{Actor, ActorRef};
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::nomination::{self, Hit, Rule, Subject};
use crate::store::contacts::{self, Since, Tally};
use crate::store::nominations::{self, Nomination, Reached, Source};
use crate::store::{StoreError, Tx, people};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// Raises every rule that these people's contacts reached by one received at the instant given or later. Counting comes
/// first, in one statement for all; only the histories of people who might have reached a rule anew are read.
pub(crate) async fn nominate_by_rules(
    app: &App,
    tx: &Tx,
    from: &BTreeMap<PersonId, DateTime<Utc>>,
) -> Result<Vec<Nomination>, AppError> {
    let rules = about_people(app);
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let since =
        |(person, at): (&PersonId, &DateTime<Utc>)| Since { person: *person, from: nomination::reach(&rules, *at) };
    let mut ranges: Vec<Since> = from.iter().map(since).collect();
    let tallies = contacts::tallies(tx, &ranges).await?;
    let enough = |person: &PersonId, rule: &Rule| tallies.get(person).is_some_and(|found| may_be_reached(rule, found));
    ranges.retain(|range| rules.iter().any(|rule| enough(&range.person, rule)));
    let last = last_hits(tx, &ranges.iter().map(|range| range.person).collect::<Vec<_>>()).await?;
    let last = |person: PersonId, rule: &Rule| last.get(&(person, rule.rule.clone())).copied();
    let anew = |person: PersonId, rule: &Rule| {
        let latest = tallies.get(&person).and_then(|found| found.iter().map(|tally| tally.latest).max());
        let told = (from.get(&person).copied().zip(latest), last(person, rule));
        enough(&person, rule) && !matches!(told, (Some(between), Some(last)) if rule.still_tells(last, between))
    };
    ranges.retain(|range| rules.iter().any(|rule| anew(range.person, rule)));
    let mut raised = Vec::new();
    for (person, history) in contacts::received_times(tx, &ranges).await? {
        let Some(from) = from.get(&person) else { continue };
        for rule in &rules {
            let hits = nomination::evaluate(rule, &history, *from, last(person, rule));
            raised.extend(hits.into_iter().map(|hit| by_rule(app, person, rule, hit)));
        }
    }
    for nomination in &mut raised {
        nomination.case = case_for(app, tx, nomination).await?;
    }
    keep(app, tx, &raised).await?;
    Ok(raised)
}

/// The rules that put people on file on the meeting's list.
fn about_people(app: &App) -> Vec<Rule> {
    app.catalog.nomination_rules().iter().filter(|rule| rule.about == Subject::Person).cloned().collect()
}

/// Whether so many contacts could make the rule's number, wherever its window lies.
fn may_be_reached(rule: &Rule, found: &[Tally]) -> bool {
    let counted = found.iter().filter(|tally| rule.counts(tally.channel)).map(|tally| tally.count);
    counted.sum::<i64>() >= i64::from(rule.at_least)
}

/// The last time each person, by whichever of their records, reached each rule.
async fn last_hits(tx: &Tx, roots: &[PersonId]) -> Result<HashMap<(PersonId, String), DateTime<Utc>>, StoreError> {
    let mut last = HashMap::new();
    for reached in hits_of(tx, roots).await? {
        let at = reached.hit.reached_at;
        let latest = last.entry((reached.person, reached.rule)).or_insert(at);
        *latest = at.max(*latest);
    }
    Ok(last)
}

/// Every time each person, by whichever of their records, reached a rule, but for what was withdrawn.
pub(super) async fn hits_of(tx: &Tx, roots: &[PersonId]) -> Result<Vec<Reached>, StoreError> {
    if roots.is_empty() {
        return Ok(Vec::new());
    }
    let stands: HashMap<PersonId, PersonId> =
        people::members(tx, roots).await?.into_iter().map(|member| (member.id, member.root())).collect();
    let members: Vec<PersonId> = stands.keys().copied().collect();
    let mut hits = nominations::hits_of_people(tx, &members).await?;
    for reached in &mut hits {
        reached.person = stands.get(&reached.person).copied().unwrap_or(reached.person);
    }
    Ok(hits)
}

/// What the rules say of a person whose records were joined just now: one history, which may reach what neither did.
///
/// # Errors
/// What the store says.
pub(crate) async fn nominate_regrouped(app: &App, tx: &Tx, person: PersonId) -> Result<(), AppError> {
    let from = nomination::reach(&about_people(app), app.now());
    nominate_by_rules(app, tx, &[(person, from)].into()).await?;
    Ok(())
}

/// The person's case, opened for the meeting to look at where there is none.
async fn case_for(app: &App, tx: &Tx, nomination: &Nomination) -> Result<Option<CaseId>, AppError> {
    let Some(person) = nomination.person.filter(|_| app.catalog.knows(NOMINATED)) else { return Ok(None) };
    if let Some(case) = Box::pin(cases::open_case_of(app, tx, NOMINATED, person)).await? {
        return Ok(Some(list_again(app, tx, &Actor::Software, (case, &nomination.reason)).await?));
    }
    let input = json!({ "source": "rule", "reason": nomination.reason, "rule": rule_name(&nomination.source) });
    let new = NewCase { workflow: NOMINATED.to_owned(), person: Some(person), parent: None, input };
    match Box::pin(cases::open_in(app, tx, &Actor::Software, new)).await {
        Ok(case) => Ok(Some(case.id)),
        Err(AppError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn by_rule(app: &App, person: PersonId, rule: &Rule, hit: Hit) -> Nomination {
    Nomination {
        id: app.new_id(),
        caller: None,
        person: Some(person),
        source: Source::Rule { rule: rule.rule.clone(), version: rule.version.to_string() },
        reason: format!("{}: {} contacts.", rule.title, hit.count),
        detail: json!(hit),
        by: ActorRef::Software,
        at: app.now(),
        case: None,
        withdrawn_at: None,
    }
}
