//! The ways other systems write a time, and the instant that is meant.

use crate::domain::calendar::london;
use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, Datelike, MappedLocalTime, NaiveDate, NaiveDateTime, Utc};
use serde::Deserialize;
use std::fmt::Write;

/// Where a clock hung that shows no offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Zone {
    #[serde(rename = "Europe/London")]
    London,
    #[serde(rename = "UTC")]
    Utc,
}

/// What a written time turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadTime {
    Once(DateTime<Utc>),
    /// The clocks went back over it; this is the first time they showed it.
    FirstOfTwo(DateTime<Utc>),
    /// The clocks went forward over it.
    Never,
}

/// One format, as `strftime` writes it: `%d/%m/%Y %H:%M:%S`.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeFormat {
    text: String,
    items: Vec<Item<'static>>,
    tells: Tells,
}

/// What a format says of the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tells {
    Nothing,
    Offset,
    /// Seconds since 1970.
    Timestamp,
}

const EARLIEST_YEAR: i32 = 1990;

impl TimeFormat {
    /// # Errors
    /// Why it is no format that tells a day and a time of day.
    pub fn read(text: &str) -> Result<Self, String> {
        let items = StrftimeItems::new(text).parse_to_owned();
        let items = items.map_err(|_unreadable| format!("`{text}` is no format: write it like %d/%m/%Y %H:%M:%S"))?;
        let offset = ["%z", "%:z", "%::z", "%:::z", "%+"].iter().any(|sign| text.contains(sign));
        let tells = match (offset, text.contains("%s")) {
            (true, _) => Tells::Offset,
            (_, true) => Tells::Timestamp,
            (false, false) => Tells::Nothing,
        };
        let format = Self { text: text.to_owned(), items, tells };
        if format.reads_what_it_writes() {
            Ok(format)
        } else {
            Err(format!("`{text}` does not tell a day and a time of day that can be read back"))
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    fn reads_what_it_writes(&self) -> bool {
        let sample = NaiveDate::from_ymd_opt(2026, 11, 23).and_then(|day| day.and_hms_opt(21, 47, 0));
        let Some(sample) = sample else { return false };
        let mut written = String::new();
        if write!(written, "{}", sample.and_utc().format_with_items(self.items.iter())).is_err() {
            return false;
        }
        self.instant(&written, Zone::Utc) == Some(ReadTime::Once(sample.and_utc()))
    }

    /// The instant a text means. `None`: it is not written in this format, or is of no year calls are recorded from.
    pub fn instant(&self, text: &str, zone: Zone) -> Option<ReadTime> {
        let mut parsed = Parsed::new();
        parse(&mut parsed, text, self.items.iter()).ok()?;
        let wall = match self.tells {
            Tells::Offset => return sensible(parsed.to_datetime().ok()?.to_utc()).map(ReadTime::Once),
            Tells::Timestamp | Tells::Nothing => parsed.to_naive_datetime_with_offset(0).ok()?,
        };
        if wall.year() < EARLIEST_YEAR {
            return None;
        }
        match (zone, self.tells) {
            (Zone::London, Tells::Nothing) => in_london(wall),
            _ => sensible(wall.and_utc()).map(ReadTime::Once),
        }
    }
}

fn in_london(wall: NaiveDateTime) -> Option<ReadTime> {
    match london::passes_of(wall) {
        MappedLocalTime::Single(at) => sensible(at).map(ReadTime::Once),
        MappedLocalTime::Ambiguous(first, _) => sensible(first).map(ReadTime::FirstOfTwo),
        MappedLocalTime::None => Some(ReadTime::Never),
    }
}

/// To the microsecond, and without leap seconds: as times are kept.
fn sensible(at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).filter(|at| at.year() >= EARLIEST_YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: &str, text: &str, zone: Zone) -> Option<ReadTime> {
        TimeFormat::read(format).unwrap().instant(text, zone)
    }

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_on_a_london_wall_is_its_instant_in_summer_and_winter() {
        let format = "%d/%m/%Y %H:%M:%S";
        let once = |text: &str| Some(ReadTime::Once(utc(text)));
        assert_eq!(read(format, "01/07/2026 10:00:00", Zone::London), once("2026-07-01T09:00:00Z"));
        assert_eq!(read(format, "01/12/2026 10:00:00", Zone::London), once("2026-12-01T10:00:00Z"));
        assert_eq!(read(format, "01/07/2026 10:00:00", Zone::Utc), once("2026-07-01T10:00:00Z"));
        assert_eq!(read("%d/%m/%Y %H:%M", "01/12/2026 10:07", Zone::London), once("2026-12-01T10:07:00Z"));
    }

    #[test]
    fn the_hour_left_out_in_spring_is_no_time_and_the_one_that_comes_twice_is_its_first() {
        let format = "%d/%m/%Y %H:%M:%S";
        assert_eq!(read(format, "29/03/2026 01:30:00", Zone::London), Some(ReadTime::Never));
        let first = Some(ReadTime::FirstOfTwo(utc("2026-10-25T00:30:00Z")));
        assert_eq!(read(format, "25/10/2026 01:30:00", Zone::London), first);
        assert_eq!(
            read(format, "25/10/2026 02:00:00", Zone::London),
            Some(ReadTime::Once(utc("2026-10-25T02:00:00Z")))
        );
    }

    #[test]
    fn a_time_that_tells_its_own_offset_is_believed() {
        let winter = Some(ReadTime::Once(utc("2026-10-25T01:30:00Z")));
        assert_eq!(read("%Y-%m-%dT%H:%M:%S%:z", "2026-10-25T01:30:00+00:00", Zone::London), winter);
        assert_eq!(
            read("%+", "2026-10-25T02:30:00.5+01:00", Zone::London),
            Some(ReadTime::Once(utc("2026-10-25T01:30:00.5Z")))
        );
        assert_eq!(read("%s", "1792891800", Zone::London), winter);
        assert_eq!(read("%Y-%m-%dT%H:%M:%SZ", "2026-10-25T01:30:00Z", Zone::Utc), winter);
    }

    #[test]
    fn what_is_no_time_of_our_days_is_none() {
        let format = "%d/%m/%Y %H:%M:%S";
        for text in ["", "31/02/2026 10:00:00", "01/07/26 10:00:00", "01/07/2026 25:00:00", "01/07/2026", "1899-12-31"]
        {
            assert_eq!(read(format, text, Zone::London), None, "{text}");
        }
        assert_eq!(
            read(format, "30/06/2026 22:59:60", Zone::Utc),
            Some(ReadTime::Once(utc("2026-06-30T23:00:00Z"))),
            "a leap second is the second after"
        );
    }

    #[test]
    fn a_format_that_tells_no_day_or_no_time_is_refused() {
        for text in ["%d/%m/%Y", "%H:%M", "%Q", "", "%y-%m %H:%M", "%I:%M %d/%m/%Y"] {
            assert!(TimeFormat::read(text).is_err(), "{text}");
        }
        assert!(TimeFormat::read("%d %b %Y %I:%M %p").is_ok());
    }
}
