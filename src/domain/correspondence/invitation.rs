//! What a calendar part says: an invitation, an answer to one, or its end.

use super::Mailbox;

/// One event of a `text/calendar` part (RFC 5545, RFC 5546). Texts as the sender wrote them, cut to a fixed length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invitation {
    /// `REQUEST`, `REPLY`, `CANCEL` …, upper case; empty where the part names none.
    pub method: String,
    pub summary: String,
    pub location: String,
    pub description: String,
    /// As a person reads it: `2026-03-02 10:00 Europe/London`, or a day alone. Empty where there is none.
    pub start: String,
    pub end: String,
    pub organiser: Option<Mailbox>,
    /// Of a reply: who answers, and `ACCEPTED`, `DECLINED` or `TENTATIVE`.
    pub attendee: Option<Mailbox>,
    pub answer: String,
    /// What whoever answers added.
    pub comment: String,
}

impl Invitation {
    /// An answer that a program wrote for whoever clicked: it has no words of theirs.
    pub fn is_bare_reply(&self) -> bool {
        self.method == "REPLY" && self.comment.trim().is_empty()
    }

    /// Its text for whoever reads the mail, a line each.
    pub fn as_text(&self) -> String {
        let head = match self.method.as_str() {
            "REQUEST" | "PUBLISH" | "ADD" => "Invitation",
            "REPLY" => "Answer to an invitation",
            "CANCEL" => "Invitation withdrawn",
            "COUNTER" => "Another time proposed",
            _ => "Calendar entry",
        };
        let mut lines = vec![format!("{head}: {}", self.summary)];
        let mut add = |label: &str, value: &str| {
            if !value.trim().is_empty() {
                lines.push(format!("{label}: {value}"));
            }
        };
        add("From", &self.start);
        add("To", &self.end);
        add("Where", &self.location);
        add("Organiser", &named(self.organiser.as_ref()));
        add("Answered by", &named(self.attendee.as_ref()));
        add("Answer", &self.answer.to_lowercase());
        add("Comment", &self.comment);
        add("Description", &self.description);
        lines.join("\n")
    }
}

fn named(mailbox: Option<&Mailbox>) -> String {
    match mailbox {
        Some(Mailbox { address, name: Some(name) }) => format!("{name} <{address}>"),
        Some(Mailbox { address, name: None }) => address.clone(),
        None => String::new(),
    }
}
