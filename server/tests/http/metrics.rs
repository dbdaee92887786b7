//! What Prometheus reads.

use crate::support::{App, both};
use domain::urgent::NewEpisode;
use server::{http::metrics, jobs::Jobs};
use services::urgent;
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::Notify,
    time::{sleep, timeout},
};

/// The lines of a metric, without those that explain it.
fn lines<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    text.lines().filter(|line| line.starts_with(name)).collect()
}

#[test]
fn requests_are_counted_by_their_route_and_what_waits_is_shown() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        let project = app.w.project(&app.w.admin, "WEB").await;
        for key in ["WEB", "WEB", "NONE"] {
            admin.get(&format!("/api/v1/projects/{key}")).await;
        }
        app.anonymous().get("/api/v1/no/such/address").await;
        let actor = app.w.refresh(&app.w.admin).await;
        app.w.user("ann", "Member").await;
        let new = NewEpisode { id: None, reason: "The shop is down.".into() };
        urgent::raise(&app.w.services, &actor, project.id, new).await.expect("raised");
        let text = metrics::text(&app.state).await.expect("a text");
        let route = "method=\"GET\",route=\"/api/v1/projects/{project}\"";
        let requests = lines(&text, "pms_http_requests_total{");
        for (status, count) in [(200, 2), (404, 1)] {
            let line = format!("pms_http_requests_total{{{route},status=\"{status}\"}} {count}");
            assert!(requests.contains(&line.as_str()), "{line} is not in {requests:#?}");
        }
        let counted = format!("pms_http_request_duration_seconds_count{{{route}}} 3");
        assert_eq!(lines(&text, &counted).len(), 1, "{text}");
        assert!(!text.contains("no/such"), "nobody makes up names");
        assert_eq!(lines(&text, "pms_database_up "), ["pms_database_up 1"]);
        assert_eq!(lines(&text, "pms_urgent_projects "), ["pms_urgent_projects 1"]);
        assert_eq!(lines(&text, "pms_maintenance "), ["pms_maintenance 0"]);
        assert_eq!(lines(&text, "pms_deliveries_waiting{").len(), 3, "each channel");
        let untold = lines(&text, "pms_history_untold ");
        assert!(untold.len() == 1 && untold[0] != "pms_history_untold 0", "no job runs here: {untold:?}");
        assert!(text.ends_with("# EOF\n"), "{text}");
    });
}

#[test]
fn without_a_database_the_rest_is_told() {
    both(|db| async move {
        let app = App::new(db.clone()).await;
        db.close().await;
        let text = metrics::text(&app.state).await.expect("a text");
        assert_eq!(lines(&text, "pms_database_up "), ["pms_database_up 0"]);
        assert_eq!(lines(&text, "pms_alerts_ringing"), [""; 0]);
        assert_eq!(lines(&text, "pms_build_info{").len(), 1);
    });
}

#[test]
fn a_job_that_panics_is_counted_and_the_others_go_on() {
    both(|db| async move {
        let app = App::new(db).await;
        let mut jobs = Jobs::new(&app.state);
        jobs.until("broken", |_| async { panic!("in a trial") });
        let worked = Arc::new(Notify::new());
        jobs.until("whole", {
            let worked = worked.clone();
            move |_| {
                let worked = worked.clone();
                async move { worked.notify_one() }
            }
        });
        worked.notified().await;
        let counted = async {
            loop {
                let text = metrics::text(&app.state).await.expect("a text");
                assert!(text.contains("pms_job_panics_total{name=\"whole\"} 0"), "{text}");
                if text.contains("pms_job_panics_total{name=\"broken\"} 1") {
                    return;
                }
                sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(Duration::from_secs(10), counted).await.expect("it is counted");
        app.stop.cancel();
        timeout(Duration::from_secs(10), jobs.end()).await.expect("both end");
    });
}

#[test]
fn people_do_not_find_it() {
    both(|db| async move {
        let app = App::new(db).await;
        assert_ne!(app.browser("admin").await.get("/metrics").await.status, 200);
    });
}
