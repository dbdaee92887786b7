//! A column of the board.

use super::{
    card::Card,
    state::{BoardState, ColumnState},
};
use crate::{
    api::task::AddTask,
    components::{Button, ButtonVariant, ColumnBadge, Icon, use_toaster},
    features::{
        by_script::empty_sent,
        form_outcome::{FormOutcome, on_success},
    },
    paths,
};
use domain::{ids::TaskId, limits, permission::Permission, task::TaskSummary};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// A column with its cards, a way to add one, and the way to those that are not shown.
#[component]
pub fn BoardColumnView(state: BoardState, column: ColumnState, project_key: String) -> impl IntoView {
    let (id, name, category) =
        column.column.with_value(|column| (column.id, column.name.clone(), column.category));
    let heading = format!("column-{id}");
    let labelled_by = heading.clone();
    let draggable = state.may(Permission::TaskMove);
    let rest = move || column.count.get() - i64::try_from(column.cards.with(Vec::len)).unwrap_or(0);
    let list = format!("{}?column={id}", paths::tasks(&project_key));
    let more = move || {
        let list = list.clone();
        (rest() > 0).then(|| {
            view! { <p class="board-empty"><a href=list>{format!("{} more in the list", rest())}</a></p> }
        })
    };
    view! {
        <section class="board-column" aria-labelledby=labelled_by data-column=id.to_string()>
            <header class="board-column-head">
                <h2 class="board-column-title" id=heading><ColumnBadge name category /></h2>
                <span class="count">{move || column.count.get()}</span>
            </header>
            <ol class="board-cards">
                <For
                    each=move || column.cards.get()
                    key=drawn
                    children=move |task| view! { <Card state task draggable /> }
                />
            </ol>
            {more}
            {state.may(Permission::TaskCreate).then(|| view! { <NewCard state column /> })}
        </section>
    }
}

/// What a card shows, in a number: its comments, sub-tasks and blockers change without its version.
fn drawn(card: &TaskSummary) -> (TaskId, u64) {
    let mut shown = DefaultHasher::new();
    card.hash(&mut shown);
    (card.id, shown.finish())
}

/// One field: type a title, press Enter, go on with the next.
#[component]
fn NewCard(state: BoardState, column: ColumnState) -> impl IntoView {
    let action = ServerAction::<AddTask>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    let field = NodeRef::<html::Input>::new();
    on_success(action, move |task| {
        empty_sent(field, &task.summary.title);
        state.add(task);
    });
    Effect::new(move |_| {
        if let Some(message) = outcome.message().get() {
            toaster.error(message);
        }
    });
    let (id, name) = column.column.with_value(|column| (column.id, column.name.clone()));
    view! {
        <ActionForm action attr:class="board-new">
            <input type="hidden" name="project_id" value=state.project_id().to_string() />
            <input type="hidden" name="column_id" value=id.to_string() />
            <input
                class="input"
                name="title"
                required
                maxlength=limits::TITLE.to_string()
                placeholder="Add a task"
                aria-label=format!("Add a task to {name}")
                autocomplete="off"
                node_ref=field
                // There is no button that could be busy: the same line is not sent twice.
                on:keydown=move |event| {
                    if event.key() == "Enter" && outcome.busy.get_untracked() {
                        event.prevent_default();
                    }
                }
            />
            <noscript>
                <Button variant=ButtonVariant::Quiet icon=Icon::Plus kind="submit">"Add"</Button>
            </noscript>
        </ActionForm>
    }
}
