//! The letter: how it would read now, and by itself, ready to be printed.

use super::show::{back, find_strategy, tabs};
use crate::app::App;
use crate::app::cases::{preview_notice, read_notice};
use crate::domain::ids::CaseId;
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::http::header::CONTENT_SECURITY_POLICY;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

/// How the notice would read if it were composed from the text as it stands.
#[get("/strategies/{id}/letter")]
pub(crate) async fn preview(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let case = find_strategy(&app, &visitor, *id).await?;
    let (words, marking) = preview_notice(&app, &visitor.actor, *id).await?;
    let view = json!({
        "case": case,
        "text": words.text,
        "subject": words.subject,
        "isShared": case.data.get("sharing").is_some(),
        "tabs": tabs(&app, &visitor, (&case, "letter")).await?,
        "back": back(&case),
    });
    let page = Page::new("strategies/letter", "Preview of the letter", view);
    Ok(Page { area: Area::People, marking: marking.max(case.marking), ..page }.show(&app, &visitor))
}

/// The same as it would be printed; it says on top that it is no letter yet.
#[get("/strategies/{id}/letter/print")]
pub(crate) async fn preview_print(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    let (words, _) = preview_notice(&app, &visitor.actor, *id).await?;
    let sign = "<body>\n<p class=\"marking\">PREVIEW: not signed, not sent</p>";
    let html = words.html.replacen("<body>", sign, 1);
    Ok(by_itself(html.replacen("<title>", "<title>Preview: ", 1)))
}

/// The notice as it was composed, by itself, to be printed.
#[get("/cases/{id}/notice/letter")]
pub(crate) async fn print(app: Data<App>, visitor: Visitor, id: Path<CaseId>) -> Result<HttpResponse, Fault> {
    Ok(by_itself(read_notice(&app, &visitor.actor, *id).await?.html))
}

/// A letter has its styles in itself: those and nothing else are let through.
fn by_itself(html: String) -> HttpResponse {
    let policy = format!(
        "default-src 'none'; style-src {}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        styles(&html)
    );
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .body(html)
}

/// The hash of each style of the page, as a policy names it.
fn styles(html: &str) -> String {
    let contents = html.split("<style>").skip(1).filter_map(|rest| rest.split("</style>").next());
    let hashes: Vec<String> =
        contents.map(|style| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style.as_bytes())))).collect();
    if hashes.is_empty() { "'none'".to_owned() } else { hashes.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_styles_that_are_in_the_letter_are_let_through() {
        assert_eq!(styles("<p>x</p>"), "'none'");
        // As `printf 'a{}' | openssl dgst -sha256 -binary | base64` says it.
        let one = styles("<style>a{}</style>");
        assert!(one.starts_with("'sha256-") && one.ends_with("='") && !one.contains("unsafe"), "{one}");
        assert_ne!(one, styles("<style>b{}</style>"));
        assert_eq!(styles("<style>a{}</style><style>b{}</style>").split(' ').count(), 2);
    }
}
