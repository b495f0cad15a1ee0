//! `winmail.dat`: what Outlook packs of a mail where it thinks that only Outlook reads it (MS-OXTNEF). Files and words
//! come out of it; every length is asked for before it is believed, a broken attribute ends only itself where its
//! length is right, and nothing is opened twice: a packed message in a packed message stays a file.

mod properties;
mod rtf;

use super::charset;
use super::html;
use properties::{Property, Value};
use std::borrow::Cow;

const SIGNATURE: [u8; 4] = [0x78, 0x9f, 0x3e, 0x22];
/// More files than this stay in the raw mail.
const MOST_FILES: usize = 200;

/// The attributes that are read, by the lower half of their id (MS-OXTNEF §2.1.1.2).
const BODY: u16 = 0x800c;
const MESSAGE_PROPERTIES: u16 = 0x9003;
const CODE_PAGE: u16 = 0x9007;
const NEXT_FILE: u16 = 0x9002;
const FILE_DATA: u16 = 0x800f;
const FILE_TITLE: u16 = 0x8010;
const FILE_PROPERTIES: u16 = 0x9005;

/// What was packed.
#[derive(Debug, Default)]
pub(super) struct Unpacked<'a> {
    pub(super) files: Vec<File<'a>>,
    /// The words as text; empty where there are none that can be read.
    pub(super) text: String,
    pub(super) html: Option<String>,
    /// It ends in the middle, or says lengths that are not there.
    pub(super) damaged: bool,
}

#[derive(Debug, Default)]
pub(super) struct File<'a> {
    pub(super) name: String,
    pub(super) media_type: Option<String>,
    pub(super) content_id: Option<String>,
    pub(super) bytes: Cow<'a, [u8]>,
}

/// Whether these bytes are such a packet, whatever their label says.
pub(super) fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(&SIGNATURE)
}

/// Unpacks files and words. Linear in the bytes; never fails.
pub(super) fn unpack(bytes: &[u8]) -> Unpacked<'_> {
    let mut reading = Reading::default();
    let mut rest = bytes.get(6..).unwrap_or_default();
    while !rest.is_empty() {
        let Some((id, data, after)) = attribute(rest) else {
            reading.out.damaged = true;
            break;
        };
        reading.attribute(id, data);
        rest = after;
    }
    reading.finish()
}

/// Level, id, length, data, check sum. The sum is not asked for: what it would say, nobody could act on.
fn attribute(bytes: &[u8]) -> Option<(u16, &[u8], &[u8])> {
    let (head, rest) = bytes.split_at_checked(9)?;
    let (id, length) = (number(head.get(1..3)?)?, number(head.get(5..9)?)?);
    let (data, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    Some((u16::try_from(id).ok()?, data, rest.get(2..).unwrap_or_default()))
}

/// Little-endian, up to four bytes.
fn number(bytes: &[u8]) -> Option<u32> {
    (bytes.len() <= 4).then(|| bytes.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte)))
}

#[derive(Default)]
struct Reading<'a> {
    code_page: Option<u32>,
    plain: Option<&'a [u8]>,
    message: Vec<Property<'a>>,
    out: Unpacked<'a>,
}

impl<'a> Reading<'a> {
    fn attribute(&mut self, id: u16, data: &'a [u8]) {
        match id {
            CODE_PAGE => self.code_page = data.get(..4).and_then(number),
            BODY => self.plain = Some(data),
            MESSAGE_PROPERTIES => self.message = properties::read(data),
            NEXT_FILE if self.out.files.len() < MOST_FILES => self.out.files.push(File::default()),
            NEXT_FILE => self.out.damaged = true,
            FILE_DATA | FILE_TITLE | FILE_PROPERTIES => self.of_file(id, data),
            _ => {}
        }
    }

    fn of_file(&mut self, id: u16, data: &'a [u8]) {
        let code_page = self.code_page;
        // A file is announced first; one that is not is a file all the same.
        if self.out.files.is_empty() {
            self.out.files.push(File::default());
        }
        let Some(file) = self.out.files.last_mut() else { return };
        match id {
            FILE_DATA => file.bytes = Cow::Borrowed(data),
            FILE_TITLE if file.name.is_empty() => file.name = text(data, code_page),
            FILE_PROPERTIES => {
                for Property { id, value } in properties::read(data) {
                    match (id, value) {
                        (properties::FILE_LONG_NAME, value) => file.name = value.text(code_page),
                        (properties::FILE_MEDIA_TYPE, value) => file.media_type = Some(value.text(code_page)),
                        (properties::FILE_CONTENT_ID, value) => file.content_id = Some(value.text(code_page)),
                        (properties::FILE_DATA, Value::Bytes(bytes)) if file.bytes.is_empty() => {
                            file.bytes = Cow::Borrowed(bytes);
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Unpacked<'a> {
        self.out.files.retain(|file| !file.bytes.is_empty());
        let of = |id: u16| self.message.iter().find(|property| property.id == id).map(|property| property.value);
        let internet = match of(properties::INTERNET_CODE_PAGE) {
            Some(Value::Number(code_page)) => Some(code_page),
            _ => self.code_page,
        };
        let html = of(properties::HTML).map(|html| html.text(internet)).filter(|html| !html.trim().is_empty());
        let plain = of(properties::BODY).map(|body| body.text(self.code_page));
        let plain = plain.or(self.plain.map(|body| text(body, self.code_page))).filter(|body| !body.trim().is_empty());
        let rich = || match of(properties::RICH_TEXT) {
            Some(Value::Bytes(packed)) => rtf::unpacked(packed).map(|rich| rtf::words(&rich)),
            _ => None,
        };
        let (html, plain) = match (html, plain) {
            (None, None) => match rich() {
                Some(rtf::Words::Html(html)) => (Some(html), None),
                Some(rtf::Words::Plain(plain)) => (None, Some(plain)),
                None => (None, None),
            },
            found => found,
        };
        self.out.text = plain.or(html.as_deref().map(html::to_text)).unwrap_or_default();
        self.out.html = html;
        self.out
    }
}

/// Text of eight-bit characters, which ends at its first NUL.
fn text(bytes: &[u8], code_page: Option<u32>) -> String {
    let bytes = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    charset::decode(bytes, label(code_page).as_deref()).text.into_owned()
}

/// A Windows code page by the name of its character set.
fn label(code_page: Option<u32>) -> Option<String> {
    match code_page? {
        65001 => Some("utf-8".to_owned()),
        932 => Some("shift_jis".to_owned()),
        936 => Some("gbk".to_owned()),
        949 => Some("euc-kr".to_owned()),
        950 => Some("big5".to_owned()),
        page @ 28591..=28606 => Some(format!("iso-8859-{}", page - 28590)),
        page => Some(format!("windows-{page}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(super) fn packed(attributes: &[(u16, Vec<u8>)]) -> Vec<u8> {
        let mut out = SIGNATURE.to_vec();
        out.extend([1, 0]);
        for (id, data) in attributes {
            out.push(1);
            out.extend(id.to_le_bytes());
            out.extend([0, 0]);
            out.extend(u32::try_from(data.len()).unwrap().to_le_bytes());
            out.extend(data);
            out.extend([0, 0]);
        }
        out
    }

    #[test]
    fn files_and_words_come_out() {
        let packet = packed(&[
            (CODE_PAGE, vec![0xe4, 4, 0, 0, 0, 0, 0, 0]),
            (BODY, b"Gr\xfc\xdfe\0".to_vec()),
            (NEXT_FILE, vec![0; 14]),
            (FILE_TITLE, b"PHOTO~1.JPG\0".to_vec()),
            (FILE_DATA, b"picture".to_vec()),
            (FILE_PROPERTIES, properties::tests::unicode(properties::FILE_LONG_NAME, "photograph one.jpg")),
            (NEXT_FILE, vec![0; 14]),
            (FILE_TITLE, b"b.txt\0".to_vec()),
            (FILE_DATA, b"words".to_vec()),
        ]);
        assert!(is_packed(&packet));
        let found = unpack(&packet);
        let files: Vec<_> = found.files.iter().map(|file| (file.name.as_str(), file.bytes.as_ref())).collect();
        assert_eq!(files, [("photograph one.jpg", b"picture".as_slice()), ("b.txt", b"words")]);
        assert_eq!((found.text.as_str(), found.damaged), ("Grüße", false));
    }

    #[test]
    fn what_is_cut_off_gives_what_stands_before_it() {
        let packet = packed(&[(NEXT_FILE, vec![]), (FILE_DATA, b"one".to_vec()), (FILE_DATA, vec![7; 50])]);
        let found = unpack(&packet[..packet.len() - 20]);
        assert_eq!((found.files.len(), found.damaged), (1, true));
        assert!(unpack(&packed(&vec![(NEXT_FILE, vec![]); 100_000])).files.is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(mut bytes in proptest::collection::vec(any::<u8>(), 0..400), id in any::<u16>()) {
            let _found = unpack(&bytes);
            let _properties = properties::read(&bytes);
            let _rich = rtf::unpacked(&bytes).map(|rich| rtf::words(&rich));
            bytes.truncate(200);
            let _found = unpack(&packed(&[(MESSAGE_PROPERTIES, bytes.clone()), (FILE_PROPERTIES, bytes.clone()), (id, bytes)]));
        }
    }
}
