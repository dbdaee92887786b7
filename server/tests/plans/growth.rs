//! Rows of what grows beside people's work, and hardly any of it is still to be done: sessions, tokens, tries of passwords,
//! answers that are kept, deliveries, messages to other servers, urgent alerts.

use domain::time::Timestamp;
use store::{Db, Tx, db::Dialect, db::Sql};
use uuid::Uuid;

/// Of each; more than a statement may look at.
const ROWS: u32 = 8_000;
/// Rows of one insert.
const PIECE: u32 = 400;
/// One in so many has ended and waits for the job that removes it.
const OLD: u32 = 200;
/// One in so many deliveries waits, for the end of somebody's quiet hours.
const WAITING: u32 = 100;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;
/// Beyond all that is kept.
const LONG_AGO: i64 = -400 * DAY;
const NEVER: i64 = i64::MAX;

/// Whose rows they are, and when.
struct Growth {
    now: Timestamp,
    people: Vec<Uuid>,
    projects: Vec<Uuid>,
}

/// Fills the tables.
pub async fn grow(db: &Db, now: Timestamp) {
    let mut tx = db.write_aside().await.expect("a transaction");
    let ids = |rows: Vec<(Uuid,)>| rows.into_iter().map(|(id,)| id).collect();
    let people = ids(tx.sql("SELECT id FROM person ORDER BY id").all().await.expect("people"));
    let projects = ids(tx.sql("SELECT id FROM project ORDER BY id").all().await.expect("projects"));
    let growth = Growth { now, people, projects };
    growth.signed_in(&mut tx).await;
    growth.kept(&mut tx).await;
    growth.sent(&mut tx).await;
    growth.rung(&mut tx).await;
    tx.commit().await.expect("it is kept");
    if db.dialect() == Dialect::MySql {
        // It learns by itself how many rows there are, but a little later.
        let mut tx = db.write_aside().await.expect("a transaction");
        let learn = "ANALYZE TABLE session, token, sign_in_attempt, idempotency, device, delivery, outbox, episode, alert";
        tx.sql(learn).run().await.expect("it is learned");
    }
}

impl Growth {
    async fn signed_in(&self, tx: &mut Tx) {
        let sessions = "INSERT INTO session (id, secret_hash, user_id, user_agent, address, renew_due, created_at, seen_at,
                          expires_at) VALUES ";
        insert(tx, sessions, 9, |sql, row| {
            let sql = sql.value(id(1, row)).value(hash(1, row)).value(self.person(row)).value("A browser");
            sql.value("192.0.2.1")
                .value(false)
                .value(self.at(-HOUR))
                .value(self.at(-60))
                .value(self.at(if is_old(row) { -60 } else { HOUR / 2 }))
        })
        .await;
        // Those that scripts have, and those that end with a session.
        let tokens = "INSERT INTO token (id, user_id, session_id, name, secret_hash, read_only, created_at, expires_at) VALUES ";
        insert(tx, tokens, 8, |sql, row| {
            let session = row.is_multiple_of(2).then(|| id(1, row));
            let sql = sql.value(id(2, row)).value(self.person(row)).value(session).value("A script");
            sql.value(hash(2, row)).value(false).value(self.at(-HOUR)).value(self.at(30 * DAY))
        })
        .await;
        let devices = "INSERT INTO device (user_id, id, session_id, name, sound, permission, created_at, last_seen_at) VALUES ";
        // So many browsers for each person, as nobody has.
        let few = u32::try_from(self.people.len()).expect("few") * 10;
        insert_some(tx, devices, (few, 8), |sql, row| {
            let sql = sql.value(self.person(row)).value(id(3, row)).value(id(1, row)).value("A browser");
            let seen = if is_old(row) { LONG_AGO } else { -HOUR };
            sql.value("locked").value("default").value(self.at(LONG_AGO)).value(self.at(seen))
        })
        .await;
    }

    async fn kept(&self, tx: &mut Tx) {
        let tries = "INSERT INTO sign_in_attempt (id, subject, at) VALUES ";
        let at = |row| self.at(if is_old(row) { -2 * DAY } else { -60 });
        insert(tx, tries, 3, |sql, row| sql.value(id(4, row)).value(hash(4, row)).value(at(row))).await;
        let answers = "INSERT INTO idempotency (user_id, request_key, request_hash, status, headers, body, created_at) VALUES ";
        insert(tx, answers, 7, |sql, row| {
            let sql = sql.value(self.person(row)).value(format!("key {row}")).value(hash(5, row));
            sql.value(201_i64).value("{}").value("").value(at(row))
        })
        .await;
        let messages = "INSERT INTO outbox (seq, topic, payload, at) VALUES ";
        let at = |row| self.at(if row < ROWS / OLD { -HOUR } else { -60 });
        // Before all others: each server hands them over once, and leaves out what it does not know.
        insert(tx, messages, 4, |sql, row| {
            sql.value(i64::from(row) - i64::from(ROWS)).value("test").value("").value(at(row))
        })
        .await;
    }

    async fn sent(&self, tx: &mut Tx) {
        let deliveries =
            "INSERT INTO delivery (id, user_id, channel, urgent, reference, reason, message, state, attempts,
                            created_at, due_at, not_after, ended_at) VALUES ";
        insert(tx, deliveries, 13, |sql, row| {
            let channel = ["email", "push", "webhook"][row as usize % 3];
            let waits = row.is_multiple_of(WAITING);
            let ended = if is_old(row + 1) { LONG_AGO } else { -HOUR };
            let sql =
                sql.value(id(6, row)).value(self.person(row)).value(channel).value(row.is_multiple_of(4));
            let sql = sql.value(id(7, row / 2)).value("commented").value("{}");
            let sql = sql.value(if waits { "queued" } else { "sent" }).value(0_i64).value(self.at(ended));
            let (due, ended) = if waits { (Some(HOUR), None) } else { (None, Some(ended)) };
            let at = |seconds: Option<i64>| seconds.map(|seconds| self.at(seconds));
            sql.value(at(due)).value(self.at(DAY)).value(at(ended))
        })
        .await;
    }

    async fn rung(&self, tx: &mut Tx) {
        let episodes = "INSERT INTO episode (id, project_id, reason, raised_at, rings, answered, hasten, policy, state, base_at,
                          step, next_at, access_seen, ended_at, note, version) VALUES ";
        insert(tx, episodes, 16, |sql, row| {
            let project = self.projects[row as usize % self.projects.len()];
            let sql = sql.value(id(8, row)).value(project).value("All is slow").value(self.at(-DAY));
            let sql = sql.value(true).value(true).value(false).value("{}").value(2_i16).value(self.at(-DAY));
            sql.value(i16::MAX).value(NEVER).value(0_i64).value(self.at(-HOUR)).value("").value(2_i64)
        })
        .await;
        let alerts = "INSERT INTO alert (id, episode_id, user_id, why, step, state, hurried, since, rounds, last_at, next_at,
                        mailed_at, ack_note, ack_address) VALUES ";
        insert(tx, alerts, 14, |sql, row| {
            let sql =
                sql.value(id(9, row)).value(id(8, row)).value(self.person(row)).value(0_i16).value(-1_i16);
            let sql = sql.value(2_i16).value(false).value(self.at(-DAY)).value(3_i64).value(self.at(-DAY));
            sql.value(NEVER).value(self.at(-DAY)).value("").value("")
        })
        .await;
    }

    fn person(&self, row: u32) -> Uuid {
        self.people[row as usize % self.people.len()]
    }

    /// So many seconds from now, in microseconds.
    fn at(&self, seconds: i64) -> i64 {
        self.now.plus_seconds(seconds).micros()
    }
}

fn is_old(row: u32) -> bool {
    row.is_multiple_of(OLD)
}

fn id(table: u128, row: u32) -> Uuid {
    Uuid::from_u128((0x0190_0000 << 96) | (table << 64) | u128::from(row))
}

fn hash(table: u128, row: u32) -> Vec<u8> {
    id(table, row).into_bytes().repeat(2)
}

async fn insert(tx: &mut Tx, into: &'static str, columns: usize, row: impl Fn(Sql, u32) -> Sql) {
    insert_some(tx, into, (ROWS, columns), row).await;
}

async fn insert_some(
    tx: &mut Tx,
    into: &'static str,
    (rows, columns): (u32, usize),
    row: impl Fn(Sql, u32) -> Sql,
) {
    for first in (0..rows).step_by(PIECE as usize) {
        let piece = first..rows.min(first + PIECE);
        let sql = tx.compose(into).kept(true).rows(piece, columns, &row);
        tx.build(sql).run().await.unwrap_or_else(|error| panic!("{}: {into}", error.for_log()));
    }
}
