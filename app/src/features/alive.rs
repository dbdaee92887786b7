//! Whether the page runs its script yet.

use leptos::prelude::*;

/// False in the first rendering, on both sides; true once the browser has taken over. For controls that only work with
/// script, and for those that script makes unnecessary.
pub fn use_alive() -> ReadSignal<bool> {
    let (alive, set_alive) = signal(false);
    Effect::new(move |_| set_alive.set(true));
    alive
}
