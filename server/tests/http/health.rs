//! What monitoring asks.

use crate::support::{App, both};
use serde_json::Value;

#[test]
fn health_has_the_shape_that_monitoring_expects() {
    both(|db| async move {
        let app = App::new(db).await;
        let answer = app.anonymous().get("/api/health").await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
        let mut health = answer.json();
        let millis =
            |value: &Value| value.as_str().unwrap().strip_suffix("ms").unwrap().parse::<u64>().is_ok();
        let megabytes =
            |value: &Value| value.as_str().unwrap().strip_suffix("MB").unwrap().parse::<u64>().is_ok();
        assert!(millis(&health["checks"]["database"]["responseTime"]));
        assert!(megabytes(&health["checks"]["memory"]["heapUsed"]));
        assert!(megabytes(&health["checks"]["memory"]["heapTotal"]));
        health["checks"]["database"]["responseTime"] = "5ms".into();
        health["checks"]["memory"]["heapUsed"] = "45MB".into();
        health["checks"]["memory"]["heapTotal"] = "8000MB".into();
        insta::assert_json_snapshot!(health, @r#"
        {
          "checks": {
            "backup": {
              "status": "not configured"
            },
            "clock": {
              "status": "ok"
            },
            "database": {
              "responseTime": "5ms",
              "status": "ok"
            },
            "drill": {
              "status": "not configured"
            },
            "memory": {
              "heapTotal": "8000MB",
              "heapUsed": "45MB",
              "status": "ok"
            },
            "redis": {
              "status": "not configured"
            },
            "replica": {
              "status": "not configured"
            }
          },
          "maintenance": false,
          "status": "ok",
          "timestamp": "2026-01-17T12:00:00Z"
        }
        "#);
    });
}

#[test]
fn without_a_database_it_is_degraded_and_says_nothing_of_the_driver() {
    both(|db| async move {
        let app = App::new(db.clone()).await;
        db.close().await;
        let answer = app.anonymous().get("/api/health").await;
        assert_eq!(answer.status, 503);
        let health = answer.json();
        assert_eq!(
            (&health["status"], &health["checks"]["database"]["status"]),
            (&"degraded".into(), &"error".into())
        );
        assert_eq!(health["checks"]["database"]["error"], "the database cannot be reached");
        assert_eq!(app.anonymous().get("/api/health/live").await.status, 200);
        assert_eq!(app.anonymous().get("/api/health/ready").await.status, 503);
        let refused = app.anonymous().with_bearer("pms_x").get("/api/v1/projects").await;
        assert_eq!((refused.status, refused.code()), (503, "unavailable".to_owned()));
    });
}
