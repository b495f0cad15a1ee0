//! Everything that is named has to exist, and what is said has to make sense by itself.

use super::{Extent, Subject, form_names};
use crate::domain::workflow::bundle::{SourceFile, Sources};
use crate::domain::workflow::fault::{Fault, did_you_mean};
use crate::domain::workflow::model::{
    Action, By, EffectName, Occurrence, Pattern, SpecialActor, State, StateKind, Target, Workflow,
};

pub(super) fn check(subjects: &[Subject<'_>], sources: &Sources, extent: Extent) -> Vec<Fault> {
    let mut faults = Vec::new();
    for subject in subjects {
        let mut names = Names { subject, faults: Vec::new() };
        names.header();
        names.files(&sources.forms, &sources.templates);
        for state in &subject.workflow.states {
            names.state(state);
        }
        names.invariants();
        if extent == Extent::Installation {
            names.neighbours(subjects);
        }
        faults.append(&mut names.faults);
    }
    if extent == Extent::Installation {
        faults.extend(keys_given_twice(subjects));
    }
    faults
}

fn keys_given_twice(subjects: &[Subject<'_>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (n, subject) in subjects.iter().enumerate() {
        let key = &subject.workflow.key;
        if subjects.iter().take(n).any(|earlier| earlier.workflow.key == *key) {
            faults.push(subject.fault(
                "workflow",
                "duplicate-workflow",
                format!("another file already defines `{key}`"),
            ));
        }
    }
    faults
}

struct Names<'s> {
    subject: &'s Subject<'s>,
    faults: Vec<Fault>,
}

impl<'s> Names<'s> {
    fn workflow(&self) -> &'s Workflow {
        &self.subject.workflow
    }

    fn fault(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        self.faults.push(self.subject.fault(path, code, message));
    }

    fn unknown<'k>(
        &mut self,
        path: &str,
        what: (&'static str, &str),
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        let (code, noun) = what;
        let hint = did_you_mean(name, known);
        self.fault(path, code, format!("there is no {noun} `{name}`{hint}"));
    }

    fn header(&mut self) {
        let workflow = self.workflow();
        if !workflow.key.is_empty() && self.subject.source.name != workflow.key {
            let message = format!("the file of `{0}` has to be called `{0}.yaml`", workflow.key);
            self.fault("workflow", "wrong-file-name", message);
        }
        if !workflow.initial.is_empty() {
            self.state_name("initial", &workflow.initial);
        }
        if workflow.is_final(&workflow.initial) {
            self.fault("initial", "ends-at-once", "a case cannot begin in a final state");
        }
    }

    fn files(&mut self, forms: &[SourceFile], templates: &[SourceFile]) {
        let workflow = self.workflow();
        for (path, name) in form_names(workflow) {
            if !forms.iter().any(|form| form.name == name) {
                self.unknown(&path, ("unknown-form", "form"), name, forms.iter().map(|form| form.name.as_str()));
            }
        }
        for (effect, name) in &workflow.templates {
            if !templates.iter().any(|template| template.name == *name) {
                let path = format!("templates.{}", effect.as_str());
                let known = templates.iter().map(|template| template.name.as_str());
                self.unknown(&path, ("unknown-template", "template"), name, known);
            }
        }
    }

    fn state_name(&mut self, path: &str, name: &str) {
        if self.workflow().state(name).is_none() {
            let known = self.workflow().states.iter().map(|state| state.id.as_str());
            self.unknown(path, ("unknown-state", "state"), name, known);
        }
    }

    fn action_name(&mut self, path: &str, name: &str) {
        if !self.workflow().knows_action(name) {
            let known = self.workflow().states.iter().flat_map(|state| &state.on).map(|action| action.id.as_str());
            self.unknown(path, ("unknown-action", "action"), name, known);
        }
    }

    fn state(&mut self, state: &'s State) {
        let path = format!("states.{}", state.id);
        if state.kind == StateKind::Final
            && !(state.on.is_empty() && state.after.is_empty() && state.due.is_empty() && state.alerts.is_empty())
        {
            self.fault(&path, "final-goes-on", "a final state has no actions, clocks, alerts or deadline");
        }
        for action in &state.on {
            self.action(&format!("{path}.on.{}", action.id), action);
        }
        for (n, timer) in state.after.iter().enumerate() {
            if let Some(to) = &timer.to {
                self.state_name(&format!("{path}.after[{n}].to"), to);
            }
        }
    }

    fn action(&mut self, path: &str, action: &'s Action) {
        match &action.target {
            Target::Stay => {}
            Target::To(to) => self.state_name(&format!("{path}.to"), to),
            Target::Choose(choices) => {
                for (n, choice) in choices.iter().enumerate() {
                    self.state_name(&format!("{path}.choose[{n}].to"), &choice.to);
                }
                let total = choices.iter().position(|choice| choice.when.source.trim() == "true");
                if total.is_none_or(|at| at + 1 != choices.len()) {
                    let message = "exactly the last choice says `when: \"true\"`, so that one always holds";
                    self.fault(&format!("{path}.choose"), "choose-not-total", message);
                }
            }
        }
        for (n, other) in action.separate_from.iter().enumerate() {
            self.action_name(&format!("{path}.separate_from[{n}]"), other);
        }
        if action.into.is_some() && action.form.is_none() {
            self.fault(
                &format!("{path}.into"),
                "nothing-to-keep",
                "`into` keeps a form's input, but there is no `form`",
            );
        }
        if action.ask.is_some() && !self.tells(action) {
            self.fault(
                &format!("{path}.ask"),
                "nobody-is-told",
                "`ask` says whom `tell_role` asks; the effect is neither here nor on the way into a state this leads to",
            );
        }
        if (action.signs_content || action.requires_signed_content) && self.workflow().content.is_none() {
            self.fault(path, "no-content", "what is signed is not said: the workflow needs `content: <form>`");
        }
        if action.signs_content && action.by.iter().any(|by| matches!(by, By::Special(_))) {
            self.fault(path, "signed-by-nobody", "only a named person signs");
        }
    }

    /// Whether the action tells somebody, itself or on the way into a state that it leads to.
    fn tells(&self, action: &Action) -> bool {
        let led_to: Vec<&str> = match &action.target {
            Target::Stay => Vec::new(),
            Target::To(to) => vec![to],
            Target::Choose(choices) => choices.iter().map(|choice| choice.to.as_str()).collect(),
        };
        let tells = |effects: &[EffectName]| effects.contains(&EffectName::TellRole);
        let mut entered = led_to.into_iter().filter_map(|state| self.workflow().state(state));
        tells(&action.effects) || entered.any(|state| tells(&state.entry))
    }

    fn invariants(&mut self) {
        let workflow = self.workflow();
        for (n, invariant) in workflow.invariants.iter().enumerate() {
            let path = format!("invariants[{n}]");
            if workflow.invariants.iter().take(n).any(|earlier| earlier.id == invariant.id) {
                self.fault(&path, "duplicate-invariant", format!("there is already an invariant `{}`", invariant.id));
            }
            match &invariant.pattern {
                Pattern::Absence { what, since, until } | Pattern::Universality { what, since, until } => {
                    self.occurrences(&path, [Some(what), since.as_ref(), until.as_ref()]);
                }
                Pattern::Precedence { first, then, since } => {
                    self.occurrences(&path, [Some(first), Some(then), since.as_ref()]);
                }
                Pattern::Response { trigger, then } => self.occurrences(&path, [Some(trigger), Some(then), None]),
                Pattern::DifferentActor { first, second } => {
                    for action in first.iter().chain([second]) {
                        self.action_name(&path, action);
                    }
                }
            }
        }
    }

    fn occurrences(&mut self, path: &str, occurrences: [Option<&Occurrence>; 3]) {
        for occurrence in occurrences.into_iter().flatten() {
            self.occurrence(path, occurrence);
        }
    }

    fn occurrence(&mut self, path: &str, occurrence: &Occurrence) {
        match occurrence {
            Occurrence::Action(action) => self.action_name(path, action),
            Occurrence::State(state) => self.state_name(path, state),
            Occurrence::Any(any) => {
                for one in any {
                    self.occurrence(path, one);
                }
            }
            Occurrence::Kind(_) | Occurrence::Clock | Occurrence::Effect(_) => {}
        }
    }

    /// Other workflows: those whose cases are opened, lent powers for, or acted on.
    fn neighbours(&mut self, all: &[Subject<'_>]) {
        let keys: Vec<&str> = all.iter().map(|subject| subject.workflow.key.as_str()).collect();
        for (path, effect) in placed_effects(self.workflow()) {
            if let Some(child) = effect.opens_child()
                && !keys.contains(&child)
            {
                let message = format!("`{}` opens a case of `{child}`, which is not here", effect.as_str());
                self.fault(&path, "unknown-workflow", message);
            }
            if let Some(action) = effect.acts_on_parent() {
                self.parent_action(&path, effect, action, all);
            }
        }
        for (n, key) in self.workflow().under().iter().enumerate() {
            if key != "nothing" && !keys.contains(&key.as_str()) {
                let path = format!("open.under[{n}]");
                self.unknown(&path, ("unknown-workflow", "case type"), key, keys.iter().copied());
            }
        }
        for state in &self.workflow().states {
            for action in &state.on {
                if let Some(key) = action.delegation.as_deref().filter(|key| !keys.contains(key)) {
                    let path = format!("states.{}.on.{}.delegation", state.id, action.id);
                    self.unknown(&path, ("unknown-workflow", "case type"), key, keys.iter().copied());
                }
            }
        }
    }

    fn parent_action(&mut self, path: &str, effect: EffectName, action: &str, all: &[Subject<'_>]) {
        let key = self.workflow().key.as_str();
        let own = self.workflow();
        let answers = |parent: &&Subject<'_>| {
            let taken = |known: &Action| known.id == action && known.by.contains(&By::Special(SpecialActor::ChildCase));
            stands_under(own, &parent.workflow) && parent.workflow.states.iter().flat_map(|state| &state.on).any(taken)
        };
        if !all.iter().any(|parent| answers(&parent)) {
            let name = effect.as_str();
            let message = format!("`{name}` needs a case type that opens `{key}` and has `{action}` by `child_case`");
            self.fault(path, "no-such-parent", message);
        }
    }
}

/// Whether cases of `child` belong to cases of `parent`: a step of theirs opens them, or a person does under them.
pub(super) fn stands_under(child: &Workflow, parent: &Workflow) -> bool {
    opens(parent, &child.key) || child.under().contains(&parent.key)
}

/// Whether cases of this workflow open cases of `key`.
pub(super) fn opens(workflow: &Workflow, key: &str) -> bool {
    placed_effects(workflow).iter().any(|(_, effect)| effect.opens_child() == Some(key))
}

/// Every effect a workflow names, with where.
fn placed_effects(workflow: &Workflow) -> Vec<(String, EffectName)> {
    let mut effects = Vec::new();
    let mut add = |path: String, named: &[EffectName]| {
        effects.extend(named.iter().enumerate().map(|(n, effect)| (format!("{path}[{n}]"), *effect)));
    };
    for state in &workflow.states {
        let path = format!("states.{}", state.id);
        add(format!("{path}.entry"), &state.entry);
        add(format!("{path}.exit"), &state.exit);
        for action in &state.on {
            add(format!("{path}.on.{}.effects", action.id), &action.effects);
        }
        for (n, timer) in state.after.iter().enumerate() {
            add(format!("{path}.after[{n}].effects"), &timer.effects);
        }
    }
    effects
}
