//! The filters of a task list or a board, which stand in its address. Without script the form is sent; with it, the
//! page follows each choice.

mod chips;
mod form;

use super::task_query::{OPEN, OVERDUE, TaskQuery};
use crate::{
    api::task_choices::{ColumnChoice, TaskChoices},
    components::{Button, Choice, Field, Icon, InputKind, Segment, Segmented, Select, TextInput, Toolbar},
    session::has_dependencies,
};
use chips::Chips;
use domain::{
    board::Category,
    dependency::Waiting,
    task::{Priority, TaskSort},
};
use form::Follow;
use leptos::{html, prelude::*};

/// What the filters are for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FilterKind {
    /// A list, with every filter.
    List,
    /// A board, whose columns show where a task stands.
    Board,
}

/// The filters, and below them those that are set.
#[component]
pub fn TaskFilters(
    /// What the address asks for.
    wanted: Memo<TaskQuery>,
    /// The address of the list or board.
    path: String,
    choices: TaskChoices,
    kind: FilterKind,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let follow = Follow::new(form, wanted, path.clone());
    let now = wanted.get_untracked();
    let list = kind == FilterKind::List;
    let status = list.then(|| view! { <Status columns=choices.columns.clone() value=now.status.clone()/> });
    let order = list.then(|| view! { <Order value=now.sort.clone()/> });
    let chips = view! { <Chips wanted path=path.clone() choices=choices.clone() kind/> };
    view! {
        <div class="task-filters">
            <Toolbar label="Filter tasks">
                <form
                    method="get" action=path role="search" node_ref=form
                    on:submit=move |event| follow.sent(&event)
                    on:change=move |event| follow.changed(&event)
                >
                    <TextInput
                        id="filter-q" name="q" label="Words or key" hide_label=true kind=InputKind::Search
                        placeholder="Words or key" value=now.search.clone() autocomplete="off"
                    />
                    {status}
                    <Picks choices now=now.clone()/>
                    {order}
                    <input type="hidden" name="show" value=move || wanted.with(|wanted| wanted.show.clone())/>
                    <Button kind="submit" icon=Icon::Filter>"Filter"</Button>
                </form>
            </Toolbar>
            {chips}
        </div>
    }
}

/// Where tasks stand: in any column, in a kind of column, in one of them.
#[component]
fn Status(columns: Vec<ColumnChoice>, value: String) -> impl IntoView {
    let option = move |this: String, text: String| {
        let selected = this == value;
        view! { <option value=this selected=selected>{text}</option> }
    };
    let anywhere = [("", "Any status"), (OPEN, "Open"), (OVERDUE, "Overdue")]
        .map(|(value, text)| option(value.into(), text.into()))
        .collect_view();
    let kinds = Category::ALL
        .map(|category| option(category.as_str().into(), category.label().into()))
        .collect_view();
    let columns = columns.into_iter().map(|column| option(column.id.to_string(), column.name)).collect_view();
    view! {
        <Field id="filter-status" label="Status" hide_label=true>
            <div class="select">
                <select class="input" id="filter-status" name="status">
                    {anywhere}
                    <optgroup label="Kind of column">{kinds}</optgroup>
                    <optgroup label="Column">{columns}</optgroup>
                </select>
                <Icon icon=Icon::ChevronDown/>
            </div>
        </Field>
    }
}

/// The filters that lists and boards share.
#[component]
fn Picks(choices: TaskChoices, now: TaskQuery) -> impl IntoView {
    let anyone = [("", "Anyone"), ("me", "Me"), ("nobody", "Nobody")];
    let people: Vec<_> = anyone
        .into_iter()
        .map(|(value, text)| Choice::new(value, text))
        .chain(choices.people.into_iter().map(|person| Choice::new(person.id.to_string(), person.name)))
        .collect();
    let labels: Vec<_> = std::iter::once(Choice::new("", "Any label"))
        .chain(choices.labels.into_iter().map(|label| Choice::new(label.id.to_string(), label.name)))
        .collect();
    let priorities: Vec<_> = std::iter::once(Choice::new("", "Any priority"))
        .chain(Priority::ALL.into_iter().rev().map(|it| Choice::new(it.as_str(), it.label())))
        .collect();
    let waits: Vec<_> = std::iter::once(Choice::new("", "Blocked?"))
        .chain(Waiting::ALL.into_iter().map(|it| Choice::new(it.as_str(), it.label())))
        .collect();
    let waits = has_dependencies().then(|| {
        view! { <Select id="filter-waiting" name="waiting" label="Dependencies" hide_label=true choices=waits value=now.waiting.clone()/> }
    });
    let set = [&now.label, &now.priority, &now.due, &now.waiting].into_iter().any(|value| !value.is_empty());
    view! {
        <Select id="filter-assignee" name="assignee" label="Assignee" hide_label=true choices=people value=now.assignee/>
        // Folded where there is little room, by style.
        <details class="task-filters-more" open=set>
            <summary class="button" data-variant="secondary">"More" <Icon icon=Icon::ChevronDown/></summary>
            <Select id="filter-label" name="label" label="Label" hide_label=true choices=labels value=now.label/>
            <Select id="filter-priority" name="priority" label="Priority" hide_label=true choices=priorities value=now.priority/>
            {waits}
            <TextInput id="filter-due" name="due" label="Due until" kind=InputKind::Date value=now.due/>
        </details>
    }
}

/// The order, for where the table has no headers to press: on phones, by style. Everywhere else it keeps the order.
#[component]
fn Order(value: String) -> impl IntoView {
    let known = |value: &str| ORDERS.iter().any(|(order, _)| *order == value);
    let value = if known(&value) { value } else { String::new() };
    let choices: Vec<_> = ORDERS.into_iter().map(|(value, text)| Choice::new(value, text)).collect();
    view! {
        <div class="task-filters-order">
            <Select id="filter-sort" name="sort" label="Order" hide_label=true choices value/>
        </div>
    }
}

/// Every order, as the address says it.
const ORDERS: [(&str, &str); TaskSort::ALL.len() * 2] = [
    ("", "Oldest first"),
    ("-number", "Newest first"),
    ("-updated", "Changed last first"),
    ("updated", "Changed longest ago first"),
    ("due", "Due first"),
    ("-due", "Due last first"),
    ("-priority", "Most important first"),
    ("priority", "Least important first"),
    ("-unblocks", "Unblocks most first"),
    ("unblocks", "Unblocks least first"),
];

/// In use, archived, deleted: each has a list of its own.
#[component]
pub fn Shelves(
    wanted: Memo<TaskQuery>,
    /// The address of the list.
    path: String,
    /// Who may not delete tasks is not offered the deleted ones.
    deleted: bool,
) -> impl IntoView {
    let path = StoredValue::new(path);
    let shelf = move |show: &'static str, text: &'static str| {
        let href = Signal::derive(move || {
            path.with_value(|path| wanted.with(|wanted| wanted.on_shelf(show).address(path)))
        });
        let current = Signal::derive(move || wanted.with(|wanted| wanted.show == show));
        view! { <Segment href current>{text}</Segment> }
    };
    view! {
        <Segmented label="Which tasks">
            {shelf("", "In use")}
            {shelf("archived", "Archived")}
            {deleted.then(|| shelf("deleted", "Deleted"))}
        </Segmented>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_can_be_chosen() {
        for sort in TaskSort::ALL {
            let one = TaskQuery::default().sorted_by(sort);
            for order in [one.sorted_by(sort).sort, one.sort] {
                assert!(ORDERS.iter().any(|(known, _)| *known == order), "{order}");
            }
        }
    }
}
