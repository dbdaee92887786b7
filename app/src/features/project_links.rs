//! The projects that changed last, in the side bar and in the command palette.

use crate::{
    api::search::recent_projects,
    components::{ButtonSize, ColourDot, Icon, IconLink, UrgentBadge},
    features::{
        ask_again::ask_again,
        live::{areas, follow},
    },
    paths,
    session::{may, use_me},
};
use domain::{permission::Permission, project::ProjectRef};
use leptos::prelude::*;
use leptos_router::components::A;

/// What changes their names, whether they are urgent, and who may see them.
const AREAS: [&str; 3] = ["project", "urgent", "member"];

/// The list, which comes after the page: it is not worth a statement of every page.
///
/// Not a `Resource`: it would need a `Suspense` outside of the routes, which breaks the hydration of those inside
/// (leptos#3707).
#[derive(Clone, Copy)]
pub struct RecentProjects {
    list: RwSignal<Vec<ProjectRef>>,
    refetch: Callback<()>,
}

impl RecentProjects {
    /// The projects, latest change first.
    pub fn get(self) -> Vec<ProjectRef> {
        self.list.get()
    }

    /// Asks the server again: after a project was made, renamed, archived.
    pub fn refetch(self) {
        self.refetch.run(());
    }
}

/// Makes [`use_recent_projects`] answer.
pub fn provide_project_links() {
    let signed_in = use_me().is_some();
    let list = RwSignal::new(Vec::new());
    let refetch = ask_again(recent_projects, move |projects| list.set(projects));
    Effect::new(move |_| {
        if signed_in {
            refetch.run(());
        }
    });
    // A task that changes moves its project up, too, but that is not worth a question of every page to the server.
    follow(areas(AREAS), move || refetch.run(()));
    provide_context(RecentProjects { list, refetch });
}

/// The projects that changed last; none where no page is.
pub fn use_recent_projects() -> RecentProjects {
    use_context().unwrap_or_else(|| RecentProjects {
        list: RwSignal::new(Vec::new()),
        refetch: Callback::new(|()| {}),
    })
}

/// The side bar's list.
#[component]
pub fn ProjectLinks() -> impl IntoView {
    let recent = use_recent_projects();
    view! {
        <div class="nav-section">
            <div class="nav-heading">
                <h2>"Recent projects"</h2>
                {may(Permission::ProjectCreate).then(|| view! {
                    <IconLink icon=Icon::Plus label="New project" href=paths::NEW_PROJECT size=ButtonSize::Small/>
                })}
            </div>
            <ul class="nav-list">
                <For each=move || recent.get() key=|project| (project.id, project.name.clone(), project.colour.as_str(), project.urgent) let:project>
                    <li>
                        <A href=paths::project(&project.key) attr:class="nav-item">
                            <ColourDot colour=project.colour/>
                            <span class="nav-text" title=project.name.clone()>{project.name.clone()}</span>
                            <UrgentBadge urgent=project.urgent/>
                        </A>
                    </li>
                </For>
            </ul>
        </div>
    }
}
