//! `GET /api/v1/outgoing/stop`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::outbox::read_stop;
use crate::store::sending_stops::StopRow;
use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Sending stopped by itself.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SendingStop {
    id: Uuid,
    opened_at: DateTime<Utc>,
    because: String,
    /// When an officer let it go on; null while nothing is sent.
    released_at: Option<DateTime<Utc>>,
    released_by: Option<Uuid>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SendingStatus {
    /// Null: mail is sent.
    stop: Option<SendingStop>,
}

/// Whether mail is sent, and if not, since when and why.
#[utoipa::path(tag = "operation", responses((status = 200, description = "As it stands", body = SendingStatus)))]
#[get("/outgoing/stop")]
pub(crate) async fn stop(app: Data<App>, caller: SignedIn) -> Result<Json<SendingStatus>, Problem> {
    let stop = read_stop(&app, &caller.actor).await?.map(SendingStop::from);
    Ok(Json(SendingStatus { stop }))
}

impl From<StopRow> for SendingStop {
    fn from(row: StopRow) -> Self {
        let StopRow { id, opened_at, because, released_at, released_by } = row;
        Self { id, opened_at, because, released_at, released_by }
    }
}
