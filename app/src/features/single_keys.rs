//! Whether keys without Ctrl do something: people who speak to their computer, or rest a hand on the keyboard, turn
//! them off (WCAG 2.1.4). Remembered by the browser, because it is about this keyboard.

#[cfg(feature = "hydrate")]
const NAME: &str = "pms-single-keys";

/// What this browser remembers; yes unless it was turned off.
#[cfg(feature = "hydrate")]
pub fn single_keys_wanted() -> bool {
    storage().and_then(|storage| storage.get_item(NAME).ok().flatten()).is_none_or(|kept| kept != "off")
}

/// Remembers it.
#[cfg(feature = "hydrate")]
pub fn want_single_keys(wanted: bool) {
    if let Some(storage) = storage() {
        // A full or forbidden storage forgets it with the page.
        drop(storage.set_item(NAME, if wanted { "on" } else { "off" }));
    }
}

#[cfg(feature = "hydrate")]
fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

/// The server has no keyboard.
#[cfg(not(feature = "hydrate"))]
pub fn single_keys_wanted() -> bool {
    true
}

/// The server has no keyboard.
#[cfg(not(feature = "hydrate"))]
pub fn want_single_keys(_wanted: bool) {}
