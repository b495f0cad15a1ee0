//! A meeting of the programme, with police alone or with other services.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "programme_meetings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// A key of the register of the programme.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub held_on: Date,
    #[sea_orm(column_type = "JsonBinary")]
    pub agenda: Json,
    #[sea_orm(column_type = "JsonBinary")]
    pub attendees: Json,
    /// What was told to whom, on which lawful basis.
    #[sea_orm(column_type = "JsonBinary")]
    pub shared: Json,
    #[sea_orm(column_type = "Text", nullable)]
    pub minutes: Option<String>,
    pub planned_by: Uuid,
    pub planned_at: DateTimeUtc,
    pub closed_by: Option<Uuid>,
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
