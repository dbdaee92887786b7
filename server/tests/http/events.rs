//! The stream of events, as browsers and programs hear it.

use crate::support::{App, Client, both, client::Events};
use serde_json::json;
use server::config::Flags;

/// Everything committed so far is told, as the job does it.
async fn hand_on(app: &App) {
    while services::outbox::dispatch(&app.w.services).await.expect("a round") > 0 {}
}

/// The name, the id and the data of the next event.
async fn next(events: &mut Events) -> (String, String, String) {
    let text = events.next().await.expect("an event");
    let line = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned()
    };
    (line("event:"), line("id:"), line("data:"))
}

async fn project(client: &Client, key: &str) -> String {
    let made = client.create("/api/v1/projects", json!({ "key": key, "name": key })).await;
    made["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_browser_hears_of_a_change_and_goes_on_after_a_break() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let web = project(&admin, "WEB").await;
        hand_on(&app).await;
        let mut events = admin.listen("/api/v1/events").await;
        let (ready, begin, _) = next(&mut events).await;
        assert_eq!(ready, "ready");
        let tasks = format!("/api/v1/projects/{web}/tasks");
        let task = admin.create(&tasks, json!({ "title": "One" })).await;
        hand_on(&app).await;
        let (change, id, data) = next(&mut events).await;
        assert_eq!(change, "change");
        let told = json!({ "changes": [
            { "action": "task.created", "project_id": web, "task_id": task["id"] },
        ] });
        assert_eq!(serde_json::from_str::<serde_json::Value>(&data).expect("JSON"), told);
        drop(events);
        let mut again = admin.listen(&format!("/api/v1/events?since={begin}")).await;
        assert_eq!(next(&mut again).await.0, "ready");
        assert_eq!(next(&mut again).await.0, "inbox", "it may have changed meanwhile");
        assert_eq!(next(&mut again).await, ("change".into(), id, data));
    });
}

#[test]
fn what_is_no_id_is_refused_and_a_stream_is_not_kept_on_the_way() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.program("admin").await;
        let refused = admin.get("/api/v1/events?since=yesterday").await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        let answer = admin.get("/api/v1/events").await;
        assert_eq!(answer.header("cache-control"), Some("private, no-cache, no-transform"));
        assert_eq!(answer.header("x-accel-buffering"), Some("no"));
        assert_eq!(answer.header("content-encoding"), None);
    });
}

#[test]
fn a_stream_ends_with_the_sign_out_and_with_the_server() {
    both(|db| async move {
        let app = App::new(db).await;
        let (one, two) = (app.browser("admin").await, app.browser("admin").await);
        let mut ones = one.listen("/api/v1/events").await;
        let mut twos = two.listen("/api/v1/events").await;
        assert_eq!((next(&mut ones).await.0, next(&mut twos).await.0), ("ready".into(), "ready".into()));
        assert_eq!(one.post("/api/auth/signout").await.status, 204);
        let (bye, _, why) = next(&mut ones).await;
        assert_eq!((bye.as_str(), why.as_str()), ("bye", r#"{"reason":"signed_out"}"#));
        assert_eq!(ones.next().await, None);
        app.stop.cancel();
        let (bye, _, why) = next(&mut twos).await;
        assert_eq!((bye.as_str(), why.as_str()), ("bye", r#"{"reason":"restart"}"#));
        assert_eq!(twos.next().await, None);
    });
}

#[test]
fn a_session_that_gets_a_new_id_keeps_its_stream() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let mut events = admin.listen("/api/v1/events").await;
        assert_eq!(next(&mut events).await.0, "ready");
        let form = json!({ "current": testkit::workspace::PASSWORD, "new": "another quiet dawn" });
        assert_eq!(admin.post("/api/v1/account/password").json(&form).await.status, 204);
        project(&admin, "WEB").await;
        hand_on(&app).await;
        // Making a project made them its member, so what they see is another thing.
        assert_eq!(next(&mut events).await.0, "resync");
    });
}

#[test]
fn there_is_room_for_so_many_streams() {
    both(|db| async move {
        let app = App::with(db, Flags::default(), |config| config.limits.streams = 1).await;
        let admin = app.browser("admin").await;
        let mut first = admin.listen("/api/v1/events").await;
        assert_eq!(next(&mut first).await.0, "ready");
        let refused = admin.get("/api/v1/events").await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, Some("30")));
        drop(first);
        assert_eq!(admin.get("/api/v1/events").await.status, 200);
    });
}
