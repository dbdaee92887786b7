//! People.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        listing::{Listing, PageQuery},
        version::IfMatch,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    ids::UserId,
    page::Paged,
    user::{EditUser, NewUser, User, UserFilter},
};
use serde::Deserialize;
use services::{sessions, users};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/users…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(options))
        .routes(routes!(get, update))
        .routes(routes!(set_password))
        .routes(routes!(end_sessions))
}

/// Which people.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes what the domain's filter reads")]
struct UserQuery {
    /// Part of a user name, display name or address.
    search: Option<String>,
    /// Only those who may, or may not, sign in.
    #[param(value_type = Option<schema::UserStatus>)]
    status: Option<String>,
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OptionQuery {
    /// Part of a user name or display name.
    #[serde(default)]
    search: String,
}

#[derive(Deserialize)]
pub(super) struct SetPassword {
    password: String,
}

/// List people
#[utoipa::path(
    get, path = "/api/v1/users", tag = "people", operation_id = "list_users",
    params(UserQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::User>), (status = 304, description = "You have it already")),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Query(filter): Query<UserFilter>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    listing.fresh(&users::list(&state.services, &actor, filter, listing.page()).await?)
}

/// Find people by name, for pickers
///
/// The first 20 who may sign in.
#[utoipa::path(
    get, path = "/api/v1/users/options", tag = "people", operation_id = "list_user_options",
    params(OptionQuery),
    responses((status = 200, body = schema::Paged<schema::UserRef>), (status = 304, description = "You have it already")),
)]
async fn options(
    State(state): State<Shared>,
    actor: SignedIn,
    listing: Listing,
    Query(query): Query<OptionQuery>,
) -> Result<Response, Problem> {
    if let Some(known) = listing.known() {
        return Ok(known);
    }
    let items = users::options(&state.services, &actor, &query.search).await?;
    listing.fresh(&Paged { items, next: None })
}

/// Create an account
#[utoipa::path(
    post, path = "/api/v1/users", tag = "people", operation_id = "create_user",
    request_body = schema::NewUser,
    responses((status = 201, body = schema::User)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<NewUser>,
) -> Result<Response, Problem> {
    let user = users::create(&state.services, &actor, new).await?;
    Ok(answer::created(&user, user.version, &format!("/api/v1/users/{}", user.id)))
}

/// Read an account
#[utoipa::path(
    get, path = "/api/v1/users/{user}", tag = "people", operation_id = "get_user",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::User)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<UserId>,
) -> Result<Response, Problem> {
    Ok(versioned(&users::find(&state.services, &actor, id).await?))
}

/// Change an account
///
/// Its role and whether it may sign in among the rest: `status: "disabled"` ends its sessions.
#[utoipa::path(
    patch, path = "/api/v1/users/{user}", tag = "people", operation_id = "update_user",
    params(("user" = uuid::Uuid, Path)),
    request_body = schema::EditUser,
    responses((status = 200, body = schema::User)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<UserId>,
    seen: IfMatch,
    Input(mut edit): Input<EditUser>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    Ok(versioned(&users::update(&state.services, &actor, id, edit).await?))
}

/// Give someone a new password
///
/// Their sessions end.
#[utoipa::path(
    put, path = "/api/v1/users/{user}/password", tag = "people", operation_id = "set_password",
    params(("user" = uuid::Uuid, Path)),
    request_body = schema::SetPassword,
    responses((status = 204)),
)]
async fn set_password(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<UserId>,
    Input(new): Input<SetPassword>,
) -> Result<Response, Problem> {
    users::set_password(&state.services, &actor, id, new.password).await?;
    Ok(answer::done())
}

/// End someone's sessions
#[utoipa::path(
    delete, path = "/api/v1/users/{user}/sessions", tag = "people", operation_id = "end_user_sessions",
    params(("user" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn end_sessions(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<UserId>,
) -> Result<Response, Problem> {
    sessions::revoke_of_user(&state.services, &actor, id).await?;
    Ok(answer::done())
}

fn versioned(user: &User) -> Response {
    answer::versioned(user, user.version)
}
