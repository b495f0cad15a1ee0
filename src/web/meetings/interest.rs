//! Somebody has an interest in an item and leaves.

use crate::app::App;
use crate::app::meetings::{Whose, declare_interest};
use crate::domain::ids::MeetingId;
use crate::web::fault::Fault;
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};

#[post("/meetings/{id}/people/{n}/interests")]
pub(crate) async fn declare(
    app: Data<App>,
    path: Path<(MeetingId, i32)>,
    posted: Posted,
) -> Result<HttpResponse, Fault> {
    let (id, n) = path.into_inner();
    let name = posted.text("name");
    let whose = if name.is_empty() { Whose::Mine } else { Whose::Of(name.to_owned()) };
    declare_interest(&app, &posted.visitor.actor, (id, n), whose, posted.text("reason").to_owned()).await?;
    Ok(see_other(&format!("/meetings/{id}/people/{n}")))
}
