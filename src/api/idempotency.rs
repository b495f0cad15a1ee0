//! `Idempotency-Key` on POST: the same request sent twice is carried out once and answered the same.
//!
//! Kept for seven days by caller and key. What a crash at any moment leaves behind is told in `store/idempotency`: a
//! request that did something is never carried out again, one that did nothing may be. A request with a key runs to its
//! end even when its sender goes away.

use crate::api::auth::SignedIn;
use crate::api::problem::{self, Problem};
use crate::api::request_id;
use crate::app::{App, AppError, Caller, KeptAnswer, Known, Reservation, acting_for, reserve_key, settle_key};
use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LINK, LOCATION};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, HttpRequest, HttpResponse, ResponseError};
use sha2::{Digest, Sha256};

const KEY: &str = "idempotency-key";
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST_KEY: usize = 255;
/// What of an answer is kept besides status and body.
const KEPT_HEADERS: [HeaderName; 4] = [CONTENT_TYPE, ETAG, LOCATION, LINK];
const RETRY_SECONDS: u32 = 2;

/// Wraps everything under `/api/v1`.
pub(crate) async fn honour(
    mut req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let key = match key(&req) {
        Ok(Some(key)) => key,
        Ok(None) => return Ok(next.call(req).await?.map_into_boxed_body()),
        Err(problem) => return Ok(req.into_response(problem.error_response())),
    };
    let read = async {
        let caller = req.extract::<SignedIn>().await?;
        let body = req.extract::<Bytes>().await?;
        let app = req.extract::<Data<App>>().await?;
        Ok::<_, Error>((caller, body, app))
    };
    let (caller, body, app) = match read.await {
        Ok(read) => read,
        Err(error) => return Ok(req.error_response(error)),
    };
    let known = reserve_key(&app, &scope(&caller), &key, &fingerprint(&req, &body)).await;
    let answer = match known {
        Ok(Known::New(reservation)) => {
            req.set_payload(Payload::from(body));
            return carry_out(app, reservation, req, next).await;
        }
        Ok(Known::Answered(answer)) => replay(answer),
        Ok(Known::Mismatch) => Problem::new(problem::IDEMPOTENCY_MISMATCH).error_response(),
        Ok(Known::InProgress) => Problem::new(problem::IN_PROGRESS).retry_after(RETRY_SECONDS).error_response(),
        Ok(Known::AnswerLost) => Problem::new(problem::ANSWER_LOST).error_response(),
        Err(error) => Problem::from(error).error_response(),
    };
    Ok(req.into_response(answer))
}

fn key(req: &ServiceRequest) -> Result<Option<String>, Problem> {
    let Some(value) = req.headers().get(KEY).filter(|_| req.method() == Method::POST) else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let bad = || Problem::new(problem::MALFORMED).detail("Idempotency-Key must be 1 to 255 ASCII characters.");
    key.map(|key| Some(key.to_owned())).ok_or_else(bad)
}

/// One caller's keys are no other's. A system that speaks for an officer has keys of its own beside the officer's.
fn scope(caller: &Caller) -> String {
    serde_json::to_string(&caller.actor.reference()).unwrap_or_default()
}

/// What makes two requests the same: address, version read, kind and content of the body.
fn fingerprint(req: &ServiceRequest, body: &Bytes) -> String {
    let header = |name: &str| req.headers().get(name).map(|value| value.as_bytes().to_owned()).unwrap_or_default();
    let parts = [req.uri().to_string().into_bytes(), header("content-type"), header("if-match"), body.to_vec()];
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}

/// In a task of its own, so that it is finished and its answer kept even when the sender has gone away.
async fn carry_out(
    app: Data<App>,
    reservation: Reservation,
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let work = acting_for(reservation.clone(), next.call(req));
    let work = async move {
        let (req, response) = work.await?.map_into_boxed_body().into_parts();
        let (response, body) = response.into_parts();
        let body = to_bytes(body)
            .await
            .map_err(|error| Problem::from(AppError::broken("reading our own answer", error.to_string())))?;
        let answer = KeptAnswer {
            status: response.status().as_u16(),
            headers: kept_headers(&response),
            body: String::from_utf8_lossy(&body).into_owned(),
        };
        settle_key(&app, reservation, answer).await;
        Ok::<(HttpRequest, HttpResponse), Error>((req, response.set_body(body).map_into_boxed_body()))
    };
    let finished = actix_web::rt::spawn(request_id::inherit(work)).await;
    let finished = finished.map_err(|error| Problem::from(AppError::broken("carrying out a request", error)))?;
    let (req, response) = finished?;
    Ok(ServiceResponse::new(req, response))
}

fn kept_headers<B>(response: &HttpResponse<B>) -> Vec<(String, String)> {
    let kept = KEPT_HEADERS.iter().filter_map(|name| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some((name.to_string(), value.to_owned()))
    });
    kept.collect()
}

fn replay(answer: KeptAnswer) -> HttpResponse {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    for (name, value) in answer.headers {
        response.insert_header((name, value));
    }
    response.insert_header((REPLAYED, HeaderValue::from_static("true"))).body(answer.body)
}
