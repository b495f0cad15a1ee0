//! How officers are signed in to the pages, and how these look.

use crate::app;
use chrono::Duration;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pages {
    /// Whether everybody needs an app that shows a code, beside their password. Leave it on but for trying things out.
    pub require_code: bool,
    /// Minutes one may do nothing and stay signed in: 5 to 240. Five minutes before the end the page asks.
    pub idle_minutes: u32,
    /// Hours a session lasts, however busy: 1 to 24.
    pub session_hours: u32,
    /// `#1d70b8`: the colour of the force. White words stand on it, and it stands on white: at least 4.5 to 1 (WCAG 1.4.3).
    pub brand_colour: String,
}

impl Default for Pages {
    fn default() -> Self {
        Self { require_code: true, idle_minutes: 30, session_hours: 12, brand_colour: "#1d70b8".to_owned() }
    }
}

impl Pages {
    pub(super) fn settings(&self) -> app::Pages {
        app::Pages {
            require_code: self.require_code,
            idle: Duration::minutes(self.idle_minutes.into()),
            session: Duration::hours(self.session_hours.into()),
            brand_colour: self.brand_colour.clone(),
        }
    }

    /// Whether each key can be worked with.
    pub(super) fn sound(&self) -> Vec<(&'static str, Result<(), String>)> {
        let within = |number: u32, least: u32, most: u32| match (least..=most).contains(&number) {
            true => Ok(()),
            false => Err(format!("must be between {least} and {most}")),
        };
        vec![
            ("pages.idle_minutes", within(self.idle_minutes, 5, 240)),
            ("pages.session_hours", within(self.session_hours, 1, 24)),
            ("pages.brand_colour", readable(&self.brand_colour)),
        ]
    }
}

/// The least contrast of words with what they stand on (WCAG 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

fn readable(colour: &str) -> Result<(), String> {
    let Some(luminance) = luminance(colour) else { return Err("must be a colour such as #1d70b8".to_owned()) };
    let contrast = 1.05 / (luminance + 0.05);
    if contrast < LEAST_CONTRAST {
        return Err(format!("has a contrast of {contrast:.1} to 1 with white; at least {LEAST_CONTRAST} are needed"));
    }
    Ok(())
}

/// Relative luminance, 0 to 1, as WCAG 2 defines it.
fn luminance(colour: &str) -> Option<f64> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let channels = hex::decode(digits).ok()?;
    let linear = channels.into_iter().map(|channel| {
        let channel = f64::from(channel) / 255.0;
        if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
    });
    Some(linear.zip([0.2126, 0.7152, 0.0722]).map(|(channel, weight)| channel * weight).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_that_cannot_be_read_on_white_is_refused() {
        assert_eq!(readable("#1d70b8"), Ok(()));
        assert_eq!(readable("#000000"), Ok(()));
        assert!(readable("#ffdd00").unwrap_err().contains("1.3 to 1"));
        assert!(readable("red").is_err() && readable("#12345").is_err() && readable("#gggggg").is_err());
    }
}
