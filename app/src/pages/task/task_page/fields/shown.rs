//! Properties as text.

use super::value::current;
use crate::{
    api::task_page::TaskField,
    components::{ColumnBadge, DueDate, LabelChip, Nothing, Person, PriorityBadge},
    features::{open_task::OpenTask, query::address},
    paths,
};
use domain::{Day, board::Category};
use leptos::prelude::*;

/// The value of a field; follows the task.
#[component]
pub fn Shown(task: OpenTask, field: TaskField) -> impl IntoView {
    let done = Signal::derive(move || task.of(|it| it.category == Category::Done));
    let day = move |day: Option<Day>, done: Signal<bool>| match day {
        Some(day) => view! { <DueDate day done/> }.into_any(),
        None => nothing("Not set"),
    };
    move || match field {
        TaskField::Column => {
            let (name, category) = task.of(|it| (it.column_name.clone(), it.category));
            view! { <ColumnBadge name category/> }.into_any()
        }
        TaskField::Priority => view! { <PriorityBadge priority=task.of(|it| it.priority)/> }.into_any(),
        TaskField::Assignees => view! { <People task/> }.into_any(),
        TaskField::Labels => view! { <Labels task/> }.into_any(),
        TaskField::StartOn => day(task.of(|it| it.start_on), true.into()),
        TaskField::DueOn => day(task.of(|it| it.due_on), done),
        TaskField::Estimate => match current(field, task) {
            none if none.is_empty() => nothing("Not set"),
            estimate => view! { <span>{estimate}</span> }.into_any(),
        },
        TaskField::Parent => view! { <Parent task/> }.into_any(),
    }
}

fn nothing(text: &'static str) -> AnyView {
    view! { <Nothing text/> }.into_any()
}

/// Who does it.
#[component]
pub fn People(task: OpenTask) -> impl IntoView {
    let people = Memo::new(move |_| task.of(|it| it.assignees.clone()));
    move || {
        let people = people.get();
        if people.is_empty() {
            return nothing("Nobody");
        }
        let people = people.into_iter().map(|person| view! { <li><Person name=person.display_name/></li> });
        view! { <ul class="task-people">{people.collect_view()}</ul> }.into_any()
    }
}

/// Its labels, each leading to the tasks that have it.
#[component]
pub fn Labels(task: OpenTask) -> impl IntoView {
    let labels = Memo::new(move |_| task.of(|it| it.labels.clone()));
    let list = paths::tasks(&task.project().key);
    move || {
        let labels = labels.get();
        if labels.is_empty() {
            return nothing("None");
        }
        let chips = labels.into_iter().map(|label| {
            let href = address(&list, &[("label", &label.id.to_string())]);
            view! { <LabelChip name=label.name colour=label.colour href/> }
        });
        view! { <span class="task-labels">{chips.collect_view()}</span> }.into_any()
    }
}

/// The task that it is part of.
#[component]
pub fn Parent(task: OpenTask) -> impl IntoView {
    let parent = Memo::new(move |_| task.with(|view| view.ancestors.last().cloned()));
    move || match parent.get() {
        Some(parent) => {
            view! { <a href=paths::task(&parent.key)>{format!("{} {}", parent.key, parent.title)}</a> }
                .into_any()
        }
        None => nothing("Nothing"),
    }
}
