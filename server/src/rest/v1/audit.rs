//! The audit log.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{answer, input::Query, listing::PageQuery},
};
use axum::{extract::State, response::Response};
use services::audit;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/audit`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list))
}

/// List security-relevant acts, latest first
#[utoipa::path(
    get, path = "/api/v1/audit", tag = "audit", operation_id = "list_audit",
    params(PageQuery),
    responses((status = 200, body = schema::Paged<schema::AuditEntry>)),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    // Sign-ins are in it and move no counter, so there is no ETag.
    Ok(answer::whole(&audit::list(&state.services, &actor, page.into_page()).await?))
}
