//! A case as callers read it.

use crate::app::cases::{OtherProcess, Sight};
use crate::app::outbox::AttemptView;
use crate::app::people::AdjustmentView;
use crate::app::{App, ShownWith};
use crate::domain::access::ActorRef;
use crate::domain::case::{self, Case, CaseEvent, Pause, Signature};
use crate::domain::ids::{CaseId, EventId, OfficerId, PersonId};
use crate::domain::marking::Marking;
use crate::domain::workflow::{StateKind, Workflow};
use crate::store::cases::CaseRow;
use crate::store::delivery_reports::ReportRow;
use crate::store::outgoing::OutgoingRow;
use crate::store::outgoing_attempts::AttemptRow;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// A case; what a liaison officer's copy leaves out is `null` or empty.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Case)]
pub struct CaseView {
    pub id: CaseId,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    pub workflow: String,
    pub workflow_version: String,
    pub title: String,
    pub state: String,
    pub state_title: String,
    /// `open`, `restrictive` or `final`.
    #[schema(value_type = String)]
    pub kind: StateKind,
    /// What `If-Match` names: `"v12"`.
    pub version: i64,
    pub person_id: Option<PersonId>,
    pub parent_id: Option<CaseId>,
    pub spoc: Option<OfficerId>,
    /// What the forms of the steps taken so far recorded.
    pub data: Value,
    /// SHA-256 of the content a signature is bound to; absent where the case type has none.
    pub content_hash: Option<String>,
    #[schema(value_type = Option<Object>)]
    pub signature: Option<Signature>,
    pub opened_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub state_since: DateTime<Utc>,
    /// By when the state should be left.
    pub due_at: Option<DateTime<Utc>>,
    /// The day from which the deadline, which stands, goes on; absent where it does not stand.
    pub paused_until: Option<NaiveDate>,
    /// Why it stands. Empty in lists.
    pub pause_reason: Option<String>,
    pub children: Vec<ChildView>,
    /// Our mails of this case, the oldest first, and what became of them. Empty in lists.
    pub mails: Vec<SentMail>,
    /// An open case on the other side about the same person, where the reader may know of it: of a repeat caller that the
    /// department has a case, of a service user that they are a repeat caller. Absent in lists.
    pub other_process: Option<OtherProcess>,
}

/// A mail of ours, on its way or arrived.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SentMail {
    pub id: Uuid,
    pub to: String,
    pub subject: String,
    /// `queued`, `sending`, `sent`, `failed` or `uncertain` (it is tried again), `dead` (given up), `cancelled`.
    pub state: String,
    /// It is not sent before; until then it may be taken back.
    pub not_before: Option<DateTime<Utc>>,
    /// `recipient_budget`, `case_budget`, `sending_stopped`: why it waits longer.
    pub waits_because: Option<String>,
    pub created_at: DateTime<Utc>,
    pub sent_at: Option<DateTime<Utc>>,
    /// What the mail server said last.
    pub last_error: Option<String>,
    /// Each attempt to hand it over, the oldest first.
    pub tries: Vec<AttemptView>,
    /// What mail servers reported since it was sent, the oldest first.
    pub deliveries: Vec<DeliveryView>,
}

/// What a mail server reported of one recipient of a mail of ours.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeliveryView {
    pub recipient: String,
    /// `failed_permanently`, `failed_for_now` (given up; another mail may arrive), `delayed`, `delivered`, `relayed`.
    pub outcome: String,
    /// Enhanced status code (RFC 3463): `5.1.1`.
    pub status: Option<String>,
    /// The server's words.
    pub diagnostic: Option<String>,
    pub reported_at: DateTime<Utc>,
    /// The mail that reports it.
    pub mail_id: Uuid,
}

/// A child case in its parent's view.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChildView {
    pub id: Uuid,
    pub workflow: String,
    pub state: String,
    pub version: i64,
    pub unit: Option<String>,
    pub opened_at: DateTime<Utc>,
    pub marking: Marking,
}

/// One event of a case's history.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EventView {
    pub id: EventId,
    /// 1, 2, 3 … in the case's history.
    pub seq: i64,
    pub at: DateTime<Utc>,
    #[schema(value_type = Object)]
    pub actor: ActorRef,
    pub kind: String,
    pub data: Value,
    /// Of the case.
    pub marking: Marking,
}

impl EventView {
    pub(super) fn new((seq, id): (i64, EventId), event: &CaseEvent, marking: Marking) -> Self {
        Self {
            id,
            seq,
            at: event.at,
            actor: event.actor,
            kind: event.what.kind().to_owned(),
            data: serde_json::to_value(&event.what).unwrap_or_default(),
            marking,
        }
    }
}

/// What the clocks of a case show now.
pub(super) struct Clocks {
    due_at: Option<DateTime<Utc>>,
    pause: Option<Pause>,
}

impl Clocks {
    pub(super) fn of(app: &App, workflow: &Workflow, case: &Case) -> Self {
        let due_at = case::due_at(workflow, case, app.catalog.calendar());
        Self { due_at, pause: case.paused(app.now()).cloned() }
    }
}

impl CaseView {
    pub(super) fn new(workflow: &Workflow, case: &Case, clocks: Clocks, sight: Sight) -> Self {
        let state = workflow.state(&case.state);
        let full = sight == Sight::Full;
        Self {
            id: case.id,
            marking: case.marking,
            adjustments: Vec::new(),
            workflow: case.workflow.clone(),
            workflow_version: case.workflow_version.to_string(),
            title: workflow.title.clone(),
            state: case.state.clone(),
            state_title: state.map(|state| state.title.clone()).unwrap_or_default(),
            kind: state.map(|state| state.kind).unwrap_or_default(),
            version: case.version,
            person_id: case.person,
            parent_id: case.parent.filter(|_| full),
            spoc: case.spoc(),
            data: if full { case.data.clone() } else { part_of(sight, &case.data) },
            content_hash: case::content_hash(workflow, &case.data).filter(|_| full),
            signature: case.signature.clone().filter(|_| full),
            opened_at: case.opened_at,
            updated_at: case.updated_at,
            state_since: case.state_since,
            due_at: clocks.due_at,
            paused_until: clocks.pause.as_ref().map(|pause| pause.until),
            pause_reason: clocks.pause.filter(|_| full).map(|pause| pause.reason),
            children: Vec::new(),
            mails: Vec::new(),
            other_process: None,
        }
    }

    /// With the marking and the adjustments it is shown with: the marking of all that is in it.
    pub(super) fn shown_with(self, with: &ShownWith) -> Self {
        let beside = self.other_process.iter().map(|other| other.marking);
        let shown = self.children.iter().map(|child| child.marking).chain(beside);
        let marking = with.marking([self.id]).with(shown).max(self.marking);
        Self { marking, adjustments: with.adjustments(self.person_id), ..self }
    }

    /// From a row of a list: no signature, no children.
    pub(super) fn from_row(workflow: &Workflow, row: CaseRow, today: NaiveDate, sight: Sight) -> Self {
        let state = workflow.state(&row.state);
        let full = sight == Sight::Full;
        Self {
            id: CaseId::from_uuid(row.id),
            marking: Marking::default(),
            adjustments: Vec::new(),
            workflow: row.workflow,
            workflow_version: row.workflow_version,
            title: workflow.title.clone(),
            state_title: state.map(|state| state.title.clone()).unwrap_or_default(),
            kind: state.map(|state| state.kind).unwrap_or_default(),
            state: row.state,
            version: row.version,
            person_id: row.person_id.map(PersonId::from_uuid),
            parent_id: row.parent_id.map(CaseId::from_uuid).filter(|_| full),
            spoc: row.spoc_id.map(OfficerId::from_uuid),
            content_hash: case::content_hash(workflow, &row.data).filter(|_| full),
            data: if full { row.data } else { part_of(sight, &row.data) },
            signature: None,
            opened_at: row.opened_at,
            updated_at: row.updated_at,
            state_since: row.state_since,
            due_at: row.due_at,
            paused_until: row.paused_until.filter(|until| today < *until),
            pause_reason: None,
            children: Vec::new(),
            mails: Vec::new(),
            other_process: None,
        }
    }
}

impl From<ReportRow> for DeliveryView {
    fn from(row: ReportRow) -> Self {
        Self {
            recipient: row.recipient,
            outcome: row.outcome,
            status: row.status,
            diagnostic: row.diagnostic,
            reported_at: row.reported_at,
            mail_id: row.mail_id,
        }
    }
}

impl SentMail {
    pub(super) fn new(row: OutgoingRow, reports: &[ReportRow], attempts: &[AttemptRow]) -> Self {
        let tries = attempts.iter().filter(|attempt| attempt.outgoing_id == row.id);
        let theirs = reports.iter().filter(|report| report.outgoing_id == row.id);
        Self {
            deliveries: theirs.cloned().map(DeliveryView::from).collect(),
            tries: tries.cloned().map(AttemptView::from).collect(),
            id: row.id,
            to: row.to_address,
            subject: row.subject,
            state: row.state,
            not_before: row.not_before,
            waits_because: row.waits_because,
            created_at: row.created_at,
            sent_at: row.sent_at,
            last_error: row.last_error,
        }
    }
}

impl ChildView {
    pub(super) fn new(row: CaseRow, marking: Marking) -> Self {
        let unit = super::seeing::unit_of(&row.data).map(str::to_owned);
        Self {
            id: row.id,
            workflow: row.workflow,
            state: row.state,
            version: row.version,
            unit,
            opened_at: row.opened_at,
            marking,
        }
    }
}

/// What is shown of a case that is not seen whole: to a liaison officer the question and the answer; to who only sees that
/// there is one, the unit that has it.
fn part_of(sight: Sight, data: &Value) -> Value {
    if sight == Sight::Existence {
        let (unit, area) = (super::seeing::unit_of(data), super::seeing::area_of(data));
        return unit.zip(area).map_or(json!({}), |(unit, area)| json!({ "referral": { "unit": unit, "area": area } }));
    }
    let shown = ["unit", "question", "replyBy", "answer"];
    let fields = shown.into_iter().filter_map(|name| Some((name.to_owned(), data.get(name)?.clone())));
    json!(fields.collect::<serde_json::Map<_, _>>())
}
