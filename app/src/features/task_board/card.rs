//! A card.

use super::state::BoardState;
use crate::{
    components::{
        AvatarStack, BlockedBadge, BlockedBy, DueDate, Icon, LabelChip, PriorityBadge, VisuallyHidden,
    },
    paths,
};
use domain::{
    board::Category,
    task::{Priority, TaskSummary},
};
use leptos::prelude::*;

/// A task on the board. What it shows never changes while it stands: a changed task is drawn anew.
#[component]
pub fn Card(state: BoardState, task: TaskSummary, draggable: bool) -> impl IntoView {
    let id = task.id;
    let done = task.category == Category::Done;
    let (is_blocked, blocked) = (task.is_blocked(), BlockedBy::of(&task));
    let labels = (!task.labels.is_empty()).then(|| {
        let chips = task
            .labels
            .iter()
            .map(|label| view! { <LabelChip name=label.name.clone() colour=label.colour /> })
            .collect_view();
        view! { <div class="card-labels">{chips}</div> }
    });
    let move_link = draggable.then(|| {
        let href = state.with_move(&task.key);
        let label = format!("Move {} to…", task.key);
        view! {
            <a class="button" data-variant="quiet" data-size="small" href=href aria-label=label>
                <Icon icon=Icon::More />
            </a>
        }
    });
    let held = move || state.is_held(id).then_some("true");
    view! {
        <li
            class="card"
            data-task=id.to_string()
            data-done=done.then_some("true")
            data-blocked=is_blocked.then_some("true")
            data-draggable=draggable.then_some("true")
            data-grabbed=held
        >
            <div class="card-top">
                <span class="task-key">{task.key.clone()}</span>
                <span class="toolbar-gap"></span>
                {move_link}
            </div>
            <a
                class="card-title"
                href=paths::task(&task.key)
                draggable="false"
                aria-describedby=draggable.then_some("board-keys")
            >
                {task.title.clone()}
            </a>
            {labels}
            {blocked.map(|by| view! { <BlockedBadge by /> })}
            <CardFacts task done />
        </li>
    }
}

#[component]
fn CardFacts(task: TaskSummary, done: bool) -> impl IntoView {
    let priority = (task.priority != Priority::None)
        .then(|| view! { <PriorityBadge priority=task.priority compact=true /> });
    let due = task.due_on.map(|day| view! { <DueDate day done /> });
    let children = (task.child_count > 0).then(|| {
        let words = format!("{} of {} sub-tasks done", task.child_done_count, task.child_count);
        let numbers = format!("{}/{}", task.child_done_count, task.child_count);
        view! { <CardFact icon=Icon::Subtask words numbers /> }
    });
    let comments = (task.comment_count > 0).then(|| {
        let words = format!("{} comments", task.comment_count);
        view! { <CardFact icon=Icon::Comment words numbers=task.comment_count.to_string() /> }
    });
    let waiting = (task.waiting_count > 0 && !done).then(|| {
        let words = match task.waiting_count {
            1 => "1 task waits for it".to_owned(),
            many => format!("{many} tasks wait for it"),
        };
        view! { <CardFact icon=Icon::Graph words numbers=task.waiting_count.to_string() /> }
    });
    let people: Vec<String> = task.assignees.iter().map(|user| user.display_name.clone()).collect();
    let faces = (!people.is_empty()).then(|| view! { <AvatarStack names=people /> });
    let empty = priority.is_none()
        && due.is_none()
        && children.is_none()
        && comments.is_none()
        && waiting.is_none()
        && faces.is_none();
    (!empty).then(|| {
        view! {
            <div class="card-meta">
                {priority} {due} {children} {comments} {waiting} <span class="toolbar-gap"></span> {faces}
            </div>
        }
    })
}

/// Numbers for the eye, and in words for readers and the pointer.
#[component]
fn CardFact(icon: Icon, words: String, numbers: String) -> impl IntoView {
    let title = words.clone();
    view! {
        <span class="card-fact" title=title>
            <Icon icon />
            <span aria-hidden="true">{numbers}</span>
            <VisuallyHidden>{words}</VisuallyHidden>
        </span>
    }
}
