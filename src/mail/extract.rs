//! The bytes of one attachment, counted as `parse` counts them.

use super::body;
use super::parse::MOST_BYTES;
use super::structure;
use super::tnef;
use std::panic;

/// The bytes of the `n`th attachment of a mail, from 0, after its transfer encoding; `None` where there are fewer.
pub fn attachment(raw: &[u8], n: usize) -> Option<Vec<u8>> {
    panic::catch_unwind(|| find(raw, n)).ok().flatten()
}

fn find(raw: &[u8], n: usize) -> Option<Vec<u8>> {
    let bytes = raw.get(..MOST_BYTES).unwrap_or(raw);
    let leading_blanks = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let parts = structure::take_apart(bytes.get(leading_blanks..).unwrap_or_default());
    let read = body::readable(&parts.leaves).read;
    let mut before = 0;
    for leaf in parts.leaves.iter().enumerate().filter(|(at, _)| !read.contains(at)).map(|(_, leaf)| leaf) {
        let file = body::transfer_decoded(leaf);
        if before == n {
            return Some(file.into_owned());
        }
        before += 1;
        if tnef::is_packed(&file) {
            let files = tnef::unpack(&file).files;
            if let Some(inside) = n.checked_sub(before).and_then(|at| files.get(at)) {
                return Some(inside.bytes.to_vec());
            }
            before += files.len();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::parse::parse;
    use sha2::{Digest, Sha256};

    const TWO_FILES: &str = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nWords\r\n\
        --x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=a.txt\r\n\r\nfirst\r\n\
        --x\r\nContent-Type: application/pdf; name=b.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nc2Vjb25k\r\n--x--\r\n";

    #[test]
    fn each_attachment_is_the_one_that_the_list_names() {
        let listed = parse(TWO_FILES.as_bytes()).attachments;
        assert_eq!(listed.len(), 2);
        for (n, file) in listed.iter().enumerate() {
            let bytes = attachment(TWO_FILES.as_bytes(), n).unwrap();
            assert_eq!(hex::encode(Sha256::digest(&bytes)), file.sha256, "{}", file.name);
        }
        assert_eq!(attachment(TWO_FILES.as_bytes(), 2), None);
        assert_eq!(attachment(b"no mail at all", 0), None);
    }
}
