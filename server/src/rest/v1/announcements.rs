//! Announcements.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path, Query},
        listing::PageQuery,
        version::{IfMatch, VersionInput},
    },
};
use axum::{extract::State, response::Response};
use domain::{
    announcement::{AnnouncementView, EditAnnouncement, NewAnnouncement},
    ids::AnnouncementId,
};
use serde::Deserialize;
use services::announcements;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/announcements…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list, publish))
        .routes(routes!(get, update))
        .routes(routes!(withdraw))
        .routes(routes!(acknowledge))
        .routes(routes!(recipients))
}

/// List announcements
///
/// Those that concern you and were not withdrawn, newest first.
#[utoipa::path(
    get, path = "/api/v1/announcements", tag = "announcements", operation_id = "list_announcements",
    params(PageQuery),
    responses((status = 200, body = schema::Paged<schema::Announcement>)),
)]
async fn list(
    State(state): State<Shared>,
    actor: SignedIn,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&announcements::list(&state.services, &actor, page.into_page()).await?))
}

/// Publish an announcement
///
/// To everybody, a team or a project. Each of them finds it in their inbox.
#[utoipa::path(
    post, path = "/api/v1/announcements", tag = "announcements", operation_id = "publish_announcement",
    request_body = schema::NewAnnouncement,
    responses((status = 201, body = schema::AnnouncementView)),
)]
async fn publish(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<NewAnnouncement>,
) -> Result<Response, Problem> {
    let it = announcements::publish(&state.services, &actor, new).await?;
    let location = format!("/api/v1/announcements/{}", it.announcement.id);
    Ok(answer::created(&it, it.announcement.version, &location))
}

/// Read an announcement
#[utoipa::path(
    get, path = "/api/v1/announcements/{announcement}", tag = "announcements", operation_id = "get_announcement",
    params(("announcement" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::AnnouncementView)),
)]
async fn get(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<AnnouncementId>,
) -> Result<Response, Problem> {
    Ok(versioned(&announcements::find(&state.services, &actor, id).await?))
}

/// Change an announcement
///
/// Those who were told see it as it is now, and are not told again.
#[utoipa::path(
    patch, path = "/api/v1/announcements/{announcement}", tag = "announcements", operation_id = "update_announcement",
    params(("announcement" = uuid::Uuid, Path)),
    request_body = schema::EditAnnouncement,
    responses((status = 200, body = schema::AnnouncementView)),
)]
async fn update(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<AnnouncementId>,
    seen: IfMatch,
    Input(mut edit): Input<EditAnnouncement>,
) -> Result<Response, Problem> {
    edit.version = seen.or(edit.version)?;
    Ok(versioned(&announcements::update(&state.services, &actor, id, edit).await?))
}

/// Withdraw an announcement
///
/// It goes from the inboxes of those who were told.
#[utoipa::path(
    post, path = "/api/v1/announcements/{announcement}/withdraw", tag = "announcements",
    operation_id = "withdraw_announcement",
    params(("announcement" = uuid::Uuid, Path)),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::AnnouncementView)),
)]
async fn withdraw(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<AnnouncementId>,
    seen: IfMatch,
    Input(input): Input<VersionInput>,
) -> Result<Response, Problem> {
    let version = seen.or(input.version)?;
    Ok(versioned(&announcements::withdraw(&state.services, &actor, id, version).await?))
}

/// Acknowledge an announcement
///
/// Says that you have read it. Said again, it changes nothing.
#[utoipa::path(
    post, path = "/api/v1/announcements/{announcement}/acknowledge", tag = "announcements",
    operation_id = "acknowledge_announcement",
    params(("announcement" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::AnnouncementView)),
)]
async fn acknowledge(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<AnnouncementId>,
) -> Result<Response, Problem> {
    Ok(versioned(&announcements::acknowledge(&state.services, &actor, id).await?))
}

/// Which of those who were told.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct RecipientQuery {
    /// Only those who have acknowledged it, or only those who have not.
    acknowledged: Option<bool>,
}

/// List who was told and who has acknowledged
///
/// For those who may change the announcement.
#[utoipa::path(
    get, path = "/api/v1/announcements/{announcement}/recipients", tag = "announcements",
    operation_id = "list_announcement_recipients",
    params(("announcement" = uuid::Uuid, Path), RecipientQuery, PageQuery),
    responses((status = 200, body = schema::Paged<schema::Recipient>)),
)]
async fn recipients(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<AnnouncementId>,
    Query(query): Query<RecipientQuery>,
    Query(page): Query<PageQuery>,
) -> Result<Response, Problem> {
    let which = (id, query.acknowledged);
    let page = page.into_page();
    Ok(answer::whole(&announcements::recipients(&state.services, &actor, which, page).await?))
}

fn versioned(it: &AnnouncementView) -> Response {
    answer::versioned(it, it.announcement.version)
}
