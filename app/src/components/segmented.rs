//! A few ways to see the same thing, side by side, as links.

use super::icon::Icon;
use leptos::prelude::*;

/// A row of [`Segment`]s.
#[component]
pub fn Segmented(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <nav class="segmented" aria-label=label>{children()}</nav> }
}

/// One way. Says whether it is the current one, since it may differ only in the query.
#[component]
pub fn Segment(
    #[prop(into)] href: Signal<String>,
    #[prop(into)] current: Signal<bool>,
    #[prop(optional)] icon: Option<Icon>,
    children: Children,
) -> impl IntoView {
    view! {
        <a
            class="segment"
            href=move || href.get()
            aria-current=move || current.get().then_some("true")
        >
            {icon.map(|icon| view! { <Icon icon/> })}
            <span>{children()}</span>
        </a>
    }
}
