//! Where and when a run took place: numbers without that say little.

use std::{fs, process::Command, thread::available_parallelism, time::SystemTime};
use time::{OffsetDateTime, macros::format_description};

/// The machine, the day and the source.
#[derive(Clone, Debug)]
pub struct Machine {
    /// Cores that programs may use.
    pub cores: usize,
    /// Memory in bytes, where the system tells it.
    pub memory: Option<u64>,
    /// The processor, where the system tells it.
    pub processor: String,
    /// How many programs wanted a core in the minute before: more than a few tenths, and others were measured as well.
    pub busy: Option<String>,
    /// When the run began, in UTC, as `2026-01-17 09:30`.
    pub date: String,
    /// The commit, with `+` if files were changed since.
    pub commit: String,
}

impl Machine {
    /// This one, now.
    pub fn look() -> Self {
        let format = format_description!("[year]-[month]-[day] [hour]:[minute]");
        Self {
            cores: available_parallelism().map_or(1, usize::from),
            memory: fs::read_to_string("/proc/meminfo").ok().and_then(|text| total(&text)),
            processor: fs::read_to_string("/proc/cpuinfo")
                .map_or_else(|_| "unknown".into(), |text| model(&text)),
            busy: fs::read_to_string("/proc/loadavg")
                .ok()
                .and_then(|text| text.split(' ').next().map(str::to_owned)),
            date: OffsetDateTime::from(now()).format(&format).unwrap_or_default(),
            commit: commit(),
        }
    }
}

impl Machine {
    /// What stands above the numbers of a command of its own: its title, and where it ran.
    pub fn heading(&self, what: &str, arguments: &str) -> String {
        format!(
            "## {} UTC, {what}, commit {}\n\n`make bench ARGS=\"{arguments}\"`, on {} cores ({}); load average before the \
             run {}.",
            self.date,
            self.commit,
            self.cores,
            self.processor,
            self.busy.as_deref().unwrap_or("unknown"),
        )
    }
}

/// The moment, for dates and for names that nothing else has.
#[expect(clippy::disallowed_methods, reason = "a benchmark tells when it ran and decides nothing by it")]
fn now() -> SystemTime {
    SystemTime::now()
}

/// Milliseconds since 1970, as scripts put them into names.
pub fn millis() -> u128 {
    now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_millis())
}

fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

fn model(cpuinfo: &str) -> String {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"));
    let name = line.and_then(|line| line.split_once(':')).map(|(_, name)| name.trim().to_owned());
    name.unwrap_or_else(|| "unknown".into())
}

fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else { return "unknown".into() };
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|list| !list.is_empty());
    if changed { format!("{commit}+") } else { commit }
}
