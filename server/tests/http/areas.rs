//! Each area of the API, walked as a program would: made, listed, read, changed, taken away. That the answers are as the
//! API's description says is compared at every request.

use crate::support::{Answer, App, Client, both};
use serde_json::{Value, json};
use testkit::workspace::PASSWORD;

fn id(row: &Value) -> &str {
    row["id"].as_str().expect("an id")
}

/// Makes something, finds it where the answer says that it is, and gives that address.
async fn made(client: &Client, path: &str, body: Value) -> (String, Value) {
    let answer = client.post(path).json(&body).await;
    assert_eq!(answer.status, 201, "{path}: {}", answer.text());
    let there = answer.header("location").expect("a place").to_owned();
    let read = client.get(&there).await;
    assert_eq!((read.status, read.json(), read.header("etag")), (200, answer.json(), answer.header("etag")));
    (there, answer.json())
}

async fn done(answer: impl IntoFuture<Output = Answer>) {
    let answer = answer.await;
    assert!([200, 204].contains(&answer.status), "{} {}", answer.status, answer.text());
}

#[test]
fn every_area_answers_a_list() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        admin.create("/api/v1/tasks", json!({ "project": "WEB", "title": "Build it" })).await;
        for (area, at_least) in [
            ("projects", 1),
            ("tasks", 1),
            ("tasks?project=WEB", 1),
            ("comments", 0),
            ("labels", 0),
            ("teams", 0),
            ("users", 1),
            ("roles", 5),
            ("permissions", 20),
            ("activity", 2),
            ("sessions", 1),
            ("search?q=build", 1),
            ("search", 0),
            ("tokens", 0),
            ("audit", 2),
        ] {
            let list = admin.read(&format!("/api/v1/{area}")).await;
            assert!(list["items"].as_array().expect("a list").len() >= at_least, "{area}: {list}");
            assert!(list["next"].is_null() && list.as_object().unwrap().len() == 2, "{area}: {list}");
        }
    });
}

#[test]
fn a_project_from_its_beginning_to_its_end() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let body =
            json!({ "name": "Web shop", "key": "web", "description": "*All* of it", "due_on": "2026-03-01" });
        let (path, project) = made(&admin, "/api/v1/projects", body).await;
        assert_eq!((&project["key"], &project["due_on"]), (&"WEB".into(), &"2026-03-01".into()));
        assert_eq!(admin.read("/api/v1/projects/web").await, project, "also by its key, in any letters");
        let view = admin.read("/api/v1/projects/WEB/view").await;
        assert_eq!(view["description_html"], "<p><em>All</em> of it</p>\n");
        let change = json!({ "status": "done", "due_on": null });
        let changed = admin.patch(&path).header("if-match", "\"1\"").json(&change).await;
        assert_eq!(changed.header("etag"), Some("\"2\""));
        assert_eq!((&changed.json()["status"], &changed.json()["due_on"]), (&"done".into(), &Value::Null));
        for (act, version, lifecycle) in [("archive", 2, "archived"), ("unarchive", 3, "active")] {
            let answer = admin.post(&format!("{path}/{act}")).json(&json!({ "version": version })).await;
            assert_eq!((answer.status, &answer.json()["lifecycle"]), (200, &lifecycle.into()), "{act}");
        }
        done(admin.delete(&path).header("if-match", "\"4\"")).await;
        assert!(admin.get("/api/v1/projects").await.items().is_empty());
        assert_eq!(admin.get("/api/v1/projects?lifecycle=deleted").await.items().len(), 1);
        done(admin.post(&format!("{path}/restore")).header("if-match", "\"5\"")).await;
        assert_eq!(admin.get("/api/v1/projects?search=shop").await.items().len(), 1);
    });
}

#[test]
fn people_and_teams_come_into_a_project_and_leave_it() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let (member, viewer) = (app.w.role("Member").await, app.w.role("Viewer").await);
        let person =
            json!({ "username": "bob", "email": "bob@example.org", "password": PASSWORD, "role_id": member });
        let (bob_at, bob) = made(&admin, "/api/v1/users", person).await;
        let bob = id(&bob).to_owned();
        let (team_at, team) = made(&admin, "/api/v1/teams", json!({ "name": "Ops", "lead_id": bob })).await;
        let team = id(&team).to_owned();
        done(admin.put(&format!("{team_at}/members")).json(&json!({ "user_ids": [bob] }))).await;
        done(admin.delete(&format!("{team_at}/members/{bob}"))).await;
        done(admin.put(&format!("{team_at}/members/{bob}"))).await;
        assert_eq!(admin.get(&format!("{team_at}/members")).await.items()[0]["username"], "bob");
        let (members, teams) = ("/api/v1/projects/WEB/members", "/api/v1/projects/WEB/teams");
        done(admin.post(members).json(&json!({ "user_id": bob, "role_id": member }))).await;
        done(admin.post(teams).json(&json!({ "team_id": team, "role_id": member }))).await;
        done(admin.patch(&format!("{members}/{bob}")).json(&json!({ "role_id": viewer }))).await;
        done(admin.patch(&format!("{teams}/{team}")).json(&json!({ "role_id": viewer }))).await;
        let there = admin.read(members).await;
        let roles: Vec<_> = there["members"].as_array().unwrap().iter().map(|m| &m["role_name"]).collect();
        assert_eq!((roles.len(), there["teams"][0]["member_count"].as_i64()), (3, Some(1)));
        assert_eq!(admin.get("/api/v1/projects/WEB/people").await.items().len(), 2);
        assert_eq!(app.browser("bob").await.get("/api/v1/projects").await.items().len(), 1);
        done(admin.delete(&format!("{members}/{bob}"))).await;
        done(admin.delete(&format!("{teams}/{team}"))).await;
        assert!(app.browser("bob").await.get("/api/v1/projects").await.items().is_empty());
        done(admin.delete(&team_at)).await;
        let disabled = admin.patch(&bob_at).json(&json!({ "version": 1, "status": "disabled" })).await;
        assert_eq!(disabled.json()["status"], "disabled");
        assert!(admin.get("/api/v1/users/options?search=bob").await.items().is_empty());
        assert_eq!(admin.get("/api/v1/users?status=disabled").await.items().len(), 1);
    });
}

#[test]
fn a_board_and_its_cards() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let columns = "/api/v1/projects/WEB/columns";
        let (review_at, review) =
            made(&admin, columns, json!({ "name": "Review", "category": "doing" })).await;
        for title in ["one", "two"] {
            admin.create("/api/v1/projects/WEB/tasks", json!({ "title": title })).await;
        }
        let moved = admin.patch(&review_at).json(&json!({ "version": 1, "position": 0 })).await.json();
        assert_eq!(moved["position"], 0);
        let to = json!({ "column_id": review["id"] });
        done(admin.post("/api/v1/tasks/WEB-2/move").header("if-match", "\"1\"").json(&to)).await;
        let board = admin.read("/api/v1/projects/WEB/board").await;
        assert_eq!(board["columns"][0]["cards"][0]["key"], "WEB-2");
        let found = admin.read("/api/v1/projects/WEB/board?search=one").await;
        assert!(found["columns"][0]["cards"].as_array().unwrap().is_empty());
        let full = admin.delete(&review_at).await;
        assert_eq!((full.status, full.code()), (409, "column_not_empty".to_owned()));
        let back = json!({ "tasks": [board["columns"][0]["cards"][0]["id"]], "column_id": board["columns"][1]["column"]["id"] });
        let bulk = admin.post("/api/v1/projects/WEB/tasks/bulk").json(&back).await;
        assert_eq!(bulk.json(), json!({ "changed": 1, "unchanged": 0 }));
        done(admin.delete(&review_at)).await;
        assert_eq!(admin.get(columns).await.items().len(), 4);
    });
}

#[test]
fn a_task_from_its_beginning_to_its_end() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let (label_at, label) = made(&admin, "/api/v1/projects/WEB/labels", json!({ "name": "Bug" })).await;
        let body =
            json!({ "project": "WEB", "title": "Mend it", "labels": [label["id"]], "estimate_minutes": 90 });
        let (path, task) = made(&admin, "/api/v1/tasks", body).await;
        assert_eq!((&task["key"], &task["labels"][0]["name"]), (&"WEB-1".into(), &"Bug".into()));
        let (_, child) = made(
            &admin,
            "/api/v1/tasks",
            json!({ "project": "WEB", "title": "First", "parent_id": task["id"] }),
        )
        .await;
        assert_eq!(admin.read("/api/v1/tasks/WEB-1/view").await["children"][0]["key"], child["key"]);
        let (comment_at, _) =
            made(&admin, "/api/v1/tasks/WEB-1/comments", json!({ "body": "Hello **you**" })).await;
        let answer =
            admin.patch(&comment_at).header("if-match", "\"1\"").json(&json!({ "body": "Hello" })).await;
        assert_eq!(answer.json()["body_html"], "<p>Hello</p>\n");
        done(admin.put("/api/v1/tasks/WEB-1/watch")).await;
        done(admin.delete("/api/v1/tasks/WEB-1/watch")).await;
        let mut version = admin.read(&path).await["version"].as_i64().unwrap();
        for (act, field, value) in [
            ("complete", "category", "done"),
            ("reopen", "category", "todo"),
            ("archive", "lifecycle", "archived"),
            ("unarchive", "lifecycle", "active"),
        ] {
            let answer = admin.post(&format!("{path}/{act}")).json(&json!({ "version": version })).await;
            assert_eq!((answer.status, &answer.json()[field]), (200, &value.into()), "{act}");
            version = answer.json()["version"].as_i64().unwrap();
        }
        let edit = json!({ "title": "Mend it all", "labels": [], "estimate_minutes": null });
        let edited = admin.patch(&path).header("if-match", format!("\"{version}\"")).json(&edit).await.json();
        assert_eq!((&edited["title"], &edited["estimate_minutes"]), (&"Mend it all".into(), &Value::Null));
        done(admin.delete(&path).json(&json!({ "version": version + 1 }))).await;
        assert_eq!(admin.get("/api/v1/tasks?project=WEB&lifecycle=deleted").await.items().len(), 2);
        done(admin.post(&format!("{path}/restore")).json(&json!({ "version": version + 2 }))).await;
        done(admin.delete(&comment_at)).await;
        done(admin.delete(&label_at)).await;
        assert_eq!(admin.get(&label_at).await.status, 404);
        let actions: Vec<_> = admin.get("/api/v1/activity?task=WEB-1").await.items();
        assert_eq!(actions.last().unwrap()["action"], "task.created");
    });
}

#[test]
fn roles_are_made_changed_and_explained() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let new = json!({ "name": "Auditor", "permissions": ["audit.view", "user.view"] });
        let (path, _) = made(&admin, "/api/v1/roles", new).await;
        let ann = app.person("ann", "Auditor").await;
        assert_eq!(ann.get("/api/v1/audit").await.status, 200);
        let why = ann.read("/api/v1/permissions/why?permission=role.manage").await;
        assert_eq!(why["allowed"], false);
        assert!(!why["reasons"].as_array().unwrap().is_empty(), "{why}");
        let less = json!({ "version": 1, "permissions": ["user.view"] });
        done(admin.patch(&path).json(&less)).await;
        assert_eq!(ann.get("/api/v1/audit").await.status, 403, "with the next request");
        let in_use = admin.delete(&path).await;
        assert_eq!((in_use.status, in_use.code()), (409, "role_in_use".to_owned()));
    });
}

#[test]
fn quick_search_finds_keys_words_and_projects() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        for title in ["Paint the fence", "Paint the door"] {
            admin.create("/api/v1/tasks", json!({ "project": "WEB", "title": title })).await;
        }
        let found = async |query: &str| admin.get(&format!("/api/v1/search?q={query}")).await.items();
        let by_key = found("web-2").await;
        assert_eq!(
            (&by_key[0]["kind"], &by_key[0]["task"]["title"]),
            (&"task".into(), &"Paint the door".into())
        );
        assert_eq!(found("paint").await.len(), 2);
        let by_name = found("project").await;
        assert_eq!((&by_name[0]["kind"], &by_name[0]["project"]["key"]), (&"project".into(), &"WEB".into()));
        let stranger = app.person("mallory", "Member").await;
        assert!(stranger.get("/api/v1/search?q=paint").await.items().is_empty());
    });
}

#[test]
fn a_checklist_becomes_a_project_and_is_updated_by_the_next() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let import = async |markdown: &str, dry_run: bool| {
            let body = json!({ "project_key": "OPS", "markdown": markdown, "dry_run": dry_run });
            let answer = admin.post("/api/v1/import/checklist").json(&body).await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            answer.json()
        };
        let dry = import("# Launch\n- [ ] one\n- [x] two\n", true).await;
        assert_eq!((dry["items"].as_i64(), dry["project_created"].as_bool()), (Some(2), Some(true)));
        assert!(admin.get("/api/v1/projects").await.items().is_empty(), "only told");
        import("# Launch\n- [ ] one\n- [x] two\n", false).await;
        let again = import("# Launch\n- [x] one\n- [x] two\n", false).await;
        assert_eq!((again["created"].as_i64(), again["updated"].as_i64()), (Some(0), Some(1)));
        // Twice as large as other bodies may be.
        let item = format!("- [ ] one\n{}", "  some words below\n".repeat(1_800));
        assert_eq!(import(&item.repeat(60), true).await["items"], 60);
        let body = json!({ "project_key": "OPS", "markdown": "x".repeat(3 * 1024 * 1024) });
        assert_eq!(admin.post("/api/v1/import/checklist").json(&body).await.status, 413);
    });
}

#[test]
fn ones_own_account_sessions_and_tokens() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let other = app.browser("admin").await;
        let renamed =
            admin.patch("/api/v1/account").json(&json!({ "version": 1, "display_name": "Ada" })).await;
        assert_eq!(renamed.json()["display_name"], "Ada");
        let sessions = admin.get("/api/v1/sessions").await.items();
        let current: Vec<_> = sessions.iter().map(|s| s["current"] == true).collect();
        assert_eq!((current.len(), current.iter().filter(|is| **is).count()), (2, 1));
        done(admin.delete("/api/v1/sessions")).await;
        assert_eq!(other.get("/api/auth/me").await.status, 401);
        let me = admin.read("/api/auth/me").await;
        done(admin.delete(&format!("/api/v1/users/{}/sessions", id(&me["user"])))).await;
        assert_eq!(admin.get("/api/auth/me").await.status, 401);
        assert_eq!(app.browser("admin").await.read("/api/v1/home").await["assigned_count"], 0);
    });
}
