//! What every request passes, in this order. An answer passes it backwards.

use super::{
    Problem, Shared, actor, arrival, body, cors, crowd, csp, csrf, maintenance, problem, rate_limit, session,
};
use crate::telemetry;
use axum::{
    Router,
    body::Body,
    extract::DefaultBodyLimit,
    http::{StatusCode, header::CONTENT_ENCODING},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
};
use std::any::Any;
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionBody, CompressionLayer,
        predicate::{And, DefaultPredicate, NotForContentType, Predicate as _, SizeAbove},
    },
    timeout::TimeoutLayer,
};

/// Around everything: id and log, headers, bodies of problems, panics, time.
pub fn around_all(router: Router, state: &Shared) -> Router {
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), arrival::note))
            .layer(from_fn_with_state(state.clone(), csp::headers))
            .layer(from_fn(problem::write))
            .layer(CatchPanicLayer::custom(after_panic))
            .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, state.limits.timeout)),
    )
}

/// Around the files of this build: as everything but health, they find room or not. A server that only has much to do must
/// not be taken for one that hangs.
pub fn around_files(router: Router, state: &Shared) -> Router {
    router.layer(from_fn_with_state(state.clone(), crowd::limit))
}

/// Around the API, which other sites may call as far as the operator says so.
pub fn around_api(router: Router, state: &Shared) -> Router {
    cors::allow(around_people(router, state), state)
}

/// Around what pages say of themselves. Nobody stands behind it, so no session is looked up or lengthened by it, and it is
/// taken during maintenance, too.
pub fn around_reports(router: Router, state: &Shared) -> Router {
    around_whoever(router.layer(from_fn_with_state(state.clone(), csrf::check)), state)
}

/// Around what anybody may ask, before it is known who: how often their network asks, the whole body, whether there is room.
fn around_whoever(router: Router, state: &Shared) -> Router {
    router.layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(state.clone(), rate_limit::of_network))
            .layer(from_fn_with_state(state.clone(), body::whole))
            // Axum's own limit of 2 MB does not know that an import may be larger.
            .layer(DefaultBodyLimit::disable())
            .layer(from_fn_with_state(state.clone(), crowd::limit)),
    )
}

/// Around pages and REST, which know people: how often their network asks, the whole body, whether there is room, where a
/// request comes from, the session, who asks, whether they have to wait, how often they ask.
pub fn around_people(router: Router, state: &Shared) -> Router {
    let known = router.layer(
        ServiceBuilder::new()
            .map_response(without_room)
            .layer(compression())
            .layer(from_fn_with_state(state.clone(), csrf::check))
            .layer(from_fn_with_state(state.clone(), session::removal))
            .layer(session::layer(state))
            .layer(from_fn_with_state(state.clone(), actor::find))
            .layer(from_fn_with_state(state.clone(), maintenance::hold))
            .layer(from_fn_with_state(state.clone(), rate_limit::of_caller)),
    );
    around_whoever(known, state)
}

type Worthwhile = And<And<DefaultPredicate, SizeAbove>, NotForContentType>;

/// Only what is made for each request: files are compressed when PMS is built. Quality 4 costs Brotli about what gzip
/// costs and gives smaller answers; below a kilobyte nothing is gained.
fn compression() -> CompressionLayer<Worthwhile> {
    let worthwhile = DefaultPredicate::new()
        .and(SizeAbove::new(1024))
        .and(NotForContentType::const_new("application/wasm"));
    CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(worthwhile)
}

/// Gives an answer that is sent as it is its own body back. One that something is compressed in takes 36 kB, as long as it
/// is sent: for a stream of events that is hours.
fn without_room(answer: Response<CompressionBody<Body>>) -> Response {
    if answer.headers().contains_key(CONTENT_ENCODING) {
        answer.map(Body::new)
    } else {
        answer.map(CompressionBody::into_inner)
    }
}

fn after_panic(panic: Box<dyn Any + Send>) -> Response {
    tracing::error!(panic = telemetry::words_of(&*panic), "a request panicked");
    let message =
        "Something went wrong on our side. If it happens again, tell your operator the request's id.";
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message).into_response()
}
