//! The top of a page: where it is, its name, what can be done, its tabs.

use super::breadcrumb::{Breadcrumb, Crumb};
use leptos::prelude::*;

/// The children are the tabs, under the title.
#[component]
pub fn PageHeader(
    #[prop(into)] title: Signal<String>,
    #[prop(optional)] crumbs: Vec<Crumb>,
    /// Stands before the title: a colour dot, an avatar.
    #[prop(optional, into)]
    lead: ViewFnOnce,
    /// Stands after the title: a status badge.
    #[prop(optional, into)]
    meta: ViewFnOnce,
    /// One line about the page.
    #[prop(optional, into)]
    text: MaybeProp<String>,
    /// Buttons at the end.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            {(!crumbs.is_empty()).then(|| view! { <Breadcrumb crumbs/> })}
            <div class="page-header-row">
                <div class="page-header-title">
                    {lead.run()}
                    <h1>{move || title.get()}</h1>
                    {meta.run()}
                </div>
                <div class="page-header-actions">{actions.run()}</div>
            </div>
            {move || text.get().map(|text| view! { <p class="page-header-text">{text}</p> })}
            {children.map(|children| children())}
        </header>
    }
}
