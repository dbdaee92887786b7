//! While an operator works on the installation, people are told so instead of being answered.

use super::{Problem, Shared, actor::Caller};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::permission::Permission;
use services::{Place, maintenance::Maintenance, rounds::Rounds};
use std::time::Duration;

/// How soon an operator's word counts on every instance.
const LOOK: Duration = Duration::from_secs(1);
const COME_AGAIN_SECONDS: u16 = 60;
/// By which programs know it.
pub const CODE: &str = "maintenance";

/// Answers those who have to wait.
pub async fn hold(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let maintenance = state.maintenance.borrow().clone();
    match maintenance {
        Some(maintenance) if !passes(&request) => answer(&maintenance),
        _ => next.run(request).await,
    }
}

/// Keeps the state as the database has it. Where that can't be asked, it stays as it was.
pub async fn follow(state: Shared, rounds: Rounds) {
    loop {
        look(&state).await;
        rounds.ended();
        tokio::time::sleep(LOOK).await;
    }
}

/// Looks once.
pub async fn look(state: &Shared) {
    match services::maintenance::state(&state.services).await {
        Ok(now) => {
            let changed = state.maintenance.send_if_modified(|before| {
                let changed = *before != now;
                before.clone_from(&now);
                changed
            });
            if changed {
                tracing::info!(maintenance = now.is_some(), "an operator has changed it");
            }
        }
        Err(error) => tracing::warn!(%error, "whether there is maintenance could not be asked"),
    }
}

fn passes(request: &Request) -> bool {
    let caller = request.extensions().get::<Caller>().and_then(Caller::actor);
    let manages = caller.is_some_and(|actor| actor.allows(Permission::WorkspaceManage, Place::Workspace));
    manages || is_always_answered(request.uri().path())
}

/// By which administrators come in, and by which people hear and acknowledge what is urgent: that is not to be missed. Mail
/// programs unsubscribe people by themselves and don't come again.
fn is_always_answered(path: &str) -> bool {
    matches!(
        path.split('/').skip(1).collect::<Vec<_>>()[..],
        ["sign-in" | "acknowledge" | "unsubscribe"]
            | ["fn", "session", "sign-in" | "sign-out"]
            | ["fn", "urgent", "acknowledge" | "linked" | "acknowledge-linked"]
            | ["api", "auth", ..]
            | ["api", "v1", "events"]
            | ["api", "v1", "me", "alerts" | "devices", ..]
            | ["api", "v1", "alerts", _, "acknowledge"]
            | ["api", "v1", "push", "key"]
    )
}

fn answer(Maintenance { message, .. }: &Maintenance) -> Response {
    let text = "PMS is being worked on and will be back soon. Nothing of yours is lost.";
    let text = if message.is_empty() { text.to_owned() } else { format!("{text} {message}") };
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, CODE, text);
    let mut response = problem.into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(COME_AGAIN_SECONDS));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_and_what_is_urgent_pass_and_nothing_that_looks_like_it() {
        for path in
            ["/sign-in", "/acknowledge", "/fn/urgent/acknowledge", "/api/auth/session", "/api/v1/me/alerts"]
        {
            assert!(is_always_answered(path), "{path}");
        }
        for path in
            ["/", "/sign-in/x", "/fn/announcement/acknowledge", "/api/v1/alerts", "/api/v1/me", "/projects"]
        {
            assert!(!is_always_answered(path), "{path}");
        }
    }
}
