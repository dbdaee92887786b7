//! What a request that was not done is answered with.

use crate::support::{App, both};
use axum::body::Body;
use serde_json::json;

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
fn a_value_of_another_kind_is_told_with_its_field() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        for (body, field, code) in [
            (json!({ "title": 7 }), "title", "unreadable"),
            (json!({ "title": "x", "due_on": "17.1.2026" }), "due_on", "unreadable"),
            (json!({ "title": "x", "labels": ["bug"] }), "labels[0]", "unreadable"),
            (json!({ "title": "x", "priority": "huge" }), "priority", "unreadable"),
            (json!({ "title": " " }), "title", "blank"),
        ] {
            let answer = admin.post("/api/v1/projects/WEB/tasks").json(&body).await;
            assert_eq!(answer.wrong_fields(), [(field.to_owned(), code.to_owned())], "{body}");
        }
        let answer = admin.post("/api/v1/tasks").json(&json!({ "title": "x" })).await;
        assert_eq!(answer.wrong_fields(), [("project".to_owned(), "missing".to_owned())]);
    });
}

#[test]
fn a_query_that_means_nothing_is_told() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let fields = async |path: &str| admin.get(path).await.wrong_fields();
        let pair = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        assert_eq!(
            fields("/api/v1/tasks?priority=huge&sort=colour").await,
            [pair("priority", "unknown"), pair("sort", "unknown")]
        );
        assert_eq!(fields("/api/v1/projects?limit=many").await, [pair("query", "unreadable")]);
        assert_eq!(fields("/api/v1/permissions/why").await, [pair("permission", "missing")]);
    });
}

#[test]
fn a_body_that_is_too_large_is_refused_by_its_length_and_while_it_is_read() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let large = format!("{{\"name\":\"{}\"}}", "x".repeat(1024 * 1024));
        let length = large.len().to_string();
        let announced = admin.post("/api/v1/projects").header("content-length", length);
        let announced = announced.body("application/json", large.clone()).await;
        assert_eq!(announced.status, 413);
        insta::assert_json_snapshot!(announced.problem(), @r#"
        {
          "code": "too_large",
          "detail": "This is larger than the limit of 1024 kB.",
          "instance": "/api/v1/projects",
          "status": 413,
          "title": "Payload Too Large",
          "type": "urn:pms:problem:too_large"
        }
        "#);
        let pieces = large.into_bytes().chunks(64 * 1024).map(|piece| Ok(piece.to_vec())).collect::<Vec<_>>();
        let stream = Body::from_stream(futures::stream::iter::<Vec<Result<_, std::io::Error>>>(pieces));
        let streamed = admin.post("/api/v1/projects").body("application/json", stream).await;
        assert_eq!((streamed.status, streamed.code()), (413, "too_large".to_owned()));
        assert!(admin.get("/api/v1/projects").await.items().is_empty());
    });
}

#[test]
fn a_kind_of_body_that_is_not_read_is_refused_with_those_that_are() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        for kind in ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""] {
            let answer = admin.post("/api/v1/projects").body(kind, "{\"name\":\"Website\"}").await;
            assert_eq!((answer.status, answer.code()), (415, "unsupported_media_type".to_owned()), "{kind}");
        }
        let answer = admin.post("/api/v1/projects").body("text/plain", "name=x").await;
        insta::assert_json_snapshot!(answer.problem(), @r#"
        {
          "code": "unsupported_media_type",
          "detail": "Send JSON with Content-Type: application/json, or a form with application/x-www-form-urlencoded.",
          "instance": "/api/v1/projects",
          "status": 415,
          "title": "Unsupported Media Type",
          "type": "urn:pms:problem:unsupported_media_type"
        }
        "#);
        let merge = admin
            .post("/api/v1/projects")
            .body("application/merge-patch+json", "{\"name\":\"Website\"}")
            .await;
        assert_eq!(merge.status, 201, "what is JSON by another name is read");
    });
}

#[test]
fn what_is_no_json_is_told_where_it_breaks() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        for body in ["{\"name\":", "name=Website", "{} {}", "\u{feff}{}"] {
            let answer = admin.post("/api/v1/projects").body("application/json", body).await;
            assert_eq!((answer.status, answer.code()), (400, "bad_json".to_owned()), "{body}");
        }
        let answer = admin.post("/api/v1/projects").body("application/json", "{\"name\" \"Website\"}").await;
        insta::assert_json_snapshot!(answer.problem(), @r#"
        {
          "code": "bad_json",
          "detail": "The body is not JSON: expected `:` at line 1 column 9.",
          "instance": "/api/v1/projects",
          "status": 400,
          "title": "Bad Request",
          "type": "urn:pms:problem:bad_json"
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
fn too_many_at_once_are_told_to_come_back() {
    both(|db| async move {
        let flags = server::config::Flags::default();
        let app = App::with(db, flags, |config| config.limits.requests = 0).await;
        let answer = app.anonymous().get("/api/v1/projects").await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
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
