//! The record of a call by whoever took it, as its events add up to it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call_records")]
pub struct Model {
    /// The call's own id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// open or complete.
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub version: i64,
    pub caller_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    /// policing, none_apparent or not_yet_clear.
    #[sea_orm(column_type = "Text", nullable)]
    pub purpose: Option<String>,
    /// An id of the register of call categories.
    #[sea_orm(column_type = "Text", nullable)]
    pub category: Option<String>,
    /// An id of the register of call grading.
    #[sea_orm(column_type = "Text", nullable)]
    pub grade: Option<String>,
    pub genuine: Option<bool>,
    pub crime: Option<bool>,
    /// Nobody attends though one of the two was found: somebody answers for it.
    pub overridden: bool,
    /// The grade does not answer for what was found since.
    pub needs_grading: bool,
    /// Of another system, folded; at most one record each.
    #[sea_orm(column_type = "Text", nullable)]
    pub cad_ref: Option<String>,
    pub order_case_id: Option<Uuid>,
    pub officer_id: Uuid,
    #[sea_orm(column_type = "JsonBinary")]
    pub by: Json,
    pub begun_at: DateTimeUtc,
    pub completed_at: Option<DateTimeUtc>,
    /// The whole record.
    #[sea_orm(column_type = "JsonBinary")]
    pub data: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
