//! Calls of callers whose case was concluded, in the same number of days before they were referred and after the
//! conclusion. Counts, and no proof: whoever is referred is referred when they call most, and calls fall from a peak by
//! themselves (regression to the mean).

use super::measures::count;
use super::outcomes::{Steps, ended_at, of_case};
use super::referrals::text;
use crate::app::{App, AppError};
use crate::domain::calls::CallerKey;
use crate::domain::ids::{CallerId, CaseId, PersonId};
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::calls::profile;
use crate::store::cases::CaseRow;
use crate::store::{callers, nominated_callers};
use chrono::{DateTime, Duration, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;

/// Four weeks: as many of each day of the week on both sides.
const DAYS: i64 = 28;
const CONCLUDED: &str = "concluded";
const REFERRED: &str = "referred";

/// Calls before and after, of the cases that were concluded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CallsCompared {
    /// Days before the first referral, and days after the conclusion.
    pub days: i64,
    /// Cases of which both are on file.
    pub cases: u64,
    pub calls_before: u64,
    pub calls_after: u64,
    /// Of these cases, those with fewer calls after than before, as many, and more.
    pub fewer: u64,
    pub same: u64,
    pub more: u64,
    /// Cases left out: the files of calls do not reach over all of these days, or not yet.
    pub not_on_file: u64,
    /// Cases left out: nobody said which caller they are about.
    pub caller_unknown: u64,
}

struct Compared {
    callers: BTreeSet<CallerId>,
    referred_at: DateTime<Utc>,
    concluded_at: DateTime<Utc>,
}

impl Compared {
    fn starts(&self) -> DateTime<Utc> {
        self.referred_at - Duration::days(DAYS)
    }

    fn ends(&self) -> DateTime<Utc> {
        self.concluded_at + Duration::days(DAYS)
    }
}

/// Of the cases concluded at an instant that counts.
pub(super) async fn calls_compared(
    app: &App,
    (rows, steps): (&[CaseRow], &Steps),
    counts: impl Fn(DateTime<Utc>) -> bool,
) -> Result<CallsCompared, AppError> {
    let db = app.store.reader();
    let ended = |row: &&CaseRow| row.state == CONCLUDED && ended_at(app, row).is_some_and(&counts);
    let concluded: Vec<&CaseRow> = rows.iter().filter(ended).collect();
    let mut told = CallsCompared { days: DAYS, ..CallsCompared::default() };
    let callers = callers_of(app, &concluded).await?;
    let on_file = profile::reach(db).await?;
    let mut measured = Vec::new();
    for row in concluded {
        let referred = of_case(steps, row).iter().find(|step| step.to == REFERRED);
        let one = Compared {
            callers: callers.get(&CaseId::from_uuid(row.id)).cloned().unwrap_or_default(),
            referred_at: referred.map_or(row.opened_at, |step| step.at),
            concluded_at: row.state_since,
        };
        if one.callers.is_empty() {
            told.caller_unknown += 1;
        } else if on_file.is_none_or(|(first, last)| one.starts() < first || last < one.ends()) {
            told.not_on_file += 1;
        } else {
            measured.push(one);
        }
    }
    add_up(app, &measured, &mut told).await?;
    Ok(told)
}

async fn add_up(app: &App, measured: &[Compared], told: &mut CallsCompared) -> Result<(), AppError> {
    let (from, until) = (measured.iter().map(Compared::starts).min(), measured.iter().map(Compared::ends).max());
    let Some(span) = from.zip(until) else { return Ok(()) };
    let all: BTreeSet<CallerId> = measured.iter().flat_map(|one| one.callers.iter().copied()).collect();
    let calls = profile::began_between(app.store.reader(), &all.into_iter().collect::<Vec<_>>(), span).await?;
    for one in measured {
        let theirs = || one.callers.iter().filter_map(|caller| calls.get(caller)).flatten();
        let before = count(theirs().filter(|at| (one.starts()..one.referred_at).contains(at)).count());
        let after = count(theirs().filter(|at| (one.concluded_at..one.ends()).contains(at)).count());
        told.cases += 1;
        told.calls_before += before;
        told.calls_after += after;
        match after.cmp(&before) {
            std::cmp::Ordering::Less => told.fewer += 1,
            std::cmp::Ordering::Equal => told.same += 1,
            std::cmp::Ordering::Greater => told.more += 1,
        }
    }
    Ok(())
}

/// The callers each case is about: those whose nominations it was opened for, those that are the person it is about, and
/// the number that was given when it was opened.
pub(super) async fn callers_of(app: &App, rows: &[&CaseRow]) -> Result<BTreeMap<CaseId, BTreeSet<CallerId>>, AppError> {
    let db = app.store.reader();
    let ids: Vec<CaseId> = rows.iter().map(|row| CaseId::from_uuid(row.id)).collect();
    let mut found: BTreeMap<CaseId, BTreeSet<CallerId>> = BTreeMap::new();
    for (case, caller) in nominated_callers::of_cases(db, &ids).await? {
        found.entry(case).or_default().insert(caller);
    }
    let people: Vec<PersonId> = rows.iter().filter_map(|row| row.person_id.map(PersonId::from_uuid)).collect();
    let mut of_people: BTreeMap<PersonId, Vec<CallerId>> = BTreeMap::new();
    for some in people.chunks(100) {
        for caller in callers::of_people(db, some).await? {
            if let Some(person) = caller.person {
                of_people.entry(person).or_default().push(caller.id);
            }
        }
    }
    for row in rows {
        let theirs = found.entry(CaseId::from_uuid(row.id)).or_default();
        let person = row.person_id.map(PersonId::from_uuid);
        theirs.extend(person.and_then(|person| of_people.get(&person)).into_iter().flatten());
        let number = text(row, "/callerTelephone").and_then(|text| normalise(IdentifierKind::Telephone, &text).ok());
        theirs.extend(number.map(|number| CallerKey::of_number(&number).id()));
    }
    Ok(found)
}
