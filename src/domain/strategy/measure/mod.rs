//! Contact history → verdicts: a pure function of the limits in force at the time and the order of receipt.
//!
//! Contacts are taken in the order they were received, never in the order we learned of them. A contact that breaks
//! any limit uses no allowance, so somebody limited to one a week who writes daily is within it once a week.

mod address;
mod tally;

pub use address::is_comparable;

use super::limits::{Limit, TimeSlot};
use super::verdict::{Verdict, VerdictKind, VerdictKinds};
use crate::domain::calendar::london;
use crate::domain::contact::Channel;
use crate::domain::ids::{CaseId, ContactId};
use address::Address;
use chrono::{DateTime, Datelike, Days, Duration, NaiveDateTime, Utc};
use regex::Regex;
use serde::{Deserialize, Serialize};
use tally::Tally;

/// The limits of one strategy version, and when they bound the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    pub strategy: CaseId,
    pub effective_from: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    /// When it was lifted, superseded, quashed or expired before its end.
    pub lifted_at: Option<DateTime<Utc>>,
    pub limits: Vec<Limit>,
    pub blocked: Vec<Blocked>,
}

impl Terms {
    /// The first instant at which the limits no longer bind.
    pub fn stops_at(&self) -> DateTime<Utc> {
        self.lifted_at.map_or(self.ends_at, |lifted| lifted.min(self.ends_at))
    }

    /// `effectiveFrom ≤ at < endsOn`, and not lifted by then. Computed, never switched on by a job.
    pub fn bind(&self, at: DateTime<Utc>) -> bool {
        self.effective_from <= at && at < self.stops_at()
    }

    fn ever_bind(&self) -> bool {
        self.effective_from < self.stops_at()
    }
}

/// What is kept from reaching its addressee: a channel, or one address or number on it. Reads the strategy form's
/// blocking entries as they stand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Blocked {
    pub channel: Channel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// One contact of the person, as far as measuring needs it.
#[derive(Clone, Copy, Debug)]
pub struct Measurable<'a> {
    pub id: ContactId,
    pub received_at: DateTime<Utc>,
    pub channel: Channel,
    /// Whom of ours it was addressed to; unknown breaks no limit.
    pub addressee: Option<&'a str>,
    /// The address or number it came from, as presented.
    pub presented: Option<&'a str>,
    /// Subject and new words; looked at only where a limit closes subjects.
    pub words: &'a str,
    pub standing: Standing,
}

impl Measurable<'_> {
    /// The order of measuring: by receipt, and for the same instant by id.
    pub fn order(&self) -> (DateTime<Utc>, ContactId) {
        (self.received_at, self.id)
    }
}

/// Whether a contact can be held against anybody at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Of a person, proven or confirmed to be this one.
    Counted,
    /// Automatic, a duplicate, a list's, a suspected spoof.
    NotCounted,
    /// Ticked by a person as outside every limit.
    Exempt,
    /// Nobody's for certain. No breach rests on it.
    Unproven,
}

/// An earlier contact that was within the limits of a strategy and used its allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    pub strategy: CaseId,
    pub channel: Channel,
    pub received_at: DateTime<Utc>,
}

/// The verdict on each contact of a person's whole history, which must be sorted by [`Measurable::order`].
pub fn measure(terms: &[Terms], contacts: &[Measurable<'_>]) -> Vec<Verdict> {
    measure_after(terms, &[], contacts)
}

/// The same for the later part of a history: `used` are the allowances the earlier part used, in order of receipt.
/// Those received before [`reach`] of the first contact may be left out; they change nothing.
pub fn measure_after(terms: &[Terms], used: &[Allowance], contacts: &[Measurable<'_>]) -> Vec<Verdict> {
    let mut books: Vec<Book<'_>> = terms.iter().filter(|terms| terms.ever_bind()).map(Book::open).collect();
    // By start, so that the last that binds is the newest version.
    books.sort_by_key(|book| (book.terms.effective_from, book.terms.strategy));
    for allowance in used {
        if let Some(book) = books.iter_mut().find(|book| book.terms.strategy == allowance.strategy) {
            book.enter(allowance.channel, allowance.received_at);
        }
    }
    contacts.iter().map(|contact| judge(&mut books, contact)).collect()
}

/// How far back contacts can matter to one received at `from` or later: the earliest window that ends then, and a
/// little more, because short months and the change of the clocks let later windows open earlier than that.
pub fn reach(terms: &[Terms], from: DateTime<Utc>) -> DateTime<Utc> {
    let windows = terms.iter().flat_map(|terms| &terms.limits).filter_map(|limit| limit.window);
    let earliest = windows.map(|window| window.opening(from).at).min();
    earliest.map_or(from, |earliest| earliest.checked_sub_signed(Duration::days(4)).unwrap_or(earliest))
}

fn judge(books: &mut [Book<'_>], contact: &Measurable<'_>) -> Verdict {
    match contact.standing {
        Standing::Unproven => return Verdict::plain(VerdictKind::Unattributed),
        Standing::NotCounted => return Verdict::plain(VerdictKind::NotCounted),
        Standing::Counted | Standing::Exempt => {}
    }
    let binding = books.iter_mut().rev().find(|book| book.terms.bind(contact.received_at));
    match (binding, contact.standing == Standing::Exempt) {
        (Some(book), true) => Verdict {
            strategy: Some(book.terms.strategy),
            blocked: book.blocks(contact),
            ..Verdict::plain(VerdictKind::Exempt)
        },
        (None, true) => Verdict::plain(VerdictKind::Exempt),
        (Some(book), false) => book.judge(contact),
        (None, false) => match books.iter().find(|book| book.terms.effective_from > contact.received_at) {
            Some(coming) => {
                Verdict { strategy: Some(coming.terms.strategy), ..Verdict::plain(VerdictKind::NotYetEffective) }
            }
            None => Verdict::plain(VerdictKind::WithinLimit),
        },
    }
}

/// One strategy with the allowances used under it.
struct Book<'a> {
    terms: &'a Terms,
    pages: Vec<Page<'a>>,
    /// `None` for the address: the whole channel.
    blocked: Vec<(Channel, Option<Address<'a>>)>,
}

/// One of its limits.
struct Page<'a> {
    limit: &'a Limit,
    addressee: Option<Address<'a>>,
    closed: Option<Regex>,
    tally: Option<Tally>,
}

impl<'a> Book<'a> {
    fn open(terms: &'a Terms) -> Self {
        // No strategy limits 999 or 101, whatever it says (policy 6.1, 7.5).
        let limits = terms.limits.iter().enumerate().filter(|(_, limit)| limit.channel.may_be_limited());
        let page = |(index, limit): (usize, &'a Limit)| Page {
            limit,
            addressee: limit.addressee.as_deref().map(|addressee| Address::read(limit.channel, addressee)),
            closed: closed_subjects(&limit.closed_subjects),
            tally: Tally::open(index, limit),
        };
        let blocked = terms.blocked.iter().map(|blocked| {
            let address = blocked.address.as_deref();
            (blocked.channel, address.map(|address| Address::read(blocked.channel, address)))
        });
        Self { terms, pages: limits.map(page).collect(), blocked: blocked.collect() }
    }

    fn blocks(&self, contact: &Measurable<'_>) -> bool {
        self.blocked.iter().filter(|(channel, _)| *channel == contact.channel).any(|(_, address)| match address {
            Some(address) => contact.presented.is_some_and(|presented| address.is(presented) == Some(true)),
            None => true,
        })
    }

    fn enter(&mut self, channel: Channel, at: DateTime<Utc>) {
        for page in self.pages.iter_mut().filter(|page| page.limit.channel == channel) {
            if let Some(tally) = &mut page.tally {
                tally.enter(at);
            }
        }
    }

    fn judge(&mut self, contact: &Measurable<'_>) -> Verdict {
        let mut breaches: Option<VerdictKinds> = None;
        let mut add =
            |kind: VerdictKind| breaches = Some(breaches.map_or_else(|| kind.into(), |kinds| kinds.with(kind)));
        let wall = london::wall_time(contact.received_at);
        let mut frequency = None;
        let mut free_at = contact.received_at;
        for page in self.pages.iter_mut().filter(|page| page.limit.channel == contact.channel) {
            page.breaches(contact, wall).for_each(&mut add);
            let Some(tally) = &mut page.tally else { continue };
            let found = tally.look(wall);
            if found.used < found.max {
                frequency = frequency.or(Some(found));
                continue;
            }
            add(VerdictKind::OverFrequency);
            let free = tally.free_at().unwrap_or_else(|| self.terms.stops_at());
            if free >= free_at {
                (free_at, frequency) = (free, Some(found));
            }
        }
        if breaches.is_none() {
            self.enter(contact.channel, contact.received_at);
        }
        let kinds = breaches.unwrap_or(VerdictKind::WithinLimit.into());
        Verdict {
            kinds,
            strategy: Some(self.terms.strategy),
            blocked: self.blocks(contact),
            frequency,
            next_permitted_at: self.next_permitted(kinds, contact.channel, free_at),
        }
    }

    fn next_permitted(&self, kinds: VerdictKinds, channel: Channel, free_at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let waits = kinds.contains(VerdictKind::OverFrequency) || kinds.contains(VerdictKind::WrongTime);
        if !waits || kinds.contains(VerdictKind::WrongChannel) {
            return None;
        }
        let limits = || self.pages.iter().map(|page| page.limit).filter(|limit| limit.channel == channel);
        let mut permitted = next_allowed_time(limits, free_at);
        let tallies =
            || self.pages.iter().filter(|page| page.limit.channel == channel).filter_map(|page| page.tally.as_ref());
        // The only window was just found to have room then.
        if permitted == Some(free_at) && kinds.contains(VerdictKind::OverFrequency) && tallies().nth(1).is_none() {
            return permitted.map(|at| at.min(self.terms.stops_at()));
        }
        for _look in 0..MOST_LOOKS {
            let Some(full_until) = permitted.and_then(|at| tallies().filter_map(|tally| tally.full_until(at)).max())
            else {
                break;
            };
            permitted = next_allowed_time(limits, full_until);
        }
        Some(permitted.unwrap_or(self.terms.stops_at()).min(self.terms.stops_at()))
    }
}

/// How often a permitted time is moved on because a window is full then: a window that opens at the end of a short month
/// reaches back on three days at most, and each channel has few limits.
const MOST_LOOKS: usize = 32;

impl Page<'_> {
    /// Every breach but frequency, which needs the tally.
    fn breaches(&self, contact: &Measurable<'_>, wall: NaiveDateTime) -> impl Iterator<Item = VerdictKind> + use<> {
        let found = [
            (!self.limit.allowed, VerdictKind::WrongChannel),
            (
                // What cannot be compared is unknown, and what is unknown breaks no limit.
                self.addressee.as_ref().zip(contact.addressee).is_some_and(|(own, used)| own.is(used) == Some(false)),
                VerdictKind::WrongAddressee,
            ),
            (
                self.closed.as_ref().is_some_and(|closed| names_closed_subject(closed, contact.words)),
                VerdictKind::ClosedSubject,
            ),
            (!time_allowed(&self.limit.times, wall), VerdictKind::WrongTime),
        ];
        found.into_iter().filter_map(|(broken, kind)| broken.then_some(kind))
    }
}

fn time_allowed(times: &[TimeSlot], wall: NaiveDateTime) -> bool {
    times.is_empty() || times.iter().any(|slot| slot.admits(wall))
}

/// The first instant from `from` on at which every limit's times allow contact; a week and a day holds every slot.
fn next_allowed_time<'l, L: Iterator<Item = &'l Limit>>(
    limits: impl Fn() -> L,
    from: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let allowed = |at: DateTime<Utc>| {
        let wall = london::wall_time(at);
        limits().all(|limit| time_allowed(&limit.times, wall))
    };
    if allowed(from) {
        return Some(from);
    }
    let today = london::date_of(from);
    let days = (0..=8).filter_map(|n| today.checked_add_days(Days::new(n)));
    let starts = days.flat_map(|day| limits().flat_map(|limit| &limit.times).map(move |slot| day.and_time(slot.from)));
    starts.map(london::instant_of).filter(|at| *at > from && allowed(*at)).min()
}

impl TimeSlot {
    /// Whether contact may be made at this London wall-clock time.
    pub fn admits(&self, wall: NaiveDateTime) -> bool {
        let on_the_day = self.days.is_empty() || self.days.contains(&wall.weekday());
        on_the_day
            && self.from <= wall.time()
            && (wall.time() < self.to || (self.lasts_to_midnight() && wall.time() == self.to))
    }
}

/// The closed subjects in any case and with any spacing; `None` where nothing is closed.
fn closed_subjects(phrases: &[String]) -> Option<Regex> {
    let words = |phrase: &String| phrase.split_whitespace().map(regex::escape).collect::<Vec<_>>().join(r"\s+");
    let phrases: Vec<String> = phrases.iter().map(words).filter(|phrase| !phrase.is_empty()).collect();
    if phrases.is_empty() {
        return None;
    }
    Regex::new(&format!("(?i)(?:{})", phrases.join("|"))).ok()
}

/// Whether a closed subject stands in `words` as whole words. The edges are looked at afterwards, which leaves the
/// search itself a plain one.
fn names_closed_subject(closed: &Regex, words: &str) -> bool {
    let mut from = 0;
    while let Some(found) = closed.find_at(words, from) {
        let before = words.get(..found.start()).and_then(|before| before.chars().next_back());
        let after = words.get(found.end()..).and_then(|after| after.chars().next());
        if [before, after].into_iter().flatten().all(|edge| !edge.is_alphanumeric()) {
            return true;
        }
        let first = words.get(found.start()..).and_then(|rest| rest.chars().next());
        from = found.start() + first.map_or(1, char::len_utf8);
    }
    false
}

#[cfg(test)]
mod tests;
