//! A task as one line of a list.

use super::status_badge::CategoryIcon;
use domain::board::Category;
use leptos::prelude::*;

/// A task's state, key and title; the children are what stands at the end: priority, due day, people.
#[component]
pub fn TaskRow(
    #[prop(into)] key: String,
    #[prop(into)] title: String,
    #[prop(into)] href: String,
    category: Category,
    /// A blocked task says so.
    #[prop(optional)]
    blocked: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <li class="task-row" data-category=category.as_str()>
            <CategoryIcon category/>
            <span class="task-key">{key}</span>
            <a class="task-row-title" href=href>{title}</a>
            {blocked.then(|| view! { <span class="badge" data-tone="danger">"Blocked"</span> })}
            <span class="task-row-meta">{children.map(|children| children())}</span>
        </li>
    }
}

/// A list of [`TaskRow`]s.
#[component]
pub fn TaskRows(#[prop(into)] label: String, children: Children) -> impl IntoView {
    view! { <ul class="task-rows" aria-label=label>{children()}</ul> }
}
