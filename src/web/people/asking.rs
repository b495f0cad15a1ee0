//! One form on a page of its own: drawn, sent, and shown again with what was wrong and everything that was typed.

use crate::app::drafts;
use crate::app::people::PersonView;
use crate::app::{App, Marking};
use crate::domain::calendar::london;
use crate::render::pages::time_of_day;
use crate::web::drafts::{keep, sentence};
use crate::web::fault::Fault;
use crate::web::form::{Drawing, FormFault, draw, summary};
use crate::web::frame::{Area, Page};
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde_json::{Value, json};

/// What is asked. `title`, `place`, `button` and `schema` are always given; the rest where it differs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asking {
    pub(crate) template: Option<&'static str>,
    pub(crate) title: String,
    /// Where the form is sent to, which is where it stands.
    pub(crate) place: String,
    pub(crate) button: String,
    pub(crate) schema: Value,
    pub(crate) drawing: Drawing,
    /// Of the thing that is changed.
    pub(crate) version: Option<i64>,
    /// The person it is about.
    pub(crate) person: Option<PersonView>,
    pub(crate) marking: Marking,
    /// Where in the navigation it stands; among the people unless told.
    pub(crate) area: Area,
    pub(crate) back: String,
    /// How many fields stand open; the rest are behind “More”. `None`: all.
    pub(crate) few: Option<usize>,
    /// What is said above the form, a paragraph each.
    pub(crate) says: Vec<String>,
    /// What else the template shows.
    pub(crate) beside: Value,
    /// What others did since it was opened: `(label, theirs)` each.
    pub(crate) theirs: Vec<(String, String)>,
    pub(crate) status: StatusCode,
}

impl Asking {
    /// About a person: their banner stands on the page, and it leads back to them.
    pub(crate) fn about(person: PersonView, path: &str) -> Self {
        let back = format!("/people/{}", person.id);
        Self { place: format!("{back}/{path}"), back, marking: person.marking, person: Some(person), ..Self::default() }
    }

    /// With what stands in it as a draft, if anything does.
    pub(crate) async fn or_draft(mut self, app: &App, visitor: &Visitor) -> Result<Self, Fault> {
        if let Some(draft) = drafts::find_draft(app, &visitor.actor, &self.place).await? {
            self.drawing.fields = draft.fields;
            let at = time_of_day(london::wall_time(draft.saved_at).time());
            if let Some(beside) = self.beside_mut() {
                beside.insert("drafted".to_owned(), json!(at));
            }
        }
        Ok(self)
    }

    fn beside_mut(&mut self) -> Option<&mut serde_json::Map<String, Value>> {
        if self.beside.is_null() {
            self.beside = json!({});
        }
        self.beside.as_object_mut()
    }

    /// With what was sent, what is wrong with it, and the answer's status. What was sent is kept as a draft too.
    pub(crate) async fn again(
        mut self,
        app: &App,
        posted: &Posted,
        (status, faults): (StatusCode, Vec<FormFault>),
    ) -> Result<HttpResponse, Fault> {
        keep(app, posted, &self.place).await?;
        self.drawing.fields = posted.typed();
        let dated = |name: &str| self.schema.pointer(&format!("/properties/{name}/format")) == Some(&json!("date"));
        let at_field = |fault: FormFault| match dated(&fault.name) {
            true => FormFault { name: format!("{}-day", fault.name), ..fault },
            false => fault,
        };
        self.drawing.faults = faults.into_iter().map(at_field).collect();
        self.status = status;
        self.show(app, &posted.visitor).await
    }

    pub(crate) async fn show(self, app: &App, visitor: &Visitor) -> Result<HttpResponse, Fault> {
        let others = drafts::others_writing(app, &visitor.actor, &self.place).await?;
        let theirs = self.theirs.iter().map(|(label, text)| json!({ "label": label, "text": text }));
        let mut fields = draw(&self.schema, &self.drawing);
        let more = fields.split_off(self.few.unwrap_or(fields.len()).min(fields.len()));
        let filled =
            |field: &Value| ["/options/value", "/options/errorMessage"].iter().any(|at| is_given(field.pointer(at)));
        let mut view = json!({
            "title": self.title,
            "person": self.person,
            "place": self.place,
            "button": self.button,
            "fields": fields,
            "moreOpen": more.iter().any(filled),
            "more": more,
            "faults": summary(&self.drawing.faults),
            "version": self.version,
            "back": { "href": self.back },
            "says": self.says,
            "answers": theirs.collect::<Vec<_>>(),
            "others": sentence(&others),
        });
        if let (Some(view), Some(beside)) = (view.as_object_mut(), self.beside.as_object()) {
            view.extend(beside.clone());
        }
        let page = Page::new(self.template.unwrap_or("people/ask"), self.title, view);
        let area = if self.area == Area::None { Area::People } else { self.area };
        let page = Page { area, marking: self.marking, status: self.status, place: Some(self.place), ..page };
        Ok(page.show(app, visitor))
    }
}

fn is_given(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
}

/// A fault in one field.
pub(crate) fn fault(name: &str, message: impl Into<String>) -> (StatusCode, Vec<FormFault>) {
    (StatusCode::UNPROCESSABLE_ENTITY, vec![FormFault { name: name.to_owned(), message: message.into() }])
}

/// A text of an input that was read from a form; empty where it was left out.
pub(crate) fn said(input: &Value, name: &str) -> String {
    input.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A form that asks for nothing but a reason.
pub(crate) fn reason_form(title: &str, hint: &str) -> Value {
    json!({ "type": "object", "required": ["reason"], "properties": {
        "reason": { "type": "string", "title": title, "description": hint, "minLength": 1, "maxLength": 500,
                    "pattern": "\\S" } } })
}
