//! Content-Transfer-Encodings to bytes. Never fail: what cannot be decoded is skipped or kept as it stands.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Decodes base64, skipping everything that is not of its alphabet. Padding ends a group and not the text, since some
/// mailers put padded pieces one after the other.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = Base64 { out: Vec::with_capacity(bytes.len() / 4 * 3 + 3), bits: 0, held: 0 };
    for line in bytes.split(|byte| *byte == b'\n') {
        decoder.line(line.trim_ascii());
    }
    decoder.flush();
    decoder.out
}

struct Base64 {
    out: Vec<u8>,
    /// The values of an unfinished group, six bits each, and how many there are.
    bits: u32,
    held: u8,
}

impl Base64 {
    /// A line of whole groups is decoded at once; any other, and any with rubbish in it, a character at a time.
    fn line(&mut self, line: &[u8]) {
        let before = self.out.len();
        if self.held == 0 && line.len().is_multiple_of(4) && STANDARD.decode_vec(line, &mut self.out).is_ok() {
            return;
        }
        self.out.truncate(before);
        for byte in line {
            match byte {
                b'A'..=b'Z' => self.push(byte - b'A'),
                b'a'..=b'z' => self.push(byte - b'a' + 26),
                b'0'..=b'9' => self.push(byte - b'0' + 52),
                b'+' | b'-' => self.push(62),
                b'/' | b'_' => self.push(63),
                b'=' => self.flush(),
                _ => {}
            }
        }
    }

    fn push(&mut self, value: u8) {
        self.bits = (self.bits << 6) | u32::from(value);
        self.held += 1;
        if self.held == 4 {
            let [_, first, second, third] = self.bits.to_be_bytes();
            self.out.extend([first, second, third]);
            (self.bits, self.held) = (0, 0);
        }
    }

    /// Writes the bytes of an unfinished group.
    fn flush(&mut self) {
        match self.held {
            2 => {
                let [.., first] = (self.bits >> 4).to_be_bytes();
                self.out.push(first);
            }
            3 => {
                let [.., first, second] = (self.bits >> 2).to_be_bytes();
                self.out.extend([first, second]);
            }
            _ => {}
        }
        (self.bits, self.held) = (0, 0);
    }
}

/// Decodes quoted-printable. Blanks at the ends of lines were added on the way (RFC 2045); a lone `=` stays as it is.
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let words = line.trim_ascii_end();
        match words.strip_suffix(b"=") {
            Some(goes_on) => hex_escapes(goes_on, &mut out),
            None => {
                hex_escapes(words, &mut out);
                out.extend_from_slice(line_end(line));
            }
        }
    }
    out
}

fn line_end(line: &[u8]) -> &[u8] {
    match line {
        [.., b'\r', b'\n'] => b"\r\n",
        [.., b'\n'] => b"\n",
        _ => b"",
    }
}

fn hex_escapes(line: &[u8], out: &mut Vec<u8>) {
    let mut rest = line;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        match after {
            [_, high, low, more @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push((hex(*high) << 4) | hex(*low));
                rest = more;
            }
            _ => {
                out.push(b'=');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest);
}

/// The Q encoding of header words.
pub(super) fn q_word(bytes: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
    let mut out = Vec::with_capacity(spaced.len());
    hex_escapes(&spaced, &mut out);
    out
}

/// Decodes the uuencoded file between `begin` and `end`; `None` where there is none.
pub(super) fn uuencoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut lines = bytes.split(|byte| *byte == b'\n');
    lines.find(|line| line.starts_with(b"begin "))?;
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    for line in lines {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some((length, data)) = line.split_first() else { continue };
        if line == b"end" {
            break;
        }
        let length = usize::from(length.wrapping_sub(32) & 63);
        let mut decoded = Vec::with_capacity(data.len());
        for group in data.chunks(4) {
            let value = |n: usize| u32::from(group.get(n).map_or(0, |byte| byte.wrapping_sub(32) & 63));
            let [_, first, second, third] =
                ((value(0) << 18) | (value(1) << 12) | (value(2) << 6) | value(3)).to_be_bytes();
            decoded.extend([first, second, third]);
        }
        decoded.truncate(length);
        out.extend(decoded);
    }
    Some(out)
}

/// The value of a hexadecimal digit; 0 for anything else.
pub(super) fn hex(digit: u8) -> u8 {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_survives_line_breaks_rubbish_and_missing_padding() {
        assert_eq!(base64(b"SGVs\r\nbG8g*d29y bGQ="), b"Hello world");
        assert_eq!(base64(b"SGVsbG8"), b"Hello");
        assert_eq!(base64(b"SGk=SGk="), b"HiHi");
        assert_eq!(base64(b"=?="), b"");
    }

    #[test]
    fn quoted_printable_keeps_what_it_cannot_read() {
        assert_eq!(quoted_printable(b"a=3Db =\r\nc= \nd=zz=\r\ne  \r\n-- \nf=20\n"), b"a=b cd=zze\r\n--\nf \n");
    }

    #[test]
    fn uuencoded_text_comes_back() {
        assert_eq!(uuencoded(b"x\nbegin 644 a.txt\n#0V%T\n`\nend\n"), Some(b"Cat".to_vec()));
        assert_eq!(uuencoded(b"nothing here"), None);
    }
}
