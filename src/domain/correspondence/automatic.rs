//! What kind of mail this is: from a person, or from a machine, and which. Decided before anything may be sent.
//!
//! Only what a machine says of itself, or what no person could send, counts: a person's mail taken for a machine's
//! would not be counted and might not be answered. So words in the text alone never make a mail automatic.

use super::{InboundMail, Invitation, Mailbox};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// A person wrote it. The only kind that counts as contact.
    Human,
    /// An answering machine, a receipt, a notification, a successful delivery report.
    AutoReply,
    /// A report that something could not be delivered, or not yet.
    Bounce,
    /// A report that somebody called a mail of ours spam (ARF).
    Complaint,
    /// Sent to many at once: a mailing list, a newsletter.
    List,
    /// Our own mail come back to us.
    Own,
}

impl MailKind {
    pub const ALL: [MailKind; 6] =
        [MailKind::Human, MailKind::AutoReply, MailKind::Bounce, MailKind::Complaint, MailKind::List, MailKind::Own];

    pub fn as_str(self) -> &'static str {
        match self {
            MailKind::Human => "human",
            MailKind::AutoReply => "auto_reply",
            MailKind::Bounce => "bounce",
            MailKind::Complaint => "complaint",
            MailKind::List => "list",
            MailKind::Own => "own",
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a kind of mail")]
pub struct UnknownMailKind(pub String);

impl FromStr for MailKind {
    type Err = UnknownMailKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        MailKind::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| UnknownMailKind(text.to_owned()))
    }
}

/// The kind of a mail and what showed it. Human mail needs no evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Automatic {
    pub kind: MailKind,
    pub evidence: Vec<String>,
}

/// What marks a mail as ours.
#[derive(Clone, Copy, Debug, Default)]
pub struct OurMail<'a> {
    /// Addresses we send from, lower case.
    pub addresses: &'a [String],
    /// The domain of our Message-IDs; empty: unknown.
    pub message_id_domain: &'a str,
}

/// Judges a mail. The first kind in this order that shows wins: own, complaint, bounce, automatic reply, list.
pub fn judge(mail: &InboundMail, ours: OurMail<'_>) -> Automatic {
    type Check = fn(&InboundMail) -> Vec<String>;
    let checks: [(MailKind, Check); 4] = [
        (MailKind::Complaint, complaint),
        (MailKind::Bounce, bounce),
        (MailKind::AutoReply, auto_reply),
        (MailKind::List, list),
    ];
    let shown =
        |(kind, check): (MailKind, Check)| Some((kind, check(mail))).filter(|(_, evidence)| !evidence.is_empty());
    let own = Some((MailKind::Own, own(mail, ours))).filter(|(_, evidence)| !evidence.is_empty());
    let found = own.or_else(|| checks.into_iter().find_map(shown));
    let (kind, evidence) = found.unwrap_or((MailKind::Human, Vec::new()));
    Automatic { kind, evidence }
}

fn own(mail: &InboundMail, ours: OurMail<'_>) -> Vec<String> {
    let mut evidence = Vec::new();
    let from = mail.from.as_ref().map(|from| from.address.as_str()).unwrap_or_default();
    let is_from = |our: &String| our.bytes().eq(from.bytes().map(|byte| byte.to_ascii_lowercase()));
    if ours.addresses.iter().any(is_from) {
        evidence.push("From is an address of ours".to_owned());
    }
    let id_domain = mail.message_id.as_deref().and_then(|id| id.rsplit_once('@')).map(|(_, domain)| domain);
    if !ours.message_id_domain.is_empty()
        && id_domain.is_some_and(|domain| domain.eq_ignore_ascii_case(ours.message_id_domain))
    {
        evidence.push("the Message-ID is of our domain".to_owned());
    }
    evidence
}

fn complaint(mail: &InboundMail) -> Vec<String> {
    let mut evidence = Vec::new();
    if report_type(mail) == "feedback-report" {
        evidence.push("Content-Type: multipart/report; report-type=feedback-report".to_owned());
    }
    if mail.embedded("message/feedback-report").is_some() {
        evidence.push("it holds a message/feedback-report".to_owned());
    }
    let returned = mail.embedded("message/rfc822").unwrap_or_default();
    // Two feedback loops older than ARF: nothing but the returned mail, with the recipient put into its header.
    let marks = ["x-hmxmroriginalrecipient:", "x-aol-inrly:"];
    let header = returned.split("\n\n").next().unwrap_or_default().to_ascii_lowercase();
    if mail.text.trim().is_empty() && header.lines().any(|line| marks.iter().any(|mark| line.starts_with(mark))) {
        evidence.push("it is a returned mail as a feedback loop sends it".to_owned());
    }
    evidence
}

fn bounce(mail: &InboundMail) -> Vec<String> {
    let mut evidence = Vec::new();
    let status = mail.embedded("message/delivery-status").or(mail.embedded("message/global-delivery-status"));
    if let Some(status) = status
        && !succeeded(status)
    {
        evidence.push("it holds a message/delivery-status".to_owned());
    } else if status.is_none() && report_type(mail) == "delivery-status" {
        evidence.push("Content-Type: multipart/report; report-type=delivery-status".to_owned());
    }
    if mail.headers.has("x-failed-recipients") {
        evidence.push("X-Failed-Recipients".to_owned());
    }
    // A report that everything arrived, or a machine's holiday notice, also comes from a mail server.
    let is_answer = status.is_some() && evidence.is_empty()
        || mail.embedded("message/disposition-notification").is_some()
        || auto_submitted(mail).is_some_and(|value| value == "auto-replied") && has_auto_subject(mail);
    if evidence.is_empty() && !is_answer {
        evidence.extend(mail_server_author(mail));
    }
    if evidence.is_empty() && !is_answer && has_null_return_path(mail) && has_bounce_subject(mail) {
        evidence.push("Return-Path: <> and the subject of a delivery report".to_owned());
    }
    evidence
}

/// Every recipient was reached: an RFC 3464 report without a failure or a delay.
fn succeeded(status: &str) -> bool {
    let actions = status.lines().filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("action").then(|| value.trim().to_ascii_lowercase())
    });
    let actions: Vec<String> = actions.collect();
    let good = ["delivered", "relayed", "expanded", "deliverable"];
    !actions.is_empty() && actions.iter().all(|action| good.iter().any(|word| action.starts_with(word)))
}

/// A From that only mail servers use.
fn mail_server_author(mail: &InboundMail) -> Option<String> {
    let is_named = |mailbox: &Mailbox| {
        let name = mailbox.name.as_deref().unwrap_or_default().trim();
        let names = ["mail delivery system", "mail delivery subsystem", "mail delivery service"];
        names.iter().any(|known| known.eq_ignore_ascii_case(name))
    };
    if let Some(author) = mail.from_all.iter().find(|mailbox| is_mail_server(&mailbox.address) || is_named(mailbox)) {
        return Some(format!("From: {}", author.address));
    }
    let return_path = mail.headers.first("return-path").unwrap_or_default().trim_matches(['<', '>', ' ']);
    if is_mail_server(return_path) {
        return Some(format!("Return-Path: {return_path}"));
    }
    let empty = mail.from_all.is_empty() && mail.headers.first("from").is_some_and(|from| from.contains("<>"));
    empty.then(|| "From: <>".to_owned())
}

fn is_mail_server(address: &str) -> bool {
    let local = address.bytes().take_while(|byte| *byte != b'@').filter(u8::is_ascii_alphanumeric);
    let local = local.map(|byte| byte.to_ascii_lowercase());
    let begins = |name: &str| local.clone().take(name.len()).eq(name.bytes());
    begins("mailerdaemon") || ["postmaster", "maildaemon"].iter().any(|name| local.clone().eq(name.bytes()))
}

fn auto_reply(mail: &InboundMail) -> Vec<String> {
    let mut evidence = Vec::new();
    if let Some(value) = auto_submitted(mail) {
        evidence.push(format!("Auto-Submitted: {value}"));
    }
    let is_receipt = mail.embedded("message/disposition-notification").is_some();
    if is_receipt || report_type(mail) == "disposition-notification" {
        evidence.push("it is a receipt (message/disposition-notification)".to_owned());
    }
    if mail.text.trim().is_empty() && mail.invitations.iter().any(Invitation::is_bare_reply) {
        evidence.push("it is an answer to an invitation without words (text/calendar; method=REPLY)".to_owned());
    }
    if mail.embedded("message/delivery-status").is_some() {
        evidence.push("it reports that a mail was delivered".to_owned());
    }
    for name in ["x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-fc-machinegenerated"] {
        if mail.headers.first(name).is_some_and(|value| !is_no(value)) {
            evidence.push(name.to_owned());
        }
    }
    let suppress = mail.headers.first("x-auto-response-suppress").unwrap_or_default().to_ascii_lowercase();
    if suppress.split(',').any(|word| word.trim() == "all") {
        evidence.push("X-Auto-Response-Suppress: All".to_owned());
    }
    let precedence = mail.headers.first("precedence").unwrap_or_default().to_ascii_lowercase();
    if ["auto_reply", "auto-reply", "autoreply"].contains(&precedence.trim()) {
        evidence.push(format!("Precedence: {}", precedence.trim()));
    }
    if has_auto_subject(mail) {
        evidence.push("the subject begins as an answering machine writes it".to_owned());
    }
    if begins_with_json(&mail.text) && says_nobody_reads_it(mail) {
        evidence.push("an address nobody reads, and a text that begins as JSON".to_owned());
    }
    evidence
}

fn list(mail: &InboundMail) -> Vec<String> {
    let mut evidence = Vec::new();
    for name in ["list-id", "list-unsubscribe", "list-post", "mailing-list"] {
        if mail.headers.has(name) {
            evidence.push(name.to_owned());
        }
    }
    let precedence = mail.headers.first("precedence").unwrap_or_default().trim().to_ascii_lowercase();
    if ["bulk", "list", "junk"].contains(&precedence.as_str()) {
        evidence.push(format!("Precedence: {precedence}"));
    }
    evidence
}

/// RFC 3834: the keyword, lower case, without comments and parameters; `None` for a person (`no`, or nothing).
fn auto_submitted(mail: &InboundMail) -> Option<String> {
    let values = mail.headers.all("auto-submitted");
    let keyword = |value: &str| value.split([';', '(']).next().unwrap_or_default().trim().to_ascii_lowercase();
    values.map(keyword).find(|keyword| !keyword.is_empty() && keyword != "no")
}

fn is_no(value: &str) -> bool {
    ["", "no", "false", "0"].contains(&value.trim().to_ascii_lowercase().as_str())
}

fn report_type(mail: &InboundMail) -> String {
    let value = mail.headers.first("content-type").unwrap_or_default().trim_start();
    let multipart = "multipart/report";
    if !value.get(..multipart.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(multipart)) {
        return String::new();
    }
    let value = value.to_ascii_lowercase();
    let after = value.split_once("report-type").and_then(|(_, after)| after.trim_start().strip_prefix('='));
    let quoted = after.unwrap_or_default().trim_start().trim_start_matches('"');
    quoted.split(['"', ';', ' ']).next().unwrap_or_default().to_owned()
}

/// The receiving server saw an empty envelope sender: nothing may be sent in answer. Some forwarders empty it for
/// people's mail too, so alone it shows no machine.
pub fn has_null_return_path(mail: &InboundMail) -> bool {
    mail.headers.first("return-path").is_some_and(|value| value.replace([' ', '\t'], "") == "<>")
}

/// Beginnings that answering machines of common mail systems put before the subject. A person's answer to such a mail
/// begins with `Re:`.
const AUTO_SUBJECTS: [&str; 24] = [
    "automatic reply",
    "auto reply",
    "auto-reply",
    "autoreply",
    "autoreply:",
    "auto response",
    "auto-response",
    "automatic response",
    "out of office",
    "out of the office",
    "out-of-office",
    "vacation:",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesend:",
    "réponse automatique",
    "absence du bureau",
    "respuesta automática",
    "risposta automatica",
    "resposta automática",
    "automatisch antwoord",
    "automatiskt svar",
    "automatisk svar",
    "odpowiedź automatyczna",
];

fn has_auto_subject(mail: &InboundMail) -> bool {
    let subject = mail.subject.as_deref().unwrap_or_default().trim().to_lowercase();
    AUTO_SUBJECTS.iter().any(|beginning| {
        subject.strip_prefix(beginning).is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.is_empty()
                || beginning.ends_with(':')
                || rest.starts_with([':', '-', '–', '：'])
                || rest.starts_with("re:")
                || rest.starts_with("from ")
        })
    })
}

const BOUNCE_SUBJECTS: [&str; 14] = [
    "undeliver",
    "undelivered mail",
    "mail delivery fail",
    "delivery status notification",
    "delivery failure",
    "delivery report",
    "delivery notification",
    "returned mail",
    "failure notice",
    "mail system error",
    "message not delivered",
    "nondeliverable",
    "non-delivery",
    "unzustellbar",
];

fn has_bounce_subject(mail: &InboundMail) -> bool {
    let subject = mail.subject.as_deref().unwrap_or_default().trim().to_lowercase();
    BOUNCE_SUBJECTS.iter().any(|beginning| subject.starts_with(beginning))
}

/// Alone this shows nothing: contact forms send people's words from such addresses.
fn says_nobody_reads_it(mail: &InboundMail) -> bool {
    let address = mail.from.as_ref().map(|from| from.address.to_ascii_lowercase()).unwrap_or_default();
    let local: String =
        address.split('@').next().unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    ["noreply", "donotreply", "notification"].iter().any(|word| local.contains(word))
}

fn begins_with_json(text: &str) -> bool {
    let text = text.trim_start();
    if !text.starts_with('{') {
        return false;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde::de::IgnoredAny>();
    matches!(values.next(), Some(Ok(_)))
}
