//! What browsers are told about each answer.

use crate::support::{Answer, App, both};

fn policy(answer: &Answer) -> &str {
    answer.header("content-security-policy").expect("a policy")
}

#[test]
fn nothing_runs_in_an_answer_of_the_api() {
    both(|db| async move {
        let app = App::new(db).await;
        for path in ["/api/v1/projects", "/api/nowhere", "/api/openapi.json"] {
            let answer = app.anonymous().get(path).await;
            assert_eq!(policy(&answer), "default-src 'none'; frame-ancestors 'none'; sandbox", "{path}");
            assert_eq!(answer.header("referrer-policy"), Some("same-origin"));
            assert_eq!(answer.header("cross-origin-opener-policy"), Some("same-origin"));
            assert!(answer.header("permissions-policy").unwrap().contains("geolocation=()"));
            assert_eq!(answer.header("strict-transport-security"), None, "not without TLS");
        }
    });
}

#[test]
fn a_page_runs_only_what_carries_its_nonce() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        let mut nonces = Vec::new();
        for _ in 0..2 {
            let page = browser.get("/").await;
            assert_eq!(page.status, 200);
            let policy = policy(&page);
            for rule in
                ["default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]
            {
                assert!(policy.contains(rule), "{rule} in {policy}");
            }
            assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
            let html = page.text();
            assert!(!html.contains(" style=\""), "a style attribute would be refused");
            for script in html.split("<script").skip(1) {
                let tag = script.split('>').next().unwrap();
                assert!(
                    tag.contains(&format!("nonce=\"{nonce}\"")) || tag.contains("src=\"/"),
                    "<script{tag}>"
                );
            }
            nonces.push(nonce.to_owned());
        }
        assert_ne!(nonces[0], nonces[1], "each answer has its own");
    });
}

#[test]
fn the_script_that_rings_comes_with_every_page_of_somebody_who_is_signed_in() {
    both(|db| async move {
        let app = App::new(db).await;
        let page = app.browser("admin").await.get("/").await;
        let mut sources = page.text().split("src=\"").map(|rest| rest.split('"').next().unwrap_or_default());
        let address = sources.find(|source| source.starts_with("/alerts/")).expect("a script that rings");
        assert!(page.text().contains("<meta name=\"pms-person\""), "it knows whose alerts ring");
        let script = app.anonymous().get(address).await;
        assert_eq!(
            (script.status, script.header("content-type")),
            (200, Some("text/javascript; charset=utf-8"))
        );
        assert_eq!(script.header("cache-control"), Some("public, max-age=31536000, immutable"));
        let part = address.replace("alerts.js", "sound.js");
        assert_eq!(app.anonymous().get(&part).await.status, 200, "the parts stand beside it");
        let before = app.anonymous().get("/alerts/0123456789abcdef/sound.js").await;
        assert_eq!(
            (before.status, before.header("cache-control")),
            (200, Some("no-cache")),
            "of another build"
        );
        assert_eq!(app.anonymous().get("/alerts/0123456789abcdef/nothing.js").await.status, 404);
        assert!(!app.anonymous().get("/sign-in").await.text().contains("/alerts/"), "nobody to ring for");
    });
}

#[test]
fn the_service_worker_is_asked_after_each_time() {
    both(|db| async move {
        let app = App::new(db).await;
        let worker = app.anonymous().get("/sw.js").await;
        assert_eq!(
            (worker.status, worker.header("content-type")),
            (200, Some("text/javascript; charset=utf-8"))
        );
        assert_eq!(worker.header("cache-control"), Some("no-cache"));
        assert!(policy(&worker).contains("connect-src 'self'") && policy(&worker).contains("img-src 'self'"));
    });
}

#[test]
fn under_https_browsers_are_told_to_stay_with_it() {
    both(|db| async move {
        let app = App::https(db).await;
        for path in ["/api/health", "/api/v1/projects", "/sign-in", "/nowhere.txt"] {
            let answer = app.anonymous().get(path).await;
            let hsts = answer.header("strict-transport-security");
            assert_eq!(hsts, Some("max-age=31536000; includeSubDomains"), "{path}");
        }
    });
}

#[test]
fn what_one_person_saw_is_kept_by_no_cache_on_the_way() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        let kept = async |path: &str| browser.get(path).await.header("cache-control").map(str::to_owned);
        assert_eq!(kept("/api/v1/projects").await.as_deref(), Some("private, no-cache"));
        assert_eq!(kept("/api/auth/me").await.as_deref(), Some("private, no-cache"));
        assert_eq!(kept("/").await.as_deref(), Some("no-store"));
        assert_eq!(kept("/api/health").await.as_deref(), Some("no-store"));
        assert_eq!(kept("/api/openapi.json").await.as_deref(), Some("public, max-age=3600"));
    });
}

#[test]
fn long_answers_are_compressed_for_who_can_read_that() {
    both(|db| async move {
        let app = App::new(db).await;
        let browser = app.browser("admin").await;
        let encoding = async |accepted: &'static str| {
            let answer = browser.get("/api/v1/roles").header("accept-encoding", accepted).await;
            answer.header("content-encoding").map(str::to_owned)
        };
        assert_eq!(encoding("gzip, br").await.as_deref(), Some("br"));
        assert_eq!(encoding("gzip").await.as_deref(), Some("gzip"));
        assert_eq!(encoding("identity").await, None);
    });
}

#[test]
fn the_reader_page_and_its_style_need_no_script_and_no_sign_in() {
    both(|db| async move {
        let app = App::new(db).await;
        let page = app.anonymous().get("/api/docs").await;
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(policy(&page).contains("style-src 'self'") && !policy(&page).contains("script-src"));
        assert!(page.text().contains("id=\"list_projects\"") && !page.text().contains("<script"));
        let found = app.anonymous().get("/api/docs?q=delete+label").await;
        assert!(
            found.text().contains("id=\"delete_label\"") && !found.text().contains("id=\"list_projects\"")
        );
        let style = app.anonymous().get("/api/docs.css").await;
        assert_eq!(style.header("content-type"), Some("text/css; charset=utf-8"));
    });
}
