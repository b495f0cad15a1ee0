//! A wrong file is taken back: what it said of callers and of people goes with it, and what it hid is said.

use super::room::{ACD, CAD, NUMBER, Room, SWITCHBOARD, acd, cad, caller_of, hourly};
use crate::support::on_each_database;
use evenhand::domain::nomination::Hit;
use evenhand::store;
use serde_json::json;

#[test]
fn rejected_rows_are_mended_in_their_own_file_and_brought_in() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let many: Vec<(String, String)> = (0..1_200).map(|n| (format!("=A{n}"), format!("+44163296{n:04}"))).collect();
        let rows: Vec<_> = many.iter().map(|(name, number)| (name.as_str(), "soon", "102", number.as_str())).collect();
        let import = room.import(CAD, &cad(&rows)).await;
        assert_eq!(import.counts.rejected, 1_200);
        let rejected = room.rejected(&import).await;
        assert!(rejected.starts_with("\u{feff}Row,Column,Code,What is wrong,Incident Number,"), "{rejected}");
        assert_eq!(rejected.lines().count(), 1_201, "a line a row, however much is wrong with it");
        let mended = rejected.replace(",soon,102,", ",10/05/2026 10:00:00,101,");
        let brought_in = room.import(CAD, &mended).await;
        assert_eq!((brought_in.counts.kept, brought_in.counts.rejected), (1_200, 0));
        assert_eq!(room.calls_of("01632 960007").await[0].source_ref, "=A7", "as it stood in the first file");
    });
}

#[test]
fn faults_are_told_in_whole_rows() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let rows: Vec<_> = (0..3).map(|_| ("A", "soon", "102", NUMBER)).collect();
        let import = room.import(CAD, &cad(&rows)).await;
        let faults = store::call_imports::faults(room.app.app.store.reader(), import.id, 0, 3).await.unwrap();
        assert_eq!(faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [2, 2, 3, 3]);
    });
}

#[test]
fn what_a_wrong_file_kept_from_being_said_is_said_once_it_is_undone() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let times: Vec<(String, String)> =
            (0..10).map(|n| (format!("A{n}"), format!("{:02}/05/2026 {:02}:00:00", 1 + n / 2, 10 + n % 2))).collect();
        let real: Vec<_> = times.iter().map(|(name, at)| (name.as_str(), at.as_str(), "101", NUMBER)).collect();
        let times: Vec<(String, String)> =
            (0..5).map(|n| (format!("D{n}"), format!("2026-05-{:02}T{:02}:30:00Z", 1 + n / 3, 14 + n))).collect();
        let wrong: Vec<_> = times.iter().map(|(id, at)| (id.as_str(), at.as_str(), "01632960123")).collect();
        let wrong = room.import(ACD, &acd(&wrong)).await;
        room.import(CAD, &cad(&real)).await;
        let reached = async || {
            let hits = room.nominations().await.into_iter();
            let hits = hits.map(|one| serde_json::from_value::<Hit>(one.detail).unwrap().reached_at.to_rfc3339());
            hits.collect::<Vec<_>>()
        };
        assert_eq!(reached().await, ["2026-05-03T09:00:00+00:00"]);
        room.undo(&wrong).await;
        assert_eq!(reached().await, ["2026-05-05T10:00:00+00:00"], "ten real calls in five days");
    });
}

#[test]
fn what_a_wrong_file_told_of_a_caller_is_forgotten_with_it() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        room.import(CAD, &hourly('A', 10, NUMBER, 10)).await;
        let caller =
            async || store::callers::find(room.app.app.store.reader(), caller_of(NUMBER)).await.unwrap().unwrap();
        let before = caller().await;
        assert_eq!((before.kind.as_str(), room.nominations().await.len()), ("individual", 1));
        let shifted = "Reference,Date,Time,Line,Telephone,Caller,Caller Type,Address,Reason\nS1,12/05/2026,10:00:00,101,01632 960123,Example Care Home,CARE HOME,1 Example Way,Missing\nS2,12/05/2026,10:00:00,101,01632 960124,Example Care Home,CARE HOME,1 Example Way,Missing\n";
        let wrong = room.import(SWITCHBOARD, shifted).await;
        assert_eq!((caller().await.kind.as_str(), room.nominations().await.len()), ("organisation", 0));
        room.undo(&wrong).await;
        assert_eq!(caller().await, before, "the calls that stand tell what they told");
        assert_eq!(room.nominations().await.len(), 1, "ten calls of an individual");
        let other = caller_of("01632 960124");
        let other = store::callers::find(room.app.app.store.reader(), other).await.unwrap().unwrap();
        assert_eq!((other.kind.as_str(), other.name, other.location), ("unknown", None, None));
    });
}

#[test]
fn a_person_who_was_nominated_by_a_wrong_file_is_so_no_longer_and_their_case_is_a_persons_to_end() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (staff, _) = room.on_file(NUMBER).await;
        let wrong = room.import(CAD, &hourly('A', 10, NUMBER, 10)).await;
        let nominations = async || room.app.get(&staff, "/api/v1/nominations").await.ok()["data"].clone();
        let nominated = nominations().await;
        assert_eq!((nominated.as_array().unwrap().len(), &nominated[0]["rule"]), (1, &json!("repeat-calls")));
        let case = format!("/api/v1/cases/{}", nominated[0]["caseId"].as_str().unwrap());
        let state = room.app.get(&staff, &case).await.ok()["state"].clone();
        room.undo(&wrong).await;
        assert!(nominations().await[0]["withdrawnAt"].is_string(), "{}", nominations().await);
        assert_eq!(room.app.get(&staff, &case).await.ok()["state"], state, "no case is ended by itself");
        let tasks = room.app.get(&staff, "/api/v1/tasks").await.ok();
        let asked: Vec<_> =
            tasks["data"].as_array().unwrap().iter().filter(|task| task["kind"] == "consider_withdrawal").collect();
        assert_eq!((asked.len(), &asked[0]["caseId"]), (1, &nominated[0]["caseId"]), "{tasks}");
        room.import(CAD, &hourly('A', 10, NUMBER, 10)).await;
        let again = nominations().await;
        assert_eq!((again.as_array().unwrap().len(), &again[0]["withdrawnAt"]), (2, &json!(null)), "{again}");
    });
}
