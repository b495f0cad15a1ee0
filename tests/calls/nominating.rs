//! Rules that count callers: ten calls in a rolling week, to the microsecond, and nothing about why.

use super::room::{CAD, NUMBER, RECORDER, Room, cad, hourly, recorder};
use crate::support::on_each_database;
use evenhand::app::callers::undo_import;
use evenhand::demo::county::{County, Parameters};
use evenhand::domain::access::Actor;
use evenhand::domain::calls::{CallerKey, CallerKind, SystemKind};
use evenhand::domain::ids::CallerId;
use evenhand::store::callers;
use std::collections::BTreeSet;
use std::io::Read;

#[test]
fn nine_calls_in_a_week_nominate_nobody_and_the_tenth_does_once() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        assert_eq!(room.import(CAD, &hourly('A', 10, NUMBER, 9)).await.counts.nominations, 0);
        assert_eq!(room.import(CAD, &hourly('B', 11, NUMBER, 1)).await.counts.nominations, 1);
        assert_eq!(room.import(CAD, &hourly('C', 12, NUMBER, 15)).await.counts.nominations, 0, "told already");
        let nominations = room.nominations().await;
        assert_eq!(nominations.len(), 1);
        assert!(nominations[0].person.is_none() && nominations[0].case.is_none(), "it labels nobody and opens nothing");
    });
}

#[test]
fn a_call_exactly_seven_days_old_is_out_of_the_window_also_where_the_clocks_change() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        // The clocks went forward on 29 March 2026: the week from Saturday to Saturday has 167 hours.
        let nine: Vec<(String, String)> =
            (0..9).map(|n| (format!("A{n}"), format!("28/03/2026 10:00:{n:02}"))).collect();
        let mut rows: Vec<(&str, &str, &str, &str)> =
            nine.iter().map(|(name, at)| (name.as_str(), at.as_str(), "101", NUMBER)).collect();
        rows.push(("A9", "04/04/2026 10:00:00", "101", NUMBER));
        assert_eq!(room.import(CAD, &cad(&rows)).await.counts.nominations, 0, "the first is exactly a week old");
        let other = "01632 960124";
        let mut rows: Vec<(String, String)> =
            (0..9).map(|n| (format!("B{n}"), format!("28/03/2026 10:00:{:02}", n + 1))).collect();
        rows.push(("B9".to_owned(), "04/04/2026 10:00:00".to_owned()));
        let rows: Vec<(&str, &str, &str, &str)> =
            rows.iter().map(|(name, at)| (name.as_str(), at.as_str(), "101", other)).collect();
        assert_eq!(room.import(CAD, &cad(&rows)).await.counts.nominations, 1);
    });
}

#[test]
fn what_two_systems_recorded_counts_once_and_radio_and_our_own_calls_never() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        room.import(CAD, &hourly('A', 10, NUMBER, 9)).await;
        let rows: Vec<(String, String)> =
            (0..9).map(|n| (format!("R{n}"), format!("10/05/2026 {n:02}:00:12"))).collect();
        let mut same: Vec<(&str, &str, &str, &str, &str)> =
            rows.iter().map(|(id, at)| (id.as_str(), at.as_str(), "TELEPHONE", "Incoming", NUMBER)).collect();
        same.push(("R20", "10/05/2026 11:00:00", "RADIO", "Incoming", NUMBER));
        same.push(("R21", "10/05/2026 11:00:00", "TELEPHONE", "Outgoing", NUMBER));
        let import = room.import(RECORDER, &recorder(&same)).await;
        assert_eq!((import.counts.matched, import.counts.nominations), (9, 0));
        let more = recorder(&[("R22", "10/05/2026 11:00:00", "TELEPHONE", "Incoming", NUMBER)]);
        assert_eq!(room.import(RECORDER, &more).await.counts.nominations, 1);
    });
}

#[test]
fn a_file_that_comes_late_nominates_as_if_it_had_come_in_time() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        room.import(CAD, &hourly('A', 14, NUMBER, 5)).await;
        assert_eq!(room.import(CAD, &hourly('B', 10, NUMBER, 5)).await.counts.nominations, 1);
    });
}

#[test]
fn a_nomination_that_rested_on_a_file_goes_with_it_and_comes_back_with_it() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        room.import(CAD, &hourly('A', 10, NUMBER, 9)).await;
        let import = room.import(CAD, &hourly('B', 11, NUMBER, 1)).await;
        assert_eq!(room.nominations().await.len(), 1);
        undo_import(&room.app.app, &Actor::Software, import.id, "A mistake.".to_owned()).await.unwrap();
        assert!(room.nominations().await.is_empty());
        assert_eq!(room.import(CAD, &hourly('B', 11, NUMBER, 1)).await.counts.nominations, 1);
        assert_eq!(room.nominations().await.len(), 1);
    });
}

#[test]
fn a_countys_calls_nominate_exactly_who_a_recount_finds_whatever_file_comes_first() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (from, until) = ("2026-01-01".parse().unwrap(), "2026-05-01".parse().unwrap());
        let county =
            County::new(Parameters { seed: 5, calls: 4_000, callers: 900, repeat_callers: 24, from, until }).unwrap();
        for system in
            [SystemKind::CommandAndControl, SystemKind::Acd, SystemKind::Switchboard, SystemKind::CallRecorder]
        {
            let profile = room.app.app.catalog.import_profiles().iter().find(|one| one.system == system).unwrap();
            let mut file = String::new();
            county.file(system).read_to_string(&mut file).unwrap();
            let counts = room.import(&profile.profile.clone(), &file).await.counts;
            assert_eq!(counts.rejected, 0);
            let again = room.import(&profile.profile.clone(), &file).await.counts;
            assert_eq!((again.kept, again.nominations), (0, 0), "again nothing changes");
        }
        let nominated: BTreeSet<CallerId> = room.nominations().await.into_iter().filter_map(|one| one.caller).collect();
        let planted: Vec<CallerId> = county.truth().repeat_callers.iter().map(CallerKey::id).collect();
        let of_people = callers::with_ids(room.app.app.store.reader(), &planted).await.unwrap().into_iter();
        let of_people = of_people.filter(|caller| caller.kind != CallerKind::Organisation).map(|caller| caller.id);
        assert_eq!(nominated, of_people.collect());
    });
}
