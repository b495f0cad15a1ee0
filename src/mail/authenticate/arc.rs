//! What a forwarder saw before it passed a mail on (RFC 8617).
//!
//! Our border server checks the seals and says `arc=pass`; without that, nothing in the chain is read. Then the newest
//! seal must be of a forwarder the operator named, and it is that forwarder's own results that are believed: what stands
//! in older sets is its business.

use super::is_about;
use super::results::Results;
use crate::domain::correspondence::InboundMail;

/// More sets than this are no chain (RFC 8617 §4.2.1).
const MOST_SETS: u32 = 50;

/// What our border server and a forwarder we trust say together; `None` where nobody we trust vouches for the author.
pub(super) fn vouched(mail: &InboundMail, border: &Results, (author, forwarders): (&str, &[String])) -> Option<String> {
    let mut said = border.of("arc").peekable();
    said.peek()?;
    if !said.all(|result| result.is_pass()) {
        return None;
    }
    let sealer = forwarder(mail, (author, forwarders))?;
    Some(format!("our server reports arc=pass, and {sealer}, which forwarded the mail, saw dmarc=pass for {author}"))
}

/// The trusted forwarder that sealed last and saw a DMARC pass for the author. Only for a chain that was proven whole.
pub(super) fn forwarder<'a>(mail: &InboundMail, (author, forwarders): (&str, &'a [String])) -> Option<&'a str> {
    let newest = newest_set(mail)?;
    let sealer = forwarders.iter().find(|known| known.trim().eq_ignore_ascii_case(&newest.sealer))?;
    let (_, results) = newest.results.split_once(';')?;
    let results = Results::parse(results)?;
    let mut dmarc = results.of("dmarc").peekable();
    dmarc.peek()?;
    dmarc.all(|result| result.is_pass() && is_about(result, author)).then_some(sealer.as_str())
}

struct NewestSet<'a> {
    /// The domain of the newest seal.
    sealer: String,
    /// The newest ARC-Authentication-Results, with its instance.
    results: &'a str,
}

/// The newest set, if there is exactly one field of each kind for every instance from 1 on.
fn newest_set(mail: &InboundMail) -> Option<NewestSet<'_>> {
    let seals = numbered(mail, "arc-seal")?;
    let newest = u32::try_from(seals.len()).ok().filter(|newest| (1..=MOST_SETS).contains(newest))?;
    let results = numbered(mail, "arc-authentication-results")?;
    let messages = numbered(mail, "arc-message-signature")?;
    let complete = |fields: &[(u32, &str)]| (1..=newest).eq(fields.iter().map(|(instance, _)| *instance));
    if ![&seals, &results, &messages].into_iter().all(|fields| complete(fields)) {
        return None;
    }
    let seal = seals.last().map(|(_, seal)| *seal)?;
    let whole_before = if newest == 1 { "none" } else { "pass" };
    if !tag(seal, "cv")?.eq_ignore_ascii_case(whole_before) {
        return None;
    }
    Some(NewestSet { sealer: tag(seal, "d")?.to_owned(), results: results.last().map(|(_, results)| *results)? })
}

/// The fields of that name by instance, lowest first; `None` where one has no clear instance or there are too many.
fn numbered<'a>(mail: &'a InboundMail, name: &'a str) -> Option<Vec<(u32, &'a str)>> {
    let mut fields = Vec::new();
    for field in mail.headers.all(name) {
        if fields.len() > MOST_SETS as usize {
            return None;
        }
        let instance = match name {
            "arc-authentication-results" => tag(field.split(';').next()?, "i")?,
            _ => tag(field, "i")?,
        };
        fields.push((instance.parse().ok()?, field));
    }
    fields.sort_by_key(|(instance, _)| *instance);
    Some(fields)
}

/// The value of a tag of a tag-list (RFC 6376 §3.2); `None` where it is missing or there twice.
fn tag<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let mut found = list.split(';').filter_map(|tag| {
        let (label, value) = tag.split_once('=')?;
        label.trim().eq_ignore_ascii_case(name).then(|| value.trim())
    });
    let value = found.next()?;
    found.next().is_none().then_some(value)
}
