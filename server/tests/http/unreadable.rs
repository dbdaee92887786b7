//! Requests that can't be read, or only to a part.

use crate::support::{App, both};
use axum::body::Body;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::json;

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

/// `{"name":"Packed","key":"PACKED"}` as gzip.
const PACKED: [u8; 49] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xab, 0x56, 0xca, 0x4b, 0xcc, 0x4d, 0x55,
    0xb2, 0x52, 0x0a, 0x48, 0x4c, 0xce, 0x4e, 0x4d, 0x51, 0xd2, 0x51, 0xca, 0x4e, 0xad, 0x04, 0x71, 0x1d,
    0x9d, 0xbd, 0x5d, 0x5d, 0x94, 0x6a, 0x01, 0xba, 0xe4, 0xa9, 0xf9, 0x20, 0x00, 0x00, 0x00,
];

/// A few bytes that become as many as somebody likes would get around the limit of bodies.
#[test]
fn a_packed_body_is_not_unpacked() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let packed = admin.post("/api/v1/projects").header("content-encoding", "gzip");
        let answer = packed.body("application/json", PACKED.to_vec()).await;
        assert_eq!((answer.status, answer.code()), (400, "bad_json".to_owned()));
        assert!(admin.get("/api/v1/projects").await.items().is_empty());
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

/// What takes no arguments, so that nothing can be unreadable, and ends the session.
const SIGN_OUT: &str = "/fn/session/sign-out";

#[test]
fn a_form_that_means_nothing_is_no_fault_of_ours() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let (mut unreadable, mut functions) = (0, 0);
        for (path, _) in server_fn_paths().filter(|(path, _)| *path != SIGN_OUT) {
            for body in [&b"\xff\xfe"[..], b"{\"title\":", b"a[b=%zz&=&&"] {
                let answer = admin
                    .post(path)
                    .header("accept", "application/json")
                    .body("application/x-www-form-urlencoded", body)
                    .await;
                assert!(answer.status < 500, "{path} {} {}", answer.status, answer.text());
                if answer.status == 400 {
                    assert!(answer.text().contains("The form could not be read"), "{}", answer.text());
                    unreadable += 1;
                }
            }
            functions += 1;
        }
        assert!(functions > 100 && unreadable > functions, "{unreadable} of {functions}");
        let missing = admin.post("/fn/label/create").header("accept", "application/json").form(&[]).await;
        assert_eq!(missing.status, 400, "{}", missing.text());
    });
}

#[test]
fn whoever_is_not_signed_in_is_told_that_first() {
    both(|db| async move {
        let app = App::new(db).await;
        let nobody = app.anonymous();
        let mut open = Vec::new();
        for (path, _) in server_fn_paths() {
            let ask = nobody.post(path).header("accept", "application/json");
            let answer = ask.body("application/json", &b"\xff"[..]).await;
            if answer.status == 401 {
                assert!(answer.text().contains("unauthenticated"), "{path} {}", answer.text());
            } else {
                open.push(path);
            }
        }
        open.sort_unstable();
        assert_eq!(
            open,
            [
                "/fn/session/is-set-up",
                "/fn/session/set-up",
                "/fn/session/sign-in",
                "/fn/session/sign-out",
                "/fn/urgent/acknowledge-linked",
                "/fn/urgent/linked",
            ]
        );
    });
}
