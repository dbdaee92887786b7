//! A task as a form sends it: every field as text, the same for a new task and for changing one.

#[cfg(feature = "ssr")]
mod reading;

use crate::{AppError, features::query::Query, refused::Typed};
use domain::{
    ids::{LabelId, ProjectId, UserId},
    task::Task,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
pub use reading::{new_task, parent_of};

/// What the controls of `features::task_fields` send under `task[…]`, and what they start with.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct TaskForm {
    /// What is to be done.
    pub title: String,
    /// In Markdown.
    pub description: String,
    /// The id of a column; blank: the first one, or the one that it is in.
    pub column_id: String,
    /// The name of a priority.
    pub priority: String,
    /// Who does it.
    pub assignees: Vec<UserId>,
    /// Whether the form had boxes for assignees: with none ticked, it sends nothing else for them.
    pub with_assignees: bool,
    /// Its labels.
    pub labels: Vec<LabelId>,
    /// As [`Self::with_assignees`].
    pub with_labels: bool,
    /// `2026-01-17`, or blank.
    pub start_on: String,
    /// `2026-01-17`, or blank.
    pub due_on: String,
    /// As `domain::estimate` reads it.
    pub estimate: String,
    /// The key of the task that it is part of, or blank.
    pub parent: String,
}

impl TaskForm {
    /// What the address of a form asks it to start with: `?column=…&parent=WEB-3`.
    pub fn read(query: &Query) -> Self {
        let of = |name: &str| query.get(name).unwrap_or_default();
        Self { title: of("title"), column_id: of("column"), parent: of("parent"), ..Self::default() }
    }

    /// What was typed into a form that is shown again.
    pub fn typed(typed: &Typed) -> Self {
        let of = |field: &str| typed.get(&format!("task[{field}]")).unwrap_or_default().to_owned();
        let assignees = typed.all("task[assignees][]").filter_map(|id| id.parse().ok()).collect();
        let labels = typed.all("task[labels][]").filter_map(|id| id.parse().ok()).collect();
        Self {
            title: of("title"),
            description: of("description"),
            column_id: of("column_id"),
            priority: of("priority"),
            assignees,
            with_assignees: !of("with_assignees").is_empty(),
            labels,
            with_labels: !of("with_labels").is_empty(),
            start_on: of("start_on"),
            due_on: of("due_on"),
            estimate: of("estimate"),
            parent: of("parent"),
        }
    }
}

/// Makes a task and goes there.
#[server(name = CreateTask, prefix = "/fn", endpoint = "task/create")]
pub async fn create_task(project_id: ProjectId, #[server(default)] task: TaskForm) -> Result<Task, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = new_task(&services, &actor, project_id, &task).await?;
    let made = services::tasks::create(&services, &actor, project_id, new).await?;
    leptos_axum::redirect(&crate::paths::task(&made.summary.key));
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_form_is_read_as_browsers_and_as_the_page_send_it() {
        let ids = [Uuid::from_u128(1), Uuid::from_u128(2)];
        let plain = format!(
            "project_id={0}&task%5Btitle%5D=One&task%5Bassignees%5D%5B%5D={0}&task%5Bassignees%5D%5B%5D={1}\
             &task%5Bwith_assignees%5D=true&task%5Bdue_on%5D=",
            ids[0], ids[1]
        );
        let read: CreateTask = serde_qs::Config::new(5, false).deserialize_str(&plain).expect("a form");
        assert_eq!(read.task.title, "One");
        assert_eq!(read.task.assignees, ids.map(UserId));
        assert!(read.task.with_assignees && !read.task.with_labels);
        let sent = serde_qs::to_string(&read).expect("text");
        let again: CreateTask = serde_qs::Config::new(5, false).deserialize_str(&sent).expect("a form");
        assert_eq!(again.task, read.task);
    }
}
