//! Around every page: the headers that tell browsers what it may do, and the words of every page that says no.

use super::fault::Fault;
use super::frame::{Page, see_other};
use super::visitor::Visitor;
use crate::app::{App, AppError, chain};
use crate::domain::case::Refusal;
use crate::store::StoreError;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, LOCATION};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse};
use serde_json::json;

/// Nothing but our own files, no frames around us, forms only to us.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HEADERS: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Wraps all pages.
pub(crate) async fn frame(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = req.app_data::<Data<App>>().cloned();
    let Some(app) = app else { return Ok(next.call(req).await?.map_into_boxed_body()) };
    let (response, written_down) = app.store.read_page(next.call(req)).await;
    let (req, mut response) = response?.map_into_boxed_body().into_parts();
    if let Err(error) = written_down {
        response = of_fault(&app, &req, &Fault::App(AppError::Store(error)));
    } else if let Some(said) = no(&app, &req, &response) {
        response = said;
    }
    guard(response.headers_mut());
    Ok(ServiceResponse::new(req, response))
}

fn guard(headers: &mut HeaderMap) {
    let mut unless_said = |name: HeaderName, value: HeaderValue| {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    };
    unless_said(HeaderName::from_static("content-security-policy"), HeaderValue::from_static(POLICY));
    unless_said(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    for (name, value) in HEADERS {
        unless_said(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

/// The page that says no, where the answer is one without words.
fn no(app: &App, req: &HttpRequest, response: &HttpResponse) -> Option<HttpResponse> {
    if let Some(fault) = response.error().and_then(|error| error.as_error::<Fault>()) {
        return Some(of_fault(app, req, fault));
    }
    let bare = response.headers().get("content-type").is_none();
    let status = response.status();
    if bare && (status.is_client_error() || status.is_server_error()) {
        let what = if status == StatusCode::METHOD_NOT_ALLOWED { METHOD } else { GONE };
        return Some(words(app, req, status, (what, &[])));
    }
    None
}

fn of_fault(app: &App, req: &HttpRequest, fault: &Fault) -> HttpResponse {
    let status = actix_web::ResponseError::status_code(fault);
    match fault {
        Fault::SignIn { next, over } => to_sign_in(next, *over),
        Fault::App(AppError::NotSignedIn(_)) => to_sign_in("/", true),
        Fault::SetUpCode => see_other("/sign-in/code"),
        Fault::NotOurForm => words(app, req, status, (NOT_OURS, &[])),
        Fault::Unreadable => words(app, req, status, (UNREADABLE, &[])),
        Fault::TooLarge => words(app, req, status, (TOO_LARGE, &[])),
        Fault::App(AppError::Refused(refusal)) => refused(app, req, refusal, status),
        Fault::App(AppError::NotFound) => words(app, req, status, (GONE, &[])),
        Fault::App(AppError::Invalid(faults)) => {
            let said: Vec<String> = faults.iter().map(|fault| fault.detail.clone()).collect();
            words(app, req, status, (INVALID, &said))
        }
        Fault::App(AppError::StaleVersion { .. } | AppError::Store(StoreError::StaleVersion)) => {
            words(app, req, status, (STALE, &[]))
        }
        Fault::App(error @ (AppError::Store(_) | AppError::Broken { .. })) => {
            tracing::error!(cause = chain(error), "a page failed on our side");
            words(app, req, status, (BROKEN, &[]))
        }
    }
}

fn to_sign_in(next: &str, over: bool) -> HttpResponse {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if next != "/" {
        query.append_pair("next", next);
    }
    if over {
        query.append_pair("over", "1");
    }
    let query = query.finish();
    let place = if query.is_empty() { "/sign-in".to_owned() } else { format!("/sign-in?{query}") };
    let mut response = HttpResponse::SeeOther();
    response.insert_header((LOCATION, place)).finish()
}

type Said = (&'static str, &'static str);
const GONE: Said = (
    "Page not found",
    "There is no such page, or you may not know whether there is. Check the address, or start from Today.",
);
const METHOD: Said = ("This page cannot be used like that", "Go back and try again from the page you came from.");
const NOT_OURS: Said = (
    "We could not take this form",
    "The page it was sent from is out of date, or it came from somewhere else. Nothing was changed. Go back, open the page again and send it once more.",
);
const UNREADABLE: Said = ("We could not read this form", "Nothing was changed. Go back and send it again.");
const TOO_LARGE: Said = ("This is too much at once", "Nothing was changed. Shorten the text and send it again.");
const INVALID: Said = ("There is a problem", "Nothing was changed. Go back, put it right and send it again.");
const STALE: Said = (
    "Somebody changed this since you opened it",
    "Nothing of yours was written over theirs. Open it again to see what changed, then send yours.",
);
const BROKEN: Said = (
    "Sorry, there is a problem with the service",
    "Try again in a minute. What you typed was saved as a draft. If it goes on, give the number below to your administrator.",
);

fn refused(app: &App, req: &HttpRequest, refusal: &Refusal, status: StatusCode) -> HttpResponse {
    let title = match status {
        StatusCode::FORBIDDEN => "You cannot do this",
        _ => "This cannot be done now",
    };
    let mut reasons: Vec<String> = refusal.faults.iter().map(|fault| fault.message.clone()).collect();
    reasons.retain(|reason| *reason != refusal.message);
    let view = json!({ "title": title, "message": refusal.message, "policy": refusal.policy, "reasons": reasons,
                       "code": refusal.code });
    told(app, req, Page { status, ..Page::new("no", title, view) })
}

fn words(
    app: &App,
    req: &HttpRequest,
    status: StatusCode,
    ((title, message), reasons): (Said, &[String]),
) -> HttpResponse {
    let view = json!({ "title": title, "message": message, "reasons": reasons, "ours": status.is_server_error() });
    told(app, req, Page { status, ..Page::new("no", title, view) })
}

fn told(app: &App, req: &HttpRequest, page: Page) -> HttpResponse {
    let visitor = req.extensions().get::<Visitor>().cloned();
    page.answer(app, visitor.as_ref())
}
