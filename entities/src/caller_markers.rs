//! What a call taker is told of a number, a person or a place.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "caller_markers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// telephone, object, response_plan or call_script.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// One of the three that follow.
    pub caller_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    /// As it was written, and as it is compared.
    #[sea_orm(column_type = "Text", nullable)]
    pub place: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub place_key: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub text: String,
    pub review_on: Option<Date>,
    #[sea_orm(column_type = "JsonBinary")]
    pub added_by: Json,
    pub added_at: DateTimeUtc,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub ended_by: Option<Json>,
    pub ended_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub ended_because: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
