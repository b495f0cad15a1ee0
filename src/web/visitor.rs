//! Who is signed in, as a parameter of a handler: `visitor: Visitor`, then `&visitor.actor`.

use super::fault::Fault;
use crate::app::signing_in::{self, Known};
use crate::app::{App, AppError};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::ops::Deref;

/// An officer with a session that goes on. Whoever has none is asked to sign in and brought back.
#[derive(Clone)]
pub(crate) struct Visitor {
    known: Known,
    token: String,
}

impl Deref for Visitor {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

impl Visitor {
    /// What a form of this session bears, so that nobody else's page can send one (CWE-352).
    pub(crate) fn csrf(&self) -> String {
        csrf_of(&self.token)
    }

    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    /// Whose cookie came with a request, over or not; `None` for nobody's.
    pub(crate) async fn behind(app: &App, req: &HttpRequest) -> Result<Option<Self>, AppError> {
        let Some(cookie) = req.cookie(cookie_name(app)) else { return Ok(None) };
        let token = cookie.value().to_owned();
        // Whoever has a caller on the line goes on where the database does not.
        let known = match req.path() {
            "/calls" | "/calls/look-up" => signing_in::session_on_a_live_call(app, &token).await?,
            _ => signing_in::session_of(app, &token).await?,
        };
        Ok(known.map(|known| Self { known, token }))
    }
}

/// What a form of the session with this token bears.
pub(crate) fn csrf_of(token: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else { return String::new() };
    mac.update(b"form");
    hex::encode(mac.finalize().into_bytes())
}

/// Over TLS the browser itself sees to it that the cookie is this host's and no other's.
pub(crate) fn cookie_name(app: &App) -> &'static str {
    if is_over_tls(app) { "__Host-evenhand" } else { "evenhand" }
}

fn is_over_tls(app: &App) -> bool {
    app.settings.public_url.starts_with("https://")
}

/// The cookie of a session: of no use to scripts, to other sites, or over a plain line.
pub(crate) fn cookie(app: &App, token: String) -> Cookie<'static> {
    Cookie::build(cookie_name(app), token)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(is_over_tls(app))
        .finish()
}

/// The cookie's end.
pub(crate) fn no_cookie(app: &App) -> Cookie<'static> {
    let mut gone = cookie(app, String::new());
    gone.make_removal();
    gone
}

impl FromRequest for Visitor {
    type Error = Fault;
    type Future = LocalBoxFuture<'static, Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let app = req.app_data::<Data<App>>().ok_or(AppError::NotFound)?;
            let visitor = Visitor::behind(app, &req).await?;
            let asked = || req.uri().path_and_query().map_or("/", |asked| asked.as_str()).to_owned();
            match visitor {
                Some(visitor) if visitor.over => Err(Fault::SignIn { next: asked(), over: true }),
                Some(visitor) if visitor.owes_code && !req.path().starts_with("/sign-in") => Err(Fault::SetUpCode),
                Some(visitor) => {
                    // For the page that says no, should it come to that.
                    req.extensions_mut().insert(visitor.clone());
                    Ok(visitor)
                }
                None => Err(Fault::SignIn { next: asked(), over: false }),
            }
        })
    }
}
