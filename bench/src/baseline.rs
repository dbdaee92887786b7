//! What PMS is compared with: a bare axum and sqlx handler over SQLite, which does what the project list can't do
//! without. It looks up the session behind the cookie and lists fifty projects with counters that are kept in their rows.
//! No permissions, no members' faces, no tags, no limits, no log.
//!
//! It runs in a process of its own, as PMS does, so that memory and threads can be compared as well.

use crate::process::Process;
use anyhow::{Context as _, Result};
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::COOKIE},
    response::{IntoResponse as _, Response},
    routing::get,
    serve::ListenerExt as _,
};
use serde::Serialize;
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};
use std::{path::Path, process::Stdio};
use tokio::{net::TcpListener, process::Command, signal::unix::SignalKind};

/// The cookie of the one session there is.
pub const SESSION: &str = "session=of-somebody";
/// Where the list is.
pub const PATH: &str = "/projects";

const SCHEMA: &str = "
    CREATE TABLE session (token TEXT PRIMARY KEY, user_id INTEGER NOT NULL, expires_at INTEGER NOT NULL);
    CREATE TABLE member (user_id INTEGER, project_id INTEGER, PRIMARY KEY (user_id, project_id));
    CREATE TABLE project (
      id INTEGER PRIMARY KEY, short TEXT NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
      status TEXT NOT NULL, colour TEXT NOT NULL, owner TEXT NOT NULL, start_on TEXT, due_on TEXT,
      open_count INTEGER NOT NULL, done_count INTEGER NOT NULL, member_count INTEGER NOT NULL,
      created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, version INTEGER NOT NULL);
    CREATE INDEX project_by_update ON project (updated_at, id);
    INSERT INTO session VALUES ('of-somebody', 1, 9223372036854775807);
    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 50)
    INSERT INTO project
    SELECT n, 'P' || n, 'Repair the cooling pump ' || n, 'What this is about, and how we know that it is done.',
      'active', 'blue', 'Somebody ' || n, '2026-01-05', '2026-12-18', n * 30, n * 70, 20, n, n, 1 FROM n;
    INSERT INTO member SELECT 1, id FROM project;";

#[derive(Serialize, sqlx::FromRow)]
struct Project {
    id: i64,
    short: String,
    name: String,
    description: String,
    status: String,
    colour: String,
    owner: String,
    start_on: Option<String>,
    due_on: Option<String>,
    open_count: i64,
    done_count: i64,
    member_count: i64,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

/// Starts it beside us, with its database in `folder`.
pub async fn start(folder: &Path) -> Result<Process> {
    let own = std::env::current_exe().context("this program's own file")?;
    let mut command = Command::new(own);
    command.env_clear().arg("baseline").arg(folder.join("baseline.db")).stderr(Stdio::inherit());
    Process::start(&mut command).await
}

/// Serves until it is asked to stop.
pub async fn serve(database: &Path) -> Result<()> {
    let router = Router::new().route(PATH, get(list)).with_state(open(database).await?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("baseline serves http://{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let mut asked = tokio::signal::unix::signal(SignalKind::terminate())?;
    let stop = async move {
        asked.recv().await;
    };
    axum::serve(listener, router).with_graceful_shutdown(stop).await?;
    Ok(())
}

/// A new database, opened as PMS opens its own.
async fn open(database: &Path) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .pragma("cache_size", "-16000")
        .pragma("mmap_size", "268435456");
    let pool = SqlitePoolOptions::new().max_connections(16).connect_with(options).await?;
    sqlx::raw_sql(SCHEMA).execute(&pool).await?;
    Ok(pool)
}

async fn list(State(pool): State<SqlitePool>, headers: HeaderMap) -> Response {
    let cookie = headers.get(COOKIE).and_then(|cookie| cookie.to_str().ok()).unwrap_or_default();
    match projects(&pool, cookie.trim_start_matches("session=")).await {
        Ok(Some(projects)) => Json(projects).into_response(),
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn projects(pool: &SqlitePool, token: &str) -> sqlx::Result<Option<Vec<Project>>> {
    let session: Option<(i64,)> =
        sqlx::query_as("SELECT user_id FROM session WHERE token = ? AND expires_at > ?")
            .bind(token)
            .bind(0)
            .fetch_optional(pool)
            .await?;
    let Some((user,)) = session else { return Ok(None) };
    let projects = sqlx::query_as(
        "SELECT p.id, p.short, p.name, p.description, p.status, p.colour, p.owner, p.start_on, p.due_on,
           p.open_count, p.done_count, p.member_count, p.created_at, p.updated_at, p.version
         FROM project p
         WHERE p.id IN (SELECT project_id FROM member WHERE user_id = ?)
         ORDER BY p.updated_at DESC, p.id DESC
         LIMIT 50",
    )
    .bind(user)
    .fetch_all(pool)
    .await?;
    Ok(Some(projects))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn it_lists_fifty_projects_with_counters_to_whoever_has_the_session() {
        let folder = tempfile::tempdir().unwrap();
        let pool = open(&folder.path().join("baseline.db")).await.unwrap();
        let found = projects(&pool, "of-somebody").await.unwrap().expect("a session");
        assert_eq!((found.len(), found[0].open_count, found[0].done_count), (50, 1500, 3500));
        assert!(projects(&pool, "of-nobody").await.unwrap().is_none());
    }
}
