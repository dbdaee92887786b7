//! What a process uses, as Linux tells it. Elsewhere nothing is told, and the results say so.

use std::{fs, time::Duration};

/// What a process has used up to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Memory now.
    pub memory: Memory,
    /// The most it ever held, in bytes.
    pub peak: u64,
    /// Processor time, of all cores together.
    pub processor: Duration,
}

/// Memory of a process, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// All that it holds, as operators see it. A file's page counts as often as it is mapped, although it is there once.
    pub resident: u64,
    /// What is its own; the rest is files, the database's before all, which the system takes back when it needs room.
    pub own: u64,
}

/// Of the process with this id.
pub fn of(pid: u32) -> Option<Usage> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    Some(Usage {
        memory: Memory { resident: bytes(&status, "VmRSS:")?, own: bytes(&status, "RssAnon:")? },
        peak: bytes(&status, "VmHWM:")?,
        processor: processor(&stat)?,
    })
}

/// `VmRSS:    48212 kB`
fn bytes(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

/// User and system time are the 14th and 15th field. The second one, the name, may hold anything, so what counts begins
/// after its closing bracket. The unit is a hundredth of a second on every Linux that people run.
fn processor(stat: &str) -> Option<Duration> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_millis((user + system) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_kilobytes() {
        let status = "Name:\tpms\nVmHWM:\t   60000 kB\nVmRSS:\t   48212 kB\n";
        assert_eq!(bytes(status, "VmRSS:"), Some(48_212 * 1024));
        assert_eq!(bytes(status, "VmSwap:"), None);
    }

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "77 (pms) (x) S 1 77 77 0 -1 4194560 2500 0 0 0 150 25 0 0 20 0 6 0 900 1 2 3";
        assert_eq!(processor(stat), Some(Duration::from_millis(1750)));
    }

    #[test]
    fn this_process_uses_something() {
        if cfg!(target_os = "linux") {
            let usage = of(std::process::id()).expect("a process that runs");
            assert!(usage.memory.own > 0 && usage.peak >= usage.memory.own);
        }
    }
}
