//! The two engines have the same tables, and migrations go up, down and up again.

use std::sync::Mutex;
use store::schema::{self, State};

#[test]
fn both_engines_have_the_same_shape() {
    let shapes: &'static Mutex<Vec<Vec<String>>> = Box::leak(Box::default());
    testkit::both(|db| async move {
        let shape = schema::shape(&db).await.expect("a shape");
        shapes.lock().expect("a lock").push(shape);
    });
    let shapes = shapes.lock().expect("a lock");
    assert!(shapes[0].len() > 100, "the shape has columns");
    assert_eq!(shapes[0], shapes[1]);
}

#[test]
fn migrations_go_down_and_up_again() {
    testkit::both(|db| async move {
        let count = schema::status(&db).await.expect("a status").len();
        assert_eq!(schema::down(&db, count).await.expect("down").len(), count);
        let left = schema::shape(&db).await.expect("a shape");
        assert!(
            left.iter().all(|line| line.starts_with("schema_migration.")),
            "nothing is left behind: {left:?}"
        );
        assert_eq!(schema::up(&db, 1).await.expect("up").len(), count);
        assert!(schema::check(&db).await.is_ok());
        assert!(schema::up(&db, 2).await.expect("again").is_empty());
    });
}

#[test]
fn a_newer_database_is_refused_with_what_to_do() {
    testkit::both(|db| async move {
        let mut tx = db.write_aside().await.expect("a transaction");
        tx.sql(
            "INSERT INTO schema_migration (version, name, statements, finished, applied_at)
             VALUES (9999, 'from_the_future', 1, ?, 0)",
        )
        .bind(true)
        .run()
        .await
        .expect("a row");
        tx.commit().await.expect("a commit");
        let refusal = schema::check(&db).await.expect_err("refused").to_string();
        assert!(refusal.contains("newer version"), "{refusal}");
        assert!(schema::up(&db, 0).await.is_err(), "and not touched");
    });
}

#[test]
fn a_migration_that_was_cut_off_goes_on() {
    testkit::both(|db| async move {
        // As if the power went while one ran: on MySQL after its first statement, on SQLite (where a migration is one
        // transaction) before it.
        let all = schema::status(&db).await.expect("a status");
        let place = all.iter().position(|migration| migration.name == "urgent").expect("the migration");
        let cut_off = &all[place];
        schema::down(&db, all.len() - place).await.expect("down");
        let half = match db.dialect() {
            store::db::Dialect::Sqlite => State::Pending,
            store::db::Dialect::MySql => {
                let mut tx = db.write_aside().await.expect("a transaction");
                tx.sql("ALTER TABLE project ADD COLUMN urgent_at BIGINT")
                    .run()
                    .await
                    .expect("its first statement");
                tx.sql(
                    "INSERT INTO schema_migration (version, name, statements, finished, applied_at)
                     VALUES (?, ?, 1, ?, 0)",
                )
                .bind(cut_off.version)
                .bind(cut_off.name.clone())
                .bind(false)
                .run()
                .await
                .expect("a row");
                tx.commit().await.expect("a commit");
                State::Half
            }
        };
        let now = schema::status(&db).await.expect("a status");
        assert_eq!(now[place].state, half);
        let advice = schema::check(&db).await.expect_err("refused").to_string();
        assert!(advice.contains("pms migrate up"), "{advice}");
        schema::up(&db, 0).await.expect("goes on");
        assert!(schema::check(&db).await.is_ok());
    });
}
