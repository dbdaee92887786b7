//! What pages say of themselves.

use crate::support::{App, both};
use serde_json::json;
use server::http::metrics;

#[test]
fn what_a_page_noticed_is_told_to_prometheus() {
    both(|db| async move {
        let app = App::new(db).await;
        let report = json!({
            "lcp": 1200.5, "inp": 80, "cls": 0.02,
            "errors": [{ "message": "x is not a function", "where": "/live.js:7" }],
        });
        // Also of a page that nobody has signed in at.
        for page in [app.browser("admin").await, app.anonymous()] {
            assert_eq!(
                page.ask("POST", "/vitals").body("application/json", report.to_string()).await.status,
                204
            );
        }
        let text = metrics::text(&app.state).await.expect("a text");
        for line in [
            "pms_browser_lcp_seconds_sum 2.401",
            "pms_browser_lcp_seconds_bucket{le=\"1.0\"} 0",
            "pms_browser_lcp_seconds_bucket{le=\"1.5\"} 2",
            "pms_browser_inp_seconds_bucket{le=\"0.1\"} 2",
            "pms_browser_cls_bucket{le=\"0.05\"} 2",
            "pms_browser_errors_total 2",
        ] {
            assert!(text.lines().any(|known| known == line), "no {line}: {text}");
        }
    });
}

#[test]
fn what_no_page_says_is_not_counted() {
    both(|db| async move {
        let app = App::new(db).await;
        let page = app.anonymous();
        let say = |body: String| page.ask("POST", "/vitals").body("application/json", body);
        for wrong in ["", "null", "[]", "{"] {
            assert_eq!(say(wrong.to_owned()).await.status, 422, "{wrong}");
        }
        assert_eq!(say(format!("{{\"errors\":[]{}}}", " ".repeat(9_000))).await.status, 413);
        // A page of another version, and no texts.
        let other = json!({ "fcp": 90, "lcp": "fast", "inp": null, "errors": 7 });
        assert_eq!(say(other.to_string()).await.status, 204);
        // Numbers that no clock gives, and more errors than a page says, change little or nothing.
        assert_eq!(say(json!({ "lcp": -1, "inp": 1e300, "cls": 1e9 }).to_string()).await.status, 204);
        let fault = json!({ "message": "x".repeat(500), "where": "\n\n" });
        let many = json!({ "errors": vec![fault; 12] });
        assert_eq!(say(many.to_string()).await.status, 204);
        let text = metrics::text(&app.state).await.expect("a text");
        for line in [
            "pms_browser_lcp_seconds_count 0",
            "pms_browser_inp_seconds_count 0",
            "pms_browser_errors_total 5",
        ] {
            assert!(text.lines().any(|known| known == line), "no {line}: {text}");
        }
    });
}
