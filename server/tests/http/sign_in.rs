//! Signing in and out over REST.

use crate::support::{Answer, App, Client, both};
use serde_json::json;
use testkit::workspace::PASSWORD;

async fn sign_in(client: &Client, username: &str, password: &str) -> Answer {
    client.post("/api/auth/signin").json(&json!({ "username": username, "password": password })).await
}

#[test]
fn a_form_and_json_sign_in_alike_and_the_token_alone_is_the_answer() {
    both(|db| async move {
        let app = App::new(db).await;
        let form = app.anonymous();
        let pairs = [("username", "admin"), ("password", PASSWORD)];
        let by_form = form.post("/api/auth/signin").form(&pairs).await;
        let by_json = sign_in(&app.anonymous(), "admin@example.org", PASSWORD).await;
        for answer in [&by_form, &by_json] {
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
            assert_eq!(answer.header("cache-control"), Some("no-store"));
            assert!(answer.text().starts_with("pms_") && !answer.text().contains(char::is_whitespace));
        }
        assert_ne!(by_form.text(), by_json.text());
        let program = app.anonymous().with_bearer(by_form.text());
        for client in [form, program] {
            assert_eq!(client.read("/api/auth/me").await["user"]["username"], "admin");
        }
    });
}

#[test]
fn json_is_answered_to_who_asks_for_it() {
    both(|db| async move {
        let app = App::new(db).await;
        let form = json!({ "username": "admin", "password": PASSWORD });
        let asked = app.anonymous().post("/api/auth/signin").header("accept", "application/json");
        let answer = asked.json(&form).await;
        assert_eq!(answer.status, 200);
        let body = answer.json();
        assert_eq!(body["user"]["username"], "admin");
        assert_eq!(body["expires_at"], "2026-01-18T12:00:00Z", "24 hours from now");
        let program = app.anonymous().with_bearer(body["token"].as_str().unwrap());
        assert_eq!(program.get("/api/v1/projects").await.status, 200);
    });
}

#[test]
fn the_cookie_is_out_of_reach_for_scripts_and_other_sites() {
    both(|db| async move {
        let app = App::new(db).await;
        let answer = sign_in(&app.anonymous(), "admin", PASSWORD).await;
        let [cookie] = answer.headers("set-cookie")[..] else { panic!("one cookie") };
        let (value, rest) = cookie.split_once("; ").unwrap();
        assert!(value.starts_with("pms_session=") && value.len() > 60, "it is signed: {value}");
        assert_eq!(rest, "HttpOnly; SameSite=Lax; Path=/");
    });
}

#[test]
fn under_https_the_cookie_is_bound_to_the_host_and_taken_away_as_strictly() {
    both(|db| async move {
        let app = App::https(db).await;
        let client = app.anonymous();
        let answer = sign_in(&client, "admin", PASSWORD).await;
        let [cookie] = answer.headers("set-cookie")[..] else { panic!("one cookie") };
        let (value, rest) = cookie.split_once("; ").unwrap();
        assert!(value.starts_with("__Host-pms_session="), "{value}");
        assert_eq!(rest, "HttpOnly; SameSite=Lax; Secure; Path=/");
        let answer = client.post("/api/auth/signout").await;
        assert_eq!(answer.status, 204);
        let [removed] = answer.headers("set-cookie")[..] else { panic!("one cookie") };
        for part in ["__Host-pms_session=;", "Max-Age=0", "Path=/", "Secure"] {
            assert!(removed.contains(part), "{part} in {removed}");
        }
    });
}

#[test]
fn the_answer_does_not_tell_which_of_both_was_wrong() {
    both(|db| async move {
        let app = App::new(db).await;
        let wrong_password = sign_in(&app.anonymous(), "admin", "not this harbour").await;
        let wrong_name = sign_in(&app.anonymous(), "nobody", PASSWORD).await;
        assert_eq!(wrong_password.problem(), wrong_name.problem());
        assert!(wrong_password.headers("set-cookie").is_empty());
        insta::assert_json_snapshot!(wrong_name.problem(), @r#"
        {
          "code": "bad_credentials",
          "detail": "The user name or password is not right. Check both and try again.",
          "instance": "/api/auth/signin",
          "status": 401,
          "title": "Unauthorized",
          "type": "urn:pms:problem:bad_credentials"
        }
        "#);
    });
}

#[test]
fn what_is_not_filled_in_is_told_by_field() {
    both(|db| async move {
        let app = App::new(db).await;
        let answer = app.anonymous().post("/api/auth/signin").json(&json!({ "username": "admin" })).await;
        assert_eq!(answer.wrong_fields(), [("password".to_owned(), "missing".to_owned())]);
    });
}

#[test]
fn whoever_keeps_guessing_is_told_to_wait_and_is_let_in_afterwards() {
    both(|db| async move {
        let app = App::new(db).await;
        for _ in 0..5 {
            assert_eq!(sign_in(&app.anonymous(), "admin", "not this harbour").await.status, 401);
        }
        let refused = sign_in(&app.anonymous().at(2), "admin", PASSWORD).await;
        assert_eq!(refused.status, 429, "from any address, and with the right password, too");
        let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=15 * 60).contains(&wait), "{wait}");
        assert_eq!(refused.code(), "too_many");
        app.w.clock.advance_seconds(wait);
        assert_eq!(sign_in(&app.anonymous(), "admin", PASSWORD).await.status, 200);
    });
}

#[test]
fn an_address_that_guesses_at_many_accounts_is_told_to_wait() {
    both(|db| async move {
        let app = App::new(db).await;
        for number in 0..20 {
            let answer = sign_in(&app.anonymous(), &format!("user{number}"), "not this harbour").await;
            assert_eq!(answer.status, 401);
        }
        assert_eq!(sign_in(&app.anonymous(), "admin", PASSWORD).await.status, 429);
        assert_eq!(sign_in(&app.anonymous().at(2), "admin", PASSWORD).await.status, 200);
    });
}

#[test]
fn a_sign_in_takes_over_no_session_that_was_there_before() {
    both(|db| async move {
        let app = App::new(db).await;
        let client = app.anonymous();
        client.set_cookie("pms_session", "planted");
        assert_eq!(client.get("/api/auth/me").await.status, 401, "a cookie that we did not sign");
        client.sign_in("admin").await;
        let first = client.cookie("pms_session").unwrap();
        assert_ne!(first, "planted");
        client.sign_in("admin").await;
        let second = client.cookie("pms_session").unwrap();
        assert_ne!(first, second);
        let old = app.anonymous();
        old.set_cookie("pms_session", &first);
        assert_eq!(old.get("/api/auth/me").await.status, 401, "the session before has ended");
        assert_eq!(client.get("/api/auth/me").await.status, 200);
    });
}

#[test]
fn a_page_whose_session_is_over_signs_out_all_the_same() {
    both(|db| async move {
        let app = App::new(db).await;
        let answer = app.anonymous().post("/fn/session/sign-out").form(&[]).await;
        assert_eq!((answer.status, answer.text()), (200, "null"));
    });
}

#[test]
fn signing_out_ends_cookie_and_token() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.anonymous();
        let token = browser.sign_in("admin").await;
        let cookie = browser.cookie("pms_session").unwrap();
        let program = app.anonymous().with_bearer(&token);
        assert_eq!(program.get("/api/auth/me").await.status, 200);
        assert_eq!(browser.post("/api/auth/signout").await.status, 204);
        assert_eq!(browser.cookie("pms_session"), None);
        browser.set_cookie("pms_session", &cookie);
        assert_eq!(browser.get("/api/auth/me").await.status, 401);
        assert_eq!(program.get("/api/auth/me").await.status, 401);
    });
}

#[test]
fn a_program_signs_out_by_its_token() {
    both(|db| async move {
        let app = App::new(db).await;
        let program = app.program("admin").await;
        assert_eq!(program.post("/api/auth/signout").await.status, 204);
        assert_eq!(program.get("/api/auth/me").await.status, 401);
    });
}

#[test]
fn a_token_speaks_alone_even_beside_a_good_cookie() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        let answer = browser.clone().with_bearer("pms_wrong").get("/api/auth/me").await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert_eq!(browser.get("/api/auth/me").await.status, 200);
    });
}
