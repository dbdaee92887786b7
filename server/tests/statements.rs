//! How many statements an answer costs. One story alone in its program, because the count is of the whole program.

#[path = "http/support/mod.rs"]
mod support;

use domain::announcement::NewAnnouncement;
use futures::future::join_all;
use serde_json::json;
use server::config::Rates;
use services::Actor;
use store::db::statements_run;
use support::{
    App, Client, both,
    reads::{addresses, alarm},
};

/// Also the one that finds out who asks.
const MOST: u64 = 12;

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

#[test]
fn no_answer_costs_more_than_twelve_statements_and_none_grows_with_rows() {
    both(|db| async move {
        let sensitive = Rates { sensitive: Rates::default().sensitive, ..Rates::OFF };
        let app = App::limited(db, |rates| *rates = sensitive).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let author = app.w.user("author", "Administrator").await;
        grow(&app, (&admin, &author), 2).await;
        alarm(&admin, "WEB").await;
        let mut few = Vec::new();
        for path in addresses(&admin, ("WEB", "WEB-1")).await {
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
        let other = app.browser("author").await;
        for client in [&admin, &other] {
            client.get(path).await;
        }
        for client in [&other, &admin] {
            let before = statements_run();
            client.get(path).await;
            assert_eq!(statements_run() - before, 1, "an unchanged list costs only finding out who asks");
        }
        let rename = async || admin.patch("/api/v1/account").json(&json!({ "version": 99 })).await.status;
        while rename().await != 429 {}
        let before = statements_run();
        assert_eq!((rename().await, statements_run() - before), (429, 1), "and so does a refusal");
        let before = statements_run();
        let anybody = app.anonymous();
        let paths = ["/api/health", "/api/health/ready"].into_iter().cycle().take(200);
        let answers = join_all(paths.map(|path| anybody.get(path).into_future())).await;
        assert!(answers.iter().all(|answer| answer.status == 200));
        let cost = statements_run() - before;
        assert!((1..10).contains(&cost), "who asks how things stand all the time costs {cost} statements");
    });
}
