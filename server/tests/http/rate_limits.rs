//! Whoever asks too often is told so, and when to come again.

use crate::support::{Answer, App, Client, both};
use domain::urgent::NewEpisode;
use serde_json::json;
use server::{config::PerMinute, http::metrics};
use services::urgent;

fn per_minute(text: &str) -> PerMinute {
    text.parse().expect("a limit")
}

async fn make_token(client: &Client) -> Answer {
    client.post("/api/v1/tokens").json(&json!({ "name": "Report", "days": 1, "read_only": false })).await
}

/// `(limit, remaining, reset)` of an answer.
fn told(answer: &Answer) -> Option<(u32, u32, i64)> {
    let number = |name| answer.header(name)?.parse().ok();
    Some((number("ratelimit-limit")?, number("ratelimit-remaining")?, number("ratelimit-reset")?.into()))
}

#[test]
fn the_eleventh_sensitive_act_in_a_minute_waits_and_others_go_on() {
    both(|db| async move {
        let app = App::limited(db, |_| {}).await;
        let admin = app.browser("admin").await;
        for remaining in (0..10).rev() {
            let made = make_token(&admin).await;
            assert_eq!((made.status, told(&made)), (201, Some((10, remaining, 120))));
        }
        let refused = make_token(&admin).await;
        assert_eq!((refused.status, told(&refused)), (429, Some((10, 0, 66))));
        assert_eq!(refused.header("retry-after"), Some("66"));
        insta::assert_json_snapshot!(refused.problem(), @r#"
        {
          "code": "too_many",
          "detail": "Too many requests in a short time. Try again in 66 seconds.",
          "instance": "/api/v1/tokens",
          "status": 429,
          "title": "Too Many Requests",
          "type": "urn:pms:problem:too_many"
        }
        "#);
        let other = admin.get("/api/v1/tokens").await;
        assert_eq!((other.status, other.items().len()), (200, 10), "what is not sensitive goes on");
        assert_eq!(told(&other).map(|(limit, remaining, _)| (limit, remaining)), Some((600, 599)));
        app.w.clock.advance_seconds(66);
        assert_eq!(make_token(&admin).await.status, 201, "whoever waits that long is let in");
    });
}

#[test]
fn a_person_and_each_of_their_tokens_have_their_own_but_not_for_what_is_sensitive() {
    both(|db| async move {
        let app = App::limited(db, |rates| {
            rates.person = per_minute("3");
            rates.sensitive = per_minute("5");
        })
        .await;
        let admin = app.browser("admin").await;
        let mut programs = Vec::new();
        for _ in 0..2 {
            let secret = make_token(&admin).await.json()["secret"].as_str().expect("a secret").to_owned();
            programs.push(app.anonymous().with_bearer(&secret));
        }
        for client in [&admin, &programs[0], &programs[1]] {
            for status in [200, 200, 200, 429] {
                assert_eq!(client.get("/api/v1/projects").await.status, status);
            }
        }
        let rename = async |client: &Client| {
            client.patch("/api/v1/account").json(&json!({ "version": 99 })).await.status
        };
        for (client, status) in
            [(&programs[0], 409), (&programs[1], 409), (&admin, 409), (&programs[0], 429), (&admin, 429)]
        {
            assert_eq!(rename(client).await, status, "two tokens were made, three changes tried");
        }
    });
}

#[test]
fn a_network_that_asks_too_often_is_refused_and_files_and_health_are_free() {
    both(|db| async move {
        let app = App::limited(db.clone(), |rates| rates.network = per_minute("4")).await;
        let (here, there) = (app.anonymous(), app.anonymous().at(2));
        for _ in 0..4 {
            assert_eq!(here.get("/api/v1/projects").await.status, 401);
            assert_eq!(here.get("/icon.svg").await.status, 200);
            assert_eq!(here.get("/api/health").await.status, 200);
        }
        let refused = here.get("/api/v1/projects").await;
        assert_eq!((refused.status, told(&refused)), (429, Some((4, 0, 75))));
        let page = here.get("/sign-in").await;
        assert_eq!(page.status, 429);
        assert!(page.text().contains("Try again in 75 seconds."), "{}", page.text());
        assert_eq!(here.get("/icon.svg").await.status, 200);
        assert_eq!(there.get("/sign-in").await.status, 200);
        let text = metrics::text(&app.state).await.expect("a text");
        assert!(text.contains("pms_rate_limited_total{class=\"network\"} 2"), "{text}");
        assert!(text.contains("pms_rate_limited_total{class=\"alerts\"} 0"), "{text}");
        db.close().await;
        assert_eq!(
            here.clone().with_bearer("pms_x").get("/api/v1/projects").await.status,
            429,
            "nobody was looked up"
        );
    });
}

#[test]
fn strangers_may_ask_less_and_sign_in_apart_from_it() {
    both(|db| async move {
        let app = App::limited(db, |rates| {
            rates.anonymous = per_minute("2");
            rates.sign_in = per_minute("3");
        })
        .await;
        let stranger = app.anonymous();
        for status in [303, 303, 429] {
            assert_eq!(stranger.get("/projects").await.status, status);
        }
        let admin = app.browser("admin").await;
        assert_eq!(admin.get("/api/v1/projects").await.status, 200, "who is signed in is no stranger");
        for status in [401, 401, 429] {
            let form = json!({ "username": "admin", "password": "not this harbour" });
            assert_eq!(stranger.post("/api/auth/signin").json(&form).await.status, status);
        }
        let told =
            |action: &'static str, accept: &'static str| stranger.post(action).header("accept", accept);
        let to_script = told("/fn/session/sign-in", "application/json").form(&[]).await;
        assert_eq!((to_script.status, to_script.header("retry-after").is_some()), (429, true));
        let wait = to_script.json()["Service"]["retry_after"].as_u64().expect("seconds");
        let to_person = told("/fn/session/sign-in", "text/html").form(&[]).await;
        assert_eq!(to_person.status, 429);
        assert!(to_person.text().contains(&format!("Try again in {wait} seconds")), "{}", to_person.text());
    });
}

#[test]
fn nothing_keeps_anybody_from_acknowledging() {
    both(|db| async move {
        let app = App::limited(db, |rates| rates.person = per_minute("3")).await;
        let project = app.w.project(&app.w.admin, "WEB").await;
        let actor = app.w.user("ben", "Administrator").await;
        let new = NewEpisode { id: None, reason: "The shop is down.".into() };
        urgent::raise(&app.w.services, &actor, project.id, new).await.expect("raised");
        let admin = app.browser("admin").await;
        for status in [200, 200, 200, 429] {
            assert_eq!(admin.get("/api/v1/projects").await.status, status);
        }
        let alerts = admin.get("/api/v1/me/alerts").await;
        assert_eq!(alerts.status, 200);
        let alert = alerts.items()[0]["id"].as_str().expect("an id").to_owned();
        assert_eq!(admin.post(&format!("/api/v1/alerts/{alert}/acknowledge")).await.status, 200);
    });
}

#[test]
fn what_is_off_is_neither_counted_nor_told() {
    both(|db| async move {
        let app = App::limited(db, |rates| {
            rates.sensitive = per_minute("off");
            rates.person = per_minute("0");
        })
        .await;
        let admin = app.browser("admin").await;
        for _ in 0..12 {
            let made = make_token(&admin).await;
            assert_eq!((made.status, told(&made)), (201, None));
        }
    });
}
