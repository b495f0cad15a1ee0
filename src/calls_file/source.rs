//! Bytes of a file up to its limit, without their byte order mark; UTF-16 becomes UTF-8 on the way.

use super::FileFault;
use encoding_rs::{CoderResult, Decoder, UTF_16BE, UTF_16LE};
use std::io::{ErrorKind, Read};

/// As much of UTF-16 is decoded at once.
const CHUNK: usize = 32 * 1024;
/// Room that [`Source::fill`] needs at least.
pub(super) const LEAST_ROOM: usize = 1024;

pub(super) struct Source<R> {
    reader: R,
    read: u64,
    most: u64,
    begun: bool,
    marked: bool,
    utf_16: Option<Box<Utf16>>,
}

struct Utf16 {
    decoder: Decoder,
    raw: Vec<u8>,
    /// What of `raw` is decoded, and how much of it there is.
    done: usize,
    there: usize,
    last: bool,
    finished: bool,
}

impl<R: Read> Source<R> {
    pub(super) fn new(reader: R, most: u64) -> Self {
        Self { reader, read: 0, most, begun: false, marked: false, utf_16: None }
    }

    /// How many bytes of the file were read.
    pub(super) fn read(&self) -> u64 {
        self.read
    }

    /// Whether the file began with a byte order mark; known once something was read.
    pub(super) fn marked(&self) -> bool {
        self.marked
    }

    /// Puts more of the file into `room`, which has [`LEAST_ROOM`]; 0 at its end.
    pub(super) fn fill(&mut self, room: &mut [u8]) -> Result<usize, FileFault> {
        if !self.begun {
            return self.begin(room);
        }
        if self.utf_16.is_some() { self.fill_decoded(room) } else { self.fill_raw(room) }
    }

    fn fill_raw(&mut self, room: &mut [u8]) -> Result<usize, FileFault> {
        let left = usize::try_from(self.most.saturating_sub(self.read)).unwrap_or(usize::MAX).saturating_add(1);
        let wanted = room.len().min(left);
        let Some(room) = room.get_mut(..wanted) else { return Ok(0) };
        loop {
            match self.reader.read(room) {
                Ok(count) => {
                    self.read += count as u64;
                    return if self.read > self.most {
                        Err(FileFault::TooLarge { most_bytes: self.most })
                    } else {
                        Ok(count)
                    };
                }
                Err(interrupted) if interrupted.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(FileFault::Unreadable(error)),
            }
        }
    }

    /// The first bytes say what file it is.
    fn begin(&mut self, room: &mut [u8]) -> Result<usize, FileFault> {
        let mut first = 0;
        while first < 8 {
            match self.fill_raw(room.get_mut(first..).unwrap_or_default())? {
                0 => break,
                count => first += count,
            }
        }
        self.begun = true;
        let bytes = room.get(..first).unwrap_or_default();
        match bytes {
            [0xef, 0xbb, 0xbf, ..] => {
                self.marked = true;
                room.copy_within(3..first, 0);
                return if first > 3 { Ok(first - 3) } else { self.fill_raw(room) };
            }
            [0xff, 0xfe, rest @ ..] => {
                self.utf_16 = Some(Utf16::new(UTF_16LE.new_decoder_without_bom_handling(), rest))
            }
            [0xfe, 0xff, rest @ ..] => {
                self.utf_16 = Some(Utf16::new(UTF_16BE.new_decoder_without_bom_handling(), rest))
            }
            [b'P', b'K', 3, 4, ..] => return Err(FileFault::Workbook { what: "a zip archive or an Excel workbook" }),
            [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(FileFault::Workbook { what: "an old Excel workbook" }),
            [one, 0, two, 0, ..] | [0, one, 0, two, ..] if *one != 0 && *two != 0 => {
                return Err(FileFault::Utf16WithoutMark);
            }
            _ => return Ok(first),
        }
        self.marked = true;
        self.fill_decoded(room)
    }

    fn fill_decoded(&mut self, room: &mut [u8]) -> Result<usize, FileFault> {
        let Some(mut utf_16) = self.utf_16.take() else { return Ok(0) };
        let filled = loop {
            match utf_16.decode(room) {
                Some(written) => break Ok(written),
                None => match self.fill_raw(&mut utf_16.raw) {
                    Ok(count) => (utf_16.done, utf_16.there, utf_16.last) = (0, count, count == 0),
                    Err(fault) => break Err(fault),
                },
            }
        };
        self.utf_16 = Some(utf_16);
        filled
    }
}

impl Utf16 {
    fn new(decoder: Decoder, first: &[u8]) -> Box<Self> {
        let mut raw = first.to_vec();
        let there = raw.len();
        raw.resize(CHUNK.max(there), 0);
        Box::new(Self { decoder, raw, done: 0, there, last: false, finished: false })
    }

    /// How much was written; `None` where more of the file is needed first.
    fn decode(&mut self, room: &mut [u8]) -> Option<usize> {
        if self.finished {
            return Some(0);
        }
        let waiting = self.raw.get(self.done..self.there).unwrap_or_default();
        let (result, read, written, _) = self.decoder.decode_to_utf8(waiting, room, self.last);
        self.done += read;
        self.finished = self.last && result == CoderResult::InputEmpty;
        (written > 0 || self.finished).then_some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], most: u64) -> Result<String, FileFault> {
        let mut source = Source::new(bytes, most);
        let mut room = vec![0; LEAST_ROOM];
        let mut text = Vec::new();
        loop {
            match source.fill(&mut room)? {
                0 => return Ok(String::from_utf8(text).unwrap()),
                count => text.extend_from_slice(&room[..count]),
            }
        }
    }

    fn utf_16(text: &str, little: bool) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    #[test]
    fn a_mark_is_taken_away_and_utf_16_becomes_utf_8() {
        let long = "Größe, 𝄞 £5\r\n".repeat(5_000);
        for text in ["", "a", "id,name\n1,Zoë", &long] {
            assert_eq!(all(format!("\u{feff}{text}").as_bytes(), 1 << 20).unwrap(), text);
            assert_eq!(all(&utf_16(text, true), 1 << 20).unwrap(), text);
            assert_eq!(all(&utf_16(text, false), 1 << 20).unwrap(), text);
        }
    }

    #[test]
    fn what_is_no_text_is_named() {
        assert_eq!(all(b"PK\x03\x04rest of it", 99).unwrap_err().code(), "workbook");
        assert_eq!(all(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 99).unwrap_err().code(), "workbook");
        assert_eq!(all(b"i\0d\0\r\0\n\0", 99).unwrap_err().code(), "utf-16-without-mark");
    }

    #[test]
    fn exactly_the_limit_is_read_and_one_byte_more_is_refused() {
        assert_eq!(all(b"0123456789", 10).unwrap(), "0123456789");
        let mut long = Source::new(std::io::repeat(b'a'), 5_000);
        let mut room = vec![0; LEAST_ROOM];
        let fault = loop {
            if let Err(fault) = long.fill(&mut room) {
                break fault;
            }
        };
        assert_eq!((fault.code(), long.read()), ("file-too-large", 5_001));
    }
}
