//! Room on disks.

use super::Finding;
use std::path::Path;

const SUBJECT: &str = "disk";
const MEGABYTE: u64 = 1024 * 1024;
/// Below this much a day's work may fill it.
const LITTLE: u64 = 512 * MEGABYTE;
/// Below this much it may be full in a moment.
const NEXT_TO_NOTHING: u64 = 64 * MEGABYTE;

/// How much room there is where `folder` is, or will be. `what` names it.
pub fn look(what: &str, folder: &Path) -> Finding {
    let there = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    let Some(free) = free(there) else {
        return Finding::warning(SUBJECT, format!("how much room there is for {what} can’t be seen"));
    };
    judge(what, folder, free)
}

fn judge(what: &str, folder: &Path, free: u64) -> Finding {
    let text = format!("{} MiB free for {what} in {}", free / MEGABYTE, folder.display());
    match free {
        0..NEXT_TO_NOTHING => {
            Finding::trouble(SUBJECT, format!("{text}. Make room: without, nothing can be saved"))
        }
        NEXT_TO_NOTHING..LITTLE => {
            Finding::warning(SUBJECT, format!("{text}. Make room before it is used up"))
        }
        LITTLE.. => Finding::ok(SUBJECT, text),
    }
}

/// Bytes that PMS’s user may still write; `None` where the system does not say.
#[cfg(unix)]
pub fn free(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

#[cfg(not(unix))]
pub fn free(_: &Path) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn less_room_is_worse() {
        let level = |megabytes: u64| judge("data", Path::new("/data"), megabytes * MEGABYTE).level;
        assert_eq!([level(10), level(100), level(1000)], [Level::Trouble, Level::Warning, Level::Ok]);
        let here = look("data", &std::env::temp_dir().join("not/there/yet"));
        assert!(here.text.contains("MiB free for data"), "{}", here.text);
    }
}
