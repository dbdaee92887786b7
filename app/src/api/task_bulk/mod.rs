//! Changing many tasks at once, from the form around a list.

#[cfg(feature = "ssr")]
mod reading;

use crate::AppError;
use domain::{
    ids::{ProjectId, TaskId},
    task::Lifecycle,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What the form sends under `change[…]`: the ticked tasks, and what to do to them. Blank fields leave things alone.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct BulkForm {
    /// The ticked tasks.
    pub tasks: Vec<TaskId>,
    /// The id of a column to move them to.
    pub column_id: String,
    /// The name of a priority.
    pub priority: String,
    /// The id of a person to assign.
    pub assign: String,
    /// The id of a person to take off.
    pub unassign: String,
    /// The id of a label to put on.
    pub add_label: String,
    /// The id of a label to take off.
    pub remove_label: String,
    /// A new due date.
    pub due_on: String,
    /// No due date any more.
    pub clear_due: bool,
    /// The button: blank to change the fields above, else a lifecycle to bring the tasks to, and nothing else.
    pub to: String,
}

/// What became of the tasks.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BulkDone {
    /// The tasks that were ticked.
    pub tasks: Vec<TaskId>,
    /// The lifecycle that they were brought to, if that was asked for.
    pub to: Option<Lifecycle>,
    /// How many changed.
    pub changed: i64,
    /// How many were as asked for already.
    pub unchanged: i64,
}

/// Changes the ticked tasks, all or none.
#[server(name = ChangeTasks, prefix = "/fn", endpoint = "task/change-many")]
pub async fn change_tasks(
    project_id: ProjectId,
    #[server(default)] change: BulkForm,
) -> Result<BulkDone, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let edit = change.edit()?;
    let (tasks, to) = (change.tasks, edit.lifecycle);
    let done = services::tasks::bulk(&services, &actor, project_id, edit).await?;
    Ok(BulkDone { tasks, to, changed: done.changed, unchanged: done.unchanged })
}
