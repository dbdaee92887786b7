//! Waiting until somebody has stopped typing.

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// A pause of the component that makes it. Copy it into closures.
#[derive(Clone, Copy)]
pub struct Pause {
    length: Duration,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Pause {
    /// A pause of this length. It ends unused when its component goes.
    pub fn of(length: Duration) -> Self {
        let pause = Self { length, timer: StoredValue::new(None) };
        on_cleanup(move || pause.stop());
        pause
    }

    /// Begins the pause anew; after it, runs `then` instead of what waited before.
    pub fn then(self, then: impl FnOnce() + 'static) {
        self.stop();
        self.timer.set_value(set_timeout_with_handle(then, self.length).ok());
    }

    /// Ends the pause: what waits is not run.
    pub fn stop(self) {
        if let Some(timer) = self.timer.get_value() {
            timer.clear();
        }
    }
}
