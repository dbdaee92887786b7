//! A framed part of a page with its own heading.

use leptos::prelude::*;

/// A panel. `flush` lets a list or table reach its edges.
#[component]
pub fn Panel(
    /// Names the heading, so `{id}-title` must be unique in the page.
    #[prop(into)]
    id: String,
    #[prop(into)] title: String,
    #[prop(optional)] flush: bool,
    /// Buttons and links beside the title.
    #[prop(optional, into)]
    actions: ViewFnOnce,
    children: Children,
) -> impl IntoView {
    let title_id = format!("{id}-title");
    let labelled_by = title_id.clone();
    view! {
        <section class="panel" id=id aria-labelledby=labelled_by data-flush=flush.then_some("true")>
            <header class="panel-head">
                <h2 class="panel-title" id=title_id>{title}</h2>
                <div class="panel-actions">{actions.run()}</div>
            </header>
            <div class="panel-body">{children()}</div>
        </section>
    }
}
