//! The results as Markdown.

use crate::{
    budgets::{self, Budget, kilobytes, milliseconds, percent},
    latencies::Sorted,
    load_script::{self, Outcome, ScriptRun},
    measured::{Errors, Measured},
    run::Results,
};
use std::{fmt::Write as _, time::Duration};

/// A block that begins with a heading of the second level and ends with a line's end.
pub fn markdown(results: &Results) -> String {
    let mut text = String::new();
    head(&mut text, results);
    budgets(&mut text, &budgets::check(results));
    loaded(&mut text, results);
    alone(&mut text, &results.scenarios);
    if let Some(script) = &results.script {
        of_script(&mut text, script);
    }
    too_many_statements(&mut text, &results.scenarios);
    errors(&mut text, results);
    text
}

fn head(text: &mut String, results: &Results) {
    let Results { machine, facts, tier, command, .. } = results;
    let megabytes =
        |bytes: Option<u64>| bytes.map_or_else(|| "unknown".into(), |bytes| format!("{} MB", bytes >> 20));
    let memory = megabytes(machine.memory);
    let size = |bytes: Option<usize>| bytes.map_or_else(|| "none".into(), kilobytes);
    let _ = write!(
        text,
        "## {date} UTC, tier {tier}, commit {commit}\n\n\
         `{command}`, on {cores} cores ({processor}) with {memory} of memory that \
         server and clients share; load average before the run {busy}.\n\n\
         Seeding took {seeding:.1} s and made {database}. Started within {start} (slowest of five), stopped within \
         {stop}. Memory: {idle} idle, {peak} at the most; the bare handler {bare}. Downloads with Brotli: WASM {wasm} \
         and {later} later, script {script}, style {style}.\n\n",
        date = machine.date,
        commit = machine.commit,
        cores = machine.cores,
        processor = machine.processor,
        busy = machine.busy.as_deref().unwrap_or("unknown"),
        seeding = facts.seeding.as_secs_f64(),
        database =
            facts.database.map_or_else(|| "a database on MariaDB".into(), |_| megabytes(facts.database)),
        start = milliseconds(facts.start),
        stop = milliseconds(facts.stop),
        idle = megabytes(facts.idle),
        peak = megabytes(facts.peak),
        bare = megabytes(facts.baseline_peak),
        later = kilobytes(facts.download.later),
        wasm = size(facts.download.wasm),
        script = size(facts.download.script),
        style = size(facts.download.style),
    );
}

fn budgets(text: &mut String, budgets: &[Budget]) {
    text.push_str("| what | limit | measured | |\n|---|---|---|---|\n");
    for Budget { what, limit, found, kept } in budgets {
        let _ =
            writeln!(text, "| {what} | {limit} | {found} | {} |", if *kept { "kept" } else { "**missed**" });
    }
    text.push('\n');
}

fn loaded(text: &mut String, results: &Results) {
    let _ = write!(
        text,
        "### Under load: {} connections, {} s each\n\n\
         | scenario | req/s | p50 ms | p95 ms | p99 ms | errors | processor ms/req | memory MB | its own MB |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        results.connections,
        results.span.as_secs()
    );
    for Measured { name, loaded, .. } in std::iter::once(&results.baseline).chain(&results.scenarios) {
        let processor = loaded.processor_each().map_or_else(|| "–".into(), |each| millis(each, 2));
        let memory = loaded.memory;
        let memory = memory
            .map_or_else(|| "– | –".into(), |held| format!("{} | {}", held.resident >> 20, held.own >> 20));
        let _ = writeln!(
            text,
            "| {name} | {:.0} | {} | {} | {processor} | {memory} |",
            loaded.rate(),
            percentiles(&loaded.latencies, &[50, 95, 99]),
            loaded.errors.count(),
        );
    }
    text.push('\n');
}

fn alone(text: &mut String, scenarios: &[Measured]) {
    text.push_str(
        "### One request after the other\n\n\
         | scenario | | p50 ms | p95 ms | p99 ms | statements | bytes |\n|---|---|--:|--:|--:|--:|--:|\n",
    );
    for Measured { name, what, alone, statements, .. } in scenarios {
        let statements = statements.as_ref().map_or_else(|| "–".into(), |all| all.len().to_string());
        let percentiles = percentiles(&alone.latencies, &[50, 95, 99]);
        let _ = writeln!(text, "| {name} | {what} | {percentiles} | {statements} | {} |", alone.length);
    }
    text.push('\n');
}

fn of_script(text: &mut String, script: &ScriptRun) {
    let _ = write!(
        text,
        "### Load script, up to 200 people, {} s\n\n\
         | request | count | p50 ms | p95 ms | p99 ms | failed |\n|---|--:|--:|--:|--:|--:|\n",
        script.span.as_secs()
    );
    let steps = load_script::STEPS.iter().zip(&script.steps);
    for (name, outcome) in steps.chain([(&"all", &script.all)]) {
        let Outcome { latencies, .. } = outcome;
        let percentiles = percentiles(latencies, &[50, 95, 99]);
        let _ = writeln!(
            text,
            "| {name} | {} | {percentiles} | {} |",
            latencies.len(),
            percent(outcome.failed())
        );
    }
    text.push('\n');
}

/// Where the limit is missed, what there is to save.
fn too_many_statements(text: &mut String, scenarios: &[Measured]) {
    let counted = scenarios.iter().filter_map(|one| Some((one.name, one.statements.as_ref()?)));
    let missed: Vec<_> = counted.filter(|(_, all)| all.len() > budgets::STATEMENTS).collect();
    if missed.is_empty() {
        return;
    }
    text.push_str("### Statements where there are too many\n\n");
    for (name, statements) in missed {
        let _ = writeln!(text, "- {name}: `{}`", statements.join("` `"));
    }
    text.push('\n');
}

/// What went wrong, in the server's words: a number alone does not tell whose fault it is.
fn errors(text: &mut String, results: &Results) {
    let steps = results.script.iter().flat_map(|script| load_script::STEPS.into_iter().zip(&script.steps));
    let steps = steps.map(|(name, outcome)| (name, &outcome.errors));
    let all = results.scenarios.iter().map(|one| (one.name, &one.loaded.errors)).chain(steps);
    let worst: Vec<(&str, &Errors)> = all.filter(|(_, errors)| errors.count() > 0).collect();
    if worst.is_empty() {
        return;
    }
    text.push_str("### Most frequent errors\n\n");
    for (name, errors) in worst {
        if let Some((words, count)) = errors.worst() {
            let _ =
                writeln!(text, "- {name}: {count} of {} times `{}`", errors.count(), words.replace('`', "'"));
        }
    }
    text.push('\n');
}

fn percentiles(latencies: &Sorted, which: &[usize]) -> String {
    let each = which.iter().map(|percent| millis(latencies.percentile(*percent), 1));
    each.collect::<Vec<_>>().join(" | ")
}

fn millis(took: Duration, digits: usize) -> String {
    format!("{:.digits$}", took.as_secs_f64() * 1000.0)
}
