//! The inbox and announcements over REST.

use crate::support::{App, both};
use serde_json::json;

async fn told(app: &App) {
    while services::notifications::tell(&app.w.services).await.expect("a round") > 0 {}
}

#[test]
fn an_inbox_is_listed_counted_marked_and_its_own() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let bob = app.person("bob", "Member").await;
        let me = bob.read("/api/auth/me").await;
        let viewer = app.w.role("Member").await;
        admin.create("/api/v1/projects", json!({ "name": "Web", "key": "WEB" })).await;
        let member = json!({ "user_id": me["user"]["id"], "role_id": viewer });
        let added = admin.post("/api/v1/projects/WEB/members").json(&member).await;
        assert!(added.status < 300, "{}", added.text());
        let task = json!({ "title": "Write it", "assignees": [me["user"]["id"]] });
        admin.create("/api/v1/projects/WEB/tasks", task).await;
        assert_eq!(bob.get("/api/v1/me/notifications").await.items().len(), 0, "not on the request's path");
        told(&app).await;

        let rows = bob.get("/api/v1/me/notifications?limit=1").await;
        let first = &rows.items()[0];
        assert_eq!((&first["event"], &first["reasons"]), (&json!("assigned"), &json!(["assigned"])));
        assert_eq!((&first["task"]["key"], &first["unread"]), (&json!("WEB-1"), &json!(true)));
        let next = rows.json()["next"].as_str().expect("more").to_owned();
        let rest = bob.get(&format!("/api/v1/me/notifications?cursor={next}")).await;
        assert_eq!(rest.items()[0]["event"], "membership");
        assert_eq!(rest.items()[0]["subject"], "Web");
        let count = bob.read("/api/v1/me/notifications/count").await;
        assert_eq!(count, json!({ "unread": 2, "more": false }));
        assert_eq!(admin.read("/api/v1/me/notifications/count").await["unread"], 0);

        let id = first["id"].as_str().expect("an id");
        let one = format!("/api/v1/me/notifications/{id}");
        assert_eq!(bob.get(&one).await.json()["subject"], "Write it");
        assert_eq!(admin.get(&one).await.status, 404);
        let mark = |mark: &str| json!({ "ids": [id], "mark": mark });
        let theirs = admin.post("/api/v1/me/notifications/mark").json(&mark("archive")).await;
        assert_eq!(theirs.json(), json!({ "changed": 0 }));
        let mine = bob.post("/api/v1/me/notifications/mark").json(&mark("archive")).await;
        assert_eq!(mine.json(), json!({ "changed": 1 }));
        assert_eq!(bob.get("/api/v1/me/notifications?shelf=archived").await.items().len(), 1);
        let all = json!({ "mark": "read", "until": id });
        let all = bob.post("/api/v1/me/notifications/mark-all").json(&all).await;
        assert_eq!(all.json(), json!({ "changed": 1 }));
        assert_eq!(bob.get("/api/v1/me/notifications?shelf=unread").await.items().len(), 0);
        let wrong = bob.get("/api/v1/me/notifications?shelf=attic").await;
        assert_eq!(wrong.wrong_fields(), [("shelf".to_owned(), "unknown".to_owned())]);
    });
}

#[test]
fn an_announcement_is_published_acknowledged_changed_and_withdrawn() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let bob = app.person("bob", "Member").await;
        let new = json!({ "title": "Closed on Friday", "body": "We *move*.", "acknowledge": true });
        assert_eq!(bob.post("/api/v1/announcements").json(&new).await.status, 403);
        let made = admin.create("/api/v1/announcements", new).await;
        let path = format!("/api/v1/announcements/{}", made["announcement"]["id"].as_str().expect("an id"));
        told(&app).await;
        let row = &bob.get("/api/v1/me/notifications").await.items()[0];
        assert_eq!(row["announcement"]["acknowledge"], true);
        let seen = bob.read(&path).await;
        assert_eq!((&seen["told"], &seen["may_manage"]), (&json!(true), &json!(false)));
        let done = bob.post(&format!("{path}/acknowledge")).await;
        assert!(done.json()["acknowledged_at"].is_string(), "{}", done.text());
        assert_eq!(bob.get(&format!("{path}/recipients")).await.status, 403);
        let who = admin.get(&format!("{path}/recipients?acknowledged=true")).await;
        assert_eq!(who.items()[0]["user"]["username"], "bob");
        let edit = json!({ "title": "Closed on Thursday" });
        assert_eq!(admin.patch(&path).json(&edit).await.status, 428);
        let changed = admin.patch(&path).header("if-match", "\"1\"").json(&edit).await;
        assert_eq!((changed.status, changed.header("etag")), (200, Some("\"2\"")));
        let stale = admin.post(&format!("{path}/withdraw")).json(&json!({ "version": 1 })).await;
        assert_eq!((stale.status, stale.code()), (409, "conflict".to_owned()));
        let gone = admin.post(&format!("{path}/withdraw")).json(&json!({ "version": 2 })).await;
        assert_eq!(gone.status, 200, "{}", gone.text());
        assert_eq!(bob.get(&path).await.status, 404);
        assert_eq!(bob.get("/api/v1/me/notifications").await.items().len(), 0);
        assert_eq!(admin.get("/api/v1/announcements").await.items().len(), 0);
    });
}

#[test]
fn what_is_told_is_chosen_in_general_and_for_a_project_and_what_is_locked_is_refused() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        admin.create("/api/v1/projects", json!({ "name": "Web", "key": "WEB" })).await;
        let all = "/api/v1/me/notification-preferences";
        let choice = |event: &str, channel: &str, wanted: bool| json!({ "choices": [{ "event": event, "channel": channel, "wanted": wanted }] });
        let changed = admin.patch(all).json(&choice("commented", "email", true)).await;
        assert_eq!(changed.status, 200, "{}", changed.text());
        let of_web = format!("{all}/WEB");
        let cells = admin.read(&of_web).await["cells"].as_array().expect("cells").clone();
        let cell = cells.iter().find(|cell| cell["event"] == "commented" && cell["channel"] == "email");
        assert_eq!(cell.map(|cell| (&cell["wanted"], &cell["chosen"])), Some((&json!(true), &json!(null))));
        let changed = admin.patch(&of_web).json(&choice("commented", "email", false)).await;
        assert_eq!(changed.json()["projects"][0]["key"], "WEB");
        let refused = admin.patch(all).json(&choice("mentioned", "inbox", false)).await;
        assert_eq!((refused.status, refused.code()), (409, "locked".to_owned()));
        let unknown = admin.patch(all).json(&choice("urgent", "inbox", false)).await;
        assert_eq!(unknown.status, 422, "there is nothing to mute");
        assert_eq!(admin.get(&format!("{all}/NOPE")).await.status, 404);

        let mut rhythm = admin.read(all).await["rhythm"].clone();
        rhythm["time_zone"] = json!("Europe/Berlin");
        rhythm["quiet"] = json!({ "from": 1_320, "until": 420 });
        let path = "/api/v1/me/notification-rhythm";
        assert_eq!(admin.put(path).json(&rhythm).await.json()["version"], 1);
        assert_eq!(admin.put(path).json(&rhythm).await.status, 409);
    });
}

#[test]
fn a_link_that_nobody_signed_ends_nothing() {
    both(|db| async move {
        let app = App::new(db).await;
        let nobody = app.anonymous();
        assert_eq!(nobody.get("/unsubscribe?token=a.b.c.d").await.status, 404);
        assert_eq!(nobody.post("/unsubscribe?token=").await.status, 404);
    });
}

#[test]
fn the_inbox_stands_in_its_page_and_its_number_in_every_frame() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let bob = app.person("bob", "Member").await;
        let new = json!({ "title": "Closed on Friday", "body": "We move.", "acknowledge": true });
        let made = admin.create("/api/v1/announcements", new).await;
        told(&app).await;
        let home = bob.get("/").await;
        assert!(home.text().contains("href=\"/inbox\"") && home.text().contains("unread"), "{}", home.text());
        let inbox = bob.get("/inbox").await;
        assert_eq!(inbox.status, 200);
        for words in
            ["Closed on Friday", "admin announced this", "Why did I get this?", "Because everybody is told."]
        {
            assert!(inbox.text().contains(words), "{words} in {}", inbox.text());
        }
        let path = format!("/announcements/{}", made["announcement"]["id"].as_str().expect("an id"));
        assert!(bob.get(&path).await.text().contains("I have read this"));
        assert!(!bob.get(&path).await.text().contains("Withdraw"));
        assert!(admin.get(&path).await.text().contains("Withdraw"));
        for page in
            ["/announcements", "/announcements/new", "/account/notifications", "/inbox?shelf=archived"]
        {
            assert_eq!(bob.get(page).await.status, 200, "{page}");
        }
        let locked = bob.get("/account/notifications").await;
        assert!(locked.text().contains("Nobody can mute that"), "{}", locked.text());
    });
}
