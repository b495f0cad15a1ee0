//! What a form sent, as a parameter of a handler: `form: Posted`. One is only made of a form that this session's own page
//! held: by its token, and by what the browser says of where it came from.

use super::drafts::keep;
use super::fault::Fault;
use super::frame::place_of_ours;
use super::visitor::Visitor;
use crate::app::drafts::Fields;
use crate::app::{App, AppError};
use actix_web::dev::Payload;
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::future::LocalBoxFuture;

/// The largest form: a strategy's whole text is far below.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;
/// The field with the form's token.
pub(crate) const CSRF: &str = "csrf";

/// Where a form stands, and which button was pressed. What was read when it was opened stays with what was typed: whoever
/// goes on with a draft is told of what others did since it was begun.
const NOT_TYPED: [&str; 6] = ["place", "add", "remove", "nothing", "insert", "preview"];

/// What was read when a form was opened, in fields that nobody types into.
pub(crate) const READ: [&str; 3] = ["version", "contentHash", "token"];

/// A form of ours.
pub(crate) struct Posted {
    pub(crate) visitor: Visitor,
    fields: Fields,
}

impl Posted {
    /// The value of a field, trimmed; empty where it was not sent.
    pub(crate) fn text(&self, name: &str) -> &str {
        text(&self.fields, name)
    }

    /// Whether a field was sent with anything in it: a box ticked, a button pressed.
    pub(crate) fn has(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// The version that was read, from the field `version`.
    pub(crate) fn version(&self) -> Option<i64> {
        self.text("version").parse().ok()
    }

    /// What somebody typed: with what they had read, and without the form's place and buttons.
    pub(crate) fn typed(&self) -> Fields {
        self.fields.iter().filter(|(name, _)| !NOT_TYPED.contains(&name.as_str())).cloned().collect()
    }

    /// Everything but the token.
    pub(crate) fn fields(&self) -> &Fields {
        &self.fields
    }
}

/// The value of a field, trimmed; empty where there is none.
pub(crate) fn text<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim()).unwrap_or_default()
}

/// The names and values of a body; line ends as every other part of us has them, and without the character NUL.
pub(crate) fn pairs(body: &[u8]) -> Fields {
    let clean = |text: &str| text.replace("\r\n", "\n").replace('\0', "");
    url::form_urlencoded::parse(body).map(|(name, value)| (clean(&name), clean(&value))).collect()
}

/// The body of a request, if it is a form at all.
///
/// # Errors
/// For something else than a form, and for one that is too large.
pub(crate) async fn read_form(req: &HttpRequest, payload: web::Payload) -> Result<Fields, Fault> {
    let kind = req.content_type().to_ascii_lowercase();
    if kind != "application/x-www-form-urlencoded" && kind != "text/plain" {
        return Err(Fault::Unreadable);
    }
    let bytes = payload.to_bytes_limited(MOST_BYTES).await.map_err(|_exceeded| Fault::TooLarge)?;
    Ok(pairs(&bytes.map_err(|_broken| Fault::Unreadable)?))
}

/// Whether the browser says that a page of another site sent this.
pub(crate) fn is_from_elsewhere(app: &App, req: &HttpRequest) -> bool {
    let header = |name: &str| req.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let host = header("host").unwrap_or_default();
    let ours =
        |origin: &str| origin == app.settings.public_url || origin.split_once("://").map(|at| at.1) == Some(host);
    // Without either header it is no browser that we know; the token decides.
    header("origin").is_some_and(|origin| !ours(origin))
}

impl FromRequest for Posted {
    type Error = Fault;
    type Future = LocalBoxFuture<'static, Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        let payload = web::Payload::from_request(&req, payload);
        Box::pin(async move {
            let payload = payload.await.map_err(|_broken| Fault::Unreadable)?;
            let fields = read_form(&req, payload).await?;
            admitted(&req, fields).await
        })
    }
}

/// A form with these fields, if a page of the session that sends it held it.
///
/// # Errors
/// `NotOurForm`; whoever has to sign in first is brought back to the form, with what was typed.
pub(super) async fn admitted(req: &HttpRequest, mut fields: Fields) -> Result<Posted, Fault> {
    let app = req.app_data::<Data<App>>().ok_or(AppError::NotFound)?;
    let visitor = Visitor::behind(app, req).await?;
    // A form that does not say which page it stands on may go to an address that is no page.
    let place = place_of_ours(text(&fields, "place")).to_owned();
    let Some(visitor) = visitor else { return Err(Fault::SignIn { next: place, over: false }) };
    let ours = same(text(&fields, CSRF), &visitor.csrf()) && !is_from_elsewhere(app, req);
    fields.retain(|(name, _)| name != CSRF);
    if !ours {
        req.extensions_mut().insert(visitor);
        return Err(Fault::NotOurForm);
    }
    if visitor.over {
        // Nothing typed is lost: it waits for whoever typed it.
        let form = Posted { visitor, fields };
        if form.typed().iter().any(|(name, value)| !READ.contains(&name.as_str()) && !value.trim().is_empty()) {
            keep(app, &form, &place).await?;
        }
        return Err(Fault::SignIn { next: place, over: true });
    }
    if visitor.owes_code && !req.path().starts_with("/sign-in") {
        return Err(Fault::SetUpCode);
    }
    req.extensions_mut().insert(visitor.clone());
    Ok(Posted { visitor, fields })
}

/// Compared in full whatever differs first.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_as_browsers_send_it() {
        let fields = pairs(b"a=1&b=two+words%0D%0Amore&a=2&c=%00x");
        assert_eq!(text(&fields, "b"), "two words\nmore");
        assert_eq!(text(&fields, "c"), "x");
        assert_eq!(fields.iter().filter(|(name, _)| name == "a").count(), 2);
        assert_eq!(text(&fields, "d"), "");
    }

    #[test]
    fn tokens_are_the_same_only_in_full() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd") && !same("abc", "ab") && !same("", "a"));
    }
}
