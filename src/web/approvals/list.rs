//! `GET /approvals`: every decision that waits for the appropriate authority, the oldest deadline first.

use crate::app::cases::{Waiting, waiting_for_authority};
use crate::app::{App, Marking, delegated_until};
use crate::domain::access::Role;
use crate::web::due::due_at;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

#[get("/approvals")]
pub(crate) async fn list(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let waiting = waiting_for_authority(&app, &visitor.actor).await?;
    let marking = Marking::default().with(waiting.iter().map(|one| one.case.marking));
    let late = waiting.iter().filter(|one| one.case.due_at.is_some_and(|due| due < app.now())).count();
    let decides = visitor.officer.has(Role::AppropriateAuthority);
    let view = json!({
        "rows": waiting.iter().map(|one| row(&app, one)).collect::<Vec<_>>(),
        "count": waiting.len(),
        "late": late,
        "decides": decides,
        "delegatedUntil": delegated_until(&app, &visitor.actor, "communications-strategy").await?,
    });
    let page = Page { area: Area::Approvals, marking, ..Page::new("approvals/list", "Approvals", view) };
    Ok(page.show(&app, &visitor))
}

fn row(app: &App, waiting: &Waiting) -> Value {
    let case = &waiting.case;
    let (what, href) = match waiting.decision {
        "strategy" => ("Sign a strategy, or send it back", format!("/approvals/{}", case.id)),
        "harm_test" => ("Decide a harm test", format!("/cases/{}/actions/decide_harm_test", case.id)),
        "review" => ("Decide a review", format!("/cases/{}", case.id)),
        _ => ("Decide an appeal", format!("/cases/{}", case.id)),
    };
    let due = match (case.paused_until, case.due_at) {
        (Some(until), _) => json!({ "text": format!("The clock stands until {}", crate::render::long_date(until)) }),
        (None, Some(due)) => json!(due_at(due, app.now())),
        (None, None) => Value::Null,
    };
    json!({ "what": what, "href": href, "person": waiting.person_name, "reference": waiting.person_reference,
            "spoc": waiting.spoc_name, "since": case.state_since, "due": due, "adjustments": case.adjustments })
}
