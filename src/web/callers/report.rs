//! `/callers/report`: what was done with referrals, what came of them and what is estimated, of some days; it counts and
//! concludes nothing.

use super::places::{Place, may, page};
use super::words::{amount, measure, outcome};
use crate::app::App;
use crate::app::coordination::{CallsReport, CostView, read_report};
use crate::render::long_date;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::form::{Drawing, draw, faults, read, summary};
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde_json::{Value, json};

#[get("/callers/report")]
pub(crate) async fn show(
    app: Data<App>,
    visitor: Visitor,
    asked: Query<Vec<(String, String)>>,
) -> Result<HttpResponse, Fault> {
    let schema = days();
    let mut said = read(&schema, &asked);
    let day = |name: &str| said.input.get(name).and_then(Value::as_str).and_then(|day| day.parse::<NaiveDate>().ok());
    let mut wanted = if said.faults.is_empty() { (day("from"), day("to")) } else { (None, None) };
    let report = match Box::pin(read_report(&app, &visitor.actor, wanted)).await {
        Err(error) if wanted != (None, None) => {
            let (_, wrong) = faults::of_error(error)?;
            said.faults = wrong;
            wanted = (None, None);
            Box::pin(read_report(&app, &visitor.actor, wanted)).await?
        }
        other => other?,
    };
    let mut view = view(&report, may(&visitor).coordinate);
    let drawing = match said.faults.is_empty() {
        true => Drawing::of_value(&schema, &json!({ "from": report.from, "to": report.to })),
        false => Drawing { fields: asked.into_inner(), faults: said.faults.clone(), ..Drawing::default() },
    };
    if let Some(view) = view.as_object_mut() {
        view.insert("fields".to_owned(), json!(draw(&schema, &drawing)));
        view.insert("faults".to_owned(), json!(summary(&said.faults)));
    }
    let status = if said.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut page = page(&visitor, ("callers/report", "Referrals and impact", Place::Report), report.marking, view);
    page.status = status;
    Ok(page.show(&app, &visitor))
}

fn days() -> Value {
    json!({ "type": "object", "properties": {
        "from": { "type": "string", "format": "date", "title": "First day" },
        "to": { "type": "string", "format": "date", "title": "Last day" } } })
}

fn view(report: &CallsReport, coordinates: bool) -> Value {
    let key = |measure: &Value| measure.as_str().unwrap_or_default().to_owned();
    let measures =
        report.measures.iter().map(|one| json!({ "what": measure(&key(&json!(one.measure))), "count": one.count }));
    let units = report.by_unit.iter().map(|(unit, cases)| {
        let unit = if unit == "none" { "Not referred".to_owned() } else { choice(unit) };
        json!({ "unit": unit, "cases": cases })
    });
    let outcomes = report.outcomes.iter().map(|one| json!({ "outcome": outcome(&one.outcome), "cases": one.cases }));
    let impacts = report
        .impacts
        .iter()
        .map(|sum| json!({ "kind": choice(&sum.kind), "amount": amount(sum.amount, &sum.unit), "cases": sum.cases }));
    let sums = report.sums.iter().map(|sum| {
        json!({ "kind": choice(&sum.kind), "isEstimate": sum.certainty == "estimate", "entries": sum.entries,
                "amount": amount(sum.amount, &sum.unit) })
    });
    let cost = |one: &CostView| {
        json!({ "id": one.id, "kind": choice(&one.kind), "isEstimate": one.certainty == "estimate",
                "amount": amount(one.amount, &one.unit), "from": long_date(one.from), "to": long_date(one.to),
                "how": one.how, "by": one.entered_by })
    };
    json!({ "evidence": choice(&report.evidence), "says": report.says, "madeAt": report.made_at,
            "from": long_date(report.from), "to": long_date(report.to),
            "measures": measures.collect::<Vec<_>>(), "byState": report.by_state, "units": units.collect::<Vec<_>>(),
            "outcomes": outcomes.collect::<Vec<_>>(), "impacts": impacts.collect::<Vec<_>>(), "calls": report.calls,
            "leftOut": report.calls.not_on_file + report.calls.caller_unknown,
            "acceptance": report.acceptance, "sums": sums.collect::<Vec<_>>(),
            "costs": report.costs.iter().map(cost).collect::<Vec<_>>(), "coordinates": coordinates })
}
