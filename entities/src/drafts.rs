//! What an officer has typed into a form and not sent.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "drafts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub officer_id: Uuid,
    /// The path of the form.
    #[sea_orm(column_type = "Text")]
    pub place: String,
    /// The case, contact, meeting or person it is about: disposed of with it.
    pub subject_id: Option<Uuid>,
    /// `[["name", "value"], …]`, as the form sends them.
    pub fields: Json,
    pub began_at: DateTimeUtc,
    pub saved_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
