//! Urgent projects over HTTP: raised, acknowledged, resolved; by script, by form, by link.

use crate::support::{App, both};
use serde_json::{Value, json};

async fn raised(app: &App) -> Value {
    let admin = app.browser("admin").await;
    admin.create("/api/v1/projects", json!({ "name": "Web", "key": "WEB" })).await;
    admin.create("/api/v1/projects/WEB/urgent", json!({ "reason": "The <shop> is down." })).await
}

#[test]
fn a_project_is_raised_acknowledged_and_resolved() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        admin.create("/api/v1/projects", json!({ "name": "Web", "key": "WEB" })).await;
        let mia = app.person("mia", "Member").await;
        let users = admin.read("/api/v1/users").await;
        let user = users["items"].as_array().expect("people").iter().find(|user| user["username"] == "mia");
        let roles = admin.read("/api/v1/roles").await;
        let role = roles["items"].as_array().expect("roles").iter().find(|role| role["name"] == "Member");
        let member = json!({ "user_id": user.expect("mia")["id"], "role_id": role.expect("a role")["id"] });
        let added = admin.post("/api/v1/projects/WEB/members").json(&member).await;
        assert!((200..300).contains(&added.status), "{}", added.text());
        let reach = admin.read("/api/v1/projects/WEB/urgent/reach").await;
        assert_eq!(reach["items"].as_array().map(Vec::len), Some(2));
        let refused = admin.post("/api/v1/projects/WEB/urgent").json(&json!({ "reason": "" })).await;
        assert_eq!(refused.wrong_fields(), [("reason".to_owned(), "blank".to_owned())]);
        let episode =
            admin.create("/api/v1/projects/WEB/urgent", json!({ "reason": "The <shop> is down." })).await;
        let again = admin.post("/api/v1/projects/WEB/urgent").json(&json!({ "reason": "Also." })).await;
        assert_eq!((again.status, again.code()), (409, "conflict".to_owned()));
        let own = mia.read("/api/v1/me/alerts").await;
        assert_eq!(own["items"][0]["reason"], "The <shop> is down.");
        assert_eq!(own["items"][0]["project"]["key"], "WEB");
        let alert = own["items"][0]["id"].as_str().expect("an id").to_owned();
        let address = format!("/api/v1/alerts/{alert}/acknowledge");
        let foreign = admin.post(&address).json(&json!({})).await;
        assert_eq!((foreign.status, foreign.code()), (404, "not_found".to_owned()));
        let acknowledge = json!({ "via": "notification", "note": "On it." });
        let one = mia.post(&address).json(&acknowledge).await;
        assert_eq!(
            (one.status, &one.json()["state"]),
            (200.try_into().expect("a status"), &json!("acknowledged"))
        );
        let two = mia.post(&address).json(&acknowledge).await;
        assert_eq!(two.json(), one.json(), "the same again changes nothing");
        assert_eq!(mia.read("/api/v1/me/alerts").await["items"], json!([]));
        let id = episode["id"].as_str().expect("an id");
        let report = mia.read(&format!("/api/v1/episodes/{id}/report")).await;
        assert_eq!(report["episode"]["acknowledged"], 2);
        let kept_from = mia.post(&format!("/api/v1/episodes/{id}/resolve")).json(&json!({})).await;
        assert_eq!(kept_from.status, 403);
        let over =
            admin.post(&format!("/api/v1/episodes/{id}/resolve")).json(&json!({ "note": "Up." })).await;
        assert_eq!(over.json()["state"], "resolved");
        assert_eq!(admin.read("/api/v1/projects/WEB/urgent").await["urgent"], false);
    });
}

#[test]
fn the_pages_say_what_is_urgent_and_forms_work_without_script() {
    both(|db| async move {
        let app = App::new(db).await;
        let episode = raised(&app).await;
        let admin = app.browser("admin").await;
        let id = episode["id"].as_str().expect("an id");
        for path in
            ["/urgent", "/projects/WEB", "/projects/WEB/urgent", "/projects", "/", &format!("/urgent/{id}")]
        {
            let page = admin.get(path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(page.text().contains("Urgent"), "{path}");
            assert!(!page.text().contains("<shop>"), "{path} writes what people wrote as text");
        }
        assert_eq!(admin.get("/urgent/0199aaaa-0000-7000-8000-000000000000").await.status, 404);
        assert_eq!(admin.get("/urgent/policy").await.status, 200);
        let form = admin.post("/fn/urgent/resolve").form(&[("id", id), ("note", "Done")]);
        let answer = form.header("accept", "text/html").await;
        assert!((300..400).contains(&answer.status), "{} {}", answer.status, answer.text());
        assert_eq!(admin.read("/api/v1/projects/WEB/urgent").await["urgent"], false);
    });
}

#[test]
fn a_policy_is_saved_by_a_form_and_a_silent_one_is_refused() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let rows = [
            ("version", "0"),
            ("needs", "first"),
            ("again", "2 h"),
            ("repeats[0][every]", "90 s"),
            ("repeats[0][times]", ""),
            ("repeats[1][every]", ""),
            ("repeats[1][times]", ""),
            ("steps[0][after]", "0 min"),
            ("steps[0][who]", "members"),
            ("steps[0][ways]", "both"),
            ("steps[0][url]", ""),
            ("steps[1][after]", ""),
            ("steps[1][who]", ""),
            ("steps[1][ways]", "both"),
            ("steps[1][url]", ""),
        ];
        let saved = admin.post("/fn/urgent/policy/save").form(&rows).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        let kept = admin.read("/api/v1/urgent/policy").await;
        assert_eq!(kept["policy"]["repeats"], json!([{ "every_seconds": 90, "times": null }]));
        assert_eq!(kept["policy"]["again_after_seconds"], 7_200);
        assert_eq!(kept["version"], 1);
        let silent = json!({ "version": 1, "policy": { "repeats": [], "steps": [] } });
        let refused = admin.put("/api/v1/urgent/policy").json(&silent).await;
        assert_eq!(refused.status, 422);
        let muted = json!({ "version": 1, "policy": { "repeats": [], "steps": [], "muted": true } });
        assert_eq!(admin.put("/api/v1/urgent/policy").json(&muted).await.status, 422);
    });
}

#[test]
fn a_webhooks_secret_is_told_to_whoever_may_change_the_policy() {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let (admin, mia) = (app.program("admin").await, app.person("mia", "Member").await);
        let hook = |url: &str| {
            let step = json!({ "after_seconds": 60, "who": { "kind": "webhook", "url": url }, "ways": [] });
            json!({ "version": 0, "policy": { "repeats": [{ "every_seconds": 60, "times": null }], "steps": [
                { "after_seconds": 0, "who": { "kind": "members" }, "ways": ["push", "email"] }, step,
            ] } })
        };
        let refused = admin.put("/api/v1/urgent/policy").json(&hook("http://example.org/h")).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
        let saved = admin.put("/api/v1/urgent/policy").json(&hook("https://example.org/h")).await;
        assert_eq!(saved.status, 200, "{}", saved.text());
        let secret = app.w.services.outlets.key.webhook_secret(None, "https://example.org/h");
        let webhooks = json!([{ "url": "https://example.org/h", "secret": secret }]);
        assert_eq!(saved.json()["webhooks"], webhooks);
        assert_eq!(admin.read("/api/v1/urgent/policy").await["webhooks"], webhooks);
        assert_eq!(mia.read("/api/v1/urgent/policy").await["webhooks"], json!([]));
    });
}

#[test]
fn a_link_that_is_not_ours_acknowledges_nothing_and_needs_no_sign_in_to_say_so() {
    both(|db| async move {
        let app = App::new(db).await;
        let anonymous = app.anonymous();
        let page = anonymous.get("/acknowledge?token=abc").await;
        assert_eq!(page.status, 404, "{}", page.text());
        let answer = anonymous.post("/fn/urgent/acknowledge-linked").form(&[("token", "abc")]).await;
        assert_eq!(answer.status, 404);
        assert_eq!(anonymous.get("/urgent").await.status, 303, "everything else asks for a sign-in");
    });
}
