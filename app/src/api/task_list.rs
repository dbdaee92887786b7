//! A page of a project's task list.

use crate::{AppError, components::BlockedBy};
use domain::{
    Day, Timestamp,
    board::Category,
    ids::TaskId,
    page::Paged,
    palette::Colour,
    task::{Priority, TaskFilter},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// A task as a line of the list shows it, and no more: a page carries fifty, once as text and once as data.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskLine {
    /// Its id.
    pub id: TaskId,
    /// Its readable key.
    pub key: String,
    /// What is to be done.
    pub title: String,
    /// Its column's name.
    pub column: String,
    /// What that column means.
    pub category: Category,
    /// How much it matters.
    pub priority: Priority,
    /// Who does it, by name.
    pub assignees: Vec<String>,
    /// Its labels.
    pub labels: Vec<(String, Colour)>,
    /// When it is due.
    pub due_on: Option<Day>,
    /// Its sub-tasks: those that are done, and all.
    pub children: (i64, i64),
    /// How many comments it has.
    pub comments: i64,
    /// What it waits for, where it is blocked.
    pub blocked: Option<BlockedBy>,
    /// How many open tasks wait for it.
    pub waiting: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// A page of a list. The filter comes as JSON: it has lists and options that a form's text cannot carry. `overdue`
/// narrows it to open tasks whose day has passed (in UTC).
#[server(name = ListTasks, prefix = "/fn", endpoint = "task/list", input = server_fn::codec::Json)]
pub async fn list_tasks(
    filter: TaskFilter,
    overdue: bool,
    cursor: Option<String>,
) -> Result<Paged<TaskLine>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let mut filter = filter;
    if overdue {
        let yesterday = services.now().day().0.previous_day().map(Day);
        filter.categories = vec![Category::Todo, Category::Doing];
        filter.due_until = filter.due_until.into_iter().chain(yesterday).min();
    }
    let page = domain::page::Page::new(None, cursor);
    Ok(services::tasks::list(&services, &actor, filter, page).await?.map(line::of))
}

#[cfg(feature = "ssr")]
mod line {
    use super::TaskLine;
    use crate::components::BlockedBy;
    use domain::task::TaskSummary;

    pub fn of(task: TaskSummary) -> TaskLine {
        TaskLine {
            blocked: BlockedBy::of(&task),
            id: task.id,
            key: task.key,
            title: task.title,
            column: task.column_name,
            category: task.category,
            priority: task.priority,
            assignees: task.assignees.into_iter().map(|person| person.display_name).collect(),
            labels: task.labels.into_iter().map(|label| (label.name, label.colour)).collect(),
            due_on: task.due_on,
            children: (task.child_done_count, task.child_count),
            comments: task.comment_count,
            waiting: if task.category == domain::board::Category::Done { 0 } else { task.waiting_count },
            updated_at: task.updated_at,
        }
    }
}
