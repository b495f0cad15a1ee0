//! The API description (OpenAPI 3.1). Handlers describe themselves; what is true of all of them is said once, here.

use crate::api::problem::ProblemDocument;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    Components, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

/// Operations with this tag need no token.
pub(crate) const PUBLIC: &str = "public";
const BEARER: &str = "bearer";

/// The whole description, as `/api/v1/openapi.json` and `evenhand openapi` give it.
pub fn document() -> OpenApi {
    crate::api::routes::describe()
}

/// Adds title, licence, the bearer scheme, and the problems any operation may answer with.
pub(crate) fn finish(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Evenhand")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Repeat contact, managed fairly: facts come in, named people decide, limits are measured. \
             Errors are RFC 9457 problems; their `type` is stable and resolves to a description. \
             POST honours `Idempotency-Key` for seven days. Every answer under `/api/v1` says in \
             `X-Protective-Marking` the highest marking of what it holds.",
        ))
        .license(Some(LicenseBuilder::new().name("MIT").identifier(Some("MIT")).build()))
        .build();
    let components = api.components.get_or_insert_with(Components::new);
    let scheme = Http::builder().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme(BEARER, SecurityScheme::Http(scheme));
    components.schemas.insert(ProblemDocument::name().into_owned(), ProblemDocument::schema());
    let mut field = Vec::new();
    ProblemDocument::schemas(&mut field);
    components.schemas.extend(field);
    for (path, item) in &mut api.paths.paths {
        let operations = [
            ("get", &mut item.get),
            ("post", &mut item.post),
            ("put", &mut item.put),
            ("patch", &mut item.patch),
            ("delete", &mut item.delete),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(operation_id(method, path));
                complete(operation);
            }
        }
    }
    api
}

/// `post /api/v1/cases/{id}/actions/{action}` → `post_cases_id_actions_action`: unique, and stable as the address is.
fn operation_id(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1").split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn complete(operation: &mut Operation) {
    let public = operation.tags.as_ref().is_some_and(|tags| tags.iter().any(|tag| tag == PUBLIC));
    let mut problems = vec![("500", "Something of ours failed"), ("503", "The database cannot be reached")];
    if !public {
        operation.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);
        problems.extend([("401", "No valid token"), ("403", "Refused: `code` says why")]);
    }
    if operation.request_body.is_some() {
        problems.extend([
            ("400", "Not JSON"),
            ("413", "Too large"),
            ("415", "The wrong content type"),
            ("422", "Not valid: `errors` says where"),
        ]);
    }
    for (status, says) in problems {
        operation.responses.responses.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem(says)));
    }
}

fn problem(says: &str) -> Response {
    let schema = RefOr::Ref(Ref::from_schema_name(ProblemDocument::name()));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(says).content("application/problem+json", content).build()
}

/// This description.
#[utoipa::path(tag = PUBLIC, responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
#[get("/openapi.json")]
pub(crate) async fn openapi(description: Data<OpenApi>) -> HttpResponse {
    HttpResponse::Ok().json(description.get_ref())
}
