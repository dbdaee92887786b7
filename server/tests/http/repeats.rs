//! Writes that are sent again because their answer was lost.

use crate::support::{Answer, App, Client, both};
use serde_json::{Value, json};

async fn create(client: &Client, key: &str, body: &Value) -> Answer {
    client.post("/api/v1/projects").header("idempotency-key", key).json(body).await
}

#[test]
fn a_repeat_with_its_key_is_answered_alike_and_done_once() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let body = json!({ "name": "Website" });
        let first = create(&admin, "k1", &body).await;
        assert_eq!((first.status, first.header("idempotent-replayed")), (201, None));
        let again = create(&admin, "k1", &body).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (201, Some("true")));
        for name in ["location", "etag", "content-type"] {
            assert_eq!(first.header(name), again.header(name), "{name}");
        }
        assert_eq!(first.json(), again.json());
        assert_eq!(admin.get("/api/v1/projects").await.items().len(), 1);
        app.w.clock.advance_seconds(25 * 60);
        assert_eq!(create(&admin, "k1", &body).await.json(), first.json(), "also later that day");
    });
}

#[test]
fn a_key_that_came_with_another_request_is_refused() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        create(&admin, "k1", &json!({ "name": "Website" })).await;
        let other = create(&admin, "k1", &json!({ "name": "Shop" })).await;
        assert_eq!(other.status, 409);
        insta::assert_json_snapshot!(other.problem(), @r#"
        {
          "code": "idempotency_key_reused",
          "detail": "This Idempotency-Key was sent with another request. Use a new key for each request.",
          "instance": "/api/v1/projects",
          "status": 409,
          "title": "Conflict",
          "type": "urn:pms:problem:idempotency_key_reused"
        }
        "#);
        let other =
            admin.post("/api/v1/teams").header("idempotency-key", "k1").json(&json!({ "name": "Ops" }));
        assert_eq!(other.await.code(), "idempotency_key_reused");
    });
}

#[test]
fn keys_are_each_persons_own() {
    both(|db| async move {
        let app = App::new(db).await;
        let (admin, mia) = (app.browser("admin").await, app.person("mia", "Project manager").await);
        let body = json!({ "name": "Website" });
        let (one, other) = (create(&admin, "k1", &body).await, create(&mia, "k1", &body).await);
        assert_eq!((one.status, other.status), (201, 201));
        assert_ne!(one.json()["id"], other.json()["id"]);
    });
}

#[test]
fn what_was_refused_may_be_mended_and_sent_with_the_same_key() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        assert_eq!(create(&admin, "k1", &json!({ "name": "" })).await.status, 422);
        assert_eq!(create(&admin, "k1", &json!({ "name": "Website" })).await.status, 201);
        let long = "k".repeat(191);
        let answer = create(&admin, &long, &json!({ "name": "Website" })).await;
        assert_eq!(answer.wrong_fields(), [("Idempotency-Key".to_owned(), "length".to_owned())]);
    });
}

#[test]
fn repeats_at_the_same_moment_are_done_once() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let all = (0..10).map(|_| {
            let admin = admin.clone();
            tokio::spawn(async move { create(&admin, "k1", &json!({ "name": "Website" })).await.status })
        });
        let mut statuses = Vec::new();
        for one in all.collect::<Vec<_>>() {
            statuses.push(one.await.unwrap());
        }
        assert!(statuses.contains(&201), "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
        assert_eq!(admin.get("/api/v1/projects").await.items().len(), 1);
    });
}

#[test]
fn a_sign_in_and_a_new_token_are_kept_for_no_repeat() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let body = json!({ "name": "Backup", "days": 30 });
        let ask = || admin.post("/api/v1/tokens").header("idempotency-key", "k1").json(&body);
        let (one, other) = (ask().await.json(), ask().await.json());
        assert_ne!(one["secret"], other["secret"]);
    });
}

#[test]
fn a_create_with_an_id_of_its_own_is_one_row_however_often_it_is_sent() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let id = |number: u8| format!("0197a000-0000-7000-8000-0000000000{number:02}");
        let project = json!({ "id": id(1), "name": "Website", "key": "WEB" });
        let role = app.w.role("Member").await;
        let first = admin.create("/api/v1/projects", project.clone()).await;
        assert_eq!(first["id"], id(1));
        assert_eq!(admin.create("/api/v1/projects", project).await, first);
        let person = json!({
            "id": id(2), "username": "bob", "email": "bob@example.org", "password": "quiet harbour at noon",
            "role_id": role,
        });
        for (path, body) in [
            ("/api/v1/tasks", json!({ "id": id(3), "project": "WEB", "title": "Build it" })),
            ("/api/v1/labels", json!({ "id": id(4), "project": "WEB", "name": "Bug" })),
            ("/api/v1/comments", json!({ "id": id(5), "task": "WEB-1", "body": "Done?" })),
            ("/api/v1/teams", json!({ "id": id(6), "name": "Ops" })),
            ("/api/v1/roles", json!({ "id": id(7), "name": "Guest" })),
            ("/api/v1/projects/WEB/columns", json!({ "id": id(8), "name": "Review", "category": "doing" })),
            ("/api/v1/users", person),
        ] {
            let first = admin.create(path, body.clone()).await;
            let again = admin.create(path, body.clone()).await;
            assert_eq!((&first["id"], &first), (&body["id"], &again), "{path}");
        }
        assert_eq!(admin.get("/api/v1/tasks").await.items().len(), 1);
        let other = json!({ "id": id(4), "project": "WEB", "name": "Other" });
        let answer = admin.create("/api/v1/labels", other).await;
        assert_eq!(answer["name"], "Bug", "the same id is the same label");
    });
}

#[test]
fn an_id_that_is_somebody_elses_is_refused_without_showing_what_it_is() {
    both(|db| async move {
        let app = App::new(db).await;
        let project = app.w.project(&app.w.admin, "WEB").await;
        let mia = app.person("mia", "Project manager").await;
        let answer = mia.post("/api/v1/projects").json(&json!({ "id": project.id, "name": "Mine" })).await;
        assert_eq!(answer.wrong_fields(), [("id".to_owned(), "taken".to_owned())]);
        assert!(!answer.text().contains("WEB"), "{}", answer.text());
    });
}

#[test]
fn a_large_answer_is_repeated_and_its_write_done_once() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let items = (0..2_500).map(|number| format!("- [ ] item {number} {}\n", "of many ".repeat(10)));
        let body = json!({ "project_key": "BIG", "markdown": items.collect::<String>() });
        let import = || admin.post("/api/v1/import/checklist").header("idempotency-key", "k1").json(&body);
        let first = import().await;
        assert!(first.text().len() > 256 * 1024, "{}", first.text().len());
        assert_eq!(first.json()["created"], 2_500);
        let again = import().await;
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.json()["created"], 2_500);
    });
}
