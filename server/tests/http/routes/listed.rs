//! What the program answers, as its router tells.

use axum::Router;
use std::collections::{BTreeMap, BTreeSet};

/// `METHOD /address` of each route, with `{}` for each part that has a name; `ANY` where the method does not matter.
///
/// Axum has no list of a router's routes, but writes them when it is asked to debug it: paths by number, and by the same
/// number which methods are allowed there. If a version writes something else, nothing is found, and the test says so.
pub fn routes(router: &Router) -> BTreeSet<String> {
    let text = format!("{router:?}");
    let text = text.split("fallback_router:").next().unwrap_or_default();
    let (mut paths, mut methods) = (BTreeMap::new(), BTreeMap::new());
    for part in text.split("RouteId(").skip(1) {
        let Some((number, rest)) = part.split_once("): ") else { continue };
        if let Some(path) = rest.strip_prefix('"') {
            paths.insert(number, path.split('"').next().unwrap_or_default());
        } else if let Some((_, allowed)) = rest.split_once("allow_header: ") {
            methods.insert(number, allowed.strip_prefix("Bytes(b\"").and_then(|list| list.split('"').next()));
        }
    }
    assert_eq!(
        paths.keys().collect::<Vec<_>>(),
        methods.keys().collect::<Vec<_>>(),
        "each route has methods"
    );
    let of = |(number, path): (_, &&str)| {
        let allowed = methods[number].unwrap_or("ANY").split(',').filter(|method| *method != "HEAD");
        allowed.map(|method| format!("{method} {}", without_names(path))).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

/// The same of a row of the table.
pub fn route(ask: &str) -> String {
    without_names(ask.split('?').next().unwrap_or_default())
}

fn without_names(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn every_way_to_add_a_route_is_seen() {
    use axum::routing::{any, get};
    let part = Router::new().route("/nested/{id}", get(async || ()).delete(async || ()));
    let router = Router::new()
        .route("/", get(async || ()))
        .route("/things/{thing}", get(async || ()).patch(async || ()))
        .route("/things/{thing}", axum::routing::post(async || ()))
        .route("/files/{*file}", any(async || ()))
        .nest("/part", part)
        .layer(axum::middleware::map_response(async |response: axum::response::Response| response))
        .fallback(async || ());
    let expected = [
        "ANY /files/{}",
        "DELETE /part/nested/{}",
        "GET /",
        "GET /part/nested/{}",
        "GET /things/{}",
        "PATCH /things/{}",
        "POST /things/{}",
    ];
    assert_eq!(routes(&router).into_iter().collect::<Vec<_>>(), expected);
}
