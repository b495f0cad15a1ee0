//! Something a person has to do: read a held mail, record a complaint, act on a case.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// For anybody with this role, or …
    #[sea_orm(column_type = "Text", nullable)]
    pub role: Option<String>,
    /// … for this officer.
    pub officer_id: Option<Uuid>,
    pub case_id: Option<Uuid>,
    pub contact_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub due_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub done_at: Option<DateTimeUtc>,
    pub done_by: Option<Uuid>,
    /// What asked for it: the same cause never makes two tasks.
    #[sea_orm(unique, column_type = "Text")]
    pub cause: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
