//! Servers that count requests together by a real Redis, and by themselves without it.

use super::NOW;
use crate::{
    adapters::redis::{self as adapter, RedisRateLimits},
    config::Redis as Settings,
};
use domain::{
    ids::{TokenId, UserId},
    time::Timestamp,
};
use futures::future::join_all;
use proptest::{prelude::*, test_runner::TestRunner};
use services::ports::rate_limits::{
    Caller, Counters, Decided, Key, LocalRateLimits, Quota, RateLimits as _, Verdict,
};
use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};
use testkit::Redis;
use tokio::{
    runtime::Runtime,
    time::{Instant, sleep, timeout},
};
use uuid::Uuid;

/// Longer than it takes to see that Redis is dead, to let a replica take over, and to connect again.
const PATIENCE: Duration = Duration::from_secs(30);
/// More than a request waits for Redis on a busy machine, and far less than if each of many waited in turn.
const AT_ONCE: Duration = Duration::from_secs(2);
const MINUTE: Duration = Duration::from_mins(1);

fn settings(nodes: &[&Redis], prefix: &str) -> Settings {
    let urls = nodes.iter().map(|node| node.url()).collect::<Vec<_>>().join(",");
    Settings::of(Some(&urls), Some(prefix)).expect("addresses").expect("some")
}

/// The limits of a server that is connected to these nodes.
async fn server_as(settings: &Settings, patience: Duration) -> Arc<RedisRateLimits> {
    let limits = Arc::new(RedisRateLimits::new(settings, patience, Arc::default()));
    following(&limits);
    counts_together(&limits, &[network(0)]).await;
    limits
}

fn following(limits: &Arc<RedisRateLimits>) {
    let limits = limits.clone();
    tokio::spawn(async move { limits.follow().await });
}

/// One that waits for Redis also on a busy machine.
async fn server(nodes: &[&Redis]) -> Arc<RedisRateLimits> {
    server_as(&settings(nodes, "pms"), Duration::from_secs(3)).await
}

/// One that waits no longer than servers do.
async fn hasty(nodes: &[&Redis]) -> Arc<RedisRateLimits> {
    server_as(&settings(nodes, "pms"), adapter::PATIENCE).await
}

/// Until Redis counts all of these.
async fn counts_together(limits: &RedisRateLimits, keys: &[Key]) {
    let waiting = async {
        loop {
            let before = decided(limits).together;
            for key in keys {
                limits.take(Key { kind: "waiting", ..*key }, quota(u32::MAX), NOW).await;
            }
            if decided(limits).together == before + keys.len() as u64 {
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(timeout(PATIENCE, waiting).await.is_ok(), "Redis does not count within {PATIENCE:?}");
}

fn decided(limits: &RedisRateLimits) -> Decided {
    limits.decided().expect("it shares counters")
}

fn quota(requests: u32) -> Quota {
    Quota { requests: NonZeroU32::new(requests).expect("some"), window: MINUTE }
}

fn network(number: u32) -> Key {
    Key { kind: "test", caller: Caller::Network(IpAddr::V4(Ipv4Addr::from_bits(number))) }
}

fn later(seconds: i64) -> Timestamp {
    Timestamp(NOW.micros() + seconds * 1_000_000)
}

fn is_allowed(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Allowed { .. })
}

/// How many of so many requests these servers allow, in turn.
async fn allowed(servers: &[Arc<RedisRateLimits>], key: Key, (tries, limit): (usize, u32)) -> usize {
    let mut count = 0;
    for turn in 0..tries {
        let verdict = servers[turn % servers.len()].take(key, quota(limit), NOW).await;
        count += usize::from(is_allowed(verdict));
    }
    count
}

#[tokio::test]
async fn servers_count_together_and_whoever_is_refused_at_one_is_at_all() {
    let redis = Redis::start();
    let servers = [server(&[&redis]).await, server(&[&redis]).await, server(&[&redis]).await];
    for remaining in (0..10).rev() {
        let verdict = servers[remaining as usize % 3].take(network(1), quota(10), NOW).await;
        assert_eq!(verdict, Verdict::Allowed { remaining, reset: 120 });
    }
    for server in &servers {
        let refused = server.take(network(1), quota(10), NOW).await;
        assert_eq!(refused, Verdict::Refused { retry_after: 66 });
        assert!(!is_allowed(server.take(network(1), quota(10), later(65)).await));
    }
    assert!(is_allowed(servers[0].take(network(1), quota(10), later(66)).await));
    assert!(!is_allowed(servers[1].take(network(1), quota(10), later(66)).await));
    // All at once, they are not more.
    let asking = (0..90).map(|turn| servers[turn % 3].take(network(2), quota(10), NOW));
    assert_eq!(join_all(asking).await.into_iter().filter(|verdict| is_allowed(*verdict)).count(), 10);
}

#[tokio::test]
async fn everybody_has_their_own_counters_and_every_installation_and_kind() {
    let redis = Redis::start();
    let (here, elsewhere) =
        (server(&[&redis]).await, server_as(&settings(&[&redis], "other"), Duration::from_secs(3)).await);
    let id = Uuid::from_u128(7);
    let callers = [
        Caller::Network("10.0.0.1".parse().expect("an address")),
        Caller::Network("2001:db8::".parse().expect("an address")),
        Caller::Person(UserId(id)),
        Caller::Token(TokenId(Uuid::from_u128(8))),
    ];
    let before = (decided(&here).alone, decided(&elsewhere).alone);
    for caller in callers {
        for (limits, kind) in [(&here, "test"), (&here, "other"), (&elsewhere, "test")] {
            let key = Key { kind, caller };
            assert!(is_allowed(limits.take(key, quota(1), NOW).await), "{key:?}");
            assert!(!is_allowed(limits.take(key, quota(1), NOW).await), "{key:?}");
        }
    }
    assert_eq!((decided(&here).alone, decided(&elsewhere).alone), before, "Redis decided");
}

fn stories_of(cases: u32) -> TestRunner {
    TestRunner::new(ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() })
}

/// Reads and writes counters beside the servers.
async fn redis_cli(redis: &Redis) -> redis::aio::MultiplexedConnection {
    let client = redis::Client::open(redis.url()).expect("an address");
    client.get_multiplexed_async_connection().await.expect("it answers")
}

#[test]
fn the_script_decides_as_the_judge_does_wherever_the_counters_stand() {
    let (runtime, redis) = (Runtime::new().expect("a runtime"), Redis::start());
    let (limits, cli) = runtime.block_on(async { (server(&[&redis]).await, redis_cli(&redis).await) });
    let begin = NOW.micros() - NOW.micros().rem_euclid(60_000_000);
    let window = begin / 60_000_000;
    // As far as numbers are whole there, with many that are just allowed and just refused.
    let requests = prop_oneof![1..50_u32, 1..150_000_000_u32];
    let stories = (requests, 0.0..1.1, 0.0..1.1, 0..60_000_000_u64);
    let before = decided(&limits);
    stories_of(2_000)
        .run(&stories, |(requests, before, current, elapsed)| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "of positive numbers"
            )]
            let part = |of: f64| (f64::from(requests) * of) as u32;
            let (before, current) = (part(before), part(current));
            let judged = quota(requests).judge(Counters { before, current, elapsed });
            let (asked, counted, expires) = runtime.block_on(async {
                let mut cli = cli.clone();
                let name = |number: i64| format!("pms:limit:test:{{0.0.0.1}}:{number}");
                let mut pipe = redis::pipe();
                pipe.mset(&[(name(window - 1), before), (name(window), current)]).ignore();
                pipe.query_async::<()>(&mut cli).await.expect("set");
                let now = Timestamp(begin + i64::try_from(elapsed).expect("it fits"));
                let asked = limits.take(network(1), quota(requests), now).await;
                let mut pipe = redis::pipe();
                pipe.get(name(window)).pttl(name(window));
                let (counted, expires): (u32, i64) = pipe.query_async(&mut cli).await.expect("read");
                (asked, counted, expires)
            });
            prop_assert_eq!(asked, judged);
            prop_assert_eq!(counted, current + u32::from(is_allowed(judged)));
            // What is left of this window, the next one, and five seconds for clocks that are behind.
            let left = 125_000 - i64::try_from(elapsed / 1000).expect("it fits");
            let is_kept = (left - 10_000..=left).contains(&expires);
            prop_assert_eq!(is_kept, is_allowed(judged), "{} ms", expires);
            Ok(())
        })
        .expect("they agree");
    let Decided { together, alone } = decided(&limits);
    assert!(together >= before.together + 2_000 && alone == before.alone, "Redis decided");
}

#[test]
fn a_server_that_shares_its_counters_decides_as_one_that_does_not() {
    let (runtime, redis) = (Runtime::new().expect("a runtime"), Redis::start());
    let servers = runtime.block_on(async { [server(&[&redis]).await, server(&[&redis]).await] });
    let steps = prop::collection::vec((0..20_000_000_i64, 0..2_usize), 1..60);
    let (callers, asked) = (AtomicU32::new(1_000), AtomicU64::new(0));
    stories_of(100)
        .run(&(1..8_u32, steps), |(requests, steps)| {
            // Each story has its own.
            let key = network(callers.fetch_add(1, Ordering::Relaxed));
            let (alone, mut now) = (LocalRateLimits::default(), NOW.micros());
            for (pause, server) in steps {
                now += pause;
                let (quota, now) = (quota(requests), Timestamp(now));
                let (shared, own) = runtime.block_on(async {
                    (servers[server].take(key, quota, now).await, alone.take(key, quota, now).await)
                });
                prop_assert_eq!(shared, own);
                asked.fetch_add(1, Ordering::Relaxed);
            }
            Ok(())
        })
        .expect("they agree");
    let by_redis: u64 = servers.iter().map(|server| decided(server).together).sum();
    assert!(by_redis > asked.into_inner(), "Redis was asked each time, and when it was waited for");
}

#[tokio::test]
async fn clocks_that_differ_lock_nobody_out_and_let_nobody_in_for_long() {
    let redis = Redis::start();
    // Some seconds, nearly a window, some windows.
    for (number, skew) in (10..).zip([0, 5, 59, 3_600]) {
        let servers = [server(&[&redis]).await, server(&[&redis]).await];
        let (patient, greedy) = (network(number), network(number + 100));
        let mut many = 0;
        for second in 0..600 {
            let (server, now) = match second % 2 {
                0 => (&servers[0], later(second)),
                _ => (&servers[1], later(second + skew)),
            };
            if second % 15 == 0 {
                let verdict = server.take(patient, quota(10), now).await;
                assert!(is_allowed(verdict), "less than half is, at {second} s, clocks differ by {skew} s");
            }
            match server.take(greedy, quota(10), now).await {
                Verdict::Allowed { .. } => many += 1,
                Verdict::Refused { retry_after } => assert!(retry_after <= 120, "{retry_after}"),
            }
        }
        // Ten minutes are 100. Where the clocks are in different windows, each server counts nearly by itself.
        let most = if skew == 0 { 110 } else { 210 };
        assert!((90..=most).contains(&many), "{many} were allowed, clocks differ by {skew} s");
    }
}

#[tokio::test]
async fn without_redis_each_server_goes_on_with_what_it_allowed_itself() {
    let mut redis = Redis::start();
    let servers = [server(&[&redis]).await, server(&[&redis]).await];
    assert_eq!(allowed(&servers, network(1), (6, 10)).await, 6);
    redis.kill();
    let begin = Instant::now();
    // Three of the six were asked of each.
    assert_eq!(allowed(&servers[..1], network(1), (20, 10)).await, 7);
    assert_eq!(allowed(&servers[1..], network(1), (20, 10)).await, 7);
    assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());
    redis.start_again();
    for server in &servers {
        counts_together(server, &[network(1)]).await;
    }
    assert_eq!(allowed(&servers, network(2), (20, 10)).await, 10, "they count together again, by themselves");
}

#[tokio::test]
async fn one_that_says_nothing_holds_requests_up_once() {
    let redis = Redis::start();
    let servers = [hasty(&[&redis]).await];
    let before = decided(&servers[0]);
    redis.hang();
    let begin = Instant::now();
    let asking = (0..500).map(|number| servers[0].take(network(number), quota(1), NOW));
    assert!(join_all(asking).await.into_iter().all(is_allowed));
    for number in 500..1_000 {
        assert!(is_allowed(servers[0].take(network(number), quota(1), NOW).await));
    }
    assert!(begin.elapsed() < AT_ONCE, "{:?}", begin.elapsed());
    let Decided { together, alone } = decided(&servers[0]);
    assert_eq!((together, alone), (before.together, before.alone + 1_000));
    redis.go_on();
    counts_together(&servers[0], &[network(1)]).await;
}

#[tokio::test]
async fn one_that_may_not_be_asked_counts_as_away() {
    // No more than these rights is needed.
    let first = "on >wave ~pms:limit:* +ping +mget +set +cluster|slots";
    for nodes in [vec![Redis::start()], Redis::cluster()] {
        give(&nodes, first).await;
        let url = nodes[0].url().replace("//", "//pms:wave@");
        let settings = Settings::of(Some(&url), None).expect("an address").expect("some");
        let limits = Arc::new(RedisRateLimits::new(&settings, adapter::PATIENCE, Arc::default()));
        following(&limits);
        sleep(Duration::from_secs(1)).await;
        assert_eq!(allowed(std::slice::from_ref(&limits), network(1), (20, 10)).await, 10);
        assert_eq!(decided(&limits), Decided { together: 0, alone: 20 });
        give(&nodes, "+eval").await;
        counts_together(&limits, &[network(1), network(2), network(3)]).await;
    }
}

/// The user `pms` may do this, too.
async fn give(nodes: &[Redis], rights: &str) {
    for node in nodes {
        let mut command = redis::cmd("ACL");
        command.arg("SETUSER").arg("pms").arg(rights.split(' ').collect::<Vec<_>>());
        command.query_async::<()>(&mut redis_cli(node).await).await.expect("it is given");
    }
}

#[tokio::test]
async fn whoever_has_more_networks_than_are_remembered_does_not_fill_redis() {
    let redis = Redis::start();
    let limits =
        Arc::new(RedisRateLimits::new(&settings(&[&redis], "pms"), adapter::PATIENCE, Arc::default()));
    for number in 0..100_000 {
        limits.take(network(number), quota(5), NOW).await;
    }
    following(&limits);
    let person = Key { kind: "test", caller: Caller::Person(UserId(Uuid::from_u128(1))) };
    counts_together(&limits, &[person]).await;
    let before = decided(&limits);
    limits.take(network(7), quota(5), NOW).await;
    limits.take(network(100_001), quota(5), NOW).await;
    let after = decided(&limits);
    assert_eq!((after.together - before.together, after.alone - before.alone), (1, 1));
    let mut names: Vec<String> =
        redis::cmd("KEYS").arg("*").query_async(&mut redis_cli(&redis).await).await.expect("names");
    names.retain(|name| name.contains(":test:"));
    let window = NOW.micros() / 60_000_000;
    assert_eq!(names, [format!("pms:limit:test:{{0.0.0.7}}:{window}")]);
}

#[tokio::test]
async fn a_cluster_counts_at_all_its_nodes_and_goes_on_when_one_dies_or_hangs() {
    let mut nodes = Redis::cluster();
    let keys: Vec<Key> = (1..=60).map(network).collect();
    let servers = [server(&[&nodes[0], &nodes[1], &nodes[2]]).await, server(&[&nodes[2], &nodes[1]]).await];
    let hasty = [hasty(&[&nodes[1], &nodes[2]]).await];
    all_together(&servers, &keys, "before").await;
    // Masters, each of which has the counters of every third; their replicas take over.
    nodes[0].kill();
    nobody_is_held_up(&hasty, &keys, "while one is dead").await;
    counts_together(&hasty[0], &keys).await;
    all_together(&servers, &keys, "after it died").await;
    nodes[1].hang();
    nobody_is_held_up(&hasty, &keys, "while one hangs").await;
    all_together(&servers, &keys, "after it hung").await;
    nodes[1].go_on();
}

/// Until Redis counts for all of these, and then they count each caller together.
async fn all_together(servers: &[Arc<RedisRateLimits>], keys: &[Key], kind: &'static str) {
    for server in servers {
        counts_together(server, keys).await;
    }
    for key in keys {
        let key = Key { kind, ..*key };
        assert_eq!(allowed(servers, key, (4, 3)).await, 3, "{key:?}");
    }
}

async fn nobody_is_held_up(servers: &[Arc<RedisRateLimits>], keys: &[Key], kind: &'static str) {
    let begin = Instant::now();
    for key in keys {
        let count = allowed(servers, Key { kind, ..*key }, (3, 3)).await;
        assert_eq!(count, 3, "{key:?} {kind}");
    }
    assert!(begin.elapsed() < AT_ONCE, "{:?} {kind}", begin.elapsed());
}
