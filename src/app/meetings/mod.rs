//! The weekly meeting (policy 7.2): planned, opened with its agenda, item by item decided, closed, minuted.

mod approve_minutes;
mod close_meeting;
mod decide_item;
mod declare_interest;
mod meeting;
mod minutes;
mod open_meeting;
mod plan_meeting;
mod prepare_item;
mod read_item;
mod read_meetings;
mod settle_elsewhere;
mod take_back;

pub use approve_minutes::approve_minutes;
pub use close_meeting::close_meeting;
pub use decide_item::{ItemDecision, Outcome, decide_item};
pub use declare_interest::{InterestView, Whose, declare_interest};
pub use minutes::{Approval, MinutedItem, Minutes, minutes};
pub use open_meeting::open_meeting;
pub use plan_meeting::plan_meeting;
pub(crate) use plan_meeting::plan_next;
pub use prepare_item::{PreparationView, Prepared, may_prepare, prepare_item};
pub use read_item::{Discussed, MeetingItem, Place, find_item};
pub use read_meetings::{AgendaItem, MeetingList, MeetingView, find_meeting, list_meetings};
pub(crate) use settle_elsewhere::{ON_AGENDA, settle_elsewhere};
pub use take_back::take_back_decision;
