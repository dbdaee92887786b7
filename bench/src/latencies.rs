//! How long requests took. Every one is kept: a run has some hundred thousand, and percentiles are then exact.

use std::time::Duration;

/// Microseconds, one number for each request.
#[derive(Clone, Debug, Default)]
pub struct Latencies(Vec<u32>);

impl Latencies {
    /// One more.
    pub fn add(&mut self, took: Duration) {
        self.0.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
    }

    /// All of them in order.
    pub fn sorted(parts: impl IntoIterator<Item = Self>) -> Sorted {
        let mut all: Vec<u32> = parts.into_iter().flat_map(|part| part.0).collect();
        all.sort_unstable();
        Sorted(all)
    }
}

/// Latencies in order.
#[derive(Clone, Debug, Default)]
pub struct Sorted(Vec<u32>);

impl Sorted {
    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// [`Sorted::percentile`] in milliseconds.
    pub fn milliseconds(&self, percent: usize) -> f64 {
        self.percentile(percent).as_secs_f64() * 1000.0
    }

    /// The least time within which `percent` of the requests were answered (nearest rank); zero if there was none.
    pub fn percentile(&self, percent: usize) -> Duration {
        let rank = (self.0.len() * percent).div_ceil(100).max(1);
        Duration::from_micros(self.0.get(rank - 1).copied().unwrap_or(0).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(micros: impl IntoIterator<Item = u64>) -> Sorted {
        let mut latencies = Latencies::default();
        for micros in micros {
            latencies.add(Duration::from_micros(micros));
        }
        Latencies::sorted([latencies])
    }

    #[test]
    fn a_percentile_is_the_time_of_a_request() {
        let hundred = of((1..=100).rev());
        for percent in [1, 50, 95, 99, 100] {
            assert_eq!(hundred.percentile(percent).as_micros(), percent as u128);
        }
        assert_eq!(of([7]).percentile(50).as_micros(), 7);
        assert_eq!(of([7, 9]).percentile(99).as_micros(), 9, "never between two");
    }

    #[test]
    fn without_requests_there_is_no_time() {
        assert_eq!(of([]).percentile(99), Duration::ZERO);
    }

    #[test]
    fn the_parts_of_connections_count_as_one() {
        let mut one = Latencies::default();
        one.add(Duration::from_micros(30));
        let mut other = Latencies::default();
        other.add(Duration::from_micros(10));
        other.add(Duration::from_micros(20));
        let all = Latencies::sorted([one, other]);
        assert_eq!((all.len(), all.percentile(50).as_micros()), (3, 20));
    }
}
