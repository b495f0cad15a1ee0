//! The notice of a strategy as it was composed, word for word: to be read, printed and handed over.

use super::seeing::{self, Sight};
use crate::app::people::AdjustmentView;
use crate::app::{App, AppError, ShownWith, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::ids::CaseId;
use crate::domain::marking::Marking;
use crate::store::cases;
use crate::store::notices::{self, NoticeRow};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// The notice composed last.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Notice)]
pub struct NoticeView {
    pub id: Uuid,
    /// `OFFICIAL` and up: what it bears when it is shown or printed.
    pub marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    pub adjustments: Vec<AdjustmentView>,
    pub case_id: Uuid,
    /// SHA-256 of the signed text it was made from.
    pub content_hash: String,
    /// Ready to be printed.
    pub html: String,
    pub text: String,
    /// Of the page, in hex.
    pub sha256: String,
    pub composed_at: DateTime<Utc>,
    #[schema(value_type = Object)]
    pub composed_by: Value,
}

impl NoticeView {
    fn new(row: NoticeRow, marking: Marking, adjustments: Vec<AdjustmentView>) -> Self {
        Self {
            id: row.id,
            marking,
            adjustments,
            case_id: row.case_id,
            content_hash: row.content_hash,
            html: row.html,
            text: row.text,
            sha256: row.sha256,
            composed_at: row.created_at,
            composed_by: row.composed_by,
        }
    }
}

/// The notice composed last for this strategy. The reading is logged.
///
/// # Errors
/// `named-person-required`; `NotFound` where there is none, or where the officer does not see the whole case.
pub async fn read_notice(app: &App, actor: &Actor, id: CaseId) -> Result<NoticeView, AppError> {
    let officer = rights::named_person(actor)?;
    let db = app.store.reader();
    let seeing::Seen { case, sight, .. } = seeing::visible(app, db, officer, id).await?;
    if sight != Sight::Full {
        return Err(AppError::NotFound);
    }
    let notice = notices::newest(db, id).await?.ok_or(AppError::NotFound)?;
    log_reading(app, actor, "notice", Some(id.as_uuid())).await?;
    let with = ShownWith::load(app, db, &[id], &case.person.into_iter().collect::<Vec<_>>()).await?;
    let marking = with.marking([id]).max(cases::read_marking(&notice.marking)?);
    Ok(NoticeView::new(notice, marking, with.adjustments(case.person)))
}
