//! Charts: from numbers to words, a table, a CSV file and SVG text. Pure functions: no clock, no colours, no scripts.
//!
//! How a chart fits the page: its width is a share of the page (places along are percentages, heights are px), so one
//! drawing serves a telephone and a desk, and its words are 14 px on both. Words that may not meet are set out for the
//! narrowest page. Colours, dashes and the space beside the plot come by class from `static/charts.css`.
//!
//! In reading order: [`daily_chart`] (contacts per day), [`sparkline_cell`] (the same in a table's cell),
//! [`heat_table`] (weekday and hour), [`channel_chart`] (before and after), [`bar_list()`] (counts by label).

mod axis;
mod bar_list;
mod bars;
mod channel_mix;
mod csv;
mod daily;
mod daily_picture;
mod daily_words;
mod heat;
mod labels;
#[cfg(test)]
mod palette;
mod sparkline;
mod svg;
mod words;

pub use bar_list::bar_list;
pub use channel_mix::{ChannelCounts, ChannelMix, MixPeriod, channel_chart};
pub use daily::{DailyContacts, DailyEvent, LimitLine, Threshold, ThresholdStep, Trips, daily_chart};
pub use heat::{HeatCell, HeatCounts, HeatRow, HeatTable, heat_table};
pub use sparkline::{RecentDays, SparklineCell, sparkline_cell};
pub use words::grouped;

use serde::Serialize;

/// All that a page shows of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chart {
    /// What the ids in the drawing begin with.
    pub id: String,
    /// A sentence that says what the chart shows, without a full stop.
    pub heading: String,
    /// What the chart is of: the title of the drawing.
    pub title: String,
    /// The drawing in sentences: peak, threshold, latest, direction.
    pub description: String,
    /// Safe to put into a page as it is. Empty where there is nothing to draw.
    pub svg: String,
    /// What the marks mean, in sentences.
    pub key: String,
    pub table: Table,
    /// The numbers as a file, with dates as 2026-10-24.
    pub csv: String,
}

/// The numbers of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    pub caption: String,
    pub head: Vec<String>,
    /// For each column, whether it holds numbers.
    pub numeric: Vec<bool>,
    /// The first cell of each row names it.
    pub rows: Vec<Vec<String>>,
}
