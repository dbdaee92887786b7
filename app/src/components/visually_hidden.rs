//! Words for readers only.

use leptos::prelude::*;

/// Its children are read out and not shown.
#[component]
pub fn VisuallyHidden(children: Children) -> impl IntoView {
    view! { <span class="visually-hidden">{children()}</span> }
}
