//! Cases: opened, acted on, seen, and moved on by the clock. What each effect does is in `effects`.

mod act_on_case;
mod compare_versions;
mod effects;
mod facts;
mod in_force;
mod link_person;
mod mark_case;
mod migrate_cases;
mod open_case;
mod pinned;
mod read_cases;
mod read_notice;
mod run_deadlines;
mod seeing;
mod send_alerts;
mod tell;
mod view;

pub(crate) use act_on_case::act;
pub use act_on_case::{Asked, act_on_case};
pub use compare_versions::{Comparison, compare_versions};
pub(crate) use facts::today;
pub use link_person::{Linking, link_person};
pub(crate) use link_person::{follow_people, open_case_of};
pub use mark_case::{Remarking, mark_case};
pub use migrate_cases::{Migrate, MigrationPlan, PlannedCase, migrate_cases};
pub(crate) use open_case::open_in;
pub use open_case::{NewCase, open_case};
pub use read_cases::{ActionsNow, Wanted, actions_now, case_events, consultations, describe, find_case, list_cases};
pub use read_notice::{NoticeView, read_notice};
pub use run_deadlines::run_deadlines;
pub use seeing::Sight;
pub use send_alerts::send_alerts;
pub use view::{CaseView, ChildView, EventView, SentMail};
