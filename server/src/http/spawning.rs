//! How pages begin tasks: most of their parts load in one of its own, which is told of as their request.

use crate::telemetry::along;
use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};

/// As `leptos_axum` would have it, but for [`along`].
struct Along;

impl CustomExecutor for Along {
    fn spawn(&self, work: PinnedFuture<()>) {
        tokio::spawn(along(work));
    }

    fn spawn_local(&self, work: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(along(work));
    }

    /// The runtime does that by itself.
    fn poll_local(&self) {}
}

/// To be called before anything of `leptos_axum` is: the first one that is set stays.
pub(super) fn prepare() {
    let _ = Executor::init_custom_executor(Along);
}
