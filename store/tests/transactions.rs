//! Transactions that nobody waits for any more.

use sqlx::Executor as _;
use store::{Db, db::Options};
use testkit::both;
use tokio::task::yield_now;

#[test]
fn a_begin_whose_request_is_gone_leaves_no_transaction_open() {
    both(async |db| {
        for turn in 0..400 {
            let gone = async {
                for _ in 0..turn * 37 % 3_000 {
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
            let Db::MySql { primary, .. } = &db else { return };
            let mut connection = primary.acquire().await.expect("a connection");
            // Only in a transaction does it stay until it is asked for. (Only MariaDB has @@in_transaction.)
            connection.execute("SAVEPOINT probe").await.expect("an answer");
            let open = connection.execute("RELEASE SAVEPOINT probe").await.is_ok();
            assert!(!open, "a connection came back with a transaction open");
        }
    });
}

#[test]
fn a_statement_that_nobody_waits_for_costs_no_connection_and_is_answered_to_nobody_else() {
    both(async |db| {
        for turn in 0..400_i64 {
            // Each text is new to its connection, so it is prepared first; and what the server says of it is long, so that it
            // does not come at once.
            let columns: Vec<_> = (0..500).map(|column| format!("{turn} AS column_{column}")).collect();
            let text: &'static str =
                format!("SELECT {turn} + ? AS one, 2 AS two, {}", columns.join(", ")).leak();
            let gone = async {
                for _ in 0..turn * 37 % 3_000 {
                    yield_now().await;
                }
            };
            let asked = async {
                let mut tx = db.peek().await.expect("a connection");
                drop(tx.sql(text).bind(1_i64).one::<(i64, i64)>().await);
            };
            tokio::select! {
                biased;
                () = gone => {}
                () = asked => {}
            }
        }
        // All that the pool has, at the same time: none was lost.
        let mut all = Vec::new();
        for _ in 0..Options::new("").connections {
            all.push(db.peek().await.expect("a connection"));
        }
        for (turn, tx) in (0_i64..).zip(&mut all) {
            for value in [turn, turn + 1] {
                let (answer,): (i64,) = tx.sql("SELECT 1000 + ?").bind(value).one().await.expect("an answer");
                assert_eq!(answer, 1000 + value);
            }
        }
    });
}
