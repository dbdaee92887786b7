//! A fresh database of each engine for each story.

use sqlx::{Connection, Executor, MySqlConnection};
use std::{
    fmt::Write as _,
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{SystemTime, UNIX_EPOCH},
};
use store::{Db, db::Options};

/// One of the two engines, for messages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// An embedded file in a temporary folder.
    Sqlite,
    /// A database of its own on the server named by `PMS_TEST_MYSQL`.
    MySql,
}

/// Runs a story on both engines, each with a fresh migrated database. `make test` starts the MariaDB server
/// and names it in `PMS_TEST_MYSQL`; without it a story fails, because half a test is none.
///
/// # Panics
/// If the story does, or if a database can't be made.
pub fn both<F>(story: impl Fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    run_async(async {
        on_sqlite(&story).await;
        on_mysql(&story).await;
    });
}

/// Runs a story in a runtime as the program has it.
///
/// # Panics
/// If the story does.
pub fn run_async(story: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        // As in the program: pages nest deeply while they are rendered.
        .thread_stack_size(8 * 1024 * 1024)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(story);
}

async fn on_sqlite<F: Future<Output = ()>>(story: &impl Fn(Db) -> F) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("pms.db").display());
    run(Engine::Sqlite, url, story).await;
}

async fn on_mysql<F: Future<Output = ()>>(story: &impl Fn(Db) -> F) {
    println!("on {:?}", Engine::MySql);
    let name = take_database().await;
    let db = Db::open(&Options::new(format!("{}/{name}", mysql_server()))).await.expect("it opens");
    let migrated = store::schema::up(&db, 0).await.expect("the migrations run");
    story(db.clone()).await;
    assert_sound(&db).await;
    db.close().await;
    // A failed story leaves its database behind for a look; a good one hands it on. A story that played with
    // migrations keeps its to itself.
    if migrated.is_empty() || store_is_whole(&name).await {
        empty(&name).await;
        FREE.lock().expect("no panic while held").push(name);
    }
}

/// Migrated databases that no story uses: making the tables takes MariaDB seconds, emptying them milliseconds.
static FREE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// The URL of a new database without tables, on the test server.
///
/// # Panics
/// If it can't be made.
pub async fn empty_database() -> String {
    format!("{}/{}", mysql_server(), new_database().await)
}

async fn take_database() -> String {
    let free = FREE.lock().expect("no panic while held").pop();
    match free {
        Some(name) => name,
        None => new_database().await,
    }
}

async fn new_database() -> String {
    let name = database_name();
    let mut connection = MySqlConnection::connect(&mysql_server()).await.expect("the test MariaDB");
    let text = format!("CREATE DATABASE {name} CHARACTER SET utf8mb4");
    connection.execute(sqlx::AssertSqlSafe(text)).await.expect("a database");
    name
}

async fn store_is_whole(name: &str) -> bool {
    let db = Db::open(&Options::new(format!("{}/{name}", mysql_server()))).await.expect("it opens");
    let whole = store::schema::check(&db).await.is_ok();
    db.close().await;
    whole
}

async fn empty(name: &str) {
    let url = format!("{}/{name}", mysql_server());
    let mut connection = MySqlConnection::connect(&url).await.expect("the test MariaDB");
    let tables: Vec<(String,)> = sqlx::query_as(
        "SELECT CAST(table_name AS CHAR) FROM information_schema.tables WHERE table_schema = DATABASE()",
    )
    .fetch_all(&mut connection)
    .await
    .expect("the tables");
    let mut script = String::from("SET FOREIGN_KEY_CHECKS = 0;");
    for (table,) in tables.iter().filter(|(table,)| table != "schema_migration" && table != "counter") {
        let _ = write!(script, "DELETE FROM `{table}`;");
    }
    script.push_str("UPDATE counter SET value = 0; SET FOREIGN_KEY_CHECKS = 1;");
    sqlx::raw_sql(sqlx::AssertSqlSafe(script)).execute(&mut connection).await.expect("it is emptied");
}

async fn run<F: Future<Output = ()>>(engine: Engine, url: String, story: &impl Fn(Db) -> F) {
    println!("on {engine:?}");
    let db = Db::open(&Options::new(url)).await.expect("the database opens");
    store::schema::up(&db, 0).await.expect("the migrations run");
    story(db.clone()).await;
    assert_sound(&db).await;
    db.close().await;
}

/// Runs a statement as somebody does who has switched foreign keys off. Close the database afterwards.
///
/// # Panics
/// If it does not run.
pub async fn run_unguarded(db: &Db, text: &'static str) {
    match db {
        Db::Sqlite { write, .. } => {
            let mut connection = write.acquire().await.expect("a connection");
            connection.execute("PRAGMA foreign_keys = OFF").await.expect("it is switched off");
            connection.execute(text).await.expect("it runs");
        }
        Db::MySql { primary, .. } => {
            let mut connection = primary.acquire().await.expect("a connection");
            connection.execute("SET SESSION foreign_key_checks = 0").await.expect("it is switched off");
            connection.execute(text).await.expect("it runs");
        }
    }
}

/// Whatever the story was about, every task is left with what follows from its dependencies. A story that played with
/// migrations has no such tables.
async fn assert_sound(db: &Db) {
    if store::schema::check(db).await.is_err() {
        return;
    }
    let mut tx = db.read().await.expect("a transaction");
    let differences = store::dependencies::differences(&mut tx, 10).await.expect("a check");
    assert!(differences.is_empty(), "{differences:?}");
}

/// The test server's URL without a database, from `PMS_TEST_MYSQL`.
///
/// # Panics
/// If it is not set.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their server is")]
pub fn mysql_server() -> String {
    std::env::var("PMS_TEST_MYSQL")
        .expect("PMS_TEST_MYSQL names the test MariaDB; `make test` starts one and sets it")
        .trim_end_matches('/')
        .to_owned()
}

/// A name that no other test has, also of those before on the same server: numbers of processes come again.
#[expect(clippy::disallowed_methods, reason = "tells runs apart, decides nothing")]
pub fn database_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    format!("pms_test_{seconds}_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}
