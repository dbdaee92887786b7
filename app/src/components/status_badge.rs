//! Where a project or a task stands.

use super::icon::Icon;
use domain::{board::Category, project::ProjectStatus};
use leptos::prelude::*;

/// A project's status; `archived` comes first, because it is the stronger news.
#[component]
pub fn StatusBadge(
    #[prop(into)] status: Signal<ProjectStatus>,
    #[prop(optional, into)] archived: Signal<bool>,
) -> impl IntoView {
    let key = move || {
        if archived.get() { "archived" } else { status.get().as_str() }
    };
    let word = move || {
        if archived.get() { "Archived" } else { status.get().label() }
    };
    view! { <span class="status" data-status=key>{word}</span> }
}

/// The shape of a category: empty, half, ticked.
#[component]
pub fn CategoryIcon(#[prop(into)] category: Signal<Category>) -> impl IntoView {
    let icon = move || {
        let icon = match category.get() {
            Category::Todo => Icon::Todo,
            Category::Doing => Icon::Doing,
            Category::Done => Icon::Done,
        };
        view! { <Icon icon/> }
    };
    view! {
        <span
            class="category-icon"
            data-category=move || category.get().as_str()
            role="img"
            aria-label=move || category.get().label()
            title=move || category.get().label()
        >
            {icon}
        </span>
    }
}

/// A board column's name with the shape of its category.
#[component]
pub fn ColumnBadge(
    #[prop(into)] name: Signal<String>,
    #[prop(into)] category: Signal<Category>,
) -> impl IntoView {
    view! {
        <span class="column-badge">
            <CategoryIcon category/>
            <span>{move || name.get()}</span>
        </span>
    }
}
