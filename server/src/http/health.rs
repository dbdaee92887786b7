//! Whether we are well: for people, load balancers and orchestrators.

use super::{Shared, csp, recent::Recent};
use crate::backups::drill::Drilling;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use domain::Timestamp;
use serde::Serialize;
use services::{
    backup::{self, Chore, Last},
    clocks,
    ports::bus::Link,
};
use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

/// A database that takes longer than this to say anything is not well.
pub const PATIENCE: Duration = Duration::from_secs(2);

/// `/api/health`, `/api/health/live`, `/api/health/ready`
pub fn routes(state: &Shared) -> Router {
    Router::new()
        .route("/api/health", get(health))
        .route("/api/health/live", get(live))
        .route("/api/health/ready", get(ready))
        .with_state(state.clone())
}

/// What was found of late. Whoever asks finds no limit here, so it must cost the database nothing to ask often.
#[derive(Default)]
pub struct Looks {
    /// When it was looked at, and what it said.
    database: Recent<(Timestamp, Check)>,
    whole: Recent<Arc<Health>>,
}

/// The answer of `/api/health`.
#[derive(Serialize, utoipa::ToSchema)]
pub struct Health {
    /// When this was found.
    #[schema(value_type = String, format = DateTime)]
    timestamp: Timestamp,
    /// `ok` or `degraded`.
    status: &'static str,
    /// Whether an operator works on the installation and people are told to wait.
    maintenance: bool,
    checks: Checks,
}

/// What was looked at.
#[derive(Serialize, utoipa::ToSchema)]
struct Checks {
    database: Check,
    redis: Check,
    replica: Check,
    /// Whether the last backup that a server made by itself went well.
    backup: Check,
    /// Whether the last backup that a server brought back aside came back whole.
    drill: Check,
    /// Whether this machine's clock and the database's tell the same time; PMS goes by the database's.
    clock: Check,
    memory: Memory,
}

/// Something that answers or does not.
#[derive(Clone, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct Check {
    /// `ok`, `error` or `not configured`.
    status: &'static str,
    /// As `5ms`.
    #[serde(skip_serializing_if = "Option::is_none")]
    response_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// What we use, and what there is.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct Memory {
    /// `ok`, `warning` above nine tenths, or `unknown`.
    status: &'static str,
    /// What the program holds, as `45MB`.
    heap_used: String,
    /// What it may hold: the container's limit, or the machine's memory.
    heap_total: String,
}

/// Whether PMS and what it stands on are well
#[utoipa::path(
    get, path = "/api/health", tag = "health", operation_id = "health", security(()),
    responses((status = 200, description = "All is well", body = Health), (status = 503, description = "Something is not", body = Health)),
)]
pub async fn health(State(state): State<Shared>) -> Response {
    let health = state.health.whole.or(|| look(&state)).await;
    let status = if health.status == "ok" { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    fresh((status, Json(&*health)).into_response())
}

async fn look(state: &Shared) -> Arc<Health> {
    let (timestamp, database) = database(state).await;
    let redis = redis(state);
    let replica = replica(state);
    // Those are for the morning: no request is answered worse, and no load balancer should turn to another server.
    let answers = database.status == "ok";
    let (backup, drill) = (backup(state, answers).await, drill(state, answers).await);
    let well = answers && redis.status != "error" && replica.status != "error";
    Arc::new(Health {
        timestamp,
        status: if well { "ok" } else { "degraded" },
        maintenance: state.maintenance.borrow().is_some(),
        checks: Checks { database, redis, replica, backup, drill, clock: clock(state), memory: memory() },
    })
}

/// The process answers.
async fn live() -> Response {
    fresh(Json(serde_json::json!({ "status": "ok" })).into_response())
}

/// Requests are welcome: the database answers, and nobody asked us to stop.
async fn ready(State(state): State<Shared>) -> Response {
    let ready = !state.stop.is_cancelled() && database(&state).await.1.status == "ok";
    let (code, status) =
        if ready { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "unavailable") };
    fresh((code, Json(serde_json::json!({ "status": status }))).into_response())
}

fn fresh(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, csp::SCRIPTLESS);
    response
}

/// When it was looked at of late, and what it said.
async fn database(state: &Shared) -> (Timestamp, Check) {
    state.health.database.or(async || (state.services.now(), ask_database(state).await)).await
}

async fn ask_database(state: &Shared) -> Check {
    let started = Instant::now();
    let asked = tokio::time::timeout(PATIENCE, async {
        let mut tx = state.services.db.peek().await?;
        store::counters::read(&mut tx).await
    });
    let (status, error) = match asked.await {
        Ok(Ok(_)) => ("ok", None),
        // The driver's words are in the log; this answer is for everyone.
        Ok(Err(error)) => {
            tracing::warn!(error = error.for_log(), "the database is not well");
            ("error", Some(error.to_string()))
        }
        Err(_) => ("error", Some("the database did not answer in time".to_owned())),
    };
    let response_time = error.is_none().then(|| format!("{}ms", started.elapsed().as_millis()));
    Check { status, response_time, error }
}

/// Without it servers go on, so it is no matter of being ready.
fn redis(state: &Shared) -> Check {
    let (status, error) = match state.services.bus.link() {
        Link::None => ("not configured", None),
        Link::Up => ("ok", None),
        Link::Down => ("error", Some("Redis does not answer, or too slowly".to_owned())),
    };
    Check { status, response_time: None, error }
}

/// Requests are answered by the right one, so it is for the morning, too.
fn clock(state: &Shared) -> Check {
    let seconds = state.services.clock.ahead() / 1_000_000;
    let error = (seconds.abs() >= clocks::APART)
        .then(|| format!("this machine's clock and the database's are {} seconds apart", seconds.abs()));
    Check { status: if error.is_some() { "error" } else { "ok" }, response_time: None, error }
}

/// Without it, or while it is behind, the database itself answers.
fn replica(state: &Shared) -> Check {
    let Some(replication) = state.services.db.replication() else {
        return Check { status: "not configured", response_time: None, error: None };
    };
    let error = replication.following.trouble();
    Check { status: if error.is_some() { "error" } else { "ok" }, response_time: None, error }
}

async fn backup(state: &Shared, answers: bool) -> Check {
    if !state.saves {
        return Check { status: "not configured", response_time: None, error: None };
    }
    let said = |last: Last| last.failed.map(|_| "the last backup failed; the log says why");
    chore(state, (Chore::Backup, answers), said).await
}

async fn drill(state: &Shared, answers: bool) -> Check {
    let said = |last: Last| match (last.failed, last.untried) {
        (Some(_), _) => Some("the last backup did not come back; the log says why"),
        (None, Some(_)) => Some("whether a backup comes back could not be tried; the log says why"),
        (None, None) => None,
    };
    let error = match state.drills {
        Drilling::On => return chore(state, (Chore::Drill, answers), said).await,
        Drilling::Keyless => Some("the server has no key that reads its backups".to_owned()),
        Drilling::Off => None,
    };
    Check { status: "not configured", response_time: None, error }
}

/// How it went when a server last did it; `said` gives of that what everyone may know. A database that does not answer is
/// not asked again.
async fn chore(
    state: &Shared,
    (chore, answers): (Chore, bool),
    said: impl Fn(Last) -> Option<&'static str>,
) -> Check {
    let asked = async {
        let asking = tokio::time::timeout(PATIENCE, backup::last(&state.services, chore));
        if answers { asking.await.ok()?.ok() } else { None }
    };
    let error = match asked.await {
        Some(last) => said(last).map(str::to_owned),
        None => Some("the database did not say".to_owned()),
    };
    Check { status: if error.is_some() { "error" } else { "ok" }, response_time: None, error }
}

fn memory() -> Memory {
    let (Some(used), Some(total)) = (resident(), available()) else {
        return Memory { status: "unknown", heap_used: "unknown".into(), heap_total: "unknown".into() };
    };
    let megabytes = |bytes: u64| format!("{}MB", bytes / (1024 * 1024));
    Memory {
        status: if used > total / 10 * 9 { "warning" } else { "ok" },
        heap_used: megabytes(used),
        heap_total: megabytes(total),
    }
}

/// Bytes of memory that the process has; `None` where the system does not say.
pub fn resident() -> Option<u64> {
    kilobytes(&fs::read_to_string("/proc/self/status").ok()?, "VmRSS:")
}

fn available() -> Option<u64> {
    let limit =
        fs::read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
    let machine = kilobytes(&fs::read_to_string("/proc/meminfo").ok()?, "MemTotal:")?;
    Some(limit.map_or(machine, |limit: u64| limit.min(machine)))
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
