//! The made-up workspace fits together: its counters are what its rows say, and it is the same in every run.

use services::{
    Services,
    seed::{self, BOARD_PROJECT, Sizes},
};
use store::Db;

const SIZES: Sizes = Sizes {
    users: 20,
    teams: 3,
    projects: 6,
    memberships: 40,
    tasks: 1_400,
    comments: 900,
    activity: 3_000,
    task_labels: 1_600,
    watchers: 1_400,
    notifications: 1_000,
    audit: 200,
    largest_project: 200,
    busiest_task: 60,
};

async fn filled(db: Db) -> Services {
    let (services, _clock) = testkit::workspace::services_on(db);
    seed::fill(&services, SIZES, "correct horse battery".into(), &mut |_, _| {}).await.expect("filled");
    services
}

async fn number(services: &Services, text: &'static str) -> i64 {
    let mut tx = services.db.peek().await.expect("a connection");
    let (number,): (i64,) = tx.sql(text).one().await.expect("a number");
    number
}

#[test]
fn every_counter_is_what_the_rows_say() {
    testkit::both(|db| async move {
        let services = filled(db).await;
        assert_eq!(number(&services, "SELECT COUNT(*) FROM task").await, 1_400);
        assert_eq!(number(&services, "SELECT COUNT(*) FROM activity").await, 3_000);
        assert_eq!(number(&services, "SELECT COUNT(*) FROM notification WHERE place = 0").await, 1_000);
        for wrong in [
            "SELECT COUNT(*) FROM board_column c
             WHERE c.task_count <> (SELECT COUNT(*) FROM task t WHERE t.column_id = c.id AND t.lifecycle = 0)",
            "SELECT COUNT(*) FROM project p
             WHERE p.open_count <> (SELECT COUNT(*) FROM task t WHERE t.project_id = p.id AND t.category <> 'done')
                OR p.done_count <> (SELECT COUNT(*) FROM task t WHERE t.project_id = p.id AND t.category = 'done')
                OR p.next_number <> (SELECT COUNT(*) + 1 FROM task t WHERE t.project_id = p.id)
                OR p.member_count <> (SELECT COUNT(*) FROM project_member m WHERE m.project_id = p.id)",
            "SELECT COUNT(*) FROM task t
             WHERE t.comment_count <> (SELECT COUNT(*) FROM comment c WHERE c.task_id = t.id)",
            "SELECT COUNT(*) FROM notification n LEFT JOIN task t ON t.id = n.task_id WHERE t.id IS NULL",
            "SELECT COUNT(*) FROM counter c WHERE c.name = 'notified' AND c.value <> (SELECT MAX(seq) FROM activity)",
            "SELECT COUNT(*) FROM counter c WHERE c.name = 'change' AND c.value <> (SELECT MAX(seq) FROM activity)",
        ] {
            assert_eq!(number(&services, wrong).await, 0, "{wrong}");
        }
    });
}

#[test]
fn the_full_board_has_a_thousand_cards() {
    testkit::both(|db| async move {
        let services = filled(db).await;
        let mut tx = services.db.read().await.expect("a transaction");
        let project = store::projects::find_by_key(&mut tx, BOARD_PROJECT).await.expect("a read");
        let project = project.expect("the board's project");
        let columns = store::columns::list(&mut tx, project.id).await.expect("columns");
        assert!(columns.iter().all(|column| column.task_count == 250), "{columns:?}");
    });
}

#[test]
fn a_workspace_with_people_is_not_touched() {
    testkit::both(|db| async move {
        let services = filled(db).await;
        let again = seed::fill(&services, SIZES, "correct horse battery".into(), &mut |_, _| {}).await;
        assert!(
            matches!(again, Err(domain::Error::Refused { ref code, .. }) if code == "not_empty"),
            "{again:?}"
        );
    });
}
