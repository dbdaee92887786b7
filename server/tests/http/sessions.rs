//! How long somebody is signed in, and what ends it, over HTTP.

use crate::support::{App, Client, both};
use serde_json::json;
use testkit::workspace::PASSWORD;

const NEW: &str = "another quiet dawn";

async fn is_in(client: &Client) -> bool {
    match client.get("/api/auth/me").await.status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

#[test]
fn half_an_hour_without_a_request_ends_it_for_cookie_and_token() {
    both(|db| async move {
        let app = App::new(db).await;
        let (browser, program) = (app.browser("admin").await, app.program("admin").await);
        for _ in 0..3 {
            app.w.clock.advance_seconds(29 * 60);
            assert!(is_in(&browser).await && is_in(&program).await);
        }
        app.w.clock.advance_seconds(30 * 60);
        assert!(!is_in(&browser).await && !is_in(&program).await);
    });
}

#[test]
fn a_day_ends_it_whatever_happens() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        for _ in 0..71 {
            app.w.clock.advance_seconds(20 * 60);
            assert!(is_in(&browser).await);
        }
        app.w.clock.advance_seconds(20 * 60);
        assert!(!is_in(&browser).await);
    });
}

#[test]
fn people_end_their_own_sessions_and_nobody_elses() {
    both(|db| async move {
        let app = App::new(db).await;
        let (here, elsewhere) = (app.browser("admin").await, app.browser("admin").await);
        let mia = app.person("mia", "Member").await;
        let of = |items: Vec<serde_json::Value>, current: bool| {
            let found = items.into_iter().find(|session| session["current"] == current).expect("a session");
            format!("/api/v1/sessions/{}", found["id"].as_str().unwrap())
        };
        let other = of(here.get("/api/v1/sessions").await.items(), false);
        assert_eq!(mia.delete(&other).await.status, 404);
        assert!(is_in(&elsewhere).await);
        assert_eq!(here.delete(&other).await.status, 204);
        assert!(!is_in(&elsewhere).await && is_in(&here).await);
        let own = of(here.get("/api/v1/sessions").await.items(), true);
        assert_eq!(here.delete(&own).await.status, 204);
        assert!(!is_in(&here).await);
    });
}

#[test]
fn a_new_password_changes_the_cookie_and_ends_all_other_sessions() {
    both(|db| async move {
        let app = App::new(db).await;
        let (here, elsewhere) = (app.browser("admin").await, app.browser("admin").await);
        let before = here.cookie("pms_session").unwrap();
        let wrong = json!({ "current": "not this harbour", "new": NEW });
        let answer = here.post("/api/v1/account/password").json(&wrong).await;
        assert_eq!(answer.wrong_fields(), [("current".to_owned(), "wrong".to_owned())]);
        assert!(is_in(&elsewhere).await);
        let change = json!({ "current": PASSWORD, "new": NEW });
        assert_eq!(here.post("/api/v1/account/password").json(&change).await.status, 204);
        let after = here.cookie("pms_session").unwrap();
        assert_ne!(before, after);
        assert!(is_in(&here).await && !is_in(&elsewhere).await);
        let stolen = app.anonymous();
        stolen.set_cookie("pms_session", &before);
        assert!(!is_in(&stolen).await, "the cookie from before is worth nothing");
        let form = json!({ "username": "admin", "password": NEW });
        assert_eq!(app.anonymous().post("/api/auth/signin").json(&form).await.status, 200);
    });
}

#[test]
fn a_new_role_counts_from_the_next_request_and_changes_the_cookie() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let mia = app.person("mia", "Project manager").await;
        assert_eq!(mia.post("/api/v1/projects").json(&json!({ "name": "Website" })).await.status, 201);
        let (before, user) =
            (mia.cookie("pms_session"), mia.read("/api/auth/me").await["user"]["id"].clone());
        let viewer = json!({ "version": 1, "role_id": app.w.role("Viewer").await });
        let path = format!("/api/v1/users/{}", user.as_str().unwrap());
        assert_eq!(admin.patch(&path).json(&viewer).await.status, 200);
        let answer = mia.post("/api/v1/projects").json(&json!({ "name": "Shop" })).await;
        assert_eq!(answer.status, 403);
        assert_ne!(mia.cookie("pms_session"), before);
        assert!(is_in(&mia).await, "and they stay signed in");
    });
}

#[test]
fn who_is_disabled_is_out_with_the_next_request() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let mia = app.person("mia", "Member").await;
        let user = mia.read("/api/auth/me").await["user"]["id"].as_str().unwrap().to_owned();
        let secret =
            mia.create("/api/v1/tokens", json!({ "name": "Backup", "days": 30 })).await["secret"].clone();
        let program = app.anonymous().with_bearer(secret.as_str().unwrap());
        assert!(is_in(&program).await);
        let edit = json!({ "version": 1, "status": "disabled" });
        assert_eq!(admin.patch(&format!("/api/v1/users/{user}")).json(&edit).await.status, 200);
        assert!(!is_in(&mia).await && !is_in(&program).await);
        let form = json!({ "username": "mia", "password": PASSWORD });
        let answer = app.anonymous().post("/api/auth/signin").json(&form).await;
        assert_eq!((answer.status, answer.code()), (401, "bad_credentials".to_owned()));
    });
}

#[test]
fn an_api_token_acts_as_its_person_until_it_ends_or_is_revoked() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let made = admin.create("/api/v1/tokens", json!({ "name": "Backup", "days": 2 })).await;
        let secret = made["secret"].as_str().unwrap();
        let program = app.anonymous().with_bearer(secret);
        assert_eq!(program.post("/api/v1/projects").json(&json!({ "name": "Website" })).await.status, 201);
        let listed = admin.get("/api/v1/tokens").await;
        assert!(!listed.text().contains(secret), "its secret is shown once");
        assert_eq!(listed.items().len(), 1, "the token of the sign-in is not among them");
        let more = program.post("/api/v1/tokens").json(&json!({ "name": "More", "days": 2 })).await;
        assert_eq!((more.status, more.code()), (409, "sign_in_needed".to_owned()));
        app.w.clock.advance_seconds(47 * 60 * 60);
        assert!(is_in(&program).await);
        app.w.clock.advance_seconds(60 * 60);
        assert!(!is_in(&program).await);
        let admin = app.browser("admin").await;
        let made = admin.create("/api/v1/tokens", json!({ "name": "Other", "days": 365 })).await;
        let program = app.anonymous().with_bearer(made["secret"].as_str().unwrap());
        let path = format!("/api/v1/tokens/{}", made["token"]["id"].as_str().unwrap());
        assert_eq!(admin.delete(&path).await.status, 204);
        assert!(!is_in(&program).await);
    });
}
