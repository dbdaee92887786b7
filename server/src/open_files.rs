//! How many files and connections the system lets this process have open.

/// What systems give without being asked.
#[cfg(not(unix))]
const USUAL: usize = 1024;

/// Takes as many as the system gives without more rights. Systems begin with few, for programs of another time; each open
/// page is a connection.
#[cfg(unix)]
pub fn take_all() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let take = |files| setrlimit(Resource::Nofile, Rlimit { current: files, maximum: limit.maximum });
    // Apple's systems call it unlimited, and give no more than this.
    if let Err(error) = take(limit.maximum).or_else(|_| take(Some(10_240))) {
        tracing::warn!(%error, "the limit of open files stays as it is");
    }
}

/// How many there may be now.
#[cfg(unix)]
pub fn limit() -> usize {
    use rustix::process::{Resource, getrlimit};
    // Without a limit there is none that matters.
    getrlimit(Resource::Nofile)
        .current
        .map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX))
}

/// Such systems have no such limit.
#[cfg(not(unix))]
pub fn take_all() {}

/// What is usual.
#[cfg(not(unix))]
pub fn limit() -> usize {
    USUAL
}
