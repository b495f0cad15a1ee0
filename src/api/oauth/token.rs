//! `POST /oauth2/token`: client credentials (RFC 6749 §4.4), for systems.

use crate::api::openapi::PUBLIC;
use crate::api::problem::Problem;
use crate::app::{App, AppError, Credentials, issue_system_token};
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, HeaderMap, HeaderValue, WWW_AUTHENTICATE};
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

const JWT: &str = "urn:ietf:params:oauth:token-type:jwt";

/// The form of a request. Client id and secret may come by HTTP Basic instead.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TokenRequest {
    /// `client_credentials`
    #[schema(example = "client_credentials")]
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    /// For liaison systems: a token of the officer the system speaks for (RFC 8693 §2.1). Needs the scope
    /// `officers.act`.
    actor_token: Option<String>,
    /// `urn:ietf:params:oauth:token-type:jwt`, with `actor_token`.
    actor_token_type: Option<String>,
}

impl TokenRequest {
    fn has_nul(&self) -> bool {
        let Self { grant_type, client_id, client_secret, actor_token, actor_token_type } = self;
        let optional = [client_id, client_secret, actor_token, actor_token_type];
        let mut given = optional.into_iter().flatten().chain([grant_type]);
        given.any(|text| text.contains('\0'))
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct TokenResponse {
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 900)]
    expires_in: i64,
    /// What the system may do, separated by spaces.
    #[schema(example = "mail.write contacts.write")]
    scope: String,
}

/// The errors of RFC 6749 §5.2: OAuth clients expect this form, not a problem document.
#[derive(Serialize, ToSchema)]
pub(crate) struct TokenError {
    /// `invalid_request`, `invalid_client`, `invalid_grant` or `unsupported_grant_type`.
    #[schema(example = "invalid_client")]
    error: &'static str,
    error_description: &'static str,
}

/// A token for a system, by its id (or name) and secret.
#[utoipa::path(tag = PUBLIC,
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses(
        (status = 200, description = "A token", body = TokenResponse),
        (status = 400, description = "The request is not one we grant", body = TokenError),
        (status = 401, description = "No such client, or the wrong secret", body = TokenError),
    ))]
#[post("/oauth2/token")]
pub(crate) async fn token(app: Data<App>, req: HttpRequest, form: Form<TokenRequest>) -> Result<HttpResponse, Problem> {
    let form = form.into_inner();
    if form.has_nul() {
        return Ok(refuse("invalid_request", "no parameter may contain the character NUL"));
    }
    if form.grant_type != "client_credentials" {
        return Ok(refuse("unsupported_grant_type", "only client_credentials is granted here"));
    }
    if form.actor_token.is_some() && form.actor_token_type.as_deref() != Some(JWT) {
        return Ok(refuse("invalid_request", "actor_token_type must be urn:ietf:params:oauth:token-type:jwt"));
    }
    let given = basic(req.headers()).or_else(|| form.client_id.zip(form.client_secret));
    let Some((client, secret)) = given.filter(|(client, _)| !client.contains('\0')) else {
        return Ok(unknown_client());
    };
    match issue_system_token(&app, Credentials { client, secret, actor_token: form.actor_token }).await {
        Ok(granted) => Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(TokenResponse {
            access_token: granted.token,
            token_type: "Bearer",
            expires_in: granted.life.num_seconds(),
            scope: granted.scopes.into_iter().collect::<Vec<_>>().join(" "),
        })),
        Err(AppError::NotSignedIn(_)) => Ok(unknown_client()),
        Err(AppError::Refused(_)) => {
            Ok(refuse("invalid_grant", "the officer's token is not accepted from this client"))
        }
        Err(other) => Err(other.into()),
    }
}

fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (client, secret) = pair.split_once(':')?;
    Some((client.to_owned(), secret.to_owned()))
}

fn refuse(error: &'static str, error_description: &'static str) -> HttpResponse {
    HttpResponse::BadRequest().json(TokenError { error, error_description })
}

fn unknown_client() -> HttpResponse {
    let challenge = HeaderValue::from_static(r#"Basic realm="evenhand""#);
    let body = TokenError { error: "invalid_client", error_description: "no such client, or the wrong secret" };
    HttpResponse::Unauthorized().insert_header((WWW_AUTHENTICATE, challenge)).json(body)
}
