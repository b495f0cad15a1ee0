//! Floor 2, use cases: one verb a file; rights are checked here; one transaction each.
//!
//! A use case is a free function `pub async fn keep_mail(app: &App, actor: &Actor, …) -> Result<T, AppError>`: read,
//! decide, write, each visible. Doors translate in, call one of these, translate out.

pub mod callers;
pub mod cases;
mod changes;
mod check_policy;
mod clients;
pub mod contacts;
pub mod coordination;
mod covers;
mod delegations;
pub mod desk;
pub mod drafts;
mod error;
mod idempotency;
mod job;
pub mod live_calls;
mod log_reading;
pub mod mail;
pub mod meetings;
pub mod nominations;
mod officers;
pub mod outbox;
pub mod people;
pub mod policy;
pub mod reports;
pub mod rights;
mod seal_history;
mod settings;
mod shown_with;
mod sign_in;
pub mod signing_in;
mod signing_keys;
mod system_tokens;
pub mod tasks;
pub mod webhooks;
pub mod workflows;

pub use changes::{Changes, follow_changes};
pub use check_policy::{PolicyReport, check_policy};
pub use clients::{AddedClient, add_client, add_client_of_areas};
pub(crate) use covers::covered_by;
pub use covers::{NewCover, arrange_cover, end_cover, list_covers};
pub use delegations::{Loan, delegated_until, grant_delegation, list_delegations, revoke_delegation};
pub use error::{AppError, FieldFault, chain};
pub use idempotency::{KeptAnswer, Known, Reservation, acting_for, forget_old_keys, reserve_key, settle_key};
pub use job::{JobOutcome, dead_jobs, retry_job};
pub(crate) use log_reading::{
    Shown, entries_of_search, log_disclosure, log_disclosures, log_export, log_list, log_reading, log_search,
};
pub use officers::{
    NewOfficer, OfficerChange, RegisteredOfficer, add_officer, amend_officer, areas_exist, change_officer,
    has_officers, issue_officer_token, link_for_officer, list_officers, officer_names, register_officer,
    rerole_officer, see_officers,
};
pub use seal_history::seal_history;
pub use settings::{Alerts, Imports, LookUp, Pages, Sending, Settings};
pub(crate) use shown_with::ShownWith;
pub use sign_in::{Caller, read_own_keys, sign_in, sign_in_on_a_live_call};
pub use signing_keys::{derived_secret, prepare_signing_keys};
pub use system_tokens::{Credentials, Granted, issue_system_token};
pub use workflows::guards_with_code;

pub use crate::domain::correspondence::budget::{Budget, Budgets};
pub use crate::domain::correspondence::return_path::ADDED_LETTERS;
pub use crate::domain::marking::Marking;
pub use crate::domain::webhook::Hosts as WebhookHosts;

use crate::catalog::Catalog;
use crate::clock::Clock;
use crate::domain::ids::Id;
use crate::id_source::IdSource;
use crate::mail::authenticate::OwnCheck;
use crate::mail::{Delivery, Signer};
use crate::render::Renderer;
use crate::store::Store;
use crate::tokens::Tokens;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// What every use case is handed: built once by `boot`, cheap to clone, shared by all doors.
#[derive(Clone)]
pub struct App {
    pub store: Store,
    pub clock: Clock,
    pub ids: IdSource,
    pub catalog: Arc<Catalog>,
    pub renderer: Arc<Renderer>,
    pub delivery: Delivery,
    pub tokens: Arc<Tokens>,
    pub settings: Arc<Settings>,
    /// Signs our mail, where there is a key.
    pub signer: Option<Arc<Signer>>,
    /// Our own check of who sent a mail, where the operator wants one.
    pub own_check: Option<Arc<OwnCheck>>,
    /// The reports made last.
    pub reports: Arc<reports::Remembered>,
    /// What live calls need while the database is away.
    pub in_mind: Arc<live_calls::Memory>,
    /// What can wait steps aside for these.
    pub live_first: Arc<live_calls::GoingFirst>,
}

impl App {
    /// What something of this marking is shown with: never lower, and never lower than everything here.
    pub fn shown_with(&self, marking: Marking) -> Marking {
        self.settings.marking.max(marking)
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A new id that sorts by now.
    pub fn new_id<T>(&self) -> Id<T> {
        self.ids.next(self.clock.now())
    }
}
