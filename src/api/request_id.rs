//! One id for each request: in the log, in the X-Request-Id header and as the `instance` of a problem.

use crate::api::problem::Problem;
use crate::app::App;
use crate::domain::ids::Id;
use crate::id_source::IdSource;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, ResponseError};
use std::time::Instant;
use tracing::Instrument;

enum Request {}

tokio::task_local! {
    static CURRENT: Id<Request>;
}

/// The id of the request this task is answering.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(ToString::to_string).ok()
}

/// Carries the current id into work that goes on in a task of its own.
pub(crate) fn inherit<F: Future>(work: F) -> impl Future<Output = F::Output> {
    let id = CURRENT.try_with(|id| *id).ok();
    async move {
        match id {
            Some(id) => CURRENT.scope(id, work).await,
            None => work.await,
        }
    }
}

/// Outermost: gives the request its id, logs one line without personal data (the route's pattern, never the path),
/// and sees to it that whatever fails answers problem+json.
pub(crate) async fn frame(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let now = req.app_data::<Data<App>>().map(|app| app.now()).unwrap_or_default();
    let id: Id<Request> = IdSource::Random.next(now);
    let span = tracing::info_span!("request", request.id = %id);
    CURRENT.scope(id, answer(req, next, id).instrument(span)).await
}

async fn answer(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    id: Id<Request>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let method = req.method().clone();
    let mut response = next.call(req).await?.map_into_boxed_body();
    let status = response.status();
    if (status.is_client_error() || status.is_server_error()) && !is_answered(&response) {
        let (request, bare) = response.into_parts();
        let mut problem = Problem::of_status(status).error_response();
        for (name, value) in bare.headers().iter().filter(|(name, _)| *name != CONTENT_TYPE) {
            problem.headers_mut().insert(name.clone(), value.clone());
        }
        response = ServiceResponse::new(request, problem);
    }
    if let Ok(value) = HeaderValue::try_from(id.to_string()) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    let route = response.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(http.method = %method, http.route = route, http.status = status.as_u16(), duration_ms, "answered");
    metrics::counter!("evenhand_http_requests_total", "method" => method.to_string(), "route" => route.clone(),
        "status" => status.as_u16().to_string())
    .increment(1);
    metrics::histogram!("evenhand_http_request_seconds", "route" => route).record(started.elapsed().as_secs_f64());
    Ok(response)
}

/// Whether one of our handlers wrote the answer: problems, the errors of OAuth, pages. The framework's own are plain text.
fn is_answered(response: &ServiceResponse<BoxBody>) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/") || kind.starts_with("text/html"))
}
