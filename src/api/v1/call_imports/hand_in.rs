//! `POST /api/v1/call-imports?profile=`

use super::view::{ImportView, PreviewView};
use crate::api::auth::SignedIn;
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::callers::{CallFileOf, hand_in_calls, look_at_handed_in, start_import};
use actix_web::web::{Data, Payload, Query};
use actix_web::{HttpResponse, post};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HandedIn {
    /// How the file is read: a name of `workflows/imports`.
    #[param(example = "command-and-control")]
    profile: String,
    /// What the file is called.
    #[param(example = "incidents-2026-11-26.csv")]
    file_name: Option<String>,
    /// `true`: it waits until `…/start`, and the answer says what starting it would do.
    #[serde(default)]
    preview: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct HandedInView {
    #[serde(flatten)]
    import: ImportView,
    #[serde(skip_serializing_if = "Option::is_none")]
    preview: Option<PreviewView>,
}

/// Hands in a file of calls, CSV or NDJSON as the profile says. It is kept and read by a job; handing it in again keeps
/// nothing twice.
#[utoipa::path(tag = "calls", params(HandedIn),
    request_body(content = String, content_type = "text/csv"),
    responses(
    (status = 202, description = "Kept, and on its way or waiting to be started", body = HandedInView),
    (status = 403, description = "The token may not bring calls in"),
    (status = 413, description = "Larger than `imports.most_upload_bytes`"),
    (status = 422, description = "Not a file of this profile")))]
#[post("/call-imports")]
pub(crate) async fn hand_in(
    app: Data<App>,
    caller: SignedIn,
    asked: Query<HandedIn>,
    mut body: Payload,
) -> Result<HttpResponse, Problem> {
    let HandedIn { profile, file_name, preview } = asked.into_inner();
    let mut bytes = Vec::new();
    while let Some(some) = body.try_next().await.map_err(|_broken_off| Problem::new(problem::MALFORMED))? {
        if bytes.len() + some.len() > app.settings.imports.most_upload_bytes {
            return Err(Problem::new(problem::TOO_LARGE).detail("A file this large goes into the watched folder."));
        }
        bytes.extend_from_slice(&some);
    }
    let file = CallFileOf { profile, file_name: file_name.unwrap_or_default() };
    let import = hand_in_calls(&app, &caller.actor, file, bytes).await?;
    let shown = if preview {
        let (import, preview) = look_at_handed_in(&app, &caller.actor, import.id).await?;
        HandedInView { import: import.into(), preview: Some(preview.into()) }
    } else {
        let import = start_import(&app, &caller.actor, import.id).await?;
        HandedInView { import: import.into(), preview: None }
    };
    Ok(HttpResponse::Accepted().json(shown))
}
