//! A task as one line of a list.

use super::{
    blocked_badge::{BlockedBadge, BlockedBy},
    status_badge::CategoryIcon,
};
use domain::board::Category;
use leptos::prelude::*;

/// A task's state, key and title; the children are what stands at the end: priority, due day, people.
#[component]
pub fn TaskRow(
    #[prop(into)] key: String,
    #[prop(into)] title: String,
    #[prop(into)] href: String,
    category: Category,
    /// A blocked task says by what.
    #[prop(optional_no_strip)]
    blocked: Option<BlockedBy>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="task-row" data-category=category.as_str()>
            <CategoryIcon category/>
            <span class="task-key">{key}</span>
            <a class="task-row-title" href=href>{title}</a>
            {blocked.map(|by| view! { <BlockedBadge by/> })}
            <span class="task-row-meta">{children.map(|children| children())}</span>
        </li>
    }
}

/// A list of [`TaskRow`]s.
#[component]
pub fn TaskRows(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ul class="task-rows" aria-label=label>{children()}</ul> }
}
