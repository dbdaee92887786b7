//! What people and programs send that is not what it seems.

use crate::support::{App, Client, both};
use serde_json::json;

async fn stage(app: &App) -> Client {
    app.w.project(&app.w.admin, "WEB").await;
    app.browser("admin").await
}

fn field(name: &str, code: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), code.to_owned())]
}

#[test]
fn text_over_its_limit_is_told_by_how_much() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        for (path, body, name) in [
            ("projects", json!({ "name": "x".repeat(81) }), "name"),
            ("projects", json!({ "name": "x", "description": "x".repeat(50_001) }), "description"),
            ("tasks", json!({ "project": "WEB", "title": "x".repeat(201) }), "title"),
            ("labels", json!({ "project": "WEB", "name": "x".repeat(81) }), "name"),
            ("teams", json!({ "name": "x".repeat(81) }), "name"),
            ("roles", json!({ "name": "x", "description": "x".repeat(301) }), "description"),
        ] {
            let answer = admin.post(&format!("/api/v1/{path}")).json(&body).await;
            assert_eq!(answer.wrong_fields(), field(name, "too_long"), "{path}");
        }
        let answer = admin.post("/api/v1/teams").json(&json!({ "name": "ä".repeat(83) })).await;
        insta::assert_json_snapshot!(answer.problem()["errors"], @r#"
        [
          {
            "code": "too_long",
            "field": "name",
            "message": "This is 83 characters long and the limit is 80. Shorten it by 3."
          }
        ]
        "#);
        let exact = json!({ "project": "WEB", "title": "ä".repeat(200), "description": "😀".repeat(50_000) });
        assert_eq!(admin.post("/api/v1/tasks").json(&exact).await.status, 201, "characters count, not bytes");
    });
}

#[test]
fn names_that_hide_or_turn_letters_are_refused() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        for (name, code) in [
            ("pay\u{200B}roll", "invisible"),
            ("pay\u{FEFF}roll", "invisible"),
            ("invoice\u{202E}fdp.exe", "invisible"),
            ("a\u{2066}b", "invisible"),
            ("a\0b", "control"),
            ("a\u{1b}[31mb", "control"),
            ("\u{200B}", "invisible"),
            (" \u{3000} ", "blank"),
        ] {
            let answer = admin.post("/api/v1/teams").json(&json!({ "name": name })).await;
            assert_eq!(answer.wrong_fields(), field("name", code), "{name:?}");
        }
        let answer = admin
            .post("/api/v1/tasks")
            .json(&json!({ "project": "WEB", "title": "x", "description": "a\nb\u{202E}c" }))
            .await;
        insta::assert_json_snapshot!(answer.problem()["errors"], @r#"
        [
          {
            "code": "invisible",
            "field": "description",
            "message": "Line 2 contains an invisible character that reorders text (U+202E). Delete it, or type that line again instead of pasting it."
          }
        ]
        "#);
        let emoji = json!({ "name": "Launch 👨\u{200D}👩\u{200D}👧 🚀" });
        assert_eq!(admin.post("/api/v1/teams").json(&emoji).await.status, 201);
    });
}

#[test]
fn names_that_look_the_same_are_the_same() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        admin.create("/api/v1/teams", json!({ "name": "Web Shop" })).await;
        for same in ["web shop", "  WEB   SHOP ", "Ｗｅｂ Shop", "Web\u{a0}Shop"] {
            let answer = admin.post("/api/v1/teams").json(&json!({ "name": same })).await;
            assert_eq!(answer.wrong_fields(), field("name", "taken"), "{same:?}");
        }
        admin.create("/api/v1/projects", json!({ "name": "Shop", "key": "SHOP" })).await;
        let answer = admin.post("/api/v1/projects").json(&json!({ "name": "Other", "key": "shop" })).await;
        assert_eq!(answer.wrong_fields(), field("key", "taken"));
    });
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        let body = b"{\"name\":\"\xff\xfe\"}".to_vec();
        let answer = admin.post("/api/v1/projects").body("application/json", body).await;
        assert_eq!((answer.status, answer.code()), (400, "bad_json".to_owned()));
        let half = admin.post("/api/v1/projects").body("application/json", "{\"name\":\"\\ud800\"}").await;
        assert_eq!(half.status, 400, "half of a pair is no character");
        let form = admin.post("/api/projects").body("application/x-www-form-urlencoded", "name=%ff%fe").await;
        assert_eq!((form.status, form.code()), (400, "not_utf8".to_owned()));
        assert_eq!(admin.get("/api/v1/tasks?search=%ff").await.code(), "not_utf8");
        for path in
            ["/api/v1/tasks?search=%ff", "/api/v1/projects/%ff", "/api/v1/tasks/%00", "/api/v1/search?q=%00"]
        {
            assert!(admin.get(path).await.status < 500, "{path}");
        }
    });
}

#[test]
fn markdown_with_script_is_text() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        let evil = "<script>alert(1)</script><img src=x onerror=alert(1)>[click](javascript:alert(1)) \
                    ![x](http://tracker.example/x.png) <a href=\"data:text/html,x\" onclick=\"x\">y</a>";
        let task = json!({ "project": "WEB", "title": "</title><b>bold</b>", "description": evil });
        admin.create("/api/v1/tasks", task).await;
        admin.create("/api/v1/comments", json!({ "task": "WEB-1", "body": evil })).await;
        let view = admin.read("/api/v1/tasks/WEB-1/view").await;
        let comment = admin.get("/api/v1/comments").await.items()[0]["body_html"].clone();
        for html in [view["description_html"].as_str().unwrap(), comment.as_str().unwrap()] {
            for part in ["<script", "<img", "<a href=\"javascript", "<a href=\"data", "<a href=\"http"] {
                assert!(!html.contains(part), "{part} in {html}");
            }
        }
        let project = json!({ "version": 1, "name": "</title><b>bold</b>", "description": evil });
        assert_eq!(admin.patch("/api/v1/projects/WEB").json(&project).await.status, 200);
        for path in [
            "/tasks/WEB-1",
            "/projects/WEB",
            "/projects/WEB/tasks",
            "/projects/WEB/board",
            "/",
            "/search?q=bold",
        ] {
            let answer = admin.get(path).await;
            let page = answer.text();
            assert!(page.contains("</html>"), "{path}: {page}");
            assert!(!page.contains("<script>alert") && !page.contains("<b>bold"), "nor in {path}");
        }
        assert_eq!(admin.read("/api/v1/tasks/WEB-1").await["description"], evil, "as it was written");
    });
}

#[test]
fn ids_of_a_foreign_project_nested_in_ones_own_path_are_not_there() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        let label = admin.create("/api/v1/labels", json!({ "project": "WEB", "name": "Secret" })).await;
        let task = admin.create("/api/v1/tasks", json!({ "project": "WEB", "title": "Secret" })).await;
        let mia = app.person("mia", "Project manager").await;
        mia.create("/api/v1/projects", json!({ "name": "Mine", "key": "MINE" })).await;
        mia.create("/api/v1/tasks", json!({ "project": "MINE", "title": "Mine" })).await;
        let unknown = json!("0190dead-0000-7000-8000-00000000beef");
        let (label, column, task) = (&label["id"], &task["column_id"], &task["id"]);
        // The answer has to be the same for what is foreign and for what is nowhere.
        for (name, foreign) in
            [("labels", json!([label])), ("parent_id", task.clone()), ("column_id", column.clone())]
        {
            let nowhere = if foreign.is_array() { json!([unknown]) } else { unknown.clone() };
            let create = async |value| {
                let mut body = json!({ "title": "x" });
                body[name] = value;
                mia.post("/api/v1/projects/MINE/tasks").json(&body).await
            };
            let edit = async |value| {
                let mut body = json!({ "version": 1 });
                body[name] = value;
                mia.patch("/api/v1/tasks/MINE-1").json(&body).await
            };
            let (a, b) = (create(foreign.clone()).await, create(nowhere.clone()).await);
            assert_eq!((a.status, a.problem()), (422, b.problem()), "{name}");
            let (a, b) = (edit(foreign).await, edit(nowhere).await);
            assert_eq!((a.status, a.problem()), (422, b.problem()), "{name}");
        }
        let to = |column: &serde_json::Value, after: &serde_json::Value| json!({ "version": 1, "column_id": column, "after": after });
        let own = mia.read("/api/v1/tasks/MINE-1").await["column_id"].clone();
        let step = async |body| mia.post("/api/v1/tasks/MINE-1/move").json(&body).await;
        let (a, b) = (step(to(column, &json!(null))).await, step(to(&unknown, &json!(null))).await);
        assert_eq!((a.status, a.problem()), (422, b.problem()));
        // A card that is not in the column any more is no place: its end is. A foreign one was never there.
        let (a, b) = (step(to(&own, task)).await, step(to(&own, &unknown)).await);
        assert_eq!((a.status, a.json()), (200, b.json()));
        let bulk = json!({ "tasks": [task], "priority": "high" });
        let answer = mia.post("/api/v1/projects/MINE/tasks/bulk").json(&bulk).await;
        assert!([404, 422].contains(&answer.status), "{}", answer.text());
        for path in
            [format!("labels/{}", label.as_str().unwrap()), format!("columns/{}", column.as_str().unwrap())]
        {
            assert_eq!(mia.delete(&format!("/api/v1/{path}")).await.status, 404, "{path}");
        }
        assert_eq!(admin.read("/api/v1/tasks/WEB-1").await["version"], 1, "nothing happened to it");
    });
}

#[test]
fn the_last_administrator_stays_one() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let me = admin.read("/api/auth/me").await["user"]["id"].as_str().unwrap().to_owned();
        let member = app.w.role("Member").await;
        let path = format!("/api/v1/users/{me}");
        for edit in
            [json!({ "version": 1, "role_id": member }), json!({ "version": 1, "status": "disabled" })]
        {
            let answer = admin.patch(&path).json(&edit).await;
            assert_eq!((answer.status, answer.code()), (409, "last_role_manager".to_owned()), "{edit}");
        }
        let role = app.w.role("Administrator").await;
        let edit = json!({ "version": 1, "permissions": ["user.view"] });
        let answer = admin.patch(&format!("/api/v1/roles/{role}")).json(&edit).await;
        assert_eq!((answer.status, answer.code()), (409, "last_role_manager".to_owned()));
    });
}

#[test]
fn no_address_leads_out_of_the_files_of_this_build() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        for path in [
            "/site.json",
            "/pkg/../site.json",
            "/pkg/..%2Fsite.json",
            "/pkg/%2e%2e/site.json",
            "/pkg/..%5Csite.json",
            "/pkg//etc/passwd",
            "/pkg/%2Fetc%2Fpasswd",
            "/alerts/x/..%2Fsite.json",
            "/alerts/x/..%2F..%2F..%2F..%2Fetc%2Fpasswd",
            "/alerts/../site.json",
        ] {
            assert_eq!(admin.get(path).await.status, 404, "{path}");
        }
    });
}

#[test]
fn what_looks_like_sql_is_words() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = stage(&app).await;
        let name = "Robert'); DROP TABLE task;--";
        admin.create("/api/v1/tasks", json!({ "project": "WEB", "title": name })).await;
        for words in ["Robert')", "%25", "_", "\"", "'", "\\", "a OR b", "NEAR(", "*", "-"] {
            for path in
                ["tasks?search=", "projects?search=", "users?search=", "users/options?search=", "search?q="]
            {
                let answer = admin
                    .get(&format!(
                        "/api/v1/{path}{}",
                        words.replace(' ', "+").replace('"', "%22").replace('\\', "%5C")
                    ))
                    .await;
                assert_eq!(answer.status, 200, "{path}{words}: {}", answer.text());
            }
        }
        assert_eq!(admin.read("/api/v1/tasks/WEB-1").await["title"], name);
    });
}
