//! Service users: on file, recognised, merged where two records are one person, looked up on a live call.

mod adjustments;
mod change_person;
mod complaints_about;
mod create_person;
mod equality_monitoring;
mod hidden;
mod identifiers;
mod import_people;
mod look_up_caller;
mod merge_people;
mod names;
mod read_people;
mod view;

pub use adjustments::{NewAdjustment, end_adjustment, record_adjustment};
pub use change_person::{PersonChange, change_person};
pub use complaints_about::record_complaint_about;
pub(crate) use create_person::create_person_in;
pub use create_person::{NewPerson, create_person};
pub use equality_monitoring::{marking_of_monitoring, read_equality_monitoring, record_equality_monitoring};
pub(crate) use hidden::{may_act_on, may_see};
pub use identifiers::{NewIdentifier, add_identifier, end_identifier};
pub(crate) use identifiers::{end_identifier_in, recognise_in};
pub use import_people::{ImportReport, PersonRow, RejectedRow, import_people};
pub use look_up_caller::{Caller, CallerMatch, look_up_caller};
pub use merge_people::{MergeView, merge_people, reverse_merge};
pub use names::{Named, names_of};
pub use read_people::{Searched, find_person, list_people, search_people};
pub use view::{AdjustmentView, IdentifierView, PersonView, StrategyMarker};
