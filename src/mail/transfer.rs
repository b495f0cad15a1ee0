//! Content-Transfer-Encodings to bytes. Never fail: what cannot be decoded is skipped or kept as it stands.

/// Decodes base64, skipping everything that is not of its alphabet; stops at padding that ends a group only if
/// nothing but further padding follows, since some mailers concatenate padded pieces.
pub(super) fn base64(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3 + 3);
    let (mut bits, mut held) = (0u32, 0u8);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => {
                flush_base64(bits, held, &mut out);
                (bits, held) = (0, 0);
                continue;
            }
            _ => continue,
        };
        bits = (bits << 6) | u32::from(value);
        held += 1;
        if held == 4 {
            let [_, first, second, third] = bits.to_be_bytes();
            out.extend([first, second, third]);
            (bits, held) = (0, 0);
        }
    }
    flush_base64(bits, held, &mut out);
    out
}

fn flush_base64(bits: u32, held: u8, out: &mut Vec<u8>) {
    match held {
        2 => out.extend(bits.to_be_bytes().get(3).map(|_| (bits >> 4).to_be_bytes()[3])),
        3 => {
            let [_, _, first, second] = (bits >> 2).to_be_bytes();
            out.extend([first, second]);
        }
        _ => {}
    }
}

/// Decodes quoted-printable; a lone `=` stays as it is.
pub(super) fn quoted_printable(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = memchr::memchr(b'=', rest) {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        let soft_break = after.get(1..).map(skip_soft_break);
        match (after, soft_break) {
            (_, Some(Some(skipped))) => rest = after.get(1 + skipped..).unwrap_or_default(),
            ([_, high, low, ..], _) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push((hex(*high) << 4) | hex(*low));
                rest = after.get(3..).unwrap_or_default();
            }
            _ => {
                out.push(b'=');
                rest = after.get(1..).unwrap_or_default();
            }
        }
    }
    out.extend_from_slice(rest);
    out
}

/// The length of a soft line break after its `=`: blanks, then the end of the line or of the text.
fn skip_soft_break(after: &[u8]) -> Option<usize> {
    let blanks = after.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    match after.get(blanks..)? {
        [] | [b'\r'] => Some(after.len()),
        [b'\r', b'\n', ..] => Some(blanks + 2),
        [b'\n', ..] => Some(blanks + 1),
        _ => None,
    }
}

/// The Q encoding of header words.
pub(super) fn q_word(bytes: &[u8]) -> Vec<u8> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'_' { b' ' } else { *byte }).collect();
    quoted_printable(&spaced)
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
        assert_eq!(quoted_printable(b"a=3Db =\r\nc= \nd=zz="), b"a=b cd=zz");
    }

    #[test]
    fn uuencoded_text_comes_back() {
        assert_eq!(uuencoded(b"x\nbegin 644 a.txt\n#0V%T\n`\nend\n"), Some(b"Cat".to_vec()));
        assert_eq!(uuencoded(b"nothing here"), None);
    }
}
