//! A call of somebody on file is one contact, however its rows come in, and whichever are taken back.

use super::room::{ACD, CAD, NUMBER, RECORDER, Room, acd, cad, recorder};
use crate::support::on_each_database;
use chrono::{DateTime, Duration, Utc};
use evenhand::app::callers::CallImport;
use evenhand::domain::calls::{SameCall, Seen, SystemKind};
use evenhand::domain::ids::PersonId;

/// Seconds after ten o'clock of a day in May.
fn of_cad(rows: &[(&str, u32)]) -> String {
    let at: Vec<String> = rows.iter().map(|(_, s)| format!("10/05/2026 10:{:02}:{:02}", s / 60, s % 60)).collect();
    let rows = rows.iter().zip(&at).map(|((name, _), at)| (*name, at.as_str(), "101", NUMBER));
    cad(&rows.collect::<Vec<_>>())
}

fn of_recorder(rows: &[(&str, u32)]) -> String {
    let at: Vec<String> = rows.iter().map(|(_, s)| format!("10/05/2026 10:{:02}:{:02}", s / 60, s % 60)).collect();
    let rows = rows.iter().zip(&at).map(|((name, _), at)| (*name, at.as_str(), "TELEPHONE", "Incoming", NUMBER));
    recorder(&rows.collect::<Vec<_>>())
}

fn of_acd(rows: &[(&str, u32)]) -> String {
    let at: Vec<String> = rows.iter().map(|(_, s)| format!("2026-05-10T09:{:02}:{:02}Z", s / 60, s % 60)).collect();
    let rows = rows.iter().zip(&at).map(|((name, _), at)| (*name, at.as_str(), "01632960123"));
    acd(&rows.collect::<Vec<_>>())
}

/// Calls that count, and contacts that do.
async fn counted(room: &Room, person: PersonId) -> (usize, usize) {
    let calls = room.calls_of(NUMBER).await.into_iter().filter(|call| call.counts).count();
    (calls, room.contacts_of(person).await.len())
}

#[test]
fn a_row_that_is_mended_later_leaves_each_call_one_contact() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (_, person) = room.on_file(NUMBER).await;
        let recorded = room.import(RECORDER, &of_recorder(&[("R1", 0), ("R2", 10)])).await;
        let first = room.import(CAD, &of_cad(&[("C2", 25)])).await;
        assert_eq!(counted(&room, person).await, (2, 2));
        let mended = room.import(CAD, &of_cad(&[("C1", 20)])).await;
        assert_eq!(counted(&room, person).await, (2, 2));
        for import in [mended, first] {
            room.undo(&import).await;
            assert_eq!(counted(&room, person).await, (2, 2));
        }
        room.undo(&recorded).await;
        assert_eq!(counted(&room, person).await, (0, 0));
    });
}

#[test]
fn a_row_that_another_takes_the_place_of_is_a_call_of_its_own_for_people_and_rules_alike() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (_, person) = room.on_file(NUMBER).await;
        room.import(CAD, &super::room::hourly('H', 8, NUMBER, 8)).await;
        room.import(CAD, &of_cad(&[("a", 0)])).await;
        room.import(RECORDER, &of_recorder(&[("b1", 10)])).await;
        assert_eq!(counted(&room, person).await, (9, 9));
        assert!(room.nominations().await.is_empty());
        let late = room.import(RECORDER, &of_recorder(&[("b0", 2)])).await;
        assert_eq!(counted(&room, person).await, (10, 10));
        assert_eq!((late.counts.contacts, late.counts.nominations), (1, 1), "the tenth call of a week");
        room.undo(&late).await;
        assert_eq!(counted(&room, person).await, (9, 9));
        assert!(room.nominations().await.is_empty());
    });
}

#[test]
fn two_calls_that_are_one_once_a_file_is_undone_keep_one_contact() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (_, person) = room.on_file(NUMBER).await;
        room.import(CAD, &of_cad(&[("a", 0)])).await;
        let first = room.import(RECORDER, &of_recorder(&[("b0", 2)])).await;
        room.import(RECORDER, &of_recorder(&[("b1", 10)])).await;
        assert_eq!(counted(&room, person).await, (2, 2));
        room.undo(&first).await;
        assert_eq!(counted(&room, person).await, (1, 1));
    });
}

#[test]
fn a_call_that_was_told_again_by_another_system_has_one_contact_when_it_comes_back() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (_, person) = room.on_file(NUMBER).await;
        let file = of_cad(&[("A1", 0)]);
        let import = room.import(CAD, &file).await;
        room.undo(&import).await;
        room.import(RECORDER, &of_recorder(&[("R1", 10)])).await;
        assert_eq!(counted(&room, person).await, (1, 1));
        room.import(CAD, &file).await;
        assert_eq!(counted(&room, person).await, (1, 1));
    });
}

#[test]
fn a_contact_that_went_with_another_row_counts_again_when_its_own_row_does() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (_, person) = room.on_file(NUMBER).await;
        let file = of_cad(&[("A1", 0)]);
        let of_system = room.import(CAD, &file).await;
        let recorded = room.import(RECORDER, &of_recorder(&[("R1", 10)])).await;
        room.undo(&of_system).await;
        room.undo(&recorded).await;
        assert_eq!(counted(&room, person).await, (0, 0));
        assert_eq!(room.import(CAD, &file).await.counts.contacts, 1);
        assert_eq!(counted(&room, person).await, (1, 1));
    });
}

#[test]
fn a_row_that_comes_back_mended_stands_as_it_is_told_now() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (_, person) = room.on_file(NUMBER).await;
        let wrong = room.import(CAD, &cad(&[("A1", "10/05/2026 10:00:00", "101", NUMBER)])).await;
        room.undo(&wrong).await;
        let other = "01632 960124";
        room.import(CAD, &cad(&[("A1", "10/05/2026 11:00:00", "101", other)])).await;
        assert_eq!((counted(&room, person).await, room.calls_of(other).await.len()), ((0, 0), 1));
        assert_eq!(room.calls_of(other).await[0].started_at.to_rfc3339(), "2026-05-10T10:00:00+00:00");
    });
}

/// Made numbers, the same in every run.
struct Made(u64);

impl Made {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % most
    }
}

struct File {
    system: SystemKind,
    rows: Vec<(String, u32)>,
    standing: Option<CallImport>,
}

impl File {
    fn made(made: &mut Made, nth: usize) -> Self {
        let systems = [SystemKind::CommandAndControl, SystemKind::CallRecorder, SystemKind::Acd];
        let system = systems[usize::try_from(made.below(3)).unwrap()];
        let rows = 1 + made.below(3);
        let rows = (0..rows).map(|row| (format!("{nth}-{row}"), made.below(100))).collect();
        Self { system, rows, standing: None }
    }

    async fn import(&mut self, room: &Room) {
        let rows: Vec<(&str, u32)> = self.rows.iter().map(|(name, at)| (name.as_str(), *at)).collect();
        let (profile, file) = match self.system {
            SystemKind::CommandAndControl => (CAD, of_cad(&rows)),
            SystemKind::CallRecorder => (RECORDER, of_recorder(&rows)),
            SystemKind::Acd | SystemKind::Switchboard | SystemKind::CallTaker => (ACD, of_acd(&rows)),
        };
        self.standing = Some(room.import(profile, &file).await);
    }
}

/// How many calls the files that stand tell of, as if all came in at once.
fn told_at_once(files: &[File]) -> usize {
    let start: DateTime<Utc> = "2026-05-10T09:00:00Z".parse().unwrap();
    let precedence = |system| match system {
        SystemKind::CommandAndControl => 1,
        SystemKind::CallRecorder => 2,
        SystemKind::Acd | SystemKind::Switchboard | SystemKind::CallTaker => 3,
    };
    let standing = files.iter().filter(|file| file.standing.is_some());
    let rows = standing.flat_map(|file| file.rows.iter().map(|row| (file.system, row)));
    let rows: Vec<Seen<'_>> = rows
        .map(|(system, (name, at))| Seen {
            started_at: start + Duration::seconds((*at).into()),
            precedence: precedence(system),
            system,
            source_ref: name,
        })
        .collect();
    SameCall::default().group(&rows).len()
}

#[test]
fn whatever_comes_in_and_is_taken_back_a_call_is_one_contact() {
    on_each_database(async |database| {
        let room = Room::set_up(database).await;
        let (_, person) = room.on_file(NUMBER).await;
        let mut made = Made(7);
        let mut files: Vec<File> = (0..12).map(|nth| File::made(&mut made, nth)).collect();
        for step in 0..120 {
            let which = usize::try_from(made.below(12)).unwrap();
            match files[which].standing.take() {
                Some(import) => room.undo(&import).await,
                None => files[which].import(&room).await,
            }
            let told = told_at_once(&files);
            assert_eq!(counted(&room, person).await, (told, told), "after step {step}");
        }
    });
}
