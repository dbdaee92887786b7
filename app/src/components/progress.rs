//! How much of something is done.

use leptos::prelude::*;

/// A bar and, beside it, "3 of 8".
#[component]
pub fn Progress(
    #[prop(into)] done: Signal<i64>,
    #[prop(into)] total: Signal<i64>,
    /// What is counted: "Tasks done".
    #[prop(into)]
    label: String,
    /// Leaves the numbers to readers.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let text = move || format!("{} of {}", done.get(), total.get());
    view! {
        <span class="progress" data-complete=move || complete(done.get(), total.get()).then_some("true")>
            // An empty project's bar has length one and shows nothing done.
            <progress
                class="progress-bar"
                max=move || total.get().max(1).to_string()
                value=move || done.get().to_string()
                aria-label=label
            ></progress>
            <span class="progress-text" class:visually-hidden=compact>{text}</span>
        </span>
    }
}

const fn complete(done: i64, total: i64) -> bool {
    total > 0 && done >= total
}
