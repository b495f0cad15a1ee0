//! What a delivery report says became of a mail for each recipient, and which mail it is about.
//!
//! Which mail is asked of ids alone, never of words: whoever reads the answer checks that the id is signed. A report about
//! a report is about no mail of ours.

use super::{Returned, recipients, report, returned_mail, words};
use crate::domain::correspondence::InboundMail;
use std::str::FromStr;

/// A report names the recipients of one mail; ours have one each. More than this are not ours.
const MOST_RECIPIENTS: usize = 50;
/// Characters of the server's words that are kept.
const MOST_DIAGNOSTIC: usize = 500;

/// What became of a mail for one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The server goes on trying.
    Delayed,
    /// Handed to a server that reports no further.
    Relayed,
    Delivered,
    /// This mail was given up; another may arrive (4.x.x: a full mailbox, a server that is away).
    FailedForNow,
    /// There is no use in trying again (5.x.x).
    FailedPermanently,
}

impl Outcome {
    pub const ALL: [Outcome; 5] =
        [Outcome::Delayed, Outcome::Relayed, Outcome::Delivered, Outcome::FailedForNow, Outcome::FailedPermanently];

    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Delayed => "delayed",
            Outcome::Relayed => "relayed",
            Outcome::Delivered => "delivered",
            Outcome::FailedForNow => "failed_for_now",
            Outcome::FailedPermanently => "failed_permanently",
        }
    }

    /// Whether the mail did not arrive and will not.
    pub fn failed(self) -> bool {
        matches!(self, Outcome::FailedForNow | Outcome::FailedPermanently)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not an outcome of a delivery")]
pub struct UnknownOutcome(pub String);

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == text);
        known.ok_or_else(|| UnknownOutcome(text.to_owned()))
    }
}

/// What is said of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Under each name the report gives it: the address that was written to, and where that was forwarded to.
    pub addresses: Vec<String>,
    pub outcome: Outcome,
    /// Enhanced (RFC 3463): `5.1.1`.
    pub status: Option<String>,
    /// The server's words, shortened.
    pub diagnostic: Option<String>,
}

impl Delivery {
    /// What a report of a failure says that names no recipient: that it failed, not whether for good.
    pub fn of_nobody_named() -> Self {
        Self { addresses: Vec::new(), outcome: Outcome::FailedForNow, status: None, diagnostic: None }
    }
}

/// A delivery report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the order of the report.
    pub deliveries: Vec<Delivery>,
    /// Message-IDs of the mail it may be about, the likeliest first, without angle brackets.
    pub ids: Vec<String>,
    /// What came back is itself a report.
    pub of_a_report: bool,
}

/// Reads what a delivery report says, good and bad.
pub fn outcomes(mail: &InboundMail) -> Report {
    let returned = returned_mail(mail);
    let mut deliveries = report::deliveries(mail);
    if deliveries.is_empty() {
        deliveries = in_words(mail, &returned);
    }
    deliveries.truncate(MOST_RECIPIENTS);
    Report { deliveries, ids: ids(mail, &returned), of_a_report: returned.is_a_report() }
}

fn in_words(mail: &InboundMail, returned: &Returned<'_>) -> Vec<Delivery> {
    let said = words::before_the_returned_mail(words::enough_of(&mail.text));
    let late = words::is_only_late(mail.subject.as_deref().unwrap_or_default(), said);
    let status = words::status(said);
    let delivery = |failed: super::FailedRecipient| Delivery {
        addresses: vec![failed.address],
        outcome: match (failed.permanent, late) {
            (true, _) => Outcome::FailedPermanently,
            (false, true) => Outcome::Delayed,
            (false, false) => Outcome::FailedForNow,
        },
        status: status.clone(),
        diagnostic: None,
    };
    recipients(mail, returned).into_iter().map(delivery).collect()
}

/// Of the mail that came back, then what the report says itself, then what it answers.
fn ids(mail: &InboundMail, returned: &Returned<'_>) -> Vec<String> {
    let mut ids: Vec<String> = returned.header("message-id").into_iter().collect();
    ids.extend(report::original_ids(mail));
    ids.extend(mail.in_reply_to.iter().cloned());
    ids.extend(mail.references.iter().rev().cloned());
    let bare = |id: String| id.trim().trim_matches(['<', '>']).trim().to_owned();
    let mut found = Vec::new();
    for id in ids.into_iter().map(bare).filter(|id| !id.is_empty()) {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found
}

impl Returned<'_> {
    /// Servers write no mail but reports, and name nobody whom a report about them could be sent to.
    fn is_a_report(&self) -> bool {
        let has = |name: &str, beginning: &str| {
            self.header(name).is_some_and(|value| value.to_ascii_lowercase().starts_with(beginning))
        };
        let author = self.header("from").unwrap_or_default().to_ascii_lowercase();
        has("content-type", "multipart/report")
            || self.header("return-path").is_some_and(|value| value.replace([' ', '\t'], "") == "<>")
            || ["mailer-daemon@", "postmaster@"].iter().any(|server| author.contains(server))
    }
}

pub(super) fn shortened(words: &str) -> Option<String> {
    let words: String = words.trim().chars().take(MOST_DIAGNOSTIC).collect();
    (!words.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::correspondence::Embedded;

    fn report(fields: &str, returned: &str) -> Report {
        let part = |kind: &str, text: &str| Embedded { media_type: kind.to_owned(), text: text.to_owned() };
        outcomes(&InboundMail {
            embedded: vec![part("message/delivery-status", fields), part("message/rfc822", returned)],
            ..InboundMail::default()
        })
    }

    #[test]
    fn each_recipient_has_its_own_outcome_status_and_words() {
        let found = report(
            "Reporting-MTA: dns; mx.x\n\nFinal-Recipient: rfc822; a@x\nAction: failed\nStatus: 5.1.1\n\
             Diagnostic-Code: smtp; 550 5.1.1\n no such user\n\nFinal-Recipient: rfc822; b@x\nAction: delayed\n\
             Status: 4.4.1\n\nOriginal-Recipient: rfc822;c@x\nFinal-Recipient: rfc822; d@y\nAction: delivered\n\
             Status: 2.0.0\n\nFinal-Recipient: rfc822; e@x\nAction: failed\nStatus: 4.2.2 (mailbox full)",
            "",
        );
        let seen: Vec<_> = found
            .deliveries
            .iter()
            .map(|delivery| (delivery.addresses.join(" "), delivery.outcome, delivery.status.clone().unwrap()))
            .collect();
        let expected = [
            ("a@x", Outcome::FailedPermanently, "5.1.1"),
            ("b@x", Outcome::Delayed, "4.4.1"),
            ("c@x d@y", Outcome::Delivered, "2.0.0"),
            ("e@x", Outcome::FailedForNow, "4.2.2"),
        ];
        assert_eq!(seen, expected.map(|(address, outcome, status)| (address.to_owned(), outcome, status.to_owned())));
        assert_eq!(found.deliveries[0].diagnostic.as_deref(), Some("smtp; 550 5.1.1 no such user"));
    }

    #[test]
    fn a_long_id_may_stand_on_the_line_below_its_name() {
        let found =
            report("Final-Recipient: rfc822; a@x", "Subject: x\r\nMessage-ID:\r\n <long@x>\r\nTo: a@x\r\n\r\nwords");
        assert_eq!(found.ids, ["long@x"]);
        assert!(!found.of_a_report);
    }

    #[test]
    fn what_a_server_wrote_is_a_report() {
        for returned in [
            "Content-Type: multipart/report; report-type=delivery-status\n\nx",
            "Return-Path: <>\nSubject: x\n\nx",
            "From: Mail System <MAILER-DAEMON@x>\n\nx",
        ] {
            assert!(report("", returned).of_a_report, "{returned}");
        }
        assert!(!report("", "From: us@x\nReturn-Path: <us@x>\n\nFrom: mailer-daemon@x").of_a_report);
    }

    #[test]
    fn outcomes_read_back_from_their_names() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.as_str().parse::<Outcome>().unwrap(), outcome);
        }
        assert!("bounced".parse::<Outcome>().is_err());
    }
}
