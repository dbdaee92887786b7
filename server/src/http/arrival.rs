//! The first thing that happens to a request: it gets an id, its caller's address is found out, and what became of it
//! is logged.

use super::{Problem, Shared, metrics::Asked};
use crate::telemetry::{self, request::Watched};
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::Response,
};
use services::{network::network_of, sessions::RequestContext, sign_in::SignInContext};
use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    time::Instant,
};
use tracing::field::Empty;

/// Puts a [`RequestContext`] into the request, and its id into the answer and the log.
pub async fn note(State(state): State<Shared>, mut request: Request, next: Next) -> Response {
    let id = state.services.ids.id().simple().to_string();
    let address = caller(&state, &request);
    let context = RequestContext {
        address: address.map_or_else(String::new, |address| address.to_string()),
        request_id: id.clone(),
    };
    let path = request.uri().path();
    let span = tracing::info_span!(
        "request", id, method = %request.method(), path, trace_id = Empty, user = Empty
    );
    let asked = Asked::of(&request);
    let watched = Watched::begin(&span, (&id, &asked), path, request.headers());
    if let Some(trace_id) = watched.trace_id() {
        span.record("trace_id", trace_id);
    }
    request.extensions_mut().insert(context);
    request.extensions_mut().insert(Network(address.map(network_of)));
    request.extensions_mut().insert(watched.clone());
    let started = Instant::now();
    let mut response = telemetry::within(span.clone(), watched.watch(next.run(request))).await;
    // Everybody is turned away then, and the operator knows it.
    let expected = response.extensions().get::<Problem>().is_some_and(Problem::is_maintenance);
    watched.note_answer(&asked, response.status());
    state.metrics.note(asked, response.status(), started.elapsed());
    log(&span, (response.status(), expected), started);
    if let Ok(id) = HeaderValue::try_from(id) {
        response.headers_mut().insert("x-request-id", id);
    }
    response
}

/// The network that a request comes from; none where the caller's address is not known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Network(pub Option<IpAddr>);

impl Network {
    /// Of a request that passed [`note`].
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().copied().unwrap_or_default()
    }
}

/// From where somebody signs in.
pub struct Arrival(pub SignInContext);

impl Arrival {
    /// Of a request that passed [`note`].
    pub fn of(extensions: &Extensions, headers: &HeaderMap) -> Self {
        let context = extensions.get::<RequestContext>().cloned().unwrap_or_default();
        let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
        Self(SignInContext {
            address: context.address,
            user_agent: agent.unwrap_or_default().to_owned(),
            request_id: context.request_id,
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Arrival {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.extensions, &parts.headers))
    }
}

/// A line for each request only at `debug`: at some thousand requests a second more would be spent on lines than on answers.
fn log(span: &tracing::Span, (status, expected): (StatusCode, bool), started: Instant) {
    let _in = span.enter();
    let status = status.as_u16();
    let micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
    if status >= 500 && !expected {
        tracing::warn!(status, micros, "answered with an error");
    } else {
        tracing::debug!(status, micros, "answered");
    }
}

fn caller(state: &Shared, request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?.0.ip();
    Some(address(state, peer, request.headers()))
}

fn address(state: &Shared, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let forwarded: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    state.proxies.caller(peer, forwarded.into_iter())
}
