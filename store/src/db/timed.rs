//! How long this process has waited for the database, in a few numbers for whoever watches over it. What a single statement
//! took is told by traces.

use std::{
    array,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};

/// Up to where each bucket goes, in milliseconds: from what nobody feels to what is given up. Half a millisecond would tell
/// apart only what is quick.
const MILLIS: [u64; 13] = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
/// What took longer has one of its own.
const BUCKETS: usize = MILLIS.len() + 1;

/// What somebody waited for who was then let at the database.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    /// A connection that reads.
    Read,
    /// To be the one who writes, with a connection for it.
    Write,
}

/// What a statement does.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Read,
    Write,
    Commit,
}

static TURNS: [Histogram; 2] = [const { Histogram::new() }; 2];
static STATEMENTS: [Histogram; 3] = [const { Histogram::new() }; 3];

/// Durations since the start of the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Durations {
    counts: [u64; BUCKETS],
    /// All of them together.
    pub sum: Duration,
}

impl Durations {
    /// The upper bound of each bucket, itself included, and how many durations are in it and not in one before; `None` is
    /// the bucket without a bound.
    pub fn buckets(&self) -> impl Iterator<Item = (Option<Duration>, u64)> {
        let bounds = MILLIS.into_iter().map(|millis| Some(Duration::from_millis(millis)));
        bounds.chain([None]).zip(self.counts)
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// How long it took until somebody could begin, successful or not: `read` until they had a connection, `write` until it was
/// their turn, too.
pub fn wait_times() -> [(&'static str, Durations); 2] {
    let [read, write] = &TURNS;
    [("read", read.durations()), ("write", write.durations())]
}

/// How long statements took, successful or not: those that `read`, those that `write`, and each `commit`. Without those that
/// begin a transaction, which is in [`wait_times`]; without those whose rows are read one at a time and those of migrations.
pub fn statement_times() -> [(&'static str, Durations); 3] {
    let [read, write, commit] = &STATEMENTS;
    [("read", read.durations()), ("write", write.durations()), ("commit", commit.durations())]
}

/// Somebody waits for this turn until it is dropped.
pub(super) fn waiting(turn: Turn) -> Timer {
    Timer::of(&TURNS[turn as usize])
}

/// Such a statement runs until it is dropped.
pub(super) fn running(kind: Kind) -> Timer {
    Timer::of(&STATEMENTS[kind as usize])
}

/// Notes at its end how long it was there: also where what was waited for failed, or nobody waited any longer.
#[must_use]
pub(super) struct Timer {
    histogram: &'static Histogram,
    since: Instant,
}

impl Timer {
    fn of(histogram: &'static Histogram) -> Self {
        Self { histogram, since: Instant::now() }
    }

    /// Notes nothing.
    pub(super) fn forget(self) {
        std::mem::forget(self);
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        self.histogram.note(self.since.elapsed());
    }
}

/// Two additions for each duration, and no lock.
struct Histogram {
    counts: [AtomicU64; BUCKETS],
    micros: AtomicU64,
}

impl Histogram {
    const fn new() -> Self {
        Self { counts: [const { AtomicU64::new(0) }; BUCKETS], micros: AtomicU64::new(0) }
    }

    fn note(&self, took: Duration) {
        let bucket = MILLIS.partition_point(|millis| Duration::from_millis(*millis) < took);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn durations(&self) -> Durations {
        Durations {
            counts: array::from_fn(|bucket| self.counts[bucket].load(Ordering::Relaxed)),
            sum: Duration::from_micros(self.micros.load(Ordering::Relaxed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(histogram: &Histogram) -> (Vec<(Option<Duration>, u64)>, Duration) {
        let durations = histogram.durations();
        (durations.buckets().filter(|(_, count)| *count > 0).collect(), durations.sum)
    }

    #[test]
    fn a_duration_is_in_the_first_bucket_that_it_does_not_exceed() {
        let histogram = Histogram::new();
        let millis = Duration::from_millis;
        for took in [Duration::ZERO, millis(1), Duration::from_micros(1_001), millis(100), millis(101)] {
            histogram.note(took);
        }
        histogram.note(Duration::from_mins(1));
        let buckets =
            [(Some(millis(1)), 2), (Some(millis(2)), 1), (Some(millis(100)), 1), (Some(millis(250)), 1)];
        let sum = Duration::from_micros(60_203_001);
        assert_eq!(of(&histogram), ([&buckets[..], &[(None, 1)]].concat(), sum));
        assert_eq!(histogram.durations().count(), 6);
    }

    #[test]
    fn what_is_given_up_is_noted_as_well() {
        static HISTOGRAM: Histogram = Histogram::new();
        let since = Instant::now().checked_sub(Duration::from_secs(7)).expect("the machine runs for longer");
        let timer = Timer { histogram: &HISTOGRAM, since };
        assert_eq!(of(&HISTOGRAM).0, []);
        drop(timer);
        assert_eq!(of(&HISTOGRAM).0, [(Some(Duration::from_secs(10)), 1)]);
    }
}
