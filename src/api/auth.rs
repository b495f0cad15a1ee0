//! Who is calling, as a parameter of a handler: `caller: SignedIn`, then `&caller.actor`.

use crate::api::error::not_signed_in;
use crate::api::problem::Problem;
use crate::app::live_calls::InHand;
use crate::app::{App, AppError, Caller, sign_in, sign_in_on_a_live_call};
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;
use std::ops::Deref;

/// The caller, signed in by the bearer token of the request; 401 otherwise.
#[derive(Clone, Debug)]
pub(crate) struct SignedIn(Caller);

impl Deref for SignedIn {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.0
    }
}

impl FromRequest for SignedIn {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            if let Some(known) = req.extensions().get::<SignedIn>() {
                return Ok(known.clone());
            }
            let token = bearer(&req).ok_or_else(|| not_signed_in("send a bearer token"))?;
            let app = req.app_data::<Data<App>>().ok_or(AppError::NotFound)?;
            let signed_in = SignedIn(sign_in(app, token).await?);
            req.extensions_mut().insert(signed_in.clone());
            Ok(signed_in)
        })
    }
}

/// The same on a live call, which goes first from here on: while the database is away, whoever looked callers up before is
/// known by a valid token.
#[derive(Debug)]
pub(crate) struct OnTheLine {
    caller: Caller,
    _goes_first: InHand,
}

impl Deref for OnTheLine {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl FromRequest for OnTheLine {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let req = req.clone();
        Box::pin(async move {
            let token = bearer(&req).ok_or_else(|| not_signed_in("send a bearer token"))?;
            let app = req.app_data::<Data<App>>().ok_or(AppError::NotFound)?;
            let _goes_first = app.live_first.begin();
            Ok(OnTheLine { caller: sign_in_on_a_live_call(app, token).await?, _goes_first })
        })
    }
}

fn bearer(req: &HttpRequest) -> Option<&str> {
    let value = req.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}
