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

#[cfg(feature = "ssr")]
impl TaskChoices {
    /// As services give them.
    pub(super) fn of((columns, labels, people): services::tasks::Choices) -> Self {
        let column =
            |it: domain::board::Column| ColumnChoice { id: it.id, name: it.name, category: it.category };
        let label = |it: domain::label::Label| LabelChoice { id: it.id, name: it.name, colour: it.colour };
        let person = |it: domain::user::UserRef| PersonChoice { id: it.id, name: it.display_name };
        Self {
            columns: columns.into_iter().map(column).collect(),
            labels: labels.into_iter().map(label).collect(),
            people: people.into_iter().map(person).collect(),
        }
    }
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
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(TaskChoices::of(services::tasks::choices(&services, &actor, project).await?))
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

/// Tasks with these words or this key, of a project or of all; the latest without any.
#[server(name = TaskOptions, prefix = "/fn", endpoint = "task/options")]
pub async fn task_options(
    #[server(default)] project: Option<ProjectId>,
    #[server(default)] words: String,
) -> Result<Vec<TaskOption>, AppError> {
    use crate::ssr;
    use domain::{
        page::Page,
        task::{TaskFilter, TaskSort},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let filter = TaskFilter {
        project_id: project,
        search: (!words.trim().is_empty()).then_some(words),
        sort: TaskSort::Updated,
        descending: true,
        ..TaskFilter::default()
    };
    let found = services::tasks::list(&services, &actor, filter, Page::new(Some(OPTIONS), None)).await?;
    Ok(found.items.into_iter().map(|task| TaskOption { key: task.key, title: task.title }).collect())
}
