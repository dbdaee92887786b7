//! A project at a glance.

use crate::{
    AppError,
    api::project::{Overview, Pulse, project_overview},
    components::{
        AsyncPanel, AvatarSize, ButtonSize, ButtonVariant, DueDate, EmptyState, Icon, LinkButton, Markdown,
        Nothing, Panel, Person, PriorityBadge, Progress, Properties, Property, RelativeTime, SkeletonLines,
        SkeletonRows, TaskRow, TaskRows,
    },
    features::{
        activity_feed::{ActivityFeed, FeedScope},
        live::{in_project, keep_fresh},
        project_page::{OpenProject, ProjectPage, use_project},
        query::address,
    },
    paths,
};
use domain::{
    Day, limits,
    permission::Permission,
    project::ProjectStatus,
    task::{Priority, TaskSummary},
};
use leptos::prelude::*;

/// The parts of the page share one answer.
type Glance = Resource<Result<Overview, AppError>>;

/// Numbers, text, one's own tasks, what happened last; facts and people at the side.
#[component]
pub fn ProjectOverviewPage() -> impl IntoView {
    view! {
        <ProjectPage let:project>
            <Page project/>
        </ProjectPage>
    }
}

#[component]
fn Page(project: OpenProject) -> impl IntoView {
    let glance = Resource::new(move || project.id(), project_overview);
    keep_fresh(glance, in_project(project.id()));
    view! {
        <div class="page">
            <div class="project">
                <div class="project-main">
                    <Numbers glance/>
                    <About/>
                    <MyTasks glance/>
                    <Latest glance/>
                </div>
                <aside class="project-side" aria-label="About this project">
                    <Facts/>
                    <People glance/>
                </aside>
            </div>
        </div>
    }
}

#[component]
fn Numbers(glance: Glance) -> impl IntoView {
    let project = use_project();
    view! {
        <AsyncPanel resource=glance loading=|| view! { <div class="stats-space"></div> } let:found>
            {numbers(project, found.pulse)}
        </AsyncPanel>
    }
}

fn numbers(project: OpenProject, pulse: Pulse) -> impl IntoView {
    let tasks = paths::tasks(&project.key());
    let number = |count: String, label: &'static str, filter: (&str, &str), tone: Option<&'static str>| {
        let href = address(&tasks, &[filter]);
        view! {
            <a class="stat" href=href data-tone=tone>
                <span class="stat-number">{count}</span>
                <span class="stat-label">{label}</span>
            </a>
        }
    };
    let late = if pulse.overdue >= limits::OVERDUE {
        format!("{}+", limits::OVERDUE)
    } else {
        pulse.overdue.to_string()
    };
    view! {
        <div class="stats">
            {number(pulse.todo.to_string(), "To do", ("category", "todo"), None)}
            {number(pulse.doing.to_string(), "In progress", ("category", "doing"), None)}
            {number(pulse.done.to_string(), "Done", ("category", "done"), None)}
            {number(late, "Overdue", ("due", "overdue"), (pulse.overdue > 0).then_some("danger"))}
        </div>
    }
}

#[component]
fn About() -> impl IntoView {
    let project = use_project();
    let html = move || project.view().with(|view| view.description_html.clone());
    let settings = paths::project_settings(&project.key());
    let content = move || {
        if !html().is_empty() {
            return view! { <Markdown html=html()/> }.into_any();
        }
        let write = project.may(Permission::ProjectUpdate).then(|| {
            view! { " " <a href=settings.clone()>"Write what it is for."</a> }
        });
        view! { <p class="muted">"There is no description yet." {write}</p> }.into_any()
    };
    view! { <Panel id="about" title="About">{content}</Panel> }
}

#[component]
fn MyTasks(glance: Glance) -> impl IntoView {
    let project = use_project();
    let mine = address(&paths::tasks(&project.key()), &[("assignee", "me")]);
    let all = move || {
        view! { <LinkButton href=mine.clone() variant=ButtonVariant::Quiet size=ButtonSize::Small>"All of mine"</LinkButton> }
    };
    view! {
        <Panel id="mine" title="Your tasks here" flush=true actions=all>
            <AsyncPanel
                resource=glance
                loading=|| view! { <SkeletonRows count=3/> }
                is_empty=|found| found.mine.is_empty()
                empty=move || view! {
                    <EmptyState
                        icon=Icon::Done title="Nothing here waits for you"
                        text="Open tasks of this project that are assigned to you stand here, the first due on top."
                    >
                        <LinkButton href=paths::board(&project.key()) icon=Icon::Board size=ButtonSize::Small>"Open the board"</LinkButton>
                    </EmptyState>
                }
                let:found
            >
                <TaskRows label="Your tasks here">{found.mine.into_iter().map(task).collect_view()}</TaskRows>
            </AsyncPanel>
        </Panel>
    }
}

fn task(task: TaskSummary) -> impl IntoView {
    let priority = (task.priority != Priority::None)
        .then(|| view! { <PriorityBadge priority=task.priority compact=true/> });
    view! {
        <TaskRow href=paths::of_task(&task) key=task.key title=task.title category=task.category>
            {priority}
            {task.due_on.map(|day| view! { <DueDate day/> })}
        </TaskRow>
    }
}

#[component]
fn Latest(glance: Glance) -> impl IntoView {
    let project = use_project();
    let all = paths::activity(&project.key());
    let actions = move || {
        view! { <LinkButton href=all.clone() variant=ButtonVariant::Quiet size=ButtonSize::Small>"All activity"</LinkButton> }
    };
    view! {
        <Panel id="latest" title="Latest activity" actions>
            <AsyncPanel resource=glance loading=|| view! { <SkeletonLines count=6/> } let:found>
                <ActivityFeed label="Latest activity" items=found.latest scope=FeedScope::Project/>
            </AsyncPanel>
        </Panel>
    }
}

#[component]
fn Facts() -> impl IntoView {
    let project = use_project();
    let owner = move || match project.with(|project| project.owner.clone()) {
        Some(owner) => view! { <Person name=owner.display_name size=AvatarSize::Small/> }.into_any(),
        None => view! { <Nothing text="Nobody"/> }.into_any(),
    };
    let done = Signal::derive(move || project.with(|project| project.done_count));
    let total = Signal::derive(move || project.with(|project| project.open_count + project.done_count));
    let over = move || project.with(|project| project.status == ProjectStatus::Done);
    let day = move |day: Option<Day>| match day {
        Some(day) => view! { <DueDate day done=true/> }.into_any(),
        None => view! { <Nothing text="Not set"/> }.into_any(),
    };
    let due = move || match project.with(|project| project.due_on) {
        Some(day) => view! { <DueDate day done=over()/> }.into_any(),
        None => view! { <Nothing text="Not set"/> }.into_any(),
    };
    let (created, changed) = project.with(|project| (project.created_at, project.updated_at));
    view! {
        <Panel id="facts" title="Facts">
            <Properties>
                <Property label="Progress"><Progress done total label="Tasks done"/></Property>
                <Property label="Key"><span class="mono">{project.key()}</span></Property>
                <Property label="Owner">{owner}</Property>
                <Property label="Starts">{move || day(project.with(|project| project.start_on))}</Property>
                <Property label="Due">{due}</Property>
                <Property label="Created"><RelativeTime at=created/></Property>
                <Property label="Changed"><RelativeTime at=changed/></Property>
            </Properties>
        </Panel>
    }
}

#[component]
fn People(glance: Glance) -> impl IntoView {
    let project = use_project();
    let page = paths::project_members(&project.key());
    let actions = {
        let page = page.clone();
        move || view! { <LinkButton href=page.clone() variant=ButtonVariant::Quiet size=ButtonSize::Small>"All"</LinkButton> }
    };
    view! {
        <Panel id="people" title="People" actions>
            <AsyncPanel
                resource=glance
                loading=|| view! { <SkeletonLines count=4/> }
                is_empty=|found| found.people.is_empty()
                empty=|| view! { <p class="muted">"Nobody was added to this project."</p> }
                let:found
            >
                {some_of(found, &page)}
            </AsyncPanel>
        </Panel>
    }
}

/// The first few people, and where the others are.
fn some_of(found: Overview, page: &str) -> impl IntoView + use<> {
    let rest = found.people_count.saturating_sub(found.people.len());
    let more = (rest > 0)
        .then(|| view! { <li class="member-row"><a href=page.to_owned()>{format!("{rest} more")}</a></li> });
    let rows = found
        .people
        .into_iter()
        .map(|(name, role)| {
            view! {
                <li class="member-row">
                    <Person name/>
                    <span class="member-role">{role}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="member-rows">{rows} {more}</ul> }
}
