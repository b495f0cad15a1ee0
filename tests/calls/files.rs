//! Files as each system writes them, by its shipped profile; and what becomes of rows that were not taken in.

use super::{RECORDER, expected, fixture, read, row};
use crate::support::calls::{now, profile};
use evenhand::calls_file::CallFile;
use evenhand::domain::calls::{CallRow, CallerKind, Direction, Profile, ReadRow, SystemKind, caller_key};
use evenhand::domain::contact::Channel;
use evenhand::render::{FaultFile, FaultyRow};

fn calls(name: &str) -> Vec<CallRow> {
    let profile = profile(name);
    let bytes = fixture(name);
    let rows = CallFile::open(&bytes[..], &profile, now()).unwrap();
    rows.filter_map(|row| if let ReadRow::Call(row) = row.unwrap().1 { Some(*row) } else { None }).collect()
}

#[test]
fn each_shipped_profile_reads_a_file_of_its_system() {
    let rows = |name: &str| read(&profile(name), &fixture(name)).unwrap();
    let incidents =
        [(2, "CAD-0001"), (3, "CAD-0002"), (4, "radio"), (5, "CAD-0004"), (6, "no-such-time Created"), (7, "CAD-0006")];
    assert_eq!(rows("command-and-control"), expected(&incidents));
    let recordings = [(2, "R-1"), (3, "radio"), (4, "R-3"), (5, "unreadable-duration Duration")];
    assert_eq!(rows("call-recorder"), expected(&recordings));
    assert_eq!(rows("acd"), expected(&[(2, "A-1"), (3, "A-2"), (4, "internal")]));
    assert_eq!(rows("switchboard-month"), expected(&[(2, "S-1"), (3, "S-2"), (4, "unknown-word Line")]));
}

#[test]
fn what_a_row_says_is_understood() {
    let incidents = calls("command-and-control");
    let first = &incidents[0];
    assert_eq!(first.started_at.to_rfc3339(), "2026-06-01T08:15:02+00:00");
    assert_eq!(
        (first.channel, first.direction, first.caller_kind),
        (Channel::Phone999, Direction::In, CallerKind::Individual)
    );
    assert_eq!(first.details.as_deref(), Some("Made up: says \"they are back\",\nand that nobody came"));
    assert_eq!((first.number.as_deref(), first.cad_ref.as_deref()), (Some("+441632960001"), Some("CAD-0001")));
    assert_eq!(incidents[1].details.as_deref(), Some("=HYPERLINK(made up)"), "a formula is data");
    assert_eq!(incidents[1].caller_kind, CallerKind::Organisation);
    let nobody = &incidents[2];
    assert_eq!((nobody.withheld, &nobody.caller_name, caller_key(nobody)), (true, &None, None));
    assert!(incidents[3].hour_came_twice);
    let recordings = calls("call-recorder");
    assert_eq!((recordings[0].seconds, recordings[0].channel), (Some(134), Channel::Phone999));
    assert_eq!((recordings[1].direction, recordings[1].channel), (Direction::Out, Channel::Telephone));
    let routed = calls("acd");
    assert_eq!(routed[0].route.as_deref(), Some("Emergency, H012"));
    assert_eq!(routed[1].route.as_deref(), Some("Non-emergency"));
    assert_eq!(caller_key(&routed[0]), caller_key(first), "one caller in two systems");
}

#[test]
fn encodings_that_switch_within_a_file_are_read_line_by_line() {
    let profile = profile("switchboard-month");
    let head = "Reference,Date,Time,Line,Caller,Caller Type,Telephone,Address,Reason\n".as_bytes();
    let line = |id: &str, name: &[u8]| {
        [id.as_bytes(), b",01/06/2026,09:15,999,", name, b",Person,01632 960001,Here,Advice\r\n"].concat()
    };
    let mixed =
        [head, &line("S-1", "Zoë".as_bytes()), &line("S-2", b"Zo\xeb"), &line("S-3", "Zoë".as_bytes())].concat();
    let names = |bytes: &[u8]| {
        let rows = CallFile::open(bytes, &profile, now()).unwrap().map(|row| match row.unwrap().1 {
            ReadRow::Call(row) => row.caller_name.unwrap(),
            other @ (ReadRow::Skipped(_) | ReadRow::Faulty(_)) => panic!("{other:?}"),
        });
        rows.collect::<Vec<String>>()
    };
    assert_eq!(names(&mixed), ["Zoë", "Zoë", "Zoë"]);
    let text = String::from_utf8([head, &line("S-1", "Zoë".as_bytes())].concat()).unwrap();
    let marked = format!("\u{feff}{text}");
    assert_eq!(names(marked.as_bytes()), ["Zoë"]);
    let utf_16: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(names(&utf_16), ["Zoë"]);
    assert_eq!(read(&profile, &utf_16[2..]).unwrap_err().code(), "utf-16-without-mark");
    let strict = edited("switchboard-month", "encoding: auto", "encoding: utf-8");
    assert_eq!(read(&strict, &mixed).unwrap(), expected(&[(2, "S-1"), (3, "not-text Caller"), (4, "S-3")]));
}

/// A shipped profile with words in it changed.
fn edited(name: &str, from: &str, to: &str) -> Profile {
    let yaml = std::fs::read_to_string(format!("{}/workflows/imports/{name}.yaml", env!("CARGO_MANIFEST_DIR")));
    let yaml = yaml.unwrap();
    assert_eq!(yaml.matches(from).count(), 1, "{from}");
    Profile::read(name, &yaml.replacen(from, to, 1)).unwrap_or_else(|faults| panic!("{faults:#?}"))
}

#[test]
fn a_row_that_was_not_taken_in_can_be_repaired_in_the_file_of_faults() {
    let profile = edited("call-recorder", "delimiter: \",\"", "delimiter: \";\"");
    let text = [RECORDER, &row(1), "=R(),01/06/2026,09:15:00,long,Telephone,Incoming,998,+441632960001\n"].concat();
    let text = text.replace(',', ";");
    let written = rejected(&profile, text.as_bytes());
    assert!(written.starts_with("\u{feff}Row;Column;Code;What is wrong;Recording ID;"), "{written}");
    assert_eq!(written.matches(";'=R();01/06/2026;").count(), 1, "{written}");
    assert_eq!(rejected(&profile, written.as_bytes()), written.replace("\r\n3;", "\r\n2;"), "nothing is said twice");
    let repaired = written.replace(";long;", ";10;").replace(";998;", ";999;");
    let expected = expected(&[(2, "=R()")]);
    assert_eq!(read(&profile, repaired.as_bytes()).unwrap(), expected, "as it was before it was kept from being run");
}

/// The file of a file's rejected rows.
fn rejected(profile: &Profile, bytes: &[u8]) -> String {
    let mut file = CallFile::open(bytes, profile, now()).unwrap();
    let writer = FaultFile::new(profile.format, file.headings().to_vec());
    let mut written = writer.head();
    while let Some(read) = file.next() {
        if let (number, ReadRow::Faulty(faults)) = read.unwrap() {
            let mut row = FaultyRow { number, cells: file.cells(), ..FaultyRow::default() };
            faults.iter().for_each(|fault| row.add(fault.column.as_deref(), fault.code, &fault.says));
            written.push_str(&writer.row(&row));
        }
    }
    written
}

#[test]
fn lines_of_json_are_read_by_their_names() {
    let yaml = "profile: calls\nversion: 1\ntitle: T\nsystem: acd\nprecedence: 3\nformat: { kind: ndjson }\n\
        time: { columns: [at], formats: [\"%+\"], zone: UTC }\nkey: [id]\n\
        columns: { number: tel, seconds: secs }\ndefault_channel: \"101\"\n";
    let profile = Profile::read("calls", yaml).unwrap_or_else(|faults| panic!("{faults:#?}"));
    assert_eq!(profile.system, SystemKind::Acd);
    let text = "{\"id\":7,\"at\":\"2026-06-01T08:00:00Z\",\"tel\":\"01632 960001\",\"secs\":5,\"other\":[]}\n\n\
        {\"id\":8,\"tel\":null}\nnot json\n{\"id\":[],\"at\":\"\"}\n{\"id\":\"9\",\"at\":\"2026-06-01T0";
    let rows = [(1, "7"), (3, "missing-column at"), (4, "not-json"), (5, "not-json id"), (6, "half-row")];
    assert_eq!(read(&profile, text.as_bytes()).unwrap(), expected(&rows));
    assert_eq!(read(&profile, b"").unwrap_err().code(), "empty-file");
}
