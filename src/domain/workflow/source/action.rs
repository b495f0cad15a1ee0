//! The `on` of a state: actions, who may take them, and what holds them back.

use super::read::{At, Fields, Reader};
use super::words;
use crate::domain::access::Role;
use crate::domain::workflow::model::{Action, Ask, By, Choice, EffectName, Guard, Involvement, StateKind, Target};

const ACTION_KEYS: &[&str] = &[
    "title",
    "by",
    "to",
    "choose",
    "form",
    "into",
    "guard",
    "separate_from",
    "not_involved",
    "delegation",
    "signs",
    "requires_signed",
    "effects",
    "ask",
    "policy",
];
const INVOLVEMENTS: &[&str] = &["case.spoc", "person.complained_about", "parent.family"];

impl Reader<'_> {
    pub(super) fn actions(&mut self, at: &At<'_>) -> Vec<Action> {
        let entries = self.entries(at, "`on`");
        entries.iter().map(|(id, at)| self.action(id, at)).collect()
    }

    fn action(&mut self, id: &str, at: &At<'_>) -> Action {
        self.plain_name(id, at);
        let fields = self.fields(at, "an action", ACTION_KEYS);
        if fields.get("by").is_none() {
            self.fault(at, "missing-key", "an action needs `by`: who may take it");
        }
        Action {
            id: id.to_owned(),
            title: self.optional_text(fields.get("title")).unwrap_or_else(|| words::title_of(id)),
            by: fields.get("by").map(|at| self.actors(at)).unwrap_or_default(),
            target: self.target(at, &fields),
            form: self.optional_text(fields.get("form")),
            into: fields.get("into").and_then(|at| self.into(at)),
            guard: fields.get("guard").map(|at| self.guards(at)).unwrap_or_default(),
            separate_from: self.owned_texts(fields.get("separate_from")),
            not_involved: fields.get("not_involved").map(|at| self.involvements(at)).unwrap_or_default(),
            delegation: self.optional_text(fields.get("delegation")),
            signs_content: fields.get("signs").is_some_and(|at| self.content(at)),
            requires_signed_content: fields.get("requires_signed").is_some_and(|at| self.content(at)),
            effects: fields.get("effects").map(|at| self.effects(at)).unwrap_or_default(),
            ask: fields.get("ask").and_then(|at| self.ask(at)),
            policy: self.optional_text(fields.get("policy")),
            clock: None,
        }
    }

    /// `decision`, or `decisions[]` to append.
    fn into(&mut self, at: &At<'_>) -> Option<String> {
        let text = self.text(at)?;
        let name = text.strip_suffix("[]").unwrap_or(text);
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            self.fault(
                at,
                "bad-name",
                format!("`{text}` is not a place in the case's data: `name`, or `name[]` for a list"),
            );
        }
        Some(text.to_owned())
    }

    fn target(&mut self, at: &At<'_>, fields: &Fields<'_>) -> Target {
        match (fields.get("to"), fields.get("choose")) {
            (None, None) => Target::Stay,
            (Some(to), None) => self.text(to).map_or(Target::Stay, |to| Target::To(to.to_owned())),
            (None, Some(choose)) => {
                let items = self.items(choose);
                Target::Choose(items.iter().filter_map(|item| self.choice(item)).collect())
            }
            (Some(_), Some(_)) => {
                self.fault(at, "two-targets", "an action has either `to` or `choose`");
                Target::Stay
            }
        }
    }

    fn choice(&mut self, at: &At<'_>) -> Option<Choice> {
        let fields = self.fields(at, "a choice", &["when", "to"]);
        let (Some(when), Some(to)) = (fields.get("when"), fields.get("to")) else {
            self.fault(at, "missing-key", "a choice needs `when` and `to`");
            return None;
        };
        Some(Choice { when: self.expression(when)?, to: self.text(to)?.to_owned() })
    }

    fn ask(&mut self, at: &At<'_>) -> Option<Ask> {
        let fields = self.fields(at, "`ask`", &["of", "to"]);
        let Some(of) = fields.get("of") else {
            self.fault(at, "missing-key", "`ask` needs `of`: whom it asks");
            return None;
        };
        Some(Ask { of: self.roles(of), to: self.optional_text(fields.get("to")) })
    }

    pub(super) fn roles(&mut self, at: &At<'_>) -> Vec<Role> {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        let items = self.items(at);
        items.iter().filter_map(|item| self.word(item, "unknown-role", "a role", &known)).collect()
    }

    pub(super) fn guards(&mut self, at: &At<'_>) -> Vec<Guard> {
        let items = self.items(at);
        items.iter().filter_map(|item| self.guard(item)).collect()
    }

    fn guard(&mut self, at: &At<'_>) -> Option<Guard> {
        let fields = self.fields(at, "a guard", &["that", "else", "policy", "code"]);
        let (Some(that), Some(otherwise)) = (fields.get("that"), fields.get("else")) else {
            self.fault(at, "missing-key", "a guard needs `that`, and `else`: the words for the person refused");
            return None;
        };
        let code = fields.get("code").and_then(|at| self.kebab(at)).unwrap_or_else(|| "guard".to_owned());
        let that = self.expression(that);
        let otherwise = self.text(otherwise).map(str::to_owned);
        Some(Guard { that: that?, otherwise: otherwise?, policy: self.optional_text(fields.get("policy")), code })
    }

    pub(super) fn actors(&mut self, at: &At<'_>) -> Vec<By> {
        let mut known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        known.extend(["child_case", "rule"]);
        let items = self.items(at);
        if items.is_empty() {
            self.fault(at, "nobody-may", "somebody has to be named here: a role, `child_case` or `rule`");
        }
        items.iter().filter_map(|item| self.word(item, "unknown-role", "a role", &known)).collect()
    }

    fn involvements(&mut self, at: &At<'_>) -> Vec<Involvement> {
        let items = self.items(at);
        let what = "something an officer can be involved in";
        items.iter().filter_map(|item| self.word(item, "unknown-involvement", what, INVOLVEMENTS)).collect()
    }

    pub(super) fn effects(&mut self, at: &At<'_>) -> Vec<EffectName> {
        let known = words::effects();
        let items = self.items(at);
        items.iter().filter_map(|item| self.word(item, "unknown-effect", "an effect", &known)).collect()
    }

    pub(super) fn kind(&mut self, at: &At<'_>) -> Option<StateKind> {
        self.word(at, "unknown-kind", "a kind of state", &["open", "restrictive", "final"])
    }

    fn content(&mut self, at: &At<'_>) -> bool {
        let said = self.text(at);
        if said.is_some_and(|said| said != "content") {
            self.fault(at, "wrong-shape", "the only thing that is signed is `content`");
        }
        said == Some("content")
    }

    pub(super) fn owned_texts(&mut self, at: Option<&At<'_>>) -> Vec<String> {
        at.map(|at| self.texts(at)).unwrap_or_default().into_iter().map(str::to_owned).collect()
    }
}
