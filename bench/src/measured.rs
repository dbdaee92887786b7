//! What a scenario came to.

use crate::{latencies::Sorted, usage::Memory};
use std::{collections::BTreeMap, time::Duration};

/// Under load.
#[derive(Debug, Default)]
pub struct Loaded {
    /// How long requests took that were answered as they should be.
    pub latencies: Sorted,
    /// How long was measured.
    pub span: Duration,
    /// What went wrong, and how often.
    pub errors: Errors,
    /// Processor time of the server in that span.
    pub processor: Option<Duration>,
    /// Memory of the server at the end.
    pub memory: Option<Memory>,
}

impl Loaded {
    /// Well answered requests in a second.
    pub fn rate(&self) -> f64 {
        let answered = u32::try_from(self.latencies.len()).unwrap_or(u32::MAX);
        if self.span.is_zero() { 0.0 } else { f64::from(answered) / self.span.as_secs_f64() }
    }

    /// Processor time of the server for each well answered request.
    pub fn processor_each(&self) -> Option<Duration> {
        let answered = u32::try_from(self.latencies.len()).ok().filter(|count| *count > 0)?;
        Some(self.processor? / answered)
    }

    /// The part of requests that went wrong, from 0 to 1.
    pub fn failed(&self) -> f64 {
        let errors = u32::try_from(self.errors.count()).unwrap_or(u32::MAX);
        let all = f64::from(u32::try_from(self.latencies.len()).unwrap_or(u32::MAX)) + f64::from(errors);
        if errors == 0 { 0.0 } else { f64::from(errors) / all }
    }
}

/// One request after the other: what the server needs for it when nothing else is asked.
#[derive(Debug, Default)]
pub struct Alone {
    /// How long requests took.
    pub latencies: Sorted,
    /// Bytes of an answer's body as it comes over the wire.
    pub length: usize,
}

/// A scenario's numbers.
#[derive(Debug)]
pub struct Measured {
    /// Which.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// Under load.
    pub loaded: Loaded,
    /// One after the other.
    pub alone: Alone,
    /// SQL statements of the most expensive one of some requests, each by its first words.
    pub statements: Option<Vec<String>>,
}

/// What went wrong, by its words.
#[derive(Clone, Debug, Default)]
pub struct Errors(BTreeMap<String, usize>);

impl Errors {
    /// Longer words are cut.
    const WORDS: usize = 160;

    /// One more.
    pub fn add(&mut self, words: &str) {
        let line: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let short = line.chars().take(Self::WORDS).collect();
        *self.0.entry(short).or_default() += 1;
    }

    /// Those of another connection, too.
    pub fn merge(&mut self, other: Self) {
        for (words, count) in other.0 {
            *self.0.entry(words).or_default() += count;
        }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// The most frequent one.
    pub fn worst(&self) -> Option<(&str, usize)> {
        self.0.iter().max_by_key(|(_, count)| **count).map(|(words, count)| (words.as_str(), *count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::latencies::Latencies;

    #[test]
    fn errors_count_by_their_words() {
        let mut errors = Errors::default();
        errors.add("429 Too\n Many");
        errors.add("429 Too Many");
        let mut other = Errors::default();
        other.add("500");
        errors.merge(other);
        assert_eq!((errors.count(), errors.worst()), (3, Some(("429 Too Many", 2))));
    }

    #[test]
    fn only_what_was_answered_well_counts_as_done() {
        let mut latencies = Latencies::default();
        for _ in 0..30 {
            latencies.add(Duration::from_millis(1));
        }
        let mut loaded = Loaded {
            latencies: Latencies::sorted([latencies]),
            span: Duration::from_secs(2),
            processor: Some(Duration::from_millis(60)),
            ..Loaded::default()
        };
        for _ in 0..10 {
            loaded.errors.add("503");
        }
        assert!((loaded.rate() - 15.0).abs() < 1e-9);
        assert!((loaded.failed() - 0.25).abs() < 1e-9);
        assert_eq!(loaded.processor_each(), Some(Duration::from_millis(2)));
    }
}
