//! What is told of waiting for the database. One story alone in its program, because the numbers are of the whole program.

use std::time::Duration;
use store::{
    Db,
    db::{Durations, Tx, statement_times, wait_times},
};
use testkit::both;
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

/// How long somebody holds what others want, and more than half of it.
const HELD: Duration = Duration::from_millis(800);
const LONG: Duration = Duration::from_millis(500);

/// What was counted since the start: all, and those that took long.
#[derive(Debug)]
struct Seen([(u64, u64); 5]);

impl Seen {
    fn now() -> Self {
        let ([wait_read, wait_write], [read, write, commit]) = (wait_times(), statement_times());
        Self([wait_read, wait_write, read, write, commit].map(|(_, durations)| {
            let quick = |bound: Option<Duration>| bound.is_some_and(|bound| bound <= LONG);
            let long = durations.buckets().filter(|(bound, _)| !quick(*bound)).map(|(_, count)| count).sum();
            (durations.count(), long)
        }))
    }

    fn since(before: &Self) -> Self {
        let mut now = Self::now();
        for ((all, long), (all_before, long_before)) in now.0.iter_mut().zip(before.0) {
            (*all, *long) = (*all - all_before, *long - long_before);
        }
        now
    }
}

async fn change(tx: &mut Tx) {
    let changed = tx.sql("UPDATE counter SET value = value WHERE name = 'access'").run().await;
    assert_eq!(changed.expect("changed"), 1);
}

async fn look(tx: &mut Tx) {
    let count: Result<(i64,), _> = tx.sql("SELECT COUNT(*) FROM counter WHERE name = 'access'").one().await;
    assert_eq!(count.expect("a count"), (1,));
}

/// Each beginning is one wait, and no statement.
async fn statements_are_told_by_what_they_do(db: &Db) {
    let before = Seen::now();
    let mut tx = db.write().await.expect("begun");
    look(&mut tx).await;
    change(&mut tx).await;
    tx.commit().await.expect("committed");
    look(&mut db.read().await.expect("begun")).await;
    look(&mut db.peek().await.expect("connected")).await;
    drop(db.write_aside().await.expect("begun"));
    // How long the disk took is of no interest here.
    assert_eq!(Seen::since(&before).0.map(|(all, _)| all), [2, 2, 3, 1, 1]);
}

/// More than there are turns on MySQL; one of them does not wait to the end.
async fn whoever_waits_for_a_turn_is_seen_and_whoever_reads_is_not_held_up(db: &Db) {
    let before = Seen::now();
    let held = db.write().await.expect("begun");
    let mut writers = JoinSet::new();
    for _ in 0..6 {
        let db = db.clone();
        writers.spawn(async move { drop(db.write().await.expect("begun")) });
    }
    assert!(timeout(LONG + HELD / 16, db.write()).await.is_err(), "it is somebody else's turn");
    look(&mut db.read().await.expect("begun")).await;
    sleep(HELD).await;
    drop(held);
    while let Some(written) = writers.join_next().await {
        written.expect("it was their turn");
    }
    // How long the others took on a busy machine is of no interest here.
    let Seen(seen) = Seen::since(&before);
    assert_eq!(seen.map(|(all, _)| all), [1, 8, 1, 0, 0]);
    assert!(seen[1].1 >= 7, "{seen:?}");
}

async fn whoever_waits_for_a_connection_is_seen(db: &Db) {
    let before = Seen::now();
    let all = match db {
        Db::Sqlite { read, .. } => read.options().get_max_connections(),
        Db::MySql { primary, .. } => primary.options().get_max_connections(),
    };
    let mut held = Vec::new();
    for _ in 0..all {
        held.push(db.peek().await.expect("connected"));
    }
    tokio::join!(async { look(&mut db.read().await.expect("begun")).await }, async {
        sleep(HELD).await;
        drop(held);
    });
    let Seen(seen) = Seen::since(&before);
    assert_eq!(seen.map(|(all, _)| all), [u64::from(all) + 1, 0, 1, 0, 0]);
    assert!(seen[0].1 >= 1, "{seen:?}");
}

#[test]
fn operators_see_who_waits_for_the_database_and_how_long_statements_take() {
    both(async |db| {
        statements_are_told_by_what_they_do(&db).await;
        whoever_waits_for_a_turn_is_seen_and_whoever_reads_is_not_held_up(&db).await;
        whoever_waits_for_a_connection_is_seen(&db).await;
        let sum = |of: &[(&str, Durations)]| of.iter().map(|(_, durations)| durations.sum).sum::<Duration>();
        assert!(sum(&wait_times()) > HELD * 6, "{:?}", wait_times());
        assert!(sum(&statement_times()) > Duration::ZERO, "{:?}", statement_times());
    });
}
