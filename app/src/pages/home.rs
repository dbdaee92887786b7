//! What is mine to do.

use crate::{
    api::home::{MyWork, my_work},
    components::{
        AsyncPanel, Badge, BlockedBy, ButtonSize, ButtonVariant, ColourDot, DueDate, EmptyState, Icon,
        LinkButton, PageHeader, Panel, PriorityBadge, Progress, SkeletonRows, TaskRow, TaskRows, Tone,
        UrgentBadge,
    },
    features::{
        due_groups::{DueGroup, due_groups},
        live::keep_fresh,
        use_query::use_query,
    },
    paths,
    session::{may, use_me},
};
use domain::{
    permission::Permission,
    project::Project,
    task::{HomeTask, Priority},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// One's open tasks by when they are due, and one's projects.
#[component]
pub fn HomePage() -> impl IntoView {
    let query = use_query();
    let all = Memo::new(move |_| query.with(|query| query.get("show").as_deref() == Some("all")));
    let work = Resource::new(move || all.get(), my_work);
    keep_fresh(work, |touched| touched.project_id.is_some());
    let title = use_me().map_or_else(|| "Home".to_owned(), |me| format!("Hello, {}", me.user.display_name));
    view! {
        <Title text="Home"/>
        <PageHeader title/>
        <div class="page">
            <AsyncPanel resource=work loading=|| view! { <SkeletonRows count=8/> } let:work>
                {content(work)}
            </AsyncPanel>
        </div>
    }
}

fn content(work: MyWork) -> AnyView {
    if work.home.projects.is_empty() && work.home.assigned.is_empty() {
        return view! { <Beginning/> }.into_any();
    }
    let (home, today) = (work.home, work.today);
    let shown = i64::try_from(home.assigned.len()).unwrap_or(i64::MAX);
    let more = (home.assigned_count > shown && shown < domain::limits::PAGE).then(|| {
        let text = format!("Show all {} tasks", home.assigned_count);
        view! { <p><LinkButton href=format!("{}?show=all", paths::HOME) icon=Icon::List>{text}</LinkButton></p> }
    });
    view! {
        <div class="home">
            <div class="home-main">
                <Numbers assigned=home.assigned_count overdue=home.overdue_count soon=home.due_soon_count/>
                {released(home.waits.released)}
                {holding_up(home.waits.holding_up)}
                {if home.assigned.is_empty() {
                    view! { <NothingToDo/> }.into_any()
                } else {
                    due_groups(home.assigned, today).into_iter().map(group).collect_view().into_any()
                }}
                {more}
            </div>
            <div class="home-side"><MyProjects projects=home.projects/></div>
        </div>
    }
    .into_any()
}

#[component]
fn Numbers(assigned: i64, overdue: i64, soon: i64) -> impl IntoView {
    let number = |count: i64, label: &'static str, tone: Option<&'static str>| {
        view! {
            <div class="stat" data-tone=tone.filter(|_| count > 0)>
                <span class="stat-number">{count}</span>
                <span class="stat-label">{label}</span>
            </div>
        }
    };
    view! {
        <div class="stats">
            {number(assigned, "Open tasks of yours", None)}
            {number(overdue, "Overdue", Some("danger"))}
            {number(soon, "Due within a week", Some("warning"))}
        </div>
    }
}

fn group(group: DueGroup) -> impl IntoView {
    let label = group.when.label();
    let count = group.tasks.len();
    view! {
        <Panel id=group.when.id() title=label flush=true actions=move || view! { <span class="count">{count}</span> }>
            <TaskRows label>{group.tasks.into_iter().map(row).collect_view()}</TaskRows>
        </Panel>
    }
}

/// What the person can go on with, because the last blocker closed.
fn released(tasks: Vec<HomeTask>) -> Option<impl IntoView> {
    let count = tasks.len();
    (count > 0).then(|| {
        view! {
            <Panel id="released" title="You can go on" flush=true actions=move || view! { <span class="count">{count}</span> }>
                <p class="panel-text muted">"Nothing is in the way of these any more."</p>
                <TaskRows label="You can go on">{tasks.into_iter().map(row).collect_view()}</TaskRows>
            </Panel>
        }
    })
}

/// The person's tasks that others wait for.
fn holding_up(tasks: Vec<HomeTask>) -> Option<impl IntoView> {
    let count = tasks.len();
    let rows = tasks
        .into_iter()
        .map(|HomeTask { task, project }| {
            let waits = task.waiting_count;
            let text = if waits == 1 { "1 task waits".to_owned() } else { format!("{waits} tasks wait") };
            view! {
                <TaskRow href=paths::of_task(&task) blocked=BlockedBy::of(&task) key=task.key title=task.title category=task.category>
                    <span class="home-task-project muted"><ColourDot colour=project.colour/>{project.name}</span>
                    <Badge tone=Tone::Warning>{text}</Badge>
                </TaskRow>
            }
        })
        .collect_view();
    (count > 0).then(|| {
        view! {
            <Panel id="holding-up" title="You hold up others" flush=true actions=move || view! { <span class="count">{count}</span> }>
                <TaskRows label="You hold up others">{rows}</TaskRows>
            </Panel>
        }
    })
}

fn row(HomeTask { task, project }: HomeTask) -> impl IntoView {
    let priority = (task.priority != Priority::None)
        .then(|| view! { <PriorityBadge priority=task.priority compact=true/> });
    view! {
        <TaskRow href=paths::of_task(&task) blocked=BlockedBy::of(&task) key=task.key title=task.title category=task.category>
            <span class="home-task-project muted"><ColourDot colour=project.colour/>{project.name}</span>
            {priority}
            {task.due_on.map(|day| view! { <DueDate day/> })}
        </TaskRow>
    }
}

#[component]
fn NothingToDo() -> impl IntoView {
    view! {
        <Panel id="mine" title="Your tasks" flush=true>
            <EmptyState
                icon=Icon::Done
                title="Nothing waits for you"
                text="Tasks that are assigned to you stand here, by when they are due. Open a project to take one."
            >
                <LinkButton href=paths::PROJECTS icon=Icon::Projects>"Open projects"</LinkButton>
            </EmptyState>
        </Panel>
    }
}

#[component]
fn MyProjects(projects: Vec<Project>) -> impl IntoView {
    let all = || {
        view! { <LinkButton href=paths::PROJECTS variant=ButtonVariant::Quiet size=ButtonSize::Small>"All"</LinkButton> }
    };
    let rows = projects
        .into_iter()
        .map(|project| {
            let href = paths::project(&project.key);
            view! {
                <li class="home-project">
                    <a href=href>
                        <ColourDot colour=project.colour/>
                        <span class="truncate">{project.name}</span>
                        <span class="task-key">{project.key}</span>
                        <UrgentBadge urgent=project.urgent_since.is_some()/>
                    </a>
                    <Progress done=project.done_count total=project.open_count + project.done_count label="Tasks done"/>
                </li>
            }
        })
        .collect_view();
    view! {
        <Panel id="projects" title="Your projects" flush=true actions=all>
            <ul class="home-projects">{rows}</ul>
        </Panel>
    }
}

/// Where someone begins who has neither a project nor a task.
#[component]
fn Beginning() -> impl IntoView {
    if may(Permission::ProjectCreate) {
        view! {
            <EmptyState
                icon=Icon::Projects
                title="Begin with a project"
                text="A project has a board, tasks and people. Make an empty one, or turn a Markdown checklist into one with all its tasks."
            >
                <LinkButton href=paths::NEW_PROJECT variant=ButtonVariant::Primary icon=Icon::Plus>"New project"</LinkButton>
                <LinkButton href=paths::IMPORT icon=Icon::Import>"Import a checklist"</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <EmptyState
                icon=Icon::Projects
                title="You are not in a project yet"
                text="Ask someone who runs a project to add you to it. Then it stands here, with the tasks that are yours."
            >
                <LinkButton href=paths::PROJECTS icon=Icon::Projects>"See all projects"</LinkButton>
            </EmptyState>
        }
        .into_any()
    }
}
