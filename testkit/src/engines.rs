//! A fresh database of each engine for each story.

use sqlx::{Connection, Executor, MySqlConnection};
use std::sync::atomic::{AtomicU32, Ordering};
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
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        on_sqlite(&story).await;
        on_mysql(&story).await;
    });
}

async fn on_sqlite<F: Future<Output = ()>>(story: &impl Fn(Db) -> F) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = format!("sqlite:{}", folder.path().join("pms.db").display());
    run(Engine::Sqlite, url, story).await;
}

async fn on_mysql<F: Future<Output = ()>>(story: &impl Fn(Db) -> F) {
    let server = mysql_server();
    let name = database_name();
    let mut connection = MySqlConnection::connect(&server).await.expect("the test MariaDB");
    connection
        .execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")))
        .await
        .expect("a database");
    run(Engine::MySql, format!("{server}/{name}"), story).await;
    // A failed story leaves its database behind for a look.
    connection
        .execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name}")))
        .await
        .expect("the database is dropped");
}

async fn run<F: Future<Output = ()>>(engine: Engine, url: String, story: &impl Fn(Db) -> F) {
    println!("on {engine:?}");
    let db = Db::open(&Options::new(url)).await.expect("the database opens");
    store::schema::up(&db, 0).await.expect("the migrations run");
    story(db.clone()).await;
    db.close().await;
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

/// A name that no other test of this run has.
pub fn database_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("pms_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst))
}
