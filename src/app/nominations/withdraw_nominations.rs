//! What a rule said of somebody rested on contacts that were taken back: it is said no longer. A case that was opened on
//! it is a person's to end.

use super::NOMINATED;
use super::by_rules::{hits_of, nominate_by_rules};
use crate::app::cases;
use crate::app::contacts::next_working_day;
use crate::app::{App, AppError};
use crate::domain::access::{ActorRef, Role};
use crate::domain::ids::{PersonId, of};
use crate::store::Tx;
use crate::store::contacts::{self, Since};
use crate::store::events::{self, NewEvent, Stream};
use crate::store::nominations::{self, Reached};
use crate::store::tasks::{self, NewTask};
use serde_json::json;
use std::collections::BTreeMap;

/// Withdraws nominations by rule of these people (after merges) that their counted contacts no longer bear out, and
/// raises what those kept from being raised.
///
/// # Errors
/// What the store says.
pub(crate) async fn withdraw_unfounded(app: &App, tx: &Tx, people: &[PersonId], because: &str) -> Result<(), AppError> {
    let hits = hits_of(tx, people).await?;
    let mut from = BTreeMap::new();
    for reached in &hits {
        let at = reached.hit.window_start;
        from.entry(reached.person).and_modify(|first| *first = at.min(*first)).or_insert(at);
    }
    let ranges: Vec<Since> = from.into_iter().map(|(person, from)| Since { person, from }).collect();
    let histories = contacts::received_times(tx, &ranges).await?;
    let holds = |reached: &Reached| {
        let rule = app.catalog.nomination_rules().iter().find(|rule| rule.rule == reached.rule);
        let history = histories.get(&reached.person).map_or(&[][..], Vec::as_slice);
        rule.is_none_or(|rule| rule.holds(&reached.hit, history))
    };
    let gone: Vec<&Reached> = hits.iter().filter(|reached| !holds(reached)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = gone.iter().map(|reached| reached.nomination).collect();
    nominations::withdraw(tx, &ids, app.now()).await?;
    let event = |reached: &&Reached| {
        let kind = "withdrawn".to_owned();
        let data = json!({ "reason": because });
        let event = NewEvent { id: app.new_id(), at: app.now(), actor: ActorRef::Software, kind, data };
        (Stream::Nomination, reached.nomination.as_uuid(), vec![event])
    };
    events::append_next(tx, gone.iter().map(event).collect()).await?;
    for reached in &gone {
        ask_about_case(app, tx, reached).await?;
    }
    let mut anew = BTreeMap::new();
    for reached in &gone {
        let at = reached.hit.window_start;
        anew.entry(reached.person).and_modify(|first| *first = at.min(*first)).or_insert(at);
    }
    nominate_by_rules(app, tx, &anew).await?;
    Ok(())
}

/// Software ends no case: whoever works on it is told that what it rested on is gone.
async fn ask_about_case(app: &App, tx: &Tx, reached: &Reached) -> Result<(), AppError> {
    let Some(case) = reached.case else { return Ok(()) };
    let open = Box::pin(cases::open_case_of(app, tx, NOMINATED, reached.person)).await?;
    if open.is_none_or(|open| open.id != case) {
        return Ok(());
    }
    let consider = NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: "consider_withdrawal",
        title: "Contacts were taken back that a rule had nominated this person by: look whether the case goes on"
            .to_owned(),
        role: Some(Role::PsdStaff.as_str().to_owned()),
        officer: None,
        case: Some(case),
        contact: None,
        person: Some(reached.person),
        due_at: Some(next_working_day(app.catalog.calendar(), app.now())),
        created_at: app.now(),
        cause: format!("consider_withdrawal:{}", reached.nomination),
    };
    Ok(tasks::create(tx, vec![consider]).await?)
}
