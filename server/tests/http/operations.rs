//! What holds for every operation, tried with each that the API's description has: a new one is tried as soon as it is
//! described.

use crate::support::{Answer, App, Client, DOCUMENT, both};
use serde_json::{Value, json};
use testkit::openapi::{Fill, Operation};

/// Ids that nothing has: in addresses, and in bodies, by which something may get one.
const NOTHING: &str = "0190dead-0000-7000-8000-00000000beef";
const NOTHING_ELSE: &str = "0190dead-0000-7000-8000-00000000cafe";

/// Asks for it with ids that nothing has and a body as it is described.
async fn ask(client: &Client, operation: &Operation<'_>, headers: &[(&'static str, &str)]) -> Answer {
    let mut ask = client.ask(operation.method, &operation.address(NOTHING));
    for (name, value) in headers {
        ask = ask.header(name, *value);
    }
    match operation.body() {
        Some(schema) => ask.json(&body(schema)).await,
        None => ask.await,
    }
}

fn body(schema: &Value) -> Value {
    let sample = DOCUMENT.sample(schema, Fill::All).to_string();
    serde_json::from_str(&sample.replace("01900000-0000-7000-8000-000000000001", NOTHING_ELSE)).expect("JSON")
}

fn with_sign_in() -> impl Iterator<Item = Operation<'static>> {
    DOCUMENT.operations().into_iter().filter(|operation| operation.needs_sign_in)
}

#[test]
fn only_what_has_to_be_is_open_to_everyone() {
    let open = DOCUMENT.operations().into_iter().filter(|operation| !operation.needs_sign_in);
    let mut open: Vec<_> = open.map(|operation| operation.id()).collect();
    open.sort_unstable();
    assert_eq!(open, ["health", "sign_in"]);
    assert!(with_sign_in().count() > 80);
}

#[test]
fn nobody_gets_anything() {
    both(|db| async move {
        let app = App::new(db).await;
        let nobody = app.anonymous();
        for operation in with_sign_in() {
            let answer = ask(&nobody, &operation, &[]).await;
            assert_eq!(answer.status, 401, "{} {}", operation.id(), answer.text());
            assert_eq!(answer.code(), "unauthenticated", "{}", operation.id());
        }
    });
}

#[test]
fn no_other_site_writes_anything() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        for operation in DOCUMENT.operations().iter().filter(|operation| !operation.reads()) {
            for from in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
                let answer = ask(&admin, operation, &[from]).await;
                assert_eq!(
                    (answer.status, answer.code()),
                    (403, "cross_site".to_owned()),
                    "{}",
                    operation.id()
                );
            }
        }
        assert_eq!(admin.get("/api/auth/me").await.status, 200, "nor did the sign-out happen");
    });
}

#[test]
fn what_is_described_is_understood_and_nothing_breaks() {
    both(|db| async move {
        let app = App::new(db).await;
        for operation in with_sign_in() {
            // Anew each time: some of them end the session.
            let admin = app.browser("admin").await;
            let answer =
                ask(&admin, &operation, &[("if-match", "\"1\""), ("idempotency-key", operation.id())]).await;
            assert!(answer.status < 500, "{} {} {}", operation.id(), answer.status, answer.text());
            assert!(![400, 405, 415, 428].contains(&answer.status), "{} {}", operation.id(), answer.text());
            if answer.status == 422 {
                let unreadable: Vec<_> =
                    answer.wrong_fields().into_iter().filter(|(_, code)| code == "unreadable").collect();
                assert!(unreadable.is_empty(), "{} {unreadable:?}", operation.id());
            }
            // A browser reports itself under an id that it made, so this one is there afterwards.
            if operation.path.contains('{') && !operation.path.contains("{device}") {
                assert!(
                    [404, 422].contains(&answer.status),
                    "{} {} {}",
                    operation.id(),
                    answer.status,
                    answer.text()
                );
            }
        }
    });
}

#[test]
fn a_token_that_may_only_read_writes_nothing() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let body = json!({ "name": "Reader", "days": 1, "read_only": true });
        let secret = admin.create("/api/v1/tokens", body).await["secret"].as_str().unwrap().to_owned();
        let reader = app.anonymous().with_bearer(&secret);
        for operation in with_sign_in() {
            let answer = ask(&reader, &operation, &[("if-match", "\"1\"")]).await;
            if operation.reads() {
                assert_ne!(answer.status, 401, "{}", operation.id());
            } else if operation.id() != "sign_out" {
                let refused = [403, 404, 409, 422].contains(&answer.status);
                assert!(refused, "{} {} {}", operation.id(), answer.status, answer.text());
            }
        }
        assert_eq!(admin.get("/api/v1/projects").await.items().len(), 0);
        assert_eq!(reader.get("/api/auth/me").await.status, 200, "signing out ends no API token");
    });
}

#[test]
fn operations_have_names_and_words() {
    let mut ids: Vec<_> = DOCUMENT.operations().iter().map(|operation| operation.id().to_owned()).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "no name twice");
    for operation in DOCUMENT.operations() {
        assert!(
            operation.about["summary"].as_str().is_some_and(|words| words.len() > 6),
            "{}",
            operation.id()
        );
        assert!(operation.path.starts_with("/api/"), "{}", operation.path);
        if operation.path.ends_with('}') || operation.reads() {
            assert!(operation.answer(404).is_some() || operation.id() == "health", "{}", operation.id());
        }
    }
}
