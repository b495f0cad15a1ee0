//! Whether an area that somebody names is one of the county, and which of them a location tells of.

use super::{Answer, Arguments, Datum};
use crate::domain::workflow::scope::Scope;

/// Whether the register of areas has an area of this key.
pub(super) fn area_known(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    Ok(Datum::Bool(scope.areas.find(arguments.text(0)?).is_some()))
}

/// The key of the area that a location tells of; empty where it tells of none, or of several.
pub(super) fn area_of(scope: &Scope<'_>, arguments: &Arguments<'_>) -> Answer {
    let area = scope.areas.of_location(arguments.text(0)?);
    Ok(Datum::Text(area.map(|area| area.key.clone()).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;
    use crate::domain::registers::areas;
    use serde_json::json;

    fn at_home() -> Fixture {
        let shipped = areas(include_str!("../../../../workflows/registers/areas.yaml")).unwrap();
        Fixture { areas: shipped, ..Fixture::with(json!({})) }
    }

    #[test]
    fn a_location_tells_its_area_or_nothing() {
        let at = at_home();
        let of = |location: &str| at.ask("area_of", vec![Datum::Text(location.to_owned())]);
        assert_eq!(of("2 Example Road, zz1 4ab"), Ok(Datum::Text("north".to_owned())));
        for unclear in ["", "somewhere", "Between Northbeck and Samplehaven", "AB1 2CD"] {
            assert_eq!(of(unclear), Ok(Datum::Text(String::new())), "{unclear}");
        }
    }

    #[test]
    fn an_area_is_known_by_its_key_and_by_nothing_else() {
        let at = at_home();
        let known = |area: &str| at.truth("area_known", vec![Datum::Text(area.to_owned())]);
        assert_eq!(known("north"), Ok(true));
        for other in ["North", "north ", "", "North Exampleshire", "ZZ1"] {
            assert_eq!(known(other), Ok(false), "{other}");
        }
        assert_eq!(Fixture::with(json!({})).truth("area_known", vec![Datum::Text("north".to_owned())]), Ok(false));
        assert!(at.ask("area_known", vec![Datum::Int(1)]).is_err());
    }
}
