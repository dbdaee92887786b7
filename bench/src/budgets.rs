//! The limits that PMS sets itself, and whether this run kept them.

use crate::{
    facts::Facts,
    load_script::Outcome,
    measured::{Loaded, Measured},
    run::Results,
};
use std::time::Duration;

/// A limit beside what was measured.
#[derive(Debug)]
pub struct Budget {
    /// Of what.
    pub what: &'static str,
    /// The limit, in words.
    pub limit: &'static str,
    /// What was measured, in words.
    pub found: String,
    /// Whether it was kept.
    pub kept: bool,
}

/// SQL statements of one request, at the most.
pub const STATEMENTS: usize = 12;
/// Decimal, as browsers count downloads.
const KILOBYTE: usize = 1000;
/// Binary, as operators count memory.
const MEGABYTE: u64 = 1024 * 1024;

/// Every limit for which this run has a number.
pub fn check(results: &Results) -> Vec<Budget> {
    let Results { facts, scenarios, .. } = results;
    let named = |name: &str| scenarios.iter().find(|one| one.name == name);
    let mut found = Vec::new();
    if let Some(list) = named("projects") {
        found.extend(of_list(&list.loaded));
        found.push(beside_bare("project list beside the bare handler", list, &results.baseline));
    }
    if let Some(list) = named("projects-fresh") {
        found.push(beside_bare("the same without the list cache", list, &results.baseline));
    }
    found.extend(slowest(scenarios));
    found.extend(["board", "board-page"].into_iter().filter_map(named).flat_map(of_board));
    found.extend(most_statements(scenarios));
    found.extend(of_process(facts));
    if let Some(script) = &results.script {
        found.extend(of_script(&script.all));
    }
    found
}

fn of_list(list: &Loaded) -> [Budget; 4] {
    let [p95, p99] = [95, 99].map(|percent| list.latencies.percentile(percent));
    [
        budget("project list", "> 1,000 req/s", format!("{:.0} req/s", list.rate()), list.rate() > 1000.0),
        within("project list, p95", "< 500 ms", p95, 500),
        within("project list, p99", "< 1 s", p99, 1000),
        budget("project list, errors", "< 0.5 %", percent(list.failed()), list.failed() < 0.005),
    ]
}

fn beside_bare(what: &'static str, list: &Measured, bare: &Measured) -> Budget {
    let ratio = list.loaded.rate() / bare.loaded.rate().max(1.0);
    budget(what, "≥ half its req/s", format!("{ratio:.2} times"), ratio >= 0.5)
}

/// Of pages and lists without what else has a limit of its own.
fn slowest(scenarios: &[Measured]) -> Option<Budget> {
    let is_list = |name: &str| ["projects", "tasks", "search"].iter().any(|start| name.starts_with(start));
    let reads = scenarios
        .iter()
        .filter(|one| (is_list(one.name) || one.name.ends_with("-page")) && !one.name.starts_with("board"));
    let slow = reads.max_by_key(|one| one.alone.latencies.percentile(95))?;
    let p95 = slow.alone.latencies.percentile(95);
    let found = format!("{} ({})", milliseconds(p95), slow.name);
    Some(budget("slowest page or list, p95", "< 100 ms", found, p95 < Duration::from_millis(100)))
}

fn of_board(board: &Measured) -> [Budget; 2] {
    let page = board.name == "board-page";
    let (time, size) = if page {
        ("board page, 1,000 cards, p95", "board page on the wire")
    } else {
        ("board JSON, 1,000 cards, p95", "board JSON on the wire")
    };
    let length = board.alone.length;
    [
        within(time, "< 150 ms", board.alone.latencies.percentile(95), 150),
        budget(size, "< 200 kB", kilobytes(length), length < 200 * KILOBYTE),
    ]
}

fn most_statements(scenarios: &[Measured]) -> Option<Budget> {
    let counted = scenarios.iter().filter_map(|one| Some((one.statements.as_ref()?.len(), one.name)));
    let (count, name) = counted.max()?;
    Some(budget("SQL statements of a request", "≤ 12", format!("{count} ({name})"), count <= STATEMENTS))
}

fn of_process(facts: &Facts) -> Vec<Budget> {
    let memory = |what, limit, megabytes, bytes: Option<u64>| {
        let bytes = bytes?;
        let found = format!("{} MB", bytes / MEGABYTE);
        Some(budget(what, limit, found, bytes < megabytes * MEGABYTE))
    };
    let mut found = vec![within("start on the filled database", "< 1 s", facts.start, 1000)];
    found.extend(facts.download.wasm.map(|wasm| {
        budget("WASM of the first visit, Brotli", "≤ 500 kB", kilobytes(wasm), wasm <= 500 * KILOBYTE)
    }));
    found.extend(memory("memory, idle", "< 100 MB", 100, facts.idle));
    found.extend(memory("memory, most under load", "< 512 MB", 512, facts.peak));
    found
}

fn of_script(all: &Outcome) -> [Budget; 3] {
    let [p95, p99] = [95, 99].map(|percent| all.latencies.percentile(percent));
    [
        within("load script, p95", "< 500 ms", p95, 500),
        within("load script, p99", "< 1 s", p99, 1000),
        budget("load script, failed", "< 0.5 %", percent(all.failed()), all.failed() < 0.005),
    ]
}

fn within(what: &'static str, limit: &'static str, took: Duration, at_most: u64) -> Budget {
    budget(what, limit, milliseconds(took), took < Duration::from_millis(at_most))
}

const fn budget(what: &'static str, limit: &'static str, found: String, kept: bool) -> Budget {
    Budget { what, limit, found, kept }
}

/// As `12.3 ms`.
pub fn milliseconds(took: Duration) -> String {
    format!("{:.1} ms", took.as_secs_f64() * 1000.0)
}

/// As `0.25 %`.
pub fn percent(part: f64) -> String {
    format!("{:.2} %", part * 100.0)
}

/// As `123.4 kB`.
pub fn kilobytes(bytes: usize) -> String {
    format!("{}.{} kB", bytes / KILOBYTE, bytes % KILOBYTE / (KILOBYTE / 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(milliseconds(Duration::from_micros(12_345)), "12.3 ms");
        assert_eq!(percent(0.0025), "0.25 %");
        assert_eq!(kilobytes(123_456), "123.4 kB");
    }

    #[test]
    fn a_limit_is_kept_only_below_it() {
        assert!(within("", "", Duration::from_millis(149), 150).kept);
        assert!(!within("", "", Duration::from_millis(150), 150).kept);
    }
}
