//! Loading a whole page, where the page in the browser must not live on: after signing in or out.

use leptos::prelude::window;

/// Leaves this page for the one at `path`, as if it were typed.
pub fn load_whole_page(path: &str) {
    // Fails only for an address that can't be read, and these are ours.
    drop(window().location().assign(path));
}
