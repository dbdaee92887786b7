//! A table that scrolls in its own frame, with a header that stays.

use super::icon::Icon;
use leptos::prelude::*;

/// What becomes of the rows where there is little room.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Narrow {
    /// They stay rows, and the table scrolls sideways.
    #[default]
    Scroll,
    /// Each becomes a card with a line for each cell; `data-label` on a `<td>` is its column's name there.
    Lines,
    /// Each becomes a card, its cells follow each other below the title: for values that speak for themselves.
    Flow,
}

/// The frame. The children are `<thead>` and `<tbody>`, always both.
#[component]
pub fn Table(
    /// What the table lists, for readers.
    #[prop(into)]
    label: String,
    #[prop(optional)] narrow: Narrow,
    children: Children,
) -> impl IntoView {
    let stack = match narrow {
        Narrow::Scroll => None,
        Narrow::Lines => Some("lines"),
        Narrow::Flow => Some("flow"),
    };
    view! {
        // Reachable by keyboard, because it scrolls.
        <div class="table-frame" role="region" aria-label=label tabindex="0">
            <table class="table" data-stack=stack>
                {children()}
            </table>
        </div>
    }
}

/// Which way a column is sorted.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum SortOrder {
    #[default]
    Unsorted,
    Ascending,
    Descending,
}

/// A column's header that sorts by it: a link, because the order stands in the URL.
#[component]
pub fn SortHeader(
    /// Where a click leads: the other order of this column.
    #[prop(into)]
    href: Signal<String>,
    #[prop(into)] order: Signal<SortOrder>,
    children: Children,
) -> impl IntoView {
    let aria = move || match order.get() {
        SortOrder::Unsorted => None,
        SortOrder::Ascending => Some("ascending"),
        SortOrder::Descending => Some("descending"),
    };
    let icon = move || {
        let icon = match order.get() {
            SortOrder::Unsorted => Icon::Sort,
            SortOrder::Ascending => Icon::ArrowUp,
            SortOrder::Descending => Icon::ArrowDown,
        };
        view! { <Icon icon/> }
    };
    view! {
        <th scope="col" aria-sort=aria>
            <a class="table-sort" href=move || href.get()>
                {children()}
                {icon}
            </a>
        </th>
    }
}
