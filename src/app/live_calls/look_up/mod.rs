//! Who is on the line, for a call taker on a live call: what to keep to, what was said before, and what never changes.
//!
//! The only look at personal data that answers even when it cannot be written down: then it alarms, and is written down
//! as soon as it can be. While the database is away it answers from memory, and says how old that is.

mod at_hand;
mod callers;
mod calls;
mod clues;
mod described;
mod going_first;
mod keep_in_mind;
mod memory;
mod on_line;
mod patience;
mod persons;
mod places;
mod recall;
mod signed_in;
mod unlogged;

pub(super) use at_hand::{at_hand, members_of, place_of};
pub use callers::CallerFound;
pub(super) use callers::caller_found;
pub use calls::RecentCall;
pub use clues::Clues;
pub use going_first::GoingFirst;
pub(crate) use going_first::InHand;
pub use keep_in_mind::keep_in_mind;
pub use memory::Memory;
pub(crate) use patience::{in_time, look_up_in_time};
pub use persons::CallerMatch;
pub(super) use persons::match_of;
pub use places::PlaceFound;
pub(super) use places::places_found;
pub use unlogged::settle_looks;

use crate::app::{App, AppError, Shown, rights};
use crate::domain::access::{Actor, Role, Scope};
use crate::domain::ids::PersonId;
use crate::store::{StoreError, case_facts};
use chrono::{DateTime, Utc};
use clues::Found;
use described::describe;
use on_line::OnLine;
use sea_orm::ConnectionTrait;
use serde::Serialize;

const MAY_LOOK_UP: [Role; 12] = [
    Role::Ccr,
    Role::Opt,
    Role::Snt,
    Role::Mash,
    Role::Csu,
    Role::Coordinator,
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
    Role::AppropriateAuthority,
    Role::Records,
];

/// People and callers in an answer, each.
const MOST_MATCHES: u64 = 10;

/// Whoever it may be.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LookUpAnswer {
    /// People on file, the likeliest first.
    pub data: Vec<CallerMatch>,
    /// Numbers and names that called before, whether or not anybody on file is behind them.
    pub callers: Vec<CallerFound>,
    /// Where the call may come from, where that is marked: whether or not anybody on file lives there.
    pub places: Vec<PlaceFound>,
    /// How old the oldest part of the answer is: now, unless it comes from memory.
    pub as_of: DateTime<Utc>,
    /// The database does not answer: this is what was last known of whom it may be, and may lack others.
    pub from_memory: bool,
}

/// # Errors
/// `Refused`; `Invalid` with nothing to go by.
pub async fn look_up_caller(app: &App, actor: &Actor, clues: Clues) -> Result<LookUpAnswer, AppError> {
    rights::system_or_officer(actor, Scope::CallersLookUp, &MAY_LOOK_UP)?;
    clues.are_given()?;
    let _in_hand = app.live_first.begin();
    let answer = match look_up_in_time(app, Box::pin(ask(app, actor, &clues))).await {
        Ok(answer) => answer,
        Err(AppError::Store(error)) if error.is_away() => {
            tracing::error!(%error, "the database does not answer a look-up on a live call: it is answered from memory");
            recall::recall(app, actor, &clues)
        }
        Err(other) => return Err(other),
    };
    let people = answer.data.iter().map(|found| Shown::itself(found.person_id.as_uuid()));
    let callers = answer.callers.iter().map(|found| Shown::of(found.caller_id.as_uuid(), found.person_id));
    let shown: Vec<Shown> = people.chain(callers).collect();
    unlogged::log(app, actor, &shown).await;
    Ok(answer)
}

/// What does not wait for another answer is asked at once: most look-ups ask the database once, and four times of
/// somebody on file.
async fn ask(app: &App, actor: &Actor, clues: &Clues) -> Result<LookUpAnswer, AppError> {
    let together = app.store.together();
    together.answering(Box::pin(ask_of(app, &together, (actor, clues)))).await
}

async fn ask_of(
    app: &App,
    db: &impl ConnectionTrait,
    (actor, clues): (&Actor, &Clues),
) -> Result<LookUpAnswer, AppError> {
    let on_line = OnLine::of(db, clues, app.now());
    let (hidden, found, on_line) = tokio::join!(hidden_from(app, db, actor), clues::found(db, clues), on_line);
    let (hidden, Found { people, callers, number }, on_line) = (hidden?, found?, on_line?);
    let described = async {
        let mut described = Vec::with_capacity(people.len());
        for (person, matched_by) in people {
            described.push((describe(app, db, person).await?, matched_by));
        }
        Ok::<_, StoreError>(described)
    };
    let known = callers::describe(app, db, callers, (&on_line, number.as_ref(), clues));
    let (described, known) = tokio::try_join!(described, known)?;
    let (now, most) = (app.now(), app.settings.look_up.remembered);
    let mut data = Vec::with_capacity(described.len());
    for (one, matched_by) in described {
        let found = one.shown(app, (&on_line, matched_by), now);
        app.in_mind.remember_person(one, (clues, &found.matched_by), most);
        data.push(if hidden.contains(&found.person_id) { found.shortened() } else { found });
    }
    let hides_number = data.iter().any(|found| found.shortened && found.matched_by.contains(&"telephone"));
    let mut callers = Vec::with_capacity(known.len());
    for known in known {
        let mut caller = known.found.clone();
        app.in_mind.remember_caller(known, now, most);
        let of_hidden = caller.person_id.is_some_and(|person| hidden.contains(&person));
        if of_hidden || (hides_number && caller.matched_by.contains(&"telephone")) {
            caller.shorten();
        }
        callers.push(caller);
    }
    let places = PlaceFound::among(app, &on_line.markers, now);
    Ok(LookUpAnswer { data, callers, places, as_of: now, from_memory: false })
}

/// Who complained about whoever looks; noted, for when it cannot be asked.
async fn hidden_from(app: &App, db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<PersonId>, StoreError> {
    let Some(officer) = actor.officer() else { return Ok(Vec::new()) };
    let hidden = case_facts::people_complaining_about(db, officer.id).await?;
    app.in_mind.remember_hidden(officer.id, hidden.clone());
    Ok(hidden)
}
