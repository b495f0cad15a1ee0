//! Verdict and place of contacts, as they would be if everything about them were found out just now.

use crate::app::App;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london;
use crate::domain::contact::{Findings, Placement, place};
use crate::domain::strategy::{Allowance, Terms, Verdict, measure_after};
use crate::store::contacts::{Contact, Handling};
use chrono::{DateTime, Utc};

/// Measures contacts, sorted by receipt, that follow everything in `used`, and places those that nobody has handled.
/// What a person did with a contact stays done; only what was ticked as outside the limits is held no longer.
pub(super) fn find(app: &App, terms: &[Terms], used: &[Allowance], contacts: &mut [Contact]) {
    let reads_words = terms.iter().flat_map(|terms| &terms.limits).any(|limit| !limit.closed_subjects.is_empty());
    let words: Vec<String> = contacts.iter().map(|contact| words_of(contact, reads_words)).collect();
    let measurable: Vec<_> = contacts.iter().zip(&words).map(|(contact, words)| contact.measurable(words)).collect();
    let verdicts = measure_after(terms, used, &measurable);
    for (contact, verdict) in contacts.iter_mut().zip(verdicts) {
        put(app.catalog.calendar(), contact, verdict);
    }
}

fn words_of(contact: &Contact, wanted: bool) -> String {
    match (wanted, contact.subject.as_deref(), contact.words.as_deref()) {
        (false, _, _) | (true, None, None) => String::new(),
        (true, Some(subject), None) => subject.to_owned(),
        (true, None, Some(words)) => words.to_owned(),
        (true, Some(subject), Some(words)) => format!("{subject}\n{words}"),
    }
}

fn put(calendar: &WorkingCalendar, contact: &mut Contact, verdict: Verdict) {
    let outside_the_limits = contact.exempt && contact.place.needs_tick_list();
    if contact.handling == Handling::Open || outside_the_limits {
        let Placement { place, because, read_due_at } = place(&Findings {
            verdict: &verdict,
            not_counted: contact.not_counted,
            flagged: !contact.flags.is_empty(),
            recorded_at: contact.recorded_at,
            next_working_day: next_working_day(calendar, contact.recorded_at),
        });
        contact.place = place;
        contact.place_because = Some(because.to_owned());
        contact.read_due_at = read_due_at.filter(|_| contact.handling == Handling::Open);
    }
    contact.verdict = Some(verdict);
}

/// The same time on the next working day.
fn next_working_day(calendar: &WorkingCalendar, at: DateTime<Utc>) -> DateTime<Utc> {
    let wall = london::wall_time(at);
    let next = calendar.add_working_days(wall.date(), 1);
    next.map_or(at, |day| london::instant_of(day.and_time(wall.time())))
}

/// Whether anything was found that is not stored yet.
pub(super) fn differ(stored: &Contact, found: &Contact) -> bool {
    (&stored.verdict, stored.place, &stored.place_because, stored.read_due_at)
        != (&found.verdict, found.place, &found.place_because, found.read_due_at)
}
