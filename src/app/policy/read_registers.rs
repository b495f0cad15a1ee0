//! The registers as whoever signs in reads them, and as they read when an earlier decision was taken.

use super::review::review_warning;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::registers::{RegisterText, Registers};
use crate::store::register_texts;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Value, json};

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisterSummary {
    /// `policy`, `legislation`, `checklist`, `links`, `bank-holidays`, `areas`, `call-categories`, `call-grading`,
    /// `call-scripts`, `repeat-callers-month`, `calls-programme`.
    pub name: String,
    /// Where it has one.
    pub version: Option<String>,
    /// What events name it by.
    pub content_hash: String,
    /// What is to be said of it today: that its review is overdue.
    pub warning: Option<String>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Register)]
pub struct RegisterView {
    #[serde(flatten)]
    pub summary: RegisterSummary,
    /// What it holds.
    #[schema(value_type = Object)]
    pub data: Value,
    /// Every text it had here, the newest first: what an earlier decision was taken under is found by the content hash
    /// in its event.
    pub kept: Vec<KeptText>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeptText {
    pub content_hash: String,
    /// When a start first found it.
    pub stored_at: DateTime<Utc>,
    pub text: String,
}

/// Every register there is, by name.
///
/// # Errors
/// `named-person-required`: policy is shown to whoever signs in.
pub fn list_registers(app: &App, actor: &Actor) -> Result<Vec<RegisterSummary>, AppError> {
    rights::liaison(actor)?;
    let registers = app.catalog.registers();
    let mut all: Vec<RegisterSummary> = registers.texts.iter().map(|register| summary(app, register)).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(all)
}

/// One register, with the texts it had.
///
/// # Errors
/// `named-person-required`; `NotFound`.
pub async fn find_register(app: &App, actor: &Actor, name: &str) -> Result<RegisterView, AppError> {
    rights::liaison(actor)?;
    let registers = app.catalog.registers();
    let register = registers.texts.iter().find(|register| register.name == name).ok_or(AppError::NotFound)?;
    let kept = register_texts::of_name(app.store.reader(), name).await?.into_iter().map(|row| KeptText {
        content_hash: row.content_hash,
        stored_at: row.stored_at,
        text: row.text,
    });
    Ok(RegisterView { summary: summary(app, register), data: data(registers, name), kept: kept.collect() })
}

fn summary(app: &App, register: &RegisterText) -> RegisterSummary {
    let registers = app.catalog.registers();
    let version = match register.name.as_str() {
        "policy" => registers.in_force.policy.clone(),
        "legislation" => registers.in_force.legislation.clone(),
        "checklist" => Some(registers.checklist.version.clone()),
        "areas" => Some(registers.areas.version.clone()),
        "repeat-callers-month" => registers.repeat_callers_month.as_ref().map(|rule| rule.version.clone()),
        "calls-programme" => registers.calls_programme.as_ref().map(|programme| programme.version.clone()),
        "call-categories" => Some(registers.call_categories.version.clone()),
        "call-grading" => Some(registers.call_grading.version.clone()),
        "call-scripts" => Some(registers.call_scripts.version.clone()),
        _ => None,
    };
    RegisterSummary {
        name: register.name.clone(),
        version,
        content_hash: register.content_hash.clone(),
        warning: review_warning(app).filter(|_| register.name == "policy"),
    }
}

fn data(registers: &Registers, name: &str) -> Value {
    match name {
        "policy" => json!(registers.policy),
        "legislation" => json!({ "enactments": &registers.legislation.enactments[..] }),
        "checklist" => json!({ "checks": registers.checklist.checks }),
        "links" => json!(registers.links),
        "same-call" => json!(registers.same_call),
        "repeat-callers-month" => json!(registers.repeat_callers_month),
        "calls-programme" => json!(registers.calls_programme),
        "call-categories" => json!({ "categories": registers.call_categories.categories }),
        "call-grading" => json!({ "grades": registers.call_grading.grades }),
        "call-scripts" => json!({ "scripts": registers.call_scripts.scripts }),
        "bank-holidays" => json!({ "englandAndWales": registers.calendar.bank_holidays }),
        "areas" => json!({ "areas": registers.areas.areas }),
        _ => Value::Null,
    }
}
