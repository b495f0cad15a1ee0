//! Data on stdout, as text for people or JSON for programs.

use super::OutputFormat;
use serde::Serialize;
use std::io::{self, Write};

#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    pub(super) format: OutputFormat,
}

impl Output {
    /// Prints `data` as one JSON document, or the text that `text` makes of it.
    pub(super) fn print<T: Serialize>(self, data: &T, text: impl FnOnce(&T) -> String) -> io::Result<()> {
        match self.format {
            OutputFormat::Json => self.line(&serde_json::to_string_pretty(data).map_err(io::Error::other)?),
            OutputFormat::Text => self.line(&text(data)),
        }
    }

    /// One piece of text, whatever the format.
    pub(super) fn line(self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{text}")?;
        stdout.flush()
    }

    /// A message for whoever watches; never data.
    pub(super) fn say(self, message: &str) -> io::Result<()> {
        writeln!(io::stderr().lock(), "{message}")
    }
}
