//! The HTML of a mail in a frame of its own that can do nothing, and its attachments as downloads that nothing opens.

use crate::app::App;
use crate::app::mail::{read_attachment, read_mail};
use crate::domain::ids::MailId;
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::http::header::{
    CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, Charset, ContentDisposition, DispositionParam, DispositionType,
    ExtendedValue, X_FRAME_OPTIONS,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};

/// No scripts, nothing fetched, no forms, no links that lead the whole page elsewhere.
const FRAME_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; \
                            frame-ancestors 'self'; sandbox";
const FILE_POLICY: &str = "default-src 'none'; sandbox";
const BEFORE: &str = "<!DOCTYPE html><html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>The mail as HTML</title>\
    <style>body{font-family:Arial,sans-serif;line-height:1.4;margin:10px;overflow-wrap:anywhere}</style></head><body>";

#[get("/mail/{id:[0-9a-f-]{36}}/html")]
pub(crate) async fn html(app: Data<App>, visitor: Visitor, id: Path<MailId>) -> Result<HttpResponse, Fault> {
    let mail = read_mail(&app, &visitor.actor, *id).await?;
    let page = format!("{BEFORE}{}</body></html>", mail.safe_html);
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((CONTENT_SECURITY_POLICY, FRAME_POLICY))
        .insert_header((X_FRAME_OPTIONS, "SAMEORIGIN"))
        .body(page))
}

#[get("/mail/{id:[0-9a-f-]{36}}/attachments/{n}")]
pub(crate) async fn attachment(
    app: Data<App>,
    visitor: Visitor,
    path: Path<(MailId, usize)>,
) -> Result<HttpResponse, Fault> {
    let (id, n) = path.into_inner();
    let (file, bytes) = read_attachment(&app, &visitor.actor, id, n).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((CONTENT_DISPOSITION, disposition(&file.name)))
        .insert_header((CONTENT_SECURITY_POLICY, FILE_POLICY))
        .body(bytes))
}

/// `attachment`, by a name that old browsers can read and by the whole name (RFC 6266).
fn disposition(name: &str) -> ContentDisposition {
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut parameters = vec![DispositionParam::Filename(ascii.clone())];
    if ascii != name {
        let whole = ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: name.into() };
        parameters.push(DispositionParam::FilenameExt(whole));
    }
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

/// `1.2 MB`.
pub(crate) fn size(bytes: i64) -> String {
    match bytes {
        ..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_only_ever_saved_and_its_name_breaks_no_header() {
        let said = disposition("a\"b\r\nx: y<script>é.pdf").to_string();
        assert!(said.starts_with("attachment; filename="), "{said}");
        assert!(!said.contains(['\r', '\n', '<', '>']), "{said}");
        let whole = disposition("Übersicht 1.pdf").to_string();
        assert!(whole.ends_with("; filename*=UTF-8''%C3%9Cbersicht%201.pdf"), "{whole}");
    }

    #[test]
    fn sizes_are_said_so_that_they_can_be_compared() {
        assert_eq!(
            (size(12).as_str(), size(12_345).as_str(), size(1_250_000).as_str()),
            ("12 bytes", "12 kB", "1.2 MB")
        );
    }
}
