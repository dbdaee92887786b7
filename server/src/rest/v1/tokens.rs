//! One's own API tokens.

use super::schema;
use crate::{
    http::{Problem, Shared, actor::SignedIn},
    rest::{
        answer,
        input::{Input, Path},
    },
};
use axum::{
    Json,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    ids::TokenId,
    token::{NewToken, Token},
};
use serde::Serialize;
use services::tokens;
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/v1/tokens…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

#[derive(Serialize)]
struct CreatedToken {
    token: Token,
    secret: String,
}

/// List your API tokens
#[utoipa::path(
    get, path = "/api/v1/tokens", tag = "account", operation_id = "list_tokens",
    responses((status = 200, body = schema::Paged<schema::Token>)),
)]
async fn list(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(answer::items(tokens::list(&state.services, &actor).await?))
}

/// Create an API token
///
/// Its secret is in this answer and nowhere else.
#[utoipa::path(
    post, path = "/api/v1/tokens", tag = "account", operation_id = "create_token",
    request_body = schema::NewToken,
    responses((status = 201, body = schema::CreatedToken)),
)]
async fn create(
    State(state): State<Shared>,
    actor: SignedIn,
    Input(new): Input<NewToken>,
) -> Result<Response, Problem> {
    let (token, secret) = tokens::create(&state.services, &actor, new).await?;
    let secret_answer = (StatusCode::CREATED, Json(CreatedToken { token, secret }));
    let mut response = secret_answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Revoke an API token
#[utoipa::path(
    delete, path = "/api/v1/tokens/{token}", tag = "account", operation_id = "revoke_token",
    params(("token" = uuid::Uuid, Path)),
    responses((status = 204)),
)]
async fn revoke(
    State(state): State<Shared>,
    actor: SignedIn,
    Path(id): Path<TokenId>,
) -> Result<Response, Problem> {
    tokens::revoke(&state.services, &actor, id).await?;
    Ok(answer::done())
}
