//! The desk of whoever coordinates the work with repeat callers: how far referrals are, how the identification runs, what
//! the next has to know, with whom, at what cost, and what came of it.

mod agenda;
mod calls_compared;
mod costs;
mod desk;
mod identification;
mod knowledge;
mod measures;
mod meetings;
mod notes;
mod outcomes;
mod partners;
mod period;
mod referrals;
mod report;

pub use calls_compared::CallsCompared;
pub use costs::{CostSum, CostView, NewCost, add_cost, list_costs, withdraw_cost};
pub use desk::{CoordinationDesk, Deputy, Holder, ReferralsStand, StateCount, read_desk};
pub use identification::{Identification, SystemHealth};
pub(crate) use knowledge::known_of_caller;
pub use knowledge::{Known, known_beside};
pub use measures::MeasureCount;
pub use meetings::{
    Attendee, MeetingMinutes, ProgrammeMeetingView, SharedThing, close_meeting, find_meeting, list_meetings,
    plan_meeting,
};
pub use notes::{NoteView, add_note, list_notes};
pub use outcomes::{Acceptance, ImpactSum, OutcomeCount};
pub use partners::{NewPartner, PartnerView, add_partner, end_partner, list_partners};
pub use referrals::{AreaReferral, MAY_LIST, ReferralList, area_referrals, list_referrals};
pub use report::{CallsReport, read_report};

use crate::app::{App, AppError};
use crate::domain::access::{Actor, Role};
use crate::domain::registers::Programme;
use crate::store::Tx;
use crate::store::events::{self, NewEvent, Stream};
use serde_json::Value;
use uuid::Uuid;

/// Who keeps the desk (R64): the coordinator, and whoever holds the role beside or after them.
pub const MAY_COORDINATE: [Role; 1] = [Role::Coordinator];
/// Who plans and closes meetings of the programme.
pub const MAY_MEET: [Role; 2] = [Role::Coordinator, Role::Csu];
/// Who reads notes, partners, costs, meetings and the report.
pub const MAY_READ_PROGRAMME: [Role; 4] = [Role::Coordinator, Role::Csu, Role::PsdSupervisor, Role::Auditor];
/// Who opens the desk and sees their part of it.
pub const MAY_SEE_DESK: [Role; 6] = [Role::Coordinator, Role::Csu, Role::Opt, Role::Snt, Role::Ccr, Role::Auditor];

/// The programme in force.
///
/// # Errors
/// `NotFound` where the installation has none.
pub fn programme(app: &App) -> Result<&Programme, AppError> {
    app.catalog.registers().calls_programme.as_ref().ok_or(AppError::NotFound)
}

/// Writes down what happened to a thing of the desk.
async fn happened(app: &App, tx: &Tx, actor: &Actor, (id, kind): (Uuid, &str), data: Value) -> Result<(), AppError> {
    let event = NewEvent { id: app.new_id(), at: app.now(), actor: actor.reference(), kind: kind.to_owned(), data };
    events::append_next(tx, vec![(Stream::Programme, id, vec![event])]).await?;
    Ok(())
}
