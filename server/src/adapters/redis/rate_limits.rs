//! Limits that several servers count together, in Redis; each by itself while it is away.

use super::standing::{Part, Standing};
use crate::config::Redis;
use async_trait::async_trait;
use domain::time::Timestamp;
use redis::{
    AsyncConnectionConfig, Client, Cmd, ErrorKind, FromRedisValue, RedisError, RedisResult, ServerErrorKind,
    Value, aio::MultiplexedConnection, cluster::ClusterClientBuilder, cluster_async::ClusterConnection,
};
use services::ports::rate_limits::{
    Caller, Counters, Decided, Key, LocalRateLimits, Quota, RateLimits, Verdict, Window,
};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until, timeout},
};

/// How long a request waits for Redis: nobody feels it, and the slowest answers on a busy machine took a ninth of it.
pub const PATIENCE: Duration = Duration::from_millis(100);
/// What takes longer than this part of it is slow: a request asks twice, and people feel a tenth of a second.
const SLOW: u32 = 2;
/// After so many slow answers in a row it counts as away.
const SLOW_IN_A_ROW: u32 = 5;
/// To connect, with all nodes of a cluster: first with those that are named, then with those that they name.
const OPENING: Duration = Duration::from_secs(5);
/// With one of its nodes, of which some may be dead.
const NODE: Duration = Duration::from_secs(1);
/// How often that is tried.
const AGAIN: Duration = Duration::from_secs(1);
/// Another node of a cluster may have taken over what is asked for, and the one after that.
const REDIRECTS: u32 = 2;
/// Milliseconds until it is asked again, for instance while counters move to another node.
const ASKED_AGAIN: (u64, u64) = (5, 20);
/// A server whose clock is so much behind still finds what others have counted.
const BEHIND: Duration = Duration::from_secs(5);

/// Decides as [`Quota::judge`] does, and counts what is allowed, in one step: of two servers that ask at once one is second.
///
/// Numbers are floating-point there, so they are whole up to 2⁵³ only. No product is larger as long as requests times
/// microseconds of the window are not: 150 million requests a minute.
const SCRIPT: &str = r"
local counted = redis.call('MGET', KEYS[1], KEYS[2])
local before, current = tonumber(counted[1] or 0), tonumber(counted[2] or 0)
local limit, window, left = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
if before * left <= (limit - current - 1) * window then
    redis.call('SET', KEYS[2], current + 1, 'PX', ARGV[4])
end
return { before, current }
";

/// Limits of one of several servers.
pub struct RedisRateLimits {
    /// What this server allowed, too: that is known still when Redis is not there any more.
    own: LocalRateLimits,
    nodes: Vec<Client>,
    prefix: String,
    patience: Duration,
    standing: Arc<Standing>,
    line: Mutex<Line>,
    lost: Notify,
    together: AtomicU64,
    alone: AtomicU64,
}

/// What is between this server and Redis.
struct Line {
    /// `None` while it is away.
    connection: Option<Connection>,
    /// Connections before this one: who waited at one of them does not break this one.
    number: u64,
    /// Whose counters could not be reached. In a cluster each node has those of some.
    failed: Caller,
    /// Slow answers of this connection, one after the other, and when the last of them came.
    slow: Option<(u32, Instant)>,
}

/// One for all requests, which do not wait for each other's answers.
#[derive(Clone)]
enum Connection {
    Single(MultiplexedConnection),
    Cluster(ClusterConnection),
}

impl RedisRateLimits {
    /// Nothing is connected until it is [followed](Self::follow). A request waits for Redis as long as `patience`.
    pub fn new(redis: &Redis, patience: Duration, standing: Arc<Standing>) -> Self {
        let failed = Caller::Network(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Self {
            own: LocalRateLimits::default(),
            nodes: redis.nodes.clone(),
            prefix: redis.prefix.clone(),
            patience,
            standing,
            line: Mutex::new(Line { connection: None, number: 0, failed, slow: None }),
            lost: Notify::new(),
            together: AtomicU64::new(0),
            alone: AtomicU64::new(0),
        }
    }

    /// Connects, and again when the connection was lost. Never ends.
    pub async fn follow(&self) {
        for turn in 0.. {
            let begun = Instant::now();
            let opening = timeout(OPENING, self.open(&self.nodes[turn % self.nodes.len()])).await;
            match opening.unwrap_or_else(|_| Err((ErrorKind::Io, "it says nothing").into())) {
                Ok(connection) => {
                    // First: the next request may lose it.
                    self.standing.up(Part::Counters);
                    self.line().connection = Some(connection);
                    self.lost.notified().await;
                }
                Err(why) => self.standing.down(Part::Counters, &why),
            }
            sleep_until(begun + AGAIN).await;
        }
    }

    async fn open(&self, node: &Client) -> RedisResult<Connection> {
        let config = AsyncConnectionConfig::new();
        let config = config.set_connection_timeout(Some(NODE)).set_response_timeout(Some(self.patience));
        let mut single = node.get_multiplexed_async_connection_with_config(&config).await?;
        // The one command that says it and that nobody needs a right for. What does not know it is no cluster.
        let hello: RedisResult<HashMap<String, Value>> = redis::cmd("HELLO").query_async(&mut single).await;
        let hello = match hello {
            Err(error) if error.is_io_error() => return Err(error),
            hello => hello.ok(),
        };
        let mode = hello.and_then(|mut hello| String::from_redis_value(hello.remove("mode")?).ok());
        let mut connection = match mode.as_deref() {
            Some("cluster") => Connection::Cluster(self.open_cluster().await?),
            _ => Connection::Single(single),
        };
        // It may have to connect to the node first: how long requests would wait shows the next time.
        self.probe(&mut connection).await?;
        let asked = Instant::now();
        self.probe(&mut connection).await?;
        if self.is_slow(asked) {
            return Err((ErrorKind::Io, "it is slow").into());
        }
        Ok(connection)
    }

    async fn open_cluster(&self) -> RedisResult<ClusterConnection> {
        let nodes = self.nodes.iter().map(|node| node.get_connection_info().clone());
        let cluster = ClusterClientBuilder::new(nodes).connection_timeout(NODE);
        let cluster = cluster.min_retry_wait(ASKED_AGAIN.0).max_retry_wait(ASKED_AGAIN.1);
        cluster.response_timeout(self.patience).retries(REDIRECTS).build()?.get_async_connection().await
    }

    /// Counts as for a request, where no request is counted: whether everything works that it takes, at the node that did
    /// not answer before.
    async fn probe(&self, connection: &mut Connection) -> RedisResult<()> {
        let quota = Quota { requests: NonZeroU32::MAX, window: OPENING };
        let key = Key { kind: "probe", caller: self.line().failed };
        self.count(connection, (key, quota, Window { number: 0, elapsed: 0 })).await.map(drop)
    }

    /// Decides on one more request, if Redis can be asked.
    async fn ask(&self, key: Key, quota: Quota, now: Timestamp) -> Option<Verdict> {
        // Or whoever has millions of networks would fill its memory.
        if !self.own.has_room_for(key) {
            return None;
        }
        let (number, mut connection) = {
            let line = self.line();
            (line.number, line.connection.clone()?)
        };
        let asked = Instant::now();
        match self.count(&mut connection, (key, quota, quota.window_at(now))).await {
            Ok(counters) => {
                self.note_time(asked, (number, key.caller));
                Some(quota.judge(counters))
            }
            Err(error) => {
                tracing::debug!(%error, "Redis did not count a request");
                if !concerns_one_caller(&error) {
                    self.lose(number, key.caller);
                }
                None
            }
        }
    }

    async fn count(
        &self,
        connection: &mut Connection,
        (key, quota, window): (Key, Quota, Window),
    ) -> RedisResult<Counters> {
        let (length, elapsed) = (quota.micros(), window.elapsed);
        let mut script = redis::cmd("EVAL");
        script.arg(SCRIPT).arg(2).arg(self.name(key, window.number - 1)).arg(self.name(key, window.number));
        script.arg(quota.requests.get()).arg(length).arg(length.saturating_sub_unsigned(elapsed));
        // It is of use for what is left of its window, and for the next one.
        let left = quota.window.saturating_sub(Duration::from_micros(elapsed));
        script.arg((left + quota.window + BEHIND).as_millis());
        let (before, current) = connection.ask(&script).await?;
        Ok(Counters { before, current, elapsed })
    }

    /// Of a counter. What is in braces chooses the node of a cluster: all counters of a caller are at one.
    fn name(&self, Key { kind, caller }: Key, window: i64) -> String {
        let prefix = &self.prefix;
        match caller {
            Caller::Network(address) => format!("{prefix}:limit:{kind}:{{{address}}}:{window}"),
            Caller::Person(id) => format!("{prefix}:limit:{kind}:{{{}}}:{window}", id.0),
            Caller::Token(id) => format!("{prefix}:limit:{kind}:{{{}}}:{window}", id.0),
        }
    }

    /// One that answers each request late is worse than none: that costs a wait for each. What was on its way at the same time
    /// was held up by the same, so it is counted once.
    fn note_time(&self, asked: Instant, (number, caller): (u64, Caller)) {
        let mut line = self.line();
        if line.number != number {
            return;
        }
        if !self.is_slow(asked) {
            line.slow = None;
            return;
        }
        let times = match line.slow {
            Some((_, last)) if asked < last => return,
            Some((times, _)) => times + 1,
            None => 1,
        };
        line.slow = Some((times, Instant::now()));
        drop(line);
        if times >= SLOW_IN_A_ROW {
            self.lose(number, caller);
        }
    }

    fn is_slow(&self, asked: Instant) -> bool {
        asked.elapsed() > self.patience / SLOW
    }

    fn lose(&self, number: u64, failed: Caller) {
        let mut line = self.line();
        if line.number == number && line.connection.take().is_some() {
            (line.number, line.failed, line.slow) = (number + 1, failed, None);
            self.standing.lost(Part::Counters);
            self.lost.notify_one();
        }
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        // It is whole after every step, so whoever panicked has broken nothing.
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counters that are on their way to another node, or what is no counter: others are counted all the same.
fn concerns_one_caller(error: &RedisError) -> bool {
    use ServerErrorKind::{ResponseError, TryAgain};
    matches!(error.kind(), ErrorKind::Server(TryAgain | ResponseError))
}

#[async_trait]
impl RateLimits for RedisRateLimits {
    async fn take(&self, key: Key, quota: Quota, now: Timestamp) -> Verdict {
        let Some(verdict) = self.ask(key, quota, now).await else {
            self.alone.fetch_add(1, Ordering::Relaxed);
            return self.own.take(key, quota, now).await;
        };
        self.together.fetch_add(1, Ordering::Relaxed);
        if matches!(verdict, Verdict::Allowed { .. }) {
            self.own.take(key, quota, now).await;
        }
        verdict
    }

    fn decided(&self) -> Option<Decided> {
        let (together, alone) = (self.together.load(Ordering::Relaxed), self.alone.load(Ordering::Relaxed));
        Some(Decided { together, alone })
    }
}

impl Connection {
    async fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, RedisError> {
        match self {
            Self::Single(connection) => command.query_async(connection).await,
            Self::Cluster(connection) => command.query_async(connection).await,
        }
    }
}
