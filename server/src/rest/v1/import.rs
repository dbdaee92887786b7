//! Bringing work in from elsewhere.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{answer, input::Input},
};
use axum::{extract::State, response::Response};
use domain::import::ImportChecklist;
use services::import;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/import/checklist`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(checklist))
}

/// Import a Markdown checklist
///
/// Makes tasks of its items in a project, which is made if there is none of that key. Imported again, it changes what it
/// made before. With `dry_run` it only tells.
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
