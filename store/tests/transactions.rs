//! Transactions that nobody waits for any more.

use store::db::Dialect;
use testkit::both;
use tokio::task::yield_now;

#[test]
fn a_begin_whose_request_is_gone_leaves_no_transaction_open() {
    both(async |db| {
        for turn in 0..400 {
            let gone = async {
                for _ in 0..turn % 40 {
                    yield_now().await;
                }
            };
            tokio::select! {
                biased;
                () = gone => {}
                begun = async { if turn % 2 == 0 { db.read().await } else { db.write_aside().await } } => drop(begun),
            }
        }
        for _ in 0..100 {
            let mut tx = db.peek().await.expect("a connection");
            let open = match tx.dialect() {
                Dialect::MySql => "SELECT CAST(@@in_transaction AS SIGNED)",
                Dialect::Sqlite => "SELECT 0",
            };
            let (open,): (i64,) = tx.sql(open).one().await.expect("an answer");
            assert_eq!(open, 0, "a connection came back with a transaction open");
        }
    });
}
