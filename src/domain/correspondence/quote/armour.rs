//! PGP armour in a text (RFC 9580 §7): what frames signed words is set aside, so that the words stand alone.

use super::passages::{Class, Line};

/// More lines are no signature.
const LONGEST_SIGNATURE: usize = 200;
/// `Hash: SHA256` and its kin above the words.
const MOST_FIELDS: usize = 5;

const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
const SIGNATURE: (&str, &str) = ("-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----");

/// Sets aside the frame of a signed text where all of it is there.
pub(super) fn set_aside(lines: &mut [Line<'_>]) {
    let is = |line: &Line<'_>, text: &str| line.class == Class::New && line.text == text;
    let Some(end) = lines.iter().rposition(|line| is(line, SIGNATURE.1)) else { return };
    let above = lines.get(..end).unwrap_or_default();
    let Some(begin) = above.iter().rposition(|line| is(line, SIGNATURE.0)) else { return };
    if end - begin > LONGEST_SIGNATURE {
        return;
    }
    let length = end + 1 - begin;
    lines.iter_mut().skip(begin).take(length).for_each(|line| line.class = Class::Signature);
    let Some(head) = lines.iter().position(|line| is(line, SIGNED)) else { return };
    let fields = lines.iter().skip(head + 1).take(MOST_FIELDS);
    let fields = fields.take_while(|line| line.text.starts_with("Hash:") || line.text.starts_with("Charset:")).count();
    lines.iter_mut().skip(head).take(fields + 1).for_each(|line| line.class = Class::Signature);
}
