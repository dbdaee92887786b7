//! What stands where nothing is yet: says what will be here and how to begin.

use super::icon::Icon;
use leptos::prelude::*;

/// An empty list. The children are the actions.
#[component]
pub fn EmptyState(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <span class="empty-state-icon"><Icon icon/></span>
            <p class="empty-state-title">{title}</p>
            <p class="empty-state-text">{text}</p>
            {children.map(|children| view! { <div class="empty-state-actions">{children()}</div> })}
        </div>
    }
}
