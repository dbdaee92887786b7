//! What was to be sent, and what of it was taken.

use std::sync::atomic::{AtomicU64, Ordering};

/// Numbers since the start.
#[derive(Debug, Default)]
pub(super) struct Counted {
    met: AtomicU64,
    sent: AtomicU64,
}

impl Counted {
    pub(super) fn meet(&self, how_many: usize) {
        self.met.fetch_add(how_many as u64, Ordering::Relaxed);
    }

    pub(super) fn send(&self, how_many: usize) {
        self.sent.fetch_add(how_many as u64, Ordering::Relaxed);
    }

    /// Those that there were to send, and those that were taken.
    pub(super) fn read(&self) -> (u64, u64) {
        (self.met.load(Ordering::Relaxed), self.sent.load(Ordering::Relaxed))
    }
}
