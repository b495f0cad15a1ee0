//! Questions to SNT, OPT and MASH: for whoever asked them, the list and where each stands; for the unit, one narrow page with
//! the question and nothing else.

pub(crate) mod answer;
pub(crate) mod list;
pub(crate) mod show;

use crate::app::AppError;
use crate::app::cases::{CaseView, find_case};
use crate::domain::access::Role;
use crate::domain::ids::CaseId;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use chrono::NaiveDate;

/// The units that are asked.
const UNITS: [Role; 3] = [Role::Snt, Role::Opt, Role::Mash];

/// The case, if it is a consultation.
async fn find_consultation(app: &crate::app::App, visitor: &Visitor, id: CaseId) -> Result<CaseView, Fault> {
    let case = find_case(app, &visitor.actor, id).await?;
    if case.workflow == "consultation" { Ok(case) } else { Err(AppError::NotFound.into()) }
}

fn text<'c>(case: &'c CaseView, name: &str) -> &'c str {
    case.data.get(name).and_then(serde_json::Value::as_str).unwrap_or_default()
}

fn reply_by(case: &CaseView) -> Option<NaiveDate> {
    text(case, "replyBy").parse().ok()
}

/// Whether the officer answers for the unit that was asked.
fn is_theirs(visitor: &Visitor, case: &CaseView) -> bool {
    UNITS.iter().any(|unit| visitor.officer.has(*unit) && unit.as_str() == text(case, "unit"))
}
