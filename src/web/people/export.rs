//! `/people/export`: the list as a file, for a reason that is written down.

use super::asking::{Asking, reason_form};
use super::filters::Filters;
use super::tabs::only_where;
use crate::app::people::{ListedPerson, export_people, may_do};
use crate::app::{App, drafts};
use crate::domain::calendar::london;
use crate::render::spreadsheet;
use crate::web::fault::Fault;
use crate::web::form::faults;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get, post};
use serde_json::json;

#[get("/people/export")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, asked: Query<Filters>) -> Result<HttpResponse, Fault> {
    only_where(may_do(&visitor.actor).export, "Your role does not take lists of people out of the product.")?;
    asking(&asked).show(&app, &visitor).await
}

fn asking(asked: &Filters) -> Asking {
    let narrowed = if asked.narrows() { "the people your filters show" } else { "everybody on the list" };
    Asking {
        template: Some("people/export"),
        title: "Download this list".to_owned(),
        place: "/people/export".to_owned(),
        button: "Download (CSV)".to_owned(),
        schema: reason_form("Why do you need this list outside Evenhand?", "Say who will see it and what it is for"),
        back: asked.href("/people", &[]),
        says: vec![
            format!("The file holds {narrowed}: reference, name, where the case stands, contacts in seven days, thresholds, strategy."),
            "That you took it, when, why and whom it names is written down and can be read by an auditor. Keep the file as its marking asks, and delete it when it is no longer needed.".to_owned(),
        ],
        beside: json!({ "hidden": asked.hidden() }),
        ..Asking::default()
    }
}

#[post("/people/export")]
pub(crate) async fn take(app: Data<App>, posted: Posted) -> Result<HttpResponse, Fault> {
    let asked = Filters::of(|name| posted.text(name).to_owned());
    let exported = match export_people(&app, &posted.visitor.actor, &asked.wanted(), posted.text("reason")).await {
        Ok(exported) => exported,
        Err(error) => {
            let (status, mut faults) = faults::of_error(error)?;
            if posted.text("reason").is_empty() {
                faults.iter_mut().for_each(|fault| "Enter why you need this list".clone_into(&mut fault.message));
            }
            return asking(&asked).again(&app, &posted, (status, faults)).await;
        }
    };
    drafts::discard_draft(&app, &posted.visitor.actor, "/people/export").await?;
    let marking = exported.marking.as_str().to_owned();
    let head = [
        "Marking",
        "Reference",
        "Name",
        "Adjustments",
        "Case",
        "Single point of contact",
        "Contacts in 7 days",
        "Contacts in the 7 days before",
        "Thresholds reached",
        "Strategy in force until",
    ];
    let rows: Vec<Vec<String>> = exported.rows.iter().map(|person| cells(&marking, person)).collect();
    let day = london::date_of(app.now());
    let head: Vec<String> = head.iter().map(|text| (*text).to_owned()).collect();
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(("content-disposition", format!("attachment; filename=\"people-{day}.csv\"")))
        .body(spreadsheet::document(&head, &rows)))
}

fn cells(marking: &str, person: &ListedPerson) -> Vec<String> {
    let lately = person.lately.as_ref();
    let count = |count: Option<u32>| count.map(|count| count.to_string()).unwrap_or_default();
    let reached = lately.map(|lately| &lately.reached).into_iter().flatten().map(|rule| rule.title.clone());
    let kinds = person.adjustments.iter().map(|adjustment| crate::render::pages::choice(&adjustment.kind));
    vec![
        marking.to_owned(),
        person.reference.clone(),
        person.full_name.clone(),
        kinds.collect::<Vec<_>>().join("; "),
        person.case.as_ref().map(|case| case.state_title.clone()).unwrap_or_default(),
        person.spoc_name.clone().unwrap_or_default(),
        count(lately.map(|lately| lately.week)),
        count(lately.map(|lately| lately.week_before)),
        reached.collect::<Vec<_>>().join("; "),
        person.strategy_until.map(|until| london::date_of(until).to_string()).unwrap_or_default(),
    ]
}
