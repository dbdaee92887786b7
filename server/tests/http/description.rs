//! The description that is kept beside the documents is the one that PMS serves.

use crate::support::{App, both};
use std::fs;

#[test]
fn the_description_in_the_documents_is_that_of_this_version() {
    let kept = fs::read_to_string("../docs/openapi.json").unwrap_or_default();
    assert!(
        kept == format!("{}\n", server::rest::openapi_json()),
        "docs/openapi.json is not what the code describes. Renew it: cargo run -p server -- openapi > docs/openapi.json"
    );
}

#[test]
fn it_is_served_to_everyone() {
    both(|db| async move {
        let app = App::new(db).await;
        let answer = app.anonymous().get("/api/openapi.json").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        assert_eq!(answer.text(), server::rest::openapi_json());
        assert!(answer.json()["openapi"].as_str().unwrap().starts_with("3.1."));
    });
}
