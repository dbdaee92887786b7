//! Databases as they are left by accidents.

use std::path::Path;
use store::{Db, db::Options, schema};

/// Runs a statement in the database of a data folder.
pub fn sql(data: &Path, text: &'static str) {
    sql_at(&format!("sqlite:{}", data.join("pms.db").display()), text);
}

/// Runs a statement in the database at this address.
pub fn sql_at(url: &str, text: &'static str) {
    on(url, async |db| {
        let mut tx = db.write_aside().await.expect("a transaction");
        tx.sql(text).run().await.expect("it runs");
        tx.commit().await.expect("it is kept");
    });
}

/// Runs a statement as somebody does who has switched foreign keys off.
pub fn unguarded(url: &str, text: &'static str) {
    on(url, async |db| testkit::engines::run_unguarded(db, text).await);
}

/// Brings the tables up, and then back to those of this migration.
pub fn migrate_to(url: &str, version: usize) {
    on(url, async |db| {
        schema::up(db, 0).await.expect("the migrations run");
        let all = schema::status(db).await.expect("a list").len();
        schema::down(db, all - version).await.expect("and are taken back");
    });
}

/// Does something while a transaction reads projects, whose table nobody may change until then.
pub fn while_projects_are_read<T>(url: &str, story: impl FnOnce() -> T) -> T {
    on(url, async |db| {
        let mut tx = db.read().await.expect("a transaction");
        let (rows,): (i64,) = tx.sql("SELECT COUNT(*) FROM project").one().await.expect("a count");
        assert_eq!(rows, 0);
        story()
    })
}

/// Does something while a transaction of somebody else holds what each write begins with.
pub fn while_it_is_written<T>(url: &str, story: impl FnOnce() -> T) -> T {
    on(url, async |db| {
        let _held = db.write().await.expect("a transaction");
        story()
    })
}

fn on<T>(url: &str, work: impl AsyncFnOnce(&Db) -> T) -> T {
    block_on(async {
        let db = Db::open(&Options::new(url)).await.expect("it opens");
        let done = work(&db).await;
        db.close().await;
        done
    })
}

/// An empty MySQL database.
pub fn empty_mysql() -> String {
    block_on(testkit::engines::empty_database())
}

/// Leaves the database as a server that dies during the second migration does.
pub fn cut_off_second_migration(url: &str) {
    block_on(async {
        let db = Db::open(&Options::new(url)).await.expect("it opens");
        schema::up(&db, 0).await.expect("the migrations run");
        let newer = schema::status(&db).await.expect("a list").len() - 1;
        schema::down(&db, newer).await.expect("and are taken back");
        let file = include_str!("../../../../migrations/0002_projects.sql");
        let (from, to) = (file.find("CREATE TABLE").expect("a table"), file.find(");").expect("its end"));
        let first = format!("{}{}", &file[from..=to], db.dialect().table_suffix());
        let mut tx = db.write_aside().await.expect("a transaction");
        tx.sql(first.leak()).run().await.expect("the first table is made");
        tx.sql(
            "INSERT INTO schema_migration (version, name, statements, finished, applied_at)
             VALUES (2, 'projects', 1, FALSE, 0)",
        )
        .run()
        .await
        .expect("and noted");
        tx.commit().await.expect("it is kept");
        db.close().await;
    });
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(work)
}
