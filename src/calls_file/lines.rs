//! Lines of a file in a window of it: they end with LF, CR LF or CR, as they come. A row may take several lines, and none
//! takes more than [`MOST_ROW`].

use super::FileFault;
use super::source::{LEAST_ROOM, Source};
use memchr::memchr2;
use std::io::Read;

/// Bytes of one row, with all its lines.
pub(super) const MOST_ROW: usize = 1 << 20;
const CHUNK: usize = 128 * 1024;

pub(super) struct Lines<R> {
    source: Source<R>,
    buffer: Vec<u8>,
    /// What of the buffer is not consumed yet.
    start: usize,
    end: usize,
    ended: bool,
}

/// A line, counted from the first byte that is not consumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Where its text ends.
    pub(super) text: usize,
    /// Where the next line begins.
    pub(super) next: usize,
    /// Whether it ends with a line end; otherwise the file ends with it.
    pub(super) whole: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Line(Line),
    /// More than [`MOST_ROW`] from what is not consumed to the end of this line.
    TooLong,
    /// Nothing is left.
    End,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: Source<R>) -> Self {
        Self { source, buffer: vec![0; CHUNK], start: 0, end: 0, ended: false }
    }

    pub(super) fn bytes_read(&self) -> u64 {
        self.source.read()
    }

    pub(super) fn marked(&self) -> bool {
        self.source.marked()
    }

    pub(super) fn held_bytes(&self) -> usize {
        self.buffer.capacity()
    }

    /// What is at hand and not consumed.
    pub(super) fn held(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// The line that begins at `from`.
    pub(super) fn line(&mut self, from: usize) -> Result<Found, FileFault> {
        let mut searched = from;
        loop {
            let held = self.held();
            match memchr2(b'\n', b'\r', held.get(searched..).unwrap_or_default()).map(|at| searched + at) {
                Some(at) if at > MOST_ROW => return Ok(Found::TooLong),
                Some(at) => {
                    let carriage_return = held.get(at) == Some(&b'\r');
                    if carriage_return && at + 1 == held.len() && !self.ended {
                        searched = at;
                    } else {
                        let both = carriage_return && held.get(at + 1) == Some(&b'\n');
                        return Ok(Found::Line(Line { text: at, next: at + 1 + usize::from(both), whole: true }));
                    }
                }
                None if held.len() > MOST_ROW => return Ok(Found::TooLong),
                None if self.ended && held.len() <= from => return Ok(Found::End),
                None if self.ended => {
                    return Ok(Found::Line(Line { text: held.len(), next: held.len(), whole: false }));
                }
                None => searched = held.len(),
            }
            self.fill()?;
        }
    }

    /// Takes `count` bytes away from the front.
    pub(super) fn consume(&mut self, count: usize) {
        self.start = (self.start + count).min(self.end);
    }

    /// Takes the first line away, however long it is.
    pub(super) fn skip_line(&mut self) -> Result<(), FileFault> {
        loop {
            let held = self.held();
            if let Some(at) = memchr2(b'\n', b'\r', held) {
                let carriage_return = held.get(at) == Some(&b'\r');
                self.consume(at + 1);
                if carriage_return {
                    if self.held().is_empty() && !self.ended {
                        self.fill()?;
                    }
                    self.consume(usize::from(self.held().first() == Some(&b'\n')));
                }
                return Ok(());
            }
            self.start = self.end;
            if self.ended {
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Reads more. The window grows only for a row that does not fit into it, and never beyond one row and a chunk.
    fn fill(&mut self) -> Result<(), FileFault> {
        if self.buffer.len() - self.end < LEAST_ROOM && self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        if self.buffer.len() - self.end < LEAST_ROOM {
            let larger = (self.buffer.len() * 2).min(MOST_ROW + CHUNK).max(self.end + LEAST_ROOM);
            // Exactly: a vector that grows by itself doubles.
            self.buffer.reserve_exact(larger - self.buffer.len());
            self.buffer.resize(larger, 0);
        }
        let count = self.source.fill(self.buffer.get_mut(self.end..).unwrap_or_default())?;
        self.end += count;
        self.ended = count == 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<(String, bool)> {
        let mut lines = Lines::new(Source::new(bytes, 1 << 30));
        let mut all = Vec::new();
        while let Found::Line(line) = lines.line(0).unwrap() {
            all.push((String::from_utf8_lossy(&lines.held()[..line.text]).into_owned(), line.whole));
            lines.consume(line.next);
        }
        all
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        let whole = |text: &str| (text.to_owned(), true);
        assert_eq!(lines(b"a\nb\r\nc\rd\r\n\n\r"), ["a", "b", "c", "d", "", ""].map(whole));
        assert_eq!(lines(b"a\nb"), [whole("a"), ("b".to_owned(), false)]);
        assert_eq!(lines(b""), []);
        assert_eq!(lines(b"\r"), [whole("")]);
    }

    #[test]
    fn a_line_end_across_two_readings_is_one() {
        let mut text = "x".repeat(CHUNK - 1);
        text.push_str("\r\ny\n");
        let found = lines(text.as_bytes());
        assert_eq!(found.iter().map(|(line, _)| line.len()).collect::<Vec<_>>(), [CHUNK - 1, 1]);
    }

    #[test]
    fn a_line_without_end_is_skipped_in_flat_memory() {
        let mut text = vec![b'x'; 5 * MOST_ROW];
        text.extend_from_slice(b"\r\nnext\n");
        let mut lines = Lines::new(Source::new(&text[..], 1 << 30));
        assert_eq!(lines.line(0).unwrap(), Found::TooLong);
        lines.skip_line().unwrap();
        assert!(matches!(lines.line(0).unwrap(), Found::Line(line) if &lines.held()[..line.text] == b"next"));
        assert!(lines.held_bytes() <= MOST_ROW + CHUNK);
    }
}
