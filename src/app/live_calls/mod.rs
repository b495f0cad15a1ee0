//! A call that is on the line: who it may be, the record of whoever takes it, and what call takers are told.

mod act_on_call;
mod add_marker;
mod begin_call;
mod call_action;
mod end_marker;
mod list_calls;
mod list_markers;
pub mod look_up;
mod marker_view;
mod orders;
mod plan;
mod read_call;
mod requests;
mod script;
mod theirs;
mod view;

pub use act_on_call::{ActedOn, act_on_call};
pub use add_marker::{NewMarker, add_marker};
pub use begin_call::{NewCall, begin_call};
pub use call_action::{
    AdviceInput, AmendInput, AssessInput, CallAction, GradeInput, IdentifyInput, ReferenceInput, RequestDoneInput,
    RequestInput, StepInput, TakeBackInput,
};
pub use end_marker::end_marker;
pub use list_calls::{ListedCall, WantedCalls, list_calls, open_requests};
pub use list_markers::{ListedMarker, find_marker, list_markers, listed_markers, overdue_markers};
pub(crate) use look_up::InHand;
pub use look_up::{
    CallerFound, CallerMatch, Clues, GoingFirst, LookUpAnswer, Memory, PlaceFound, RecentCall, keep_in_mind,
    look_up_caller, settle_looks,
};
pub(crate) use look_up::{in_time, look_up_in_time};
pub use marker_view::MarkerView;
pub use orders::OrderInForce;
pub use read_call::{BesideCall, beside_call, read_call};
pub use requests::{CALL_REQUEST, OpenRequest};
pub use view::{CallRecordView, OwedView, StepView};

use crate::app::{AppError, rights};
use crate::domain::access::{Actor, Role};

/// Who takes calls.
pub(crate) const MAY_TAKE: [Role; 2] = [Role::Ccr, Role::Coordinator];
/// Who reads what was recorded of them; the units only of callers who are theirs.
pub(crate) const MAY_READ: [Role; 5] = [Role::Ccr, Role::Coordinator, Role::Opt, Role::Snt, Role::Csu];
/// Who tells call takers something.
pub(crate) const MAY_MARK: [Role; 6] = [Role::Ccr, Role::Opt, Role::Snt, Role::Csu, Role::Coordinator, Role::PsdStaff];

/// # Errors
/// `named-person-required`, `wrong-role` for whoever takes no calls.
pub fn may_take(actor: &Actor) -> Result<(), AppError> {
    rights::officer_with(actor, &MAY_TAKE).map(drop)
}
