//! The forms of a call's record: what each asks, and what it says as an action.

use crate::app::App;
use crate::app::drafts::Fields;
use crate::app::live_calls::{CallAction, CallRecordView, OrderInForce};
use crate::domain::calendar::london;
use crate::render::long_date;
use crate::render::pages::choice;
use crate::web::form::{Drawing, FormFault, draw, read};
use chrono::NaiveTime;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// One form of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Assess,
    Identify,
    Thrive,
    Grade,
    Reference,
    Advice,
    Request,
    Amend,
    TakeBack,
}

impl Form {
    pub(super) const ALL: [Form; 9] = [
        Form::Assess,
        Form::Identify,
        Form::Thrive,
        Form::Grade,
        Form::Reference,
        Form::Advice,
        Form::Request,
        Form::Amend,
        Form::TakeBack,
    ];

    /// As addresses name it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Form::Assess => "assess",
            Form::Identify => "identify",
            Form::Thrive => "thrive",
            Form::Grade => "grade",
            Form::Reference => "reference",
            Form::Advice => "advice",
            Form::Request => "request",
            Form::Amend => "amend",
            Form::TakeBack => "take-back",
        }
    }

    pub(super) fn title(self) -> &'static str {
        match self {
            Form::Assess => "What the call is for",
            Form::Identify => "Who it turned out to be",
            Form::Thrive => "THRIVE",
            Form::Grade => "Grade",
            Form::Reference => "References of other systems",
            Form::Advice => "Advice of NSFT First Response",
            Form::Request => "Call download or witness statement",
            Form::Amend => "Add to this record",
            Form::TakeBack => "This record was begun by mistake",
        }
    }

    pub(super) fn button(self) -> &'static str {
        match self {
            Form::Assess => "Record what it is for",
            Form::Identify => "Record who it is",
            Form::Thrive => "Record the six answers",
            Form::Grade => "Record the grade",
            Form::Reference => "Record the reference",
            Form::Advice => "Record the advice",
            Form::Request => "Ask for it",
            Form::Amend => "Add it",
            Form::TakeBack => "Take the record back",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Form::ALL.into_iter().find(|form| form.as_str() == name)
    }
}

/// What the forms are drawn from.
pub(super) struct Asked<'a> {
    pub(super) app: &'a App,
    pub(super) view: &'a CallRecordView,
    pub(super) orders: &'a [OrderInForce],
}

impl Asked<'_> {
    pub(super) fn schema(&self, form: Form) -> Value {
        match form {
            Form::Assess => self.assess(),
            Form::Identify => json!({ "type": "object", "required": ["reference", "reason"], "properties": {
                "reference": { "type": "string", "title": "Reference of the person on file", "maxLength": 100,
                               "description": "As a look-up shows it, for example FSU-0042" },
                "reason": { "type": "string", "title": "How is it known?", "maxLength": 500 } } }),
            Form::Thrive => thrive(),
            Form::Grade => self.grade(),
            Form::Reference => json!({ "type": "object", "required": ["kind", "reference"], "properties": {
                "kind": { "type": "string", "title": "Whose reference is it?", "enum": ["cad", "athena"] },
                "reference": { "type": "string", "title": "Reference", "maxLength": 100 } } }),
            Form::Advice => json!({ "type": "object", "required": ["who", "advice"], "properties": {
                "who": { "type": "string", "title": "Who advised?", "maxLength": 200 },
                "givenAt": { "type": "string", "title": "At what time today?", "maxLength": 5,
                             "description": "For example, 14:30. Left empty, it is now" },
                "advice": { "type": "string", "title": "What was advised?", "maxLength": 5000 } } }),
            Form::Request => json!({ "type": "object", "required": ["kind", "urgent", "why"], "properties": {
                "kind": { "type": "string", "title": "What is needed?", "enum": ["call_download", "mg11"] },
                "urgent": { "type": "boolean", "title": "Does the officer in the case need it urgently?",
                            "description": "If not, it goes to the CCR Systems Support Team" },
                "why": { "type": "string", "title": "What for?", "maxLength": 500 } } }),
            Form::Amend => json!({ "type": "object", "required": ["note", "reason"], "properties": {
                "note": { "type": "string", "title": "What is to be added?", "maxLength": 5000 },
                "reason": { "type": "string", "title": "Why is it added now?", "maxLength": 500 },
                "genuine": { "type": "boolean", "title": "Did it turn out to be a genuine call for service?" },
                "crime": { "type": "boolean", "title": "Was a crime found?" } } }),
            Form::TakeBack => json!({ "type": "object", "required": ["reason"], "properties": {
                "reason": { "type": "string", "title": "What was the mistake?", "maxLength": 500,
                            "description": "What was counted by this record counts no longer; the record stays, and nothing \
                                            more is added to it" } } }),
        }
    }

    fn assess(&self) -> Value {
        let registers = self.app.catalog.registers();
        let categories = registers.call_categories.categories.iter().map(|category| category.id.as_str());
        let categories: Vec<&str> = categories.chain([NONE]).collect();
        let mut fields = Map::new();
        let mut add = |name: &str, field: Value| fields.insert(name.to_owned(), field);
        add(
            "finding",
            json!({ "type": "string", "title": "Has the call a policing purpose?",
                               "enum": ["policing", "none_apparent", "not_yet_clear"] }),
        );
        add("purposeReason", json!({ "type": "string", "title": "Why?", "maxLength": 500 }));
        add(
            "genuine",
            json!({ "type": "boolean", "title": "Is it a genuine call for service?",
                               "description": "Leave it open while it is not known" }),
        );
        add(
            "crime",
            json!({ "type": "boolean", "title": "Was a crime identified?",
                             "description": "Leave it open while it is not known" }),
        );
        add("category", json!({ "type": "string", "title": "If it is not genuine, what is it?", "enum": categories }));
        add(
            "reportNeeded",
            json!({ "type": "boolean", "title": "Do NSIR or NCRS require a report?",
                                    "description": "Then the record needs the reference of the CAD" }),
        );
        if !self.orders.is_empty() {
            let orders: Vec<String> = self.orders.iter().map(|order| order.case_id.to_string()).collect();
            let orders: Vec<&str> = orders.iter().map(String::as_str).chain([NONE]).collect();
            add("orderCaseId", json!({ "type": "string", "title": "Is it a breach of an order?", "enum": orders }));
            add(
                "legislationConsidered",
                json!({ "type": "string", "maxLength": 500,
                "title": "If it is a breach, what was considered of the law on anti-social behaviour?" }),
            );
        }
        json!({ "type": "object", "required": ["finding", "purposeReason"], "properties": fields })
    }

    fn grade(&self) -> Value {
        let grades: Vec<&str> =
            self.app.catalog.registers().call_grading.grades.iter().map(|grade| grade.id.as_str()).collect();
        let mut fields = Map::new();
        fields.insert("grade".to_owned(), json!({ "type": "string", "title": "Which grade is it?", "enum": grades }));
        if self.view.genuine == Some(true) || self.view.crime == Some(true) {
            let reason = json!({ "type": "string", "title": "If nobody attends, why?", "maxLength": 500,
                "description": "A crime or a genuine call for service was found: a named officer answers for it" });
            fields.insert("overrideReason".to_owned(), reason);
            let by = json!({ "type": "string", "title": "Which officer decides that nobody attends?", "maxLength": 200,
                             "description": "Rank and name" });
            fields.insert("overrideBy".to_owned(), by);
        }
        json!({ "type": "object", "required": ["grade"], "properties": fields })
    }

    /// The components of a form, with the words of the registers at its choices.
    pub(super) fn draw(&self, form: Form, drawing: &Drawing) -> Vec<Value> {
        let mut fields = draw(&self.schema(form), drawing);
        for item in fields.iter_mut().filter_map(|field| field.pointer_mut("/options/items")) {
            for item in item.as_array_mut().into_iter().flatten() {
                let words = item.get("value").and_then(Value::as_str).and_then(|value| self.words(value));
                if let (Some((text, hint)), Some(item)) = (words, item.as_object_mut()) {
                    item.insert("text".to_owned(), json!(text));
                    if let Some(hint) = hint {
                        item.insert("hint".to_owned(), json!({ "text": hint }));
                    }
                }
            }
        }
        fields
    }

    /// What a choice is called, and what is said below it.
    fn words(&self, value: &str) -> Option<(String, Option<String>)> {
        let registers = self.app.catalog.registers();
        if let Some(category) = registers.call_categories.categories.iter().find(|one| one.id == value) {
            return Some((format!("{} {}", category.id, category.title), Some(category.meaning.clone())));
        }
        if let Some(grade) = registers.call_grading.grade(value) {
            return Some((format!("{} {}", grade.id, grade.title), Some(grade.meaning.clone())));
        }
        if let Some(order) = self.orders.iter().find(|order| order.case_id.to_string() == value) {
            let words = format!("{}, in force until {}", choice(&order.kind), long_date(order.until));
            return Some((words, Some(order.conditions.join("; "))));
        }
        let plain = match value {
            NONE => "None of these",
            "none_apparent" => "None is apparent",
            "not_yet_clear" => "It is not clear yet",
            "cad" => "CAD, of this very call",
            "athena" => "Athena, of the crime",
            "mg11" => "Witness statement (MG11)",
            _ => return None,
        };
        Some((plain.to_owned(), None))
    }

    /// What stands in a form that was recorded before.
    pub(super) fn kept(&self, form: Form) -> Fields {
        let view = self.view;
        let value = match form {
            Form::Assess => json!({
                "finding": view.purpose.as_ref().map(|purpose| purpose.finding.as_str()),
                "purposeReason": view.purpose.as_ref().map(|purpose| &purpose.reason),
                "genuine": view.genuine, "crime": view.crime, "reportNeeded": view.report_needed,
                "category": view.category,
                "orderCaseId": view.breach.as_ref().map(|breach| breach.order_case_id),
                "legislationConsidered": view.breach.as_ref().map(|breach| &breach.legislation_considered),
            }),
            Form::Thrive => json!(view.thrive),
            Form::Grade => json!({ "grade": view.graded.as_ref().map(|graded| &graded.grade) }),
            Form::Identify | Form::Reference | Form::Advice | Form::Request | Form::Amend | Form::TakeBack => {
                json!({})
            }
        };
        Drawing::of_value(&self.schema(form), &value).fields
    }

    /// What a form says as an action.
    ///
    /// # Errors
    /// What is wrong with it, field by field.
    pub(super) fn action(&self, form: Form, fields: &Fields) -> Result<CallAction, Vec<FormFault>> {
        let said = read(&self.schema(form), fields);
        if !said.faults.is_empty() {
            return Err(said.faults);
        }
        let input = said.input;
        let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
        let chosen = |name: &str| text(name).filter(|value| value != NONE);
        Ok(match form {
            Form::Assess => {
                let breach = chosen("orderCaseId").map(|order| {
                    json!({ "orderCaseId": order, "legislationConsidered": text("legislationConsidered").unwrap_or_default() })
                });
                CallAction::Assess(made(json!({
                    "purpose": { "finding": text("finding"), "reason": text("purposeReason") },
                    "category": chosen("category"), "genuine": input.get("genuine"), "crime": input.get("crime"),
                    "reportNeeded": input.get("reportNeeded"), "breach": breach,
                }))?)
            }
            Form::Identify => CallAction::Identify(made(input)?),
            Form::Thrive => CallAction::Thrive(made(input)?),
            Form::Grade => {
                let (reason, by) = (text("overrideReason"), text("overrideBy"));
                let given = reason.is_some() || by.is_some();
                let overridden =
                    given.then(|| json!({ "reason": reason.unwrap_or_default(), "by": by.unwrap_or_default() }));
                CallAction::Grade(made(json!({ "grade": text("grade"), "override": overridden }))?)
            }
            Form::Reference => CallAction::Refer(made(input)?),
            Form::Advice => {
                let given_at = match text("givenAt") {
                    Some(time) => Some(self.today_at(&time)?),
                    None => None,
                };
                CallAction::Advise(made(json!({ "who": text("who"), "advice": text("advice"), "givenAt": given_at }))?)
            }
            Form::Request => CallAction::Request(made(input)?),
            Form::Amend => CallAction::Amend(made(input)?),
            Form::TakeBack => CallAction::TakeBack(made(input)?),
        })
    }

    fn today_at(&self, time: &str) -> Result<chrono::DateTime<chrono::Utc>, Vec<FormFault>> {
        let time = NaiveTime::parse_from_str(time.trim(), "%H:%M").map_err(|_unreadable| {
            vec![FormFault { name: "givenAt".to_owned(), message: "Enter a time such as 14:30".to_owned() }]
        })?;
        Ok(london::instant_of(london::date_of(self.app.now()).and_time(time)))
    }
}

/// The choice of no choice.
const NONE: &str = "none";

fn thrive() -> Value {
    let questions = [
        ("threat", "Threat: who or what is a danger, and to whom?"),
        ("harm", "Harm: what was done, and what may be?"),
        ("risk", "Risk: how likely is it, and how soon?"),
        ("investigation", "Investigation: is there something to be investigated, or evidence to be kept?"),
        ("vulnerability", "Vulnerability: what makes the caller or others vulnerable?"),
        ("engagement", "Engagement: what do they need from us, and what was agreed with them?"),
    ];
    let fields: Map<String, Value> = questions
        .into_iter()
        .map(|(name, title)| (name.to_owned(), json!({ "type": "string", "title": title, "maxLength": 5000 })))
        .collect();
    json!({ "type": "object", "required": questions.map(|(name, _)| name), "properties": fields })
}

fn made<T: DeserializeOwned>(input: Value) -> Result<T, Vec<FormFault>> {
    // What the schema let through is of this shape; a field that is not is said without what stands in it.
    serde_json::from_value(input)
        .map_err(|_odd| vec![FormFault::of_whole("This form cannot be read. Fill it in again.")])
}

/// The field of a form that a pointer of the use case means.
pub(super) fn field(form: Form, name: &str) -> String {
    match (form, name) {
        (Form::Assess, "purpose.reason") => "purposeReason",
        (Form::Assess, "breach.orderCaseId") => "orderCaseId",
        (Form::Assess, "breach.legislationConsidered") => "legislationConsidered",
        (Form::Grade, "override.reason") => "overrideReason",
        (Form::Grade, "override.by") => "overrideBy",
        (_, same) => same,
    }
    .to_owned()
}
