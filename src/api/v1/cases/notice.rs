//! `GET /api/v1/cases/{id}/notice`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::cases::{self, NoticeView};
use crate::domain::ids::CaseId;
use actix_web::get;
use actix_web::web::{Data, Json, Path};

/// The notice of a strategy as it was composed last, as a page and as text: to be read, printed and handed over. Only for
/// who sees the whole case; each reading is logged.
#[utoipa::path(tag = "cases", params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, description = "The notice, word for word", body = NoticeView),
    (status = 404, description = "No such case, none that you may see the whole of, or no notice was composed")))]
#[get("/cases/{id}/notice")]
pub(crate) async fn notice(app: Data<App>, caller: SignedIn, id: Path<CaseId>) -> Result<Json<NoticeView>, Problem> {
    Ok(Json(cases::read_notice(&app, &caller.actor, id.into_inner()).await?))
}
