//! Why something was refused because of dependencies, with the tasks that are in the way as links.

use crate::{AppError, components::Icon, paths};
use domain::{
    Error,
    dependency::{BlockedTask, CycleTask, NamedTask, Step},
};
use leptos::prelude::*;

/// The loop, or the open blockers; nothing for other refusals, whose words say it all.
#[component]
pub fn RefusalDetails(#[prop(into)] error: Signal<Option<AppError>>) -> impl IntoView {
    move || match error.get() {
        Some(AppError::Service(Error::Cycle { path })) => Some(cycle(path).into_any()),
        Some(AppError::Service(Error::Blocked { tasks })) => Some(blocked(tasks).into_any()),
        _ => None,
    }
}

/// Each task of the loop with the step to the next; the one that was refused is marked.
fn cycle(path: Vec<CycleTask>) -> impl IntoView {
    let first = path.first().map(|task| (task.key.clone(), task.title.clone()));
    let steps = path
        .into_iter()
        .map(|task| {
            let word = match task.step {
                Step::Blocks => "blocks",
                Step::PartOf => "is part of",
            };
            let mark = task.refused.then(|| {
                view! { <strong class="cycle-refused">"this is what you asked for"</strong> }
            });
            view! {
                <li data-refused=task.refused.then_some("true")>
                    {name(&task.key, task.title)} " " <span class="muted">{word}</span> " " {mark}
                </li>
            }
        })
        .collect_view();
    view! {
        <ol class="cycle" aria-label="The loop that it would make">
            {steps}
            {first.map(|(key, title)| view! { <li>{name(&key, title)}</li> })}
        </ol>
    }
}

fn blocked(tasks: Vec<BlockedTask>) -> impl IntoView {
    let row = |NamedTask { key, title, .. }: NamedTask| view! { <li>{name(&key, title)}</li> };
    tasks
        .into_iter()
        .map(|task| {
            view! {
                <p class="muted">"What " {task.task.key} " waits for:"</p>
                <ul class="cycle">{task.blockers.into_iter().map(row).collect_view()}</ul>
            }
        })
        .collect_view()
}

fn name(key: &str, title: Option<String>) -> AnyView {
    match title {
        Some(title) => view! { <a href=paths::task(key)>{key.to_owned()} " " {title}</a> }.into_any(),
        None => {
            view! { <span><Icon icon=Icon::Lock/> {key.to_owned()} " (a task that you may not see)"</span> }
                .into_any()
        }
    }
}
