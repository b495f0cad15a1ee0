//! A checked workflow: every name in it resolves, every guard compiled with the right types.

mod effect;

pub use effect::EffectName;

use crate::domain::access::Role;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, fmt, sync::Arc};

/// A case type at one version. Built only by the checker, so holding one is the proof that it is sound.
#[derive(Clone, Debug)]
pub struct Workflow {
    pub key: String,
    pub version: u32,
    pub title: String,
    /// The policy the paragraphs refer to.
    pub policy: String,
    /// SHA-256 (hex) over definition, forms and templates: what an open case is pinned to.
    pub content_hash: String,
    pub initial: String,
    /// Who may open a case of this type, and with which form. `None`: only another case's effect may.
    pub open: Option<Opening>,
    /// The form whose fields are *the content*: what `signs: content` binds a signature to.
    pub content: Option<String>,
    /// What a case of this type is given when another case opens it.
    pub seed: BTreeMap<String, SeedKind>,
    /// The template that an effect renders, by its name under `templates/` (`letters/notice`).
    pub templates: BTreeMap<EffectName, String>,
    /// In the order of the file.
    pub states: Vec<State>,
    pub forms: BTreeMap<String, Form>,
    pub invariants: Vec<Invariant>,
}

impl Workflow {
    pub fn state(&self, id: &str) -> Option<&State> {
        self.states.iter().find(|state| state.id == id)
    }

    /// Whether a case ends in this state.
    pub fn is_final(&self, state: &str) -> bool {
        self.state(state).is_some_and(|state| state.kind == StateKind::Final)
    }

    pub fn action(&self, state: &str, action: &str) -> Option<&Action> {
        self.state(state)?.on.iter().find(|candidate| candidate.id == action)
    }

    /// The case types under whose cases a person opens a case of this type; `nothing` among them where it may stand
    /// alone too. Empty where it always does, or where only an effect opens it.
    pub fn under(&self) -> &[String] {
        self.open.as_ref().map(|open| open.under.as_slice()).unwrap_or_default()
    }

    /// Whether any action keeps out whoever acted on the cases this one belongs to.
    pub fn asks_for_family(&self) -> bool {
        let asks = |action: &Action| action.not_involved.contains(&Involvement::ParentFamily);
        self.states.iter().flat_map(|state| &state.on).any(asks)
    }

    /// Whether any state knows an action of this name, or it is the opening of a case that people open.
    pub fn knows_action(&self, action: &str) -> bool {
        (action == OPENING && self.open.is_some())
            || self.states.iter().any(|state| state.on.iter().any(|candidate| candidate.id == action))
    }
}

/// What four eyes call the opening of a case.
pub const OPENING: &str = "open";

#[derive(Clone, Debug)]
pub struct Opening {
    pub by: Vec<By>,
    /// The case types under whose cases it is opened, and `nothing`; empty: under none.
    pub under: Vec<String>,
    pub form: Option<String>,
    pub guard: Vec<Guard>,
    pub policy: Option<String>,
}

/// The type of a field that the opening case fills in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeedKind {
    String,
    /// An ISO date, as text.
    Date,
    Integer,
    Boolean,
}

#[derive(Clone, Debug)]
pub struct State {
    pub id: String,
    pub title: String,
    pub kind: StateKind,
    /// The first whose condition holds counts.
    pub due: Vec<Due>,
    pub alerts: Vec<Alert>,
    /// In the order of the file; what `pause` yields comes last.
    pub on: Vec<Action>,
    pub after: Vec<Timer>,
    pub entry: Vec<EffectName>,
    pub exit: Vec<EffectName>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StateKind {
    #[default]
    Open,
    /// A member of the public is restricted while a case is here.
    Restrictive,
    Final,
}

/// By when a state should be left, who is reminded before, and whom to tell if it is not left.
#[derive(Clone, Debug)]
pub struct Due {
    /// Only where this field of the case's data is true.
    pub when: Option<Vec<String>>,
    pub within: Span,
    pub tell: Vec<Role>,
    /// So long before, those who can move the case on are reminded.
    pub remind: Option<Span>,
    pub escalate: Option<Escalation>,
}

/// Whom to tell when a deadline has passed for so long.
#[derive(Clone, Debug)]
pub struct Escalation {
    pub after: Span,
    pub to: Vec<Role>,
}

/// Who is told of a date of the case while it is in a state. Telling moves nothing.
#[derive(Clone, Debug)]
pub struct Alert {
    /// A date of the case's data: `[reviewOn]`.
    pub at: Vec<String>,
    pub offset: Offset,
    pub tell: Vec<Role>,
    pub say: String,
    /// Again on each later working day, until the state is left.
    pub daily: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    Before(Span),
    After(Span),
}

/// `10 working days`, `3 days`, `90 calendar days`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Monday to Friday less England and Wales bank holidays.
    WorkingDays(u32),
    CalendarDays(u32),
}

#[derive(Clone, Debug)]
pub struct Action {
    pub id: String,
    pub title: String,
    pub by: Vec<By>,
    pub target: Target,
    pub form: Option<String>,
    /// Where in `case.data` the form's input is kept: `x` at `x`, `x[]` appended to the list `x`; `None` merges its
    /// fields at the top level.
    pub into: Option<String>,
    pub guard: Vec<Guard>,
    /// Four eyes: nobody who took one of these actions on this case (since the text was last opened for editing
    /// or ever: ever) may take this one.
    pub separate_from: Vec<String>,
    pub not_involved: Vec<Involvement>,
    /// The workflow key for which the actor must hold a delegation valid on the day.
    pub delegation: Option<String>,
    /// The actor's signature is bound to the hash of the content.
    pub signs_content: bool,
    /// Only while the content's hash equals the one last signed.
    pub requires_signed_content: bool,
    pub effects: Vec<EffectName>,
    /// Whom `tell_role` asks. `None`: whoever can move the case on.
    pub ask: Option<Ask>,
    pub policy: Option<String>,
    /// What it does to the deadline of its state; only what `pause` yields does anything.
    pub clock: Option<ClockStep>,
}

/// What an action does to the deadline of its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockStep {
    Pause,
    Resume,
}

/// What is to be done after an action, and by whom.
#[derive(Clone, Debug)]
pub struct Ask {
    pub of: Vec<Role>,
    /// In words; the title of the state the case is in where there are none.
    pub to: Option<String>,
}

/// Who may take an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum By {
    /// An officer holding this role; `spoc` must also be this case's SPOC.
    Role(Role),
    /// `child_case`: not a person directly, but an effect of an action on a child case, in that person's name.
    Special(SpecialActor),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpecialActor {
    ChildCase,
    /// A nomination rule; only where nothing restrictive can follow without a person.
    Rule,
}

#[derive(Clone, Debug)]
pub enum Target {
    /// Records without moving.
    Stay,
    To(String),
    /// The first that holds; the checker proves that one always does.
    Choose(Vec<Choice>),
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub when: Expression,
    pub to: String,
}

/// A condition with the words for the person it refuses and the paragraph behind it.
#[derive(Clone, Debug)]
pub struct Guard {
    pub that: Expression,
    pub otherwise: String,
    pub policy: Option<String>,
    /// A stable code for the refusal; `guard` unless the file names one.
    pub code: String,
}

/// Functions that are about the action's input: what they say is known when it is sent.
const READ_INPUT: [&str; 1] = ["every_option_considered"];

/// A CEL expression compiled at load.
#[derive(Clone)]
pub struct Expression {
    pub source: String,
    pub program: Arc<cel::Program>,
}

impl Expression {
    /// Whether the expression looks at the action's input, itself or by a function that does.
    pub fn reads_input(&self) -> bool {
        let references = self.program.references();
        references.has_variable("input") || READ_INPUT.iter().any(|function| references.has_function(function))
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.source).finish()
    }
}

/// Whom an action must not be taken by, beyond four eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Involvement {
    #[serde(rename = "case.spoc")]
    CaseSpoc,
    #[serde(rename = "person.complained_about")]
    PersonComplainedAbout,
    /// Whoever acted on the case this one belongs to, or on anything that belongs to the same topmost case.
    #[serde(rename = "parent.family")]
    ParentFamily,
}

/// A clock on a state: when it strikes the case moves by itself. It may lift, remind or escalate; never restrict.
#[derive(Clone, Debug)]
pub struct Timer {
    pub when: TimerAt,
    pub to: Option<String>,
    pub effects: Vec<EffectName>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimerAt {
    /// A date (start of that day in London) or instant kept in the case's data: `case.data.endsOn`.
    Field(Vec<String>),
    /// So long after the state was entered.
    After(Span),
}

/// A form: a JSON Schema (2020-12) that the API validates with and the pages draw from.
#[derive(Clone)]
pub struct Form {
    pub name: String,
    pub schema: Value,
    pub validator: Arc<jsonschema::Validator>,
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Form").field(&self.name).finish()
    }
}

/// A property of every path through the workflow, in the patterns of Dwyer, Avrunin and Corbett (1999).
#[derive(Clone, Debug)]
pub struct Invariant {
    pub id: String,
    pub says: String,
    pub policy: Option<String>,
    pub pattern: Pattern,
}

#[derive(Clone, Debug)]
pub enum Pattern {
    /// `what` never happens (between `since` and `until`).
    Absence { what: Occurrence, since: Option<Occurrence>, until: Option<Occurrence> },
    /// `then` never happens unless `first` happened before it (after the last `since`).
    Precedence { first: Occurrence, then: Occurrence, since: Option<Occurrence> },
    /// Whenever `trigger` happens, a path on which `then` happens stays possible and no final state is reached without it.
    Response { trigger: Occurrence, then: Occurrence },
    /// Every state of the case satisfies `what` (between `since` and `until`).
    Universality { what: Occurrence, since: Option<Occurrence>, until: Option<Occurrence> },
    /// Nobody takes `second` who took one of `first`.
    DifferentActor { first: Vec<String>, second: String },
}

/// Something that happens on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Occurrence {
    Action(String),
    State(String),
    Kind(StateKind),
    /// Any clock striking.
    Clock,
    Effect(EffectName),
    /// One of these.
    Any(Vec<Occurrence>),
}
