//! `GET /.well-known/jwks.json`

use crate::api::openapi::PUBLIC;
use crate::api::problem::Problem;
use crate::app::{App, AppError};
use actix_web::HttpResponse;
use actix_web::get;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::web::Data;

/// The public keys of the built-in issuer (RFC 7517).
#[utoipa::path(tag = PUBLIC, responses((status = 200, description = "A JWK set", body = serde_json::Value,
    example = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "0123", "x": "…"}]}))))]
#[get("/.well-known/jwks.json")]
pub(crate) async fn jwks(app: Data<App>) -> Result<HttpResponse, Problem> {
    let keys = app.tokens.own.jwks().map_err(|fault| AppError::broken("publishing the keys", fault))?;
    let cached = (CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
    Ok(HttpResponse::Ok().insert_header(cached).json(keys))
}
