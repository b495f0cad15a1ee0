//! A control room's files, as its systems write them, and what is kept of them.

use crate::support::{Session, TestApp, TestDatabase};
use chrono::{DateTime, Utc};
use evenhand::app::callers::{
    self, CallFileOf, CallImport, FileRows, Preview, import_calls, preview_calls, undo_import,
};
use evenhand::domain::access::{Actor, Role};
use evenhand::domain::calls::CallerKey;
use evenhand::domain::ids::{CallerId, PersonId};
use evenhand::store::calls::{self, Call};
use evenhand::store::contacts::{self, Since};
use evenhand::store::nominations::{self, Nomination};
use serde_json::json;
use std::io::Cursor;

pub struct Room {
    pub app: TestApp,
}

pub const CAD: &str = "command-and-control";
pub const RECORDER: &str = "call-recorder";
pub const ACD: &str = "acd";
pub const SWITCHBOARD: &str = "switchboard-month";

/// 01632 numbers are kept for fiction (Ofcom).
pub const NUMBER: &str = "01632 960123";

pub fn caller_of(number: &str) -> CallerId {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    CallerKey::of_number(&format!("+44{}", digits.trim_start_matches('0'))).id()
}

impl Room {
    /// On the first of June 2026, at ten.
    pub async fn set_up(database: TestDatabase) -> Self {
        Self { app: TestApp::start(database).await }
    }

    /// Imports a file, as from the command line.
    pub async fn import(&self, profile: &str, file: &str) -> CallImport {
        let app = &self.app.app;
        let of = CallFileOf { profile: profile.to_owned(), file_name: "file.csv".to_owned() };
        let bytes = Cursor::new(file.as_bytes().to_vec());
        let rows = FileRows::open(bytes, callers::profile(app, profile).unwrap(), app.now(), 1 << 30).unwrap();
        import_calls(app, &Actor::Software, of, rows, |_: &_| {}).await.unwrap()
    }

    /// The calls of a number that stand for themselves, newest first.
    pub async fn calls_of(&self, number: &str) -> Vec<Call> {
        let ever = (DateTime::<Utc>::UNIX_EPOCH, self.app.now());
        calls::of_caller(self.app.app.store.reader(), caller_of(number), ever, 100).await.unwrap()
    }

    /// Looks at a file, as from the command line.
    pub async fn preview(&self, profile: &str, file: &str) -> Preview {
        let app = &self.app.app;
        let of = CallFileOf { profile: profile.to_owned(), file_name: "file.csv".to_owned() };
        let bytes = Cursor::new(file.as_bytes().to_vec());
        let rows = FileRows::open(bytes, callers::profile(app, profile).unwrap(), app.now(), 1 << 30).unwrap();
        preview_calls(app, &Actor::Software, &of, rows).await.unwrap()
    }

    /// The file of what was rejected of a file.
    pub async fn rejected(&self, import: &CallImport) -> String {
        let mut rows = callers::rejected_rows(&self.app.app, &Actor::Software, import.id).await.unwrap();
        let mut file = String::new();
        while let Some(part) = rows.next().await.unwrap() {
            file.push_str(&part);
        }
        file
    }

    /// Undoes an import.
    pub async fn undo(&self, import: &CallImport) {
        undo_import(&self.app.app, &Actor::Software, import.id, "A mistake.".to_owned()).await.unwrap();
    }

    /// Somebody who has a number; answers who reads of them, and who it is.
    pub async fn on_file(&self, number: &str) -> (Session, PersonId) {
        let staff = self.app.officer("staff", &[Role::PsdStaff]).await;
        let new = json!({ "reference": "FSU-0001", "fullName": "Example Person" });
        let person = self.app.post(&staff, "/api/v1/people", new).await.ok()["id"].as_str().unwrap().to_owned();
        let number = json!({ "kind": "telephone", "value": number, "role": "self", "confidence": "confirmed", "source": "They said so." });
        self.app.post(&staff, &format!("/api/v1/people/{person}/identifiers"), number).await.ok();
        (staff, person.parse().unwrap())
    }

    /// When the contacts of somebody were received that count.
    pub async fn contacts_of(&self, person: PersonId) -> Vec<DateTime<Utc>> {
        let ever = Since { person, from: DateTime::<Utc>::UNIX_EPOCH };
        let found = contacts::received_times(self.app.app.store.reader(), &[ever]).await.unwrap();
        found.into_values().flatten().map(|(at, _)| at).collect()
    }

    /// Nominations of callers that stand.
    pub async fn nominations(&self) -> Vec<Nomination> {
        let all = nominations::of_callers(self.app.app.store.reader(), None, 1000).await.unwrap();
        all.into_iter().filter(|one| one.withdrawn_at.is_none()).collect()
    }
}

/// A file of command and control: reference, time in London, line, number, name, place each.
pub fn cad(rows: &[(&str, &str, &str, &str)]) -> String {
    let mut file = String::from(
        "Incident Number,Created,Source,Telephone,Name,Caller Type,Location,Type,Details,Actions,Result\n",
    );
    for (reference, at, line, number) in rows {
        file.push_str(&format!(
            "{reference},{at},{line},{number},Example Caller,PUBLIC,1 Example Way ZZ1 1AA,Concern,Said it again,Advice,No further action\n"
        ));
    }
    file
}

/// A file of the call recorder: id, day, time, type, direction, line, number each.
pub fn recorder(rows: &[(&str, &str, &str, &str, &str)]) -> String {
    let mut file = String::from("Recording ID,Start Date,Start Time,Type,Line,Direction,Other Party,Duration\n");
    for (id, at, kind, direction, number) in rows {
        let (day, time) = at.split_once(' ').unwrap();
        file.push_str(&format!("{id},{day},{time},{kind},101,{direction},{number},60\n"));
    }
    file
}

/// A file of call distribution: id, time, number each.
pub fn acd(rows: &[(&str, &str, &str)]) -> String {
    let mut file = String::from("Call ID,Received,Service,CLI,Talk Time,Outcome,Queue,Handler\n");
    for (id, at, number) in rows {
        file.push_str(&format!("{id},{at},101,{number},60,Answered,Public,H1\n"));
    }
    file
}

/// So many calls of a number by 101, an hour apart from midnight of a day of May 2026 on, named by a letter.
pub fn hourly(letter: char, day: u32, number: &str, how_many: u32) -> String {
    let rows: Vec<(String, String)> = (0..how_many)
        .map(|n| (format!("{letter}-{day}-{n}"), format!("{:02}/05/2026 {:02}:00:00", day + n / 24, n % 24)))
        .collect();
    cad(&rows.iter().map(|(name, at)| (name.as_str(), at.as_str(), "101", number)).collect::<Vec<_>>())
}
