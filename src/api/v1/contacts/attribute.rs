//! `POST /api/v1/contacts/{id}/attribution`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::etag::{IfMatch, etag};
use crate::api::problem::{self, Problem};
use crate::app::App;
use crate::app::FieldFault;
use crate::app::contacts::{self, Attributing, Author, ContactView, Decision, Joins};
use crate::domain::ids::{ContactId, PersonId};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Attribution {
    /// Whose it is; absent: nobody's on file.
    person_id: Option<PersonId>,
    /// Somebody else's for this person: linked, and not counted as theirs.
    #[serde(default)]
    on_behalf: bool,
    /// A person wrote it, though it was taken for automatic, list or our own mail: it counts from now on.
    #[serde(default)]
    written_by_person: bool,
    /// It answers a mail of a case its sender took no part in, and lies with that case from now on. What
    /// `decide_whose_mail` asks; without this it stays where it is, and the question is answered all the same.
    #[serde(default)]
    join_case: bool,
    #[schema(example = "Confirmed by telephone that they wrote it.")]
    reason: String,
}

/// Decides whose a contact is, in the name of the person who is signed in. Everybody touched is measured anew.
#[utoipa::path(tag = "contacts", params(("id" = uuid::Uuid, Path),
           ("If-Match" = String, Header, description = "The ETag of the contact as you read it", example = "\"v1\"")),
    request_body = Attribution, responses(
    (status = 200, description = "The contact as it now stands", body = ContactView),
    (status = 403, description = "`named-person-required`, `wrong-role` or `complained-about`"),
    (status = 404, description = "No such contact"),
    (status = 409, description = "`no-case-to-join`"),
    (status = 412, description = "It changed since you read it"),
    (status = 422, description = "No reason, or no such person"),
    (status = 428, description = "If-Match is missing")))]
#[post("/contacts/{id}/attribution")]
pub(crate) async fn attribute(
    app: Data<App>,
    caller: SignedIn,
    id: Path<ContactId>,
    version: IfMatch,
    body: Body<Attribution>,
) -> Result<HttpResponse, Problem> {
    let Attribution { person_id, on_behalf, written_by_person, join_case, reason } = body.into_inner();
    let decision = match (person_id, on_behalf) {
        (Some(person), false) => Decision::Own(person),
        (Some(person), true) => Decision::OnBehalfOf(person),
        (None, false) => Decision::Nobody,
        (None, true) => {
            let detail = "Say on whose behalf.".to_owned();
            return Err(
                Problem::new(problem::VALIDATION).errors(vec![FieldFault { pointer: "/personId".to_owned(), detail }])
            );
        }
    };
    let author = if written_by_person { Author::Person } else { Author::AsFound };
    let joins = if join_case { Joins::ItsCase } else { Joins::Stays };
    let asked = Attributing { contact: id.into_inner(), version: Some(version.0), decision, author, joins, reason };
    let attributed = Box::pin(contacts::attribute_contact(&app, &caller.actor, asked)).await?;
    let view = contacts::show_contact(&app, attributed).await?;
    Ok(HttpResponse::Ok().insert_header(etag(view.version)).json(view))
}
