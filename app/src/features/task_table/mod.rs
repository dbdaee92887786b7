//! Tasks as a table: sorted by its headers, ticked for a change of many, walked by keyboard.
//!
//! The table stands in a form that a change of many is sent by, so ticking needs no script.

mod keys;
mod row;
mod selection;

pub use keys::walk_rows;
pub use selection::{Selection, TICKED};

use super::task_query::TaskQuery;
use crate::{
    api::{task_bulk::ChangeTasks, task_list::TaskLine},
    components::{Narrow, SortHeader, SortOrder, Table},
    refused::typed_in,
    session::has_dependencies,
};
use domain::task::TaskSort;
use leptos::prelude::*;
use row::row;

/// A page of tasks.
#[component]
pub fn TaskTable(
    lines: Vec<TaskLine>,
    /// What was asked for.
    asked: TaskQuery,
    /// The address of the list.
    path: String,
    selection: Selection,
    /// Whether rows can be ticked.
    ticks: bool,
) -> impl IntoView {
    let header = move |sort: TaskSort, text: &'static str, class: &'static str| {
        let (href, order) = (asked.sorted_by(sort).address(&path), order_of(&asked, sort));
        view! { <SortHeader href order attr:class=class>{text}</SortHeader> }
    };
    let ticks_all = ticks.then(|| view! { <TickAll selection/> });
    // Drawn anew for each answer: a row that became another one would keep its tick.
    let rows = move || rows(lines.clone(), ticks);
    // Nothing of them is ticked, and the focus was on old ones.
    Effect::new(move |_| selection.begin());
    view! {
        <Table label="Tasks" narrow=Narrow::Flow>
            <thead>
                <tr>
                    {ticks_all}
                    {header(TaskSort::Number, "Key", "cell-min task-col-key")}
                    <th scope="col">"Title"</th>
                    {has_dependencies().then(|| header(TaskSort::Unblocks, "Unblocks", "cell-min task-col-fact"))}
                    <th scope="col" class="task-col-column">"Column"</th>
                    {header(TaskSort::Priority, "Priority", "cell-min task-col-fact")}
                    <th scope="col" class="task-col-fact">"Assignees"</th>
                    {header(TaskSort::Due, "Due", "cell-min task-col-fact")}
                    {header(TaskSort::Updated, "Changed", "cell-min cell-extra task-col-fact")}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </Table>
    }
}

/// Of a refused form, the rows come back ticked.
fn rows(lines: Vec<TaskLine>, ticks: bool) -> impl IntoView {
    let typed = typed_in::<ChangeTasks>().unwrap_or_default();
    let ticked = |line: &TaskLine| {
        let id = line.id.to_string();
        typed.all(TICKED).any(|ticked| ticked == id)
    };
    let rows = lines.into_iter().map(|line| {
        let tick = ticks.then(|| ticked(&line));
        row(line, tick)
    });
    rows.collect_view()
}

/// Ticks every row of the page. Only with script, which does it.
#[component]
fn TickAll(selection: Selection) -> impl IntoView {
    view! {
        <th scope="col" class="cell-check">
            <input
                class="checkbox-box"
                type="checkbox"
                autocomplete="off"
                aria-label="Select all on this page"
                hidden=move || selection.there() == 0
                prop:checked=move || selection.is_all()
                prop:indeterminate=move || selection.is_some()
                on:change=move |event| selection.tick_all(event_target_checked(&event))
            />
        </th>
    }
}

/// How the column of `sort` is ordered.
fn order_of(asked: &TaskQuery, sort: TaskSort) -> SortOrder {
    match asked.order() {
        (now, _) if now != sort => SortOrder::Unsorted,
        (_, false) => SortOrder::Ascending,
        (_, true) => SortOrder::Descending,
    }
}
