//! When in the week contacts come: weekday by hour, as a table with a number in every cell and shades behind them.

use super::csv;
use super::words::{counted, grouped, period, sentence_case};
use chrono::NaiveDate;
use serde::Serialize;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const SHADES: u32 = 5;

/// What the table is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeatCounts {
    /// London days, both included.
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// Contacts by weekday (Monday first) and hour of the clock in London (0 to 23).
    pub counts: [[u32; 24]; 7],
    /// Contacts of which only the date is known: in no cell.
    pub date_only: u32,
}

/// A table for `parts/app/heat-table`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeatTable {
    /// What the ids in the table begin with.
    pub id: String,
    /// A sentence that says what the table shows, without a full stop.
    pub heading: String,
    /// With the time zone, the period and how many contacts are left out.
    pub caption: String,
    /// The hours: `00` to `23`.
    pub hours: Vec<String>,
    /// Monday to Sunday; none where no contact has a time.
    pub rows: Vec<HeatRow>,
    /// What the shades mean, in sentences.
    pub key: String,
    pub csv: String,
}

/// A weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeatRow {
    pub day: String,
    /// `Mon`.
    pub short_day: String,
    pub cells: Vec<HeatCell>,
    /// Of the whole day.
    pub total: String,
}

/// An hour of a weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeatCell {
    /// The number, or `·` for 0.
    pub text: String,
    /// 0 for no contact, otherwise 1 to 5.
    pub shade: u32,
}

/// The table. Shades are linear: five equal steps from 0 to the busiest hour, so that an hour twice as busy is twice
/// as far along. `id` begins the ids: letters, digits and hyphens, unique on the page.
pub fn heat_table(id: &str, counts: &HeatCounts) -> HeatTable {
    let most = counts.counts.iter().flatten().copied().max().unwrap_or(0);
    let hours: Vec<String> = (0..24).map(|hour| format!("{hour:02}")).collect();
    let named = || WEEKDAYS.iter().zip(&counts.counts);
    let mut head = vec!["Day".to_owned()];
    head.extend(hours.iter().map(|hour| format!("{hour}:00")));
    let plain: Vec<Vec<String>> = named()
        .map(|(day, hours)| std::iter::once((*day).to_owned()).chain(hours.iter().map(u32::to_string)).collect())
        .collect();
    let rows = named().filter(|_| most > 0).map(|(day, hours)| row(day, hours, most)).collect();
    HeatTable {
        id: id.to_owned(),
        heading: heading(counts, most),
        caption: caption(counts),
        hours,
        rows,
        key: key(most),
        csv: csv::document(&head, &plain),
    }
}

fn row(day: &str, hours: &[u32; 24], most: u32) -> HeatRow {
    let cell = |count: &u32| HeatCell {
        text: if *count == 0 { "·".to_owned() } else { grouped(*count) },
        shade: shade(*count, most),
    };
    HeatRow {
        day: day.to_owned(),
        short_day: day.chars().take(3).collect(),
        cells: hours.iter().map(cell).collect(),
        total: grouped(hours.iter().fold(0, |sum, count| count.saturating_add(sum))),
    }
}

/// The step of five in which a count lies; 0 for none.
fn shade(count: u32, most: u32) -> u32 {
    let step = (u64::from(count) * u64::from(SHADES)).div_ceil(u64::from(most).max(1));
    u32::try_from(step).unwrap_or(SHADES).min(SHADES)
}

fn heading(counts: &HeatCounts, most: u32) -> String {
    if most == 0 {
        let timed = if counts.date_only == 0 { "No contacts" } else { "No contacts with a time of day" };
        return format!("{timed} {}", period(counts.first_day, counts.last_day));
    }
    let cells = WEEKDAYS
        .iter()
        .zip(&counts.counts)
        .flat_map(|(day, hours)| hours.iter().enumerate().map(move |(hour, count)| (*day, hour, *count)));
    let busiest: Vec<(&str, usize, u32)> = cells.filter(|(_, _, count)| *count == most).collect();
    match busiest.as_slice() {
        [(day, hour, _)] => format!(
            "The busiest hour of the week is {day}, {} to {}: {}",
            clock(*hour),
            clock(hour + 1),
            counted(most, "contact")
        ),
        _ => format!("No one hour stands out: at most {} in any", counted(most, "contact")),
    }
}

/// `midnight`, `9am`, `noon`, `9pm`.
fn clock(hour: usize) -> String {
    match hour % 24 {
        0 => "midnight".to_owned(),
        12 => "noon".to_owned(),
        morning @ 1..12 => format!("{morning}am"),
        evening => format!("{}pm", evening - 12),
    }
}

fn caption(counts: &HeatCounts) -> String {
    let left_out = match counts.date_only {
        0 => "Every contact has a time of day.".to_owned(),
        1 => "1 contact with a date but no time of day is left out.".to_owned(),
        many => format!("{} contacts with a date but no time of day are left out.", grouped(many)),
    };
    let period = period(counts.first_day, counts.last_day);
    format!("Contacts by weekday and hour (Europe/London), {period}. {left_out}")
}

fn key(most: u32) -> String {
    if most == 0 {
        return String::new();
    }
    let bound = |step: u32| u32::try_from(u64::from(most) * u64::from(step) / u64::from(SHADES)).unwrap_or(most);
    let ranges: Vec<String> = (1..=SHADES)
        .map(|step| (bound(step - 1).saturating_add(1), bound(step)))
        .filter(|(from, to)| from <= to)
        .map(|(from, to)| if from == to { grouped(from) } else { format!("{} to {}", grouped(from), grouped(to)) })
        .collect();
    let steps = format!("from light to dark in equal steps up to the busiest hour: {}", ranges.join(", "));
    format!("{}. A dot: no contact.", sentence_case(&format!("shades go {steps}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts() -> HeatCounts {
        let date = |text: &str| text.parse().unwrap();
        HeatCounts { first_day: date("2026-08-29"), last_day: date("2026-11-20"), counts: [[0; 24]; 7], date_only: 0 }
    }

    fn filled() -> HeatCounts {
        let mut filled = counts();
        filled.counts[4][21] = 10;
        filled.counts[0][9] = 2;
        filled.counts[6][0] = 3;
        filled.date_only = 4;
        filled
    }

    #[test]
    fn every_cell_has_a_number_or_a_dot_and_a_shade() {
        let table = heat_table("h", &filled());
        assert_eq!((table.hours.len(), table.rows.len()), (24, 7));
        let cell =
            |day: usize, hour: usize| (table.rows[day].cells[hour].text.as_str(), table.rows[day].cells[hour].shade);
        assert_eq!([cell(4, 21), cell(0, 9), cell(6, 0), cell(1, 1)], [("10", 5), ("2", 1), ("3", 2), ("·", 0)]);
        assert_eq!(table.rows[4].total, "10");
    }

    #[test]
    fn the_caption_names_the_clock_and_what_is_left_out() {
        let caption = heat_table("h", &filled()).caption;
        assert!(
            caption.contains("Europe/London")
                && caption.contains("4 contacts with a date but no time of day are left out")
        );
        assert!(heat_table("h", &counts()).caption.ends_with("Every contact has a time of day."));
    }

    #[test]
    fn the_heading_names_the_busiest_hour_where_there_is_one() {
        assert_eq!(
            heat_table("h", &filled()).heading,
            "The busiest hour of the week is Friday, 9pm to 10pm: 10 contacts"
        );
        let mut two = filled();
        two.counts[5][23] = 10;
        assert_eq!(heat_table("h", &two).heading, "No one hour stands out: at most 10 contacts in any");
        assert_eq!([0, 1, 12, 23, 24].map(clock), ["midnight", "1am", "noon", "11pm", "midnight"]);
    }

    #[test]
    fn nothing_is_said_and_has_no_rows() {
        let table = heat_table("h", &counts());
        assert_eq!(table.heading, "No contacts from 29 August 2026 to 20 November 2026");
        assert!(table.rows.is_empty() && table.key.is_empty());
    }

    #[test]
    fn the_key_lists_the_steps_that_shades_follow() {
        assert!(key(10).contains("1 to 2, 3 to 4, 5 to 6, 7 to 8, 9 to 10"));
        assert!(key(3).contains(": 1, 2, 3."), "{}", key(3));
        for most in 1..200 {
            assert!((1..=most).all(|count| (1..=5).contains(&shade(count, most))));
            assert_eq!((shade(most, most), shade(0, most)), (5, 0));
        }
        assert_eq!(shade(u32::MAX, u32::MAX), 5);
    }

    #[test]
    fn the_file_has_a_line_for_each_weekday() {
        let csv = heat_table("h", &filled()).csv;
        assert!(csv.starts_with("Day,00:00,01:00,"));
        assert_eq!(csv.lines().count(), 8);
        assert!(csv.contains("\r\nSunday,3,0,"));
    }
}
