//! Sending stopped altogether, until a named officer let it go on.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sending_stops")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub opened_at: DateTimeUtc,
    /// A sentence; names no address.
    #[sea_orm(column_type = "Text")]
    pub because: String,
    /// Null: nothing is sent.
    pub released_at: Option<DateTimeUtc>,
    pub released_by: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
