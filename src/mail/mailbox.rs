//! Mail at rest: a message, an mbox, a Maildir or a folder of messages, read one by one.
//!
//! Nothing here reads what a message says, but for the two lines that tell when our own server received it.

use chrono::{DateTime, NaiveDateTime, Utc};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// A message as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub raw: Vec<u8>,
    /// When the mailbox received it, where the mailbox says so: the mbox's `From ` line, the Maildir name, or the
    /// topmost Received field, which the receiving server wrote. Never the Date field.
    pub received_at: Option<DateTime<Utc>>,
}

/// One step of reading a mailbox.
#[derive(Debug)]
pub enum Reading {
    Message(Found),
    /// A file that is not a message: a licence, a list, an index.
    Passed(PathBuf),
    /// A file that could not be read; the others still are.
    Unreadable(PathBuf, io::Error),
}

/// Every message under `path`, in the order of the names.
///
/// # Errors
/// Where `path` itself is not there or cannot be listed.
pub fn messages(path: &Path) -> io::Result<Messages> {
    let metadata = std::fs::metadata(path)?;
    let mut waiting = VecDeque::new();
    if metadata.is_dir() {
        std::fs::read_dir(path)?;
        waiting.push_back(Entry { path: path.to_owned(), named: false });
    } else {
        waiting.push_back(Entry { path: path.to_owned(), named: true });
    }
    Ok(Messages { waiting, mbox: None })
}

/// The messages of a mailbox, read as they are asked for: never more than one in memory.
pub struct Messages {
    waiting: VecDeque<Entry>,
    mbox: Option<Mbox>,
}

struct Entry {
    path: PathBuf,
    /// The caller named this very file, so it is taken as a message whatever it looks like.
    named: bool,
}

impl Iterator for Messages {
    type Item = Reading;

    fn next(&mut self) -> Option<Reading> {
        loop {
            if let Some(mbox) = &mut self.mbox {
                match mbox.next_message() {
                    Ok(Some(found)) => return Some(Reading::Message(found)),
                    Ok(None) => self.mbox = None,
                    Err(error) => {
                        let path = mbox.path.clone();
                        self.mbox = None;
                        return Some(Reading::Unreadable(path, error));
                    }
                }
                continue;
            }
            let entry = self.waiting.pop_front()?;
            match self.read(&entry) {
                Ok(Some(read)) => return Some(read),
                Ok(None) => {}
                Err(error) => return Some(Reading::Unreadable(entry.path, error)),
            }
        }
    }
}

impl Messages {
    fn read(&mut self, entry: &Entry) -> io::Result<Option<Reading>> {
        if entry.path.is_dir() {
            self.list(&entry.path)?;
            return Ok(None);
        }
        let mut file = BufReader::new(File::open(&entry.path)?);
        let start = file.fill_buf()?;
        if start.starts_with(b"From ") {
            self.mbox = Some(Mbox { path: entry.path.clone(), lines: file, next_from: None });
            return Ok(None);
        }
        if !entry.named && !looks_like_a_message(&entry.path, start) {
            return Ok(Some(Reading::Passed(entry.path.clone())));
        }
        let mut raw = Vec::new();
        file.read_to_end(&mut raw)?;
        let received_at = maildir_time(&entry.path).or_else(|| topmost_received(&raw));
        Ok(Some(Reading::Message(Found { raw, received_at })))
    }

    /// A folder's entries go before what still waits, in the order of their names; hidden ones and a Maildir's `tmp`
    /// (mail still being delivered) are left out.
    fn list(&mut self, folder: &Path) -> io::Result<()> {
        let entries: io::Result<Vec<PathBuf>> =
            std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect();
        let maildir = folder.join("cur").is_dir() && folder.join("new").is_dir();
        let mut paths = entries?;
        paths.retain(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let subfolder = maildir && path.is_dir();
            let still_arriving = maildir && name == "tmp";
            (subfolder || !name.starts_with('.')) && !still_arriving
        });
        paths.sort();
        for path in paths.into_iter().rev() {
            self.waiting.push_front(Entry { path, named: false });
        }
        Ok(())
    }
}

/// By its name (`.eml`, a Maildir's), or by a first line that is a header field.
fn looks_like_a_message(path: &Path, start: &[u8]) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    if extension.eq_ignore_ascii_case("eml") || in_maildir(path) {
        return true;
    }
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
    let name = line.get(..colon).unwrap_or_default();
    !name.is_empty() && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
}

fn in_maildir(path: &Path) -> bool {
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    matches!(folder, Some("cur" | "new"))
}

/// A Maildir name begins with the second of delivery: `1790000000.M1P2.host:2,S`.
fn maildir_time(path: &Path) -> Option<DateTime<Utc>> {
    if !in_maildir(path) {
        return None;
    }
    let seconds = path.file_name()?.to_str()?.split('.').next()?.parse().ok()?;
    DateTime::from_timestamp(seconds, 0)
}

/// The date of the topmost Received field: what stands after its last semicolon.
fn topmost_received(raw: &[u8]) -> Option<DateTime<Utc>> {
    let end = header_end(raw);
    let header = String::from_utf8_lossy(raw.get(..end)?).into_owned();
    let unfolded = header.replace("\r\n", "\n").replace("\n\t", " ").replace("\n ", " ");
    let field =
        unfolded.lines().find(|line| line.get(..9).is_some_and(|name| name.eq_ignore_ascii_case("received:")))?;
    let date = field.rsplit(';').next()?.trim();
    let date = date.split('(').next()?.trim();
    DateTime::parse_from_rfc2822(date).ok().map(|date| date.with_timezone(&Utc))
}

fn header_end(raw: &[u8]) -> usize {
    const MOST: usize = 64 * 1024;
    let head = raw.get(..MOST).unwrap_or(raw);
    let blank = head.windows(2).position(|pair| pair == b"\n\n");
    let blank_crlf = head.windows(4).position(|four| four == b"\r\n\r\n");
    match (blank, blank_crlf) {
        (Some(one), Some(other)) => one.min(other),
        (one, other) => one.or(other).unwrap_or(head.len()),
    }
}

/// An mbox, read message by message. `From `, somebody and a time after an empty line begins the next; one `>` is
/// taken off quoted `From ` lines (mboxrd).
struct Mbox {
    path: PathBuf,
    lines: BufReader<File>,
    next_from: Option<Vec<u8>>,
}

/// `From a@b Sat Nov 21 19:30:00 2026`: a separator names a time of day; a sentence that begins with `From` seldom does.
fn separates(line: &[u8]) -> bool {
    let time = |word: &[u8]| {
        let parts: Vec<&[u8]> = word.split(|byte| *byte == b':').collect();
        parts.len() >= 2 && parts.iter().all(|part| part.len() == 2 && part.iter().all(u8::is_ascii_digit))
    };
    line.starts_with(b"From ") && line.trim_ascii_end().split(|byte| *byte == b' ').any(time)
}

impl Mbox {
    fn next_message(&mut self) -> io::Result<Option<Found>> {
        let from = match self.next_from.take() {
            Some(from) => from,
            None => {
                let mut line = Vec::new();
                if self.lines.read_until(b'\n', &mut line)? == 0 {
                    return Ok(None);
                }
                line
            }
        };
        let raw = self.read_body()?;
        let received_at = from_line_time(&from).or_else(|| topmost_received(&raw));
        Ok(Some(Found { raw, received_at }))
    }

    fn read_body(&mut self) -> io::Result<Vec<u8>> {
        let (mut raw, mut after_blank) = (Vec::new(), false);
        loop {
            let mut line = Vec::new();
            if self.lines.read_until(b'\n', &mut line)? == 0 {
                return Ok(raw);
            }
            if after_blank && separates(&line) {
                self.next_from = Some(line);
                // The empty line before a `From ` line belongs to the mbox, not to the message.
                let blank = if raw.ends_with(b"\r\n") { 2 } else { 1 };
                raw.truncate(raw.len().saturating_sub(blank));
                return Ok(raw);
            }
            after_blank = matches!(line.as_slice(), b"\n" | b"\r\n");
            let quoted = line.iter().take_while(|byte| **byte == b'>').count();
            let is_quoted_from = quoted > 0 && line.get(quoted..).is_some_and(|rest| rest.starts_with(b"From "));
            raw.extend_from_slice(line.get(usize::from(is_quoted_from)..).unwrap_or_default());
        }
    }
}

/// `From sender@example.org Sat Nov 21 19:30:00 2026`, in UTC as RFC 4155 says.
fn from_line_time(line: &[u8]) -> Option<DateTime<Utc>> {
    let text = std::str::from_utf8(line).ok()?.trim_end();
    let date = text.splitn(3, ' ').nth(2)?;
    let words: Vec<&str> = date.split_whitespace().collect();
    let plain = words.get(..5)?.join(" ");
    NaiveDateTime::parse_from_str(&plain, "%a %b %d %H:%M:%S %Y").ok().map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(path: &Path) -> (Vec<Found>, usize) {
        let (mut found, mut passed) = (Vec::new(), 0);
        for item in messages(path).unwrap() {
            match item {
                Reading::Message(message) => found.push(message),
                Reading::Passed(_) => passed += 1,
                Reading::Unreadable(path, error) => panic!("{}: {error}", path.display()),
            }
        }
        (found, passed)
    }

    #[test]
    fn an_mbox_gives_back_its_messages_with_the_time_of_delivery() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inbox");
        let mbox = "From a@example.org Sat Nov 21 19:30:00 2026\nSubject: one\n\nFrom here on\n>From quoted\n\n\
                    From b@example.org Sun Nov 22 07:05:09 2026\nSubject: two\n\nbye\n";
        fs::write(&path, mbox).unwrap();
        let (found, _) = read(&path);
        assert_eq!(found.len(), 2, "a line that begins with From and names no time begins no message");
        assert_eq!(found[0].raw, b"Subject: one\n\nFrom here on\nFrom quoted\n");
        assert_eq!(found[0].received_at.unwrap().to_rfc3339(), "2026-11-21T19:30:00+00:00");
        assert_eq!(found[1].raw, b"Subject: two\n\nbye\n");
    }

    #[test]
    fn a_maildir_is_read_without_what_is_still_being_delivered() {
        let folder = tempfile::tempdir().unwrap();
        for part in ["cur", "new", "tmp"] {
            fs::create_dir(folder.path().join(part)).unwrap();
        }
        fs::write(folder.path().join("cur/1790000000.M1P2.host:2,S"), "Subject: read\n\nx").unwrap();
        fs::write(folder.path().join("new/1790000001.M1P2.host"), "no header at all").unwrap();
        fs::write(folder.path().join("tmp/1790000002.M1P2.host"), "Subject: half\n").unwrap();
        let (found, passed) = read(folder.path());
        assert_eq!((found.len(), passed), (2, 0));
        assert_eq!(found[0].received_at, DateTime::from_timestamp(1_790_000_000, 0));
    }

    #[test]
    fn a_folder_of_messages_passes_by_what_is_none_and_a_named_file_is_always_taken() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.box"), "Return-Path: <x@example.org>\n\nx").unwrap();
        fs::write(folder.path().join("b.eml"), "\u{feff}broken").unwrap();
        fs::write(folder.path().join("LICENSE"), "Some words\n").unwrap();
        fs::write(folder.path().join("list.jsonl"), "{\"a\": 1}\n").unwrap();
        let (found, passed) = read(folder.path());
        assert_eq!((found.len(), passed), (2, 2));
        assert_eq!(read(&folder.path().join("LICENSE")).0.len(), 1);
    }

    #[test]
    fn the_time_of_a_lone_message_is_that_of_its_topmost_received_field() {
        let raw =
            b"Received: from b (b [192.0.2.1])\r\n\tby mx.example.police.uk; Sat, 21 Nov 2026 20:30:00 +0100 (CET)\r\n\
            Received: from a by b; Fri, 1 Jan 2021 00:00:00 +0000\r\nDate: Thu, 1 Jan 1970 00:00:00 +0000\r\n\r\nx";
        assert_eq!(topmost_received(raw).unwrap().to_rfc3339(), "2026-11-21T19:30:00+00:00");
        assert_eq!(topmost_received(b"Date: Thu, 1 Jan 1970 00:00:00 +0000\n\nx"), None);
    }
}
