//! The forms of pages as browsers send them without script.

use crate::support::{Answer, App, Client, both};
use serde_json::json;
use testkit::workspace::PASSWORD;

/// Sends a form from a page.
async fn send(client: &Client, page: &str, action: &str, pairs: &[(&str, &str)]) -> Answer {
    client
        .post(action)
        .header("accept", "text/html,application/xhtml+xml")
        .header("referer", format!("http://pms.example.org{page}"))
        .header("origin", "http://pms.example.org")
        .form(pairs)
        .await
}

async fn set_up(client: &Client, token: &str) -> Answer {
    let fields = [
        ("token", token),
        ("username", "ada"),
        ("email", "ada@example.org"),
        ("display_name", ""),
        ("password", PASSWORD),
    ];
    send(client, &format!("/set-up?token={token}"), "/fn/session/set-up", &fields).await
}

#[test]
fn the_first_account_needs_the_link_that_was_printed_and_the_link_works_once() {
    both(|db| async move {
        let app = App::empty(db).await;
        let link = || services::set_up::link_token(&app.w.services);
        let browser = app.anonymous();
        let page = browser.get("/set-up").await;
        assert!(page.text().contains("The server prints a one-time link"), "{}", page.text());
        let (old, token) = (link().await.unwrap().unwrap(), link().await.unwrap().unwrap());
        for wrong in ["wrong", "", &old] {
            let refused = set_up(&browser, wrong).await;
            assert!(refused.text().contains("link"), "{}", refused.text());
            assert!(!refused.text().contains(PASSWORD), "a password is not sent back");
            assert_eq!(browser.cookie("pms_session"), None, "{wrong}");
        }
        let page = browser.get(&format!("/set-up?token={token}")).await;
        assert!(page.text().contains("type=\"password\"") && page.text().contains("/fn/session/set-up"));
        let done = set_up(&browser, &token).await;
        assert_eq!((done.status, done.header("location")), (302, Some("/")));
        assert_eq!(browser.read("/api/auth/me").await["user"]["role_name"], "Administrator");
        let again = app.anonymous();
        set_up(&again, &token).await;
        assert_eq!(again.cookie("pms_session"), None);
        assert_eq!(link().await.unwrap(), None, "and no link is made any more");
    });
}

#[test]
fn words_in_a_text_area_stay_words() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let evil = "\n</textarea><form action=\"/fn/user/update\" method=\"post\"><b>&lt;";
        let project = admin
            .post("/api/v1/projects")
            .json(&json!({ "name": "Web", "key": "WEB", "description": evil }))
            .await;
        assert_eq!(project.status, 201);
        let task = admin
            .post("/api/v1/projects/WEB/tasks")
            .json(&json!({ "title": "Deep", "description": evil }))
            .await;
        assert_eq!(task.status, 201);
        for page in ["/tasks/WEB-1?edit=text", "/projects/WEB/settings"] {
            let html = admin.get(page).await;
            let area = html
                .text()
                .split("<textarea")
                .skip(1)
                .find(|part| part.contains("description"))
                .expect("a text area");
            let (_, inside) = area.split_once('>').expect("its begin");
            let (inside, _) = inside.split_once("</textarea>").expect("its end");
            // The first line break is the one that browsers leave out.
            let wanted = format!("\n{}", evil.replace('&', "&amp;").replace('<', "&lt;"));
            assert_eq!(inside.trim_end(), wanted, "{page}");
        }
    });
}

#[test]
fn a_set_up_link_ends_after_a_day() {
    both(|db| async move {
        let app = App::empty(db).await;
        let token = services::set_up::link_token(&app.w.services).await.unwrap().unwrap();
        app.w.clock.advance_seconds(24 * 60 * 60);
        let browser = app.anonymous();
        let refused = set_up(&browser, &token).await;
        assert!(refused.text().contains("link"), "{}", refused.text());
        assert_eq!(browser.cookie("pms_session"), None);
    });
}

#[test]
fn who_is_not_signed_in_is_led_to_the_sign_in_and_back() {
    both(|db| async move {
        let app = App::new(db).await;
        app.w.project(&app.w.admin, "WEB").await;
        let browser = app.anonymous();
        let sent = browser.get("/projects/WEB?tab=all").await;
        assert_eq!(
            (sent.status, sent.header("location")),
            (303, Some("/sign-in?next=%2Fprojects%2FWEB%3Ftab%3Dall"))
        );
        let page = "/sign-in?next=%2Fprojects%2FWEB%3Ftab%3Dall";
        let form =
            |password| [("username", "admin"), ("password", password), ("next", "/projects/WEB?tab=all")];
        let refused = send(&browser, page, "/fn/session/sign-in", &form("not this harbour")).await;
        assert!(refused.text().contains("The user name or password is not right"), "{}", refused.text());
        assert!(!refused.text().contains("not this harbour"));
        let done = send(&browser, page, "/fn/session/sign-in", &form(PASSWORD)).await;
        assert_eq!((done.status, done.header("location")), (302, Some("/projects/WEB?tab=all")));
        assert_eq!(browser.get("/projects/WEB").await.status, 200);
        assert_eq!(browser.get("/sign-in").await.header("location"), Some("/"));
        let out = send(&browser, "/", "/fn/session/sign-out", &[]).await;
        assert_eq!((out.status, out.header("location")), (302, Some("/sign-in")));
        assert_eq!(browser.get("/projects/WEB").await.status, 303);
    });
}

#[test]
fn a_link_puts_no_words_into_a_page() {
    both(|db| async move {
        let app = App::new(db).await;
        let words = "__path=%2Ffn%2Fsession%2Fsign-in&__err=IlNlcnZlciBhd2F5LiBDYWxsIDU1NSI=";
        for browser in [app.anonymous(), app.browser("admin").await] {
            for (link, page) in [
                (format!("/sign-in?{words}"), "/sign-in"),
                (format!("/sign-in?next=%2Fprojects&{words}"), "/sign-in?next=%2Fprojects"),
                (format!("/acknowledge?{words}&token=x"), "/acknowledge?token=x"),
                (format!("//evil.example/?{words}"), "/"),
            ] {
                let sent = browser.get(&link).await;
                assert_eq!((sent.status, sent.header("location")), (303, Some(page)), "{link}");
            }
        }
        let form = [("username", "admin"), ("password", "not this harbour"), ("next", "/")];
        let refused = send(&app.anonymous(), "/sign-in?next=%2F", "/fn/session/sign-in", &form).await;
        assert_eq!((refused.status, refused.header("location")), (409, None), "the page itself says it");
        assert!(refused.text().contains("The user name or password is not right"), "{}", refused.text());
    });
}

#[test]
fn a_sign_in_leads_to_no_other_site() {
    both(|db| async move {
        let app = App::new(db).await;
        for elsewhere in
            ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
        {
            let form = [("username", "admin"), ("password", PASSWORD), ("next", elsewhere)];
            let done = send(&app.anonymous(), "/sign-in", "/fn/session/sign-in", &form).await;
            assert_eq!((done.status, done.header("location")), (302, Some("/")), "{elsewhere}");
        }
    });
}

#[test]
fn nobody_calls_a_function_of_the_pages() {
    both(|db| async move {
        let app = App::new(db).await;
        let nobody = app.anonymous();
        for action in ["/fn/column/list", "/fn/account/me", "/fn/audit/list", "/fn/account/token/create"] {
            let form = [("project", "WEB"), ("name", "x"), ("days", "1"), ("page", "")];
            let answer = nobody.post(action).header("accept", "application/json").form(&form).await;
            assert!(answer.status >= 400, "{action} {} {}", answer.status, answer.text());
        }
        let nowhere = nobody.post("/fn/nowhere").form(&[]).await;
        assert_eq!(nowhere.status, 404);
    });
}

#[test]
fn pages_that_are_not_there_are_404_also_for_what_one_may_not_see() {
    both(|db| async move {
        let app = App::new(db).await;
        app.w.project(&app.w.admin, "WEB").await;
        let mia = app.person("mia", "Member").await;
        for path in
            ["/nowhere", "/projects/WEB", "/projects/NONE", "/tasks/WEB-1", "/favicon.ico", "/wp-login.php"]
        {
            assert_eq!(mia.get(path).await.status, 404, "{path}");
        }
    });
}

#[test]
fn the_theme_is_remembered_without_an_account() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.anonymous();
        let set = browser.post("/theme").form(&[("theme", "dark"), ("next", "/sign-in")]).await;
        assert_eq!((set.status, set.header("location")), (303, Some("/sign-in")));
        assert_eq!(browser.cookie("pms_theme").as_deref(), Some("dark"));
        assert!(browser.get("/sign-in").await.text().contains("data-theme=\"dark\""));
        assert_eq!(browser.post("/theme").form(&[("theme", "pink")]).await.status, 422);
    });
}

#[test]
fn what_was_searched_for_is_read_from_the_address_once() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        for (address, words) in [("50%2541+%25", "50%41 %"), ("%41", "A"), ("a%2520b%2Bc", "a%20b+c")] {
            let page = admin.get(&format!("/search?q={address}")).await;
            assert!(page.text().contains(&format!("value=\"{words}\"")), "{address}: {}", page.text());
        }
    });
}
