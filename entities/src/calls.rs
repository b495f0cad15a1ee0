//! One call as one system recorded it.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calls")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The system's own name for the row is unique within it.
    #[sea_orm(column_type = "Text")]
    pub system: String,
    #[sea_orm(column_type = "Text")]
    pub source_ref: String,
    /// Whose time and words stand for a call that several systems recorded: 1 first.
    pub precedence: i32,
    pub import_id: Option<Uuid>,
    pub caller_id: Option<Uuid>,
    /// individual, organisation or unknown.
    #[sea_orm(column_type = "Text")]
    pub caller_kind: String,
    /// in or out.
    #[sea_orm(column_type = "Text")]
    pub direction: String,
    /// 999, 101 or telephone.
    #[sea_orm(column_type = "Text")]
    pub channel: String,
    pub started_at: DateTimeUtc,
    pub seconds: Option<i32>,
    #[sea_orm(column_type = "Text", nullable)]
    pub number: Option<String>,
    pub withheld: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub caller_name: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub location: Option<String>,
    /// A key of the register of areas.
    #[sea_orm(column_type = "Text", nullable)]
    pub area: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub subject: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub details: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub actions: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub result: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub route: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub cad_ref: Option<String>,
    /// The row that stands for the call: this one, or another system's.
    pub call_id: Uuid,
    /// Whether it is that row, of a call that came in and was not withdrawn.
    pub counts: bool,
    /// The contact of a person on file that it is.
    pub contact_id: Option<Uuid>,
    pub recorded_at: DateTimeUtc,
    /// Its import was undone.
    pub withdrawn_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
