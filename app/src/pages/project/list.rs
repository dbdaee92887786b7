//! All projects that one may see, a page at a time.

use crate::{
    api::project::list_projects,
    components::{
        AsyncPanel, AvatarSize, AvatarStack, ButtonVariant, ColourDot, DueDate, EmptyState, Icon, LinkButton,
        Narrow, Nothing, PageHeader, Pagination, Person, Progress, RelativeTime, SkeletonRows, StatusBadge,
        Table, UrgentBadge,
    },
    features::{
        live::keep_fresh,
        project_filters::{ProjectFilters, ProjectQuery},
        use_query::use_query,
    },
    paths,
    session::may,
};
use domain::{
    page::Paged,
    permission::Permission,
    project::{Lifecycle, Project, ProjectStatus},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// The list, with its filters in the address.
#[component]
pub fn ProjectsPage() -> impl IntoView {
    let query = use_query();
    let wanted = Memo::new(move |_| query.with(ProjectQuery::read));
    let projects = Resource::new(
        move || wanted.get(),
        |wanted| list_projects(wanted.search, wanted.status, wanted.show, Some(wanted.cursor)),
    );
    keep_fresh(projects, |touched| touched.project_id.is_some());
    view! {
        <Title text="Projects"/>
        <PageHeader title="Projects" actions=|| view! { <Actions/> }/>
        <div class="page">
            <ProjectFilters wanted/>
            <AsyncPanel
                resource=projects
                loading=|| view! { <SkeletonRows count=8/> }
                is_empty=|projects| projects.items.is_empty()
                empty=move || view! { <Empty wanted=wanted.get_untracked()/> }
                let:projects
            >
                {rows(projects, &wanted.get_untracked())}
            </AsyncPanel>
        </div>
    }
}

#[component]
fn Actions() -> impl IntoView {
    may(Permission::ProjectCreate).then(|| {
        view! {
            <LinkButton href=paths::IMPORT icon=Icon::Import>"Import"</LinkButton>
            <LinkButton href=paths::NEW_PROJECT variant=ButtonVariant::Primary icon=Icon::Plus>"New project"</LinkButton>
        }
    })
}

fn rows(projects: Paged<Project>, wanted: &ProjectQuery) -> impl IntoView + use<> {
    let first = (!wanted.cursor.is_empty()).then(|| wanted.page(""));
    let next = projects.next.as_deref().map(|cursor| wanted.page(cursor));
    let summary = match projects.items.len() {
        1 => "1 project".to_owned(),
        many => {
            format!("{many} projects{}", if first.is_some() || next.is_some() { " on this page" } else { "" })
        }
    };
    view! {
        <Table label="Projects" narrow=Narrow::Flow>
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"Status"</th>
                    <th scope="col">"Tasks done"</th>
                    <th scope="col">"Owner"</th>
                    <th scope="col">"People"</th>
                    <th scope="col">"Due"</th>
                    <th scope="col" class="cell-extra">"Changed"</th>
                </tr>
            </thead>
            <tbody>{projects.items.into_iter().map(row).collect_view()}</tbody>
        </Table>
        <Pagination summary first next forward_only=true/>
    }
}

fn row(project: Project) -> impl IntoView {
    let in_use = project.lifecycle == Lifecycle::Active;
    let archived = project.lifecycle == Lifecycle::Archived;
    let owner = match project.owner {
        Some(owner) => view! { <Person name=owner.display_name size=AvatarSize::Small/> }.into_any(),
        None => view! { <Nothing text="Nobody"/> }.into_any(),
    };
    let names = project.members.into_iter().map(|person| person.display_name).collect::<Vec<_>>();
    let others = project.member_count - i64::try_from(names.len().min(3)).unwrap_or(0);
    let due = project.due_on.map(|day| {
        view! { <DueDate day done=!in_use || project.status == ProjectStatus::Done/> }
    });
    let href = paths::project(&project.key);
    view! {
        <tr data-muted=(!in_use).then_some("true")>
            <td class="cell-main">
                <a class="project-link" href=href>
                    <ColourDot colour=project.colour/>
                    <span class="project-link-name">{project.name}</span>
                    <span class="task-key">{project.key}</span>
                    <UrgentBadge urgent=project.urgent_since.is_some()/>
                </a>
            </td>
            <td class="cell-min" data-label="Status"><StatusBadge status=project.status archived/></td>
            <td data-label="Tasks done">
                <Progress done=project.done_count total=project.open_count + project.done_count label="Tasks done"/>
            </td>
            <td class="cell-min" data-label="Owner">{owner}</td>
            <td class="cell-min" data-label="People">
                <span class="project-faces">
                    <AvatarStack names=names.into_iter().take(3).collect() size=AvatarSize::Small/>
                    {(others > 0).then(|| view! { <span class="muted">{format!("+{others}")}</span> })}
                </span>
            </td>
            <td class="cell-min" data-label="Due">{due}</td>
            <td class="cell-min cell-extra muted" data-label="Changed"><RelativeTime at=project.updated_at/></td>
        </tr>
    }
}

/// Says why nothing is shown, and what to do.
#[component]
fn Empty(wanted: ProjectQuery) -> impl IntoView {
    let show_all = || view! { <LinkButton href=paths::PROJECTS>"Show all in use"</LinkButton> };
    let (icon, title, text) = match (wanted.is_narrowed(), wanted.show.as_str()) {
        (true, _) => {
            (Icon::Search, "No project matches", "Try fewer letters of its name or key, or any status.")
        }
        (false, "archived") => (
            Icon::Archive,
            "Nothing is archived",
            "Archive a project that is over: it can still be read, and no longer stands in the way.",
        ),
        (false, "deleted") => (
            Icon::Trash,
            "Nothing is deleted",
            "A deleted project rests here for 30 days for those who may bring it back.",
        ),
        (false, _) if may(Permission::ProjectCreate) => {
            return view! {
                <EmptyState
                    icon=Icon::Projects title="No projects yet"
                    text="A project has a board, tasks and people. Make an empty one, or turn a Markdown checklist into one with all its tasks."
                >
                    <LinkButton href=paths::NEW_PROJECT variant=ButtonVariant::Primary icon=Icon::Plus>"New project"</LinkButton>
                    <LinkButton href=paths::IMPORT icon=Icon::Import>"Import a checklist"</LinkButton>
                </EmptyState>
            }
            .into_any();
        }
        (false, _) => {
            return view! {
                <EmptyState
                    icon=Icon::Projects title="You are not in a project yet"
                    text="Ask someone who runs a project to add you to it. Then it stands here."
                />
            }
            .into_any();
        }
    };
    view! { <EmptyState icon title text>{show_all()}</EmptyState> }.into_any()
}
