//! One contact by any channel: who it is from, what it counts for, where it lies.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mail_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub channel: String,
    pub received_at: DateTimeUtc,
    pub recorded_at: DateTimeUtc,
    #[sea_orm(column_type = "Text", nullable)]
    pub addressee: Option<String>,
    /// The address or number it came from, as presented.
    #[sea_orm(column_type = "Text", nullable)]
    pub presented: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub subject: Option<String>,
    /// The new words, without quoted text.
    #[sea_orm(column_type = "Text", nullable)]
    pub words: Option<String>,
    /// human, auto_reply, bounce, complaint, list or own.
    #[sea_orm(column_type = "Text", nullable)]
    pub automatic: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub external_system: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub external_ref: Option<String>,
    pub person_id: Option<Uuid>,
    /// The person after merges; null: counts for nobody.
    pub counts_for_id: Option<Uuid>,
    /// verified, confirmed, on_behalf, suggested, unattributed or not_applicable.
    #[sea_orm(column_type = "Text")]
    pub attribution: String,
    #[sea_orm(column_type = "JsonBinary")]
    pub attribution_evidence: Json,
    pub counted: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub not_counted_because: Option<String>,
    pub exempt: bool,
    /// [{flag, raised_by, …}]
    #[sea_orm(column_type = "JsonBinary")]
    pub flags: Json,
    #[sea_orm(column_type = "Text", nullable)]
    pub verdict: Option<String>,
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub verdict_detail: Option<Json>,
    /// The case whose limits it was measured against.
    pub strategy_id: Option<Uuid>,
    /// to_read, held, quarantine, moved_to_spoc, filed, unattributed or released.
    #[sea_orm(column_type = "Text")]
    pub place: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub place_because: Option<String>,
    pub read_due_at: Option<DateTimeUtc>,
    /// open, read or closed.
    #[sea_orm(column_type = "Text")]
    pub handling: String,
    /// The seven questions have to be answered before it is closed.
    pub ticks_owed: bool,
    /// Whether `flags` holds any: what a reading list begins with.
    pub flagged: bool,
    /// Who deals with it: `,safeguarding,complaints,`; null: nobody in particular.
    #[sea_orm(column_type = "Text", nullable)]
    pub queues: Option<String>,
    /// The case whose mail it answers. A place, and nothing about who wrote it.
    pub case_id: Option<Uuid>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
