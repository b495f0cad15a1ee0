//! Rows as the lines of the files that the shipped profiles read.

use super::callers::{Callers, Known};
use super::chance::Chance;
use super::rows::{Entry, Kind, Rows};
use super::{County, Parameters};
use crate::domain::calendar::london;
use crate::domain::calls::SystemKind;
use crate::domain::contact::Channel;
use chrono::{DateTime, Datelike, NaiveDateTime, Timelike};
use std::fmt::Write;
use std::io::{self, Read};

/// Lines of one file, each with its end; the headings first.
#[derive(Debug)]
pub struct CsvRows<'c> {
    rows: Rows<'c>,
    scribe: Scribe,
    begun: bool,
}

/// The same as bytes, made while they are read.
#[derive(Debug)]
pub struct CsvFile<'c> {
    rows: CsvRows<'c>,
    made: String,
    given: usize,
}

const READ_AHEAD: usize = 32 * 1024;

impl<'c> CsvRows<'c> {
    pub(super) fn new(county: &'c County, system: SystemKind) -> Self {
        let Parameters { seed, .. } = county.parameters;
        Self { rows: county.rows(system), scribe: Scribe { callers: county.callers, seed, system }, begun: false }
    }

    /// Writes the next line behind what `to` holds; `false` where there is none.
    fn write_next(&mut self, to: &mut String) -> bool {
        if !self.begun {
            self.begun = true;
            to.push_str(headings(self.scribe.system));
            to.push_str("\r\n");
            return true;
        }
        let Some(entry) = self.rows.next() else { return false };
        self.scribe.write(&entry, to);
        to.push_str("\r\n");
        true
    }
}

impl Iterator for CsvRows<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let mut line = String::with_capacity(256);
        self.write_next(&mut line).then_some(line)
    }
}

impl<'c> CsvFile<'c> {
    pub(super) fn new(rows: CsvRows<'c>) -> Self {
        Self { rows, made: String::with_capacity(READ_AHEAD + 1024), given: 0 }
    }
}

impl Read for CsvFile<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.given == self.made.len() {
            self.made.clear();
            self.given = 0;
            while self.made.len() < READ_AHEAD && self.rows.write_next(&mut self.made) {}
        }
        let count = self.made.as_bytes().get(self.given..).unwrap_or_default().read(room)?;
        self.given += count;
        Ok(count)
    }
}

fn headings(system: SystemKind) -> &'static str {
    match system {
        SystemKind::CommandAndControl => {
            "Incident Number,Created,Source,Name,Caller Type,Location,Telephone,Type,Details,Actions,Result"
        }
        SystemKind::CallRecorder => "Recording ID,Start Date,Start Time,Duration,Type,Direction,Line,Other Party",
        SystemKind::Acd => "Call ID,Received,Service,CLI,Talk Time,Queue,Handler,Outcome",
        SystemKind::Switchboard => "Reference,Date,Time,Line,Caller,Caller Type,Telephone,Address,Reason",
        // No file comes from call takers.
        SystemKind::CallTaker => "",
    }
}

const TYPES: [&str; 6] = ["Concern for safety", "Noise", "Dispute", "Theft", "Advice", "Road"];
const DETAILS: [&str; 8] = [
    "Made up: reports a noise that nobody else hears",
    "Made up: asks when somebody will come, \"as promised\"",
    "Made up: neighbours again,\nsecond call today",
    "Made up: says that the matter is closed and rings about it",
    "Made up: sounds upset; asked who is with them",
    "=1+1 is what the caller read out",
    "Made up: door was forced; café next door has pictures",
    "Made up: nothing said, line open",
];
const VICTIM: &str = "Made up: targeted again by the same people, afraid to go out";
const RESULTS: [&str; 4] = ["Advice given", "Unit sent", "No further action", "Referred to the neighbourhood team"];
const QUEUES: [&str; 3] = ["Emergency", "Non-emergency", "Overflow"];

/// Writes down what a system knows of a call.
#[derive(Clone, Copy, Debug)]
struct Scribe {
    callers: Callers,
    seed: u64,
    system: SystemKind,
}

impl Scribe {
    fn write(self, entry: &Entry, to: &mut String) {
        let chance = Chance::of(self.seed, (5 << 40) + entry.call);
        // Writing to a text cannot fail.
        let _written = match self.system {
            SystemKind::CommandAndControl => self.incident(entry, chance, to),
            SystemKind::CallRecorder => self.recording(entry, chance, to),
            SystemKind::Acd => self.routed(entry, chance, to),
            SystemKind::Switchboard => self.listed(entry, chance, to),
            SystemKind::CallTaker => Ok(()),
        };
    }

    fn incident(self, entry: &Entry, mut chance: Chance, to: &mut String) -> std::fmt::Result {
        let radio = entry.kind == Kind::Radio;
        write!(to, "CAD-{:09}{},", entry.call, if radio { "-R" } else { "" })?;
        day_and_time(to, entry.at, ' ')?;
        if radio {
            to.push_str(",RADIO,,,,,Update,Made up: officer on the way,,");
            return Ok(());
        }
        let (caller, known) = (entry.caller, self.callers.known(entry.caller));
        write!(to, ",{},", line_word(entry.channel))?;
        match known {
            Known::NotAtAll => to.push_str("UNKNOWN,,,WITHHELD,"),
            Known::ByName | Known::ByNumber => {
                cell(to, &self.callers.name(caller));
                let kind = if self.callers.is_organisation(caller) { "Organisation" } else { "Public" };
                write!(to, ",{kind},")?;
                cell(to, &self.callers.place(caller));
                to.push(',');
                if known == Known::ByNumber {
                    let number = self.callers.number(caller);
                    let (area, rest) = number.split_at_checked(4).unwrap_or((&number, ""));
                    write!(to, "0{area} {rest},")?;
                } else {
                    to.push_str("Withheld,");
                }
            }
        }
        cell(to, chance.pick(&TYPES));
        to.push(',');
        cell(to, if self.callers.is_victim(caller) { VICTIM } else { chance.pick(&DETAILS) });
        write!(to, ",Spoken to,{}", chance.pick(&RESULTS))
    }

    fn recording(self, entry: &Entry, mut chance: Chance, to: &mut String) -> std::fmt::Result {
        let (suffix, kind, direction) = match entry.kind {
            Kind::Call => ("", "Telephone", "Incoming"),
            Kind::Back => ("-B", "Telephone", "Outgoing"),
            Kind::Radio => ("-R", "Radio", ""),
        };
        write!(to, "R{:09}{suffix},", entry.call)?;
        day_and_time(to, entry.at, ',')?;
        write!(to, ",{},{kind},{direction},", chance.between(4, 1_500))?;
        match entry.kind {
            Kind::Radio => to.push(','),
            Kind::Back => write!(to, "OTHER,+44{}", self.callers.number(entry.caller))?,
            Kind::Call => {
                write!(to, "{},", line_word(entry.channel))?;
                self.number(to, entry, "+44")?;
            }
        }
        Ok(())
    }

    fn routed(self, entry: &Entry, mut chance: Chance, to: &mut String) -> std::fmt::Result {
        write!(to, "A{:09},", entry.call)?;
        let at = DateTime::from_timestamp(entry.at, 0).unwrap_or_default().naive_utc();
        let (day, time) = (at.date(), at.time());
        write!(to, "{:04}-{:02}-{:02}T", day.year(), day.month(), day.day())?;
        write!(to, "{:02}:{:02}:{:02}Z,", time.hour(), time.minute(), time.second())?;
        write!(to, "{},", line_word(entry.channel))?;
        self.number(to, entry, "44")?;
        let seconds = chance.between(4, 900);
        write!(to, ",{seconds},{},H{:03},Answered", chance.pick(&QUEUES), chance.below(400))
    }

    fn listed(self, entry: &Entry, mut chance: Chance, to: &mut String) -> std::fmt::Result {
        write!(to, "S{:09},", entry.call)?;
        day_and_time(to, entry.at, ',')?;
        write!(to, ",{},", line_word(entry.channel))?;
        match self.callers.known(entry.caller) {
            Known::NotAtAll => to.push_str("Unknown,,"),
            Known::ByName | Known::ByNumber => {
                cell(to, &self.callers.name(entry.caller));
                to.push_str(if self.callers.is_organisation(entry.caller) { ",Business," } else { ",Person," });
            }
        }
        self.number(to, entry, "0")?;
        to.push(',');
        if self.callers.known(entry.caller) != Known::NotAtAll {
            cell(to, &self.callers.place(entry.caller));
        }
        write!(to, ",{}", chance.pick(&TYPES))
    }

    fn number(self, to: &mut String, entry: &Entry, prefix: &str) -> std::fmt::Result {
        match self.callers.known(entry.caller) {
            Known::ByNumber => write!(to, "{prefix}{}", self.callers.number(entry.caller)),
            Known::ByName | Known::NotAtAll => write!(to, "Withheld"),
        }
    }
}

fn line_word(channel: Channel) -> &'static str {
    match channel {
        Channel::Phone999 => "999",
        Channel::Phone101 => "101",
        Channel::Telephone
        | Channel::Email
        | Channel::Letter
        | Channel::InPerson
        | Channel::OnlineMessage
        | Channel::OnlineChat => "SWITCHBOARD",
    }
}

/// `25/10/2026 01:30:00`, as a clock in London showed it.
fn day_and_time(to: &mut String, at: i64, between: char) -> std::fmt::Result {
    let wall: NaiveDateTime = DateTime::from_timestamp(at, 0).map(london::wall_time).unwrap_or_default();
    let (day, time) = (wall.date(), wall.time());
    write!(to, "{:02}/{:02}/{:04}{between}", day.day(), day.month(), day.year())?;
    write!(to, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())
}

fn cell(to: &mut String, text: &str) {
    if text.contains([',', '"', '\n']) {
        to.push('"');
        to.push_str(&text.replace('"', "\"\""));
        to.push('"');
    } else {
        to.push_str(text);
    }
}
