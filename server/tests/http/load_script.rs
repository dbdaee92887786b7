//! The requests of a load script as such tools send them: forms, a cookie jar, the bare token as bearer, and neither
//! `Origin` nor `Sec-Fetch-Site`.

use crate::support::{App, both};
use testkit::workspace::PASSWORD;

#[test]
fn one_round_of_the_script_is_answered_as_it_expects() {
    both(|db| async move {
        let app = App::new(db).await;
        let user = app.anonymous();
        for round in 1..=3 {
            let form = [("username", "admin"), ("password", PASSWORD)];
            let signed_in = user.post("/api/auth/signin").form(&form).await;
            assert_eq!(signed_in.status, 200);
            let bearer = format!("Bearer {}", signed_in.text());
            let listed = user.get("/api/projects").header("authorization", bearer).await;
            assert_eq!(listed.status, 200);
            assert_eq!(listed.items().len(), round - 1);
            let name = format!("Project 17686512{round}");
            let form = [("name", name.as_str()), ("description", "Test")];
            let created = user.post("/api/projects").form(&form).await;
            assert_eq!(created.status, 201, "{}", created.text());
            let project = created.json();
            assert_eq!((&project["name"], &project["description"]), (&name.into(), &"Test".into()));
            let there = user.get(created.header("location").unwrap()).await;
            assert_eq!((there.status, there.json()), (200, project));
        }
        let keys: Vec<_> = user.get("/api/projects").await.items().iter().map(|p| p["key"].clone()).collect();
        assert_eq!(keys.len(), 3, "each round has a key of its own: {keys:?}");
        assert!(keys[0] != keys[1] && keys[1] != keys[2] && keys[0] != keys[2], "{keys:?}");
    });
}

#[test]
fn both_names_of_the_list_are_the_same_list() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let short = browser.get("/api/projects?limit=5").await;
        let long = browser.get("/api/v1/projects?limit=5").await;
        assert_eq!(short.json(), long.json());
        let project = &short.items()[0];
        assert_eq!((&project["member_count"], &project["open_count"]), (&1.into(), &0.into()));
        assert_eq!(project["members"][0]["username"], "admin");
        assert_eq!(app.anonymous().get("/api/projects").await.status, 401);
    });
}
