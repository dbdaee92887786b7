//! Keys to press.

use leptos::prelude::*;

/// One or several keys, written with spaces between them: `g b`.
#[component]
pub fn Kbd(#[prop(into)] keys: String) -> impl IntoView {
    let keys = keys.split(' ').map(|key| view! { <kbd class="kbd">{key.to_owned()}</kbd> }).collect_view();
    view! { <span class="kbd-keys">{keys}</span> }
}
