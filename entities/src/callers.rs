//! Whoever calls from a number, or under a name from a place: on file as a person or not.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "callers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// `tel:+44…` or `who:name|place`; the id is made of it.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// individual, organisation or unknown.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub number: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub location: Option<String>,
    /// Name and place as they are compared.
    #[sea_orm(column_type = "Text", nullable)]
    pub name_key: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub place_key: Option<String>,
    /// The person on file that somebody said it is.
    pub person_id: Option<Uuid>,
    pub noted_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
