//! Finding things by words, and the projects that changed last.

use crate::AppError;
use domain::{project::ProjectRef, search::SearchResults};
use leptos::prelude::*;

/// Tasks and projects by key or words, best first.
#[server(name = QuickSearch, prefix = "/fn", endpoint = "search/quick")]
pub async fn quick_search(text: String, limit: i64) -> Result<SearchResults, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::search::quick(&services, &actor, &text, limit).await?)
}

/// The projects that changed last, for the side bar and the command palette.
#[server(name = RecentProjects, prefix = "/fn", endpoint = "project/recent")]
pub async fn recent_projects() -> Result<Vec<ProjectRef>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(recent::of(&services, &actor).await?)
}

/// The same for the first rendering of a page.
#[cfg(feature = "ssr")]
pub mod recent {
    use domain::{
        Result,
        page::Page,
        project::{Project, ProjectFilter, ProjectRef},
    };
    use services::{Actor, Services};

    /// The projects that changed last, of those that `actor` may see.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of(services: &Services, actor: &Actor) -> Result<Vec<ProjectRef>> {
        let page = Page::new(Some(crate::features::project_links::COUNT), None);
        let projects = services::projects::list(services, actor, ProjectFilter::default(), page).await?;
        Ok(projects.items.into_iter().map(in_passing).collect())
    }

    fn in_passing(project: Project) -> ProjectRef {
        ProjectRef { id: project.id, key: project.key, name: project.name, colour: project.colour }
    }
}
