//! One's own account.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn, session::Cookie},
    rest::{answer, input::Input, version::IfMatch},
};
use axum::{extract::State, response::Response};
use domain::user::EditUser;
use serde::Deserialize;
use services::accounts;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/account…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(update)).routes(routes!(change_password))
}

#[derive(Deserialize)]
pub(super) struct ChangePassword {
    current: String,
    new: String,
}

/// Change your own name and address
///
/// Role and status are left as they are: others give them.
#[utoipa::path(
    patch, path = "/api/v1/account", tag = "account", operation_id = "update_account",
    request_body = schema::EditUser,
    responses((status = 200, body = schema::User)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    seen: IfMatch,
    Input(mut edit): Input<EditUser>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    let user = accounts::update_profile(&state.services, &actor, edit).await?;
    Ok(answer::versioned(&user, user.version))
}

/// Change your password
///
/// All your other sessions end, and this one's cookie is changed.
#[utoipa::path(
    post, path = "/api/v1/account/password", tag = "account", operation_id = "change_password",
    request_body = schema::ChangePassword,
    responses((status = 204)),
)]
async fn change_password(
    State(state): State<Shared>,
    actor: SignedIn,
    cookie: Cookie,
    Input(change): Input<ChangePassword>,
) -> Result<Response, Problem> {
    accounts::change_password(&state.services, &actor, change.current, change.new).await?;
    cookie.cycle().await?;
    Ok(answer::done())
}
