//! `GET /api/v1/mail/{id}`, `POST /api/v1/mail/{id}/routing`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::mail::{self, Explanation};
use crate::domain::ids::MailId;
use actix_web::web::{Data, Json, Path};
use actix_web::{get, post};

/// Every step, decision and piece of evidence of one message, and the contact it became.
#[utoipa::path(tag = "mail", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The message's way", body = Explanation),
    (status = 404, description = "No such message")))]
#[get("/mail/{id}")]
pub(crate) async fn explain(app: Data<App>, caller: SignedIn, id: Path<MailId>) -> Result<Json<Explanation>, Problem> {
    Ok(Json(mail::explain_mail(&app, &caller.actor, id.into_inner()).await?))
}

/// Routes a quarantined message again, because what stood in its way was mended.
#[utoipa::path(tag = "mail", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "Routed, or still in quarantine with the reason; the message's way", body = Explanation),
    (status = 404, description = "No such message"),
    (status = 409, description = "It is not quarantined: correct its contact instead")))]
#[post("/mail/{id}/routing")]
pub(crate) async fn reroute(app: Data<App>, caller: SignedIn, id: Path<MailId>) -> Result<Json<Explanation>, Problem> {
    let id = id.into_inner();
    mail::reroute_mail(&app, &caller.actor, id).await?;
    Ok(Json(mail::explain_mail(&app, &caller.actor, id).await?))
}
