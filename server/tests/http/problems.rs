//! What a request that was not done is answered with.

use crate::support::{App, both};
use serde_json::json;
use std::time::Duration;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

#[test]
fn nobody_is_told_to_sign_in() {
    both(|db| async move {
        let answer = App::new(db).await.anonymous().get("/api/v1/projects").await;
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        insta::assert_json_snapshot!(answer.problem(), @r#"
        {
          "code": "unauthenticated",
          "detail": "You are not signed in. Sign in and try again.",
          "instance": "/api/v1/projects",
          "status": 401,
          "title": "Unauthorized",
          "type": "urn:pms:problem:unauthenticated"
        }
        "#);
    });
}

#[test]
fn who_may_see_but_not_change_is_told_what_is_missing() {
    both(|db| async move {
        let app = App::new(db).await;
        app.w.project(&app.w.admin, "WEB").await;
        let admin = app.browser("admin").await;
        let viewer = app.w.user("eve", "Viewer").await.user_id.unwrap();
        let member = json!({ "user_id": viewer, "role_id": app.w.role("Viewer").await });
        assert_eq!(admin.post("/api/v1/projects/WEB/members").json(&member).await.status, 204);
        let eve = app.browser("eve").await;
        assert_eq!(eve.get("/api/v1/projects/WEB").await.status, 200);
        let answer = eve.post("/api/v1/labels").json(&json!({ "project": "WEB", "name": "Bug" })).await;
        assert_eq!(answer.status, 403);
        insta::assert_json_snapshot!(answer.problem(), @r#"
        {
          "code": "forbidden",
          "detail": "You may not do this: it needs the permission “label.manage”. Ask someone who manages roles or this project's members.",
          "instance": "/api/v1/labels",
          "status": 403,
          "title": "Forbidden",
          "type": "urn:pms:problem:forbidden"
        }
        "#);
    });
}

#[test]
fn what_is_not_there_and_what_one_may_not_see_are_the_same() {
    both(|db| async move {
        let app = App::new(db).await;
        let project = app.w.project(&app.w.admin, "WEB").await;
        let task = app.w.task(&app.w.refresh(&app.w.admin).await, &project, "Secret").await.summary;
        let stranger = app.person("mallory", "Project manager").await;
        for (there, not_there) in [
            ("/api/v1/projects/WEB".to_owned(), "/api/v1/projects/NONE".to_owned()),
            (format!("/api/v1/projects/{}", project.id), format!("/api/v1/projects/{}", task.id)),
            ("/api/v1/tasks/WEB-1".into(), "/api/v1/tasks/WEB-2".into()),
            (format!("/api/v1/tasks/{}", task.id), format!("/api/v1/tasks/{}", project.id)),
            ("/api/v1/projects/WEB/tasks".into(), "/api/v1/projects/NONE/tasks".into()),
            ("/api/v1/tasks?project=WEB".into(), "/api/v1/tasks?project=NONE".into()),
            ("/api/v1/activity?task=WEB-1".into(), "/api/v1/activity?task=WEB-2".into()),
            ("/api/v1/tasks/WEB-1/comments".into(), "/api/v1/tasks/WEB-2/comments".into()),
            (format!("/api/v1/columns/{}", task.column_id), format!("/api/v1/columns/{}", task.id)),
        ] {
            let (there, not_there) = (stranger.get(&there).await, stranger.get(&not_there).await);
            assert_eq!(there.status, 404);
            let words = |answer: &crate::support::Answer| answer.problem()["detail"].clone();
            assert_eq!(words(&there), words(&not_there));
        }
        insta::assert_json_snapshot!(stranger.get("/api/v1/tasks/WEB-1").await.problem(), @r#"
        {
          "code": "not_found",
          "detail": "There is no such task, or you do not have access to it.",
          "instance": "/api/v1/tasks/WEB-1",
          "status": 404,
          "title": "Not Found",
          "type": "urn:pms:problem:not_found"
        }
        "#);
    });
}

#[test]
fn a_stale_change_gets_the_current_row() {
    both(|db| async move {
        let app = App::new(db).await;
        app.w.project(&app.w.admin, "WEB").await;
        let admin = app.browser("admin").await;
        let label = admin.create("/api/v1/labels", json!({ "project": "WEB", "name": "Bug" })).await;
        let path = format!("/api/v1/labels/{}", label["id"].as_str().unwrap());
        let first = admin.patch(&path).header("if-match", "\"1\"").json(&json!({ "name": "Fault" })).await;
        assert_eq!((first.status, first.header("etag")), (200, Some("\"2\"")));
        let stale = admin.patch(&path).header("if-match", "\"1\"").json(&json!({ "colour": "red" })).await;
        assert_eq!(stale.status, 409);
        assert_eq!(stale.problem()["current"], first.json());
        assert_eq!(stale.problem()["current"], admin.read(&path).await);
        insta::assert_json_snapshot!(stale.problem(), @r#"
        {
          "code": "conflict",
          "current": {
            "colour": "blue",
            "id": "01900000-0017-7000-8000-000000000017",
            "name": "Fault",
            "project_id": "01900000-0009-7000-8000-000000000009",
            "version": 2
          },
          "detail": "Someone changed this label while you were editing. Look at the current one and save again.",
          "instance": "/api/v1/labels/01900000-0017-7000-8000-000000000017",
          "status": 409,
          "title": "Conflict",
          "type": "urn:pms:problem:conflict"
        }
        "#);
        let by_body = admin.patch(&path).json(&json!({ "version": 2, "colour": "red" })).await;
        assert_eq!(by_body.status, 200, "the body may say the version instead");
    });
}

#[test]
fn a_change_that_does_not_say_what_it_saw_is_not_done() {
    both(|db| async move {
        let app = App::new(db).await;
        app.w.project(&app.w.admin, "WEB").await;
        let admin = app.browser("admin").await;
        let silent = admin.patch("/api/v1/projects/WEB").json(&json!({ "name": "Shop" })).await;
        assert_eq!(silent.status, 428);
        insta::assert_json_snapshot!(silent.problem(), @r#"
        {
          "code": "version_required",
          "detail": "Say which version you saw: If-Match with the ETag you got, or “version” in the body.",
          "instance": "/api/v1/projects/WEB",
          "status": 428,
          "title": "Precondition Required",
          "type": "urn:pms:problem:version_required"
        }
        "#);
        let odd = admin.patch("/api/v1/projects/WEB").header("if-match", "W/\"x\"").json(&json!({})).await;
        assert_eq!((odd.status, odd.code()), (400, "bad_if_match".to_owned()));
        assert_eq!(admin.read("/api/v1/projects/WEB").await["name"], "Project WEB");
    });
}

#[test]
fn a_rule_of_the_product_says_why_not() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let me = admin.read("/api/auth/me").await["user"].clone();
        let path = format!("/api/v1/users/{}", me["id"].as_str().unwrap());
        let member = app.w.role("Member").await;
        let answer = admin.patch(&path).json(&json!({ "version": 1, "role_id": member })).await;
        assert_eq!(answer.status, 409);
        insta::assert_json_snapshot!(answer.problem(), @r#"
        {
          "code": "last_role_manager",
          "detail": "After this nobody could manage roles any more. Give that permission to someone else first.",
          "instance": "/api/v1/users/01900000-0006-7000-8000-000000000006",
          "status": 409,
          "title": "Conflict",
          "type": "urn:pms:problem:last_role_manager"
        }
        "#);
    });
}

#[test]
fn every_wrong_field_is_told_at_once() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let body = json!({ "username": "x", "email": "nowhere", "password": "short", "role_id": app.w.role("Member").await });
        let answer = admin.post("/api/v1/users").json(&body).await;
        assert_eq!(answer.status, 422);
        insta::assert_json_snapshot!(answer.problem(), @r#"
        {
          "code": "invalid",
          "detail": "Use at least 10 characters; this has 5. Several words work well. This is too short. Use at least 2 characters. Enter an address with one @, such as name@example.org.",
          "errors": [
            {
              "code": "too_short",
              "field": "password",
              "message": "Use at least 10 characters; this has 5. Several words work well."
            },
            {
              "code": "too_short",
              "field": "username",
              "message": "This is too short. Use at least 2 characters."
            },
            {
              "code": "email",
              "field": "email",
              "message": "Enter an address with one @, such as name@example.org."
            }
          ],
          "instance": "/api/v1/users",
          "status": 422,
          "title": "Unprocessable Entity",
          "type": "urn:pms:problem:invalid"
        }
        "#);
    });
}

#[test]
fn addresses_and_methods_that_are_not_there_are_told_as_problems() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        for path in ["/api/v1/nowhere", "/api/v2/projects", "/api/v1/projects/WEB/nowhere", "/api/"] {
            assert_eq!(admin.get(path).await.status, 404, "{path}");
        }
        insta::assert_json_snapshot!(admin.get("/api/v1/nowhere").await.problem(), @r#"
        {
          "code": "not_found",
          "detail": "There is nothing at this address. /api/docs lists what there is.",
          "instance": "/api/v1/nowhere",
          "status": 404,
          "title": "Not Found",
          "type": "urn:pms:problem:not_found"
        }
        "#);
        let answer = admin.put("/api/v1/projects").json(&json!({})).await;
        assert_eq!((answer.status, answer.code()), (405, "method_not_allowed".to_owned()));
        assert_eq!(answer.header("allow"), Some("GET,HEAD,POST"));
        let head = admin.ask("HEAD", "/api/v1/projects").await;
        assert_eq!((head.status, head.text()), (200, ""));
    });
}

#[test]
fn whoever_finds_no_room_is_told_to_come_back_and_places_are_given_back() {
    both(|db| async move {
        let flags = server::config::Flags::default();
        let app = App::with(db, flags, |config| config.limits.requests = 2).await;
        let admin = app.browser("admin").await;
        for key in ["WEB", "APP"] {
            app.w.project(&app.w.admin, key).await;
        }
        // What two of them want to change.
        let mut held = app.w.services.db.write().await.expect("a transaction");
        held.sql("UPDATE project SET name = name").run().await.expect("held");
        let mut working = JoinSet::new();
        for key in ["WEB", "APP"] {
            let edit = admin.patch(&format!("/api/v1/projects/{key}"));
            working.spawn(async move { edit.json(&json!({ "version": 1, "name": "New" })).await.status });
            timeout(Duration::from_secs(5), async {
                let left = 2 - working.len();
                while app.state.room.available_permits() > left {
                    sleep(Duration::from_millis(5)).await;
                }
            })
            .await
            .expect("it is in work");
        }
        let answer = admin.get("/api/v1/projects").await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
        let live = app.anonymous().get("/api/health/live").await;
        assert_eq!(live.status, 200, "who has much to do does not hang");
        drop(held);
        assert_eq!(working.join_all().await, [200, 200], "who had a place was not disturbed");
        assert_eq!(app.state.room.available_permits(), 2);
        assert_eq!(admin.get("/api/v1/projects").await.status, 200);
        insta::assert_json_snapshot!(answer.problem(), @r#"
        {
          "code": "unavailable",
          "detail": "The server has too much to do at this moment. Try again in a second.",
          "instance": "/api/v1/projects",
          "status": 503,
          "title": "Service Unavailable",
          "type": "urn:pms:problem:unavailable"
        }
        "#);
    });
}
