//! From page to page of a long list. Links, because the place stands in the URL.

use super::icon::Icon;
use leptos::prelude::*;

/// What there is (a summary) and where to go. A missing link is shown as not available.
#[component]
pub fn Pagination(
    /// "1–50 of 312 tasks".
    #[prop(into)]
    summary: Signal<String>,
    /// Back to the start; absent on the first page.
    #[prop(optional, into)]
    first: MaybeProp<String>,
    #[prop(optional, into)] previous: MaybeProp<String>,
    #[prop(optional, into)] next: MaybeProp<String>,
    /// Lists that only go forward have no "Previous".
    #[prop(optional)]
    forward_only: bool,
) -> impl IntoView {
    let back = (!forward_only).then(|| {
        view! {
            <PageLink href=previous rel="prev" icon=Icon::ChevronLeft>"Previous"</PageLink>
        }
    });
    view! {
        <nav class="pagination" aria-label="Pages">
            <p class="pagination-summary">{move || summary.get()}</p>
            <div class="pagination-links">
                <PageLink href=first rel="first" icon=Icon::ArrowLeft>"First"</PageLink>
                {back}
                <PageLink href=next rel="next" icon=Icon::ChevronRight>"Next"</PageLink>
            </div>
        </nav>
    }
}

#[component]
fn PageLink(href: MaybeProp<String>, rel: &'static str, icon: Icon, children: Children) -> impl IntoView {
    // A link without `href` is the native way to say "not now"; readers need to hear that it is a link all the same.
    view! {
        <a
            class="button"
            data-variant="secondary"
            data-size="small"
            data-rel=rel
            rel=rel
            href=move || href.get()
            role=move || href.get().is_none().then_some("link")
            aria-disabled=move || href.get().is_none().then_some("true")
        >
            <Icon icon/>
            <span>{children()}</span>
        </a>
    }
}
