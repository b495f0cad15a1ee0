//! What a person decided about the mail of a sender who is not on file. Reversed, never deleted.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "screener_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Lower case.
    #[sea_orm(column_type = "Text")]
    pub address: String,
    /// person, general or automatic.
    #[sea_orm(column_type = "Text")]
    pub decision: String,
    pub person_id: Option<Uuid>,
    /// What the decision put on file; null: nothing.
    pub identifier_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    pub decided_by: Uuid,
    pub decided_at: DateTimeUtc,
    /// [contact id]: the contacts it was about then.
    #[sea_orm(column_type = "JsonBinary")]
    pub contacts: Json,
    pub reversed_by: Option<Uuid>,
    /// Null: in force.
    pub reversed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub reversal_reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
