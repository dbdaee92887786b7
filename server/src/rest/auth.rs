//! Signing in and out over REST.

use super::{answer, input::Input, v1::schema};
use crate::http::{Problem, Shared, actor::SignedIn, arrival::Arrival, session::Cookie};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use domain::{
    Error, Timestamp,
    session::{ABSOLUTE_SECONDS, SignIn},
    user::User,
};
use serde::Serialize;
use services::{accounts, devices, sessions, sign_in};
use utoipa_axum::{router::OpenApiRouter, routes};

/// `/api/auth/…`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(signin)).routes(routes!(signout)).routes(routes!(me))
}

/// A bearer token with what it stands for.
#[derive(Serialize)]
struct BearerToken {
    token: String,
    expires_at: Timestamp,
    user: User,
}

/// Sign in
///
/// Opens a session: the answer sets its cookie and carries a bearer token that ends with it. The token alone is the body,
/// as plain text, unless JSON is asked for by `Accept: application/json`. The answer does not tell whether the user name
/// or the password was wrong.
#[utoipa::path(
    post, path = "/api/auth/signin", tag = "auth", operation_id = "sign_in", security(()),
    request_body(content((schema::SignIn = "application/json"), (schema::SignIn = "application/x-www-form-urlencoded"))),
    responses(
        (status = 200, description = "Signed in", content((String = "text/plain"), (schema::BearerToken = "application/json"))),
        (status = 401, description = "`bad_credentials`", body = schema::Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn signin(
    State(state): State<Shared>,
    headers: HeaderMap,
    cookie: Cookie,
    Arrival(context): Arrival,
    Input(form): Input<SignIn>,
) -> Result<Response, Problem> {
    let signed_in = sign_in::sign_in(&state.services, form, context).await.map_err(refused)?;
    let (id, user_id) = (signed_in.session.id, signed_in.session.user_id);
    let expires_at = signed_in.session.created_at.plus_seconds(ABSOLUTE_SECONDS);
    cookie.sign_in(signed_in.session).await?;
    let token = sessions::bearer(&state.services, id, user_id).await?;
    let wants_json = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("application/json"));
    let answer = if wants_json {
        Json(BearerToken { token, expires_at, user: signed_in.user }).into_response()
    } else {
        token.into_response()
    };
    Ok(secret(answer))
}

/// Sign out
///
/// Ends the session behind the cookie or the bearer token, and takes the cookie away.
#[utoipa::path(
    post, path = "/api/auth/signout", tag = "auth", operation_id = "sign_out",
    responses((status = 204, description = "Signed out")),
)]
pub async fn signout(
    State(state): State<Shared>,
    actor: SignedIn,
    cookie: Cookie,
) -> Result<Response, Problem> {
    // By token there is no cookie to close; an API token without a session stays until it is revoked.
    if let (false, Some(session)) = (cookie.is_open(), actor.session_id) {
        sessions::revoke(&state.services, &actor, session).await?;
    } else {
        devices::leave(&state.services, &actor).await?;
        cookie.sign_out().await?;
    }
    Ok(answer::done())
}

/// Who is signed in
#[utoipa::path(
    get, path = "/api/auth/me", tag = "auth", operation_id = "me",
    responses((status = 200, body = schema::Me)),
)]
pub async fn me(State(state): State<Shared>, actor: SignedIn) -> Result<Response, Problem> {
    Ok(Json(accounts::me(&state.services, &actor).await?).into_response())
}

/// A wrong password is no conflict over REST.
fn refused(error: Error) -> Problem {
    let wrong = matches!(&error, Error::Refused { code, .. } if code == "bad_credentials");
    let problem = Problem::from(error);
    if wrong { problem.with_status(StatusCode::UNAUTHORIZED) } else { problem }
}

fn secret(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
