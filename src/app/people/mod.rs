//! Service users: on file, recognised, merged where two records are one person.

mod adjustments;
mod change_person;
mod complaints_about;
mod contact_numbers;
mod create_person;
mod equality_monitoring;
mod export_people;
mod hidden;
mod identifiers;
mod import_people;
mod linked_records;
mod may;
mod merge_people;
mod names;
mod people_lately;
mod people_page;
mod read_people;
mod view;

pub use adjustments::{NewAdjustment, end_adjustment, record_adjustment};
pub(crate) use change_person::keep_as_victim;
pub use change_person::{PersonChange, change_person, own_record};
pub use complaints_about::record_complaint_about;
pub use contact_numbers::{ContactNumbers, DAYS_BEFORE, DAYS_SHOWN, contact_numbers};
pub(crate) use create_person::create_person_in;
pub use create_person::{NewPerson, create_person};
use equality_monitoring::MAY_KEEP as MAY_MONITOR;
pub use equality_monitoring::{marking_of_monitoring, read_equality_monitoring, record_equality_monitoring};
pub use export_people::{ExportedPeople, export_people};
pub(crate) use hidden::{may_act_on, may_see};
pub use identifiers::{NewIdentifier, add_identifier, end_identifier};
pub(crate) use identifiers::{end_identifier_in, recognise_in};
pub use import_people::{ImportReport, PersonRow, RejectedRow, import_people};
pub use linked_records::{Linked, MergedRecord, Sharing, linked_records};
pub use may::{MayDo, may_do};
pub use merge_people::{MergeView, merge_people, reverse_merge};
pub use names::{Named, names_of};
pub use people_lately::{Lately, RuleStands};
pub use people_page::{
    CaseMark, ListedPerson, PeopleOrder, PeoplePage, PeoplePlace, PeopleWanted, Turn, WantedState, case_states,
    people_page,
};
pub use read_people::{Searched, find_person, list_people, search_people};
pub(crate) use view::marker as strategy_marker;
pub use view::{AdjustmentView, IdentifierView, PersonView, StrategyMarker};
