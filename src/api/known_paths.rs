//! What is answered where no handler fits: 405 when the address knows other methods, 404 otherwise.

use crate::api::problem::{self, Problem};
use actix_web::HttpRequest;
use actix_web::dev::ResourceDef;
use actix_web::http::header::{ALLOW, HeaderValue};
use utoipa::openapi::path::{PathItem, Paths};

/// Every address of the API with its methods, taken from the description, so that it cannot lag behind the routes.
pub(crate) struct KnownPaths(Vec<(ResourceDef, String)>);

impl KnownPaths {
    pub(crate) fn new(paths: &Paths) -> Self {
        let known = paths.paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item)));
        Self(known.collect())
    }

    pub(crate) fn answer(&self, req: &HttpRequest) -> Problem {
        let known = self.0.iter().find(|(path, _)| path.is_match(req.path()));
        match known.map(|(_, methods)| HeaderValue::try_from(methods.as_str())) {
            Some(Ok(methods)) => Problem::new(problem::METHOD_NOT_ALLOWED).header(ALLOW, methods),
            Some(Err(_)) | None => Problem::new(problem::NOT_FOUND),
        }
    }
}

fn methods(item: &PathItem) -> String {
    let table = [
        ("GET", &item.get),
        ("POST", &item.post),
        ("PUT", &item.put),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    let known: Vec<&str> =
        table.into_iter().filter(|(_, operation)| operation.is_some()).map(|(name, _)| name).collect();
    known.join(", ")
}
