//! `/callers/report`: what was done with referrals and what is estimated; it counts and concludes nothing.

use super::places::{Place, may, page};
use super::words::{amount, measure};
use crate::app::App;
use crate::app::coordination::{CallsReport, CostView, read_report};
use crate::render::long_date;
use crate::render::pages::choice;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

#[get("/callers/report")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    let report = Box::pin(read_report(&app, &visitor.actor)).await?;
    let view = view(&report, may(&visitor).coordinate);
    let title = "Referrals and impact";
    let page = page(&visitor, ("callers/report", title, Place::Report), report.marking, view);
    Ok(page.show(&app, &visitor))
}

fn view(report: &CallsReport, coordinates: bool) -> Value {
    let key = |measure: &Value| measure.as_str().unwrap_or_default().to_owned();
    let measures =
        report.measures.iter().map(|one| json!({ "what": measure(&key(&json!(one.measure))), "count": one.count }));
    let units = report.by_unit.iter().map(|(unit, cases)| {
        let unit = if unit == "none" { "Not referred".to_owned() } else { choice(unit) };
        json!({ "unit": unit, "cases": cases })
    });
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
            "measures": measures.collect::<Vec<_>>(), "byState": report.by_state, "units": units.collect::<Vec<_>>(),
            "acceptance": report.acceptance, "sums": sums.collect::<Vec<_>>(),
            "costs": report.costs.iter().map(cost).collect::<Vec<_>>(), "coordinates": coordinates })
}
