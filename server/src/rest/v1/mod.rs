//! `/api/v1`, an area a file.

pub mod projects;
pub mod schema;

use crate::http::Shared;
use utoipa_axum::router::OpenApiRouter;

/// Every area.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().merge(projects::routes())
}
