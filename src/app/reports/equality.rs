//! Gathers whom the equality report counts.

use super::{as_json, people};
use crate::app::{App, AppError};
use crate::domain::calendar::london::date_of;
use crate::domain::ids::{CaseId, Id, PersonId};
use crate::domain::person::equality::Answers;
use crate::domain::report::equality::{Subject, tables};
use crate::store::{case_steps, disposal, equality_monitoring, strategies};
use sea_orm::ConnectionTrait;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const CASE: &str = "frequent-service-user";
const APPEAL: &str = "appeal";
const WARNING: &str = "warning";
const KINDS: [&str; 3] = [CASE, APPEAL, WARNING];

/// Over everybody, whoever reads it: the counts name nobody. Cases that were disposed of are left out.
pub(super) async fn content(app: &App) -> Result<Value, AppError> {
    let db = app.store.reader();
    let subjects = subjects(app, db).await?;
    let today = date_of(app.now());
    as_json(&tables(&subjects.into_values().collect::<Vec<_>>(), today))
}

async fn subjects(app: &App, db: &impl ConnectionTrait) -> Result<BTreeMap<PersonId, Subject>, AppError> {
    let mut rows = people::cases_of(db, &KINDS, &[]).await?;
    rows.retain(|row| !disposal::is_gravestone(&row.data));
    let named: BTreeSet<PersonId> = rows.iter().filter_map(|row| row.person_id.map(PersonId::from_uuid)).collect();
    let roots = people::roots(db, named).await?;
    let of_case: BTreeMap<CaseId, PersonId> = rows
        .iter()
        .filter_map(|row| Some((Id::from_uuid(row.id), *roots.get(&PersonId::from_uuid(row.person_id?))?)))
        .collect();
    let mut subjects: BTreeMap<PersonId, Subject> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.workflow == CASE) {
        if let Some(person) = of_case.get(&CaseId::from_uuid(row.id)) {
            subjects.entry(*person).or_default();
        }
    }
    for row in rows.iter().filter(|row| row.workflow == APPEAL) {
        let appellant = of_case.get(&CaseId::from_uuid(row.id)).and_then(|person| subjects.get_mut(person));
        if let Some(subject) = appellant {
            subject.appealed = true;
        }
    }
    for step in case_steps::of_workflows(db, &KINDS).await? {
        let Some(subject) = of_case.get(&step.case).and_then(|person| subjects.get_mut(person)) else { continue };
        subject.threshold_met |= step.action == "decide_met";
        subject.warned |= ["record_warning", "record_given"].contains(&step.action.as_str());
    }
    restrictions(app, db, &mut subjects).await?;
    characteristics(db, &mut subjects).await?;
    Ok(subjects)
}

async fn restrictions(
    app: &App,
    db: &impl ConnectionTrait,
    subjects: &mut BTreeMap<PersonId, Subject>,
) -> Result<(), AppError> {
    let people: Vec<PersonId> = subjects.keys().copied().collect();
    for some in people.chunks(500) {
        for (person, in_force) in strategies::of_people(db, some).await? {
            if let Some(subject) = subjects.get_mut(&person) {
                subject.restricted_now |= in_force.terms.bind(app.now());
            }
        }
    }
    Ok(())
}

/// What is on file of anybody's records; where two say something, the record that stands for the person is heard.
async fn characteristics(
    db: &impl ConnectionTrait,
    subjects: &mut BTreeMap<PersonId, Subject>,
) -> Result<(), AppError> {
    let records = people::records(db, subjects.keys().copied().collect()).await?;
    let all: Vec<PersonId> = records.values().flatten().map(|record| record.id).collect();
    let mut answers: BTreeMap<PersonId, Answers> = BTreeMap::new();
    for some in all.chunks(1_000) {
        let monitored = equality_monitoring::of_people(db, some).await?;
        answers.extend(monitored.into_iter().map(|monitored| (monitored.person, monitored.answers)));
    }
    for (person, records) in records {
        let Some(subject) = subjects.get_mut(&person) else { continue };
        subject.date_of_birth = records.iter().find_map(|record| record.date_of_birth);
        for (characteristic, answer) in records.iter().filter_map(|record| answers.remove(&record.id)).flatten() {
            subject.answers.entry(characteristic).or_insert(answer);
        }
    }
    Ok(())
}
