//! `POST /api/v1/mail?recipient=`

use crate::api::auth::SignedIn;
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::mail::{Incoming, MailSource, keep_mail};
use crate::domain::ids::MailId;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Envelope {
    /// The address of ours that received the message.
    #[param(example = "psd@example.police.uk")]
    #[serde(default)]
    recipient: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct KeptMail {
    id: MailId,
    /// `kept`, or `duplicate` where the same bytes were there already.
    #[schema(example = "kept")]
    status: &'static str,
}

/// Hands in one raw message. The answer comes after it is on the disk, and before anything in it was read.
#[utoipa::path(tag = "mail", params(Envelope),
    request_body(content = String, content_type = "message/rfc822"),
    responses(
    (status = 202, description = "On the disk", body = KeptMail),
    (status = 403, description = "The token may not hand in mail"),
    (status = 413, description = "Larger than the mail limit"),
    (status = 415, description = "Not message/rfc822"),
    (status = 503, description = "Not kept: try again")))]
#[post("/mail")]
pub(crate) async fn keep(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    envelope: Query<Envelope>,
    raw: Bytes,
) -> Result<HttpResponse, Problem> {
    if !is_message(&req) {
        return Err(Problem::new(problem::UNSUPPORTED_MEDIA_TYPE));
    }
    let recipient = envelope.into_inner().recipient;
    let incoming =
        Incoming { raw: raw.to_vec(), recipient, source: MailSource::Http, received_at: None, envelope_from: None };
    let kept = keep_mail(&app, &caller.actor, incoming).await?;
    let status = if kept.duplicate { "duplicate" } else { "kept" };
    Ok(HttpResponse::Accepted().json(KeptMail { id: kept.id, status }))
}

/// `message/rfc822`, with or without parameters; a missing type is taken for it.
fn is_message(req: &HttpRequest) -> bool {
    let Some(value) = req.headers().get(CONTENT_TYPE) else { return true };
    let media_type = value.to_str().ok().and_then(|value| value.split(';').next()).map(str::trim);
    media_type.is_some_and(|media_type| media_type.eq_ignore_ascii_case("message/rfc822"))
}
