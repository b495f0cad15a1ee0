//! Styles, scripts and pictures, out of the program itself. Their address bears a hash of all of them: a browser keeps a file
//! for ever and asks for new ones as soon as any changes.

use crate::app::App;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

#[derive(rust_embed::Embed)]
#[folder = "static/"]
struct Files;

/// What the vendored files are made from is nobody's to fetch.
fn is_served(name: &str) -> bool {
    !name.starts_with("vendor-src/")
}

/// Eight letters that change when any file does.
pub(crate) fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut all = Sha256::new();
        for name in Files::iter().filter(|name| is_served(name)) {
            if let Some(file) = Files::get(&name) {
                all.update(name.as_bytes());
                all.update(file.metadata.sha256_hash());
            }
        }
        hex::encode(all.finalize()).chars().take(8).collect()
    })
}

/// A file, under the version of all of them.
#[get("/static/{version}/{name:.*}")]
pub(crate) async fn serve(path: Path<(String, String)>) -> HttpResponse {
    let (asked, name) = path.into_inner();
    let Some(file) = Files::get(&name).filter(|_| is_served(&name)) else { return HttpResponse::NotFound().finish() };
    let kept = if asked == version() { "public, max-age=31536000, immutable" } else { "no-cache" };
    let bytes = match file.data {
        std::borrow::Cow::Borrowed(bytes) => actix_web::web::Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => actix_web::web::Bytes::from(bytes),
    };
    HttpResponse::Ok().insert_header((CONTENT_TYPE, kind_of(&name))).insert_header((CACHE_CONTROL, kept)).body(bytes)
}

/// The colour of the force, in the place of the one that the components come with.
#[get("/static/force.css")]
pub(crate) async fn force(app: Data<App>) -> HttpResponse {
    let colour = &app.settings.pages.brand_colour;
    let css = format!(":root {{ --govuk-brand-colour: {colour}; }}\n");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/css; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(css)
}

fn kind_of(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        _ => "text/plain; charset=utf-8",
    }
}
