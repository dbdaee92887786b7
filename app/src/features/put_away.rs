//! Taking back that a project was put away, from a message that outlives the page.

use super::project_links::RecentProjects;
use crate::{api::project::bring_back_project, components::Toaster};
use domain::project::Project;
use leptos::task::spawn_local;

/// Shows `text` with an undo, which brings the project back and then calls `then`.
///
/// Not through an action: that would be gone with its page by the time somebody wants it.
pub fn offer_undo(
    toaster: Toaster,
    recent: RecentProjects,
    (text, put_away): (String, &Project),
    then: impl Fn(Project) + Clone + Send + Sync + 'static,
) {
    let (id, version) = (put_away.id, put_away.version);
    toaster.undo(text, move || {
        let then = then.clone();
        spawn_local(async move {
            match bring_back_project(id, version).await {
                Ok(project) => {
                    recent.refetch();
                    toaster.success(format!("{} is back in use.", project.name));
                    then(project);
                }
                Err(error) => toaster.error(error.to_string()),
            }
        });
    });
}
