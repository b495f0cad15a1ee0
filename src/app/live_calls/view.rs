//! The record of a call as callers read it: what to keep to first.

use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, Marking, ShownWith};
use crate::domain::access::{Actor, ActorRef};
use crate::domain::calls::record::{
    Advice, Amendment, Breach, CallRecord, Graded, Purpose, RecordState, Request, Settled, TakenBack, Thrive,
    left_to_do,
};
use crate::domain::contact::Channel;
use crate::domain::ids::{CallId, CallerId, CaseId, PersonId};
use crate::store::{call_records, calls, case_facts, people};
use chrono::{DateTime, Utc};
use serde::Serialize;

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = CallRecord)]
pub struct CallRecordView {
    pub id: CallId,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// In force today; to be kept to on this call.
    pub adjustments: Vec<AdjustmentView>,
    pub vulnerability: Vec<String>,
    pub targeted_victim: bool,
    pub state: RecordState,
    /// What `If-Match` names: `"v12"`.
    pub version: i64,
    pub person_id: Option<PersonId>,
    /// Absent where the person complained about the reader.
    pub person_name: Option<String>,
    pub caller_id: Option<CallerId>,
    pub channel: Channel,
    /// When the call began.
    pub started_at: DateTime<Utc>,
    pub number: Option<String>,
    pub withheld: bool,
    pub caller_name: Option<String>,
    pub place: Option<String>,
    #[schema(value_type = Object)]
    pub begun_by: ActorRef,
    pub begun_at: DateTime<Utc>,
    pub purpose: Option<Purpose>,
    pub category: Option<String>,
    pub genuine: Option<bool>,
    pub crime: Option<bool>,
    pub report_needed: Option<bool>,
    pub breach: Option<Breach>,
    pub thrive: Option<Thrive>,
    #[schema(value_type = Option<Object>)]
    pub graded: Option<Graded>,
    /// The grade does not answer for what was found since: it has to be given again.
    pub needs_grading: bool,
    pub script: Vec<StepView>,
    /// Another system's; never made by us.
    pub cad_reference: Option<String>,
    pub athena_reference: Option<String>,
    /// A crime was found, and the reference of its record in Athena is still to come.
    pub athena_owed: bool,
    #[schema(value_type = Vec<Object>)]
    pub advice: Vec<Advice>,
    #[schema(value_type = Vec<Object>)]
    pub requests: Vec<Request>,
    #[schema(value_type = Vec<Object>)]
    pub amendments: Vec<Amendment>,
    pub completed_at: Option<DateTime<Utc>>,
    /// It was begun by mistake, and counts for nobody.
    #[schema(value_type = Option<Object>)]
    pub taken_back: Option<TakenBack>,
    /// No other system recorded the call: it is taken back where there was none.
    pub may_be_taken_back: bool,
    /// What keeps it from being complete; empty where nothing does.
    pub left_to_do: Vec<OwedView>,
}

#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StepView {
    /// 1, 2, 3 ….
    pub step: u32,
    pub text: String,
    #[schema(value_type = Option<Object>)]
    pub settled: Option<Settled>,
}

/// One thing that is still to be done.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OwedView {
    /// `thrive-first`, `needs-grading`, `script-not-finished`, …
    pub code: String,
    pub says: String,
    pub policy: Option<String>,
}

/// What is said of the person on the line.
#[derive(Default)]
struct Whose {
    name: Option<String>,
    vulnerability: Vec<String>,
    targeted_victim: bool,
}

impl CallRecordView {
    /// The record with what it is shown with.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn load(app: &App, actor: &Actor, record: &CallRecord) -> Result<Self, AppError> {
        let db = app.store.reader();
        let people: Vec<PersonId> = record.about.person.into_iter().collect();
        let orders: Vec<CaseId> = record.breach.iter().map(|breach| breach.order_case_id).collect();
        let with = ShownWith::load(app, db, &orders, &people).await?;
        let call = calls::find(db, record.id).await?.ok_or(AppError::NotFound)?;
        let whose = whose(app, actor, record.about.person).await?;
        let step = |(n, step): (usize, &crate::domain::calls::record::Step)| StepView {
            step: u32::try_from(n + 1).unwrap_or(u32::MAX),
            text: step.text.clone(),
            settled: step.settled.clone(),
        };
        let owed = |fault: crate::domain::case::RefusalFault| OwedView {
            code: fault.code.unwrap_or_default(),
            says: fault.message,
            policy: fault.policy,
        };
        let open = record.state == RecordState::Open;
        Ok(Self {
            id: record.id,
            marking: with.marking(orders),
            adjustments: with.adjustments(record.about.person),
            vulnerability: whose.vulnerability,
            targeted_victim: whose.targeted_victim,
            state: record.state,
            version: record.version,
            person_id: record.about.person,
            person_name: whose.name,
            caller_id: record.about.caller,
            channel: record.about.channel,
            started_at: call.started_at,
            number: call.number,
            withheld: call.withheld,
            caller_name: call.words.caller_name,
            place: call.words.location,
            begun_by: record.begun_by,
            begun_at: record.begun_at,
            purpose: record.purpose.clone(),
            category: record.category.clone(),
            genuine: record.flags.genuine,
            crime: record.flags.crime,
            report_needed: record.report_needed,
            breach: record.breach.clone(),
            thrive: record.thrive.clone(),
            graded: record.graded.clone(),
            needs_grading: record.needs_grading(),
            script: record.steps.iter().enumerate().map(step).collect(),
            cad_reference: record.cad_reference.clone(),
            athena_reference: record.athena_reference.clone(),
            athena_owed: record.flags.crime == Some(true)
                && record.athena_reference.is_none()
                && record.taken_back.is_none(),
            advice: record.advice.clone(),
            requests: record.requests.clone(),
            amendments: record.amendments.clone(),
            completed_at: record.completed_at,
            taken_back: record.taken_back.clone(),
            may_be_taken_back: open && call.system == call_records::SYSTEM && call.call == call.id,
            left_to_do: if open { left_to_do(record).into_iter().map(owed).collect() } else { Vec::new() },
        })
    }
}

/// How to help is said to everybody; the name not to whom the person complained about.
async fn whose(app: &App, actor: &Actor, person: Option<PersonId>) -> Result<Whose, AppError> {
    let db = app.store.reader();
    let Some(person) = person else { return Ok(Whose::default()) };
    let root = people::root(db, person).await?.unwrap_or(person);
    let members = people::members(db, &[root]).await?;
    let hidden = match actor.officer() {
        Some(officer) => case_facts::people_complaining_about(db, officer.id).await?.contains(&root),
        None => true,
    };
    let mut vulnerability: Vec<String> = members.iter().flat_map(|member| member.vulnerability.clone()).collect();
    vulnerability.dedup();
    Ok(Whose {
        name: members.iter().find(|member| member.id == root && !hidden).map(|member| member.full_name.clone()),
        vulnerability,
        targeted_victim: members.iter().any(|member| member.targeted_victim),
    })
}
