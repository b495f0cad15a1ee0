//! Signing in and out: a password and a code, and the link by which the first one is set.

use super::fault::Fault;
use super::form::{FormFault, faults, summary};
use super::frame::{Page, place_of_ours, see_other};
use super::posted::{Posted, is_from_elsewhere, read_form, text};
use super::visitor::{Visitor, cookie, no_cookie};
use crate::app::signing_in::{self, Begun, FEWEST_CHARACTERS, SetPassword, Typed};
use crate::app::{App, AppError};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    next: String,
    over: Option<String>,
}

/// The page; whoever is signed in already goes on.
#[get("/sign-in")]
pub(crate) async fn ask(app: Data<App>, req: HttpRequest, asked: Query<Asked>) -> Result<HttpResponse, Fault> {
    let known = Visitor::behind(&app, &req).await?;
    if known.is_some_and(|visitor| !visitor.over) {
        return Ok(see_other(place_of_ours(&asked.next)));
    }
    let view = json!({ "next": asked.next, "over": asked.over.is_some() });
    Ok(Page::new("sign_in/password", "Sign in", view).answer(&app, None))
}

/// There is no session yet whose token a form could bear; so only what the browser says of its origin is looked at, and the
/// cookie is made anew whoever had one (CWE-384).
#[post("/sign-in")]
pub(crate) async fn sign_in(app: Data<App>, req: HttpRequest, payload: Payload) -> Result<HttpResponse, Fault> {
    let fields = read_form(&req, payload).await?;
    if is_from_elsewhere(&app, &req) {
        return Err(Fault::NotOurForm);
    }
    let said = |name: &str| text(&fields, name).to_owned();
    let next = said("next");
    let password = fields.iter().find(|(name, _)| name == "password").map(|(_, typed)| typed.clone());
    let typed = Typed { username: said("username"), password: password.unwrap_or_default(), code: said("code") };
    let username = typed.username.clone();
    match signing_in::begin_session(&app, typed).await {
        Ok(begun) => Ok(signed_in(&app, begun, place_of_ours(&next))),
        Err(AppError::Invalid(found)) => {
            let faults = faults::of_fields(found);
            let view = json!({ "next": next, "username": username, "faults": summary(&faults) });
            let page = Page::new("sign_in/password", "Sign in", view);
            Ok(Page { status: StatusCode::UNPROCESSABLE_ENTITY, ..page }.answer(&app, None))
        }
        Err(other) => Err(other.into()),
    }
}

fn signed_in(app: &App, begun: Begun, next: &str) -> HttpResponse {
    let place = if begun.owes_code { "/sign-in/code" } else { next };
    let mut response = see_other(place);
    // A cookie is letters and digits: it always can be added.
    let _added = response.add_cookie(&cookie(app, begun.token));
    response
}

#[post("/sign-out")]
pub(crate) async fn sign_out(app: Data<App>, form: Posted) -> Result<HttpResponse, Fault> {
    signing_in::end_session(&app, &form.visitor.officer, form.visitor.token()).await?;
    let mut response = see_other("/sign-in");
    let _added = response.add_cookie(&no_cookie(&app));
    Ok(response)
}

/// Still there: the session goes on for as long again.
#[post("/session/extend")]
pub(crate) async fn extend(_form: Posted) -> HttpResponse {
    HttpResponse::NoContent().content_type("text/plain").finish()
}

#[get("/sign-in/link/{token}")]
pub(crate) async fn ask_password(app: Data<App>, token: Path<String>) -> Result<HttpResponse, Fault> {
    let officer = signing_in::officer_of_link(&app, &token).await?;
    Ok(password_page(&app, &officer.username, &token, &[]))
}

fn password_page(app: &App, username: &str, token: &str, faults: &[FormFault]) -> HttpResponse {
    let error = faults.first().map(|fault| json!({ "text": fault.message }));
    let view = json!({ "username": username, "token": token, "fewest": FEWEST_CHARACTERS, "faults": summary(faults),
                       "error": error });
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Page { status, ..Page::new("sign_in/new_password", "Set your password", view) }.answer(app, None)
}

#[post("/sign-in/link/{token}")]
pub(crate) async fn set_password(
    app: Data<App>,
    req: HttpRequest,
    token: Path<String>,
    payload: Payload,
) -> Result<HttpResponse, Fault> {
    let fields = read_form(&req, payload).await?;
    if is_from_elsewhere(&app, &req) {
        return Err(Fault::NotOurForm);
    }
    let password = fields.iter().find(|(name, _)| name == "password").map(|(_, typed)| typed.clone());
    let typed = SetPassword { token: token.clone(), password: password.unwrap_or_default() };
    match signing_in::set_password(&app, typed).await {
        Ok(begun) => Ok(signed_in(&app, begun, "/")),
        Err(AppError::Invalid(found)) => {
            let officer = signing_in::officer_of_link(&app, &token).await?;
            Ok(password_page(&app, &officer.username, &token, &faults::of_fields(found)))
        }
        Err(other) => Err(other.into()),
    }
}

#[get("/sign-in/code")]
pub(crate) async fn ask_code(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, Fault> {
    code_page(&app, &visitor, None, &[]).await
}

async fn code_page(
    app: &App,
    visitor: &Visitor,
    proposed: Option<&str>,
    faults: &[FormFault],
) -> Result<HttpResponse, Fault> {
    let enrolment = signing_in::propose_code(app, &visitor.officer, proposed).await?;
    let error: Value = faults.first().map_or(Value::Null, |fault| json!({ "text": fault.message }));
    let view = json!({ "picture": enrolment.picture, "secret": enrolment.secret, "letters": in_fours(&enrolment.secret),
                       "faults": summary(faults), "error": error });
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(Page { status, ..Page::new("sign_in/code", "Set up an app that shows a code", view) }.show(app, visitor))
}

/// Easier to type.
fn in_fours(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[post("/sign-in/code")]
pub(crate) async fn set_up_code(app: Data<App>, form: Posted) -> Result<HttpResponse, Fault> {
    let secret = form.text("secret");
    match signing_in::confirm_code(&app, &form.visitor.officer, secret, form.text("code")).await {
        Ok(()) => Ok(see_other("/")),
        Err(AppError::Invalid(found)) => code_page(&app, &form.visitor, Some(secret), &faults::of_fields(found)).await,
        Err(other) => Err(other.into()),
    }
}
