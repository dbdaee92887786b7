//! What other sites make a browser send. The generated stories in `operations` try it with everything that writes.

use crate::support::{App, Client, both};
use serde_json::json;
use testkit::workspace::PASSWORD;

async fn create(client: &Client, headers: &[(&'static str, &'static str)]) -> u16 {
    let mut ask = client.post("/api/v1/projects");
    for (name, value) in headers {
        ask = ask.header(name, *value);
    }
    ask.json(&json!({ "name": "Website" })).await.status
}

#[test]
fn a_write_that_another_site_sends_is_refused() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        for from_elsewhere in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://pms.example.org")],
            &[("origin", "http://evil.example")],
            &[("origin", "http://pms.example.org:8080")],
            &[("origin", "null")],
        ] {
            assert_eq!(create(&browser, from_elsewhere).await, 403, "{from_elsewhere:?}");
        }
        assert!(browser.get("/api/v1/projects").await.items().is_empty());
        for ours in [
            &[("sec-fetch-site", "same-origin")][..],
            &[("sec-fetch-site", "none")],
            &[("origin", "http://pms.example.org")],
            &[],
        ] {
            assert_eq!(create(&browser, ours).await, 201, "{ours:?}");
        }
    });
}

#[test]
fn who_sends_neither_header_is_no_browser_and_needs_a_cookie_or_token() {
    both(|db| async move {
        let app = App::new(db).await;
        assert_eq!(create(&app.anonymous(), &[]).await, 401);
        assert_eq!(create(&app.browser("admin").await, &[]).await, 201);
        assert_eq!(create(&app.program("admin").await, &[]).await, 201);
    });
}

#[test]
fn behind_a_proxy_the_public_address_is_the_origin() {
    both(|db| async move {
        let app = App::https(db).await;
        let browser = app.browser("admin").await;
        assert_eq!(create(&browser, &[("origin", "https://pms.example.org")]).await, 201);
        assert_eq!(create(&browser, &[("origin", "http://pms.example.org")]).await, 403);
    });
}

#[test]
fn a_sign_in_from_another_site_is_refused_too() {
    both(|db| async move {
        let app = App::new(db).await;
        let form = [("username", "admin"), ("password", PASSWORD)];
        let client = app.anonymous();
        let answer = client.post("/api/auth/signin").header("sec-fetch-site", "cross-site").form(&form).await;
        assert_eq!((answer.status, answer.code()), (403, "cross_site".to_owned()));
        assert!(answer.headers("set-cookie").is_empty());
    });
}

#[test]
fn reading_is_free_and_the_forms_of_pages_are_guarded_as_well() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        let answer = browser.get("/api/v1/projects").header("sec-fetch-site", "cross-site").await;
        assert_eq!(answer.status, 200, "the browser keeps it from the other site");
        let form = [("theme", "dark"), ("next", "/")];
        for page in ["/theme", "/fn/session/sign-in"] {
            let answer = browser.post(page).header("sec-fetch-site", "cross-site").form(&form).await;
            assert_eq!(answer.status, 403, "{page}");
        }
    });
}
