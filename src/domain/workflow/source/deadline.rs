//! What a state says of time: by when it is left, who is told when, and who may let its clock stand.

use super::read::{At, Reader};
use super::words;
use crate::domain::access::Role;
use crate::domain::workflow::model::{
    Action, Alert, By, ClockStep, Due, Escalation, Involvement, Offset, Span, Target,
};

const DUE_KEYS: &[&str] = &["when", "in", "tell", "remind", "escalate"];
const ALERT_KEYS: &[&str] = &["at", "before", "after", "tell", "say", "daily"];

impl Reader<'_> {
    /// One deadline, or several of which the first whose `when` is true counts.
    pub(super) fn dues(&mut self, at: &At<'_>) -> Vec<Due> {
        let items = self.items(at);
        let dues: Vec<Due> = items.iter().filter_map(|item| self.due(item)).collect();
        let last = dues.len().saturating_sub(1);
        let unconditional = dues.iter().position(|due| due.when.is_none());
        if dues.len() == items.len() && !dues.is_empty() && unconditional != Some(last) {
            self.fault(at, "due-not-total", "exactly the last deadline has no `when`, so that one always counts");
        }
        dues
    }

    fn due(&mut self, at: &At<'_>) -> Option<Due> {
        let fields = self.fields(at, "`due`", DUE_KEYS);
        let within = match fields.get("in") {
            Some(within) => self.span(within),
            None => {
                self.fault(at, "missing-key", "`due` needs `in`: within what time");
                None
            }
        };
        let tell = fields.get("tell").map(|tell| self.told(tell)).unwrap_or_default();
        if fields.get("tell").is_none_or(At::is_empty_list) {
            self.fault(at, "due-tells-nobody", "`due` needs `tell`: whom to tell when the time has passed");
        }
        let remind = fields.get("remind").and_then(|remind| self.span(remind));
        if let (Some(within), Some(remind)) = (within, remind)
            && !shorter(remind, within)
        {
            self.fault(at, "reminds-too-early", "a reminder comes less long before the end than the time there is");
        }
        let when = fields.get("when").and_then(|when| self.data_path(when));
        let escalate = fields.get("escalate").and_then(|escalate| self.escalation(escalate));
        within.map(|within| Due { when, within, tell, remind, escalate })
    }

    fn escalation(&mut self, at: &At<'_>) -> Option<Escalation> {
        let fields = self.fields(at, "`escalate`", &["after", "to"]);
        let (Some(after), Some(to)) = (fields.get("after"), fields.get("to")) else {
            self.fault(at, "missing-key", "`escalate` needs `after` and `to`: how long past the end, and whom to tell");
            return None;
        };
        if to.is_empty_list() {
            self.fault(to, "escalates-to-nobody", "somebody has to be told here");
        }
        Some(Escalation { after: self.span(after)?, to: self.told(to) })
    }

    pub(super) fn alerts(&mut self, at: &At<'_>) -> Vec<Alert> {
        let items = self.items(at);
        items.iter().filter_map(|item| self.alert(item)).collect()
    }

    fn alert(&mut self, at: &At<'_>) -> Option<Alert> {
        let fields = self.fields(at, "an alert", ALERT_KEYS);
        for required in ["at", "say"] {
            if fields.get(required).is_none() {
                self.fault(at, "missing-key", format!("an alert needs `{required}`"));
            }
        }
        if fields.get("tell").is_none_or(At::is_empty_list) {
            self.fault(at, "alert-tells-nobody", "an alert needs `tell`: whom to tell");
        }
        let offset = match (fields.get("before"), fields.get("after")) {
            (Some(before), None) => Offset::Before(self.span(before)?),
            (None, Some(after)) => Offset::After(self.span(after)?),
            (None, None) => Offset::Before(Span::CalendarDays(0)),
            (Some(_), Some(_)) => {
                self.fault(at, "wrong-shape", "an alert comes either `before` its date or `after` it");
                return None;
            }
        };
        Some(Alert {
            at: self.data_path(fields.get("at")?)?,
            offset,
            tell: fields.get("tell").map(|tell| self.told(tell)).unwrap_or_default(),
            say: self.text(fields.get("say")?)?.to_owned(),
            daily: fields.get("daily").is_some_and(|at| self.yes_or_no(at)),
        })
    }

    /// The actions that a state with `pause` has beside its own.
    pub(super) fn pause(&mut self, at: &At<'_>, on: &[Action]) -> Vec<Action> {
        let fields = self.fields(at, "`pause`", &["by", "policy"]);
        let Some(by) = fields.get("by").filter(|by| !by.is_empty_list()) else {
            self.fault(at, "missing-key", "`pause` needs `by`: who may let the clock stand");
            return Vec::new();
        };
        if let Some(own) = on.iter().find(|action| matches!(action.id.as_str(), "pause" | "resume")) {
            self.fault(at, "duplicate-action", format!("`pause` yields an action `{}`; the state has one", own.id));
            return Vec::new();
        }
        let (by, policy) = (self.roles(by), self.optional_text(fields.get("policy")));
        let built_in = |id: &str, title: &str, form: &str, clock: ClockStep| Action {
            title: title.to_owned(),
            by: by.iter().map(|role| By::Role(*role)).collect(),
            form: Some(form.to_owned()),
            not_involved: vec![Involvement::PersonComplainedAbout],
            policy: policy.clone(),
            clock: Some(clock),
            ..Action::named(id)
        };
        let pause = built_in("pause", "Let the deadline stand", "pause", ClockStep::Pause);
        vec![pause, built_in("resume", "Let the deadline go on", "reason", ClockStep::Resume)]
    }

    fn told(&mut self, at: &At<'_>) -> Vec<Role> {
        if at.is_empty_list() { Vec::new() } else { self.roles(at) }
    }

    fn yes_or_no(&mut self, at: &At<'_>) -> bool {
        let said = self.text(at);
        if said.is_some_and(|said| !matches!(said, "true" | "false")) {
            self.fault(at, "wrong-shape", "this is `true` or `false`");
        }
        said == Some("true")
    }
}

impl Action {
    /// An action that does nothing yet, and is for nobody.
    fn named(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            title: words::title_of(id),
            by: Vec::new(),
            target: Target::Stay,
            form: None,
            into: None,
            guard: Vec::new(),
            separate_from: Vec::new(),
            not_involved: Vec::new(),
            delegation: None,
            signs_content: false,
            requires_signed_content: false,
            effects: Vec::new(),
            ask: None,
            policy: None,
            clock: None,
        }
    }
}

/// Whether one is shorter than the other; of different units, counted as calendar days.
fn shorter(one: Span, other: Span) -> bool {
    let days = |span: Span| match span {
        Span::WorkingDays(days) => u64::from(days) * 7 / 5,
        Span::CalendarDays(days) => u64::from(days),
    };
    match (one, other) {
        (Span::WorkingDays(one), Span::WorkingDays(other)) => one < other,
        (one, other) => days(one) < days(other),
    }
}
