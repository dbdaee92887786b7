//! A task as a row.

use super::selection::TICKED;
use crate::{
    api::task_list::TaskLine,
    components::{
        AvatarSize, AvatarStack, BlockedBadge, ColumnBadge, DueDate, Icon, LabelChip, PriorityBadge,
        RelativeTime,
    },
    paths,
    session::has_dependencies,
};
use domain::{board::Category, palette::Colour, task::Priority};
use leptos::prelude::*;

/// The row, with a box, ticked or not, if it can be ticked. Nothing of it changes while it stands.
pub fn row(line: TaskLine, ticked: Option<bool>) -> impl IntoView {
    let done = line.category == Category::Done;
    let id = line.id.to_string();
    let tick = ticked.map(|ticked| {
        let label = format!("Select {}", line.key);
        view! {
            <td class="cell-check">
                <input
                    class="checkbox-box" type="checkbox" name=TICKED value=id.clone() checked=ticked
                    autocomplete="off" aria-label=label
                />
            </td>
        }
    });
    let priority =
        (line.priority != Priority::None).then(|| view! { <PriorityBadge priority=line.priority/> });
    let faces = (!line.assignees.is_empty())
        .then(|| view! { <AvatarStack names=line.assignees size=AvatarSize::Small/> });
    view! {
        <tr class="task-line" data-task=id data-done=done.then_some("true")>
            {tick}
            <td class="cell-min"><span class="task-key">{line.key.clone()}</span></td>
            <td class="cell-main">
                <div class="task-cell">
                    <a class="task-link" href=paths::task(&line.key)>{line.title}</a>
                    {labels(line.labels)}
                    {facts(line.children, line.comments)}
                    {line.blocked.map(|by| view! { <BlockedBadge by/> })}
                </div>
            </td>
            {has_dependencies().then(|| view! { <td class="cell-min">{unblocks(line.waiting)}</td> })}
            <td class="cell-min"><ColumnBadge name=line.column category=line.category/></td>
            <td class="cell-min">{priority}</td>
            <td class="cell-min">{faces}</td>
            <td class="cell-min">{line.due_on.map(|day| view! { <DueDate day done/> })}</td>
            <td class="cell-min cell-extra muted"><RelativeTime at=line.updated_at/></td>
        </tr>
    }
}

fn labels(labels: Vec<(String, Colour)>) -> impl IntoView {
    labels.into_iter().map(|(name, colour)| view! { <LabelChip name colour/> }).collect_view()
}

/// What hangs below the task, and what is said about it.
fn facts((done, all): (i64, i64), comments: i64) -> impl IntoView {
    let fact = |icon: Icon, numbers: String, words: String| {
        let title = words.clone();
        view! {
            <span class="task-fact" title=title>
                <Icon icon/>
                <span aria-hidden="true">{numbers}</span>
                <span class="visually-hidden">{words}</span>
            </span>
        }
    };
    let children = (all > 0)
        .then(|| fact(Icon::Subtask, format!("{done}/{all}"), format!("{done} of {all} sub-tasks done")));
    let comments = (comments > 0).then(|| {
        let words = if comments == 1 { "1 comment".to_owned() } else { format!("{comments} comments") };
        fact(Icon::Comment, comments.to_string(), words)
    });
    view! { {children} {comments} }
}

/// How many open tasks wait for it; nothing where none does.
fn unblocks(waiting: i64) -> Option<impl IntoView> {
    let words =
        if waiting == 1 { "1 task waits for it".to_owned() } else { format!("{waiting} tasks wait for it") };
    (waiting > 0).then(|| {
        let title = words.clone();
        view! {
            <span class="task-fact" title=title>
                <Icon icon=Icon::Graph/>
                <span aria-hidden="true">{waiting}</span>
                <span class="visually-hidden">{words}</span>
            </span>
        }
    })
}
