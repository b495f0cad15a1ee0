//! "No", as an answer: a stable code, words for the person refused, and the paragraph behind it.

use serde::Serialize;
use serde_json::Value;

/// Why something was not done. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    pub kind: RefusalKind,
    /// Stable, kebab-case: `wrong-role`, `own-text`, `named-person-required`, …
    pub code: String,
    pub message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// What else is in the way, or which field is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<RefusalFault>,
    /// What the same actor may do instead, where the state is in the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allowed_actions: Vec<String>,
}

/// What kind of "no" it is: doors turn it into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// This actor may not (403).
    Forbidden,
    /// Not in the present state of things (409).
    Conflict,
    /// What was sent does not do (422).
    Invalid,
}

/// One further reason, with the JSON pointer of the field where there is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusalFault {
    pub pointer: Option<String>,
    pub message: String,
    pub code: Option<String>,
    pub policy: Option<String>,
}

impl Refusal {
    pub fn forbidden(code: &str, message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Forbidden, code, message)
    }

    pub fn conflict(code: &str, message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Conflict, code, message)
    }

    pub fn invalid(code: &str, message: impl Into<String>) -> Self {
        Self::new(RefusalKind::Invalid, code, message)
    }

    fn new(kind: RefusalKind, code: &str, message: impl Into<String>) -> Self {
        let (code, message) = (code.to_owned(), message.into());
        Self { kind, code, message, policy: None, faults: Vec::new(), allowed_actions: Vec::new() }
    }

    /// A system, the clock or a rule asked for what only a named person may do.
    pub fn named_person_required() -> Self {
        Self::forbidden("named-person-required", "Only a named person may do this, not a system.").under(Some("1.3"))
    }

    pub fn under(mut self, policy: Option<&str>) -> Self {
        self.policy = policy.map(str::to_owned);
        self
    }

    pub fn with_faults(mut self, faults: Vec<RefusalFault>) -> Self {
        self.faults = faults;
        self
    }

    /// The refusal as an event or log keeps it.
    pub fn to_json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}
