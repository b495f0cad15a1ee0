//! MAPI properties as they stand in a packet (MS-OXTNEF §2.1.3.4, MS-OXCDATA §2.11): a count, then type, id and value
//! of each. A type that is not known has no known length, so there the list ends.

use super::number;
use super::text;

pub(super) const BODY: u16 = 0x1000;
pub(super) const RICH_TEXT: u16 = 0x1009;
pub(super) const HTML: u16 = 0x1013;
pub(super) const INTERNET_CODE_PAGE: u16 = 0x3fde;
pub(super) const FILE_DATA: u16 = 0x3701;
pub(super) const FILE_LONG_NAME: u16 = 0x3707;
pub(super) const FILE_MEDIA_TYPE: u16 = 0x370e;
pub(super) const FILE_CONTENT_ID: u16 = 0x3712;

/// More are not read.
const MOST: usize = 2_000;

#[derive(Clone, Copy, Debug)]
pub(super) struct Property<'a> {
    pub(super) id: u16,
    pub(super) value: Value<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Number(u32),
    /// Eight-bit text in the code page of the message.
    Text(&'a [u8]),
    /// UTF-16, little-endian.
    Unicode(&'a [u8]),
    /// Binary, and objects after the id of their interface.
    Bytes(&'a [u8]),
}

impl Value<'_> {
    pub(super) fn text(self, code_page: Option<u32>) -> String {
        match self {
            Value::Number(_) => String::new(),
            Value::Text(bytes) | Value::Bytes(bytes) => text(bytes, code_page),
            Value::Unicode(bytes) => {
                let units = bytes
                    .chunks_exact(2)
                    .map(|pair| pair.iter().rev().fold(0, |unit, byte| (unit << 8) | u16::from(*byte)));
                let characters = char::decode_utf16(units.take_while(|unit| *unit != 0));
                characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        }
    }
}

/// Every property whose value this program could want, in order.
pub(super) fn read(bytes: &[u8]) -> Vec<Property<'_>> {
    let mut cursor = Cursor { rest: bytes };
    let count = cursor.number().map_or(0, |count| usize::try_from(count).unwrap_or(0));
    let mut found = Vec::new();
    for _ in 0..count.min(MOST) {
        match cursor.property() {
            Some(Some(property)) => found.push(property),
            Some(None) => {}
            None => break,
        }
    }
    found
}

struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        number(self.take(4)?)
    }

    /// Data of a length that stands before it, filled up to a multiple of four.
    fn data(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let data = self.take(length)?;
        // The last one may not be filled up.
        let _fill = self.take(length.wrapping_neg() & 3);
        Some(data)
    }

    /// `None`: the list cannot be read further. `Some(None)`: a property nobody asks for.
    fn property(&mut self) -> Option<Option<Property<'a>>> {
        let kind = self.number()?;
        let (kind, id) = (kind & 0xffff, u16::try_from(kind >> 16).ok()?);
        if id >= 0x8000 {
            self.take(16)?;
            match self.number()? {
                0 => self.number().map(|_| ())?,
                _ => self.data().map(|_| ())?,
            }
        }
        let several = kind & 0x1000 != 0;
        let value: usize = match kind & 0x0fff {
            0x1e | 0x1f | 0x102 | 0x0d => return self.variable(id, kind & 0x0fff),
            0x01 => 0,
            0x02 | 0x03 | 0x04 | 0x0a | 0x0b => 4,
            0x05 | 0x06 | 0x07 | 0x14 | 0x40 => 8,
            0x48 => 16,
            _ => return None,
        };
        let count = if several { usize::try_from(self.number()?).ok()? } else { 1 };
        let data = self.take(value.checked_mul(count)?)?;
        Some(data.get(..4).and_then(number).map(|number| Property { id, value: Value::Number(number) }))
    }

    /// How many values, then each with its length; the first is taken.
    fn variable(&mut self, id: u16, kind: u32) -> Option<Option<Property<'a>>> {
        let count = self.number()?;
        let mut first = None;
        for _ in 0..count {
            let data = self.data()?;
            first = first.or(Some(data));
        }
        let value = |data: &'a [u8]| match kind {
            0x1e => Value::Text(data),
            0x1f => Value::Unicode(data),
            0x0d => Value::Bytes(data.get(16..).unwrap_or_default()),
            _ => Value::Bytes(data),
        };
        Some(first.map(|data| Property { id, value: value(data) }))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn of(kind: u16, id: u16, data: &[u8]) -> Vec<u8> {
        let mut out = [kind.to_le_bytes(), id.to_le_bytes()].concat();
        out.extend(1_u32.to_le_bytes());
        out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
        out.extend(data);
        out.resize(out.len().next_multiple_of(4), 0);
        out
    }

    pub(in crate::mail::tnef) fn unicode(id: u16, value: &str) -> Vec<u8> {
        let units: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [1_u32.to_le_bytes().to_vec(), of(0x1f, id, &units)].concat()
    }

    #[test]
    fn named_fixed_and_variable_ones_are_passed_over_to_the_one_that_is_wanted() {
        let named = [of(0x1e, 0x8001, b"x"), vec![]].concat();
        // After type and id of a named one come the id of its set and its number.
        let named = [&named[..4], &[9; 16], &[0; 4], &[5; 4], &named[4..]].concat();
        let short = [0x0b, 0, 1, 0, 1, 0, 0, 0];
        let many = [&[0x03, 0x10, 1, 0, 2, 0, 0, 0][..], &[7; 8]].concat();
        let list = [&4_u32.to_le_bytes()[..], &named, &short, &many, &of(0x102, HTML, b"<p>abc")].concat();
        let found = read(&list);
        assert_eq!(found.len(), 4);
        assert_eq!((found[3].id, found[3].value.text(None).as_str()), (HTML, "<p>abc"));
    }

    #[test]
    fn counts_that_are_not_there_cost_nothing() {
        let list = [&u32::MAX.to_le_bytes()[..], &[0x1f, 0, 0, 0x10], &u32::MAX.to_le_bytes()].concat();
        assert!(read(&list).is_empty());
    }
}
