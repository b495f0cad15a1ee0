//! `GET /api/v1/me`

use crate::api::auth::SignedIn;
use crate::domain::access::{Actor, Role};
use actix_web::get;
use actix_web::web::Json;
use serde::Serialize;
use utoipa::ToSchema;

/// Who the token names, and what that name may do here now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Me {
    /// `officer` or `system`
    #[schema(example = "officer")]
    kind: &'static str,
    id: String,
    #[schema(example = "e.officer")]
    name: String,
    roles: Vec<Role>,
    scopes: Vec<String>,
}

/// Who am I? Roles and scopes as this server knows them, whatever the token says.
#[utoipa::path(tag = "sign-in", responses((status = 200, description = "Who the token names", body = Me)))]
#[get("/me")]
pub(crate) async fn me(caller: SignedIn) -> Json<Me> {
    Json(match &caller.actor {
        Actor::Officer(officer) => Me {
            kind: "officer",
            id: officer.id.to_string(),
            name: officer.username.clone(),
            roles: officer.roles.iter().copied().collect(),
            scopes: Vec::new(),
        },
        Actor::System(system) => Me {
            kind: "system",
            id: system.id.to_string(),
            name: system.name.clone(),
            roles: Vec::new(),
            scopes: system.scopes.iter().cloned().collect(),
        },
        Actor::Clock | Actor::Software => {
            Me { kind: "software", id: String::new(), name: String::new(), roles: Vec::new(), scopes: Vec::new() }
        }
    })
}
