//! A way to recognise a person: an address, a number, a name.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "identifiers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub person_id: Uuid,
    /// email, telephone, postcode, address, handle, name or cad_reference.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// Normalised, for comparing.
    #[sea_orm(column_type = "Text")]
    pub value: String,
    /// As it was written.
    #[sea_orm(column_type = "Text")]
    pub presented: String,
    /// self, advocate, solicitor, mp, family, shared or organisation.
    #[sea_orm(column_type = "Text")]
    pub role: String,
    /// confirmed, claimed or suggested.
    #[sea_orm(column_type = "Text")]
    pub confidence: String,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub recorded_by: Option<Json>,
    pub recorded_at: DateTimeUtc,
    pub ended_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
