//! Many at once.

use crate::support::{Answer, App, both};
use serde_json::json;

#[test]
fn thirty_creates_at_once_with_two_labels_each_are_thirty_tasks_and_sixty_links() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let mut labels = Vec::new();
        for name in ["Bug", "Soon"] {
            let label = admin.create("/api/v1/labels", json!({ "project": "WEB", "name": name })).await;
            labels.push(label["id"].clone());
        }
        let mut all = tokio::task::JoinSet::new();
        for number in 0..30 {
            let (admin, labels) = (admin.clone(), labels.clone());
            all.spawn(async move {
                let task = json!({ "project": "WEB", "title": format!("Task {number}"), "labels": labels });
                admin.post("/api/v1/tasks").json(&task).await
            });
        }
        let answers = all.join_all().await;
        let refused: Vec<_> =
            answers.iter().filter(|answer| answer.status != 201).map(Answer::text).collect();
        assert!(refused.is_empty(), "{refused:?}");
        let tasks = admin.get("/api/v1/tasks?project=WEB&limit=200").await.items();
        let links: usize = tasks.iter().map(|task| task["labels"].as_array().unwrap().len()).sum();
        assert_eq!((tasks.len(), links), (30, 60));
        let numbers: Vec<_> = tasks.iter().map(|task| task["key"].as_str().unwrap().to_owned()).collect();
        let expected: Vec<_> = (1..=30).map(|number| format!("WEB-{number}")).collect();
        assert_eq!(numbers, expected, "no number is skipped or given twice");
        assert_eq!(admin.read("/api/v1/projects/WEB").await["open_count"], 30);
        let mut tx = app.w.services.db.peek().await.unwrap();
        let (links,): (i64,) = tx.sql("SELECT COUNT(*) FROM task_label").one().await.unwrap();
        assert_eq!(links, 60);
    });
}

#[test]
fn of_changes_at_once_to_one_row_one_is_done_and_the_others_get_it() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        admin.create("/api/v1/tasks", json!({ "project": "WEB", "title": "Task" })).await;
        let mut all = tokio::task::JoinSet::new();
        for number in 0..10 {
            let admin = admin.clone();
            all.spawn(async move {
                let edit = json!({ "version": 1, "title": format!("Title {number}") });
                admin.patch("/api/v1/tasks/WEB-1").json(&edit).await
            });
        }
        let answers = all.join_all().await;
        let done: Vec<_> = answers.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(done.len(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 200) {
            assert_eq!(answer.status, 409, "{}", answer.text());
            assert_eq!(answer.problem()["current"], done[0].json());
        }
    });
}

#[test]
fn a_crowd_of_readers_and_writers_meets_no_fault() {
    both(|db| async move {
        let app = App::new(db).await;
        let admin = app.browser("admin").await;
        app.w.project(&app.w.admin, "WEB").await;
        let mut all = tokio::task::JoinSet::new();
        for number in 0..60 {
            let admin = admin.clone();
            all.spawn(async move {
                let task = json!({ "project": "WEB", "title": format!("Task {number}") });
                match number % 4 {
                    0 => admin.post("/api/v1/tasks").json(&task).await,
                    1 => admin.get("/api/v1/projects").await,
                    2 => admin.get("/api/v1/projects/WEB/board").await,
                    _ => admin.post("/api/v1/projects").json(&json!({ "name": format!("P {number}") })).await,
                }
                .status
            });
        }
        let statuses = all.join_all().await;
        assert!(statuses.iter().all(|status| *status < 300), "{statuses:?}");
    });
}
