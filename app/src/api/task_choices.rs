//! What the fields of a task offer: the project's columns, labels and people, and tasks to be part of.

use crate::AppError;
use domain::{
    board::Category,
    ids::{ColumnId, LabelId, ProjectId, UserId},
    palette::Colour,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Everything to choose from, only as much of it as is shown: it comes along with every page that filters or edits.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskChoices {
    /// The columns from left to right.
    pub columns: Vec<ColumnChoice>,
    /// The labels by name.
    pub labels: Vec<LabelChoice>,
    /// Who can be given work, by name.
    pub people: Vec<PersonChoice>,
}

/// A column.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ColumnChoice {
    /// Its id.
    pub id: ColumnId,
    /// Its name.
    pub name: String,
    /// What it means.
    pub category: Category,
}

/// A label.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LabelChoice {
    /// Its id.
    pub id: LabelId,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub colour: Colour,
}

/// A person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonChoice {
    /// Their id.
    pub id: UserId,
    /// The name that others see.
    pub name: String,
}

/// What the fields of a project's tasks offer.
#[server(name = LoadTaskChoices, prefix = "/fn", endpoint = "task/choices")]
pub async fn task_choices(project: ProjectId) -> Result<TaskChoices, AppError> {
    use crate::ssr;
    use services::{board_columns, labels, project_members};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let columns = board_columns::list(&services, &actor, project).await?;
    let labels = labels::list(&services, &actor, project).await?;
    let people = project_members::people(&services, &actor, project).await?;
    Ok(TaskChoices {
        columns: columns
            .into_iter()
            .map(|column| ColumnChoice { id: column.id, name: column.name, category: column.category })
            .collect(),
        labels: labels
            .into_iter()
            .map(|label| LabelChoice { id: label.id, name: label.name, colour: label.colour })
            .collect(),
        people: people
            .into_iter()
            .map(|person| PersonChoice { id: person.id, name: person.display_name })
            .collect(),
    })
}

/// A task to choose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct TaskOption {
    /// Its key, which is what a form sends.
    pub key: String,
    /// Its title.
    pub title: String,
}

/// How many tasks are offered at once.
#[cfg(feature = "ssr")]
const OPTIONS: i64 = 10;

/// Tasks of a project with these words or this key; the latest without any.
#[server(name = TaskOptions, prefix = "/fn", endpoint = "task/options")]
pub async fn task_options(
    project: ProjectId,
    #[server(default)] words: String,
) -> Result<Vec<TaskOption>, AppError> {
    use crate::ssr;
    use domain::{
        page::Page,
        task::{TaskFilter, TaskSort},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let filter = TaskFilter {
        project_id: Some(project),
        search: (!words.trim().is_empty()).then_some(words),
        sort: TaskSort::Updated,
        descending: true,
        ..TaskFilter::default()
    };
    let found = services::tasks::list(&services, &actor, filter, Page::new(Some(OPTIONS), None)).await?;
    Ok(found.items.into_iter().map(|task| TaskOption { key: task.key, title: task.title }).collect())
}
