//! Callers of the control room. Files of other systems are brought in, rows of several systems are told to be one call,
//! calls of people on file become their contacts, and rules put callers on the coordinator's list; who called how often in
//! a month, one caller's profile, and who they are on file. None of it says anything about anybody but that they called.

mod acquaint;
mod areas;
mod become_contacts;
mod cases_of;
mod file_rows;
mod hand_in;
mod import_calls;
mod keep_calls;
mod link;
mod match_calls;
mod months;
mod nominate_by_hand;
mod nominate_callers;
mod nominated;
mod profile;
mod profile_view;
mod read_imports;
mod reconsider;
mod regroup;
mod rejected_rows;
mod share_contacts;
mod shown;
mod take_over;
mod take_up;
mod undo_import;
mod watched_folder;

pub use crate::store::call_imports::{CallImport, ImportCounts, ImportFault, ImportStatus, Undone};
use areas::calls_from_theirs;
pub(crate) use areas::{area_names, areas_read, for_theirs, is_for, sees_area};
pub(crate) use become_contacts::{adopt_call, adopt_calls_of_number};
pub use cases_of::keep_with_case;
pub use file_rows::FileRows;
pub use hand_in::{
    READ_CALLS, drop_import, give_up_reading, hand_in_calls, look_at_handed_in, read_handed_in, start_import,
};
pub use import_calls::{CallFileOf, MOST_FAULTS, Preview, import_calls, preview_calls, profile};
pub(crate) use keep_calls::{area_of, keep_live_call};
pub(crate) use link::on_file;
pub use link::{Linking, Named, link_caller};
pub use months::{
    CallerMonth, ExportedMonth, MONTH_SENDING, MonthCheckView, MonthCoverage, MonthFile, MonthRow, MonthSendingView,
    MonthStands, NewSending, OwedCheck, SameCaller, SendingStands, areas_to_check, check_month, confirm_receipt,
    export_month, find_sending, list_months, read_month, record_action, send_month,
};
pub(crate) use months::{months_now, not_sent_to, words, words_if_any};
pub use nominate_by_hand::{MAY_NOMINATE_CALLERS, may_be_nominated, nominate_caller};
pub use nominated::{CaseOfCaller, Nominated, NominatedCaller, leave_nomination, nominated_callers};
pub use profile::caller_profile;
pub use profile_view::{CallerNomination, CallerNote, CallerProfile, CallerWeek, Counted, LinkedPerson};
pub(crate) use read_imports::profiled_systems;
pub use read_imports::{MAY_READ_IMPORTS, faults_of_import, find_import, list_imports};
pub use rejected_rows::{RejectedRows, rejected_rows};
pub(crate) use shown::{Hidden, hidden_from};
pub(crate) use take_up::CASE;
pub use take_up::{opening_of, take_up, taking_up_form};
pub(crate) use undo_import::take_back_call;
pub use undo_import::undo_import;
pub use watched_folder::look_into_folder;

use crate::domain::access::{Officer, Role};
use uuid::Uuid;

/// Who brings files of calls in, and may undo it.
pub const MAY_IMPORT: [Role; 3] = [Role::Coordinator, Role::Ccr, Role::Admin];

/// Held while calls are written: what is one call rests on rows that no lock of a row covers.
pub(crate) const CALLS: Uuid = Uuid::from_u128(0x6f1c_57f2_35d6_4c0a_9a7e_2d0b_0f5e_a151);

/// Who reads the monthly table (policy 6.9, 6.11).
pub const MAY_READ_MONTHS: [Role; 6] = [Role::Ccr, Role::Opt, Role::Snt, Role::Csu, Role::Coordinator, Role::Auditor];
/// Who sends it: the switchboard that receives the data, and whoever coordinates.
pub const MAY_SEND_MONTHS: [Role; 2] = [Role::Ccr, Role::Coordinator];
/// Who makes the monthly check (policy 6.11).
pub const MAY_CHECK_MONTHS: [Role; 1] = [Role::Opt];
/// Who takes the table out of the product as a file.
pub const MAY_EXPORT_MONTHS: [Role; 6] = MAY_READ_MONTHS;
/// Who reads the profile of a caller.
pub const MAY_READ_CALLERS: [Role; 6] = [Role::Opt, Role::Snt, Role::Csu, Role::Mash, Role::Coordinator, Role::Auditor];
/// Who looks at nominations of callers, and says who on file a caller is.
pub const MAY_WORK_ON_CALLERS: [Role; 2] = [Role::Coordinator, Role::Csu];

/// What a reader may do with callers, so that pages offer nothing that would be refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MayDoWithCallers {
    pub read_months: bool,
    pub send: bool,
    pub check: bool,
    pub export: bool,
    pub read_profiles: bool,
    pub work: bool,
    pub coordinate: bool,
    pub meet: bool,
    /// Markers for call takers.
    pub mark: bool,
}

/// What this officer's roles allow.
pub fn may_do_with_callers(officer: &Officer) -> MayDoWithCallers {
    if officer.is_confined_to_liaison() {
        return MayDoWithCallers::default();
    }
    MayDoWithCallers {
        read_months: officer.has_any(&MAY_READ_MONTHS),
        send: officer.has_any(&MAY_SEND_MONTHS),
        check: officer.has_any(&MAY_CHECK_MONTHS),
        export: officer.has_any(&MAY_EXPORT_MONTHS),
        read_profiles: officer.has_any(&MAY_READ_CALLERS),
        work: officer.has_any(&MAY_WORK_ON_CALLERS),
        coordinate: officer.has_any(&crate::app::coordination::MAY_COORDINATE),
        meet: officer.has_any(&crate::app::coordination::MAY_MEET),
        mark: officer.has_any(&crate::app::live_calls::MAY_MARK),
    }
}
