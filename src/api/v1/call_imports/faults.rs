//! `GET /api/v1/call-imports/{id}/faults`

use crate::api::auth::SignedIn;
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::callers::{ImportFault, faults_of_import};
use crate::domain::ids::CallImportId;
use actix_web::get;
use actix_web::web::{Data, Json, Path, Query};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// So many faults are told at once, and what else is wrong with the last row of them.
const MOST: u64 = 500;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct After {
    /// The last row you were told of; absent: from the beginning.
    #[serde(default)]
    after_row: u64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Faults {
    /// In the order of the file: at most 500, and what else is wrong with the last row of them.
    data: Vec<FaultView>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FaultView {
    /// The header is row 1.
    row: u64,
    #[schema(example = "unreadable-time")]
    code: String,
    column: Option<String>,
    says: String,
    /// The row as it came, with its first fault.
    text: Option<String>,
}

impl From<ImportFault> for FaultView {
    fn from(fault: ImportFault) -> Self {
        let ImportFault { row, code, column, says, text, .. } = fault;
        Self { row, code, column, says, text }
    }
}

/// What is wrong with the rows that were not taken.
#[utoipa::path(tag = "calls", params(("id" = uuid::Uuid, Path), After), responses(
    (status = 200, description = "Faults, row by row", body = Faults),
    (status = 404, description = "No such import")))]
#[get("/call-imports/{id}/faults")]
pub(crate) async fn faults(
    app: Data<App>,
    caller: SignedIn,
    id: Path<CallImportId>,
    after: Query<After>,
) -> Result<Json<Faults>, Problem> {
    let found = faults_of_import(&app, &caller.actor, id.into_inner(), (after.after_row, MOST)).await?;
    Ok(Json(Faults { data: found.into_iter().map(FaultView::from).collect() }))
}
