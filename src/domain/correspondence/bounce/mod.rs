//! Which addresses a bounce says could not be reached, whether for good, and which mail it is about.
//!
//! The machine-readable fields (RFC 3464) come first; then what mail servers say in words, from the most certain form
//! to the least.

mod outcome;
mod report;
mod words;

pub use outcome::{Delivery, Outcome, Report, UnknownOutcome, outcomes};

use super::{InboundMail, lines};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounce {
    pub recipients: Vec<FailedRecipient>,
    /// The Message-ID of the mail that came back, without angle brackets.
    pub original_message_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedRecipient {
    pub address: String,
    /// There is no use in trying again: a 5.x.x status, or words that mean it.
    pub permanent: bool,
}

/// Reads a bounce (or a complaint). Recipients are in the order of the report, each once.
pub fn read(mail: &InboundMail) -> Bounce {
    let returned = returned_mail(mail);
    let recipients = recipients(mail, &returned);
    let mut bounce = Bounce { recipients: Vec::new(), original_message_id: original_id(mail, &returned) };
    for recipient in recipients {
        let known = bounce.recipients.iter_mut().find(|known| known.address.eq_ignore_ascii_case(&recipient.address));
        match known {
            Some(known) => known.permanent |= recipient.permanent,
            None => bounce.recipients.push(recipient),
        }
    }
    bounce
}

/// The returned mail, or its header, wherever the report put it; empty where it is not there.
struct Returned<'a> {
    text: &'a str,
}

impl Returned<'_> {
    /// The topmost field of that name, unfolded.
    fn header(&self, name: &str) -> Option<String> {
        let lines = lines::lines(self.text.trim_start()).take_while(|line| !line.trim_start().is_empty());
        let begins = |line: &str| line.get(..name.len()).is_some_and(|label| label.eq_ignore_ascii_case(name));
        let mut lines = lines.skip_while(|line| {
            if !begins(line.trim_start()) {
                return true;
            }
            let label = line.split_once(':').map(|(label, _)| label.trim());
            line.starts_with([' ', '\t']) || !label.is_some_and(|label| label.eq_ignore_ascii_case(name))
        });
        let (_, value) = lines.next()?.split_once(':')?;
        let mut value = value.trim().to_owned();
        for line in lines.take_while(|line| line.starts_with([' ', '\t'])) {
            value.push(' ');
            value.push_str(line.trim());
        }
        Some(value.trim().to_owned())
    }
}

fn returned_mail(mail: &InboundMail) -> Returned<'_> {
    let kinds =
        ["message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers"];
    let embedded = kinds.iter().find_map(|kind| mail.embedded(kind));
    Returned { text: embedded.unwrap_or_else(|| words::after_the_report(words::enough_of(&mail.text))) }
}

fn recipients(mail: &InboundMail, returned: &Returned<'_>) -> Vec<FailedRecipient> {
    let from_fields: Vec<FailedRecipient> = report::recipients(mail);
    if !from_fields.is_empty() {
        return from_fields;
    }
    let report = words::before_the_returned_mail(words::enough_of(&mail.text));
    let verdict = words::is_permanent(mail.subject.as_deref().unwrap_or_default(), report);
    let judged = |addresses: Vec<String>| -> Vec<FailedRecipient> {
        addresses.into_iter().map(|address| FailedRecipient { address, permanent: verdict }).collect()
    };
    let failed_header: Vec<&str> = mail.headers.all("x-failed-recipients").collect();
    let known = words::Known::of(mail, returned.header("from").as_deref());
    if !failed_header.is_empty() {
        return judged(words::addresses(&failed_header.join(" "), &known));
    }
    let named = words::named_recipients(report, &known);
    if !named.is_empty() {
        return judged(named);
    }
    let to =
        ["x-actual-recipient", "x-hmxmroriginalrecipient", "to"].into_iter().find_map(|name| returned.header(name));
    judged(words::addresses(&to.unwrap_or_default(), &known))
}

fn original_id(mail: &InboundMail, returned: &Returned<'_>) -> Option<String> {
    let id = |value: &str| {
        let value = value.trim().trim_start_matches('<');
        let id = value.split(['>', ' ', '\t']).next().unwrap_or_default();
        (!id.is_empty()).then(|| id.to_owned())
    };
    let own = returned.header("message-id").as_deref().and_then(id);
    own.or_else(|| report::original_message_id(mail)).or_else(|| {
        let answered = mail.in_reply_to.first().or(mail.references.last());
        answered.cloned()
    })
}
