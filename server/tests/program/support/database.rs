//! Databases as they are left by accidents.

use std::path::Path;
use store::{Db, db::Options, schema};

/// Runs a statement in the database of a data folder.
pub fn sql(data: &Path, text: &'static str) {
    let url = format!("sqlite:{}", data.join("pms.db").display());
    block_on(async {
        let db = Db::open(&Options::new(url)).await.expect("it opens");
        let mut tx = db.write_aside().await.expect("a transaction");
        tx.sql(text).run().await.expect("it runs");
        tx.commit().await.expect("it is kept");
        db.close().await;
    });
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
