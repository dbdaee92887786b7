//! What stands where nothing is yet: says what will be here and how to begin.

use super::icon::Icon;
use leptos::prelude::*;

/// An empty list. The children are the actions.
#[component]
pub fn EmptyState(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    /// Whether it is all that the page has, so that its title is the page's.
    #[prop(optional)]
    whole_page: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let title = if whole_page {
        view! { <h1 class="empty-state-title">{title}</h1> }.into_any()
    } else {
        view! { <p class="empty-state-title">{title}</p> }.into_any()
    };
    view! {
        <div class="empty-state">
            <span class="empty-state-icon"><Icon icon/></span>
            {title}
            <p class="empty-state-text">{text}</p>
            {children.map(|children| view! { <div class="empty-state-actions">{children()}</div> })}
        </div>
    }
}
