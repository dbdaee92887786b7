//! What Prometheus reads.

use crate::support::{App, both};
use domain::urgent::NewEpisode;
use server::{
    http::metrics,
    jobs::{self, Jobs},
};
use services::urgent;
use std::{future::pending, sync::Arc, time::Duration};
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
fn a_job_that_hangs_is_told_and_the_others_are_not() {
    both(|db| async move {
        let app = App::new(db).await;
        let mut jobs = Jobs::new(&app.state);
        jobs.in_rounds("hangs", Duration::ZERO, |_, rounds| async move {
            rounds.round(async { Ok(0) }).await.expect("the first round ends");
            let _ = rounds.round(pending()).await;
        });
        jobs.in_rounds("gets on", Duration::from_secs(20), |_, rounds| async move {
            loop {
                rounds.ended();
                sleep(Duration::from_millis(5)).await;
            }
        });
        let told = async {
            loop {
                let text = metrics::text(&app.state).await.expect("a text");
                assert!(text.contains("pms_job_overdue_seconds{name=\"gets on\"} 0\n"), "{text}");
                if !text.contains("pms_job_overdue_seconds{name=\"hangs\"} 0\n") {
                    return assert_eq!(lines(&text, "pms_job_overdue_seconds{").len(), 2, "{text}");
                }
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(10), told).await.expect("it is told");
        app.stop.cancel();
        timeout(Duration::from_secs(10), jobs.end()).await.expect("both end");
    });
}

#[test]
fn each_job_is_watched() {
    both(|db| async move {
        let app = App::new(db).await;
        let jobs = jobs::start(&app.state);
        let text = metrics::text(&app.state).await.expect("a text");
        let overdue = lines(&text, "pms_job_overdue_seconds{");
        assert_eq!(overdue.len(), lines(&text, "pms_job_panics_total{").len(), "{text}");
        for name in ["urgent", "email", "push", "webhook", "notifications", "outbox", "purge"] {
            let keeps_its_time = format!("pms_job_overdue_seconds{{name=\"{name}\"}} 0");
            assert!(overdue.contains(&keeps_its_time.as_str()), "{keeps_its_time} is not in {overdue:#?}");
        }
        app.stop.cancel();
        timeout(Duration::from_secs(30), jobs.end()).await.expect("all end");
    });
}

#[test]
fn a_list_that_need_not_be_read_is_told_from_one_that_was() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let told = async |found, missed| {
            let text = metrics::text(&app.state).await.expect("a text");
            assert_eq!(
                lines(&text, "pms_list_cache_hits_total "),
                [format!("pms_list_cache_hits_total {found}")]
            );
            let read = format!("pms_list_cache_misses_total {missed}");
            assert_eq!(lines(&text, "pms_list_cache_misses_total "), [read]);
        };
        told(0, 0).await;
        let first = admin.get("/api/v1/projects").await;
        told(0, 1).await;
        assert_eq!(admin.get("/api/v1/projects").await.text(), first.text(), "from memory");
        told(1, 1).await;
        let tag = first.header("etag").expect("a tag").to_owned();
        let again = admin.get("/api/v1/projects").header("if-none-match", tag).await;
        assert_eq!(again.status, 304);
        told(2, 1).await;
        app.w.project(&app.w.admin, "APP").await;
        admin.get("/api/v1/projects").await;
        told(2, 2).await;
    });
}

/// The numbers are of the whole program, in which other stories run: each is there, and grows.
#[test]
fn waits_for_the_database_and_statements_are_shown_by_how_long_they_took() {
    both(|db| async move {
        let app = App::new(db).await;
        let number = |text: &str, name: &str| -> u64 {
            let found = lines(text, name);
            assert_eq!(found.len(), 1, "{name}: {text}");
            found[0][name.len()..].trim().parse().expect("a number")
        };
        let before = metrics::text(&app.state).await.expect("a text");
        app.w.project(&app.w.admin, "WEB").await;
        app.browser("admin").await.get("/api/v1/projects/WEB").await;
        let after = metrics::text(&app.state).await.expect("a text");
        let families = [
            ("pms_database_wait_seconds", "for", &["read", "write"][..]),
            ("pms_database_statement_duration_seconds", "kind", &["read", "write", "commit"]),
        ];
        for (name, label, values) in families {
            assert!(after.contains(&format!("# TYPE {name} histogram\n")), "{after}");
            for value in values {
                let count = format!("{name}_count{{{label}=\"{value}\"}} ");
                assert!(number(&after, &count) > number(&before, &count), "{count}: {after}");
                let all = format!("{name}_bucket{{le=\"+Inf\",{label}=\"{value}\"}} ");
                assert_eq!(number(&after, &all), number(&after, &count));
                let within = format!("{name}_bucket{{le=\"0.1\",{label}=\"{value}\"}} ");
                assert!(number(&after, &within) <= number(&after, &all));
            }
        }
    });
}

#[test]
fn people_do_not_find_it() {
    both(|db| async move {
        let app = App::new(db).await;
        assert_ne!(app.browser("admin").await.get("/metrics").await.status, 200);
    });
}
