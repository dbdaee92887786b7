//! What you are told.

use super::{address::ProjectAt, schema};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        listing::PageQuery,
    },
};
use axum::{extract::State, response::Response};
use domain::{
    Error,
    ids::NotificationId,
    notification::{MarkAll, MarkMany, Marked, Shelf},
    preference::EditPreferences,
    rhythm::Rhythm,
};
use serde::Deserialize;
use services::notifications;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/me/notifications…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(count))
        .routes(routes!(mark))
        .routes(routes!(mark_all))
        .routes(routes!(get))
        .routes(routes!(preferences, choose))
        .routes(routes!(preferences_of_project, choose_for_project))
        .routes(routes!(set_rhythm))
}

/// Which of them.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ShelfQuery {
    /// `unread`, `inbox` (unless asked otherwise: read and unread) or `archived`.
    #[param(value_type = Option<schema::NotificationShelf>)]
    shelf: Option<String>,
}

/// List your notifications, newest first
///
/// What you may not see any more, and what is about something that is deleted, is not among them.
#[utoipa::path(
    get, path = "/api/v1/me/notifications", tag = "notifications", operation_id = "list_notifications",
    params(ShelfQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::Notification>)),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    Query(query): Query<ShelfQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    let shelf = match query.shelf.as_deref().filter(|text| !text.is_empty()) {
        None => Shelf::default(),
        Some(text) => Shelf::parse(text).ok_or_else(|| {
            Error::field(
                "shelf",
                "unknown",
                "There are “unread”, “inbox” and “archived”. Choose one of them.",
            )
        })?,
    };
    Ok(answer::whole(&notifications::list(&state.services, &actor, shelf, page.into_page()).await?))
}

/// Count your unread notifications, up to 100
#[utoipa::path(
    get, path = "/api/v1/me/notifications/count", tag = "notifications", operation_id = "count_notifications",
    responses((status = 200, body = schema::UnreadCount)),
)]
async fn count(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(answer::whole(&notifications::unread(&state.services, &actor).await?))
}

/// Read one of your notifications
///
/// It stays unread: marking it is another request.
#[utoipa::path(
    get, path = "/api/v1/me/notifications/{notification}", tag = "notifications", operation_id = "get_notification",
    params(("notification" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Notification)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<NotificationId>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&notifications::find(&state.services, &actor, id).await?))
}

/// Mark some of your notifications
///
/// As read or unread, into the archive or back into the inbox. An announcement that asks for an acknowledgement stays in
/// the inbox until you give it.
#[utoipa::path(
    post, path = "/api/v1/me/notifications/mark", tag = "notifications", operation_id = "mark_notifications",
    request_body = schema::MarkMany,
    responses((status = 200, body = schema::Marked)),
)]
async fn mark(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(change): Input<MarkMany>,
) -> Result<Response, Problem> {
    let changed = notifications::mark(&state.services, &actor, change).await?;
    Ok(answer::whole(&Marked { changed }))
}

/// Mark everything in your inbox
///
/// As read or into the archive, up to the newest one that you have seen.
#[utoipa::path(
    post, path = "/api/v1/me/notifications/mark-all", tag = "notifications", operation_id = "mark_all_notifications",
    request_body = schema::MarkAll,
    responses((status = 200, body = schema::Marked)),
)]
async fn mark_all(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(change): Input<MarkAll>,
) -> Result<Response, Problem> {
    let changed = notifications::mark_all(&state.services, &actor, change).await?;
    Ok(answer::whole(&Marked { changed }))
}

/// Read what you are told of, and when you are written to
#[utoipa::path(
    get, path = "/api/v1/me/notification-preferences", tag = "notifications",
    operation_id = "get_notification_preferences",
    responses((status = 200, body = schema::Preferences)),
)]
async fn preferences(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(answer::whole(&notifications::preferences(&state.services, &actor, None).await?))
}

/// Choose what you are told of
///
/// What is not named stays. What is locked can't be turned off: 409 `locked` says why.
#[utoipa::path(
    patch, path = "/api/v1/me/notification-preferences", tag = "notifications",
    operation_id = "choose_notifications",
    request_body = schema::EditPreferences,
    responses((status = 200, body = schema::Preferences)),
)]
async fn choose(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(edit): Input<EditPreferences>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&notifications::choose(&state.services, &actor, None, edit).await?))
}

/// Read what you are told of in a project
#[utoipa::path(
    get, path = "/api/v1/me/notification-preferences/{project}", tag = "notifications",
    operation_id = "get_project_notification_preferences",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::Preferences)),
)]
async fn preferences_of_project(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    Ok(answer::whole(&notifications::preferences(&state.services, &actor, Some(id)).await?))
}

/// Choose what you are told of in a project
///
/// It goes before what you chose for all.
#[utoipa::path(
    patch, path = "/api/v1/me/notification-preferences/{project}", tag = "notifications",
    operation_id = "choose_project_notifications",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::EditPreferences,
    responses((status = 200, body = schema::Preferences)),
)]
async fn choose_for_project(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(edit): Input<EditPreferences>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    Ok(answer::whole(&notifications::choose(&state.services, &actor, Some(id), edit).await?))
}

/// Set when you are written to
///
/// Quiet hours and digests, by your own clock. Send the `version` that you read: 0, as long as nothing was chosen.
#[utoipa::path(
    put, path = "/api/v1/me/notification-rhythm", tag = "notifications", operation_id = "set_notification_rhythm",
    request_body = schema::Rhythm,
    responses((status = 200, body = schema::Rhythm)),
)]
async fn set_rhythm(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(rhythm): Input<Rhythm>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&notifications::set_rhythm(&state.services, &actor, rhythm).await?))
}
