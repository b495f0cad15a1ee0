//! `GET /api/v1/changes`

use crate::api::auth::SignedIn;
use crate::api::paging::PageQuery;
use crate::api::problem::Problem;
use crate::app::{App, AppError, follow_changes};
use crate::domain::ids::EventId;
use crate::store::events::{Cursor, Event};
use actix_web::get;
use actix_web::web::{Data, Json, Query};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, ToSchema)]
pub(crate) struct Changes {
    data: Vec<Change>,
    page: Next,
}

/// One thing that happened. Read the thing itself to learn more, if you may.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Change {
    id: EventId,
    at: DateTime<Utc>,
    /// What kind of thing it happened to.
    #[schema(example = "case")]
    subject: &'static str,
    subject_id: Uuid,
    /// Its version since.
    version: i64,
    /// In the past tense.
    #[schema(example = "signed_off")]
    kind: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Next {
    /// Always there: ask again with it, now or later.
    next: String,
    /// Whether more is there already.
    more: bool,
}

/// What changed since a cursor, oldest first; from the beginning without one. Ids and kinds only. Nothing is skipped and
/// nothing comes twice, whatever is written meanwhile.
#[utoipa::path(tag = "changes", params(PageQuery), responses(
    (status = 200, description = "Changes, and where to go on", body = Changes),
    (status = 422, description = "Not a cursor of this feed")))]
#[get("/changes")]
pub(crate) async fn changes(
    app: Data<App>,
    caller: SignedIn,
    paging: Query<PageQuery>,
) -> Result<Json<Changes>, Problem> {
    let after = match paging.cursor() {
        None => Cursor::START,
        Some(text) => {
            let cursor = text.parse::<Cursor>().ok();
            cursor.ok_or_else(|| AppError::invalid("/cursor", "this is not a cursor of this feed"))?
        }
    };
    let found = follow_changes(&app, &caller.actor, after, paging.limit()?).await?;
    let data = found.changes.into_iter().map(|(_, event)| Change::from(event)).collect();
    Ok(Json(Changes { data, page: Next { next: found.next.to_string(), more: found.more } }))
}

impl From<Event> for Change {
    fn from(event: Event) -> Self {
        Self {
            id: event.id,
            at: event.at,
            subject: event.stream.as_str(),
            subject_id: event.stream_id,
            version: event.seq,
            kind: event.kind,
        }
    }
}
