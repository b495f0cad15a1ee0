//! Where a mail went, with the evidence. Append-only: the newest row is the present state.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_routes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mail_id: Uuid,
    /// 1, 2, 3 … within the mail.
    pub seq: i32,
    pub at: DateTimeUtc,
    /// routed, unattributed, automatic, failed or quarantined.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub contact_id: Option<Uuid>,
    #[sea_orm(column_type = "JsonBinary")]
    pub evidence: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub by: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
