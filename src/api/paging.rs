//! Pages by cursor: `{data, page: {next}}` and a Link header.
//!
//! A cursor is opaque: it holds the sort key of the last row and a check over key and filters, so that garbage, or a
//! cursor of another list, is refused clearly. It grants nothing: rights are checked on every page.

use crate::api::problem::{self, Problem};
use crate::app::FieldFault;
use actix_web::http::header::LINK;
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

const DEFAULT_LIMIT: u64 = 50;
const MOST: u64 = 200;
const CHECK_BYTES: usize = 8;

/// `?limit=50&cursor=…` of a list. Take it beside the list's own filters: `web::Query<PageQuery>`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// How many at most: 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// `page.next` of the page before.
    cursor: Option<String>,
}

impl PageQuery {
    /// How many rows to show.
    ///
    /// # Errors
    /// 422 when it is not 1 to 200.
    pub(crate) fn limit(&self) -> Result<u64, Problem> {
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=MOST => Ok(limit),
            _ => Err(invalid("/limit", "limit must be between 1 and 200")),
        }
    }

    /// The cursor as it came, for a list with cursors of its own kind.
    pub(crate) fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// The sort key to go on after; `None` on the first page. `filters` are whatever else chooses the rows.
    ///
    /// # Errors
    /// 422 when the cursor is not one that this list gave out for these filters.
    pub(crate) fn after<K: DeserializeOwned>(&self, filters: &impl Serialize) -> Result<Option<K>, Problem> {
        let Some(text) = &self.cursor else { return Ok(None) };
        read(text, filters)
            .map(Some)
            .ok_or_else(|| invalid("/cursor", "this cursor does not belong to this list; start again without it"))
    }
}

fn invalid(pointer: &str, detail: &str) -> Problem {
    Problem::new(problem::VALIDATION).errors(vec![FieldFault { pointer: pointer.into(), detail: detail.into() }])
}

/// One page of a list. Built by [`Page::new`] from one row more than asked for, which is how it knows whether there is
/// another.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page<T> {
    pub(crate) data: Vec<T>,
    pub(crate) page: PageEnd,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PageEnd {
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

impl<T: Serialize> Page<T> {
    /// `rows` is up to `limit + 1` rows; `key` is what the list is sorted by and must be unique.
    pub(crate) fn new<K: Serialize>(
        mut rows: Vec<T>,
        limit: u64,
        filters: &impl Serialize,
        key: impl Fn(&T) -> K,
    ) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|last| write(&key(last), filters));
        Page { data: rows, page: PageEnd { next } }
    }

    /// 200 with the page, and the next one's address in a Link header.
    pub(crate) fn respond(self, req: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if let Some(next) = &self.page.next {
            let kept = req.query_string().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="));
            let query: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={next}")]).collect();
            response.insert_header((LINK, format!("<{}?{}>; rel=\"next\"", req.path(), query.join("&"))));
        }
        response.json(self)
    }
}

fn write(key: &impl Serialize, filters: &impl Serialize) -> String {
    let mut bytes = serde_json::to_vec(key).unwrap_or_default();
    let check = check(&bytes, filters);
    bytes.extend_from_slice(&check);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn read<K: DeserializeOwned>(text: &str, filters: &impl Serialize) -> Option<K> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (key, found) = bytes.split_at_checked(bytes.len().checked_sub(CHECK_BYTES)?)?;
    if found != check(key, filters) {
        return None;
    }
    serde_json::from_slice(key).ok()
}

fn check(key: &[u8], filters: &impl Serialize) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(b"evenhand cursor\0");
    hash.update(key);
    hash.update(b"\0");
    hash.update(serde_json::to_vec(filters).unwrap_or_default());
    hash.finalize().into_iter().take(CHECK_BYTES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(cursor: &str) -> PageQuery {
        PageQuery { limit: None, cursor: Some(cursor.to_owned()) }
    }

    #[test]
    fn the_last_page_has_no_next() {
        let page = Page::new(vec![1, 2], 2, &(), |n| *n);
        assert_eq!((page.data, page.page.next), (vec![1, 2], None));
    }

    #[test]
    fn a_cursor_goes_on_after_the_last_row_shown() {
        let page = Page::new(vec![1, 2, 3], 2, &"open", |n| *n);
        assert_eq!(page.data, [1, 2]);
        assert_eq!(query(&page.page.next.unwrap()).after::<i32>(&"open").unwrap(), Some(2));
    }

    #[test]
    fn a_cursor_of_other_filters_garbage_and_a_changed_one_are_refused() {
        let cursor = write(&2, &"open");
        let changed = format!("{}{}", if cursor.starts_with('M') { 'N' } else { 'M' }, cursor.get(1..).unwrap());
        assert!(query(&cursor).after::<i32>(&"closed").is_err());
        for garbage in ["", "x", "💥", "AAAA", changed.as_str()] {
            assert!(query(garbage).after::<i32>(&"open").is_err(), "{garbage}");
        }
    }

    #[test]
    fn nobody_gets_more_than_two_hundred_at_once() {
        assert!(PageQuery { limit: Some(201), cursor: None }.limit().is_err());
        assert!(PageQuery { limit: Some(0), cursor: None }.limit().is_err());
        assert_eq!(PageQuery::default().limit().unwrap(), 50);
    }
}
