//! How often who may ask: a sliding window for each caller.
//!
//! The window slides over two counters, that of the window at hand and that of the one before, which weighs less the longer
//! it is past. [`Quota::judge`] is the arithmetic, wherever the counters are kept.

use async_trait::async_trait;
use domain::{
    ids::{TokenId, UserId},
    time::Timestamp,
};
use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Networks that are counted at the same time, about 15 MB. Whoever has more addresses than this is not held back by a
/// limit for each, and to refuse newcomers would lock out everybody else.
const MOST_NETWORKS: usize = 100_000;
/// How often those are forgotten who have not asked for long.
const SWEEP_SECONDS: i64 = 60;

/// What is counted: a caller's requests of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The kind of request.
    pub kind: &'static str,
    /// Who asks.
    pub caller: Caller,
}

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Caller {
    /// Whoever is in this network; see [`crate::network::network_of`].
    Network(IpAddr),
    /// A person who is signed in.
    Person(UserId),
    /// A program with an API token.
    Token(TokenId),
}

/// So many requests in so much time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Requests.
    pub requests: NonZeroU32,
    /// The time, of at least a microsecond.
    pub window: Duration,
}

/// How often somebody has asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// In the window before.
    pub before: u32,
    /// In the window at hand, the request in question not among them.
    pub current: u32,
    /// Microseconds of the window at hand that are over.
    pub elapsed: u64,
}

/// A window of time. It begins for everybody at the same moment, so that servers which share counters agree on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Windows before it since 1970.
    pub number: i64,
    /// Microseconds of it that are over.
    pub elapsed: u64,
}

/// Where requests were decided on, where servers share counters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// By the counters that servers share.
    pub together: u64,
    /// By the counters of this server, because the others could not be reached in time.
    pub alone: u64,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is done, and was counted.
    Allowed {
        /// How many more may follow at once.
        remaining: u32,
        /// Seconds until the whole quota is there again, if nothing more is asked.
        reset: u64,
    },
    /// It is not done, and was not counted: whoever keeps asking is let in again all the same.
    Refused {
        /// Seconds until one more is allowed.
        retry_after: u64,
    },
}

/// Counts requests.
#[async_trait]
pub trait RateLimits: Send + Sync {
    /// Decides on one more request, and counts it if it is allowed. Where counters can't be reached it is decided without
    /// them: a limit must not keep people from their work because it is broken.
    async fn take(&self, key: Key, quota: Quota, now: Timestamp) -> Verdict;

    /// How many requests were decided on since the start, and where. `None` where servers share no counters.
    fn decided(&self) -> Option<Decided> {
        None
    }
}

impl Quota {
    /// The window at hand.
    pub fn window_at(self, now: Timestamp) -> Window {
        let (now, window) = (now.micros(), self.micros());
        Window { number: now.div_euclid(window), elapsed: now.rem_euclid(window).unsigned_abs() }
    }

    /// The length of a window, in microseconds: at least one.
    pub fn micros(self) -> i64 {
        i64::try_from(self.window.as_micros()).unwrap_or(i64::MAX).max(1)
    }

    /// Decides on one more request.
    pub fn judge(self, counters: Counters) -> Verdict {
        let (limit, window) = (u128::from(self.requests.get()), u128::from(self.micros().unsigned_abs()));
        let (before, current) = (u128::from(counters.before), u128::from(counters.current));
        let elapsed = u128::from(counters.elapsed).min(window);
        let left = window - elapsed;
        // In requests times microseconds, so that nothing is rounded.
        let used = before * left + (current + 1) * window;
        if let Some(free) = (limit * window).checked_sub(used) {
            let remaining = u32::try_from(free / window).unwrap_or(u32::MAX);
            return Verdict::Allowed { remaining, reset: seconds(left + window) };
        }
        let wait = if current < limit {
            weight_of(before, limit - 1 - current, window).saturating_sub(elapsed)
        } else {
            left + weight_of(current, limit - 1, window)
        };
        Verdict::Refused { retry_after: seconds(wait) }
    }
}

/// Microseconds of a window until `before` requests of the one before weigh no more than `room`.
const fn weight_of(before: u128, room: u128, window: u128) -> u128 {
    match (room * window).checked_div(before) {
        Some(bearable) => window.saturating_sub(bearable),
        None => 0,
    }
}

/// Rounded up: whoever waits that long is not told to wait again.
fn seconds(micros: u128) -> u64 {
    u64::try_from(micros.div_ceil(1_000_000)).unwrap_or(u64::MAX).max(1)
}

/// Counters in memory, of this server alone.
#[derive(Debug, Default)]
pub struct LocalRateLimits(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    by_key: HashMap<Key, Count>,
    swept_at: i64,
}

/// Two windows of one caller.
#[derive(Clone, Copy, Debug)]
struct Count {
    /// Of the window at hand.
    number: i64,
    /// When it weighs nothing any more, in microseconds.
    forgotten_at: i64,
    before: u32,
    current: u32,
}

impl LocalRateLimits {
    /// Whether this caller is remembered, once counted.
    pub fn has_room_for(&self, key: Key) -> bool {
        self.counted().has_room_for(key)
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        // What is in there is whole after every step, so whoever panicked has broken nothing.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl RateLimits for LocalRateLimits {
    async fn take(&self, key: Key, quota: Quota, now: Timestamp) -> Verdict {
        let mut counted = self.counted();
        counted.sweep(now.micros());
        counted.take(key, quota, now)
    }
}

impl Counted {
    fn has_room_for(&self, key: Key) -> bool {
        // People and tokens nobody can make up.
        let is_network = matches!(key.caller, Caller::Network(_));
        !is_network || self.by_key.len() < MOST_NETWORKS || self.by_key.contains_key(&key)
    }

    fn take(&mut self, key: Key, quota: Quota, now: Timestamp) -> Verdict {
        let Window { number, elapsed } = quota.window_at(now);
        let mut count = Count::at(self.by_key.get(&key).copied(), number);
        let verdict = quota.judge(Counters { before: count.before, current: count.current, elapsed });
        if matches!(verdict, Verdict::Allowed { .. }) && self.has_room_for(key) {
            count.current += 1;
            count.forgotten_at = number.saturating_add(2).saturating_mul(quota.micros());
            self.by_key.insert(key, count);
        }
        verdict
    }

    fn sweep(&mut self, now: i64) {
        if now.abs_diff(self.swept_at) >= SWEEP_SECONDS.unsigned_abs() * 1_000_000 {
            self.by_key.retain(|_, count| now < count.forgotten_at);
            self.swept_at = now;
        }
    }
}

impl Count {
    /// In the window of this number. After a clock that was put back it begins anew.
    fn at(known: Option<Self>, number: i64) -> Self {
        let (before, current) = match known {
            Some(count) if count.number == number => (count.before, count.current),
            Some(count) if count.number == number - 1 => (count.current, 0),
            _ => (0, 0),
        };
        Self { number, forgotten_at: 0, before, current }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::net::Ipv4Addr;

    const MINUTE: Duration = Duration::from_mins(1);
    const BEGIN: i64 = 1_800_000_000;

    fn quota(requests: u32) -> Quota {
        Quota { requests: NonZeroU32::new(requests).expect("some"), window: MINUTE }
    }

    fn network(number: u32) -> Key {
        Key { kind: "test", caller: Caller::Network(Ipv4Addr::from_bits(number).into()) }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp((BEGIN + second) * 1_000_000)
    }

    fn is_allowed(verdict: Verdict) -> bool {
        matches!(verdict, Verdict::Allowed { .. })
    }

    #[tokio::test]
    async fn ten_a_minute_are_ten_and_the_eleventh_is_told_how_long_to_wait() {
        let limits = LocalRateLimits::default();
        for remaining in (0..10).rev() {
            let verdict = limits.take(network(1), quota(10), at(30)).await;
            assert_eq!(verdict, Verdict::Allowed { remaining, reset: 90 });
        }
        // 30 seconds of this window, and a tenth of the next one: then nine weigh on it.
        let refused = limits.take(network(1), quota(10), at(30)).await;
        assert_eq!(refused, Verdict::Refused { retry_after: 36 });
        assert!(!is_allowed(limits.take(network(1), quota(10), at(65)).await));
        assert!(is_allowed(limits.take(network(1), quota(10), at(66)).await));
        assert!(is_allowed(limits.take(network(2), quota(10), at(30)).await), "others are not concerned");
        let other = Key { kind: "other", ..network(1) };
        assert!(is_allowed(limits.take(other, quota(10), at(30)).await), "nor other kinds");
    }

    #[tokio::test]
    async fn the_window_slides_so_its_edge_gives_nobody_twice_as_much() {
        let limits = LocalRateLimits::default();
        for _ in 0..10 {
            limits.take(network(1), quota(10), at(59)).await;
        }
        let mut allowed = 0;
        for second in 60..120 {
            allowed += i32::from(is_allowed(limits.take(network(1), quota(10), at(second)).await));
        }
        // One each six seconds, as fast as those before lose their weight, and not ten in the first second.
        assert_eq!(allowed, 9);
    }

    #[tokio::test]
    async fn a_clock_that_is_put_back_locks_nobody_out() {
        let limits = LocalRateLimits::default();
        for _ in 0..10 {
            limits.take(network(1), quota(10), at(3600)).await;
        }
        assert!(is_allowed(limits.take(network(1), quota(10), at(0)).await));
    }

    #[tokio::test]
    async fn who_has_not_asked_for_long_is_forgotten_and_there_is_an_end_to_those_who_ask() {
        let limits = LocalRateLimits::default();
        let count = || limits.0.lock().expect("whole").by_key.len();
        for number in 0..u32::try_from(MOST_NETWORKS).expect("it fits") + 10 {
            assert!(is_allowed(limits.take(network(number), quota(1), at(0)).await));
        }
        assert_eq!(count(), MOST_NETWORKS);
        assert!(!is_allowed(limits.take(network(7), quota(1), at(1)).await), "who is known stays known");
        let person = Key { kind: "test", caller: Caller::Person(UserId(uuid::Uuid::from_u128(1))) };
        limits.take(person, quota(1), at(1)).await;
        assert!(!is_allowed(limits.take(person, quota(1), at(1)).await), "people are always counted");
        limits.take(network(7), quota(1), at(130)).await;
        assert_eq!(count(), 1);
    }

    proptest! {
        /// Whoever waits as long as they are told is let in, and a microsecond's worth earlier they would not have been.
        #[test]
        fn the_wait_is_enough_and_no_longer(
            requests in 1..2_000_u32, before in 0..2_000_u32, current in 0..2_000_u32, elapsed in 0..60_000_000_u64,
        ) {
            let quota = quota(requests);
            let (before, current) = (before.min(requests), current.min(requests));
            let later = |micros: u64| {
                let then = elapsed + micros;
                match then / 60_000_000 {
                    0 => Counters { before, current, elapsed: then },
                    1 => Counters { before: current, current: 0, elapsed: then - 60_000_000 },
                    _ => Counters::default(),
                }
            };
            match quota.judge(later(0)) {
                Verdict::Allowed { remaining, reset } => {
                    prop_assert!(remaining < requests);
                    prop_assert!((60..=120).contains(&reset));
                }
                Verdict::Refused { retry_after } => {
                    prop_assert!(is_allowed(quota.judge(later(retry_after * 1_000_000))));
                    if retry_after > 1 {
                        prop_assert!(!is_allowed(quota.judge(later((retry_after - 1) * 1_000_000))));
                    }
                }
            }
        }
    }
}
