//! Something is going on.

use leptos::prelude::*;

/// A turning ring, and words for those who do not see it.
#[component]
pub fn Spinner(#[prop(default = "Loading".into(), into)] label: String) -> impl IntoView {
    view! {
        <span class="spinner" role="status">
            <span class="visually-hidden">{label}</span>
        </span>
    }
}
