//! What each template is given. A field that is empty is left out of the letter with its heading.

use serde::Serialize;

/// What every letter to a member of the public begins with.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Letterhead {
    pub force_name: String,
    /// Lines.
    pub force_address: Vec<String>,
    pub department: String,
    /// `OFFICIAL`; printed above and below.
    pub marking: Option<String>,
    /// `Management of Repeat Contact, version 2`.
    pub policy: Option<String>,
    /// Of the letter, in words: `22 November 2026`.
    pub date: String,
    pub reference: String,
    /// `Dear Example Person`.
    pub greeting: String,
    /// 18-point type.
    pub large_print: bool,
    /// Paragraphs: adjustments made.
    pub adjustments: Vec<String>,
}

/// The notice of a communications strategy. What the harm test withheld is left empty by whoever fills it.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeContext {
    #[serde(flatten)]
    pub head: Letterhead,
    /// Paragraphs: why.
    pub reasons: Vec<String>,
    /// Sentences: what is asked, from `limits_in_words`.
    pub limits: Vec<String>,
    /// Addresses and numbers that are blocked, in words.
    pub blocked: Vec<String>,
    /// Paragraphs: what else is asked, and what we will do.
    pub arrangements: Vec<String>,
    /// Paragraphs.
    pub help: Vec<String>,
    pub contact: ContactPoint,
    pub advocate: Option<String>,
    /// In words; empty while the day of service is not known.
    pub starts_on: Option<String>,
    pub review_on: String,
    pub ends_on: String,
    /// Where and by when to challenge, in a sentence.
    pub challenge: String,
    pub further_sections: Vec<Section>,
    /// Who signs: a role, or a name and rank.
    pub signed_for: String,
}

/// Whom to answer to.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContactPoint {
    pub name: String,
    /// One named officer, not the department.
    pub single: bool,
    pub email: Option<String>,
    pub telephone: Option<String>,
    pub address: Option<String>,
}

#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Section {
    pub heading: String,
    pub paragraphs: Vec<String>,
}

/// The letter that says that the arrangements have ended.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EndedContext {
    #[serde(flatten)]
    pub head: Letterhead,
    /// In words.
    pub ended_on: String,
    /// Paragraphs.
    pub reasons: Vec<String>,
    pub contact: ContactPoint,
    pub signed_for: String,
}

/// A letter in an officer's own words.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LetterContext {
    #[serde(flatten)]
    pub head: Letterhead,
    pub heading: String,
    pub paragraphs: Vec<String>,
    pub contact: ContactPoint,
    pub signed_for: String,
}

/// The mails colleagues get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffMail {
    ConsultationAsked,
    ApprovalWaiting,
    /// Expired, lifted, quashed or superseded.
    StrategyEnded,
    /// Anything else that waits for a role.
    TaskWaiting,
}

impl StaffMail {
    pub const ALL: [StaffMail; 4] =
        [StaffMail::ConsultationAsked, StaffMail::ApprovalWaiting, StaffMail::StrategyEnded, StaffMail::TaskWaiting];

    pub(super) fn template(self) -> &'static str {
        match self {
            StaffMail::ConsultationAsked => "mails/consultation_asked",
            StaffMail::ApprovalWaiting => "mails/approval_waiting",
            StaffMail::StrategyEnded => "mails/strategy_ended",
            StaffMail::TaskWaiting => "mails/task_waiting",
        }
    }
}

/// A mail to a colleague names the case and nobody in it.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StaffContext {
    pub force_name: String,
    pub marking: Option<String>,
    /// `Management of Repeat Contact, version 2`.
    pub policy: Option<String>,
    pub greeting: String,
    pub reference: String,
    /// What is asked, in the workflow's words.
    pub task: Option<String>,
    pub due_on: Option<String>,
    pub link: Option<String>,
}

/// That a message was received.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AcknowledgementContext {
    pub force_name: String,
    pub marking: Option<String>,
}

// The samples every template is filled with at the start: one with everything, one with as little as possible.

impl NoticeContext {
    pub fn samples() -> [Self; 2] {
        let words = |text: &str| vec![text.to_owned()];
        let head = Letterhead {
            force_name: "Example Constabulary".into(),
            force_address: vec!["Example House".into(), "Example Town EX1 1EX".into()],
            department: "Professional Standards Department".into(),
            marking: Some("OFFICIAL-SENSITIVE".into()),
            policy: Some("Example Policy, version 2".into()),
            date: "22 November 2026".into(),
            reference: "CS-1".into(),
            greeting: "Dear Example Person".into(),
            large_print: true,
            adjustments: words("You receive our letters in large print."),
        };
        let rich = Self {
            head,
            reasons: words("You wrote to us 40 times in a week about a matter we have answered."),
            limits: words("Please send at most once in a calendar week by e-mail."),
            blocked: words("E-mail from person@example.org"),
            arrangements: words("We will answer once a week."),
            help: words("Your local team can help you."),
            contact: ContactPoint {
                name: "Example Officer".into(),
                single: true,
                email: Some("spoc@example.org".into()),
                telephone: Some("01632 960000".into()),
                address: Some("Example House".into()),
            },
            advocate: Some("Example Advocate".into()),
            starts_on: Some("24 November 2026".into()),
            review_on: "22 May 2027".into(),
            ends_on: "18 June 2027".into(),
            challenge: "Write to us by 20 December 2026.".into(),
            further_sections: vec![Section { heading: "Also".into(), paragraphs: words("More.") }],
            signed_for: "Appropriate Authority".into(),
        };
        [rich, Self::default()]
    }
}

impl EndedContext {
    pub fn samples() -> [Self; 2] {
        let [notice, _] = NoticeContext::samples();
        let rich = Self {
            head: notice.head,
            ended_on: notice.ends_on,
            reasons: notice.reasons,
            contact: notice.contact,
            signed_for: notice.signed_for,
        };
        [rich, Self::default()]
    }
}

impl LetterContext {
    pub fn samples() -> [Self; 2] {
        let [notice, _] = NoticeContext::samples();
        let rich = Self {
            head: notice.head,
            heading: "Our answer".to_owned(),
            paragraphs: notice.reasons,
            contact: notice.contact,
            signed_for: notice.signed_for,
        };
        [rich, Self::default()]
    }
}

impl StaffContext {
    pub fn samples() -> [Self; 2] {
        let rich = Self {
            force_name: "Example Constabulary".into(),
            marking: Some("OFFICIAL".into()),
            policy: Some("Example Policy, version 2".into()),
            greeting: "Dear colleague".into(),
            reference: "CS-1".into(),
            task: Some("Answer the consultation".into()),
            due_on: Some("24 November 2026".into()),
            link: Some("https://evenhand.example.org/cases/1".into()),
        };
        [rich, Self::default()]
    }
}

impl AcknowledgementContext {
    pub fn samples() -> [Self; 2] {
        let rich = Self { force_name: "Example Constabulary".into(), marking: Some("OFFICIAL".into()) };
        [rich, Self::default()]
    }
}
