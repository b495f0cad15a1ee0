//! Service users from a spreadsheet: several rows a reference, nothing twice, nothing lost.

use crate::support::{TestApp, on_each_database};
use evenhand::app::people::{ImportReport, PersonRow, import_people};
use evenhand::domain::access::Actor;

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
