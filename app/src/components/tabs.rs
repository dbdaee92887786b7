//! Parts of a thing as links: each has its address, and the browser's back button works.

use super::icon::Icon;
use leptos::prelude::*;
use leptos_router::components::A;

/// A row of [`TabLink`]s.
#[component]
pub fn Tabs(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{children()}</nav> }
}

/// A tab. It is current when the page's path is exactly its `href`, or below it with `exact=false`.
#[component]
pub fn TabLink(
    #[prop(into)] href: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(default = true)] exact: bool,
    #[prop(optional, into)] count: MaybeProp<i64>,
    children: Children,
) -> impl IntoView {
    view! {
        <A href exact attr:class="tab">
            {icon.map(|icon| view! { <Icon icon/> })}
            <span>{children()}</span>
            {move || count.get().map(|count| view! { <span class="count">{count}</span> })}
        </A>
    }
}
