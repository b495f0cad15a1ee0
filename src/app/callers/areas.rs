//! Which areas a reader reads of: one question, asked wherever callers and their referrals are shown.

use super::profile_view::first_day;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::case::Refusal;
use crate::domain::ids::CallerId;
use crate::store::calls::profile;
use std::collections::BTreeSet;

/// Whether the reader sees what happens in this area; `None` is what lies in no area that is known.
pub(crate) fn sees_area(actor: &Actor, area: Option<&str>) -> bool {
    own_areas(actor).is_none_or(|own| area.is_some_and(|area| own.contains(area)))
}

/// # Errors
/// `NotFound` for a caller who called from no area of the reader's in the last half year, as their profile says.
pub(super) async fn calls_from_theirs(app: &App, actor: &Actor, caller: CallerId) -> Result<(), AppError> {
    if own_areas(actor).is_none() {
        return Ok(());
    }
    let from = london::start_of_day(first_day(london::date_of(app.now())));
    let areas = profile::areas_of(app.store.reader(), &[caller], from).await?;
    match areas.iter().any(|(_, area)| sees_area(actor, Some(area))) {
        true => Ok(()),
        false => Err(AppError::NotFound),
    }
}

/// Whether something that was made for an area is the reader's too. `None` is what was made for the whole county, and so for
/// each area of it.
pub(crate) fn is_for(actor: &Actor, area: Option<&str>) -> bool {
    area.is_none_or(|area| sees_area(actor, Some(area)))
}

/// # Errors
/// `not-your-area` for what was made for an area that is not theirs.
pub(crate) fn for_theirs(actor: &Actor, area: Option<&str>) -> Result<(), AppError> {
    if is_for(actor, area) {
        return Ok(());
    }
    let own: Vec<&str> = own_areas(actor).into_iter().flatten().map(String::as_str).collect();
    let message = format!("This is of the area `{}`; yours: {}.", area.unwrap_or_default(), own.join(", "));
    Err(Refusal::forbidden("not-your-area", message).into())
}

/// What the register calls these areas; one that it no longer has keeps its key.
pub(crate) fn area_names<'a>(app: &App, areas: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let register = &app.catalog.registers().areas;
    let name = |key: &String| register.find(key).map_or_else(|| key.clone(), |area| area.name.clone());
    areas.into_iter().map(name).collect()
}

/// The areas that a system was registered for, or that are an officer's; `None`: the whole county.
fn own_areas(actor: &Actor) -> Option<&BTreeSet<String>> {
    let areas = match actor {
        Actor::System(system) => &system.areas,
        Actor::Officer(officer) => &officer.areas,
        Actor::Clock | Actor::Software => return None,
    };
    (!areas.is_empty()).then_some(areas)
}

/// The areas that a reader asks of, within those they see; empty for the whole county.
///
/// # Errors
/// `NotFound` for an area that is not theirs.
pub(crate) fn areas_read(actor: &Actor, wanted: Option<&str>) -> Result<BTreeSet<String>, AppError> {
    match wanted {
        Some(area) if sees_area(actor, Some(area)) => Ok(BTreeSet::from([area.to_owned()])),
        Some(_) => Err(AppError::NotFound),
        None => Ok(own_areas(actor).cloned().unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::System;
    use crate::domain::ids::Id;
    use uuid::Uuid;

    fn system(areas: &[&str]) -> Actor {
        let areas = areas.iter().map(|area| (*area).to_owned()).collect();
        let (id, name) = (Id::from_uuid(Uuid::nil()), "unit".to_owned());
        Actor::System(System { id, name, scopes: BTreeSet::new(), areas })
    }

    #[test]
    fn what_was_made_for_the_whole_county_is_for_each_area_of_it() {
        let east = system(&["east"]);
        assert!(is_for(&east, None) && is_for(&east, Some("east")) && !is_for(&east, Some("west")));
        let refused = for_theirs(&east, Some("west")).unwrap_err();
        assert!(matches!(refused, AppError::Refused(refusal) if refusal.code == "not-your-area"));
        assert!(for_theirs(&system(&[]), Some("west")).is_ok());
    }

    #[test]
    fn a_system_sees_its_own_areas_and_nothing_of_a_place_nobody_knows() {
        let east = system(&["east"]);
        assert!(sees_area(&east, Some("east")) && !sees_area(&east, Some("west")) && !sees_area(&east, None));
        assert!(areas_read(&east, Some("west")).is_err());
        assert_eq!(areas_read(&east, None).unwrap(), BTreeSet::from(["east".to_owned()]));
        let county = system(&[]);
        assert!(sees_area(&county, None) && areas_read(&county, None).unwrap().is_empty());
    }
}
