//! One's own devices: the browsers in which one is alerted.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path},
    },
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};
use domain::{Error, delivery::Channel, device::ReportDevice, ids::DeviceId};
use serde::Serialize;
use services::{deliveries, devices};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/me/devices…`, `/api/v1/push/key`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(report, remove))
        .routes(routes!(test, last_test))
        .routes(routes!(push_key))
}

/// What a browser needs to subscribe to push messages.
#[derive(Serialize)]
struct PushKey {
    key: String,
    /// Whether PMS sends mail, to which it falls back.
    email: bool,
}

/// List your devices
#[utoipa::path(
    get, path = "/api/v1/me/devices", tag = "devices", operation_id = "list_devices",
    responses((status = 200, body = schema::Paged<schema::Device>)),
)]
async fn list(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(answer::items(devices::list(&state.services, &actor).await?))
}

/// Report a device
///
/// A browser says what it can do. It makes the id itself, once, and reports at every start, when something changes, and
/// every minute while a page is open. Of more than 20 devices, the one that was not seen for the longest makes way.
#[utoipa::path(
    put, path = "/api/v1/me/devices/{device}", tag = "devices", operation_id = "report_device",
    params(("device" = uuid::Uuid, Path)),
    request_body = schema::ReportDevice,
    responses((status = 200, body = schema::Device)),
)]
async fn report(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<DeviceId>,
    Input(said): Input<ReportDevice>,
) -> Result<Response, Problem> {
    Ok(answer::whole(&devices::report(&state.services, &actor, id, said).await?))
}

/// Remove one of your devices
///
/// Nothing is sent to it any more, until it reports again.
#[utoipa::path(
    delete, path = "/api/v1/me/devices/{device}", tag = "devices", operation_id = "remove_device",
    params(("device" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn remove(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<DeviceId>,
) -> Result<Response, Problem> {
    devices::remove(&state.services, &actor, id).await?;
    Ok(answer::done())
}

/// Test one of your devices
///
/// Sends it a push message, or you a mail if it takes none. Once in ten seconds.
#[utoipa::path(
    post, path = "/api/v1/me/devices/{device}/test", tag = "devices", operation_id = "test_device",
    params(("device" = uuid::Uuid, Path)),
    responses((status = 202, description = "Queued, or with the state `no_channel`", body = schema::Delivery)),
)]
async fn test(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<DeviceId>,
) -> Result<Response, Problem> {
    let queued = devices::test(&state.services, &actor, id).await?;
    Ok((StatusCode::ACCEPTED, answer::whole(&queued)).into_response())
}

/// Look what became of a test
///
/// Of the last one within a day.
#[utoipa::path(
    get, path = "/api/v1/me/devices/{device}/test", tag = "devices", operation_id = "last_device_test",
    params(("device" = uuid::Uuid, Path)),
    responses((status = 200, body = schema::Delivery)),
)]
async fn last_test(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<DeviceId>,
) -> Result<Response, Problem> {
    let tests = devices::last_tests(&state.services, &actor).await?;
    let of_it = tests.into_iter().find(|test| test.device_id == Some(id));
    Ok(answer::whole(&of_it.ok_or_else(|| Error::not_found("test"))?))
}

/// Get the key for push subscriptions
///
/// The `applicationServerKey` of this PMS, in base64url. It changes with the server's secret; a browser that was
/// subscribed for another one has to subscribe anew. 404 if this PMS sends no push messages.
#[utoipa::path(
    get, path = "/api/v1/push/key", tag = "devices", operation_id = "push_key",
    responses((status = 200, body = schema::PushKey)),
)]
async fn push_key(State(state): State<Shared>, _actor: SignedIn) -> Result<Response, Problem> {
    let services = &state.services;
    let pusher = services.outlets.pusher.as_ref().ok_or_else(|| Error::not_found("push service"))?;
    Ok(answer::whole(&PushKey { key: pusher.public_key(), email: deliveries::has(services, Channel::Email) }))
}
