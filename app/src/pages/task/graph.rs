//! Dependencies as a drawing: of a project, or of everything on the way to and from a task.

use crate::{
    api::dependency::Drawn,
    components::{Crumb, PageHeader},
    features::{page_title::PageTitle, project_page::ProjectPage, task_graph::TaskGraph},
    paths,
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The drawing of a project.
#[component]
pub fn ProjectGraphPage() -> impl IntoView {
    view! {
        <ProjectPage title="Dependencies" let:project>
            {
                let key = project.key();
                let path = paths::graph(&key);
                view! { <div class="page"><TaskGraph of=Drawn::Project(key) path/></div> }
            }
        </ProjectPage>
    }
}

/// The drawing of what is around a task.
#[component]
pub fn TaskGraphPage() -> impl IntoView {
    let params = use_params_map();
    let key = Memo::new(move |_| params.with(|params| params.get("key").unwrap_or_default().to_uppercase()));
    move || {
        let key = key.get();
        let title = format!("What {key} waits for and holds up");
        let crumbs =
            vec![Crumb::new("Projects", paths::PROJECTS), Crumb::new(key.clone(), paths::task(&key))];
        let path = paths::task_graph(&key);
        view! {
            <PageTitle text=Signal::stored(title.clone())/>
            <PageHeader title crumbs/>
            <div class="page"><TaskGraph of=Drawn::Task(key) path/></div>
        }
    }
}
