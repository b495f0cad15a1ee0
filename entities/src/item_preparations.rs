//! What was prepared for a case's item on the next meeting's agenda.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "item_preparations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub case_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    /// A proposed answer: `not_met` or `carry_over`; never that the threshold is met.
    #[sea_orm(column_type = "Text", nullable)]
    pub outcome: Option<String>,
    /// The form of the proposed answer.
    pub input: Json,
    pub prepared_by: Uuid,
    pub prepared_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
