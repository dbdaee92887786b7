//! What is done all day: by people and their programs, and by the jobs of a server.

use crate::support::{Answer, App, Client};
use domain::delivery::Channel;
use serde_json::{Value, json};
use services::seed::LARGEST_PROJECT;
use testkit::workspace::PASSWORD;

/// Of what was made.
#[track_caller]
fn id(made: &Value) -> &str {
    made["id"].as_str().expect("an id")
}

#[track_caller]
fn done(answer: &Answer) {
    assert!((200..300).contains(&answer.status), "{}: {}", answer.status, answer.text());
}

/// One of each that writes where much is: sign-ins, keys, keys against repetition, browsers, alerts, tasks.
pub async fn of_people(app: &App, admin: &Client) {
    sign_in_and_out(app, admin).await;
    use_programs(admin).await;
    answer_alarms(admin).await;
    work(admin).await;
    manage(app, admin).await;
}

async fn sign_in_and_out(app: &App, admin: &Client) {
    let wrong = json!({ "username": "guest", "password": "not this harbour" });
    assert_eq!(app.anonymous().post("/api/auth/signin").json(&wrong).await.status, 401);
    let guest = app.browser("guest").await;
    let other = app.browser("guest").await;
    assert!(guest.get("/api/v1/sessions").await.items().len() >= 2);
    done(&other.post("/api/auth/signout").await);
    done(&guest.delete("/api/v1/sessions").await);
    let again = json!({ "current": PASSWORD, "new": "another harbour at dusk" });
    done(&guest.post("/api/v1/account/password").json(&again).await);
    let users = admin.read("/api/v1/users?search=guest").await;
    done(&admin.delete(&format!("/api/v1/users/{}/sessions", id(&users["items"][0]))).await);
}

async fn use_programs(admin: &Client) {
    let token = admin.create("/api/v1/tokens", json!({ "name": "Script", "days": 1 })).await;
    for _ in 0..2 {
        let once = admin.post("/api/v1/projects").header("idempotency-key", "once");
        done(&once.json(&json!({ "name": "Once", "key": "ONCE" })).await);
    }
    done(&admin.delete(&format!("/api/v1/tokens/{}", id(&token["token"]))).await);
    let device = "/api/v1/me/devices/01900000-0000-7000-8000-00000000d0d1";
    let push = testkit::scripts::push_address("one");
    let browser = json!({ "name": "Browser", "sound": "armed", "permission": "granted", "push": push });
    done(&admin.put(device).json(&browser).await);
    done(&admin.delete(device).await);
}

async fn answer_alarms(admin: &Client) {
    let episode = admin.create("/api/v1/projects/ONCE/urgent", json!({ "reason": "It burns" })).await;
    let episode = format!("/api/v1/episodes/{}", id(&episode));
    let alerts = admin.read(&format!("{episode}/alerts")).await;
    for alert in alerts["items"].as_array().expect("a list").iter().take(1) {
        done(&admin.post(&format!("/api/v1/alerts/{}/acknowledge", id(alert))).json(&json!({})).await);
    }
    done(&admin.post(&format!("{episode}/resolve")).json(&json!({ "note": "over" })).await);
}

async fn work(admin: &Client) {
    let tasks = format!("/api/v1/projects/{LARGEST_PROJECT}/tasks");
    let task = admin.create(&tasks, json!({ "title": "Caulk the hull" })).await;
    let task = format!("/api/v1/tasks/{}", id(&task));
    let version = async || json!({ "version": admin.read(&task).await["version"] });
    admin.create(&format!("{task}/comments"), json!({ "body": "With tar." })).await;
    let mut change = version().await;
    change["title"] = json!("Caulk the whole hull");
    done(&admin.patch(&task).json(&change).await);
    for act in ["complete", "reopen", "archive", "unarchive"] {
        done(&admin.post(&format!("{task}/{act}")).json(&version().await).await);
    }
    done(&admin.put(&format!("{task}/watch")).await);
    let mut below = json!({ "version": admin.read(&task).await["version"] });
    below["parent_id"] = json!(id(&admin.create(&tasks, json!({ "title": "Dry dock" })).await));
    done(&admin.patch(&task).json(&below).await);
    done(&admin.delete(&task).json(&version().await).await);
}

async fn manage(app: &App, admin: &Client) {
    admin.create("/api/v1/announcements", json!({ "title": "Storm", "body": "Stay in harbour." })).await;
    let newest = admin.read("/api/v1/me/notifications").await;
    let until = json!({ "until": id(&newest["items"][0]), "mark": "read" });
    done(&admin.post("/api/v1/me/notifications/mark-all").json(&until).await);
    let guest = admin.read("/api/v1/users?search=guest").await["items"][0].clone();
    let person = format!("/api/v1/users/{}", id(&guest));
    let role = json!({ "version": guest["version"], "role_id": app.w.role("Viewer").await });
    done(&admin.patch(&person).json(&role).await);
    let off = json!({ "version": admin.read(&person).await["version"], "status": "disabled" });
    done(&admin.patch(&person).json(&off).await);
    let once = json!({ "version": admin.read("/api/v1/projects/ONCE").await["version"] });
    done(&admin.delete("/api/v1/projects/ONCE").json(&once).await);
}

/// A round of each job, in the order in which a server that has just started begins them.
pub async fn of_jobs(app: &App) {
    let services = &app.w.services;
    while services::outbox::dispatch(services).await.expect("a round") > 0 {}
    while services::urgent::tick(services).await.expect("a round") > 0 {}
    while services::notifications::tell(services).await.expect("a round") > 0 {}
    for channel in Channel::ALL {
        services::deliveries::round(services, channel).await.expect("a round");
    }
    let removed = services::sessions::sweep(services).await.expect("a round");
    assert!(removed > 0, "there is something to remove");
    services::deliveries::bring_forward(services).await.expect("a round");
    assert!(services::outbox::purge(services).await.expect("a round") > 0);
    assert!(services::deliveries::purge(services).await.expect("a round") > 0);
    assert!(services::devices::sweep(services).await.expect("a round") > 0);
    services::notifications::due(services).await.expect("a round");
    services::notifications::digests(services).await.expect("a round");
    services::notifications::purge(services).await.expect("a round");
    services::projects::purge(services).await.expect("a round");
    services::clocks::follow(services).await.expect("a round");
}
