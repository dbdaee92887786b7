//! Who is answered while an operator works on the installation.

use crate::support::{App, both};
use serde_json::json;
use services::{Actor, maintenance};

#[test]
fn people_wait_and_administrators_health_and_what_is_urgent_do_not() {
    both(|db| async move {
        let app = App::new(db).await;
        let services = &app.w.services;
        let (ann, admin) = (app.person("ann", "Member").await, app.browser("admin").await);
        maintenance::begin(services, &Actor::system(), "Back at 14:00.").await.expect("begun");
        server::http::maintenance::look(&app.state).await;

        let refused = ann.get("/api/v1/projects").await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, Some("60")));
        assert_eq!(refused.code(), "maintenance");
        assert!(refused.text().contains("Back at 14:00."), "{}", refused.text());
        let page = ann.get("/projects").await;
        assert_eq!((page.status, page.header("content-type")), (503, Some("text/html; charset=utf-8")));
        assert!(page.text().contains("will be back soon"), "{}", page.text());
        let written = ann.post("/api/v1/projects").json(&json!({ "name": "Web", "key": "WEB" })).await;
        assert_eq!(written.code(), "maintenance");
        assert_eq!(app.anonymous().get("/").await.status, 503);

        for path in ["/api/v1/me/alerts", "/api/v1/me/devices", "/acknowledge?token=x"] {
            assert_ne!(ann.get(path).await.status, 503, "{path}");
        }
        assert_eq!(app.anonymous().get("/sign-in").await.status, 200);
        let late = app.browser("admin").await;
        for client in [&admin, &late] {
            assert_eq!(client.get("/api/v1/projects").await.status, 200);
        }
        let health = app.anonymous().get("/api/health").await;
        assert_eq!((health.status, &health.json()["maintenance"]), (200, &json!(true)));
        assert_eq!(app.anonymous().get("/api/health/ready").await.status, 200);

        assert_eq!(maintenance::end(services, &Actor::system()).await, Ok(true));
        server::http::maintenance::look(&app.state).await;
        assert_eq!(ann.get("/api/v1/projects").await.status, 200);
    });
}
