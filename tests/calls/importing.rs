//! Files of calls: what is kept, what is known, what is one call, and what is undone.

use super::room::{ACD, CAD, NUMBER, RECORDER, Room, SWITCHBOARD, cad, caller_of, hourly, recorder};
use crate::support::on_each_database;
use evenhand::app::callers::{
    self, CallFileOf, CallImport, FileRows, ImportStatus, import_calls, list_imports, undo_import,
};
use evenhand::domain::access::{Actor, Role};
use evenhand::store::{self, call_imports};
use serde_json::json;

const AT: &str = "10/05/2026 10:00:00";

#[test]
fn a_file_is_kept_once_however_often_it_is_brought_in() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let file = cad(&[
            ("A1", AT, "101", NUMBER),
            ("A2", AT, "999", NUMBER),
            ("A3", AT, "RADIO", NUMBER),
            ("A4", "soon", "101", NUMBER),
        ]);
        let first = room.import(CAD, &file).await;
        let counts = first.counts;
        assert_eq!((counts.read, counts.kept, counts.known, counts.skipped, counts.rejected), (4, 2, 0, 1, 1));
        assert_eq!(first.status, ImportStatus::Done);
        assert_eq!(first.sha256.as_ref().map(String::len), Some(64));
        let again = room.import(CAD, &file).await.counts;
        assert_eq!((again.read, again.kept, again.known, again.skipped, again.rejected), (4, 0, 2, 1, 1));
        assert_eq!(room.calls_of(NUMBER).await.len(), 2, "a redial of the same second is a call of its own");
    });
}

#[test]
fn a_row_whose_key_another_call_has_is_rejected_and_no_call_is_lost() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let other = "01632 960124";
        let at = "10/05/2026 11:00:00";
        let file = cad(&[("A1", AT, "101", NUMBER), ("A1", AT, "101", NUMBER), ("A1", at, "101", NUMBER)]);
        let first = room.import(CAD, &file).await;
        assert_eq!((first.counts.read, first.counts.kept, first.counts.known, first.counts.rejected), (3, 1, 1, 1));
        let faults = call_imports::faults(room.app.app.store.reader(), first.id, 0, 10).await.unwrap();
        assert_eq!((faults.len(), faults[0].row, faults[0].code.as_str()), (1, 4, "key-used-otherwise"));
        assert!(faults[0].text.as_ref().is_some_and(|text| text.starts_with("A1,10/05/2026 11:00:00,")), "{faults:?}");
        let again = room.import(CAD, &cad(&[("A1", AT, "101", other), ("A2", AT, "101", other)])).await;
        assert_eq!((again.counts.kept, again.counts.known, again.counts.rejected), (1, 0, 1));
        let looked = room.preview(CAD, &file).await;
        assert_eq!((looked.counts.known, looked.counts.rejected, looked.counts.kept), (2, 1, 0), "as it would be");
        let words = cad(&[("A1", AT, "101", NUMBER)]).replace("No further action", "Arrested");
        assert_eq!(room.import(CAD, &words).await.counts.known, 1, "words are filled in later");
    });
}

#[test]
fn a_call_that_two_systems_recorded_is_one_whichever_came_first() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let of_cad = cad(&[("A1", "10/05/2026 10:00:00", "101", NUMBER), ("A2", "10/05/2026 12:00:00", "101", NUMBER)]);
        let of_recorder = recorder(&[
            ("R1", "10/05/2026 10:00:30", "TELEPHONE", "Incoming", NUMBER),
            ("R2", "10/05/2026 12:00:31", "TELEPHONE", "Incoming", NUMBER),
            ("R3", "10/05/2026 12:10:00", "RADIO", "Incoming", NUMBER),
            ("R4", "10/05/2026 12:20:00", "TELEPHONE", "Outgoing", NUMBER),
        ]);
        let (first, second) = (of_recorder.as_str(), of_cad.as_str());
        assert_eq!(room.import(RECORDER, first).await.counts.kept, 3);
        let import = room.import(CAD, second).await;
        assert_eq!((import.counts.kept, import.counts.matched), (2, 1));
        let counted: Vec<(&str, &str)> = Vec::from([("A1", "in"), ("A2", "in"), ("R2", "in")]);
        let mut found: Vec<(String, &str)> = room
            .calls_of(NUMBER)
            .await
            .into_iter()
            .filter(|call| call.counts)
            .map(|call| (call.source_ref, call.direction.as_str()))
            .collect();
        found.sort();
        assert_eq!(found.iter().map(|(name, way)| (name.as_str(), *way)).collect::<Vec<_>>(), counted);
        let called = room.calls_of(NUMBER).await.into_iter().filter(|call| !call.counts).count();
        assert_eq!(called, 1, "our own call is shown and counts for nobody");
    });
}

#[test]
fn three_systems_in_any_order_tell_the_same_calls() {
    on_each_database(async |database| {
        let acd = "Call ID,Received,Service,CLI,Talk Time,Outcome,Queue,Handler\nD1,2026-05-10T09:00:10Z,101,01632960123,60,Answered,Public,H1\n";
        let files = [
            (CAD, cad(&[("A1", "10/05/2026 10:00:00", "101", NUMBER), ("A2", "10/05/2026 10:00:05", "101", NUMBER)])),
            (RECORDER, recorder(&[("R1", "10/05/2026 10:00:02", "TELEPHONE", "Incoming", NUMBER)])),
            (ACD, acd.to_owned()),
        ];
        let mut told = Vec::new();
        let room = Room::set_up(database).await;
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut imports = Vec::new();
            for which in order {
                let (profile, file) = &files[which];
                imports.push(room.import(profile, file).await.id);
            }
            let calls = room.calls_of(NUMBER).await;
            let mut counted: Vec<String> =
                calls.into_iter().filter(|call| call.counts).map(|call| call.source_ref).collect();
            counted.sort();
            told.push(counted);
            for import in imports {
                undo_import(&room.app.app, &Actor::Software, import, "Again in another order.".to_owned())
                    .await
                    .unwrap();
            }
            assert!(room.calls_of(NUMBER).await.is_empty(), "what was undone is shown to nobody");
        }
        assert_eq!(told, vec![["A1", "A2"]; 3]);
    });
}

#[test]
fn calls_of_people_on_file_are_contacts_and_calls_made_before_are_too() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let staff = room.app.officer("staff", &[Role::PsdStaff]).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = room.app.post(&staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap().to_owned();
        room.import(CAD, &hourly('A', 10, NUMBER, 3)).await;
        let contacts = async || {
            let listed = room.app.get(&staff, &format!("/api/v1/people/{person}/contacts")).await.ok();
            listed["data"].as_array().unwrap().iter().filter(|one| one["notCountedBecause"].is_null()).count()
        };
        assert_eq!(contacts().await, 0);
        let number = json!({ "kind": "telephone", "value": NUMBER, "role": "self", "confidence": "confirmed", "source": "They said so." });
        room.app.post(&staff, &format!("/api/v1/people/{person}/identifiers"), number).await.ok();
        assert_eq!(contacts().await, 3, "calls from before the number was on file");
        let import = room.import(CAD, &hourly('B', 11, NUMBER, 2)).await;
        assert_eq!(import.counts.contacts, 2);
        assert_eq!(contacts().await, 5);
        let undone = |reason: &str| undo_import(&room.app.app, &Actor::Software, import.id, reason.to_owned());
        undone("Of another county.").await.unwrap();
        assert_eq!(contacts().await, 3);
        room.import(CAD, &hourly('B', 11, NUMBER, 2)).await;
        assert_eq!(contacts().await, 5, "brought in again, they count again, once");
    });
}

#[test]
fn undoing_one_system_leaves_the_call_to_the_other() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let import = room.import(CAD, &cad(&[("A1", "10/05/2026 10:00:00", "101", NUMBER)])).await;
        room.import(RECORDER, &recorder(&[("R1", "10/05/2026 10:00:10", "TELEPHONE", "Incoming", NUMBER)])).await;
        assert_eq!(room.calls_of(NUMBER).await[0].source_ref, "A1");
        undo_import(&room.app.app, &Actor::Software, import.id, "A mistake.".to_owned()).await.unwrap();
        let calls = room.calls_of(NUMBER).await;
        assert_eq!(
            calls.iter().map(|call| (call.source_ref.as_str(), call.counts)).collect::<Vec<_>>(),
            [("R1", true)]
        );
    });
}

#[test]
fn an_organisation_is_one_whichever_row_says_so() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        room.import(CAD, &cad(&[("A1", AT, "101", NUMBER)])).await;
        let month = "Reference,Date,Time,Line,Telephone,Caller,Caller Type,Address,Reason\nS1,11/05/2026,10:00:00,101,01632 960123,Example Care Home,CARE HOME,1 Example Way,Missing\n";
        room.import(SWITCHBOARD, month).await;
        let caller = store::callers::find(room.app.app.store.reader(), caller_of(NUMBER)).await.unwrap().unwrap();
        assert_eq!(caller.kind.as_str(), "organisation");
        let import = room.import(CAD, &hourly('B', 12, NUMBER, 20)).await;
        assert_eq!(import.counts.nominations, 0, "an organisation is no vulnerable repeat caller");
    });
}

#[test]
fn what_is_learned_of_a_caller_later_is_known_and_a_nomination_of_an_organisation_is_withdrawn() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let acd = (0..10).map(|n| format!("D{n},2026-05-10T{n:02}:00:00Z,101,01632960123,60,Answered,Public,H1\n"));
        let acd: String = acd.collect();
        room.import(ACD, &format!("Call ID,Received,Service,CLI,Talk Time,Outcome,Queue,Handler\n{acd}")).await;
        assert_eq!(room.nominations().await.len(), 1, "nobody said yet what they are");
        room.import(CAD, &cad(&[("A1", "11/05/2026 10:00:00", "101", NUMBER)])).await;
        let caller =
            async || store::callers::find(room.app.app.store.reader(), caller_of(NUMBER)).await.unwrap().unwrap();
        let known = caller().await;
        assert_eq!((known.kind.as_str(), known.name.as_deref()), ("individual", Some("Example Caller")));
        assert_eq!(room.nominations().await.len(), 1);
        let month = "Reference,Date,Time,Line,Telephone,Caller,Caller Type,Address,Reason\nS1,12/05/2026,10:00:00,101,01632 960123,Example Care Home,CARE HOME,1 Example Way,Missing\n";
        room.import(SWITCHBOARD, month).await;
        assert_eq!(caller().await.kind.as_str(), "organisation");
        assert!(room.nominations().await.is_empty());
    });
}

fn many(how_many: u32) -> String {
    let rows: Vec<(String, String)> =
        (0..how_many).map(|n| (format!("A{n}"), format!("10/05/2026 {:02}:{:02}:00", n / 60 % 24, n % 60))).collect();
    cad(&rows.iter().map(|(name, at)| (name.as_str(), at.as_str(), "101", NUMBER)).collect::<Vec<_>>())
}

#[test]
fn every_call_from_before_a_number_was_on_file_is_a_contact() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        room.import(CAD, &many(450)).await;
        let (_, person) = room.on_file(NUMBER).await;
        assert_eq!(room.contacts_of(person).await.len(), 450);
    });
}

/// Reads a file, and does something else once its first portion is kept.
/// Answers the import where it ended first; what is done meanwhile ends the reading, as a kill would.
async fn read_and_meanwhile(room: &Room, file: &str, meanwhile: impl Future<Output = ()>) -> Option<CallImport> {
    let app = &room.app.app;
    let of = CallFileOf { profile: CAD.to_owned(), file_name: "file.csv".to_owned() };
    let rows = FileRows::open(file.as_bytes(), callers::profile(app, CAD).unwrap(), app.now(), 1 << 30).unwrap();
    let kept_some = tokio::sync::Notify::new();
    let reading = import_calls(app, &Actor::Software, of, rows, |_: &_| kept_some.notify_one());
    let mut reading = std::pin::pin!(reading);
    tokio::select! {
        biased;
        () = kept_some.notified() => {}
        read = &mut reading => panic!("{read:?}"),
    }
    tokio::select! {
        biased;
        () = meanwhile => None,
        read = &mut reading => Some(read.unwrap()),
    }
}

async fn running(room: &Room) -> CallImport {
    let running = list_imports(&room.app.app, &Actor::Software, None, 10).await.unwrap().remove(0);
    assert_eq!(running.status, ImportStatus::Running);
    running
}

#[test]
fn a_file_that_is_undone_while_it_is_read_is_read_no_further() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let undo = async {
            let id = running(&room).await.id;
            undo_import(&room.app.app, &Actor::Software, id, "A mistake.".to_owned()).await.unwrap();
            // Whoever reads goes on to the next portion.
            std::future::pending::<()>().await;
        };
        let stopped = Box::pin(read_and_meanwhile(&room, &many(12_000), undo)).await.unwrap();
        assert!(matches!(stopped.status, ImportStatus::Undoing | ImportStatus::Undone), "{stopped:?}");
        assert!(stopped.counts.read < 12_000, "{:?}", stopped.counts);
        // The reading may stop before the last row is withdrawn; whoever asks again finishes it.
        let undone = undo_import(&room.app.app, &Actor::Software, stopped.id, "A mistake.".to_owned()).await.unwrap();
        assert_eq!(undone.status, ImportStatus::Undone);
        assert!(room.calls_of(NUMBER).await.is_empty(), "what was read counts for nobody");
    });
}

#[test]
fn a_file_whose_reader_was_killed_is_undone_or_brought_in_again() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let file = many(4_500);
        Box::pin(read_and_meanwhile(&room, &file, std::future::ready(()))).await;
        let left = running(&room).await;
        let again = room.import(CAD, &file).await;
        let counts = again.counts;
        assert_eq!((again.status, counts.read, counts.kept, counts.known), (ImportStatus::Done, 4_500, 4_500, 0));
        let broken = call_imports::find(room.app.app.store.reader(), left.id).await.unwrap().unwrap();
        assert_eq!((broken.status, broken.counts.kept), (ImportStatus::Failed, 0), "{broken:?}");
        assert!(broken.trouble.as_ref().is_some_and(|trouble| trouble.contains(&again.id.to_string())), "{broken:?}");
        room.undo(&left).await;
        assert_eq!(room.import(CAD, &file).await.counts.known, 4_500, "nothing is taken from the file that was read");
        room.undo(&again).await;
        assert!(room.calls_of(NUMBER).await.is_empty(), "all of it goes with that");
    });
}
