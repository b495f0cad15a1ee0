//! Ages 9/10 and 15/16 (Appendix A): an age is reached with the first instant of the birthday (Family Law Reform Act
//! 1969, section 9).

use super::orders::{application, issued, officer_of, pursued, snt, warned};

const UNDER_AGE: &str = "under-age";

#[test]
fn a_warning_is_for_somebody_who_is_sixteen_on_the_day_it_is_issued() {
    for (on, allowed) in [("2026-06-09", false), ("2026-06-10", true), ("2026-06-11", true)] {
        let mut desk = pursued("community_protection_warning", Some("2010-06-10"));
        let answer = warned(&mut desk, on, "2026-12-10");
        assert_eq!(answer, if allowed { Ok(()) } else { Err(UNDER_AGE.to_owned()) }, "{on}");
    }
}

#[test]
fn a_notice_is_for_somebody_who_is_sixteen_on_the_day_it_is_issued() {
    for (on, allowed) in [("2026-06-09", false), ("2026-06-10", true)] {
        let mut desk = pursued("community_protection_warning", Some("2010-06-10"));
        warned(&mut desk, "2026-06-10", "2026-12-10").unwrap();
        desk.act(&officer_of(1), "record_breach", super::orders::breach("2026-06-10")).unwrap();
        super::orders::notice_pursued(&mut desk);
        let answer = desk.act(&snt(), "issue_notice", issued(on, "2026-12-01")).map(str::to_owned);
        let wanted = if allowed { Ok("notice_in_force".to_owned()) } else { Err(UNDER_AGE.to_owned()) };
        assert_eq!(answer, wanted, "{on}");
    }
}

#[test]
fn an_injunction_is_for_somebody_who_is_ten_on_the_day_it_is_applied_for() {
    for (on, allowed) in [("2026-06-09", false), ("2026-06-10", true), ("2026-06-11", true)] {
        let mut desk = pursued("civil_injunction", Some("2016-06-10"));
        let answer = desk.by_day(on).act(&officer_of(1), "apply", application(on)).map(str::to_owned);
        assert_eq!(answer, if allowed { Ok("applied".to_owned()) } else { Err(UNDER_AGE.to_owned()) }, "{on}");
    }
}

#[test]
fn an_age_that_is_not_known_is_no_age() {
    let mut desk = pursued("community_protection_warning", None);
    assert_eq!(warned(&mut desk, "2026-06-10", "2026-12-10"), Err(UNDER_AGE.to_owned()));
    let mut desk = pursued("civil_injunction", None);
    assert_eq!(desk.act(&officer_of(1), "apply", application("2026-06-10")), Err(UNDER_AGE.to_owned()));
}
