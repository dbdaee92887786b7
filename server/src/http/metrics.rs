//! What Prometheus reads, at an address of its own: requests as they were answered, and how things stand at this moment.
//! `docs/OPERATIONS.md` lists the names.

mod durations;

use super::{Shared, csp, health, rate_limit::Class};
use crate::{
    backups::drill::Drilling,
    telemetry::{errors, traces},
};
use axum::{
    Router,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
    routing::get,
};
use domain::Timestamp;
use prometheus_client::{
    encoding::{
        EncodeLabelSet,
        text::{encode_eof, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};
use services::{
    backup::{Chore, Last},
    ports::{bus::Link, rate_limits::Decided},
    rounds::Rounds,
};
use std::{
    fmt, fs,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64},
    },
    time::Duration,
};
use store::db::{self, Following};
use tokio::time::timeout;

/// Seconds: from an answer out of memory to one that is given up.
const BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The formats' own name: Prometheus refuses another.
const TEXT: HeaderValue =
    HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");

/// The route of what found none.
const NONE: &str = "none";

type Durations = Family<Asked, Histogram, fn() -> Histogram>;

/// Numbers since the start.
pub struct Metrics {
    since_start: Registry,
    answered: Family<Answered, Counter>,
    took: Durations,
    rate_limited: Family<OfClass, Counter>,
    job_panics: Family<OfJob, Counter>,
    rounds: Mutex<Vec<Rounds>>,
    vitals: Vitals,
}

/// What pages said of themselves.
struct Vitals {
    lcp: Histogram,
    inp: Histogram,
    cls: Histogram,
    errors: Counter,
}

/// What was asked: the route as it is written in the program, so that there are few.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
pub struct Asked {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfChannel {
    channel: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfClass {
    class: &'static str,
}

/// Prometheus has a label `job` of its own.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfJob {
    name: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfState {
    state: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfVersion {
    version: &'static str,
}

impl Asked {
    /// Of a request that found its route, or none.
    pub fn of(request: &Request) -> Self {
        let route = request.extensions().get::<MatchedPath>().map_or(NONE, MatchedPath::as_str);
        Self { method: known(request.method()), route: route.to_owned() }
    }

    /// In capitals, or `other`.
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// As it is written in the program; `None` where there was none.
    pub fn route(&self) -> Option<&str> {
        Some(self.route.as_str()).filter(|route| *route != NONE)
    }
}

/// As `GET /tasks/{key}`.
impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.method)?;
        self.route().map_or(Ok(()), |route| write!(f, " {route}"))
    }
}

/// Whoever asks could make up as many as they like.
fn known(method: &Method) -> &'static str {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    known.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

impl Metrics {
    /// Nothing was asked yet.
    pub fn new() -> Self {
        let answered = Family::default();
        let took = Durations::new_with_constructor(|| Histogram::new(BUCKETS));
        let mut since_start = Registry::default();
        since_start.register("pms_http_requests", "Requests that were answered", answered.clone());
        since_start.register(
            "pms_http_request_duration_seconds",
            "From the head of a request to the head of its answer",
            took.clone(),
        );
        let rate_limited = Family::<OfClass, Counter>::default();
        for class in Class::ALL {
            // At 0 from the start: a rate begins with the first refusal, not the second.
            drop(rate_limited.get_or_create(&OfClass { class: class.as_str() }));
        }
        since_start.register(
            "pms_rate_limited",
            "Requests refused for asking too often",
            rate_limited.clone(),
        );
        let job_panics = Family::default();
        since_start.register(
            "pms_job_panics",
            "Times that a job broke off and was begun anew",
            job_panics.clone(),
        );
        let vitals = Vitals::registered(&mut since_start);
        Self { since_start, answered, took, rate_limited, job_panics, rounds: Mutex::default(), vitals }
    }

    /// A page said how long it took until the largest thing in it was drawn and how slowly it answered at worst, both in
    /// seconds, and how much of it moved.
    pub fn note_vitals(&self, lcp: Option<f64>, inp: Option<f64>, cls: Option<f64>) {
        let vitals = &self.vitals;
        for (histogram, value) in [(&vitals.lcp, lcp), (&vitals.inp, inp), (&vitals.cls, cls)] {
            if let Some(value) = value {
                histogram.observe(value);
            }
        }
    }

    /// A page said that something went wrong in it.
    pub fn note_browser_error(&self) {
        self.vitals.errors.inc();
    }

    /// A request was refused, because its caller asks too often.
    pub fn note_rate_limited(&self, class: Class) {
        self.rate_limited.get_or_create(&OfClass { class: class.as_str() }).inc();
    }

    /// Counts how often this job panics: at 0 from its start, so that a rate begins with the first.
    pub fn panics_of(&self, name: &'static str) -> Counter {
        self.job_panics.get_or_create(&OfJob { name }).clone()
    }

    /// Watches whether this job ends its rounds `within` this time.
    pub fn rounds_of(&self, name: &'static str, within: Duration) -> Rounds {
        let rounds = Rounds::new(name, within);
        self.rounds.lock().unwrap_or_else(PoisonError::into_inner).push(rounds.clone());
        rounds
    }

    /// A request was answered.
    pub fn note(&self, asked: Asked, status: StatusCode, took: Duration) {
        self.took.get_or_create(&asked).observe(took.as_secs_f64());
        let Asked { method, route } = asked;
        self.answered.get_or_create(&Answered { method, route, status: status.as_u16() }).inc();
    }
}

impl Vitals {
    fn registered(registry: &mut Registry) -> Self {
        // Up to what is called good, what is called poor, and on.
        let lcp = Histogram::new([0.5, 1.0, 1.5, 2.5, 4.0, 8.0, 16.0]);
        let inp = Histogram::new([0.05, 0.1, 0.2, 0.5, 1.0, 2.0]);
        let cls = Histogram::new([0.01, 0.05, 0.1, 0.25, 0.5, 1.0]);
        let errors = Counter::default();
        registry.register(
            "pms_browser_lcp_seconds",
            "From a page's request to the largest thing in it that was drawn",
            lcp.clone(),
        );
        registry.register(
            "pms_browser_inp_seconds",
            "The slowest answer of a page to a click or key",
            inp.clone(),
        );
        registry.register("pms_browser_cls", "How much of a page moved by itself", cls.clone());
        registry.register("pms_browser_errors", "What went wrong in pages", errors.clone());
        Self { lcp, inp, cls, errors }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

/// `/metrics`, for the listener that is Prometheus's own.
pub fn router(state: Shared) -> Router {
    Router::new().route("/metrics", get(answer)).with_state(state)
}

async fn answer(State(state): State<Shared>) -> Response {
    match text(&state).await {
        Ok(text) => {
            let headers = [(header::CONTENT_TYPE, TEXT), (header::CONTENT_SECURITY_POLICY, csp::SCRIPTLESS)];
            (headers, text).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "metrics could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// All of it, in the format `OpenMetrics`. Without the database, what is asked of it is left out.
///
/// # Errors
/// If a number can't be written.
pub async fn text(state: &Shared) -> Result<String, std::fmt::Error> {
    let mut now = Now(Registry::default());
    now.program(state);
    now.backlog(state).await;
    let mut text = String::new();
    encode_registry(&mut text, &state.metrics.since_start)?;
    encode_registry(&mut text, &now.0)?;
    encode_eof(&mut text)?;
    Ok(text)
}

/// How things stand.
struct Now(Registry);

impl Now {
    fn program(&mut self, state: &Shared) {
        let versions = Family::<OfVersion, Gauge>::default();
        versions.get_or_create(&OfVersion { version: env!("CARGO_PKG_VERSION") }).set(1);
        self.0.register("pms_build_info", "This version of PMS", versions);
        let in_work = state.limits.requests.saturating_sub(state.room.available_permits());
        self.count("pms_http_requests_in_work", "Requests that are not answered yet", in_work);
        self.count("pms_http_requests_limit", "Requests in work, at the most", state.limits.requests);
        self.count("pms_streams_open", "Streams of events", state.streams.taken());
        self.count("pms_http_connections", "Connections of browsers and proxies", state.connections.open());
        self.count("pms_http_connections_limit", "Such connections, at the most", state.connections.most());
        let refused = state.connections.refused();
        self.total("pms_http_connections_refused", "Connections of networks that had their part", refused);
        let maintenance = usize::from(state.maintenance.borrow().is_some());
        self.count("pms_maintenance", "1 while an operator works on the installation", maintenance);
        self.database(state);
        self.caches(state);
        self.jobs(&state.metrics);
        let link = state.services.bus.link();
        if link != Link::None {
            self.count("pms_redis_up", "1 if Redis answers as it should", usize::from(link == Link::Up));
        }
        let ahead = state.services.clock.ahead() / 1_000_000;
        self.gauge(
            "pms_clock_ahead_seconds",
            "How far this machine's clock is ahead of the database's",
            ahead,
        );
        self.replica(state);
        self.limits(state);
        self.telemetry();
        self.process();
    }

    fn database(&mut self, state: &Shared) {
        let (open, idle) = state.services.db.connections();
        let connections = Family::<OfState, Gauge>::default();
        for (of, count) in [("used", open.saturating_sub(idle)), ("idle", idle)] {
            connections.get_or_create(&OfState { state: of }).set(count.into());
        }
        self.0.register("pms_database_connections", "Connections to the database", connections);
        self.total("pms_database_statements", "Statements run", db::statements_run());
        let help = "Until somebody had a connection that reads, or their turn to write";
        self.0.register("pms_database_wait_seconds", help, durations::by("for", db::wait_times()));
        let help = "How long statements took";
        self.0.register(
            "pms_database_statement_duration_seconds",
            help,
            durations::by("kind", db::statement_times()),
        );
    }

    fn caches(&mut self, state: &Shared) {
        let (found, missed) = state.services.access.asked();
        self.total("pms_permission_cache_hits", "Permissions that were in memory", found);
        self.total("pms_permission_cache_misses", "Permissions that had to be read", missed);
        let (known, unknown) = state.lists.asked();
        self.total("pms_list_cache_hits", "Lists that the caller had, or that were in memory", known);
        self.total("pms_list_cache_misses", "Lists that had to be read", unknown);
    }

    fn jobs(&mut self, metrics: &Metrics) {
        let overdue = Family::<OfJob, Gauge>::default();
        for rounds in &*metrics.rounds.lock().unwrap_or_else(PoisonError::into_inner) {
            let seconds = i64::try_from(rounds.overdue().as_secs()).unwrap_or(i64::MAX);
            overdue.get_or_create(&OfJob { name: rounds.job() }).set(seconds);
        }
        let help = "For how long a job should have come to the end of a round";
        self.0.register("pms_job_overdue_seconds", help, overdue);
    }

    fn replica(&mut self, state: &Shared) {
        let Some(replication) = state.services.db.replication() else { return };
        let following = replication.following;
        let up = usize::from(matches!(following, Following::Behind(_)));
        self.count("pms_replica_up", "1 if the replica of the database answers and is a copy", up);
        if let Following::Behind(time) = following {
            let lag = Gauge::<f64, AtomicU64>::default();
            lag.set(time.as_secs_f64());
            self.0.register("pms_replica_lag_seconds", "How old what the replica shows is", lag);
        }
        let reads = [("replica", replication.answered), ("primary", replication.refused)];
        let help = "Reads that a replica may answer, by who answered";
        self.totals("pms_listing_reads", help, ("database", reads));
    }

    fn limits(&mut self, state: &Shared) {
        let Some(Decided { together, alone }) = state.services.rate_limits.decided() else { return };
        let help = "Requests that were held against a limit, by the counters of all servers or of this one";
        self.totals("pms_rate_limit_decisions", help, ("by", [("redis", together), ("memory", alone)]));
    }

    fn telemetry(&mut self) {
        if let Some((ended, sent)) = traces::counted() {
            let help = "Spans of traces that were to be sent, and those that a collector took";
            self.totals("pms_trace_spans", help, ("state", [("ended", ended), ("sent", sent)]));
        }
        if let Some((met, sent)) = errors::counted() {
            let help = "Errors that were to be sent, and those that Sentry took";
            self.totals("pms_sentry_events", help, ("state", [("met", met), ("sent", sent)]));
        }
    }

    fn process(&mut self) {
        if let Some(bytes) = health::resident().and_then(|bytes| i64::try_from(bytes).ok()) {
            self.gauge("process_resident_memory_bytes", "Memory of the process", bytes);
        }
        if let Some(seconds) = cpu_seconds() {
            let counter = Counter::<f64, AtomicU64>::default();
            counter.inc_by(seconds);
            self.0.register("process_cpu_seconds", "Time of processors", counter);
        }
        if let Ok(files) = fs::read_dir("/proc/self/fd") {
            self.count("process_open_fds", "Open files and sockets", files.count());
        }
    }

    /// Only where this server does it: what was noted before somebody turned it off is of no interest.
    fn backups(&mut self, state: &Shared, (backup, drill): (&Last, &Last)) {
        if !state.saves {
            return;
        }
        if let Some(at) = backup.done_at.map(seconds) {
            self.gauge("pms_backup_last_success_timestamp_seconds", "When a server last made a backup", at);
        }
        let failed = usize::from(backup.failed.is_some());
        self.count("pms_backup_failed", "1 if the last try to make a backup failed", failed);
        let on = state.drills == Drilling::On;
        self.count("pms_backup_drill_enabled", "1 if this server rehearses restores", usize::from(on));
        if on {
            self.drills(drill);
        }
    }

    fn drills(&mut self, last: &Last) {
        if let Some(at) = last.done_at.map(seconds) {
            let help = "When a server last brought a backup back aside, whole";
            self.gauge("pms_backup_drill_last_success_timestamp_seconds", help, at);
        }
        let help = "1 if the last backup that a server tried to bring back did not come back";
        self.count("pms_backup_drill_failed", help, usize::from(last.failed.is_some()));
        let help = "1 if the last try could not be made to its end, so that nothing is known";
        self.count("pms_backup_drill_untried", help, usize::from(last.untried.is_some()));
    }

    async fn backlog(&mut self, state: &Shared) {
        let asking = async {
            let backlog = services::backlog::read(&state.services).await.ok()?;
            let of = async |chore| services::backup::last(&state.services, chore).await.ok();
            Some((backlog, of(Chore::Backup).await?, of(Chore::Drill).await?))
        };
        let read = timeout(health::PATIENCE, asking).await.ok().flatten();
        self.count("pms_database_up", "1 if the database answers in time", usize::from(read.is_some()));
        let Some((backlog, backup, drill)) = read else { return };
        self.backups(state, (&backup, &drill));
        self.gauge("pms_urgent_projects", "Projects that are urgent", backlog.episodes);
        self.gauge("pms_alerts_ringing", "Alerts that are not acknowledged", backlog.ringing);
        self.gauge("pms_history_untold", "Changes of which no notifications were made yet", backlog.untold);
        let now = state.services.now();
        let (waiting, failing) =
            (Family::<OfChannel, Gauge>::default(), Family::<OfChannel, Gauge>::default());
        for (channel, count, oldest) in backlog.deliveries {
            let of = OfChannel { channel: channel.as_str() };
            waiting.get_or_create(&of).set(count);
            failing.get_or_create(&of).set(since(oldest, now));
        }
        self.0.register("pms_deliveries_waiting", "Messages that are not sent yet", waiting);
        self.0.register(
            "pms_deliveries_failing_seconds",
            "How long the oldest of them waits that could not be sent at once",
            failing,
        );
    }

    /// Counts since the start, by a label's two values.
    fn totals(&mut self, name: &str, help: &str, (label, counts): (&'static str, [(&'static str, u64); 2])) {
        let totals = Family::<[(&'static str, &'static str); 1], Counter>::default();
        for (value, count) in counts {
            totals.get_or_create(&[(label, value)]).inc_by(count);
        }
        self.0.register(name, help, totals);
    }

    fn count(&mut self, name: &str, help: &str, value: usize) {
        self.gauge(name, help, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn gauge(&mut self, name: &str, help: &str, value: i64) {
        let gauge = Gauge::<i64, AtomicI64>::default();
        gauge.set(value);
        self.0.register(name, help, gauge);
    }

    fn total(&mut self, name: &str, help: &str, value: u64) {
        let counter = Counter::<u64, AtomicU64>::default();
        counter.inc_by(value);
        self.0.register(name, help, counter);
    }
}

const fn seconds(at: Timestamp) -> i64 {
    at.micros() / 1_000_000
}

fn since(at: Timestamp, now: Timestamp) -> i64 {
    if at < now { now.seconds_since(at) } else { 0 }
}

/// In Linux's ticks, of which there are a hundred a second.
fn cpu_seconds() -> Option<f64> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The name before may have spaces, but ends with the last bracket.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<u32>().ok();
    Some((f64::from(ticks()?) + f64::from(ticks()?)) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_was_made_up_is_one_of_the_others() {
        assert_eq!(known(&Method::PATCH), "PATCH");
        assert_eq!(known(&Method::from_bytes(b"BREW").expect("a method")), "other");
    }

    #[test]
    fn where_nothing_fails_it_fails_for_no_time() {
        let at = |seconds: i64| Timestamp(seconds * 1_000_000);
        assert_eq!((since(at(40), at(100)), since(Timestamp(i64::MAX), at(100))), (60, 0));
    }
}
