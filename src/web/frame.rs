//! What stands around every page: marking, header, navigation, who is signed in, and what the scripts are told.

use super::statics;
use super::visitor::Visitor;
use crate::app::{App, Marking, chain};
use crate::domain::access::Role;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The part of the navigation that a page belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Area {
    #[default]
    None,
    Today,
    Calls,
    Meetings,
    People,
    Callers,
    Mail,
    Approvals,
    Consultations,
    Admin,
}

/// Each area with its name, its place and who has work there.
const AREAS: [(Area, &str, &str, &[Role]); 9] = [
    (Area::Today, "Today", "/", &Role::ALL),
    (Area::Calls, "Calls", "/calls", &TAKING_CALLS),
    (Area::Meetings, "Meetings", "/meetings", &MEETING),
    (Area::People, "People", "/people", &KEEPING),
    (Area::Callers, "Callers", "/callers", &CALLS),
    (Area::Mail, "Mail", "/mail", &STAFF),
    (Area::Approvals, "Approvals", "/approvals", &APPROVING),
    (Area::Consultations, "Consultations", "/consultations", &ASKING),
    (Area::Admin, "Admin", "/admin", &ADMINISTERING),
];
const TAKING_CALLS: [Role; 2] = [Role::Ccr, Role::Coordinator];
const STAFF: [Role; 7] = [
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
    Role::AppropriateAuthority,
    Role::Records,
    Role::Auditor,
];
const KEEPING: [Role; 8] = [
    Role::PsdStaff,
    Role::PsdSupervisor,
    Role::Spoc,
    Role::Chair,
    Role::Coordinator,
    Role::AppropriateAuthority,
    Role::Records,
    Role::Auditor,
];
const MEETING: [Role; 6] =
    [Role::PsdStaff, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Records, Role::Auditor];
const CALLS: [Role; 6] = [Role::Coordinator, Role::Csu, Role::Opt, Role::Snt, Role::Ccr, Role::Auditor];
const APPROVING: [Role; 3] = [Role::AppropriateAuthority, Role::PsdSupervisor, Role::Auditor];
const ASKING: [Role; 5] = [Role::Spoc, Role::PsdStaff, Role::Snt, Role::Opt, Role::Mash];
const ADMINISTERING: [Role; 5] =
    [Role::Admin, Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Auditor];

/// One page. `template` and `title` are always given; the rest where it differs.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    /// Below `templates/pages`.
    pub(crate) template: &'static str,
    /// What `h1` says, or begins with.
    pub(crate) title: String,
    pub(crate) area: Area,
    /// The highest of what stands on it.
    pub(crate) marking: Marking,
    pub(crate) status: StatusCode,
    /// Where a form on it keeps its draft, and others are seen writing.
    pub(crate) place: Option<String>,
    /// What the template is given beside the frame.
    pub(crate) view: Value,
}

impl Page {
    pub(crate) fn new(template: &'static str, title: impl Into<String>, view: impl Serialize) -> Self {
        Self {
            template,
            title: title.into(),
            area: Area::None,
            marking: Marking::default(),
            status: StatusCode::OK,
            place: None,
            view: serde_json::to_value(view).unwrap_or_default(),
        }
    }

    /// Whether something on it was filled in wrongly.
    fn has_faults(&self) -> bool {
        self.view.get("faults").and_then(Value::as_array).is_some_and(|faults| !faults.is_empty())
    }

    /// The answer, for who is signed in.
    pub(crate) fn show(self, app: &App, visitor: &Visitor) -> HttpResponse {
        self.answer(app, Some(visitor))
    }

    /// The answer, for whoever asks.
    pub(crate) fn answer(self, app: &App, visitor: Option<&Visitor>) -> HttpResponse {
        let mut context = Map::new();
        context.insert("page".to_owned(), self.frame(app, visitor));
        // A form needs these wherever it stands.
        context.insert("csrf".to_owned(), json!(visitor.map(Visitor::csrf)));
        if let Value::Object(view) = self.view {
            context.extend(view);
        }
        let name = format!("pages/{}", self.template);
        match app.renderer.page(&name, Value::Object(context)) {
            Ok(html) => HttpResponse::build(self.status).content_type("text/html; charset=utf-8").body(html),
            Err(fault) => {
                tracing::error!(cause = chain(&fault), template = name, "a page cannot be shown");
                HttpResponse::InternalServerError().content_type("text/plain; charset=utf-8").body(SORRY)
            }
        }
    }

    fn frame(&self, app: &App, visitor: Option<&Visitor>) -> Value {
        let marking = app.shown_with(self.marking);
        let area = AREAS.iter().find(|(area, ..)| *area == self.area).map(|(_, name, ..)| *name);
        let beginning = if self.has_faults() { "Error: " } else { "" };
        let area = area.filter(|area| *area != self.title).map(|area| format!(" – {area}")).unwrap_or_default();
        json!({
            "title": self.title,
            "fullTitle": format!("{beginning}{}{area} – Evenhand", self.title),
            "marking": marking.as_str(),
            "markingClass": marking.as_str().to_lowercase().replace(' ', "-"),
            "force": app.settings.force_name,
            "version": statics::version(),
            "navigation": visitor.map(|visitor| self.navigation(visitor)),
            "officer": visitor.map(|visitor| json!({ "name": visitor.officer.display_name })),
            "csrf": visitor.map(Visitor::csrf),
            "shortcuts": visitor.is_some_and(|visitor| visitor.shortcuts),
            "idleMinutes": app.settings.pages.idle.num_minutes(),
            "place": self.place,
            "printedAt": crate::render::pages::date_and_time(app.now()),
        })
    }

    fn navigation(&self, visitor: &Visitor) -> Vec<Value> {
        let theirs = AREAS.iter().filter(|(.., roles)| visitor.officer.has_any(roles));
        let item = |(area, name, href, _): &(Area, &str, &str, &[Role])| {
            let here = *area == self.area;
            json!({ "text": name, "href": href, "active": here, "current": here, "isMail": *area == Area::Mail })
        };
        theirs.map(item).collect()
    }
}

const SORRY: &str = "Sorry, this page cannot be shown. What you typed into a form was saved as a draft.";

/// Where to next, after something was done (RFC 9110 §15.4.4).
pub(crate) fn see_other(place: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("location", place)).finish()
}

/// A place of ours to go back to, and never anybody else's (CWE-601).
pub(crate) fn place_of_ours(asked: &str) -> &str {
    let plain = asked.starts_with('/') && !asked.starts_with("//") && !asked.contains(['\\', '\n', '\r', '\t']);
    if plain && !asked.chars().any(char::is_control) { asked } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_house() {
        assert_eq!(place_of_ours("/cases/1?x=2"), "/cases/1?x=2");
        for elsewhere in [
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "",
            "x",
            "/\t/a",
            "javascript:alert(1)",
        ] {
            assert_eq!(place_of_ours(elsewhere), "/", "{elsewhere}");
        }
    }
}
