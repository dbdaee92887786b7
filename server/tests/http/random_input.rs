//! Filters and cookies that nobody thought of: they get an answer, and never that something is wrong with us.

use crate::support::{App, DOCUMENT, both};
use axum::http::HeaderValue;
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

/// What a filter may be given: any text, or something that nearly means something.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        "(me|nobody|todo|done|number|-due|2026-01-17|WEB-1|WEB|true|[0-9a-f]{8}-|[-+.,;:*'\"()%_\\\\]|[a-z]{1,9}| ){0,6}",
        "-?[0-9]{0,25}",
        "(number|updated|due|priority|unblocks)[.][-0-9a-f.]{0,60}",
    ]
}

/// A cookie's name and value as bytes that a header may have.
fn cookie() -> impl Strategy<Value = Vec<u8>> {
    let name =
        prop::sample::select(vec!["pms_session", "pms-form-page", "pms_theme", "__Host-pms", "x", "", "="]);
    let byte = prop_oneof![4 => 0x20..0x7f_u8, 1 => 0x80..=0xff_u8];
    (name, prop::collection::vec(byte, 0..90))
        .prop_map(|(name, value)| [name.as_bytes(), b"=", &value].concat())
}

#[test]
fn filters_of_any_letters_are_answered() {
    both(|db| async move {
        let app = App::new(db).await;
        app.w.project(&app.w.admin, "WEB").await;
        let admin = app.browser("admin").await;
        let operations = DOCUMENT.operations();
        let filters: Vec<(String, &str)> = operations
            .iter()
            .filter(|operation| operation.reads() && operation.needs_sign_in && operation.id() != "events")
            .flat_map(|operation| {
                let path = operation.path.replace("{project}", "WEB");
                let parameters = operation.about["parameters"].as_array().into_iter().flatten();
                let queries = parameters.filter(|parameter| parameter["in"] == "query");
                queries.map(move |query| (path.clone(), query["name"].as_str().expect("a name")))
            })
            .filter(|(path, _)| !path.contains('{'))
            .collect();
        assert!(filters.len() > 40, "{filters:?}");
        let mut draws = TestRunner::deterministic();
        for _ in 0..8 {
            for (path, name) in &filters {
                let value = value().new_tree(&mut draws).expect("a value").current();
                let query = serde_html_form::to_string([(name, &value)]).expect("a pair");
                let answer = admin.get(&format!("{path}?{query}")).await;
                assert!(answer.status < 500, "{path}?{query}: {}", answer.text());
            }
        }
    });
}

#[test]
fn cookies_of_any_bytes_are_nobodys() {
    both(|db| async move {
        let app = App::new(db).await;
        let mut draws = TestRunner::deterministic();
        for _ in 0..300 {
            let cookies = prop::collection::vec(cookie(), 0..4);
            let cookies = cookies.new_tree(&mut draws).expect("cookies").current().join(&b"; "[..]);
            let header = HeaderValue::from_bytes(&cookies).expect("bytes of a header");
            let shown = String::from_utf8_lossy(&cookies).into_owned();
            let answer = app.anonymous().get("/api/v1/projects").header("cookie", header.clone()).await;
            assert_eq!(answer.status, 401, "{shown}: {}", answer.text());
            let page = app.anonymous().get("/sign-in").header("cookie", header).await;
            assert_eq!(page.status, 200, "{shown}: {}", page.text());
        }
    });
}
