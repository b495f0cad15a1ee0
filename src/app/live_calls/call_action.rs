//! What somebody asks of the record of a call, as forms and the API say it; and as the record understands it.

use super::look_up::{at_hand, place_of};
use super::script;
use crate::app::callers::{Named, on_file};
use crate::app::people::may_act_on;
use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::calls::record::{
    Assessment, Breach, CallRecord, Command, Grade, Override, Purpose, Reference, RequestKind, Thrive,
};
use crate::store::{Tx, calls};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Clone, Debug)]
pub enum CallAction {
    Assess(AssessInput),
    Thrive(Thrive),
    Identify(IdentifyInput),
    Grade(GradeInput),
    SettleStep(StepInput),
    Refer(ReferenceInput),
    Advise(AdviceInput),
    Request(RequestInput),
    FinishRequest(RequestDoneInput),
    Complete,
    Amend(AmendInput),
    TakeBack(TakeBackInput),
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssessInput {
    /// Whether the call has a policing purpose, and why: never assumed.
    pub purpose: Purpose,
    /// An id of the register of call categories: `PS37`, `PS37A`, …
    pub category: Option<String>,
    /// Absent: not known yet.
    pub genuine: Option<bool>,
    pub crime: Option<bool>,
    /// Whether NSIR or NCRS require a report.
    pub report_needed: Option<bool>,
    /// The order the call may breach.
    pub breach: Option<Breach>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IdentifyInput {
    /// The reference of the person on file, as a look-up shows it.
    pub reference: String,
    /// How it is known who it is.
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GradeInput {
    /// An id of the register of call grading: `A` … `D`.
    pub grade: String,
    /// Where nobody attends though a crime or a genuine call for service was found.
    #[serde(rename = "override")]
    pub overridden: Option<Override>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StepInput {
    /// 1, 2, 3 … in the script.
    pub step: u32,
    pub done: bool,
    /// Why it was not done.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferenceInput {
    pub kind: Reference,
    pub reference: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdviceInput {
    /// Who of NSFT First Response advised.
    pub who: String,
    /// Absent: now.
    pub given_at: Option<DateTime<Utc>>,
    pub advice: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestInput {
    pub kind: RequestKind,
    pub urgent: bool,
    pub why: String,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RequestDoneInput {
    /// 1, 2, 3 … in the record.
    pub request: u32,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AmendInput {
    pub note: String,
    /// Why it is added after the end.
    pub reason: String,
    /// It turned out to be a genuine call for service.
    #[serde(default)]
    pub genuine: bool,
    /// A crime was found.
    #[serde(default)]
    pub crime: bool,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeBackInput {
    /// What the mistake was.
    pub reason: String,
}

impl CallAction {
    /// What the record is asked.
    ///
    /// # Errors
    /// `Invalid` for a category or a grade that stands in no register, and for a person who is not on file.
    pub(super) async fn command(
        self,
        app: &App,
        tx: &Tx,
        (actor, record): (&Actor, &CallRecord),
    ) -> Result<Command, AppError> {
        Ok(match self {
            CallAction::Identify(input) => identification(app, tx, (actor, record), input).await?,
            CallAction::Assess(input) => Command::Assess(assessment(app, input)?),
            CallAction::Thrive(answers) => Command::Thrive(answers),
            CallAction::Grade(GradeInput { grade, overridden }) => {
                let known = app.catalog.registers().call_grading.grade(&grade);
                let known = known.ok_or_else(|| AppError::invalid("/grade", "There is no such grade."))?;
                let grade = Grade { id: known.id.clone(), no_attendance: known.no_attendance };
                Command::Grade { grade, overridden }
            }
            CallAction::SettleStep(StepInput { step, done, reason }) => Command::SettleStep { step, done, reason },
            CallAction::Refer(ReferenceInput { kind, reference }) => Command::Refer { kind, reference },
            CallAction::Advise(AdviceInput { who, given_at, advice }) => {
                Command::Advise { who, given_at: given_at.unwrap_or_else(|| app.now()), advice }
            }
            CallAction::Request(RequestInput { kind, urgent, why }) => Command::Request { kind, urgent, why },
            CallAction::FinishRequest(RequestDoneInput { request }) => Command::FinishRequest { number: request },
            CallAction::Complete => Command::Complete,
            CallAction::Amend(AmendInput { note, reason, genuine, crime }) => {
                Command::Amend { note, reason, genuine, crime }
            }
            CallAction::TakeBack(TakeBackInput { reason }) => Command::TakeBack { reason },
        })
    }
}

/// Who it is, with what their markers and response plan ask whoever answers to go through.
async fn identification(
    app: &App,
    tx: &Tx,
    (actor, record): (&Actor, &CallRecord),
    IdentifyInput { reference, reason }: IdentifyInput,
) -> Result<Command, AppError> {
    let person = on_file(tx, &Named::Reference(reference)).await?;
    may_act_on(tx, actor, Some(person)).await?;
    let call = calls::find(tx, record.id).await?;
    let place = place_of(call.as_ref().and_then(|call| call.words.location.as_deref()));
    let at_hand = at_hand(app, tx, (record.about.caller, Some(person)), &place).await?;
    let steps = script::steps(app, &at_hand.markers, at_hand.plan.as_deref());
    Ok(Command::Identify { person, reason, steps })
}

fn assessment(app: &App, input: AssessInput) -> Result<Assessment, AppError> {
    let AssessInput { purpose, category, genuine, crime, report_needed, breach } = input;
    let category = category.filter(|category| !category.is_empty());
    if let Some(category) = &category
        && !app.catalog.registers().call_categories.knows(category)
    {
        return Err(AppError::invalid("/category", "There is no such category."));
    }
    Ok(Assessment { purpose, category, genuine, crime, report_needed, breach })
}
