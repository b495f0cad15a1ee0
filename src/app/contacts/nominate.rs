//! People put on the meeting's list: by a person who says why, or by a rule their contacts reached.
//!
//! A nomination labels nobody. It asks people to look.

use crate::app::cases::{self, NewCase};
use crate::app::{App, AppError, Shown, log_search, rights};
use crate::domain::access::{Actor, ActorRef, Role};
use crate::domain::ids::{CaseId, NominationId, PersonId};
use crate::domain::nomination::{self, Hit, Rule};
use crate::store::contacts::{self, Since, Tally};
use crate::store::events::{self, Append, NewEvent, Stream};
use crate::store::nominations::{self, Nomination, Source};
use crate::store::{StoreError, Tx, people};
use chrono::{DateTime, Utc};
use serde_json::json;
use std::collections::BTreeMap;

/// The case type that a nomination opens.
const NOMINATED: &str = "frequent-service-user";

/// Who may say that somebody should be looked at (policy 7.2).
const MAY_NOMINATE: [Role; 10] = [
    Role::Ccr,
    Role::Opt,
    Role::Snt,
    Role::Mash,
    Role::Coordinator,
    Role::Csu,
    Role::PsdStaff,
    Role::Spoc,
    Role::Chair,
    Role::AppropriateAuthority,
];

#[derive(Clone, Debug)]
pub struct ManualNomination {
    /// `None`: not known yet who it is about.
    pub person: Option<PersonId>,
    /// What happened.
    pub reason: String,
    /// The behaviour said to be unreasonable or unacceptable.
    pub behaviour: Option<String>,
    /// The added demand on resources.
    pub demand: Option<String>,
}

/// Opens a case in the nominator's name and keeps the nomination with it.
///
/// # Errors
/// `Refused` for systems, for roles that may not, and `case-already-open`; `Invalid` without a reason or for an unknown
/// person.
pub async fn nominate(app: &App, actor: &Actor, asked: ManualNomination) -> Result<Nomination, AppError> {
    rights::officer_with(actor, &MAY_NOMINATE)?;
    if asked.reason.trim().is_empty() {
        return Err(AppError::invalid("/reason", "Say why."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    let stored = app.store.write(async move |tx| {
        let person = match asked.person {
            Some(person) => Some(people::root(tx, person).await?.ok_or_else(no_such_person)?),
            None => None,
        };
        let mut input = json!({ "source": "manual", "reason": asked.reason });
        for (field, text) in [("behaviour", &asked.behaviour), ("demand", &asked.demand)] {
            if let (Some(text), Some(fields)) = (text, input.as_object_mut()) {
                fields.insert(field.to_owned(), json!(text));
            }
        }
        let new = NewCase { workflow: NOMINATED.to_owned(), person, input };
        let case = Box::pin(cases::open_in(&inner, tx, &actor, new)).await?;
        let nomination = Nomination {
            id: inner.new_id(),
            person,
            source: Source::Manual,
            reason: asked.reason,
            detail: json!({ "behaviour": asked.behaviour, "demand": asked.demand }),
            by: actor.reference(),
            at: inner.now(),
            case: Some(case.id),
        };
        keep(&inner, tx, std::slice::from_ref(&nomination)).await?;
        Ok::<_, AppError>(nomination)
    });
    Ok(stored.await?)
}

fn no_such_person() -> AppError {
    AppError::invalid("/personId", "There is no such person on file.")
}

/// Newest first.
///
/// # Errors
/// `Refused` for systems and for roles that may not.
pub async fn list_nominations(
    app: &App,
    actor: &Actor,
    after: Option<NominationId>,
    most: u64,
) -> Result<Vec<Nomination>, AppError> {
    rights::officer_with(actor, &MAY_NOMINATE)?;
    let found = nominations::list(app.store.reader(), None, after, most).await?;
    let shown: Vec<Shown> = found.iter().map(|one| Shown::of(one.id.as_uuid(), one.person)).collect();
    log_search(app, actor, "nomination", &shown).await?;
    Ok(found)
}

/// Raises every rule that these people's contacts reached by one received at the instant given or later. Counting comes
/// first, in one statement for all; only the histories of people who might have reached a rule anew are read.
pub(super) async fn by_rules(
    app: &App,
    tx: &Tx,
    from: &BTreeMap<PersonId, DateTime<Utc>>,
) -> Result<Vec<Nomination>, AppError> {
    let rules = app.catalog.nomination_rules();
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let since =
        |(person, at): (&PersonId, &DateTime<Utc>)| Since { person: *person, from: nomination::reach(rules, *at) };
    let mut ranges: Vec<Since> = from.iter().map(since).collect();
    let tallies = contacts::tallies(tx, &ranges).await?;
    let enough = |person: &PersonId, rule: &Rule| tallies.get(person).is_some_and(|found| may_be_reached(rule, found));
    ranges.retain(|range| rules.iter().any(|rule| enough(&range.person, rule)));
    let last = nominations::last_hits(tx, &ranges.iter().map(|range| range.person).collect::<Vec<_>>()).await?;
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
        for rule in rules.iter() {
            let hits = nomination::evaluate(rule, &history, *from, last(person, rule));
            raised.extend(hits.into_iter().map(|hit| by_rule(app, person, rule, hit)));
        }
    }
    for nomination in &mut raised {
        nomination.case = open_case(app, tx, nomination).await?;
    }
    keep(app, tx, &raised).await?;
    Ok(raised)
}

/// Whether so many contacts could make the rule's number, wherever its window lies.
fn may_be_reached(rule: &Rule, found: &[Tally]) -> bool {
    let counted = found.iter().filter(|tally| rule.counts(tally.channel)).map(|tally| tally.count);
    counted.sum::<i64>() >= i64::from(rule.at_least)
}

/// A case for the meeting to look at; `None` where the person has one already.
async fn open_case(app: &App, tx: &Tx, nomination: &Nomination) -> Result<Option<CaseId>, AppError> {
    if !app.catalog.knows(NOMINATED) {
        return Ok(None);
    }
    let input = json!({ "source": "rule", "reason": nomination.reason, "rule": rule_name(&nomination.source) });
    let new = NewCase { workflow: NOMINATED.to_owned(), person: nomination.person, input };
    match Box::pin(cases::open_in(app, tx, &Actor::Software, new)).await {
        Ok(case) => Ok(Some(case.id)),
        Err(AppError::Refused(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

fn by_rule(app: &App, person: PersonId, rule: &Rule, hit: Hit) -> Nomination {
    Nomination {
        id: app.new_id(),
        person: Some(person),
        source: Source::Rule { rule: rule.rule.clone(), version: rule.version.to_string() },
        reason: format!("{}: {} contacts.", rule.title, hit.count),
        detail: json!(hit),
        by: ActorRef::Software,
        at: app.now(),
        case: None,
    }
}

async fn keep(app: &App, tx: &Tx, nominations: &[Nomination]) -> Result<(), StoreError> {
    if nominations.is_empty() {
        return Ok(());
    }
    nominations::insert_many(tx, nominations).await?;
    let nominated = |nomination: &Nomination| Append {
        stream: Stream::Nomination,
        stream_id: nomination.id.as_uuid(),
        expected_seq: 0,
        events: vec![NewEvent {
            id: app.new_id(),
            at: nomination.at,
            actor: nomination.by,
            kind: "nominated".to_owned(),
            data: json!({ "person": nomination.person, "rule": rule_name(&nomination.source), "reason": nomination.reason }),
        }],
    };
    events::append_many(tx, nominations.iter().map(nominated).collect()).await?;
    Ok(())
}

fn rule_name(source: &Source) -> Option<&str> {
    match source {
        Source::Manual => None,
        Source::Rule { rule, .. } => Some(rule),
    }
}
