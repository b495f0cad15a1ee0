//! Service users from a spreadsheet: several rows a reference for several identifiers. Addresses arrive confirmed, the
//! person's own. Importing twice adds nothing twice.

use super::create_person::required;
use crate::app::{App, AppError};
use crate::domain::access::{Actor, ActorRef};
use crate::domain::ids::PersonId;
use crate::domain::person::{Confidence, HolderRole, IdentifierKind, NotAnIdentifier, fold_name, normalise};
use crate::store::Tx;
use crate::store::events::{self, NewEvent, Stream};
use crate::store::identifiers::{self, Identifier};
use crate::store::people::{self, Person};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// So many rows are written in one transaction.
const ROWS_A_TRANSACTION: usize = 500;

/// One row, as it stands in the spreadsheet; empty cells are empty texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonRow {
    pub reference: String,
    /// May be empty after the first row of a reference.
    pub full_name: String,
    /// `1980-12-31` or `31/12/1980`.
    pub date_of_birth: String,
    pub email: String,
    pub telephone: String,
    pub postcode: String,
}

/// What became of a spreadsheet. Every row was read; every row that is not in `rejected` is on file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    pub read: usize,
    /// People put on file.
    pub people: usize,
    pub identifiers: usize,
    pub rejected: Vec<RejectedRow>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RejectedRow {
    /// Counted from 0 among the rows.
    pub row: usize,
    /// A sentence. Never repeats what is in the row.
    pub reason: String,
}

/// Imports rows in order. For the server's own command line, where whoever can open the database is the administrator.
///
/// # Errors
/// What the store says; what was imported before stays, and importing again completes it.
pub async fn import_people(app: &App, actor: &Actor, rows: Vec<PersonRow>) -> Result<ImportReport, AppError> {
    let mut report = ImportReport { read: rows.len(), ..ImportReport::default() };
    let mut readable = Vec::new();
    for (row, text) in rows.into_iter().enumerate() {
        match Readable::read(row, text) {
            Ok(read) => readable.push(read),
            Err(reason) => report.rejected.push(RejectedRow { row, reason }),
        }
    }
    let by = actor.reference();
    for chunk in readable.chunks(ROWS_A_TRANSACTION) {
        let (inner, chunk) = (app.clone(), chunk.to_vec());
        let done = app.store.write(async move |tx| import_in(&inner, tx, by, chunk).await).await?;
        report.people += done.people;
        report.identifiers += done.identifiers;
        report.rejected.extend(done.rejected);
    }
    report.rejected.sort_by_key(|rejected| rejected.row);
    Ok(report)
}

/// A row whose cells are what they should be.
#[derive(Clone)]
struct Readable {
    row: usize,
    reference: String,
    full_name: Option<String>,
    date_of_birth: Option<NaiveDate>,
    /// Kind, normalised, as written.
    identifiers: Vec<(IdentifierKind, String, String)>,
}

impl Readable {
    fn read(row: usize, text: PersonRow) -> Result<Self, String> {
        let reference =
            required("", &text.reference).map_err(|_fault| "the reference is empty or too long".to_owned())?;
        let full_name = match text.full_name.trim() {
            "" => None,
            name => Some(required("", name).map_err(|_fault| "the name is too long".to_owned())?),
        };
        let cells = [
            (IdentifierKind::Email, "email", text.email),
            (IdentifierKind::Telephone, "telephone", text.telephone),
            (IdentifierKind::Postcode, "postcode", text.postcode),
        ];
        let mut identifiers = Vec::new();
        for (kind, column, cell) in cells {
            match normalise(kind, &cell) {
                Ok(value) => identifiers.push((kind, value, cell.trim().to_owned())),
                Err(NotAnIdentifier::Empty) => {}
                Err(fault) => return Err(format!("{column}: {fault}")),
            }
        }
        Ok(Self { row, reference, full_name, date_of_birth: date(text.date_of_birth.trim())?, identifiers })
    }
}

fn date(text: &str) -> Result<Option<NaiveDate>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%d/%m/%Y"));
    date.map(Some).map_err(|_fault| "date_of_birth: write 1980-12-31 or 31/12/1980".to_owned())
}

async fn import_in(app: &App, tx: &Tx, by: ActorRef, rows: Vec<Readable>) -> Result<ImportReport, AppError> {
    let references: BTreeSet<String> = rows.iter().map(|row| row.reference.clone()).collect();
    let known = people::with_references(tx, &references.into_iter().collect::<Vec<_>>()).await?;
    let ids: Vec<PersonId> = known.iter().map(|person| person.id).collect();
    let (held, ended): (Vec<_>, Vec<_>) =
        identifiers::of_people(tx, &ids).await?.into_iter().partition(|identifier| identifier.ended_at.is_none());
    let key = |identifier: Identifier| (identifier.person, identifier.kind, identifier.value);
    let mut batch = Batch {
        held: held.into_iter().map(key).collect(),
        ended: ended.into_iter().map(key).collect(),
        known: known.into_iter().map(|person| (person.reference.clone(), person)).collect(),
        ..Batch::default()
    };
    for row in rows {
        batch.take(app, by, row);
    }
    people::insert_many(tx, &batch.people).await?;
    identifiers::insert_many(tx, &batch.identifiers).await?;
    for person in batch.born.values() {
        people::update(tx, person).await?;
    }
    events::append_next(tx, batch.events(app, by)).await?;
    Ok(ImportReport {
        read: 0,
        people: batch.people.len(),
        identifiers: batch.identifiers.len(),
        rejected: batch.rejected,
    })
}

#[derive(Default)]
struct Batch {
    known: BTreeMap<String, Person>,
    held: HashSet<(PersonId, IdentifierKind, String)>,
    /// Somebody said that they are the person's no longer: a spreadsheet does not bring them back.
    ended: HashSet<(PersonId, IdentifierKind, String)>,
    /// People on file of whom the date of birth was learned.
    born: BTreeMap<PersonId, Person>,
    people: Vec<Person>,
    identifiers: Vec<Identifier>,
    rejected: Vec<RejectedRow>,
}

impl Batch {
    fn take(&mut self, app: &App, by: ActorRef, row: Readable) {
        let person = match self.person(app, &row) {
            Ok(person) => person,
            Err(reason) => return self.rejected.push(RejectedRow { row: row.row, reason: reason.to_owned() }),
        };
        let was_ended = |(kind, value, _): &(IdentifierKind, String, String)| {
            let key = (person, *kind, value.clone());
            self.ended.contains(&key) && !self.held.contains(&key)
        };
        if let Some((kind, ..)) = row.identifiers.iter().find(|identifier| was_ended(identifier)) {
            let reason = format!("{kind}: it was ended for this person; a person records it again");
            return self.rejected.push(RejectedRow { row: row.row, reason });
        }
        self.learn_birth(&row);
        for (kind, value, presented) in row.identifiers {
            if !self.held.insert((person, kind, value.clone())) {
                continue;
            }
            self.identifiers.push(Identifier {
                id: app.new_id(),
                person,
                kind,
                value,
                presented,
                role: HolderRole::Own,
                confidence: Confidence::Confirmed,
                source: "import".to_owned(),
                recorded_by: Some(by),
                recorded_at: app.now(),
                ended_at: None,
            });
        }
    }

    /// A date of birth on a row when none is on file.
    fn learn_birth(&mut self, row: &Readable) {
        let Some(known) = self.known.get_mut(&row.reference) else { return };
        if known.date_of_birth.is_some() || row.date_of_birth.is_none() {
            return;
        }
        known.date_of_birth = row.date_of_birth;
        match self.people.iter_mut().find(|new| new.id == known.id) {
            Some(new) => new.date_of_birth = row.date_of_birth,
            None => {
                self.born.insert(known.id, known.clone());
            }
        }
    }

    /// The person of the row's reference, put on file if there is none yet.
    fn person(&mut self, app: &App, row: &Readable) -> Result<PersonId, &'static str> {
        if let Some(known) = self.known.get(&row.reference) {
            let same_name = row.full_name.as_ref().is_none_or(|name| fold_name(name) == fold_name(&known.full_name));
            let same_birth = row.date_of_birth.is_none()
                || known.date_of_birth.is_none()
                || row.date_of_birth == known.date_of_birth;
            return match (same_name, same_birth) {
                (true, true) => Ok(known.id),
                (false, _) => Err("another name is on file for this reference"),
                (true, false) => Err("another date of birth is on file for this reference"),
            };
        }
        let full_name = row.full_name.clone().ok_or("the first row of a reference needs the name")?;
        let person = Person {
            id: app.new_id(),
            reference: row.reference.clone(),
            full_name,
            date_of_birth: row.date_of_birth,
            targeted_victim: false,
            vulnerability: Vec::new(),
            merged_into: None,
            version: 1,
            created_at: app.now(),
        };
        self.people.push(person.clone());
        self.known.insert(row.reference.clone(), person.clone());
        Ok(person.id)
    }

    /// What happened to each person.
    fn events(&self, app: &App, by: ActorRef) -> Vec<(Stream, uuid::Uuid, Vec<NewEvent>)> {
        let new: HashSet<PersonId> = self.people.iter().map(|person| person.id).collect();
        let mut touched: BTreeMap<PersonId, usize> = self.people.iter().map(|person| (person.id, 0)).collect();
        for identifier in &self.identifiers {
            *touched.entry(identifier.person).or_default() += 1;
        }
        let event = |kind: &str, data: Value| NewEvent {
            id: app.new_id(),
            at: app.now(),
            actor: by,
            kind: kind.to_owned(),
            data,
        };
        let mut events: BTreeMap<PersonId, Vec<NewEvent>> = BTreeMap::new();
        for (person, identifiers) in touched {
            let kind = if new.contains(&person) { "created" } else { "identifiers_imported" };
            let data = json!({ "source": "import", "identifiers": identifiers });
            events.entry(person).or_default().push(event(kind, data));
        }
        for id in self.born.keys() {
            let data = json!({ "source": "import", "fields": ["dateOfBirth"] });
            events.entry(*id).or_default().push(event("changed", data));
        }
        events.into_iter().map(|(person, events)| (Stream::Person, person.as_uuid(), events)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 6]) -> Result<Readable, String> {
        let [reference, full_name, date_of_birth, email, telephone, postcode] = cells.map(str::to_owned);
        Readable::read(0, PersonRow { reference, full_name, date_of_birth, email, telephone, postcode })
    }

    #[test]
    fn empty_cells_are_no_identifiers() {
        let read = row(["A1", "Example Person", "", "", " ", ""]).ok().unwrap();
        assert!(read.identifiers.is_empty() && read.date_of_birth.is_none());
    }

    #[test]
    fn a_cell_that_is_not_what_its_column_says_rejects_the_row_without_repeating_it() {
        for cells in [
            ["", "Example Person", "", "", "", ""],
            ["A1", "Example Person", "31.12.80", "", "", ""],
            ["A1", "Example Person", "", "not an address", "", ""],
            ["A1", "Example Person", "", "", "12", ""],
            ["A1", "Example Person", "", "", "", "nowhere"],
        ] {
            let reason = row(cells).err().unwrap();
            assert!(!cells.iter().skip(1).any(|cell| cell.len() > 4 && reason.contains(cell)), "{reason}");
        }
    }

    #[test]
    fn both_ways_of_writing_a_date_are_read() {
        let born = |text| row(["A1", "Example Person", text, "", "", ""]).ok().unwrap().date_of_birth;
        assert_eq!(born("1980-12-31"), born("31/12/1980"));
    }
}
