//! How many statements an answer costs. One story alone in its program, because the count is of the whole program.

#[path = "http/support/mod.rs"]
mod support;

use domain::announcement::NewAnnouncement;
use serde_json::json;
use server::config::Rates;
use services::Actor;
use store::db::statements_run;
use support::{App, Client, DOCUMENT, both};

/// Also the one that finds out who asks.
const MOST: u64 = 12;

/// The pages that people are on all day.
const PAGES: [&str; 12] = [
    "/",
    "/inbox",
    "/announcements",
    "/account/notifications",
    "/projects",
    "/projects/WEB",
    "/projects/WEB/board",
    "/projects/WEB/tasks",
    "/projects/WEB/tasks/new",
    "/projects/WEB/activity",
    "/tasks/WEB-1",
    "/search?q=card",
];

/// What an answer costs once permissions are known.
async fn cost(client: &Client, path: &str) -> u64 {
    client.get(path).await;
    // Another query each time: lists that were answered already cost nothing.
    let fresh = format!("{path}{}_=1", if path.contains('?') { '&' } else { '?' });
    let before = statements_run();
    let answer = client.get(&fresh).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    statements_run() - before
}

/// Everything that can be read, with the keys and ids of this workspace.
async fn addresses(admin: &Client) -> Vec<String> {
    let id = async |path: &str| admin.get(path).await.items()[0]["id"].as_str().expect("an id").to_owned();
    let ids = [
        ("{project}", "WEB".to_owned()),
        ("{task}", "WEB-1".to_owned()),
        ("{column}", id("/api/v1/projects/WEB/columns").await),
        ("{label}", id("/api/v1/labels").await),
        ("{comment}", id("/api/v1/comments").await),
        ("{team}", id("/api/v1/teams").await),
        ("{user}", id("/api/v1/users").await),
        ("{role}", id("/api/v1/roles").await),
        ("{episode}", id("/api/v1/episodes").await),
        ("{device}", id("/api/v1/me/devices").await),
        ("{notification}", id("/api/v1/me/notifications").await),
        ("{announcement}", id("/api/v1/announcements").await),
    ];
    let fill = |path: &str| ids.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
    let mut all: Vec<String> = DOCUMENT
        .operations()
        .iter()
        .filter(|operation| operation.reads() && operation.needs_sign_in)
        // There is none where nothing can be pushed.
        .filter(|operation| operation.path != "/api/v1/push/key")
        .map(|operation| match operation.id() {
            "search" => "/api/v1/search?q=card".to_owned(),
            "explain_permission" => "/api/v1/permissions/why?permission=task.create&project=WEB".to_owned(),
            _ => fill(operation.path),
        })
        .collect();
    let more = [
        "tasks?project=WEB&sort=-priority",
        "tasks?search=card",
        "comments?task=WEB-1",
        "activity?task=WEB-1",
    ];
    all.extend(more.map(|path| format!("/api/v1/{path}")));
    all.extend(PAGES.map(str::to_owned));
    all
}

/// With `count` more of everything.
async fn grow(app: &App, (admin, author): (&Client, &Actor), count: usize) {
    for number in 0..count {
        let name = format!("{number} of {count}");
        let label = admin.create("/api/v1/labels", json!({ "project": "WEB", "name": name })).await;
        admin.create("/api/v1/teams", json!({ "name": name })).await;
        admin.create("/api/v1/projects", json!({ "name": name })).await;
        let me = app.w.admin.user_id;
        let task = json!({ "project": "WEB", "title": "card", "labels": [label["id"]], "assignees": [me] });
        admin.create("/api/v1/tasks", task).await;
        let child = json!({ "project": "WEB", "title": "part", "parent_id": admin.read("/api/v1/tasks/WEB-1").await["id"] });
        admin.create("/api/v1/tasks", child).await;
        admin.create("/api/v1/comments", json!({ "task": "WEB-1", "body": "@admin" })).await;
        app.w.user(&format!("user{number}of{count}"), "Member").await;
        let new =
            NewAnnouncement { title: "News".into(), body: "None.".into(), ..NewAnnouncement::default() };
        services::announcements::publish(&app.w.services, author, new).await.expect("published");
    }
    while services::notifications::tell(&app.w.services).await.expect("a round") > 0 {}
}

/// With an urgent project, and a browser that was tested.
async fn alarm(admin: &Client) {
    admin.create("/api/v1/projects/WEB/urgent", json!({ "reason": "All is slow" })).await;
    let device = "/api/v1/me/devices/01900000-0000-7000-8000-00000000d0d0";
    let browser = json!({ "name": "Browser", "sound": "armed", "permission": "granted", "push": null });
    assert_eq!(admin.put(device).json(&browser).await.status, 200);
    let tested = admin.post(&format!("{device}/test")).await;
    assert!((200..300).contains(&tested.status), "{}", tested.text());
}

#[test]
fn no_answer_costs_more_than_twelve_statements_and_none_grows_with_rows() {
    both(|db| async move {
        let sensitive = Rates { sensitive: Rates::default().sensitive, ..Rates::OFF };
        let app = App::limited(db, |rates| *rates = sensitive).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let author = app.w.user("author", "Administrator").await;
        grow(&app, (&admin, &author), 2).await;
        alarm(&admin).await;
        let mut few = Vec::new();
        for path in addresses(&admin).await {
            few.push((cost(&admin, &path).await, path));
        }
        grow(&app, (&admin, &author), 20).await;
        for (before, path) in few {
            let after = cost(&admin, &path).await;
            assert!(after <= MOST, "{path} costs {after} statements");
            assert_eq!(after, before, "{path} grows with rows");
        }
        for (path, body) in [
            ("/api/v1/tasks", json!({ "project": "WEB", "title": "card" })),
            ("/api/v1/projects", json!({ "name": "One more" })),
            // Right after a project was made, so permissions have to be read again.
            ("/api/v1/projects", json!({ "name": "Another" })),
        ] {
            let before = statements_run();
            admin.create(path, body).await;
            let cost = statements_run() - before;
            assert!(cost <= MOST, "creating by {path} costs {cost} statements");
        }
        let path = "/api/v1/projects";
        admin.get(path).await;
        let before = statements_run();
        admin.get(path).await;
        assert_eq!(statements_run() - before, 1, "an unchanged list costs only finding out who asks");
        let rename = async || admin.patch("/api/v1/account").json(&json!({ "version": 99 })).await.status;
        while rename().await != 429 {}
        let before = statements_run();
        assert_eq!((rename().await, statements_run() - before), (429, 1), "and so does a refusal");
    });
}
