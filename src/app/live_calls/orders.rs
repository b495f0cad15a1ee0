//! Orders in force against a person, whose breach a call may be (policy 6.3).

use crate::app::App;
use crate::domain::calendar::london;
use crate::domain::ids::CaseId;
use crate::domain::workflow::StateKind;
use crate::store::cases::CaseRow;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

pub(super) const WORKFLOW: &str = "enforcement-order";

/// An order that binds somebody today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderInForce {
    pub case_id: CaseId,
    /// `community_protection_warning`, `community_protection_notice`, `criminal_behaviour_order`, `civil_injunction`.
    pub kind: String,
    /// What it forbids or asks, condition by condition.
    pub conditions: Vec<String>,
    /// The last day.
    pub until: NaiveDate,
}

/// Those of these cases that are orders in force today.
pub(super) fn in_force(app: &App, rows: &[CaseRow]) -> Vec<OrderInForce> {
    let today = london::date_of(app.now());
    rows.iter().filter(|row| row.workflow == WORKFLOW).filter_map(|row| order(app, row, today)).collect()
}

fn order(app: &App, row: &CaseRow, today: NaiveDate) -> Option<OrderInForce> {
    let workflow = app.catalog.pinned(&row.content_hash).or_else(|| app.catalog.latest(WORKFLOW).cloned())?;
    if workflow.state(&row.state)?.kind != StateKind::Restrictive {
        return None;
    }
    // The order that was made last stands for those it came from.
    let kept = |name: &str| row.data.get(name).filter(|order| order.get("endsOn").is_some());
    let (order, kind) = match (kept("courtOrder"), kept("notice"), kept("warning")) {
        (Some(order), _, _) => (order, text(&row.data, "kind")),
        (None, Some(order), _) => (order, "community_protection_notice".to_owned()),
        (None, None, Some(order)) => (order, text(&row.data, "kind")),
        (None, None, None) => return None,
    };
    let until: NaiveDate = text(order, "endsOn").parse().ok()?;
    let conditions = order.get("conditions").and_then(Value::as_array).into_iter().flatten();
    let conditions = conditions.map(|condition| text(condition, "words")).collect();
    (today <= until).then(|| OrderInForce { case_id: CaseId::from_uuid(row.id), kind, conditions, until })
}

fn text(of: &Value, name: &str) -> String {
    of.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
