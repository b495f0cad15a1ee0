//! The measurable part of a strategy, as the API and the strategy form carry it.

use crate::domain::contact::Channel;
use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

/// What a strategy says of one channel. A channel without a limit is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Limit {
    pub channel: Channel,
    /// `false`: this channel is closed to the person (contacts by it are `wrong_channel`).
    pub allowed: bool,
    /// At most this many contacts in the window; absent: any number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// When contact may be made, London time; empty: at any time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub times: Vec<TimeSlot>,
    /// The one address or number that may be contacted; absent: any of the department's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<String>,
    /// Subjects that were answered in full and are closed: a phrase or reference each, looked for in the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_subjects: Vec<String>,
}

/// The stretch of time a frequency is counted over. Europe/London.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Window {
    pub kind: WindowKind,
    pub unit: WindowUnit,
    /// At least 1.
    pub n: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    /// (the same London wall-clock time n units earlier, now].
    Rolling,
    /// The present calendar unit and the n − 1 before it; weeks start on Monday.
    Calendar,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowUnit {
    Day,
    Week,
    Month,
}

/// Days and hours of London time: `from` inclusive, `to` exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimeSlot {
    /// Empty: every day.
    #[serde(default)]
    pub days: Vec<chrono::Weekday>,
    #[serde(with = "hours_and_minutes")]
    pub from: NaiveTime,
    #[serde(with = "hours_and_minutes")]
    pub to: NaiveTime,
}

impl TimeSlot {
    /// Whether the slot was written with `24:00` as its end.
    pub fn lasts_to_midnight(&self) -> bool {
        hours_and_minutes::END_OF_DAY == Some(self.to)
    }
}

/// `09:00`, or `24:00` for the end of the day (kept as 23:59:59.999999999, compared inclusively).
mod hours_and_minutes {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) const END_OF_DAY: Option<NaiveTime> = NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999);

    pub(super) fn serialize<S: Serializer>(time: &NaiveTime, serializer: S) -> Result<S::Ok, S::Error> {
        match END_OF_DAY {
            Some(end) if *time == end => serializer.serialize_str("24:00"),
            _ => serializer.collect_str(&time.format("%H:%M")),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        match END_OF_DAY {
            Some(end) if text == "24:00" => Ok(end),
            _ => NaiveTime::parse_from_str(&text, "%H:%M")
                .map_err(|reason| D::Error::custom(format!("a time is written HH:MM: {reason}"))),
        }
    }
}
