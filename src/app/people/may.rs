//! What a reader of the file may do with it, so that pages offer nothing that would be refused.

use super::MAY_MONITOR;
use super::create_person::MAY_KEEP_PEOPLE;
use super::export_people::MAY_EXPORT;
use super::merge_people::MAY_MERGE;
use crate::app::contacts::{MAY_READ as MAY_READ_CONTACTS, MAY_RECORD};
use crate::domain::access::Actor;
use serde::Serialize;

/// What the use cases about people will not refuse for the lack of a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MayDo {
    /// Add people, change what is known of them, their identifiers and adjustments.
    pub keep: bool,
    pub merge: bool,
    /// Read and record equality monitoring.
    pub monitor: bool,
    pub export: bool,
    pub read_contacts: bool,
    pub log_contact: bool,
}

/// What this actor's roles allow.
pub fn may_do(actor: &Actor) -> MayDo {
    let Some(officer) = actor.officer().filter(|officer| !officer.is_confined_to_liaison()) else {
        return MayDo::default();
    };
    MayDo {
        keep: officer.has_any(&MAY_KEEP_PEOPLE),
        merge: officer.has_any(&MAY_MERGE),
        monitor: officer.has_any(&MAY_MONITOR),
        export: officer.has_any(&MAY_EXPORT),
        read_contacts: officer.has_any(&MAY_READ_CONTACTS),
        log_contact: officer.has_any(&MAY_RECORD),
    }
}
