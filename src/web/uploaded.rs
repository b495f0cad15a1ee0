//! A form with a file (multipart/form-data, RFC 7578), as a parameter of a handler: `form: Uploaded`.
//!
//! The form's token is a field before the file, so that a file that no page of ours asked for is not taken in.

use super::fault::Fault;
use super::posted::{Posted, admitted};
use crate::app::drafts::Fields;
use crate::app::{App, AppError};
use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::TryStreamExt;
use futures_util::future::LocalBoxFuture;

/// A field beside the file is a few words.
const MOST_OF_A_FIELD: usize = 64 * 1024;
const MOST_FIELDS: usize = 32;

/// A form of ours, and the file that came with it.
pub(crate) struct Uploaded {
    pub(crate) form: Posted,
    pub(crate) file: Option<File>,
}

/// What a browser says the file is called, without any folder, and its bytes.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl FromRequest for Uploaded {
    type Error = Fault;
    type Future = LocalBoxFuture<'static, Result<Self, Fault>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let req = req.clone();
        if !req.content_type().eq_ignore_ascii_case("multipart/form-data") {
            // A form without a file, or no form of ours: told as anywhere else.
            let form = Posted::from_request(&req, payload);
            return Box::pin(async move { Ok(Self { form: form.await?, file: None }) });
        }
        let parts = Multipart::from_request(&req, payload);
        Box::pin(async move {
            let app = req.app_data::<Data<App>>().ok_or(AppError::NotFound)?;
            let mut parts = parts.await.map_err(|_broken| Fault::Unreadable)?;
            let mut fields = Fields::new();
            while let Some(mut part) = parts.try_next().await.map_err(|_broken| Fault::Unreadable)? {
                let name = part.name().unwrap_or_default().replace('\0', "");
                let Some(file_name) = file_name(&part) else {
                    let value = read(&mut part, MOST_OF_A_FIELD).await?;
                    fields.push((name, String::from_utf8_lossy(&value).replace("\r\n", "\n").replace('\0', "")));
                    if fields.len() > MOST_FIELDS {
                        return Err(Fault::TooLarge);
                    }
                    continue;
                };
                let form = admitted(&req, std::mem::take(&mut fields)).await?;
                let bytes = read(&mut part, app.settings.imports.most_upload_bytes).await?;
                let file = (!bytes.is_empty()).then_some(File { name: file_name, bytes });
                return Ok(Self { form, file });
            }
            Ok(Self { form: admitted(&req, fields).await?, file: None })
        })
    }
}

/// The last part of the name, as some browsers sent the whole path; `None` for a field that is no file.
fn file_name(part: &Field) -> Option<String> {
    let name = part.content_disposition()?.get_filename()?;
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    Some(last.chars().filter(|letter| !letter.is_control()).take(200).collect())
}

async fn read(part: &mut Field, most: usize) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    while let Some(some) = part.try_next().await.map_err(|_broken| Fault::Unreadable)? {
        if bytes.len() + some.len() > most {
            return Err(Fault::TooLarge);
        }
        bytes.extend_from_slice(&some);
    }
    Ok(bytes)
}
