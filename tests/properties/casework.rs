//! Commands on cases and meetings: the next step on the road, any step that is offered, and steps that nobody offered.

use super::forms::{self, Occasion};
use super::rng::Rng;
use super::world::{OWN, World, command, name};
use chrono::{Days, NaiveDate};
use entities::{cases, meeting_items, meetings, people};
use evenhand::app::cases::NewCase;
use evenhand::app::meetings::{ItemDecision, Outcome};
use evenhand::domain::access::Actor;
use evenhand::domain::ids::{Id, PersonId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

/// Steps that end something or let it wait: taken seldom, or nothing would ever get far.
const ENDINGS: [&str; 15] = [
    "pause",
    "resume",
    "close",
    "withdraw",
    "refuse",
    "lift",
    "quash",
    "divert",
    "decide_not_met",
    "send_back",
    "supersede",
    "change_spoc",
    "drop",
    "end_early",
    "conclude",
];

/// Steps that lead nowhere: offered wherever something else is.
const ASIDES: [&str; 3] = ["take_legal_advice", "record_local_opt", "not_consider"];

const ACTIONS: [&str; 22] = [
    "triage",
    "divert",
    "list",
    "decide_met",
    "carry_over",
    "allocate_spoc",
    "record_warning",
    "start_strategy",
    "activate",
    "edit",
    "submit",
    "approve",
    "refuse",
    "prepare_harm_test",
    "decide_harm_test",
    "share",
    "record_service",
    "lift",
    "quash",
    "answer",
    "start_review",
    "frobnicate",
];

impl World {
    pub async fn cases(&self) -> Vec<cases::Model> {
        cases::Entity::find().order_by_asc(cases::Column::Id).all(self.app.store.reader()).await.unwrap()
    }

    pub async fn occasion(&self, case: &cases::Model) -> Occasion {
        let person = case.person_id.and_then(|id| self.people.iter().position(|person| person.as_uuid() == id));
        let addresses = person.map_or(vec![OWN[0]], |n| vec![OWN[n]]);
        let spocs = ["spoc", "spoc", "stand_in", "writer", "accused"];
        let mut addresses: Vec<String> = std::iter::repeat_n(addresses[0].to_owned(), 9).collect();
        addresses.push("somebody@else.example".to_owned());
        Occasion {
            today: self.today(),
            spocs: spocs.map(|name| self.officer(name).id.to_string()).to_vec(),
            addresses,
            data: case.data.clone(),
        }
    }

    pub async fn nominate(&mut self, person: Option<PersonId>, actor: &Actor) {
        let input = json!({ "source": "manual", "reason": "Nine mails in two days." });
        let new = NewCase { workflow: "frequent-service-user".to_owned(), person, parent: None, input };
        let result = self.open(actor, new).await;
        self.note("user (open)", &name(actor), result);
    }

    /// Takes the next step towards a strategy in force, and past it, on the newest case that can go on.
    pub async fn go_on(&mut self, careless: usize, rng: &mut Rng) {
        let cases = self.cases().await;
        let is_open = |case: &&cases::Model| !is_final(&case.state) && case.workflow != "consultation";
        let mut open: Vec<&cases::Model> = cases.iter().filter(is_open).collect();
        if open.is_empty() || (open.len() < 3 && rng.percent(8)) {
            let person = *rng.pick(&self.people);
            return self.nominate(Some(person), &self.actor("staff")).await;
        }
        open.reverse();
        rng.shuffle(&mut open[1..]);
        for case in open {
            if self.step_on(case, careless, rng).await {
                return;
            }
        }
    }

    /// The one step that leads on, by somebody who may take it. Answers whether there is one.
    pub async fn step_on(&mut self, case: &cases::Model, careless: usize, rng: &mut Rng) -> bool {
        let has = |field: &str| case.data.get(field).is_some();
        let spoc = case.data["spoc"].as_str().and_then(|id| self.officer_with_id(id.parse().unwrap()));
        let spoc = spoc.unwrap_or_else(|| self.actor("spoc"));
        let is_victim = case.data["triage"]["nature"] == "targeted_victim";
        if case.state == "on_agenda" && rng.percent(careless * 5) {
            self.meet(rng).await;
            return true;
        }
        let [staff, chair, authority] = ["staff", "chair", "authority"].map(|name| self.actor(name));
        let (who, action, form) = match (case.workflow.as_str(), case.state.as_str()) {
            ("frequent-service-user", "nominated") => (staff, "triage", "triage"),
            ("frequent-service-user", "triaged") if is_victim && !rng.percent(careless * 3) => {
                (staff, "divert", "diversion")
            }
            ("frequent-service-user", "triaged") => (staff, "list", ""),
            ("frequent-service-user", "on_agenda") => (chair, "decide_met", "threshold_met"),
            ("frequent-service-user", "threshold_met") => (chair, "allocate_spoc", "spoc_allocation"),
            ("frequent-service-user", "spoc_allocated") if !has("warning") => (spoc, "record_warning", "warning"),
            ("frequent-service-user", "spoc_allocated") => (spoc, "start_strategy", "strategy_start"),
            ("frequent-service-user", "active") if rng.percent(40) => (spoc, "start_review", "review_start"),
            ("frequent-service-user", "under_review") => {
                let who = if rng.percent(careless * 2) { spoc } else { authority };
                (who, rng.word(&["continue", "vary", "vary"]), "review_outcome")
            }
            ("communications-strategy", "draft" | "submitted")
                if careless > 0 && !has("victimOverride") && self.is_targeted(case).await && rng.percent(50) =>
            {
                (authority, "override_victim", "approval")
            }
            ("communications-strategy", "draft") if !has("ndm") || rng.percent(careless) => (spoc, "edit", "strategy"),
            ("communications-strategy", "draft")
                if forms::unsettled(&case.data).is_some() && !rng.percent(careless) =>
            {
                (spoc, "record_consultation", "consultation_outcome")
            }
            ("communications-strategy", "draft") => (spoc, "submit", ""),
            ("communications-strategy", "submitted") if rng.percent(careless) => {
                (authority, rng.word(&["send_back", "refuse"]), "reason")
            }
            ("communications-strategy", "submitted") => (authority, "approve", "approval"),
            ("communications-strategy", "approved") if case.data["harmTest"].get("items").is_none() => {
                (staff, "prepare_harm_test", "harm_test")
            }
            ("communications-strategy", "approved") => (authority, "decide_harm_test", "harm_test_decision"),
            ("communications-strategy", "harm_tested") => (spoc, "share", "sharing"),
            ("communications-strategy", "shared") => (spoc, "record_service", "service"),
            _ => return false,
        };
        let input = match form {
            "" => Value::Null,
            "strategy" => forms::strategy(self.today(), careless * 4, rng),
            form => forms::fill(form, &self.occasion(case).await, careless, rng),
        };
        let input = if action == "triage" && careless == 0 { repeat_contact(input) } else { input };
        let mut asked = command(action, input);
        if action == "approve" && rng.percent(careless) {
            asked.content_hash = Some("of another text".to_owned());
        }
        let before = self.tally.total();
        let done = self.act(&who, case, asked).await;
        if done.is_none() && action == "submit" {
            // What was refused is written again.
            let again = forms::strategy(self.today(), 0, rng);
            self.act(&who, case, command("edit", again)).await;
        }
        self.tally.total() > before
    }

    async fn is_targeted(&self, case: &cases::Model) -> bool {
        let Some(id) = case.person_id else { return false };
        let person = people::Entity::find_by_id(id).one(self.app.store.reader()).await.unwrap();
        person.is_some_and(|person| person.targeted_victim)
    }

    /// Takes one of the steps that are offered to somebody.
    pub async fn take_an_offer(&mut self, rng: &mut Rng) {
        let mut cases = self.cases().await;
        cases.retain(|case| !is_final(&case.state) || rng.percent(5));
        rng.shuffle(&mut cases);
        let mut officers = self.officers.clone();
        rng.shuffle(&mut officers);
        for case in cases.iter().take(2) {
            for officer in &officers {
                let actor = Actor::Officer(officer.clone());
                let Ok(offers) = self.offers(&actor, World::id(case)).await else { continue };
                self.witness.looks.push((officer.id.as_uuid(), "case", Some(case.id.to_string())));
                let wanted = |action: &str| !ENDINGS.contains(&action) && !ASIDES.contains(&action);
                let ending = rng.percent(25);
                let allowed = offers.into_iter().filter(|offer| offer.allowed && (ending || wanted(&offer.action)));
                let allowed: Vec<_> = allowed.collect();
                if allowed.is_empty() {
                    continue;
                }
                let offer = rng.pick(&allowed).clone();
                let input = match &offer.form {
                    Some(_) if rng.percent(6) => forms::nonsense(rng),
                    Some(form) => forms::fill(form, &self.occasion(case).await, 25, rng),
                    None => Value::Null,
                };
                self.act(&actor, case, command(&offer.action, input)).await;
                return;
            }
        }
    }

    /// Takes a step that nobody offered: by the wrong person, in the wrong state, with the wrong words, too late.
    pub async fn overstep(&mut self, rng: &mut Rng) {
        let cases = self.cases().await;
        if cases.is_empty() {
            let input = json!({ "source": "manual", "reason": "Too many letters." });
            let new = NewCase { workflow: "consultation".to_owned(), person: None, parent: None, input };
            let result = self.open(&self.actor("staff"), new).await;
            self.note("consultation (open)", "staff", result);
            return;
        }
        let case = rng.pick(&cases).clone();
        let actor = self.anybody(rng);
        match rng.below(6) {
            0 => self.overstep_with_own_text(&case, rng).await,
            1 => {
                let mut stale = case.clone();
                stale.version += 1;
                self.act(&actor, &stale, command("close", Value::Null)).await;
            }
            2 => {
                let action = (*rng.pick(&ACTIONS)).to_owned();
                self.act(&actor, &case, command(&action, forms::nonsense(rng))).await;
            }
            3 => {
                let workflow = rng.word(&["consultation", "frequent-service-user"]).to_owned();
                let input = json!({ "source": "manual", "reason": "Too many letters." });
                let person = case.person_id.map(Id::from_uuid);
                let kind = if workflow == "consultation" { "consultation (open)" } else { "user (open)" };
                let result = self.open(&actor, NewCase { workflow, person, parent: None, input }).await;
                self.note(kind, &name(&actor), result);
            }
            _ => {
                // The step that leads on, by somebody at random.
                let Some((action, form)) = next_of(&case) else { return };
                let occasion = self.occasion(&case).await;
                let input = if form.is_empty() { Value::Null } else { forms::fill(form, &occasion, 30, rng) };
                let mut asked = command(action, input);
                if rng.percent(15) {
                    asked.content_hash = Some("of another text".to_owned());
                }
                self.act(&actor, &case, asked).await;
            }
        }
    }

    /// Whoever wrote, tested or answers for the text decides on it; or somebody whose delegation has ended.
    async fn overstep_with_own_text(&mut self, case: &cases::Model, rng: &mut Rng) {
        let cases = self.cases().await;
        let waiting = ["submitted", "approved", "under_review"];
        let Some(case) = cases.iter().find(|case| waiting.contains(&case.state.as_str())).or(Some(case)) else {
            return;
        };
        let Some((action, form)) = next_of(case) else { return };
        let actor = self.actor(rng.word(&["writer", "lapsed", "accused"]));
        let input = if form.is_empty() { Value::Null } else { forms::fill(form, &self.occasion(case).await, 0, rng) };
        self.act(&actor, case, command(action, input)).await;
    }

    pub fn anybody(&self, rng: &mut Rng) -> Actor {
        match rng.below(10) {
            0 => self.border.clone(),
            1 => Actor::Clock,
            _ => Actor::Officer(rng.pick(&self.officers).clone()),
        }
    }

    /// A unit is asked, answers, or lets the date pass.
    pub async fn consult(&mut self, rng: &mut Rng) {
        let cases = self.cases().await;
        let asked: Vec<&cases::Model> = cases.iter().filter(|case| case.state == "asked").collect();
        if let (false, true) = (asked.is_empty(), rng.percent(70)) {
            let case = *rng.pick(&asked);
            let unit = case.data["unit"].as_str().unwrap_or_default().to_owned();
            let (who, action) = match rng.below(6) {
                0 => (self.actor("both"), "answer"),
                1 | 2 => (self.actor("supervisor"), "close_unanswered"),
                3 => (self.actor("supervisor"), "withdraw"),
                _ => (self.actor(&unit), "answer"),
            };
            if let Actor::Officer(officer) = &who {
                self.look_at_a_case(&officer.clone(), case).await;
            }
            let form = if action == "answer" { "consultation_answer" } else { "reason" };
            let input = forms::fill(form, &self.occasion(case).await, 0, rng);
            self.act(&who, case, command(action, input)).await;
            return;
        }
        let Some(draft) = cases.iter().find(|case| case.state == "draft") else { return self.go_on(10, rng).await };
        let Some(spoc) = draft.spoc_id.and_then(|id| self.officer_with_id(id)) else { return };
        let input = forms::fill("consultation_request", &self.occasion(draft).await, 20, rng);
        self.act(&spoc, draft, command("consult", input)).await;
    }

    /// What follows a strategy in force: lifted, quashed, superseded, tested again, reviewed.
    pub async fn end_something(&mut self, rng: &mut Rng) {
        let cases = self.cases().await;
        let ends = |case: &&cases::Model| ["in_force", "withheld", "under_review"].contains(&case.state.as_str());
        let ending: Vec<_> = cases.iter().filter(ends).collect();
        if ending.is_empty() {
            return self.go_on(12, rng).await;
        }
        let case = *rng.pick(&ending);
        let (action, form) = match (case.state.as_str(), rng.below(4)) {
            ("withheld", 0) => ("lift", "reason"),
            ("withheld", _) => ("retest", "reason"),
            ("under_review", _) => ("lift", "review_lift"),
            (_, 0) => ("lift", "reason"),
            (_, 1) => ("supersede", ""),
            _ => return self.appeals(&case.clone(), rng).await,
        };
        let who = self.actor(rng.word(&["authority", "writer", "lapsed"]));
        let input = if form.is_empty() { Value::Null } else { forms::fill(form, &self.occasion(case).await, 0, rng) };
        self.act(&who, case, command(action, input)).await;
    }

    /// The person appeals, and somebody goes on with it.
    async fn appeals(&mut self, strategy: &cases::Model, rng: &mut Rng) {
        for _ in 0..rng.between(2, 4) {
            self.a_moment_later(rng);
            self.appeal(strategy, rng).await;
        }
    }

    /// The person appeals, or somebody decides on an appeal of theirs.
    async fn appeal(&mut self, strategy: &cases::Model, rng: &mut Rng) {
        let cases = self.cases().await;
        let waiting = cases.iter().find(|case| case.workflow == "appeal" && case.state == "lodged");
        let Some(appeal) = waiting.filter(|_| rng.percent(80)) else {
            let input = forms::fill("appeal_lodged", &self.occasion(strategy).await, 0, rng);
            // Sometimes against what nobody has shared, or what is no strategy.
            let unshared = |case: &&cases::Model| ["draft", "submitted", "approved"].contains(&case.state.as_str());
            let against = match rng.below(10) {
                0 => rng.pick(&cases),
                1..=3 => cases.iter().find(unshared).unwrap_or(strategy),
                _ => strategy,
            };
            let parent = Some(Id::from_uuid(against.id));
            let new = NewCase { workflow: "appeal".to_owned(), person: None, parent, input };
            let who = self.actor(rng.word(&["staff", "supervisor", "accused"]));
            let result = self.open(&who, new).await;
            self.note("appeal (open)", &name(&who), result);
            return;
        };
        let (action, form) = *rng.pick(&[
            ("quash", "appeal_quash"),
            ("vary", "appeal_vary"),
            ("vary", "appeal_vary"),
            ("vary", "appeal_vary"),
            ("uphold", "appeal_uphold"),
            ("add_statement", "appeal_statement"),
            ("withdraw", "appeal_withdrawal"),
        ]);
        let who = if matches!(action, "add_statement" | "withdraw") {
            rng.word(&["supervisor", "supervisor", "staff"])
        } else {
            "judge"
        };
        let who = self.actor(if rng.percent(15) { rng.word(&["authority", "writer", "accused"]) } else { who });
        let input = forms::fill(form, &self.occasion(appeal).await, 25, rng);
        self.act(&who, appeal, command(action, input)).await;
    }

    pub async fn meet(&mut self, rng: &mut Rng) {
        let meetings = meetings::Entity::find()
            .filter(meetings::Column::State.ne("closed"))
            .order_by_asc(meetings::Column::HeldOn)
            .all(self.app.store.reader())
            .await
            .unwrap();
        let open = meetings.iter().find(|meeting| meeting.state == "open");
        let Some(meeting) = open.or(meetings.first()).filter(|_| !rng.percent(10)) else {
            let day: NaiveDate = self.today() + Days::new(rng.next() % 3);
            let result = self.plan(&self.actor("staff"), day).await;
            self.note("meeting plan", "staff", result);
            return;
        };
        let who = self.actor(rng.word(&["chair", "chair", "chair", "chair", "accused", "staff"]));
        match (meeting.state.as_str(), rng.below(10)) {
            ("planned", 0) | ("open", 0 | 1) => self.close(meeting, &who).await,
            ("planned", _) | ("open", 3) => {
                let there = vec!["Example Chair".to_owned()];
                let result = self.open_meeting(&who, (Id::from_uuid(meeting.id), meeting.version), there).await;
                self.note("meeting open", &name(&who), result);
            }
            _ => self.decide(meeting, &who, rng).await,
        }
    }

    async fn close(&mut self, meeting: &meetings::Model, who: &Actor) {
        let result = self.close_meeting(who, (Id::from_uuid(meeting.id), meeting.version)).await;
        self.note("meeting close", &name(who), result);
    }

    async fn decide(&mut self, meeting: &meetings::Model, who: &Actor, rng: &mut Rng) {
        let items = meeting_items::Entity::find()
            .filter(meeting_items::Column::MeetingId.eq(meeting.id))
            .order_by_asc(meeting_items::Column::N)
            .all(self.app.store.reader())
            .await
            .unwrap();
        let undecided: Vec<_> = items.iter().filter(|item| item.outcome.is_none() || rng.percent(40)).collect();
        if undecided.is_empty() {
            return self.close(meeting, who).await;
        }
        let n = rng.pick(&undecided).n;
        let (outcome, form) = match rng.below(6) {
            0 => (Outcome::NotMet, "threshold_not_met"),
            1 => (Outcome::CarryOver, "reason"),
            _ => (Outcome::Met, "threshold_met"),
        };
        let occasion = Occasion { today: self.today(), spocs: Vec::new(), addresses: Vec::new(), data: json!({}) };
        let decision = ItemDecision { outcome, input: forms::fill(form, &occasion, 0, rng) };
        let at = (Id::from_uuid(meeting.id), n);
        let result = self.decide_item(who, at, meeting.version, decision).await;
        self.note("meeting decide", &name(who), result);
    }
}

fn repeat_contact(mut triage: Value) -> Value {
    triage["nature"] = json!("repeat_contact");
    triage
}

pub fn is_final(state: &str) -> bool {
    let ended = [
        "diverted",
        "closed",
        "withdrawn",
        "refused",
        "lifted",
        "expired",
        "superseded",
        "quashed",
        "varied",
        "upheld",
        "answered",
        "no_reply",
        "not_pursued",
        "ended",
        "no_further_action",
        "concluded",
        "given",
        "dropped",
        "no_answer",
        "disposed",
    ];
    ended.contains(&state)
}

/// The step that leads on from a state, and its form.
fn next_of(case: &cases::Model) -> Option<(&'static str, &'static str)> {
    Some(match case.state.as_str() {
        "nominated" => ("triage", "triage"),
        "triaged" => ("divert", "diversion"),
        "on_agenda" => ("decide_met", "threshold_met"),
        "monitored" => ("list", "reason"),
        "threshold_met" => ("allocate_spoc", "spoc_allocation"),
        "spoc_allocated" => ("start_strategy", "strategy_start"),
        "strategy_in_progress" | "active" => ("close", "closure"),
        "under_review" => ("continue", "review_outcome"),
        "draft" => ("submit", ""),
        "submitted" => ("approve", "approval"),
        "approved" => ("decide_harm_test", "harm_test_decision"),
        "harm_tested" => ("share", "sharing"),
        "shared" => ("record_service", "service"),
        "in_force" => ("lift", "reason"),
        "withheld" => ("retest", "reason"),
        "asked" => ("answer", "consultation_answer"),
        _ => return None,
    })
}
