//! How urgent projects ring.

use super::{address::ProjectAt, schema};
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::Input,
        version::{IfMatch, VersionInput},
    },
};
use axum::{extract::State, response::Response};
use domain::{
    ids::ProjectId,
    urgent::{KeptPolicy, Policy},
};
use serde::{Deserialize, Serialize};
use services::{
    Actor,
    links::{self, Webhook},
    urgent,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/urgent/policy`, `/api/v1/projects/{project}/urgent/policy…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new()
        .routes(routes!(of_workspace, set_of_workspace))
        .routes(routes!(of_project, set_of_project, reset))
        .routes(routes!(test))
}

/// A policy, and for whoever may change it how its webhooks are signed.
#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    kept: KeptPolicy,
    webhooks: Vec<Webhook>,
}

fn told(state: &Shared, actor: &Actor, project: Option<ProjectId>, kept: KeptPolicy) -> Response {
    let webhooks = links::webhooks(&state.services, actor, project, &kept);
    let version = kept.version;
    answer::versioned(&Told { kept, webhooks }, version)
}

/// A policy over the version that the caller saw.
#[derive(Deserialize)]
pub(super) struct SetPolicy {
    version: Option<i64>,
    policy: Policy,
}

/// A policy to try.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TestPolicy {
    policy: Option<Policy>,
}

/// Read the workspace's policy
///
/// It counts for projects without one of their own.
#[utoipa::path(
    get, path = "/api/v1/urgent/policy", tag = "urgent", operation_id = "get_policy",
    responses((status = 200, body = schema::KeptPolicy)),
)]
async fn of_workspace(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    let kept = urgent::policy_of_workspace(&state.services, &actor).await?;
    Ok(told(&state, &actor, None, kept))
}

/// Change the workspace's policy
///
/// A policy that would leave people unalerted is refused. What rings already goes on as it began.
#[utoipa::path(
    put, path = "/api/v1/urgent/policy", tag = "urgent", operation_id = "set_policy",
    request_body = schema::SetPolicy,
    responses((status = 200, body = schema::KeptPolicy)),
)]
async fn set_of_workspace(
    State(state): State<Shared>,
    actor: SignedIn,
    seen: IfMatch,
    Input(set): Input<SetPolicy>,
) -> Result<Response, Problem> {
    let set = (seen.or_first(set.version)?, set.policy);
    let kept = urgent::set_policy_of_workspace(&state.services, &actor, set).await?;
    Ok(told(&state, &actor, None, kept))
}

/// Read the policy of a project
///
/// Its own, or the workspace's (`own` is false then, and `version` 0).
#[utoipa::path(
    get, path = "/api/v1/projects/{project}/urgent/policy", tag = "urgent", operation_id = "get_project_policy",
    params(("project" = String, Path, description = "Id or key")),
    responses((status = 200, body = schema::KeptPolicy)),
)]
async fn of_project(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let kept = urgent::policy_of_project(&state.services, &actor, id).await?;
    Ok(told(&state, &actor, Some(id), kept))
}

/// Give a project a policy of its own
#[utoipa::path(
    put, path = "/api/v1/projects/{project}/urgent/policy", tag = "urgent", operation_id = "set_project_policy",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::SetPolicy,
    responses((status = 200, body = schema::KeptPolicy)),
)]
async fn set_of_project(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    seen: IfMatch,
    Input(set): Input<SetPolicy>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let set = (seen.or_first(set.version)?, set.policy);
    let kept = urgent::set_policy_of_project(&state.services, &actor, id, set).await?;
    Ok(told(&state, &actor, Some(id), kept))
}

/// Take a project's own policy away
///
/// The workspace's counts again.
#[utoipa::path(
    delete, path = "/api/v1/projects/{project}/urgent/policy", tag = "urgent", operation_id = "reset_project_policy",
    params(("project" = String, Path, description = "Id or key")),
    request_body = Option<VersionInput>,
    responses((status = 200, body = schema::KeptPolicy)),
)]
async fn reset(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    seen: IfMatch,
    Input(version): Input<VersionInput>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    let seen = seen.or(version.version)?;
    let kept = urgent::reset_policy(&state.services, &actor, id, seen).await?;
    Ok(told(&state, &actor, Some(id), kept))
}

/// Try a policy without alarming anyone
///
/// What would happen in the first hour if the project were raised now and nobody acknowledged: by the policy that counts,
/// or by the one that is sent.
#[utoipa::path(
    post, path = "/api/v1/projects/{project}/urgent/policy/test", tag = "urgent", operation_id = "test_policy",
    params(("project" = String, Path, description = "Id or key")),
    request_body = schema::TestPolicy,
    responses((status = 200, body = schema::Paged<schema::TestLine>)),
)]
async fn test(
    State(state): State<Shared>,
    actor: SignedIn,
    at: ProjectAt,
    Input(test): Input<TestPolicy>,
) -> Result<Response, Problem> {
    let id = at.id(&state, &actor).await?;
    Ok(answer::items(urgent::test_policy(&state.services, &actor, id, test.policy).await?))
}
