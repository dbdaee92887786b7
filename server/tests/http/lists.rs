//! Lists: pages, limits, and answers that need not be sent again.

use crate::support::{App, Client, both};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Every page of a list, walked by its cursors.
async fn walk(client: &Client, path: &str, limit: usize) -> Vec<Value> {
    let (mut all, mut cursor) = (Vec::new(), String::new());
    loop {
        let join = if path.contains('?') { '&' } else { '?' };
        let page = client.read(&format!("{path}{join}limit={limit}{cursor}")).await;
        let items = page["items"].as_array().expect("a list");
        assert!(items.len() <= limit, "{path}");
        all.extend(items.iter().cloned());
        match page["next"].as_str() {
            Some(next) => {
                assert_eq!(items.len(), limit, "{path}: a page that is not the last is full");
                cursor = format!("&cursor={}", next.replace(' ', "%20"));
            }
            None => return all,
        }
    }
}

fn ids(rows: &[Value]) -> BTreeSet<String> {
    let id = |row: &Value| row["id"].as_str().or(row["permission"].as_str()).expect("an id").to_owned();
    let ids: BTreeSet<_> = rows.iter().map(id).collect();
    assert_eq!(ids.len(), rows.len(), "no row comes twice");
    ids
}

/// A workspace with 23 of everything.
async fn stage(app: &App) -> Client {
    let admin = app.browser("admin").await;
    for number in 0..23 {
        let key = format!("P{number}");
        admin.create("/api/v1/projects", json!({ "name": format!("Project {number}"), "key": key })).await;
        admin.create("/api/v1/teams", json!({ "name": format!("Team {number}") })).await;
        app.w.user(&format!("user{number}"), "Member").await;
        let (colour, priority) = [("red", "low"), ("blue", "high")][number % 2];
        let task = json!({ "project": "P0", "title": "Task", "priority": priority });
        admin.create("/api/v1/tasks", task).await;
        let label = json!({ "project": "P0", "name": format!("Label {number}"), "colour": colour });
        admin.create("/api/v1/labels", label).await;
        admin
            .create("/api/v1/comments", json!({ "task": "P0-1", "body": format!("Comment {number}") }))
            .await;
        // Some within the same moment, some not.
        app.w.clock.advance_seconds(i64::from(number % 2 == 1));
    }
    admin
}

#[test]
fn a_walk_by_cursors_gives_every_row_once() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        for (path, count) in [
            ("/api/v1/projects", 23),
            ("/api/v1/teams", 23),
            ("/api/v1/users", 24),
            ("/api/v1/tasks", 23),
            ("/api/v1/tasks?sort=updated", 23),
            ("/api/v1/tasks?sort=-priority", 23),
            ("/api/v1/tasks?sort=due", 23),
            ("/api/v1/tasks?project=P0&sort=-number", 23),
            ("/api/v1/projects/P0/tasks?priority=high", 11),
            ("/api/v1/labels", 23),
            ("/api/v1/labels?project=P0", 23),
            ("/api/v1/comments", 23),
            ("/api/v1/comments?task=P0-1", 23),
            ("/api/v1/tasks/P0-1/comments", 23),
            ("/api/v1/activity?project=P0", 1 + 3 * 23),
            ("/api/v1/audit", 24 + 1),
        ] {
            let whole = ids(&walk(&admin, path, 200).await);
            assert_eq!(whole.len(), count, "{path}");
            for limit in [1, 5, 22, 23] {
                assert_eq!(ids(&walk(&admin, path, limit).await), whole, "{path} by {limit}");
            }
        }
    });
}

#[test]
fn rows_that_are_added_meanwhile_neither_hide_nor_repeat_others() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        let before = ids(&walk(&admin, "/api/v1/tasks", 200).await);
        let page = admin.read("/api/v1/tasks?limit=10").await;
        admin.create("/api/v1/tasks", json!({ "project": "P1", "title": "New" })).await;
        let cursor = page["next"].as_str().unwrap();
        let rest = admin.read(&format!("/api/v1/tasks?limit=200&cursor={cursor}")).await;
        let mut seen = page["items"].as_array().unwrap().clone();
        seen.extend(rest["items"].as_array().unwrap().iter().cloned());
        assert!(ids(&seen).is_superset(&before));
    });
}

#[test]
fn a_limit_is_brought_into_its_bounds_and_a_cursor_that_no_page_gave_is_refused() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        assert_eq!(admin.get("/api/v1/tasks?limit=0").await.items().len(), 1);
        assert_eq!(admin.get("/api/v1/tasks?limit=-5").await.items().len(), 1);
        assert_eq!(admin.get("/api/v1/tasks?limit=99999").await.items().len(), 23);
        assert_eq!(admin.get("/api/v1/tasks").await.items().len(), 23, "50 unless asked otherwise");
        for path in
            ["projects", "users", "tasks", "labels", "comments", "comments?task=P0-1", "activity", "audit"]
        {
            let join = if path.contains('?') { '&' } else { '?' };
            let answer = admin.get(&format!("/api/v1/{path}{join}cursor=%00x'--")).await;
            assert_eq!(answer.wrong_fields(), [("cursor".to_owned(), "unknown".to_owned())], "{path}");
        }
    });
}

#[test]
fn a_list_that_did_not_change_is_not_sent_again() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let project = app.w.project(&app.w.admin, "WEB").await;
        for path in ["/api/v1/projects", "/api/v1/tasks?project=WEB", "/api/v1/activity", "/api/v1/users"] {
            let first = admin.get(path).await;
            let tag = first.header("etag").expect("a tag").to_owned();
            let again = admin.get(path).header("if-none-match", tag.clone()).await;
            assert_eq!((again.status, again.text(), again.header("etag")), (304, "", Some(tag.as_str())));
            let kept = admin.get(path).await;
            assert_eq!((kept.status, kept.text()), (200, first.text()));
            app.w.task(&app.w.refresh(&app.w.admin).await, &project, "New").await;
            let changed = admin.get(path).header("if-none-match", tag.clone()).await;
            assert_eq!(changed.status, 200, "{path}");
            assert_ne!(changed.header("etag"), Some(tag.as_str()));
        }
    });
}

#[test]
fn one_persons_tag_says_nothing_about_anothers_list() {
    both(|db| async move {
        let app = App::new(db).await;
        let (admin, mia) = (app.browser("admin").await, app.person("mia", "Project manager").await);
        app.w.project(&app.w.admin, "WEB").await;
        let of_admin = admin.get("/api/v1/projects").await;
        let tag = of_admin.header("etag").unwrap().to_owned();
        let of_mia = mia.get("/api/v1/projects").header("if-none-match", tag).await;
        assert_eq!((of_mia.status, of_mia.items().len()), (200, 0));
    });
}
