//! Transactions that nobody waits for any more, and those whose end nobody hears.

use sqlx::Executor as _;
use std::net::SocketAddr;
use store::{
    Db,
    db::{Error, Options},
};
use testkit::{
    both,
    engines::{empty_database, run_async},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    select,
    task::yield_now,
};

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

/// Stands before the server at `to`, and cuts each connection when it was told to commit and has done so.
async fn cut_at_commits(to: String) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&to).await.expect("the server");
            tokio::spawn(pass_on_until_commit(client, server));
        }
    });
    address
}

async fn pass_on_until_commit(mut client: TcpStream, mut server: TcpStream) {
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        select! {
            read = client.read(&mut asked) => {
                let asked = &asked[..read.unwrap_or(0)];
                if asked.is_empty() || server.write_all(asked).await.is_err() {
                    return;
                }
                if asked.ends_with(b"COMMIT") {
                    let done = server.read(&mut answered).await.expect("an answer");
                    assert!(done > 0, "it is done");
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let answered = &answered[..read.unwrap_or(0)];
                if answered.is_empty() || client.write_all(answered).await.is_err() {
                    return;
                }
            }
        }
    }
}

#[test]
fn nobody_is_told_that_nothing_was_done_when_the_answer_to_a_commit_is_lost() {
    run_async(async {
        let url = empty_database().await;
        let direct = Db::open(&Options::new(&url)).await.expect("it opens");
        let mut tx = direct.write_aside().await.expect("a transaction");
        tx.sql("CREATE TABLE note (id BIGINT NOT NULL)").run().await.expect("a table");
        drop(tx);
        let server = url.split(['@', '/']).find(|part| part.contains("127.0.0.1")).expect("an address");
        let cut = cut_at_commits(server.to_owned()).await;
        let db = Db::open(&Options::new(url.replace(server, &cut.to_string()))).await.expect("it opens");
        let mut tx = db.write_aside().await.expect("a transaction");
        tx.sql("INSERT INTO note (id) VALUES (1)").run().await.expect("a row");
        let lost = tx.commit().await.expect_err("its answer does not come");
        assert!(matches!(lost, Error::InDoubt(_)), "{lost:?}");
        let told = domain::Error::from(lost).to_string();
        assert!(told.contains("it may have been done"), "{told}");
        for db in [direct, db] {
            let mut tx = db.peek().await.expect("a connection");
            let (rows,): (i64,) = tx.sql("SELECT COUNT(*) FROM note").one().await.expect("a count");
            assert_eq!(rows, 1, "it was done");
            drop(tx);
            db.close().await;
        }
    });
}
