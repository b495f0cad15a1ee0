//! Address lists and message ids as `mail-parser` reads them, and what real mailers write beside the rules: commas in
//! bare names, a name and an address hidden in one encoded word, words where an address should be.

use super::encoded_words;
use super::media_type::one_line;
use crate::domain::correspondence::Mailbox;
use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, HeaderValue};

/// More addresses or ids in one field than this are left out: no letter needs them, and a hostile one could.
const MOST: usize = 500;
/// A longer field is not read to its end.
const LONGEST: usize = 32 * 1024;

/// The mailboxes of an address list, in order. `value` is unfolded text whose encoded words are still encoded.
pub(super) fn mailboxes(value: &str) -> Vec<Mailbox> {
    let line = line(&encoded_words::made_right(value));
    let HeaderValue::Address(read) = MessageStream::new(line.as_bytes()).parse_address() else { return Vec::new() };
    // `"Nobody" <>` names nobody.
    let has_empty = value.contains("<>");
    let mut found: Vec<Mailbox> = Vec::new();
    for addr in read.iter().take(MOST) {
        let Some(mailbox) = mailbox(addr).filter(|mailbox| mailbox.address.contains('@') || !has_empty) else {
            continue;
        };
        // `Surname, First <a@b>` without quotes: what stood before the comma was half a name.
        if addr.address.is_some() && addr.name.is_some() && !value.contains('"') {
            let before: Vec<Mailbox> = half_names(&mut found);
            let names = before.into_iter().map(|half| half.address).chain(mailbox.name);
            let name = names.collect::<Vec<_>>().join(", ");
            found.push(Mailbox { name: Some(name), ..mailbox });
        } else {
            found.push(mailbox);
        }
    }
    found
}

/// The words at the end of the list that are no addresses.
fn half_names(found: &mut Vec<Mailbox>) -> Vec<Mailbox> {
    let is_word = |mailbox: &&Mailbox| !mailbox.address.contains('@') && mailbox.name.is_none();
    let words = found.iter().rev().take_while(is_word).count();
    found.split_off(found.len() - words)
}

/// The ids in a Message-ID, In-Reply-To or References field, without brackets.
pub(super) fn message_ids(value: &str) -> Vec<String> {
    let line = line(value);
    let ids: Vec<String> = match MessageStream::new(line.as_bytes()).parse_id() {
        HeaderValue::Text(id) => vec![id.into_owned()],
        HeaderValue::TextList(ids) => ids.into_iter().take(MOST).map(std::borrow::Cow::into_owned).collect(),
        HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => Vec::new(),
    };
    let clean = |id: String| id.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    let ids = ids.into_iter().map(clean).filter(|id| !id.is_empty());
    // Without brackets anything is an "id"; only what looks like one is taken.
    if value.contains('<') { ids.collect() } else { ids.filter(|id| id.contains('@')).collect() }
}

fn line(value: &str) -> String {
    let mut end = value.len().min(LONGEST);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    one_line(value.get(..end).unwrap_or_default())
}

fn mailbox(addr: &Addr<'_>) -> Option<Mailbox> {
    let name = addr.name.as_deref().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    match (addr.address.as_deref().map(str::trim).filter(|address| !address.is_empty()), name) {
        (Some(address), None) if address.contains(char::is_whitespace) => Some(among_words(address)),
        (Some(address), name) => Some(Mailbox { address: bare(address), name }),
        (None, Some(words)) => Some(from_words(&words)),
        (None, None) => None,
    }
}

/// `<@relay,@relay:a@b>` is an old route: only what follows the colon is the address.
fn bare(address: &str) -> String {
    let address = if address.starts_with('@') { address.rsplit(':').next().unwrap_or(address) } else { address };
    address.trim().trim_start_matches("mailto:").trim_matches(['<', '>', '[', ']', '\'']).to_owned()
}

/// `Ann Example ann@example.org`: the word with the `@` is the address, the others are the name.
fn among_words(words: &str) -> Mailbox {
    let (addresses, names): (Vec<&str>, Vec<&str>) = words.split_whitespace().partition(|word| word.contains('@'));
    let name = names.join(" ");
    Mailbox {
        address: addresses.first().map_or_else(String::new, |address| bare(address)),
        name: (!name.is_empty()).then_some(name),
    }
}

/// Words where an address should be: `=?utf-8?Q?Name_=3Ca=40b=3E?=` hides both in one word; others are a local name.
fn from_words(words: &str) -> Mailbox {
    match words.rsplit_once('<') {
        Some((name, address)) if address.contains('@') => {
            let name = name.trim().trim_matches('"').trim().to_owned();
            Mailbox { address: bare(address.trim_end()), name: (!name.is_empty()).then_some(name) }
        }
        _ => Mailbox { address: words.to_owned(), name: None },
    }
}

/// An address that a mail server could have used: one `@`, both sides filled, no blanks or control characters.
pub(super) fn is_deliverable(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let odd = |text: &str| match text.is_ascii() {
        true => text.bytes().any(|byte| byte <= b' ' || byte == 0x7f),
        false => text.chars().any(|character| character.is_whitespace() || character.is_control()),
    };
    let clean = |text: &str| !text.is_empty() && !odd(text);
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
        assert_eq!(read("ann@example.org (Ann (A.) Example)"), one("ann@example.org", "Ann (A.) Example"));
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
