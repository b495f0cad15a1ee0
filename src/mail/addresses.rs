//! Address lists and message ids as real mailers write them: comments as names, commas in bare names, no brackets.

use super::encoded_words;
use crate::domain::correspondence::Mailbox;

/// More addresses or ids in one field than this are left out: no letter needs them, and a hostile one could.
const MOST: usize = 500;

/// The mailboxes of an address list, in order. `value` is unfolded text whose encoded words are still encoded.
pub(super) fn mailboxes(value: &str) -> Vec<Mailbox> {
    let mut found: Vec<Mailbox> = Vec::new();
    let mut name_before = String::new();
    for piece in pieces(value).into_iter().take(MOST) {
        let mut mailbox = mailbox(&piece);
        if mailbox.address.is_empty() {
            continue;
        }
        let is_bare_word = piece.angle.is_none() && !mailbox.address.contains('@');
        if is_bare_word && !piece.last {
            // `Surname, First <a@b>` without quotes: the first half of a name, unless a list of local names goes on.
            name_before = format!("{name_before}{}, ", piece.plain.trim());
        }
        if piece.angle.is_some() && !name_before.is_empty() {
            let own = mailbox.name.take().unwrap_or_default();
            found.truncate(found.len() - name_before.matches(", ").count().min(found.len()));
            mailbox.name = Some(format!("{name_before}{own}").trim_end_matches([',', ' ']).to_owned());
        }
        if !is_bare_word {
            name_before.clear();
        }
        found.push(mailbox);
    }
    found
}

/// The ids in a Message-ID, In-Reply-To or References field, without brackets.
pub(super) fn message_ids(value: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let Some((inside, after)) = after.split_once('>') else { break };
        let id: String = inside.chars().filter(|character| !character.is_whitespace()).collect();
        if !id.is_empty() {
            ids.push(id);
        }
        rest = after;
        if ids.len() == MOST {
            return ids;
        }
    }
    if ids.is_empty() {
        ids.extend(
            value
                .split_whitespace()
                .filter(|word| word.contains('@'))
                .take(MOST)
                .map(|word| word.replace(['<', '>'], "")),
        );
    }
    ids
}

/// One entry of a list, taken apart.
#[derive(Default)]
struct Piece {
    /// Words outside quotes, comments and brackets; quoted strings are here too, without their quotes.
    plain: String,
    comment: String,
    angle: Option<String>,
    last: bool,
}

/// Splits at commas (and at the ends of groups) that are not inside quotes, comments or brackets.
fn pieces(value: &str) -> Vec<Piece> {
    let mut list = Vec::new();
    let mut piece = Piece::default();
    let mut rest = value.chars();
    while let Some(character) = rest.next() {
        match character {
            '=' if rest.as_str().starts_with('?') => {
                // An encoded word is one thing, whatever commas it has in it.
                let inner = rest.as_str().get(1..).unwrap_or_default();
                let length = encoded_words::length(inner).map_or(0, |length| length + 1);
                let (word, after) = rest.as_str().split_at_checked(length).unwrap_or(("", rest.as_str()));
                piece.plain.push('=');
                piece.plain.push_str(word);
                rest = after.chars();
            }
            '"' => {
                let (text, closed) = take_until(&mut rest, '"');
                // A quote that is never closed was a plain character.
                if closed { piece.plain.push_str(&text) } else { restart(&text, &mut piece, &mut list) }
            }
            '(' => piece.comment = take_comment(&mut rest),
            '<' => piece.angle = Some(take_until(&mut rest, '>').0),
            ',' | ';' => list.push(std::mem::take(&mut piece)),
            // `group name: a@b, c@d;`
            ':' if piece.angle.is_none() && !piece.plain.contains('@') => piece = Piece::default(),
            _ => piece.plain.push(character),
        }
    }
    piece.last = true;
    list.push(piece);
    list
}

fn restart(text: &str, piece: &mut Piece, list: &mut Vec<Piece>) {
    let mut again = pieces(text).into_iter();
    if let Some(first) = again.next() {
        piece.plain.push_str(&first.plain);
        piece.angle = first.angle.or(piece.angle.take());
        piece.comment = first.comment;
    }
    for next in again {
        list.push(std::mem::replace(piece, next));
    }
}

fn take_until(rest: &mut impl Iterator<Item = char>, end: char) -> (String, bool) {
    let mut text = String::new();
    while let Some(character) = rest.next() {
        match character {
            '\\' => text.extend(rest.next()),
            _ if character == end => return (text, true),
            _ => text.push(character),
        }
    }
    (text, false)
}

fn take_comment(rest: &mut impl Iterator<Item = char>) -> String {
    let (mut text, mut depth) = (String::new(), 1);
    while let Some(character) = rest.next() {
        match character {
            '\\' => text.extend(rest.next()),
            '(' => depth += 1,
            ')' if depth == 1 => break,
            ')' => depth -= 1,
            _ => text.push(character),
        }
    }
    text
}

fn mailbox(piece: &Piece) -> Mailbox {
    let shown = |text: &str| {
        let text = encoded_words::decode(text.trim());
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    if let Some(angle) = &piece.angle {
        // `<@relay,@relay:a@b>` is an old route: only what follows the colon is the address.
        let address = if angle.starts_with('@') { angle.split(':').next_back().unwrap_or(angle) } else { angle };
        let address = address.trim().trim_start_matches("mailto:").to_owned();
        return Mailbox { address, name: shown(&piece.plain).or_else(|| shown(&piece.comment)) };
    }
    let words: Vec<&str> = piece.plain.split_whitespace().collect();
    match words.iter().position(|word| word.contains('@')) {
        Some(at) => {
            let others: Vec<&str> = words.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, word)| *word).collect();
            let address = words.get(at).map(|word| word.trim_matches(['<', '>', '[', ']', '\''])).unwrap_or_default();
            Mailbox { address: address.to_owned(), name: shown(&others.join(" ")).or_else(|| shown(&piece.comment)) }
        }
        None if piece.plain.contains("=?") => whole_in_a_word(&piece.plain),
        None => Mailbox { address: piece.plain.trim().to_owned(), name: shown(&piece.comment) },
    }
}

/// `=?utf-8?Q?Name_=3Ca=40b=3E?=`: name and address hidden together in one encoded word.
fn whole_in_a_word(plain: &str) -> Mailbox {
    let decoded = encoded_words::decode(plain);
    match decoded.rsplit_once('<') {
        Some((name, address)) if address.contains('@') => {
            let name = name.trim().trim_matches('"').to_owned();
            Mailbox {
                address: address.trim_end().trim_end_matches('>').to_owned(),
                name: (!name.is_empty()).then_some(name),
            }
        }
        _ => Mailbox { address: decoded.trim().to_owned(), name: None },
    }
}

/// An address that a mail server could have used: one `@`, both sides filled, no blanks or control characters.
pub(super) fn is_deliverable(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let clean = |text: &str| {
        !text.is_empty() && !text.chars().any(|character| character.is_whitespace() || character.is_control())
    };
    clean(local) && clean(domain) && !domain.contains(['<', '>', '(', ')', '"', ',', ';']) && address.len() <= 320
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<(String, String)> {
        mailboxes(value).into_iter().map(|mailbox| (mailbox.address, mailbox.name.unwrap_or_default())).collect()
    }

    fn one(address: &str, name: &str) -> Vec<(String, String)> {
        vec![(address.into(), name.into())]
    }

    #[test]
    fn names_are_read_from_words_quotes_and_comments() {
        assert_eq!(read("Ann Example <ann@example.org>"), one("ann@example.org", "Ann Example"));
        assert_eq!(read("\"Example, Ann \" <ann@example.org>"), one("ann@example.org", "Example, Ann"));
        assert_eq!(read("ann@example.org (Ann (A.) Example)"), one("ann@example.org", "Ann A. Example"));
        assert_eq!(read("=?utf-8?Q?J=C3=BCrgen?= <j@example.org>"), one("j@example.org", "Jürgen"));
        assert_eq!(read("=?iso-8859-1?Q?M=FCller,_Ann?= <m@example.org>"), one("m@example.org", "Müller, Ann"));
        assert_eq!(read("=?utf-8?Q?Ann_=3Cann=40example.org=3E?="), one("ann@example.org", "Ann"));
    }

    #[test]
    fn an_address_needs_no_brackets() {
        assert_eq!(read("ann@example.org"), one("ann@example.org", ""));
        assert_eq!(read("\"ann@example.org\""), one("ann@example.org", ""));
        assert_eq!(read("Ann Example ann@example.org"), one("ann@example.org", "Ann Example"));
        assert_eq!(read("MAILER-DAEMON (Mail Delivery System)"), one("MAILER-DAEMON", "Mail Delivery System"));
    }

    #[test]
    fn an_unquoted_comma_in_a_name_does_not_make_two_people() {
        assert_eq!(read("Example, Ann <ann@example.org>"), one("ann@example.org", "Example, Ann"));
    }

    #[test]
    fn lists_and_groups_come_apart() {
        let both = vec![("a@x.org".to_owned(), String::new()), ("b@x.org".to_owned(), "B".to_owned())];
        assert_eq!(read("a@x.org, B <b@x.org>"), both);
        assert_eq!(read("team: a@x.org, B <b@x.org>;"), both);
        assert_eq!(read("undisclosed-recipients:;"), []);
        assert_eq!(read("\"Nobody\" <>, B <b@x.org>"), [("b@x.org".to_owned(), "B".to_owned())]);
    }

    #[test]
    fn a_quote_never_closed_hides_no_address() {
        assert_eq!(
            read("\"Ann <ann@example.org>").first().map(|(address, _)| address.as_str()),
            Some("ann@example.org")
        );
    }

    #[test]
    fn ids_come_without_brackets() {
        assert_eq!(message_ids("<a@x>\t<b\r\n @x> junk"), ["a@x", "b@x"]);
        assert_eq!(message_ids("a@x"), ["a@x"]);
        assert!(message_ids("no id").is_empty());
    }
}
