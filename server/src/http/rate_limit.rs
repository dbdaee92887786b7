//! How often who may ask. Whoever asks too often is refused before it costs anything: a network before anybody is looked
//! up, a person or token before their request is handled.
//!
//! Tries to sign in are limited by account and address too, in the database and over a longer time (`services::attempts`):
//! that is about guessing, this about load. Only failures count there; here every request does, once for its network and
//! once for its caller.

use super::{Problem, Shared, actor::Caller as Asker, arrival::Network};
use crate::config::{PerMinute, Rates};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use domain::Error;
use services::{
    Actor,
    ports::rate_limits::{Caller, Key, Quota, Verdict},
};
use std::{num::NonZeroU32, time::Duration};

const MINUTE: Duration = Duration::from_mins(1);

/// The headers that say how much is left, by the names that most programs know.
pub const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
/// How many more requests may follow at once.
pub const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
/// Seconds until all of them are there again.
pub const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

/// What is counted by itself.
///
/// | class | what | of whom |
/// |---|---|---|
/// | `network` | everything but alerts, files, health and metrics | an address, or a network of IPv6 |
/// | `anonymous` | what is asked without being signed in | the same |
/// | `sign_in` | [`SENSITIVE`] without being signed in: sign-in and set-up | the same |
/// | `person` | everything but the next two | a person, or an API token |
/// | `sensitive` | [`SENSITIVE`] | a person, also through their tokens |
/// | `alerts` | [`ALERTS`]: as often as everything else, and counted apart, so that nothing else keeps anybody from hearing of what is urgent | all of these |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Everything of a network.
    Network,
    /// What a network asks without being signed in.
    Anonymous,
    /// How a network signs in.
    SignIn,
    /// What a person or token asks.
    Person,
    /// What of it could harm most.
    Sensitive,
    /// What is urgent.
    Alerts,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Network, Self::Anonymous, Self::SignIn, Self::Person, Self::Sensitive, Self::Alerts];

    /// As metrics name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Anonymous => "anonymous",
            Self::SignIn => "sign_in",
            Self::Person => "person",
            Self::Sensitive => "sensitive",
            Self::Alerts => "alerts",
        }
    }
}

/// What lets somebody in, gives somebody power, or disturbs many: methods and routes, as the program writes them.
pub const SENSITIVE: [(&str, &str); 35] = [
    ("POST", "/api/auth/signin"),
    ("POST", "/fn/session/sign-in"),
    ("POST", "/fn/session/set-up"),
    ("POST", "/api/v1/account/password"),
    ("POST", "/fn/account/password"),
    ("PATCH", "/api/v1/account"),
    ("POST", "/fn/account/update"),
    ("POST", "/api/v1/tokens"),
    ("POST", "/fn/account/token/create"),
    ("POST", "/api/v1/users"),
    ("POST", "/fn/user/create"),
    ("PATCH", "/api/v1/users/{user}"),
    ("POST", "/fn/user/update"),
    ("POST", "/fn/user/status"),
    ("PUT", "/api/v1/users/{user}/password"),
    ("POST", "/fn/user/password"),
    ("DELETE", "/api/v1/users/{user}/sessions"),
    ("POST", "/fn/user/end-sessions"),
    ("POST", "/api/v1/roles"),
    ("POST", "/fn/role/create"),
    ("PATCH", "/api/v1/roles/{role}"),
    ("POST", "/fn/role/permissions"),
    ("DELETE", "/api/v1/roles/{role}"),
    ("POST", "/fn/role/delete"),
    ("POST", "/api/v1/announcements"),
    ("POST", "/fn/announcement/publish"),
    ("PUT", "/api/v1/urgent/policy"),
    ("PUT", "/api/v1/projects/{project}/urgent/policy"),
    ("DELETE", "/api/v1/projects/{project}/urgent/policy"),
    ("POST", "/fn/urgent/policy/save"),
    ("POST", "/fn/urgent/policy/reset"),
    ("POST", "/api/v1/projects/{project}/urgent"),
    ("POST", "/fn/urgent/raise"),
    ("POST", "/api/v1/projects/{project}/urgent/policy/test"),
    ("POST", "/fn/urgent/policy/test"),
];

/// What it takes to hear of what is urgent and to acknowledge it.
pub const ALERTS: [(&str, &str); 9] = [
    ("GET", "/api/v1/events"),
    ("GET", "/api/v1/me/alerts"),
    ("POST", "/api/v1/alerts/{alert}/acknowledge"),
    ("PUT", "/api/v1/me/devices/{device}"),
    ("GET", "/api/v1/push/key"),
    ("GET", "/acknowledge"),
    ("POST", "/fn/urgent/acknowledge"),
    ("POST", "/fn/urgent/linked"),
    ("POST", "/fn/urgent/acknowledge-linked"),
];

/// How far a request is like others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Usual,
    Sensitive,
    Alert,
}

impl Act {
    fn of(request: &Request) -> Self {
        let Some(route) = request.extensions().get::<MatchedPath>() else { return Self::Usual };
        let asked = (request.method().as_str(), route.as_str());
        if SENSITIVE.contains(&asked) {
            Self::Sensitive
        } else if ALERTS.contains(&asked) {
            Self::Alert
        } else {
            Self::Usual
        }
    }
}

/// Which limit holds, and for whom.
struct Rule {
    class: Class,
    caller: Caller,
    limit: PerMinute,
}

impl Rule {
    fn of_network(request: &Request, rates: &Rates) -> Option<Self> {
        let caller = Caller::Network(Network::of(request.extensions()).0?);
        let class = if Act::of(request) == Act::Alert { Class::Alerts } else { Class::Network };
        Some(Self { class, caller, limit: rates.network })
    }

    fn of_caller(request: &Request, rates: &Rates) -> Option<Self> {
        let act = Act::of(request);
        let Some(actor) = request.extensions().get::<Asker>().and_then(Asker::actor) else {
            let caller = Caller::Network(Network::of(request.extensions()).0?);
            let (class, limit) = match act {
                Act::Usual => (Class::Anonymous, rates.anonymous),
                Act::Sensitive => (Class::SignIn, rates.sign_in),
                // Counted for its network already.
                Act::Alert => return None,
            };
            return Some(Self { class, caller, limit });
        };
        Self::of_actor(act, actor, rates)
    }

    fn of_actor(act: Act, actor: &Actor, rates: &Rates) -> Option<Self> {
        let person = Caller::Person(actor.user_id?);
        let own = actor.token_id.map_or(person, Caller::Token);
        Some(match act {
            Act::Usual => Self { class: Class::Person, caller: own, limit: rates.person },
            // Otherwise more tokens would be more tries.
            Act::Sensitive => Self { class: Class::Sensitive, caller: person, limit: rates.sensitive },
            Act::Alert => Self { class: Class::Alerts, caller: own, limit: rates.person },
        })
    }
}

/// Refuses networks that ask too often, before anything is read or looked up.
pub async fn of_network(State(state): State<Shared>, request: Request, next: Next) -> Response {
    match judge(&state, Rule::of_network(&request, &state.rates)).await {
        Err(refused) => refused,
        Ok(_) => next.run(request).await,
    }
}

/// Refuses people, tokens and strangers that ask too often, and says to programs how much is left.
pub async fn of_caller(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let left = match judge(&state, Rule::of_caller(&request, &state.rates)).await {
        Err(refused) => return refused,
        Ok(left) => left.filter(|_| request.uri().path().starts_with("/api/")),
    };
    let mut response = next.run(request).await;
    if let Some(left) = left {
        left.tell(response.headers_mut());
    }
    response
}

/// How much is left; none where there is no limit. An error is the refusal.
async fn judge(state: &Shared, rule: Option<Rule>) -> Result<Option<Left>, Response> {
    let Some(Rule { class, caller, limit: PerMinute(Some(limit)) }) = rule else { return Ok(None) };
    let quota = Quota { requests: limit, window: MINUTE };
    let key = Key { kind: class.as_str(), caller };
    match state.services.rate_limits.take(key, quota, state.services.now()).await {
        Verdict::Allowed { remaining, reset } => Ok(Some(Left { limit, remaining, reset })),
        Verdict::Refused { retry_after } => {
            state.metrics.note_rate_limited(class);
            tracing::debug!(class = class.as_str(), ?caller, "asks too often");
            let mut refused = Problem::from(Error::TooMany { retry_after }).into_response();
            Left { limit, remaining: 0, reset: retry_after }.tell(refused.headers_mut());
            Err(refused)
        }
    }
}

/// What a caller is told of their limit.
struct Left {
    limit: NonZeroU32,
    remaining: u32,
    reset: u64,
}

impl Left {
    fn tell(&self, headers: &mut HeaderMap) {
        headers.insert(LIMIT, HeaderValue::from(self.limit.get()));
        headers.insert(REMAINING, HeaderValue::from(self.remaining));
        headers.insert(RESET, HeaderValue::from(self.reset));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::openapi_json;
    use leptos::server_fn::axum::server_fn_paths;

    #[test]
    fn every_route_in_the_table_is_one_that_is_answered() {
        let document: serde_json::Value = serde_json::from_str(openapi_json()).expect("JSON");
        let functions: Vec<_> = server_fn_paths().map(|(path, method)| (method.to_string(), path)).collect();
        for (method, route) in SENSITIVE.into_iter().chain(ALERTS) {
            let is_there = route == app::paths::ACKNOWLEDGE
                || functions.iter().any(|(known, path)| known == method && *path == route)
                || !document["paths"][route][method.to_lowercase()].is_null();
            assert!(is_there, "{method} {route}");
        }
    }
}
