//! Migrations are run by one program at a time, and what goes wrong half-way can be gone on with.

use std::{fs, path::Path, sync::Mutex, time::Duration};
use store::{
    Db,
    db::{Dialect, Options},
    schema::{self, Migrations, Migrator, State},
};

/// Files as a version of PMS could have them, without their `.sql`.
type Files = &'static [(&'static str, &'static str)];

const FIRST: Files = &[
    ("0001_one", "CREATE TABLE one (\n  id BIGINT NOT NULL\n);\nINSERT INTO one (id) VALUES (1);\n"),
    ("0001_one.down", "DROP TABLE one;\n"),
];
/// Its second statement can't be done.
const WRONG: (&str, &str) = (
    "0002_two",
    "CREATE TABLE two (\n  id BIGINT NOT NULL\n);\nALTER TABLE nowhere ADD COLUMN name BIGINT;\n",
);
const MENDED: (&str, &str) =
    ("0002_two", "CREATE TABLE two (\n  id BIGINT NOT NULL\n);\nALTER TABLE two ADD COLUMN name BIGINT;\n");
const BACK: (&str, &str) = ("0002_two.down", "ALTER TABLE two DROP COLUMN name;\nDROP TABLE two;\n");

/// Tells the story of an empty database of each engine, by its address.
fn on_both<F: Future<Output = ()>>(story: impl Fn(String) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let folder = tempfile::tempdir().expect("a folder");
    runtime.expect("a runtime").block_on(async {
        story(format!("sqlite:{}", folder.path().join("pms.db").display())).await;
        story(testkit::engines::empty_database().await).await;
    });
}

async fn open(url: &str) -> Db {
    Db::open(&Options { wait: Duration::from_secs(1), ..Options::new(url) }).await.expect("it opens")
}

async fn begin(db: &Db, more: &[(&str, &str)]) -> store::db::Result<Migrator> {
    let all = FIRST.iter().chain(more).map(|(name, text)| (format!("{name}.sql"), (*text).to_owned()));
    Migrator::begin(db, Migrations::of_files(db.dialect(), all), Duration::from_secs(20), || {}).await
}

async fn up(db: &Db, more: &[(&str, &str)]) -> store::db::Result<Vec<String>> {
    begin(db, more).await?.up(i64::MAX, 0).await
}

/// The tables without the one that notes migrations.
async fn columns(db: &Db) -> Vec<String> {
    let mut columns = schema::shape(db).await.expect("a shape");
    columns.retain(|line| !line.starts_with("schema_migration."));
    columns
}

async fn note(db: &Db, text: &'static str) {
    let mut tx = db.write_aside().await.expect("a transaction");
    assert_eq!(tx.sql(text).run().await.expect("it runs"), 1);
    tx.commit().await.expect("a commit");
}

/// For longer than anybody waits in that test, a server is at a statement with bytes in it that are no letters.
async fn run_with_bytes(db: &Db) {
    if db.dialect() == Dialect::MySql {
        let mut tx = db.peek().await.expect("a connection");
        let asked = tx.sql("SELECT CAST(SLEEP(3) AS SIGNED), ?").bind(vec![0xff_u8]);
        asked.one::<(i64, Vec<u8>)>().await.expect("an answer");
    }
}

#[test]
fn one_is_at_it_and_the_others_wait_for_a_while() {
    on_both(|url| async move {
        let (here, there) = (open(&url).await, open(&url).await);
        let holds = begin(&here, &[]).await.expect("nobody else is at it");
        let told = Mutex::new(0);
        let migrations = || Migrations::of_program(there.dialect());
        let waited = Migrator::begin(&there, migrations(), Duration::from_secs(1), || {
            *told.lock().expect("mine") += 1;
        });
        let at_work = run_with_bytes(&there);
        let (waited, ()) = tokio::join!(waited, at_work);
        let refused = waited.map(drop).expect_err("it is held").to_string();
        assert!(refused.starts_with("Another program is at the tables"), "{refused}");
        let who = if there.dialect() == Dialect::MySql { "KILL " } else { "lsof" };
        assert!(refused.contains(who), "{refused}");
        assert_eq!(*told.lock().expect("mine"), 1, "that it waits is said once");
        drop(holds);
        assert_eq!(up(&there, &[]).await.expect("it is free").len(), 1);
        here.close().await;
        there.close().await;
    });
}

#[test]
fn what_fails_half_way_leaves_nothing_on_sqlite_and_goes_on_there_on_mysql() {
    on_both(|url| async move {
        let db = open(&url).await;
        let failed = up(&db, &[WRONG, BACK]).await.expect_err("it can't be done").to_string();
        assert!(failed.starts_with("Migration 0002 two stopped at statement 2 of 2: "), "{failed}");
        assert!(failed.contains("nowhere"), "it says what the engine says: {failed}");
        if db.dialect() == Dialect::Sqlite {
            assert!(failed.contains("Nothing was changed."), "{failed}");
            assert!(columns(&db).await.is_empty());
        } else {
            assert!(failed.contains("go on there with: pms migrate up"), "{failed}");
            assert_eq!(columns(&db).await, ["one.id not null", "two.id not null"]);
            let again = up(&db, &[WRONG, BACK]).await.expect_err("it is still wrong").to_string();
            assert_eq!(again, failed);
        }
        let applied = up(&db, &[MENDED, BACK]).await.expect("it goes on");
        assert_eq!(applied.last().map(String::as_str), Some("0002 two"));
        assert_eq!(columns(&db).await, ["one.id not null", "two.id not null", "two.name null"]);
        let (rows,): (i64,) =
            db.peek().await.expect("one").sql("SELECT COUNT(*) FROM one").one().await.expect("rows");
        assert_eq!(rows, 1, "what it wrote is there once");
        db.close().await;
    });
}

#[test]
fn what_was_done_and_not_noted_is_not_done_twice() {
    on_both(|url| async move {
        let db = open(&url).await;
        up(&db, &[MENDED, BACK]).await.expect("up");
        if db.dialect() == Dialect::MySql {
            // As if it had been killed between the statement and its note.
            note(&db, "UPDATE schema_migration SET statements = 1, finished = FALSE WHERE version = 2").await;
            assert_eq!(up(&db, &[MENDED, BACK]).await.expect("it goes on"), ["0002 two"]);
            note(&db, "UPDATE schema_migration SET statements = -1, finished = FALSE WHERE version = 2")
                .await;
            let refused = up(&db, &[MENDED, BACK]).await.expect_err("it was on its way back").to_string();
            assert!(refused.ends_with("pms migrate down --yes"), "{refused}");
        }
        let down = begin(&db, &[MENDED, BACK]).await.expect("begun").down(1).await;
        assert_eq!(down.expect("down"), ["0002 two"]);
        assert_eq!(columns(&db).await, ["one.id not null"]);
        db.close().await;
    });
}

#[test]
fn a_way_back_that_was_cut_off_is_told_and_gone_on_with() {
    on_both(|url| async move {
        let db = open(&url).await;
        let all = schema::up(&db, 0).await.expect("up").len();
        if db.dialect() == Dialect::MySql {
            note(
                &db,
                "UPDATE schema_migration SET statements = -1, finished = FALSE ORDER BY version DESC LIMIT 1",
            )
            .await;
            let states = schema::status(&db).await.expect("a status");
            assert_eq!(states.last().map(|it| it.state), Some(State::HalfBack));
            assert!(schema::check(&db).await.is_err() && schema::check_whole(&db).await.is_err());
        }
        assert_eq!(schema::down(&db, all).await.expect("down").len(), all);
        assert!(columns(&db).await.is_empty());
        db.close().await;
    });
}

#[test]
fn a_plan_says_what_is_to_come_and_which_rows_it_works_through() {
    on_both(|url| async move {
        let db = open(&url).await;
        let all = schema::plan(&db).await.expect("a plan");
        assert_eq!(all.len(), schema::status(&db).await.expect("a status").len());
        assert!(all.iter().all(|it| it.rows.is_empty() && !it.contracts), "there are no rows yet: {all:?}");
        schema::up(&db, 0).await.expect("up");
        assert!(schema::plan(&db).await.expect("a plan").is_empty());
        assert!(schema::size(&db).await.expect("a size") > 100_000);
        schema::down(&db, all.len() - 5).await.expect("down");
        let plan = schema::plan(&db).await.expect("a plan");
        assert_eq!(plan[0].name, "0006_notifications");
        // A server guesses how many rows there are, and may not have noticed two.
        if db.dialect() == Dialect::Sqlite {
            assert_eq!(plan[0].rows.get("counter"), Some(&2), "{:?}", plan[0]);
        }
        db.close().await;
    });
}

#[test]
fn an_embedded_database_is_copied_beside_itself_and_the_newest_copy_stays() {
    on_both(|url| async move {
        let db = open(&url).await;
        up(&db, &[]).await.expect("up");
        let first = db.copy_beside("0002").await.expect("a copy, or none");
        if db.dialect() == Dialect::MySql {
            assert_eq!(first, None);
            return;
        }
        // Also while somebody is at the tables.
        let holds = begin(&db, &[]).await.expect("begun");
        let second = db.copy_beside("0003").await.expect("a copy").expect("a file");
        drop(holds);
        assert!(second.ends_with("pms.db.before-0003") && !first.expect("a file").exists());
        let names = fs::read_dir(Path::new(&second).parent().expect("a folder")).expect("read").flatten();
        assert!(names.into_iter().all(|it| !it.file_name().to_string_lossy().ends_with(".part")));
        let copy = open(&format!("sqlite:{}", second.display())).await;
        assert_eq!(columns(&copy).await, ["one.id not null"]);
        copy.close().await;
        db.close().await;
    });
}
