//! A replica answers what it has come far enough for, and nobody notices whether it does.

use std::time::{Duration, Instant};
use store::{
    Db,
    counters::{self, Counters},
    db::{Following, Options},
};
use testkit::MariaDb;
use tokio::time::sleep;

const PATIENCE: Duration = Duration::from_mins(1);

async fn open(primary: &MariaDb, replica: &MariaDb) -> Db {
    let options = Options { replica: Some(replica.url()), ..Options::new(primary.url()) };
    Db::open(&options).await.expect("it opens")
}

/// Looks until it stands so.
async fn until(db: &Db, what: &str, stands: impl Fn(Following) -> bool) {
    let end = Instant::now() + PATIENCE;
    loop {
        let following = db.look_at_replica().await.expect("the primary answers").expect("there is a replica");
        if stands(following) {
            return;
        }
        assert!(Instant::now() < end, "{what}: {following:?}");
        sleep(Duration::from_millis(50)).await;
    }
}

const fn has_everything(following: Following) -> bool {
    matches!(following, Following::Behind(Duration::ZERO))
}

/// Until it answers what has come as far as the primary.
async fn until_useful(db: &Db) {
    let end = Instant::now() + PATIENCE;
    loop {
        until(db, "it follows", has_everything).await;
        if is_answered_by_replica(db, now(db).await).await {
            return;
        }
        assert!(Instant::now() < end, "it never answers");
    }
}

async fn now(db: &Db) -> Counters {
    counters::read(&mut db.peek().await.expect("a connection")).await.expect("counters")
}

/// Who answers, as it says itself, what a request asks that has seen so much. Whoever it is has come as far.
async fn is_answered_by_replica(db: &Db, seen: Counters) -> bool {
    let before = db.replication().expect("a replica");
    let begun = db.read_replica(seen).await;
    let by_replica = begun.is_some();
    let mut tx = match begun {
        Some(tx) => tx,
        None => db.read().await.expect("a transaction"),
    };
    assert!(counters::read(&mut tx).await.expect("counters").reached(seen));
    let (server,): (i64,) = tx.sql("SELECT CAST(@@server_id AS SIGNED)").one().await.expect("its number");
    drop(tx);
    let mut tx = db.peek().await.expect("a connection");
    let (primary,): (i64,) = tx.sql("SELECT CAST(@@server_id AS SIGNED)").one().await.expect("its number");
    let after = db.replication().expect("a replica");
    assert_eq!(server != primary, by_replica);
    assert_eq!(after.answered - before.answered, u64::from(by_replica));
    assert_eq!(after.refused - before.refused, u64::from(!by_replica));
    by_replica
}

/// Also when its connection is not back from the read before.
async fn until_answered(db: &Db, seen: Counters, why: &str) {
    let end = Instant::now() + PATIENCE;
    while !is_answered_by_replica(db, seen).await {
        assert!(Instant::now() < end, "{why}");
        sleep(Duration::from_millis(20)).await;
    }
}

async fn change(db: &Db, access: bool) {
    let mut tx = db.write().await.expect("a transaction");
    tx.next_change();
    if access {
        tx.bump_access();
    }
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn whoever_has_seen_more_than_the_replica_shows_is_answered_by_the_primary() {
    let primary = MariaDb::start();
    let replica = MariaDb::replica_of(&primary);
    let (here, there) = (open(&primary, &replica).await, open(&primary, &replica).await);
    store::schema::up(&here, 0).await.expect("the migrations run");
    for db in [&here, &there] {
        until_useful(db).await;
    }

    for access in [false, true] {
        replica.hold_back();
        let before = now(&here).await;
        change(&here, access).await;
        let after = now(&here).await;
        assert_ne!(before, after);
        assert!(
            !is_answered_by_replica(&here, before).await,
            "who has written sees it in the same request, too"
        );
        until_answered(&there, before, "a request from before the change does not need it").await;
        assert!(!is_answered_by_replica(&there, after).await, "one from after it does, at whichever server");
        replica.let_on();
        for db in [&here, &there] {
            until_useful(db).await;
            until_answered(db, after, "it has come as far").await;
        }
    }

    // One that lacks something for long is not even asked.
    replica.hold_back();
    let before = now(&there).await;
    change(&here, false).await;
    let is_late = |following| matches!(following, Following::Behind(time) if time > Duration::from_secs(2));
    until(&there, "it is behind", is_late).await;
    assert!(!is_answered_by_replica(&there, before).await);
    replica.let_on();
    until_useful(&there).await;
    for db in [here, there] {
        db.close().await;
    }
}

#[tokio::test]
async fn a_replica_that_dies_keeps_nobody_waiting_and_is_asked_again_when_it_is_back() {
    let primary = MariaDb::start();
    let mut replica = MariaDb::replica_of(&primary);
    let db = open(&primary, &replica).await;
    store::schema::up(&db, 0).await.expect("the migrations run");
    assert!(!is_answered_by_replica(&db, now(&db).await).await, "not before it was looked at");
    until_useful(&db).await;

    replica.kill();
    let begin = Instant::now();
    assert!(!is_answered_by_replica(&db, now(&db).await).await);
    let first = begin.elapsed();
    let begin = Instant::now();
    for _ in 0..20 {
        assert!(!is_answered_by_replica(&db, now(&db).await).await);
    }
    assert!(first < Duration::from_secs(2), "the first one waited {first:?}");
    assert!(begin.elapsed() < Duration::from_secs(2), "the next ones waited");
    until(&db, "it is away", |following| following == Following::Away).await;
    assert_eq!(Following::Away.trouble().expect("trouble"), "the replica does not answer");

    change(&db, false).await;
    replica.start_again();
    until_useful(&db).await;
    db.close().await;
}

/// A row of the history that no other installation has.
const ROW: &str = "INSERT INTO activity (seq, id, at, action, subject, changes)
    VALUES (1, UNHEX(REPLACE(UUID(), '-', '')), 0, 'test', '', '')";

#[tokio::test]
async fn a_copy_of_something_else_is_never_asked() {
    let (primary, other) = (MariaDb::start(), MariaDb::start());
    let db = open(&primary, &other).await;
    for one in [&db, &Db::open(&Options::new(other.url())).await.expect("it opens")] {
        store::schema::up(one, 0).await.expect("the migrations run");
        testkit::engines::run_unguarded(one, ROW).await;
        change(one, true).await;
    }
    for _ in 0..2 {
        until(&db, "it is seen", |following| following == Following::Foreign).await;
        assert!(!is_answered_by_replica(&db, now(&db).await).await);
        // Nor when its numbers are passed.
        change(&db, true).await;
    }
    db.close().await;
}

#[tokio::test]
async fn a_read_that_fails_in_the_middle_gives_the_replica_a_rest() {
    let primary = MariaDb::start();
    let replica = MariaDb::replica_of(&primary);
    let db = open(&primary, &replica).await;
    store::schema::up(&db, 0).await.expect("the migrations run");
    until_useful(&db).await;
    // A lock that only those feel who read the table.
    let lock = replica.lock("task");
    let begin = Instant::now();
    let refused = loop {
        if let Some(mut tx) = db.read_replica(now(&db).await).await {
            break tx.sql("SELECT COUNT(*) FROM task").one::<(i64,)>().await;
        }
    };
    assert!(matches!(refused, Err(store::db::Error::Busy(_))), "{refused:?}");
    assert!(begin.elapsed() < Duration::from_secs(10), "a request does not wait for a lock for long");
    db.look_at_replica().await.expect("a look");
    drop(lock);
    assert!(!is_answered_by_replica(&db, now(&db).await).await);
    db.close().await;
}
