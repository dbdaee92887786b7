//! Devices over HTTP.

use crate::support::{App, both};
use serde_json::{Value, json};
use services::deliveries;
use testkit::scripts::push_address;

const DEVICE: &str = "/api/v1/me/devices/0190a000-0000-7000-8000-000000000001";

fn report(name: &str) -> Value {
    json!({ "name": name, "sound": "armed", "permission": "granted", "push": push_address(name) })
}

#[test]
fn a_browser_reports_is_listed_tested_and_removed() {
    both(|db| async move {
        let (app, out) = App::reaching(db).await;
        let mia = app.person("mia", "Member").await;
        let answer = mia.put(DEVICE).json(&report("Firefox")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let device = answer.json();
        assert_eq!(
            (&device["push"], &device["open"], &device["sound"]),
            (&json!(true), &json!(true), &json!("armed"))
        );
        // Keys and address stay between the browser and its push service.
        assert!(!answer.text().contains("push.example.org"), "{}", answer.text());
        assert_eq!(mia.get("/api/v1/me/devices").await.items(), [device]);
        let answer = mia.post(&format!("{DEVICE}/test")).await;
        assert_eq!((answer.status, &answer.json()["state"]), (202, &json!("queued")));
        assert_eq!(mia.post(&format!("{DEVICE}/test")).await.status, 429);
        deliveries::dispatch(&app.w.services).await.expect("a round");
        assert_eq!(out.push.sent().len(), 1);
        assert_eq!(mia.read(&format!("{DEVICE}/test")).await["state"], "sent");
        assert_eq!(mia.delete(DEVICE).await.status, 204);
        assert_eq!(mia.delete(DEVICE).await.status, 404);
        assert!(mia.get("/api/v1/me/devices").await.items().is_empty());
    });
}

#[test]
fn a_device_is_its_owners_alone() {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let (mia, ben) = (app.person("mia", "Member").await, app.person("ben", "Member").await);
        assert_eq!(mia.put(DEVICE).json(&report("Firefox")).await.status, 200);
        assert!(ben.get("/api/v1/me/devices").await.items().is_empty());
        for (method, path) in [
            ("DELETE", DEVICE.to_owned()),
            ("POST", format!("{DEVICE}/test")),
            ("GET", format!("{DEVICE}/test")),
        ] {
            assert_eq!(ben.ask(method, &path).await.status, 404, "{method}");
        }
        for path in ["/api/v1/me/devices", "/api/v1/push/key"] {
            assert_eq!(app.anonymous().get(path).await.status, 401, "{path}");
        }
        assert_eq!(app.anonymous().put(DEVICE).json(&report("Firefox")).await.status, 401);
        assert_eq!(mia.get("/api/v1/me/devices").await.items().len(), 1);
    });
}

#[test]
fn whoever_signs_out_leaves_no_device_behind() {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let mia = app.person("mia", "Member").await;
        assert_eq!(mia.put(DEVICE).json(&report("Firefox")).await.status, 200);
        let elsewhere = app.browser("mia").await;
        assert_eq!(elsewhere.get("/api/v1/me/devices").await.items().len(), 1);
        assert_eq!(mia.post("/api/auth/signout").await.status, 204);
        assert!(elsewhere.get("/api/v1/me/devices").await.items().is_empty());
    });
}

#[test]
fn what_can_not_be_sent_to_is_told_by_field() {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let mia = app.person("mia", "Member").await;
        let mut inside = report("Firefox");
        inside["push"]["endpoint"] = json!("http://127.0.0.1:3306/");
        let answer = mia.put(DEVICE).json(&inside).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["errors"][0]["field"], "push.endpoint");
        let mut other = report("Firefox");
        other["sound"] = json!("loud");
        assert_eq!(mia.put(DEVICE).json(&other).await.status, 422);
        assert_eq!(mia.put("/api/v1/me/devices/mine").json(&report("Firefox")).await.status, 404);
        assert_eq!(mia.read("/api/v1/push/key").await, json!({ "key": "BPlaceOfAKey", "email": true }));
    });
}

#[test]
fn a_program_that_sends_no_push_messages_has_no_key() {
    both(|db| async move {
        let app = App::new(db).await;
        let mia = app.person("mia", "Member").await;
        assert_eq!(mia.get("/api/v1/push/key").await.status, 404);
        let answer = mia.put(DEVICE).json(&report("Firefox")).await;
        assert_eq!((answer.status, &answer.json()["push"]), (200, &json!(false)));
    });
}

#[test]
fn the_page_of_devices_works_without_script() {
    both(|db| async move {
        let (app, out) = App::reaching(db).await;
        let mia = app.person("mia", "Member").await;
        assert!(mia.get("/account/devices").await.text().contains("No browser has reported yet."));
        mia.put(DEVICE).json(&report("Firefox on Linux")).await;
        let page = mia.get("/account/devices").await;
        assert_eq!(page.status, 200);
        for words in
            ["Firefox on Linux", "sound on, notifications allowed, push on", "Armed", "data-arm-device"]
        {
            assert!(page.text().contains(words), "{words}");
        }
        let form = [("id", DEVICE.rsplit('/').next().unwrap())];
        let answer = mia.post("/fn/device/test").header("accept", "text/html").form(&form).await;
        assert_eq!(answer.status, 302, "{}", answer.text());
        deliveries::dispatch(&app.w.services).await.expect("a round");
        assert_eq!(out.push.sent().len(), 1);
        assert!(mia.get("/account/devices").await.text().contains("Test by push: taken by the other side"));
        let answer = mia.post("/fn/device/remove").header("accept", "text/html").form(&form).await;
        assert_eq!(answer.status, 302, "{}", answer.text());
        assert!(mia.get("/api/v1/me/devices").await.items().is_empty());
    });
}
