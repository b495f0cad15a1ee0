//! Whatever changes about contacts or people, the verdicts end up as if everything had been known from the beginning.

use super::desk::{Desk, one_a_week};
use crate::support::on_each_database;
use serde_json::{Value, json};

const WITHIN: &str = "within_limit";
const OVER: &str = "over_frequency";

async fn merge(desk: &Desk, kept: &str, merged: &str) -> crate::support::Answer {
    let body = json!({ "keptId": kept, "mergedId": merged, "reason": "The same telephone." });
    desk.app.post(&desk.staff, "/api/v1/people/merges", body).await
}

#[test]
fn an_over_limit_contact_uses_no_allowance() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        for day in ["01", "04", "08", "12"] {
            desk.letter(&desk.person, &format!("2026-05-{day}T09:00:00Z")).await;
        }
        assert_eq!(desk.verdicts(&desk.person).await, [WITHIN, OVER, WITHIN, OVER]);
    });
}

#[test]
fn a_letter_that_comes_to_light_late_changes_the_verdicts_after_it() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let first = desk.letter(&desk.person, "2026-05-05T09:00:00Z").await;
        desk.letter(&desk.person, "2026-05-13T09:00:00Z").await;
        assert_eq!((&first["place"], &first["version"]), (&json!("to_read"), &json!(1)));
        desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        assert_eq!(desk.verdicts(&desk.person).await, [WITHIN, OVER, WITHIN]);
        let first = desk.contact(&first).await;
        assert_eq!((&first["place"], &first["version"]), (&json!("held"), &json!(2)));
    });
}

#[test]
fn the_order_of_arrival_never_changes_the_verdicts() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let other = desk.person_on_file("FSU-0002").await;
        let days = [1, 3, 9, 10, 11, 17, 25];
        let mixed = [17, 3, 25, 1, 11, 9, 10];
        for person in [&desk.person, &other] {
            desk.limits_in_force(person, "2026-01-01T00:00:00Z", one_a_week()).await;
        }
        for (in_order, as_it_came) in days.iter().zip(mixed) {
            desk.letter(&desk.person, &format!("2026-05-{in_order:02}T09:00:00Z")).await;
            desk.letter(&other, &format!("2026-05-{as_it_came:02}T09:00:00Z")).await;
        }
        let expected = desk.verdicts(&desk.person).await;
        assert_eq!(expected, [WITHIN, OVER, WITHIN, OVER, OVER, WITHIN, WITHIN]);
        assert_eq!(desk.verdicts(&other).await, expected);
    });
}

#[test]
fn a_corrected_attribution_leaves_no_standing_breach() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let not_theirs = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let held = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        assert_eq!(held["place"], "held");
        let nobody = json!({ "reason": "The handwriting is another's." });
        let corrected = desk.act(&not_theirs, "attribution", nobody).await.ok();
        assert_eq!(corrected["verdict"]["kinds"], json!(["unattributed"]));
        assert_eq!((&corrected["place"], &corrected["countsForId"]), (&json!("unattributed"), &Value::Null));
        let held = desk.contact(&held).await;
        assert_eq!((&held["verdict"]["kinds"], &held["place"]), (&json!([WITHIN]), &json!("to_read")));
    });
}

#[test]
fn a_contact_moved_to_another_person_counts_there() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let other = desk.person_on_file("FSU-0002").await;
        desk.limits_in_force(&other, "2026-01-01T00:00:00Z", one_a_week()).await;
        let moved = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        desk.letter(&other, "2026-05-02T09:00:00Z").await;
        let theirs = json!({ "personId": other, "reason": "They said so on the telephone." });
        let moved = desk.act(&moved, "attribution", theirs).await.ok();
        assert_eq!(moved["attribution"], "confirmed");
        assert_eq!(desk.verdicts(&other).await, [WITHIN, OVER]);
        assert!(desk.verdicts(&desk.person).await.is_empty());
    });
}

#[test]
fn merged_people_are_measured_as_one_and_split_again_as_two() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let alias = desk.person_on_file("FSU-0002").await;
        desk.limits_in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week()).await;
        let own = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        let by_alias = desk.letter(&alias, "2026-05-02T09:00:00Z").await;
        let merged = merge(&desk, &desk.person, &alias).await.ok();
        assert_eq!(desk.verdicts(&desk.person).await, [WITHIN, OVER]);
        assert_eq!(desk.contact(&by_alias).await["countsForId"], json!(desk.person));

        // Written under the merged record while it was merged: it goes back with it.
        let later = desk.letter(&alias, "2026-05-03T09:00:00Z").await;
        assert_eq!(later["verdict"]["kinds"], json!([OVER]));
        let path = format!("/api/v1/people/merges/{}/reversal", merged["id"].as_str().unwrap());
        desk.app.post(&desk.staff, &path, json!({ "reason": "Two brothers." })).await.ok();
        for contact in [&by_alias, &later] {
            let contact = desk.contact(contact).await;
            assert_eq!((&contact["verdict"]["kinds"], &contact["place"]), (&json!([WITHIN]), &json!("to_read")));
            assert_eq!(contact["countsForId"], json!(alias));
        }
        assert_eq!(desk.contact(&own).await["verdict"]["kinds"], json!([WITHIN]));
        desk.app.post(&desk.staff, &path, json!({ "reason": "Again." })).await.is_problem(409, "already-reversed");
    });
}

#[test]
fn two_people_with_a_strategy_each_are_not_merged() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let other = desk.person_on_file("FSU-0002").await;
        for person in [&desk.person, &other] {
            desk.limits_in_force(person, "2026-01-01T00:00:00Z", one_a_week()).await;
        }
        merge(&desk, &desk.person, &other).await.is_problem(409, "two-strategies-in-force");
    });
}

#[test]
fn contacts_before_the_limits_took_effect_are_never_breaches() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        for at in ["2026-05-01T09:00:00Z", "2026-05-02T09:00:00Z"] {
            desk.letter(&desk.person, at).await;
        }
        desk.limits_in_force(&desk.person, "2026-05-02T12:00:00Z", one_a_week()).await;
        for at in ["2026-05-02T12:00:00Z", "2026-05-03T09:00:00Z"] {
            desk.letter(&desk.person, at).await;
        }
        let early = "not_yet_effective";
        assert_eq!(desk.verdicts(&desk.person).await, [early, early, WITHIN, OVER]);
    });
}

#[test]
fn a_blocked_address_is_quarantined_read_and_counted() {
    on_each_database(async |database| {
        let desk = Desk::set_up(database).await;
        let blocked = json!([{ "channel": "letter", "alternatives": [] }]);
        desk.in_force(&desk.person, "2026-01-01T00:00:00Z", one_a_week(), blocked).await;
        let letter = desk.letter(&desk.person, "2026-05-01T09:00:00Z").await;
        assert_eq!((&letter["place"], &letter["verdict"]["kinds"]), (&json!("quarantine"), &json!([WITHIN])));
        assert!(letter["readDueAt"].is_string());
        let second = desk.letter(&desk.person, "2026-05-02T09:00:00Z").await;
        assert_eq!(second["verdict"]["kinds"], json!([OVER]), "what is blocked is counted");
    });
}
