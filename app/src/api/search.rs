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
    // As many as the navigation has room for.
    Ok(recent::of(&services, &actor, 8).await?)
}

/// Projects to choose from: the 200 that changed last.
#[server(name = ProjectChoices, prefix = "/fn", endpoint = "project/choices")]
pub async fn project_choices() -> Result<Vec<ProjectRef>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(recent::of(&services, &actor, domain::limits::PAGE).await?)
}

/// The same for the first rendering of a page.
#[cfg(feature = "ssr")]
pub mod recent {
    use domain::{
        Result,
        page::Page,
        project::{ProjectFilter, ProjectRef},
    };
    use services::{Actor, Services};

    /// The `limit` projects that changed last, of those that `actor` may see.
    ///
    /// # Errors
    /// What the database says.
    pub async fn of(services: &Services, actor: &Actor, limit: i64) -> Result<Vec<ProjectRef>> {
        let page = Page::new(Some(limit), None);
        let projects = services::projects::list(services, actor, ProjectFilter::default(), page).await?;
        Ok(projects.items.into_iter().map(ProjectRef::from).collect())
    }
}
