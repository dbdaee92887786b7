//! The shape of what is coming, while it loads. Same heights as the real thing, so nothing jumps.

use leptos::prelude::*;

/// Lines of text.
#[component]
pub fn SkeletonLines(#[prop(default = 3)] count: usize) -> impl IntoView {
    view! {
        <div class="skeleton" aria-hidden="true">
            {(0..count).map(|_| view! { <span class="skeleton-line"></span> }).collect_view()}
        </div>
    }
}

/// Rows of a list or table.
#[component]
pub fn SkeletonRows(#[prop(default = 6)] count: usize) -> impl IntoView {
    let rows = (0..count)
        .map(|_| {
            view! {
                <div class="skeleton-row">
                    <span class="skeleton-dot"></span>
                    <span class="skeleton-line"></span>
                    <span class="skeleton-line"></span>
                </div>
            }
        })
        .collect_view();
    view! { <div class="skeleton" aria-hidden="true">{rows}</div> }
}

/// Cards of a board column or a grid.
#[component]
pub fn SkeletonCards(#[prop(default = 3)] count: usize) -> impl IntoView {
    let cards = (0..count)
        .map(|_| {
            view! {
                <div class="skeleton-card">
                    <span class="skeleton-line"></span>
                    <span class="skeleton-line"></span>
                </div>
            }
        })
        .collect_view();
    view! { <div class="skeleton" aria-hidden="true">{cards}</div> }
}
