//! Every table copied from one database to another, row by row, parents before those that name them.

use super::{StoreError, Tx};
use entities::*;
use futures_util::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use std::collections::BTreeMap;
use uuid::Uuid;

/// How many rows were copied, by table.
pub type Copied = BTreeMap<&'static str, u64>;

/// Every table but the access log's.
pub(super) const TABLES: [&str; 60] = [
    "officers",
    "delegations",
    "covers",
    "clients",
    "signing_keys",
    "credentials",
    "sign_in_links",
    "sessions",
    "idempotency_keys",
    "people",
    "identifiers",
    "adjustments",
    "person_merges",
    "complaints_about",
    "equality_monitoring",
    "workflow_definitions",
    "register_texts",
    "cases",
    "broken_glass",
    "strategies_in_force",
    "call_imports",
    "call_import_faults",
    "call_import_parts",
    "callers",
    "calls",
    "call_records",
    "caller_markers",
    "nominations",
    "month_sendings",
    "month_checks",
    "nomination_looks",
    "desk_notes",
    "partner_contacts",
    "programme_costs",
    "programme_meetings",
    "meetings",
    "meeting_items",
    "drafts",
    "item_preparations",
    "declared_interests",
    "mails",
    "mail_bodies",
    "mail_deliveries",
    "mail_references",
    "contacts",
    "screener_decisions",
    "mail_routes",
    "tasks",
    "jobs",
    "outgoing",
    "outgoing_attempts",
    "delivery_reports",
    "undeliverable_addresses",
    "sending_stops",
    "mailbox_folders",
    "notices",
    "webhooks",
    "webhook_deliveries",
    "events",
    "seals",
];

/// Copies every table but the access log into empty ones.
pub(super) async fn copy_tables(from: &Tx, to: &Tx) -> Result<Copied, StoreError> {
    let mut copy = Copy { from, to, copied: Copied::new() };
    copy.table::<officers::Entity>().await?;
    copy.table::<delegations::Entity>().await?;
    copy.table::<covers::Entity>().await?;
    copy.table::<clients::Entity>().await?;
    copy.table::<signing_keys::Entity>().await?;
    copy.table::<credentials::Entity>().await?;
    copy.table::<sign_in_links::Entity>().await?;
    copy.table::<sessions::Entity>().await?;
    copy.table::<idempotency_keys::Entity>().await?;
    copy.table_after::<people::Entity>(|person| people::Model { merged_into: None, ..person }).await?;
    copy.links::<people::Entity>(people::Column::Id, people::Column::MergedInto, |row| (row.id, row.merged_into))
        .await?;
    copy.table::<identifiers::Entity>().await?;
    copy.table::<adjustments::Entity>().await?;
    copy.table::<person_merges::Entity>().await?;
    copy.table::<complaints_about::Entity>().await?;
    copy.table::<equality_monitoring::Entity>().await?;
    copy.table::<workflow_definitions::Entity>().await?;
    copy.table::<register_texts::Entity>().await?;
    copy.table_after::<cases::Entity>(|case| cases::Model { parent_id: None, ..case }).await?;
    copy.links::<cases::Entity>(cases::Column::Id, cases::Column::ParentId, |row| (row.id, row.parent_id)).await?;
    copy.table::<broken_glass::Entity>().await?;
    copy.table::<strategies_in_force::Entity>().await?;
    copy.table::<call_imports::Entity>().await?;
    copy.table::<call_import_faults::Entity>().await?;
    copy.large_rows::<call_import_parts::Entity>().await?;
    copy.table::<callers::Entity>().await?;
    copy.table::<calls::Entity>().await?;
    copy.table::<call_records::Entity>().await?;
    copy.table::<caller_markers::Entity>().await?;
    copy.table::<nominations::Entity>().await?;
    copy.table::<month_sendings::Entity>().await?;
    copy.table::<month_checks::Entity>().await?;
    copy.table::<nomination_looks::Entity>().await?;
    copy.table::<desk_notes::Entity>().await?;
    copy.table::<partner_contacts::Entity>().await?;
    copy.table::<programme_costs::Entity>().await?;
    copy.table::<programme_meetings::Entity>().await?;
    copy.table::<meetings::Entity>().await?;
    copy.table::<meeting_items::Entity>().await?;
    copy.table::<drafts::Entity>().await?;
    copy.table::<item_preparations::Entity>().await?;
    copy.table::<declared_interests::Entity>().await?;
    copy.table::<mails::Entity>().await?;
    copy.large_rows::<mail_bodies::Entity>().await?;
    copy.table::<mail_deliveries::Entity>().await?;
    copy.table::<mail_references::Entity>().await?;
    copy.table::<contacts::Entity>().await?;
    copy.table::<screener_decisions::Entity>().await?;
    copy.table::<mail_routes::Entity>().await?;
    copy.table::<tasks::Entity>().await?;
    copy.table::<jobs::Entity>().await?;
    copy.large_rows::<outgoing::Entity>().await?;
    copy.table::<outgoing_attempts::Entity>().await?;
    copy.table::<delivery_reports::Entity>().await?;
    copy.table::<undeliverable_addresses::Entity>().await?;
    copy.table::<sending_stops::Entity>().await?;
    copy.table::<mailbox_folders::Entity>().await?;
    copy.table::<notices::Entity>().await?;
    copy.table::<webhooks::Entity>().await?;
    copy.table::<webhook_deliveries::Entity>().await?;
    copy.table::<events::Entity>().await?;
    copy.table::<seals::Entity>().await?;
    Ok(copy.copied)
}

pub(super) async fn copy_access_log(from: &Tx, to: &Tx) -> Result<Copied, StoreError> {
    let mut copy = Copy { from, to, copied: Copied::new() };
    copy.table::<access_log::Entity>().await?;
    Ok(copy.copied)
}

struct Copy<'a> {
    from: &'a Tx,
    to: &'a Tx,
    copied: Copied,
}

/// Rows a statement: SQLite binds at most 32,766 values.
const MANY: usize = 200;
/// A mail may be 25 MB.
const FEW: usize = 4;

impl Copy<'_> {
    async fn table<E>(&mut self) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.rows::<E>(MANY, |row| row).await
    }

    async fn large_rows<E>(&mut self) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.rows::<E>(FEW, |row| row).await
    }

    /// A table whose rows name one another: they go in without the names, which [`Copy::links`] adds.
    async fn table_after<E>(&mut self, without_names: impl Fn(E::Model) -> E::Model) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        self.rows::<E>(MANY, without_names).await
    }

    async fn rows<E>(&mut self, at_once: usize, change: impl Fn(E::Model) -> E::Model) -> Result<(), StoreError>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<E::ActiveModel>,
    {
        let mut copied = 0;
        let mut rows = E::find().order_by_id_asc().stream(self.from).await?.try_chunks(at_once);
        while let Some(chunk) = rows.try_next().await.map_err(|interrupted| interrupted.1)? {
            let chunk = chunk.into_iter().map(|row| change(row).into_active_model());
            copied += E::insert_many(chunk).exec_without_returning(self.to).await?;
        }
        self.copied.insert(E::default().table_name(), copied);
        Ok(())
    }

    async fn links<E>(
        &mut self,
        id: E::Column,
        link: E::Column,
        of_row: impl Fn(E::Model) -> (Uuid, Option<Uuid>),
    ) -> Result<(), StoreError>
    where
        E: EntityTrait,
    {
        let mut rows = E::find().filter(link.is_not_null()).stream(self.from).await?;
        while let Some(row) = rows.try_next().await? {
            let (row, named) = of_row(row);
            E::update_many().col_expr(link, Expr::value(named)).filter(id.eq(row)).exec(self.to).await?;
        }
        Ok(())
    }
}
