//! What the programme costs and what repeat calls are estimated to: each entry says whether it is known and how it was
//! arrived at, and estimates are never added to what is known.

use super::{MAY_COORDINATE, MAY_READ_PROGRAMME, happened};
use crate::app::callers::words;
use crate::app::{App, AppError, officer_names, rights};
use crate::domain::access::Actor;
use crate::domain::ids::ProgrammeCostId;
use crate::store::programme_costs::{self, ProgrammeCost};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::ToSchema;

const KINDS: [&str; 4] = ["backfill", "staffing", "denied_service", "demand"];
const UNITS: [&str; 3] = ["pence", "minutes", "calls"];
const CERTAINTIES: [&str; 2] = ["estimate", "known"];

#[derive(Clone, Debug)]
pub struct NewCost {
    /// `backfill`, `staffing`, `denied_service` or `demand`.
    pub kind: String,
    /// Whole pence, minutes or calls: 0 or more.
    pub amount: i64,
    pub unit: String,
    /// Both days included.
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// `estimate` or `known`.
    pub certainty: String,
    /// How it was arrived at.
    pub how: String,
}

/// An entry that stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProgrammeCost)]
pub struct CostView {
    pub id: ProgrammeCostId,
    /// `backfill`, `staffing`, `denied_service` or `demand`.
    pub kind: String,
    pub amount: i64,
    /// `pence`, `minutes` or `calls`.
    pub unit: String,
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// `estimate` or `known`.
    pub certainty: String,
    pub how: String,
    pub entered_by: String,
    pub entered_at: DateTime<Utc>,
}

/// Entries of one kind and one certainty together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostSum {
    pub kind: String,
    pub certainty: String,
    pub unit: String,
    pub amount: i64,
    pub entries: usize,
}

/// # Errors
/// `wrong-role`; `Invalid`, with every fault's field.
pub async fn add_cost(app: &App, actor: &Actor, new: NewCost) -> Result<CostView, AppError> {
    let officer = rights::officer_with(actor, &MAY_COORDINATE)?.id;
    for (pointer, known, said) in [
        ("/kind", &KINDS[..], &new.kind),
        ("/unit", &UNITS[..], &new.unit),
        ("/certainty", &CERTAINTIES[..], &new.certainty),
    ] {
        if !known.contains(&said.as_str()) {
            return Err(AppError::invalid(pointer, format!("Say one of: {}.", known.join(", "))));
        }
    }
    if new.amount < 0 {
        return Err(AppError::invalid("/amount", "This is less than nothing."));
    }
    if new.to < new.from {
        return Err(AppError::invalid("/to", "The last day is before the first."));
    }
    let cost = ProgrammeCost {
        id: app.new_id(),
        kind: new.kind,
        amount: new.amount,
        unit: new.unit,
        from: new.from,
        to: new.to,
        certainty: new.certainty,
        how: words("/how", &new.how, 2000)?,
        entered: (officer, app.now()),
        withdrawn_at: None,
    };
    let (inner, by, row) = (app.clone(), actor.clone(), cost.clone());
    let written = app.store.write(async move |tx| {
        programme_costs::insert(tx, &row).await?;
        let data = json!({ "kind": row.kind, "amount": row.amount, "unit": row.unit, "certainty": row.certainty,
                           "from": row.from, "to": row.to, "how": row.how });
        happened(&inner, tx, &by, (row.id.as_uuid(), "cost_entered"), data).await
    });
    written.await?;
    views(app, vec![cost]).await?.pop().ok_or(AppError::NotFound)
}

/// An entry that was wrong counts no more.
///
/// # Errors
/// `wrong-role`; `NotFound` where none stands.
pub async fn withdraw_cost(app: &App, actor: &Actor, id: ProgrammeCostId) -> Result<(), AppError> {
    let officer = rights::officer_with(actor, &MAY_COORDINATE)?.id;
    let (inner, by, at) = (app.clone(), actor.clone(), app.now());
    let written = app.store.write(async move |tx| {
        if !programme_costs::withdraw(tx, id, (officer, at)).await? {
            return Err(AppError::NotFound);
        }
        happened(&inner, tx, &by, (id.as_uuid(), "cost_withdrawn"), json!({})).await
    });
    Ok(written.await?)
}

/// Entries that stand, by the day they begin.
///
/// # Errors
/// `wrong-role`.
pub async fn list_costs(app: &App, actor: &Actor) -> Result<Vec<CostView>, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    views(app, programme_costs::standing(app.store.reader()).await?).await
}

async fn views(app: &App, costs: Vec<ProgrammeCost>) -> Result<Vec<CostView>, AppError> {
    let names = officer_names(app, &costs.iter().map(|cost| cost.entered.0.as_uuid()).collect::<Vec<_>>()).await?;
    let view = |cost: ProgrammeCost| CostView {
        id: cost.id,
        entered_by: names.get(&cost.entered.0.as_uuid()).cloned().unwrap_or_default(),
        entered_at: cost.entered.1,
        kind: cost.kind,
        amount: cost.amount,
        unit: cost.unit,
        from: cost.from,
        to: cost.to,
        certainty: cost.certainty,
        how: cost.how,
    };
    Ok(costs.into_iter().map(view).collect())
}

/// What is known apart from what is estimated, and each unit apart.
pub(super) fn sums(costs: &[CostView]) -> Vec<CostSum> {
    let mut sums: BTreeMap<(String, String, String), (i64, usize)> = BTreeMap::new();
    for cost in costs {
        let sum = sums.entry((cost.kind.clone(), cost.certainty.clone(), cost.unit.clone())).or_default();
        *sum = (sum.0.saturating_add(cost.amount), sum.1 + 1);
    }
    let sum = |((kind, certainty, unit), (amount, entries))| CostSum { kind, certainty, unit, amount, entries };
    sums.into_iter().map(sum).collect()
}
