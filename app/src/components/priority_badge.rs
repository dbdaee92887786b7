//! How soon a task matters: bars that fill up, a sign for critical, and the word.

use domain::task::Priority;
use leptos::prelude::*;

/// A priority. `compact` leaves the word to readers and to the pointer.
#[component]
pub fn PriorityBadge(
    #[prop(into)] priority: Signal<Priority>,
    #[prop(optional)] compact: bool,
) -> impl IntoView {
    let word = move || priority.get().label();
    view! {
        <span
            class="priority"
            data-priority=move || priority.get().as_str()
            title=move || compact.then(|| format!("Priority: {}", word()))
        >
            <svg class="priority-mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path class="priority-bar" data-level="1" d="M2 10h3v4H2z"></path>
                <path class="priority-bar" data-level="2" d="M6.5 6.5h3V14h-3z"></path>
                <path class="priority-bar" data-level="3" d="M11 3h3v11h-3z"></path>
                <path class="priority-none" d="M3 8h2M7 8h2M11 8h2"></path>
                <path
                    class="priority-critical"
                    d="M4 1.5h8A2.5 2.5 0 0 1 14.5 4v8a2.5 2.5 0 0 1-2.5 2.5H4A2.5 2.5 0 0 1 1.5 12V4A2.5 2.5 0 0 1 4 1.5zM7.1 4l.2 5h1.4l.2-5zM7.1 10.4v1.7h1.8v-1.7z"
                ></path>
            </svg>
            <span class="priority-word" class:visually-hidden=compact>{word}</span>
        </span>
    }
}
