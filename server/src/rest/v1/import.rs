//! Bringing work in from elsewhere.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{answer, input::Input},
};
use axum::{extract::State, response::Response};
use domain::import::{ImportChecklist, ImportDependencies};
use services::import;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/import/checklist`, `/api/v1/import/dependencies`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(checklist)).routes(routes!(dependencies))
}

/// Import dependencies from a table
///
/// A row is two keys: `WEB-1,WEB-2` says that WEB-1 blocks WEB-2. All rows are made or none; with `dry_run` it only tells.
#[utoipa::path(
    post, path = "/api/v1/import/dependencies", tag = "import", operation_id = "import_dependencies",
    request_body = schema::ImportDependencies,
    responses((status = 200, body = schema::DependencyReport)),
)]
async fn dependencies(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(table): Input<ImportDependencies>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&services::dependencies::import_csv(&state.services, &actor, table).await?))
}

/// Import a Markdown checklist
///
/// Makes tasks of its items in a project, which is made if there is none of that key. Imported again, it changes what it
/// made before. An item that ends in `(after: A; WEB-12)` waits for the item A and for WEB-12; if one of these can't be,
/// nothing is imported. With `dry_run` it only tells.
#[utoipa::path(
    post, path = "/api/v1/import/checklist", tag = "import", operation_id = "import_checklist",
    request_body = schema::ImportChecklist,
    responses((status = 200, body = schema::ImportReport)),
)]
async fn checklist(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(document): Input<ImportChecklist>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&import::checklist(&state.services, &actor, document).await?))
}
