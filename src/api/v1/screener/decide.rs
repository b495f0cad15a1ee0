//! `POST /api/v1/screener/decisions`

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::problem::{self, Problem};
use crate::app::contacts::screener::{self, AddressIs, DecisionView, Screening, SenderIs};
use crate::app::people::NewPerson;
use crate::app::{App, FieldFault};
use crate::domain::ids::PersonId;
use actix_web::web::Data;
use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SenderDecision {
    /// As the list shows it.
    #[schema(example = "person@example.com")]
    address: String,
    decision: Is,
    /// Of `person`: whose the mail is.
    person_id: Option<PersonId>,
    /// Of `new_person`.
    new_person: Option<Newcomer>,
    /// Of `person` and `new_person`: whether the address is confirmed to be theirs, so that proven mail from it counts by
    /// itself.
    #[serde(default)]
    address_confirmed: bool,
    #[schema(example = "They telephoned and named their case.")]
    reason: String,
}

/// Who the sender is.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Is {
    /// Nobody who contacts us again and again: read like any unattributed mail, and asked about no more.
    General,
    /// A list or a machine: filed from now on as a list's mail is, never dropped.
    Automatic,
    /// Somebody on file: what waits is theirs.
    Person,
    /// Somebody to be put on file.
    NewPerson,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Newcomer {
    reference: String,
    full_name: String,
}

/// Decides about a sender who is not on file, in the name of the person who is signed in. Nothing is dropped or refused;
/// each mail's log says what was decided, and `POST /screener/decisions/{id}/reversal` takes it back.
#[utoipa::path(tag = "contacts", request_body = SenderDecision, responses(
    (status = 201, description = "What was decided", body = DecisionView),
    (status = 403, description = "`named-person-required`, `wrong-role` or `complained-about`"),
    (status = 409, description = "`sender-not-waiting` or `sender-decided`"),
    (status = 422, description = "No reason, or no such person")))]
#[post("/screener/decisions")]
pub(crate) async fn decide(
    app: Data<App>,
    caller: SignedIn,
    body: Body<SenderDecision>,
) -> Result<HttpResponse, Problem> {
    let SenderDecision { address, decision, person_id, new_person, address_confirmed, reason } = body.into_inner();
    let sure = if address_confirmed { AddressIs::Confirmed } else { AddressIs::Claimed };
    let is = match (decision, person_id, new_person) {
        (Is::General, None, None) => SenderIs::General,
        (Is::Automatic, None, None) => SenderIs::Automatic,
        (Is::Person, Some(person), None) => SenderIs::Person(person, sure),
        (Is::NewPerson, None, Some(Newcomer { reference, full_name })) => {
            let new = NewPerson {
                reference,
                full_name,
                date_of_birth: None,
                targeted_victim: false,
                vulnerability: Vec::new(),
            };
            SenderIs::NewPerson(Box::new(new), sure)
        }
        (Is::General | Is::Automatic | Is::Person | Is::NewPerson, _, _) => {
            let detail = "`person` needs personId, `new_person` needs newPerson, the others neither.".to_owned();
            let fault = FieldFault { pointer: "/decision".to_owned(), detail };
            return Err(Problem::new(problem::VALIDATION).errors(vec![fault]));
        }
    };
    let decided = screener::decide_sender(&app, &caller.actor, Screening { address, is, reason }).await?;
    Ok(HttpResponse::Created().json(decided))
}
