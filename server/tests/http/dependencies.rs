//! Dependencies over REST: what is added, what is refused and how that is told.

use crate::support::{App, both};
use serde_json::json;

#[test]
fn a_loop_is_a_problem_of_its_own_with_its_path() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        admin.create("/api/v1/projects", json!({ "name": "Web", "key": "WEB" })).await;
        for title in ["One", "Two", "Three"] {
            admin.create("/api/v1/projects/WEB/tasks", json!({ "title": title })).await;
        }
        let link = |task: &str, other: &str| {
            let (address, body) = (
                format!("/api/v1/tasks/{task}/dependencies"),
                json!({ "relation": "blocked_by", "task": other }),
            );
            let admin = &admin;
            async move { admin.post(&address).json(&body).await }
        };
        let linked = link("WEB-2", "WEB-1").await;
        assert_eq!(linked.status, 200, "{}", linked.text());
        assert_eq!(linked.json()["tasks"][0]["key"], "WEB-1");
        assert!(linked.json()["blocked_since"].is_string());
        assert_eq!(link("WEB-3", "WEB-2").await.status, 200);
        let refused = link("WEB-1", "WEB-3").await;
        assert_eq!((refused.status, refused.code()), (409, "cycle".to_owned()));
        let problem = refused.json();
        assert_eq!(problem["type"], "urn:pms:problem:cycle");
        let path: Vec<_> = problem["path"].as_array().expect("a path").iter().collect();
        let keys: Vec<_> = path.iter().map(|task| task["key"].as_str().unwrap_or_default()).collect();
        assert_eq!(keys, ["WEB-3", "WEB-1", "WEB-2"]);
        assert_eq!(path[0]["refused"], true);
        assert_eq!(path[1]["title"], "One");

        let blocked = admin.post("/api/v1/tasks/WEB-2/complete").json(&json!({ "version": 2 })).await;
        assert_eq!((blocked.status, blocked.code()), (409, "blocked".to_owned()), "{}", blocked.text());
        assert_eq!(blocked.json()["blocked"][0]["blockers"][0]["key"], "WEB-1");

        let unblocked = admin
            .post("/api/v1/tasks/WEB-2/unblock")
            .json(&json!({ "version": 2, "reason": "It is urgent" }))
            .await;
        assert_eq!(unblocked.status, 200, "{}", unblocked.text());
        assert!(unblocked.json()["overridden_at"].is_string());
        let list = admin.get("/api/v1/tasks?project=WEB&waiting=blocked").await;
        assert_eq!(list.json()["items"].as_array().map(Vec::len), Some(1), "{}", list.text());
        let gone = admin.delete("/api/v1/tasks/WEB-3/dependencies/blocked_by/WEB-2").await;
        assert_eq!(gone.status, 204, "{}", gone.text());
        let again = admin.delete("/api/v1/tasks/WEB-3/dependencies/blocked_by/WEB-2").await;
        assert_eq!((again.status, again.code()), (404, "not_found".to_owned()));
        let drawn = admin.get("/api/v1/projects/WEB/graph").await;
        assert_eq!(drawn.json()["links"].as_array().map(Vec::len), Some(1), "{}", drawn.text());
    });
}

#[test]
fn where_dependencies_are_turned_off_nothing_of_them_is_offered() {
    both(|db| async move {
        let app = App::without_dependencies(db).await;
        let admin = app.browser("admin").await;
        admin.create("/api/v1/projects", json!({ "name": "Web", "key": "WEB" })).await;
        admin.create("/api/v1/projects/WEB/tasks", json!({ "title": "One" })).await;
        let refused = admin.get("/api/v1/tasks/WEB-1/dependencies").await;
        assert_eq!((refused.status, refused.code()), (409, "turned_off".to_owned()));
        assert_eq!(admin.get("/api/auth/me").await.json()["dependencies"], false);
        let view = admin.get("/api/v1/tasks/WEB-1/view").await;
        assert_eq!(view.json()["has_dependencies"], false);
        let page = admin.get("/tasks/WEB-1").await;
        let page = page.text();
        assert!(!page.contains("dependencies-title") && !page.contains("/projects/WEB/graph"), "{page}");
    });
}
