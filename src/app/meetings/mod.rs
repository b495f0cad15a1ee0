//! The weekly meeting (policy 7.2): planned, opened with its agenda, item by item decided, closed, minuted.

mod close_meeting;
mod decide_item;
mod meeting;
mod minutes;
mod open_meeting;
mod plan_meeting;
mod read_meetings;
mod settle_elsewhere;

pub use close_meeting::close_meeting;
pub use decide_item::{ItemDecision, Outcome, decide_item};
pub use minutes::{MinutedItem, Minutes, minutes};
pub use open_meeting::open_meeting;
pub use plan_meeting::plan_meeting;
pub(crate) use plan_meeting::plan_next;
pub use read_meetings::{AgendaItem, MeetingList, MeetingView, find_meeting, list_meetings};
pub(crate) use settle_elsewhere::{ON_AGENDA, settle_elsewhere};
