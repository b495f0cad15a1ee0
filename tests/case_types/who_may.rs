//! Who may take which step in which state of each case type: asked of the engine with one officer a role, and read as a
//! table. Whatever is refused for the role is refused before anything else is looked at; the further conditions (four
//! eyes, conflicts, delegation) are each found by breaking one at a time.

use super::desk::{facts, officer};
use chrono::{DateTime, TimeZone, Utc};
use evenhand::catalog::Catalog;
use evenhand::domain::access::{Actor, Officer, Role, Scope, System};
use evenhand::domain::case::{About, Case, Command, Facts, decide, offers, open, open_child};
use evenhand::domain::ids::{Id, OfficerId};
use evenhand::domain::workflow::scope::ParentFacts;
use evenhand::domain::workflow::{Action, State, StateKind, Target, Workflow};
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::{Arc, OnceLock};
use uuid::Uuid;

/// Refusals that say that it is not for this actor, whatever the input.
const NOT_FOR_THEM: [&str; 3] = ["wrong-role", "not-the-spoc", "named-person-required"];

fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| Catalog::embedded().unwrap())
}

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 10, 9, 0, 0).unwrap()
}

/// Somebody without a name of their own.
fn nobody() -> [(&'static str, Actor); 3] {
    let scopes = Scope::ALL.map(|scope| scope.as_str().to_owned()).into();
    let system =
        System { id: Id::from_uuid(Uuid::from_u128(50)), name: "system".to_owned(), scopes, areas: Default::default() };
    [("system", Actor::System(system)), ("clock", Actor::Clock), ("rule", Actor::Software)]
}

/// A case in this state that nobody has touched.
fn case_in(workflow: &Workflow, state: &str, spoc: Option<OfficerId>) -> Case {
    let about = About { id: Id::from_uuid(Uuid::from_u128(9)), person: None, parent: None };
    let seed = spoc.map_or(json!({}), |spoc| json!({ "spoc": spoc.to_string() }));
    let mut case = open_child(workflow, about, (&officer(99, Role::PsdStaff), now()), seed).case;
    case.state = state.to_owned();
    case
}

/// The code with which the action is refused now, if it is.
fn refusal(workflow: &Workflow, case: &Case, facts: &Facts, actor: &Actor, action: &str) -> Option<String> {
    let offers = offers(workflow, case, facts, (actor, now()));
    let offer = offers.into_iter().find(|offer| offer.action == action).expect("every action of the state is answered");
    offer.refusal.map(|refusal| refusal.code)
}

fn is_for(refused: Option<&str>) -> bool {
    refused.is_none_or(|code| !NOT_FOR_THEM.contains(&code))
}

/// One workflow's questions, each answered by the engine.
struct Asking<'w> {
    workflow: &'w Workflow,
    facts: Facts,
}

impl Asking<'_> {
    fn of(workflow: &Workflow) -> Asking<'_> {
        Asking { workflow, facts: facts(&workflow.key, None) }
    }

    /// The point of contact of the case is the officer who asks, so that `spoc` means this case's.
    fn roles(&self, state: &State, action: &Action) -> Vec<&'static str> {
        let may = |role: &Role| {
            let actor = officer(1, *role);
            let case = case_in(self.workflow, &state.id, actor.officer().map(|one| one.id));
            is_for(refusal(self.workflow, &case, &self.facts, &actor, &action.id).as_deref())
        };
        Role::ALL.into_iter().filter(may).map(Role::as_str).collect()
    }

    /// Without a name: a system, the clock, a nomination rule; or as what follows from a step on a child case.
    fn unnamed(&self, state: &State, action: &Action) -> Vec<&'static str> {
        let case = case_in(self.workflow, &state.id, None);
        let alone = nobody()
            .into_iter()
            .filter(|(_, actor)| is_for(refusal(self.workflow, &case, &self.facts, actor, &action.id).as_deref()));
        let mut found: Vec<&str> = alone.map(|(name, _)| name).collect();
        let through = Some(Id::from_uuid(Uuid::from_u128(8)));
        let command = Command { through, ..Command::new(action.id.clone(), Value::Null) };
        // Somebody whose own roles allow nothing here.
        let who =
            Actor::Officer(Officer { roles: Default::default(), ..officer(1, Role::Admin).officer().unwrap().clone() });
        let decided = decide(self.workflow, &case, &self.facts, (&who, now()), &command);
        if is_for(decided.err().map(|refusal| refusal.code).as_deref()) {
            found.push("child case");
        }
        found
    }

    /// What an officer whose role fits may still not have done or be.
    fn conditions(&self, state: &State, action: &Action) -> Vec<String> {
        let Some(role) = Role::ALL.into_iter().find(|role| self.roles(state, action).contains(&role.as_str())) else {
            return Vec::new();
        };
        let actor = officer(1, role);
        let me = actor.officer().unwrap().id;
        let spoc = Some(me).filter(|_| role == Role::Spoc);
        let plain = case_in(self.workflow, &state.id, spoc);
        let refused = |case: &Case, facts: &Facts, code: &str| {
            refusal(self.workflow, case, facts, &actor, &action.id).as_deref() == Some(code)
        };
        let mut conditions = Vec::new();
        let actions = self.workflow.states.iter().flat_map(|state| &state.on).map(|action| action.id.as_str());
        let mut earlier: Vec<&str> = actions.collect();
        earlier.sort_unstable();
        earlier.dedup();
        earlier.retain(|earlier| {
            let mut took = plain.clone();
            took.took.entry((*earlier).to_owned()).or_default().insert(me);
            refused(&took, &self.facts, "own-text")
        });
        if !earlier.is_empty() {
            conditions.push(format!("took none of {}", earlier.join(" ")));
        }
        let mut accused = self.facts.clone();
        accused.person.complained_about = vec![me];
        if refused(&plain, &accused, "complained-about") {
            conditions.push("not complained about".to_owned());
        }
        if refused(&case_in(self.workflow, &state.id, Some(me)), &self.facts, "is-the-spoc") {
            conditions.push("not the point of contact".to_owned());
        }
        let parent = ParentFacts {
            id: Id::from_uuid(Uuid::from_u128(8)),
            workflow: String::new(),
            state: String::new(),
            is_final: false,
            data: Value::Null,
            family: [me].into(),
        };
        let involved = Facts { parent: Some(parent), ..self.facts.clone() };
        if refused(&plain, &involved, "took-part") {
            conditions.push("took no part in the case above or beside it".to_owned());
        }
        let undelegated = Facts { delegations: Vec::new(), ..self.facts.clone() };
        if refused(&plain, &undelegated, "no-valid-delegation") {
            conditions.push("delegated".to_owned());
        }
        conditions
    }
}

fn targets(action: &Action) -> Vec<&str> {
    match &action.target {
        Target::Stay => Vec::new(),
        Target::To(state) => vec![state],
        Target::Choose(choices) => choices.iter().map(|choice| choice.to.as_str()).collect(),
    }
}

fn kind(state: &State) -> &'static str {
    match state.kind {
        StateKind::Open => "open",
        StateKind::Restrictive => "RESTRICTIVE",
        StateKind::Final => "final",
    }
}

fn who_opens(asking: &Asking<'_>) -> String {
    let opened = |actor: &Actor| {
        let about = About { id: Id::from_uuid(Uuid::from_u128(9)), person: None, parent: None };
        let refused = open(asking.workflow, about, &asking.facts, (actor, now()), &Value::Null).err();
        refused.is_none_or(|refusal| {
            ![&NOT_FOR_THEM[..], &["not-opened-directly"]].concat().contains(&refusal.code.as_str())
        })
    };
    let roles = Role::ALL.into_iter().filter(|role| opened(&officer(1, *role))).map(Role::as_str);
    let others = nobody().into_iter().filter(|(_, actor)| opened(actor)).map(|(name, _)| name);
    let all: Vec<&str> = roles.chain(others).collect();
    if all.is_empty() { "nobody: a step on another case does".to_owned() } else { all.join(" ") }
}

fn table(workflow: &Workflow) -> String {
    let asking = Asking::of(workflow);
    let mut table = format!("{}\nopened by: {}\n", workflow.title, who_opens(&asking));
    let longest = workflow.states.iter().flat_map(|state| &state.on).map(|action| arrow(action).chars().count());
    let width = longest.max().unwrap_or_default();
    for state in &workflow.states {
        writeln!(table, "\n{} ({}): {}", state.id, kind(state), state.title).unwrap();
        for action in &state.on {
            let who = [asking.roles(state, action), asking.unnamed(state, action)].concat();
            let who = if who.is_empty() { "nobody".to_owned() } else { who.join(" ") };
            let conditions = asking.conditions(state, action);
            let only = if conditions.is_empty() { String::new() } else { format!("  | {}", conditions.join("; ")) };
            writeln!(table, "  {:<width$}  {who}{only}", arrow(action)).unwrap();
        }
        for timer in &state.after {
            let to = timer.to.as_deref().unwrap_or(&state.id);
            writeln!(table, "  {:<width$}  the clock", format!("(clock) → {to}")).unwrap();
        }
    }
    table
}

fn arrow(action: &Action) -> String {
    match targets(action).as_slice() {
        [] => action.id.clone(),
        targets => format!("{} → {}", action.id, targets.join(" or ")),
    }
}

#[test]
fn who_may_do_what_in_each_state_of_each_case_type() {
    for workflow in catalog().all() {
        insta::assert_snapshot!(format!("who_may__{}", workflow.key.replace('-', "_")), table(workflow));
    }
}

#[test]
fn no_system_clock_or_software_takes_a_step_that_restricts() {
    for workflow in catalog().all() {
        let asking = Asking::of(workflow);
        let is_restrictive = |id: &str| workflow.state(id).is_some_and(|state| state.kind == StateKind::Restrictive);
        let mut restricting = 0;
        for state in &workflow.states {
            let steps = state.on.iter().filter(|action| {
                targets(action).into_iter().any(is_restrictive)
                    || action.effects.iter().any(|effect| effect.restricts())
            });
            for action in steps {
                restricting += 1;
                let unnamed = asking.unnamed(state, action);
                let alone: Vec<_> = unnamed.iter().filter(|name| **name != "child case").collect();
                assert_eq!(alone, Vec::<&&str>::new(), "{} {} {}", workflow.key, state.id, action.id);
            }
            let into = |to: &Option<String>| to.as_deref().is_some_and(|to| is_restrictive(to) && to != state.id);
            assert!(!state.after.iter().any(|timer| into(&timer.to)), "{} {}", workflow.key, state.id);
        }
        let has_any = workflow.states.iter().any(|state| state.kind == StateKind::Restrictive);
        assert_eq!(restricting > 0, has_any, "{}: a restriction is reached by somebody's step", workflow.key);
    }
}

#[test]
fn a_step_that_restricts_is_never_taken_by_a_child_case_without_a_named_person() {
    let user = Arc::clone(catalog().latest("frequent-service-user").unwrap());
    let facts = facts(&user.key, None);
    let case = case_in(&user, "strategy_in_progress", None);
    let through = Some(Id::from_uuid(Uuid::from_u128(8)));
    let activate = Command { through, ..Command::new("activate", Value::Null) };
    for (name, actor) in nobody() {
        let decided = decide(&user, &case, &facts, (&actor, now()), &activate).map(|decision| decision.case.state);
        assert_eq!(decided.map_err(|refusal| refusal.code), Err("named-person-required".to_owned()), "{name}");
    }
    let named = decide(&user, &case, &facts, (&officer(1, Role::Spoc), now()), &activate).map(|done| done.case.state);
    assert_eq!(named.map_err(|refusal| refusal.code), Ok("active".to_owned()));
}
