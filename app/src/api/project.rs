//! Projects: lists, one of them, and what can be done to it.

// For the module: what stands above a server function counts for the browser’s half of it, too.
#![allow(clippy::too_many_arguments, reason = "one for each field of a form")]

use crate::AppError;
use domain::{
    activity::Activity,
    ids::ProjectId,
    page::Paged,
    project::{Project, ProjectView},
    task::TaskSummary,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Projects by latest change. `status` and `lifecycle` are names as in the address; unknown ones count as not said.
#[server(name = ListProjects, prefix = "/fn", endpoint = "project/list")]
pub async fn list_projects(
    #[server(default)] search: String,
    #[server(default)] status: String,
    #[server(default)] lifecycle: String,
    #[server(default)] cursor: Option<String>,
) -> Result<Paged<Project>, AppError> {
    use crate::ssr;
    use domain::{
        page::Page,
        project::{Lifecycle, ProjectFilter, ProjectStatus},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let filter = ProjectFilter {
        search: (!search.trim().is_empty()).then_some(search),
        status: ProjectStatus::parse(&status),
        lifecycle: Lifecycle::parse(&lifecycle).unwrap_or_default(),
    };
    Ok(services::projects::list(&services, &actor, filter, Page::new(None, cursor)).await?)
}

/// One project, with what the caller may do in it.
#[server(name = FindProject, prefix = "/fn", endpoint = "project/find")]
pub async fn find_project(key: String) -> Result<ProjectView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::projects::view(&services, &actor, &key).await?)
}

/// Where a project's work stands, in numbers.
#[derive(Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pulse {
    /// Open tasks that nobody has begun.
    pub todo: i64,
    /// Tasks that are being worked on.
    pub doing: i64,
    /// Finished ones.
    pub done: i64,
    /// Open ones whose day has passed (in UTC); counted up to `limits::OVERDUE`.
    pub overdue: i64,
}

/// A project at a glance: the first few of everything.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    /// Its numbers.
    pub pulse: Pulse,
    /// The caller's own open tasks, by due date.
    pub mine: Vec<TaskSummary>,
    /// What happened last.
    pub latest: Vec<Activity>,
    /// People by name, each once: the name, and a role that they have.
    pub people: Vec<(String, String)>,
    /// How many people there are.
    pub people_count: usize,
}

/// How many of each an [`Overview`] has; the rest is on a page of its own.
#[cfg(feature = "ssr")]
const SHOWN: i64 = 8;

/// What a project's first page shows beside the project.
#[server(name = ProjectOverview, prefix = "/fn", endpoint = "project/overview")]
pub async fn project_overview(project: ProjectId) -> Result<Overview, AppError> {
    use crate::ssr;
    use domain::board::Category;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let found = services::projects::overview(&services, &actor, project, SHOWN).await?;
    let count = |category| {
        found
            .columns
            .iter()
            .filter(|column| column.category == category)
            .map(|column| column.task_count)
            .sum()
    };
    let pulse = Pulse {
        todo: count(Category::Todo),
        doing: count(Category::Doing),
        done: count(Category::Done),
        overdue: found.overdue,
    };
    let mut members = found.members;
    members.dedup_by_key(|member| member.user.id);
    let people_count = members.len();
    members.truncate(usize::try_from(SHOWN).unwrap_or_default());
    Ok(Overview {
        pulse,
        mine: found.mine,
        latest: found.latest.into_iter().map(super::activity::shortened).collect(),
        people: members.into_iter().map(|member| (member.user.display_name, member.role_name)).collect(),
        people_count,
    })
}

/// Makes a project and goes there. A blank key is made from the name.
#[server(name = CreateProject, prefix = "/fn", endpoint = "project/create")]
pub async fn create_project(
    name: String,
    #[server(default)] key: String,
    #[server(default)] description: String,
    #[server(default)] status: String,
    #[server(default)] colour: String,
    #[server(default)] start_on: String,
    #[server(default)] due_on: String,
) -> Result<Project, AppError> {
    use crate::ssr;
    use domain::{palette::Colour, project::ProjectStatus};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = domain::project::NewProject {
        id: None,
        key,
        name,
        description,
        status: ProjectStatus::parse(&status).unwrap_or_default(),
        colour: Colour::parse(&colour).unwrap_or_default(),
        start_on: form::day("start_on", &start_on)?,
        due_on: form::day("due_on", &due_on)?,
    };
    let project = services::projects::create(&services, &actor, new).await?;
    leptos_axum::redirect(&crate::paths::project(&project.key));
    Ok(project)
}

/// Changes a project's own fields, all at once. A blank owner is nobody, a blank date none.
#[server(name = UpdateProject, prefix = "/fn", endpoint = "project/update")]
pub async fn update_project(
    id: ProjectId,
    version: i64,
    name: String,
    #[server(default)] description: String,
    #[server(default)] status: String,
    #[server(default)] colour: String,
    #[server(default)] owner_id: String,
    #[server(default)] start_on: String,
    #[server(default)] due_on: String,
) -> Result<Project, AppError> {
    use crate::ssr;
    use domain::{palette::Colour, project::ProjectStatus};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let owner_id = match owner_id.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| {
            domain::Error::field("owner_id", "unknown", "Choose one of the project’s people, or nobody.")
        })?),
    };
    let edit = domain::project::EditProject {
        version,
        name: Some(name),
        description: Some(description),
        status: ProjectStatus::parse(&status),
        colour: Colour::parse(&colour),
        owner_id: Some(owner_id),
        start_on: Some(form::day("start_on", &start_on)?),
        due_on: Some(form::day("due_on", &due_on)?),
    };
    Ok(services::projects::update(&services, &actor, id, edit).await?)
}

/// Puts a project away.
#[server(name = ArchiveProject, prefix = "/fn", endpoint = "project/archive")]
pub async fn archive_project(id: ProjectId, version: i64) -> Result<Project, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::projects::archive(&services, &actor, id, version).await?)
}

/// Brings an archived or deleted project back into use.
#[server(name = BringBackProject, prefix = "/fn", endpoint = "project/bring-back")]
pub async fn bring_back_project(id: ProjectId, version: i64) -> Result<Project, AppError> {
    use crate::ssr;
    use domain::project::Lifecycle;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let project = services::projects::find(&services, &actor, id).await?;
    Ok(if project.lifecycle == Lifecycle::Deleted {
        services::projects::restore(&services, &actor, id, version).await?
    } else {
        services::projects::unarchive(&services, &actor, id, version).await?
    })
}

/// Deletes a project whose key was typed as `confirm`. It rests before it is gone, so it can be brought back.
#[server(name = DeleteProject, prefix = "/fn", endpoint = "project/delete")]
pub async fn delete_project(
    id: ProjectId,
    version: i64,
    #[server(default)] confirm: String,
) -> Result<Project, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let project = services::projects::find(&services, &actor, id).await?;
    if !confirm.trim().eq_ignore_ascii_case(&project.key) {
        let message = format!("Type {} to show that you mean this project.", project.key);
        return Err(domain::Error::field("confirm", "mismatch", message).into());
    }
    let project = services::projects::delete(&services, &actor, id, version).await?;
    super::account::landing::without_script("/projects?show=deleted");
    Ok(project)
}

/// Reading what forms send as text.
#[cfg(feature = "ssr")]
pub(super) mod form {
    use domain::{Day, Error, Result};

    /// A day, or none for a blank one.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the field `name`.
    pub fn day(name: &str, text: &str) -> Result<Option<Day>> {
        match text.trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| Error::field(name, "not_a_day", "Choose a day, or write it like 2026-01-17.")),
        }
    }
}
