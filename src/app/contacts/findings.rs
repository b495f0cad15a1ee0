//! Verdict and place of contacts, as they would be if everything about them were found out just now.

use crate::app::App;
use crate::domain::calendar::WorkingCalendar;
use crate::domain::calendar::london;
use crate::domain::contact::{Findings, Place, Placement, Queue, place};
use crate::domain::strategy::{Allowance, Terms, Verdict, measure_after};
use crate::store::contacts::{Contact, Handling};
use chrono::{DateTime, Utc};

/// What becomes of contacts that somebody has read already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// What a person did with a contact stays done; only what is no breach, or was ticked, is held no longer.
    Stays,
    /// They count for somebody else now: what would be held for them is read again, with its questions.
    UnlessHeldAnew,
}

/// Measures contacts, sorted by receipt, that follow everything in `used`, and places those that nobody has handled.
pub(super) fn find(app: &App, (terms, used): (&[Terms], &[Allowance]), done: Done, contacts: &mut [Contact]) {
    let reads_words = terms.iter().flat_map(|terms| &terms.limits).any(|limit| !limit.closed_subjects.is_empty());
    let words: Vec<String> = contacts.iter().map(|contact| words_of(contact, reads_words)).collect();
    let measurable: Vec<_> = contacts.iter().zip(&words).map(|(contact, words)| contact.measurable(words)).collect();
    let verdicts = measure_after(terms, used, &measurable);
    for (contact, verdict) in contacts.iter_mut().zip(verdicts) {
        put(app.catalog.calendar(), contact, verdict, done);
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

fn put(calendar: &WorkingCalendar, contact: &mut Contact, verdict: Verdict, done: Done) {
    let placement = placement(calendar, contact, &verdict);
    let held_anew = placement.place.needs_tick_list() && !contact.place.needs_tick_list();
    if done == Done::UnlessHeldAnew && contact.handling == Handling::Read && held_anew {
        contact.handling = Handling::Open;
    }
    let unread = contact.handling == Handling::Open;
    if unread || is_misplaced(contact, &verdict) {
        contact.place = placement.place;
        contact.place_because = Some(placement.because);
        contact.read_due_at = placement.read_due_at.filter(|_| unread);
    }
    // Who takes a contact out of the limits still owes the answers that were owed before.
    if unread && !contact.exempt {
        contact.ticks_owed = contact.place.needs_tick_list();
    }
    contact.verdict = Some(verdict);
}

struct Put {
    place: Place,
    because: String,
    read_due_at: Option<DateTime<Utc>>,
}

fn placement(calendar: &WorkingCalendar, contact: &Contact, verdict: &Verdict) -> Put {
    let Placement { place, because, read_due_at } = place(&Findings {
        verdict,
        not_counted: contact.not_counted,
        flagged: !contact.flags.is_empty(),
        recorded_at: contact.recorded_at,
        next_working_day: next_working_day(calendar, contact.recorded_at),
    });
    if contact.exempt && !contact.queues.is_empty() {
        return Put { place: Place::Released, because: in_queues(&contact.queues), read_due_at };
    }
    Put { place, because: because.to_owned(), read_due_at }
}

/// Why a released contact lies where it lies: the queues it went to.
pub(super) fn in_queues(queues: &[Queue]) -> String {
    queues.iter().map(|queue| queue.as_str()).collect::<Vec<_>>().join(",")
}

/// Whether a contact that somebody has dealt with lies where nothing keeps it: held for no breach, or released though no
/// longer outside the limits.
fn is_misplaced(contact: &Contact, verdict: &Verdict) -> bool {
    let breach = verdict.kinds.is_breach() || (verdict.blocked && !contact.exempt);
    (contact.place.needs_tick_list() && !breach) || (contact.place == Place::Released && !contact.exempt)
}

/// The same time on the next working day.
pub(crate) fn next_working_day(calendar: &WorkingCalendar, at: DateTime<Utc>) -> DateTime<Utc> {
    let wall = london::wall_time(at);
    let next = calendar.add_working_days(wall.date(), 1);
    next.map_or(at, |day| london::instant_of(day.and_time(wall.time())))
}

/// Whether anything was found that is not stored yet.
pub(super) fn differ(stored: &Contact, found: &Contact) -> bool {
    let lies = |contact: &Contact| (contact.place, contact.read_due_at, contact.handling, contact.ticks_owed);
    lies(stored) != lies(found) || (&stored.verdict, &stored.place_because) != (&found.verdict, &found.place_because)
}
