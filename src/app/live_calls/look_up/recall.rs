//! The answer while the database is away: what was last known, and how old that is.

use super::LookUpAnswer;
use super::clues::Clues;
use super::memory::Recalled;
use crate::app::App;
use crate::domain::access::Actor;
use crate::domain::ids::PersonId;

/// What this process remembers. Whoever complained about the call taker is shortened; where that is not known, everybody
/// is.
pub(super) fn recall(app: &App, actor: &Actor, clues: &Clues) -> LookUpAnswer {
    let now = app.now();
    let Recalled { people, mut callers, places } = app.in_mind.recall(app, clues, now);
    let hidden = actor.officer().map(|officer| app.in_mind.hidden_from(officer.id));
    let is_hidden = |person: PersonId| match &hidden {
        None => false,
        Some(known) => known.as_ref().is_none_or(|hidden| hidden.contains(&person)),
    };
    let data: Vec<_> =
        people.into_iter().map(|found| if is_hidden(found.person_id) { found.shortened() } else { found }).collect();
    let hides_number = data.iter().any(|found| found.shortened && found.matched_by.contains(&"telephone"));
    for caller in &mut callers {
        let on_the_line = caller.matched_by.contains(&"telephone");
        if (hides_number && on_the_line) || caller.person_id.is_some_and(is_hidden) {
            caller.shorten();
        }
    }
    let ages = data.iter().map(|found| found.as_of).chain(callers.iter().map(|found| found.as_of));
    let ages = ages.chain(places.iter().map(|found| found.as_of));
    LookUpAnswer { as_of: ages.min().unwrap_or(now), data, callers, places, from_memory: true }
}
