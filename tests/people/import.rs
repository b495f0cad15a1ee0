//! Service users from a spreadsheet: several rows a reference, nothing twice, nothing lost.

use crate::support::{TestApp, on_each_database};
use evenhand::app::people::{ImportReport, PersonRow, import_people};
use evenhand::domain::access::{Actor, Role};
use std::os::unix::fs::PermissionsExt;

fn row(cells: [&str; 6]) -> PersonRow {
    let [reference, full_name, date_of_birth, email, telephone, postcode] = cells.map(str::to_owned);
    PersonRow { reference, full_name, date_of_birth, email, telephone, postcode }
}

fn sheet() -> Vec<PersonRow> {
    vec![
        row(["A1", "Example Person One", "1980-02-29", "one@example.org", "01632 960001", "N1 9GU"]),
        row(["A1", "", "", "one.again@example.org", "", ""]),
        row(["A2", "Example Person Two", "", "not an address", "", ""]),
        row(["A3", "", "", "three@example.org", "", ""]),
        row(["A1", "Somebody Else", "", "", "", ""]),
        row(["", "Example Person Four", "", "", "", ""]),
        row(["A1", "example person one", "", "ONE@example.org", "", ""]),
    ]
}

fn counts(report: &ImportReport) -> (usize, usize, usize, Vec<usize>) {
    (report.read, report.people, report.identifiers, report.rejected.iter().map(|rejected| rejected.row).collect())
}

#[test]
fn a_spreadsheet_is_imported_and_its_faulty_rows_are_named() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let report = import_people(&app.app, &Actor::Software, sheet()).await.unwrap();
        assert_eq!(counts(&report), (7, 1, 4, vec![2, 3, 4, 5]), "{report:?}");
    });
}

#[test]
fn importing_twice_adds_nothing_twice() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        import_people(&app.app, &Actor::Software, sheet()).await.unwrap();
        let again = import_people(&app.app, &Actor::Software, sheet()).await.unwrap();
        assert_eq!(counts(&again), (7, 0, 0, vec![2, 3, 4, 5]));
    });
}

#[test]
fn a_large_spreadsheet_is_imported_in_pieces() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let rows = (0..1201).map(|n| {
            let (reference, email) = (format!("B{}", n / 2), format!("person{n}@example.org"));
            row([&reference, "Example Person", "", &email, "", ""])
        });
        let report = import_people(&app.app, &Actor::Software, rows.collect()).await.unwrap();
        assert_eq!(counts(&report), (1201, 601, 1201, vec![]));
    });
}

#[test]
fn a_date_of_birth_is_learned_from_a_later_row_and_never_changed_by_one() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let first = vec![
            row(["A1", "Example Person One", "", "", "", ""]),
            row(["A1", "", "1980-02-29", "", "", ""]),
            row(["A2", "Example Person Two", "", "", "", ""]),
        ];
        import_people(&app.app, &Actor::Software, first).await.unwrap();
        let later = vec![row(["A2", "", "31/12/1975", "", "", ""]), row(["A1", "", "1981-01-01", "", "", ""])];
        let report = import_people(&app.app, &Actor::Software, later).await.unwrap();
        assert_eq!(report.rejected[0].reason, "another date of birth is on file for this reference");
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let listed = app.get(&staff, "/api/v1/people").await.ok();
        let born: Vec<_> = listed["data"].as_array().unwrap().iter().map(|person| &person["dateOfBirth"]).collect();
        assert_eq!(born, ["1980-02-29", "1975-12-31"]);
    });
}

#[test]
fn an_address_that_was_ended_is_not_brought_back_by_a_spreadsheet() {
    on_each_database(async |database| {
        let app = TestApp::start(database).await;
        let staff = app.officer("staff", &[Role::PsdStaff]).await;
        let sheet = || vec![row(["A1", "Example Person One", "", "one@example.org", "", ""])];
        import_people(&app.app, &Actor::Software, sheet()).await.unwrap();
        let person = app.get(&staff, "/api/v1/people").await.ok()["data"][0].clone();
        let (id, address) = (person["id"].as_str().unwrap(), person["identifiers"][0]["id"].as_str().unwrap());
        let end = format!("/api/v1/people/{id}/identifiers/{address}/end");
        app.post(&staff, &end, serde_json::json!({ "reason": "Somebody else's." })).await.ok();
        let report = import_people(&app.app, &Actor::Software, sheet()).await.unwrap();
        assert_eq!((report.identifiers, report.rejected.len()), (0, 1));
        assert!(report.rejected[0].reason.contains("was ended"), "{report:?}");
    });
}

#[test]
fn a_spreadsheet_of_windows_keeps_its_letters_and_rejected_rows_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let sheet = folder.path().join("people.csv");
    // `Zoë O’Neill`, as Windows writes it: the apostrophe is no letter of Latin-1.
    let mut bytes = b"reference,full_name,email\nA1,Zo\xeb O\x92Neill,=not an address\n".to_vec();
    bytes.extend_from_slice(b"A2,Zo\xeb O\x92Neill,zoe@example.org\n");
    std::fs::write(&sheet, bytes).unwrap();
    let rejects = folder.path().join("people.rejected.csv");
    std::fs::write(&rejects, "left from before").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_evenhand"));
    // Settings of the tests are none of the program's.
    let output =
        command.env_clear().current_dir(folder.path()).args(["people", "import", "people.csv", "--output", "json"]);
    let output = output.output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let rejected = std::fs::read_to_string(&rejects).unwrap();
    assert!(rejected.contains("Zoë O’Neill,'=not an address"), "no spreadsheet runs what is in it: {rejected}");
    let mode = std::fs::metadata(&rejects).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
