//! Pages of other sites that the operator named.

use crate::support::{Answer, App, Client, both};
use serde_json::json;
use server::config::Flags;
use store::Db;

const APP: &str = "https://app.example.org";

async fn open(db: Db) -> App {
    let public_url = Some("https://pms.example.org".parse().expect("a URL"));
    let cors_origins = Some(format!("{APP}, https://pms.example.org").parse().expect("origins"));
    App::with(db, Flags { public_url, cors_origins, ..Flags::default() }, |_| {}).await
}

async fn token(app: &App) -> String {
    let body = json!({ "name": "App", "days": 1, "read_only": false });
    let made = app.browser("admin").await.create("/api/v1/tokens", body).await;
    made["secret"].as_str().expect("a secret").to_owned()
}

/// As that site's page lets the browser send it.
async fn create(client: &Client, origin: &str) -> Answer {
    let ask = client.post("/api/v1/projects").header("sec-fetch-site", "cross-site").header("origin", origin);
    ask.json(&json!({ "name": "Website" })).await
}

async fn preflight(client: &Client, path: &str, origin: &str) -> Answer {
    let ask = client.ask("OPTIONS", path).header("origin", origin);
    ask.header("access-control-request-method", "PATCH")
        .header("access-control-request-headers", "authorization,content-type,if-match")
        .await
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

#[test]
fn a_page_of_a_named_site_works_with_a_token_and_reads_what_it_needs() {
    both(|db| async move {
        let app = open(db).await;
        let program = app.anonymous().with_bearer(&token(&app).await);
        let asked = preflight(&app.anonymous(), "/api/v1/projects", APP).await;
        assert_eq!((asked.status, allowed(&asked)), (200, Some(APP)));
        let list = |name| asked.header(name).unwrap_or_default().to_ascii_lowercase();
        assert!(list("access-control-allow-methods").contains("patch"));
        for name in ["authorization", "content-type", "if-match", "idempotency-key"] {
            assert!(list("access-control-allow-headers").contains(name), "{name}");
        }
        assert_eq!(asked.header("access-control-allow-credentials"), None);
        let made = create(&program, APP).await;
        assert_eq!((made.status, allowed(&made)), (201, Some(APP)), "{}", made.text());
        let exposed = made.header("access-control-expose-headers").expect("a list").to_ascii_lowercase();
        for name in ["etag", "location", "retry-after", "ratelimit-remaining", "x-request-id"] {
            assert!(exposed.contains(name), "{name}");
        }
        assert!(made.headers("vary").iter().any(|vary| vary.to_ascii_lowercase().contains("origin")));
        let nobody = create(&app.anonymous(), APP).await;
        assert_eq!((nobody.status, allowed(&nobody)), (401, Some(APP)), "it may read why not");
    });
}

#[test]
fn a_cookie_does_not_count_there() {
    both(|db| async move {
        let app = open(db).await;
        let browser = app.browser("admin").await;
        assert_eq!(create(&browser, APP).await.status, 401);
        let read = browser.get("/api/v1/projects").header("origin", APP).await;
        assert_eq!(read.status, 401);
        // Whoever names PMS itself takes nothing from its own pages.
        let own = browser.post("/api/v1/projects").header("sec-fetch-site", "same-origin");
        let own = own.header("origin", "https://pms.example.org").json(&json!({ "name": "Own" })).await;
        assert_eq!(own.status, 201, "{}", own.text());
    });
}

#[test]
fn other_sites_and_what_is_not_the_api_stay_closed() {
    both(|db| async move {
        let app = open(db).await;
        let (program, browser) =
            (app.anonymous().with_bearer(&token(&app).await), app.browser("admin").await);
        for other in
            ["https://evil.example", "http://app.example.org", "https://app.example.org:8443", "null"]
        {
            let refused = create(&program, other).await;
            assert_eq!(
                (refused.status, refused.code(), allowed(&refused)),
                (403, "cross_site".into(), None),
                "{other}"
            );
            assert_eq!(allowed(&preflight(&program, "/api/v1/projects", other).await), None, "{other}");
        }
        for path in ["/api/auth/signin", "/api/auth/signout", "/fn/session/sign-out", "/theme"] {
            let ask = browser.post(path).header("sec-fetch-site", "cross-site").header("origin", APP);
            let refused = ask.form(&[]).await;
            assert_eq!((refused.status, allowed(&refused)), (403, None), "{path}");
            assert_eq!(allowed(&preflight(&browser, path, APP).await), None, "{path}");
        }
    });
}

#[test]
fn without_a_list_there_is_none() {
    both(|db| async move {
        let app = App::new(db).await;
        let program = app.program("admin").await;
        let asked = preflight(&program, "/api/v1/projects", APP).await;
        assert_eq!((asked.status, allowed(&asked)), (405, None));
        assert_eq!(create(&program, APP).await.status, 403);
    });
}
