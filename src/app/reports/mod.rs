//! Reports: what is on file, counted and laid side by side, for whoever answers for fairness.

mod conformance;
mod consistency;
mod equality;
mod people;
mod remembered;
mod stories;

pub use remembered::Remembered;

use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::{Actor, Role};
use crate::domain::marking::Marking;
use crate::store::{case_facts, cases};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use std::str::FromStr;

const MAY_READ: [Role; 5] =
    [Role::PsdSupervisor, Role::Chair, Role::AppropriateAuthority, Role::Auditor, Role::Records];

/// The reports there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportName {
    Equality,
    Consistency,
    Conformance,
}

impl ReportName {
    pub const ALL: [ReportName; 3] = [ReportName::Equality, ReportName::Consistency, ReportName::Conformance];

    pub fn as_str(self) -> &'static str {
        match self {
            ReportName::Equality => "equality",
            ReportName::Consistency => "consistency",
            ReportName::Conformance => "conformance",
        }
    }

    fn title(self) -> &'static str {
        match self {
            ReportName::Equality => "Equality: who is nominated, restricted, warned, and appeals",
            ReportName::Consistency => "Consistency: like cases side by side",
            ReportName::Conformance => "Conformance: what is asked of restrictions, and the cases behind each answer",
        }
    }

    /// What can be concluded from it, honestly.
    fn evidence(self) -> &'static str {
        match self {
            ReportName::Equality => {
                "Counts, not causes. People are counted once, after merges. Where one count of a column is under five, or \
                 leaves under five of the wider count it is a part of, the column is left out (null), and so is a total \
                 like that. Cases that were disposed of are left out. A difference may come from who contacts us, from \
                 who was asked, or from how we decide; this does not tell which. Two reports made shortly after each \
                 other are not to be subtracted."
            }
            ReportName::Consistency => {
                "Likeness is a rough one: the kinds of conduct named at the decision, and how many contacts there were in \
                 the 28 days before. A difference is a reason to read the cases, not a finding. Cases that were disposed \
                 of, and those about people who complained about you, are left out."
            }
            ReportName::Conformance => {
                "Counts of what is on file, not of what happened. Cases that were disposed of, and those about people who \
                 complained about you, are left out."
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a report")]
pub struct UnknownReport(pub String);

impl FromStr for ReportName {
    type Err = UnknownReport;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ReportName::ALL.into_iter().find(|name| name.as_str() == text).ok_or_else(|| UnknownReport(text.to_owned()))
    }
}

/// A report as it is handed out.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    pub name: &'static str,
    pub title: &'static str,
    /// The highest of what it was made from.
    pub marking: Marking,
    /// Of the policy in force when it was made.
    pub policy_version: String,
    pub made_at: DateTime<Utc>,
    pub page: u32,
    pub pages: u32,
    /// What can be concluded from it, and what cannot.
    pub evidence: &'static str,
    #[schema(value_type = Object)]
    pub content: Value,
}

/// Makes a report of what is on file now. Our own software may, for the command line.
///
/// # Errors
/// `Refused`.
pub async fn make_report(app: &App, actor: &Actor, name: ReportName) -> Result<Report, AppError> {
    rights::software_or_officer(actor, &MAY_READ)?;
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(app.store.reader(), officer.id).await?,
        None => Vec::new(),
    };
    let make = async {
        match name {
            ReportName::Equality => equality::content(app).await,
            ReportName::Consistency => consistency::content(app, &hidden).await,
            ReportName::Conformance => conformance::content(app, &hidden).await,
        }
    };
    let made = Box::pin(remembered::made(app, (name.as_str(), hidden.clone()), make)).await?;
    log_reading(app, actor, &format!("report-{}", name.as_str()), None).await?;
    let marking = app.shown_with(Marking::OfficialSensitive).with(cases::markings_in_use(app.store.reader()).await?);
    Ok(Report {
        name: name.as_str(),
        title: name.title(),
        marking,
        policy_version: app.catalog.policy().version.clone(),
        made_at: made.at,
        page: 1,
        pages: 1,
        evidence: name.evidence(),
        content: made.content,
    })
}

/// Whether words stand there.
fn is_filled(value: Option<&Value>) -> bool {
    value.and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
}

fn as_json(content: &impl Serialize) -> Result<Value, AppError> {
    serde_json::to_value(content).map_err(|error| AppError::broken("writing a report", error))
}
