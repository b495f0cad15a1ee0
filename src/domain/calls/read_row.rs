//! The cells of one row, read by a profile: a call, a row that is none, or everything that is wrong with it.
//!
//! Texts are data and stay as they are, formulas too. No fault repeats a cell.

use super::code;
use super::profile::{Field, Layout, Profile, ReadTime};
use super::{CallRow, CallerKind, Direction, ReadRow, RowFault, Skipped};
use crate::domain::contact::Channel;
use crate::domain::person::{IdentifierKind, normalise};
use chrono::{DateTime, Duration, Utc};
use std::borrow::Cow;

/// Clocks of other systems may be so far ahead of ours.
const CLOCKS_DIFFER: Duration = Duration::minutes(5);
/// Bytes of a key, put together.
const LONGEST_KEY: usize = 200;

/// Reads one row; `cells` stand where `layout` looks for them, and a cell that is not there is empty. `now`: when the
/// file is read.
pub fn read_row(profile: &Profile, layout: &Layout, cells: &[&str], now: DateTime<Utc>) -> ReadRow {
    let mut reading = Reading { profile, layout, cells, faults: Vec::new() };
    if let Some(skipped) = reading.skipped() {
        return ReadRow::Skipped(skipped);
    }
    let row = reading.call(now);
    match (row, reading.faults.is_empty()) {
        (Some(row), true) => ReadRow::Call(Box::new(row)),
        _ => ReadRow::Faulty(reading.faults),
    }
}

struct Reading<'a> {
    profile: &'a Profile,
    layout: &'a Layout,
    cells: &'a [&'a str],
    faults: Vec<RowFault>,
}

impl<'a> Reading<'a> {
    fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).copied().unwrap_or_default().trim()
    }

    /// The first cell of a field that is not empty, with its heading.
    fn first(&self, field: Field) -> Option<(&'a str, &'a str)> {
        let profile = self.profile;
        let cells = self.layout.columns(field).iter().map(|column| self.cell(*column));
        cells.zip(profile.headings(field)).find(|(cell, _)| !cell.is_empty()).map(|(cell, heading)| (cell, &**heading))
    }

    fn skipped(&self) -> Option<Skipped> {
        let mut skips = self.profile.skip.iter().zip(&self.layout.skip);
        let hit = skips.find(|(skip, column)| skip.any_of.meaning(self.cell(**column)).is_some());
        hit.map(|(skip, _)| Skipped { because: skip.because.clone() })
    }

    /// `None` only beside a fault.
    fn call(&mut self, now: DateTime<Utc>) -> Option<CallRow> {
        let source_ref = self.source_ref();
        let began = self.began(now);
        let channel = self.channel();
        let direction = self.direction();
        let (number, withheld) = self.number();
        let seconds = self.seconds();
        let caller_kind = self.first(Field::CallerKind).and_then(|(cell, _)| self.profile.caller_kinds.meaning(cell));
        let cad_ref =
            self.text(Field::CadRef).map(|text| normalise(IdentifierKind::CadReference, &text).unwrap_or(text));
        let row = CallRow {
            caller_name: self.text(Field::CallerName).filter(|name| self.given(name)),
            location: self.text(Field::Location).filter(|place| self.given(place)),
            subject: self.text(Field::Subject),
            details: self.text(Field::Details),
            actions: self.text(Field::Actions),
            result: self.text(Field::Result),
            route: self.text(Field::Route),
            source_ref: source_ref?,
            started_at: began?.0,
            hour_came_twice: began?.1,
            direction: direction?,
            channel: channel?,
            number,
            withheld,
            seconds,
            caller_kind: caller_kind.unwrap_or(CallerKind::Unknown),
            cad_ref,
        };
        Some(row)
    }

    fn given(&self, text: &str) -> bool {
        self.profile.not_given.meaning(text).is_none()
    }

    /// The cells of the key, parted by `|`; a `|` or `\` in one is written with a `\` before it.
    fn source_ref(&mut self) -> Option<String> {
        let mut key = String::new();
        for (nth, (column, heading)) in self.layout.key.iter().zip(&self.profile.key).enumerate() {
            let cell = self.cell(*column);
            if cell.is_empty() {
                self.faults.push(RowFault::of_column(code::EMPTY_KEY, heading, "it names the row and is empty"));
                return None;
            }
            if cell.contains('\0') {
                self.faults.push(nul(heading));
                return None;
            }
            if nth > 0 {
                key.push('|');
            }
            if self.profile.key.len() > 1 && cell.contains(['|', '\\']) {
                key.push_str(&cell.replace('\\', "\\\\").replace('|', "\\|"));
            } else {
                key.push_str(cell);
            }
            if key.len() > LONGEST_KEY {
                let says = format!("what names a row has at most {LONGEST_KEY} bytes");
                self.faults.push(RowFault::of_column(code::TOO_LONG, heading, says));
                return None;
            }
        }
        Some(key)
    }

    /// When the call began, and whether that hour came twice.
    fn began(&mut self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, bool)> {
        let profile = self.profile;
        let heading = profile.time.columns.first()?;
        let text: Cow<'a, str> = match self.layout.time.as_slice() {
            [one] => Cow::Borrowed(self.cell(*one)),
            several => Cow::Owned(several.iter().map(|column| self.cell(*column)).collect::<Vec<_>>().join(" ")),
        };
        let time = &profile.time;
        let fault = match time.formats.iter().find_map(|format| format.instant(&text, time.zone)) {
            Some(ReadTime::Once(at)) if at - now <= CLOCKS_DIFFER => return Some((at, false)),
            Some(ReadTime::FirstOfTwo(at)) if at - now <= CLOCKS_DIFFER => return Some((at, true)),
            Some(ReadTime::Once(_) | ReadTime::FirstOfTwo(_)) => {
                RowFault::of_column(code::NOT_BEGUN, heading, "the time is more than five minutes from now")
            }
            Some(ReadTime::Never) => {
                RowFault::of_column(code::NO_SUCH_TIME, heading, "no clock showed this time: they went forward over it")
            }
            None => {
                let formats = time.formats.iter().map(|format| format.as_str()).collect::<Vec<_>>().join(", or ");
                let says = format!("the time is not written as {formats}, or is before 1990");
                RowFault::of_column(code::UNREADABLE_TIME, heading, says)
            }
        };
        self.faults.push(fault);
        None
    }

    fn channel(&mut self) -> Option<Channel> {
        let Some((cell, heading)) = self.first(Field::Channel) else {
            if self.profile.default_channel.is_none() {
                let heading = self.profile.headings(Field::Channel).first().map_or("", String::as_str);
                let says = format!("it is empty; it should be one of {}", self.profile.channels.listed());
                self.faults.push(RowFault::of_column(code::UNKNOWN_WORD, heading, says));
            }
            return self.profile.default_channel;
        };
        let channel = self.profile.channels.meaning(cell);
        if channel.is_none() {
            self.unknown(heading, &self.profile.channels.listed());
        }
        channel
    }

    /// Incoming where the file does not tell.
    fn direction(&mut self) -> Option<Direction> {
        let Some((cell, heading)) = self.first(Field::Direction) else { return Some(Direction::In) };
        let direction = self.profile.directions.meaning(cell);
        if direction.is_none() {
            self.unknown(heading, &self.profile.directions.listed());
        }
        direction
    }

    fn unknown(&mut self, heading: &str, known: &str) {
        self.faults.push(RowFault::of_column(code::UNKNOWN_WORD, heading, format!("it should be one of {known}")));
    }

    /// The presented number, and whether it was withheld. People type what they like here: what is no number is none.
    fn number(&self) -> (Option<String>, bool) {
        let cells = self.layout.columns(Field::Number).iter().map(|column| self.cell(*column));
        let mut withheld = false;
        for cell in cells.filter(|cell| !cell.is_empty()) {
            withheld |= self.profile.withheld.meaning(cell).is_some();
            // Spreadsheets keep the zero of a number by a sign in front or by ="…".
            let bare = cell.trim_matches(['\'', '"', '=', ' ']);
            if let Ok(number) = normalise(IdentifierKind::Telephone, bare) {
                return (Some(number), false);
            }
        }
        (None, withheld)
    }

    /// `95`, `95.4`, `1:35`, `00:01:35`.
    fn seconds(&mut self) -> Option<u32> {
        let (cell, heading) = self.first(Field::Seconds)?;
        let seconds = duration(cell);
        if seconds.is_none() {
            let says = "a duration is written in seconds, or as minutes:seconds or hours:minutes:seconds";
            self.faults.push(RowFault::of_column(code::UNREADABLE_DURATION, heading, says));
        }
        seconds
    }

    /// A field's cells that are not empty, put together.
    fn text(&mut self, field: Field) -> Option<String> {
        let (profile, layout) = (self.profile, self.layout);
        let mut text: Option<String> = None;
        for (column, heading) in layout.columns(field).iter().zip(profile.headings(field)) {
            let cell = self.cell(*column);
            if cell.len() > profile.max_field_bytes {
                let says = format!("the cell has more than {} bytes", profile.max_field_bytes);
                self.faults.push(RowFault::of_column(code::TOO_LONG, heading, says));
            } else if cell.contains('\0') {
                self.faults.push(nul(heading));
            } else if !cell.is_empty() {
                match &mut text {
                    Some(text) => {
                        text.push_str(", ");
                        text.push_str(cell);
                    }
                    None => text = Some(cell.to_owned()),
                }
            }
        }
        text
    }
}

fn nul(heading: &str) -> RowFault {
    RowFault::of_column(code::NUL, heading, "the cell holds a NUL, which is no text")
}

/// Seconds of a duration, what is less than one left out.
fn duration(cell: &str) -> Option<u32> {
    let whole = match cell.split_once('.') {
        Some((whole, part)) if part.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => cell,
    };
    let mut seconds: u32 = 0;
    for (nth, part) in whole.split(':').enumerate() {
        let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let part: u32 = part.parse().ok().filter(|part| digits && nth < 3 && (nth == 0 || *part < 60))?;
        seconds = seconds.checked_mul(60)?.checked_add(part)?;
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDER: &str = include_str!("../../../workflows/imports/call-recorder.yaml");
    const HEADINGS: [&str; 8] =
        ["Recording ID", "Start Date", "Start Time", "Duration", "Type", "Direction", "Line", "Other Party"];

    fn read(change: &[(&str, &str)]) -> ReadRow {
        let profile = Profile::read("call-recorder", RECORDER).unwrap();
        let layout = Layout::of(&profile, &HEADINGS).unwrap();
        let mut cells = ["R-1", "01/07/2026", "10:00:00", "95", "Telephone", "Incoming", "101", "01632 960123"];
        for (heading, cell) in change {
            cells[HEADINGS.iter().position(|known| known == heading).unwrap()] = cell;
        }
        read_row(&profile, &layout, &cells, "2026-12-01T00:00:00Z".parse().unwrap())
    }

    fn call(change: &[(&str, &str)]) -> CallRow {
        match read(change) {
            ReadRow::Call(row) => *row,
            other @ (ReadRow::Skipped(_) | ReadRow::Faulty(_)) => panic!("{other:?}"),
        }
    }

    fn faults(change: &[(&str, &str)]) -> Vec<(&'static str, String)> {
        let ReadRow::Faulty(faults) = read(change) else { panic!("{change:?} is no fault") };
        faults.into_iter().map(|fault| (fault.code, fault.column.unwrap_or_default())).collect()
    }

    #[test]
    fn a_row_in_order_is_a_call() {
        let row = call(&[]);
        assert_eq!((row.source_ref.as_str(), row.seconds, row.withheld), ("R-1", Some(95), false));
        assert_eq!(row.started_at.to_rfc3339(), "2026-07-01T09:00:00+00:00");
        assert_eq!((row.channel, row.direction), (Channel::Phone101, Direction::In));
        assert_eq!(row.number.as_deref(), Some("+441632960123"));
        assert_eq!(call(&[("Direction", "outgoing")]).direction, Direction::Out);
    }

    #[test]
    fn radio_and_internal_rows_are_skipped_whatever_else_they_hold() {
        for (word, because) in [("RADIO", "radio"), ("Internal", "internal")] {
            let row = read(&[("Type", word), ("Start Time", "never"), ("Other Party", "")]);
            assert_eq!(row, ReadRow::Skipped(Skipped { because: because.to_owned() }));
        }
    }

    #[test]
    fn a_number_that_is_none_is_no_fault_and_withheld_is_told_from_unreadable() {
        let number = |cell: &str| {
            let row = call(&[("Other Party", cell)]);
            (row.number, row.withheld)
        };
        assert_eq!(number("Withheld"), (None, true));
        assert_eq!(number(""), (None, false));
        assert_eq!(number("ex directory"), (None, false));
        for cell in ["'01632960123", "=\"01632960123\"", "+44 (0)1632 960 123"] {
            assert_eq!(number(cell), (Some("+441632960123".to_owned()), false), "{cell}");
        }
    }

    #[test]
    fn everything_wrong_with_a_row_is_told_at_once_and_nothing_of_it_repeated() {
        let secret = "Ann of 1 Made-up Way";
        let change = [("Recording ID", ""), ("Start Time", secret), ("Line", secret), ("Duration", secret)];
        assert_eq!(
            faults(&change),
            [
                (code::EMPTY_KEY, "Recording ID".to_owned()),
                (code::UNREADABLE_TIME, "Start Date".to_owned()),
                (code::UNKNOWN_WORD, "Line".to_owned()),
                (code::UNREADABLE_DURATION, "Duration".to_owned()),
            ]
        );
        let ReadRow::Faulty(faults) = read(&change) else { unreachable!() };
        assert!(faults.iter().all(|fault| !fault.says.contains("Ann")), "{faults:?}");
    }

    #[test]
    fn clocks_are_asked_about() {
        assert_eq!(faults(&[("Start Date", "29/03/2026"), ("Start Time", "01:30:00")])[0].0, code::NO_SUCH_TIME);
        assert!(call(&[("Start Date", "25/10/2026"), ("Start Time", "01:30:00")]).hour_came_twice);
        assert_eq!(faults(&[("Start Date", "01/12/2026"), ("Start Time", "00:05:01")])[0].0, code::NOT_BEGUN);
        assert!(!call(&[("Start Date", "01/12/2026"), ("Start Time", "00:05:00")]).hour_came_twice);
    }

    #[test]
    fn what_the_database_cannot_keep_is_a_fault() {
        assert_eq!(faults(&[("Recording ID", "R\0")]), [(code::NUL, "Recording ID".to_owned())]);
        assert_eq!(faults(&[("Recording ID", &"9".repeat(201))]), [(code::TOO_LONG, "Recording ID".to_owned())]);
    }

    #[test]
    fn durations_are_read_as_they_are_written() {
        let read = ["95", "95.9", "1:35", "00:01:35", "100:00:00"].map(duration);
        assert_eq!(read, [Some(95), Some(95), Some(95), Some(95), Some(360_000)]);
        for text in ["", ":", "1:60", "-5", "1.x", "1:2:3:4", "99999999999", "+5", "99999999:00:00"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn keys_of_several_cells_cannot_be_mistaken_for_each_other() {
        let yaml = RECORDER.replacen("key: [Recording ID]", "key: [Recording ID, Line]", 1);
        let profile = Profile::read("call-recorder", &yaml).unwrap();
        let layout = Layout::of(&profile, &HEADINGS).unwrap();
        let key = |id: &str| {
            let cells = [id, "01/07/2026", "10:00:00", "", "", "", "101", ""];
            match read_row(&profile, &layout, &cells, "2026-12-01T00:00:00Z".parse().unwrap()) {
                ReadRow::Call(row) => row.source_ref,
                other @ (ReadRow::Skipped(_) | ReadRow::Faulty(_)) => panic!("{other:?}"),
            }
        };
        assert_eq!((key("a").as_str(), key("a|b\\").as_str()), ("a|101", "a\\|b\\\\|101"));
    }
}
