//! A project at a glance.

use crate::{
    api::{
        activity::project_activity,
        home::my_tasks_in,
        member::{ProjectPeople, project_members},
        project::{Pulse, project_pulse},
    },
    components::{
        AsyncPanel, AvatarSize, ButtonSize, ButtonVariant, DueDate, EmptyState, Icon, LinkButton, Markdown,
        Nothing, Panel, Person, PriorityBadge, Progress, Properties, Property, RelativeTime, SkeletonLines,
        SkeletonRows, TaskRow, TaskRows,
    },
    features::{
        activity_feed::{ActivityFeed, FeedScope},
        project_page::{OpenProject, ProjectPage, use_project},
        query::address,
    },
    paths,
};
use domain::{
    Day,
    permission::Permission,
    project::ProjectStatus,
    task::{Priority, TaskSummary},
};
use leptos::prelude::*;

/// Rows of each list; the rest is on a page of its own.
const SHOWN: i64 = 8;

/// Numbers, text, one's own tasks, what happened last; facts and people at the side.
#[component]
pub fn ProjectOverviewPage() -> impl IntoView {
    view! {
        <ProjectPage let:_project>
            <div class="page">
                <div class="project">
                    <div class="project-main">
                        <Numbers/>
                        <About/>
                        <MyTasks/>
                        <Latest/>
                    </div>
                    <aside class="project-side" aria-label="About this project">
                        <Facts/>
                        <People/>
                    </aside>
                </div>
            </div>
        </ProjectPage>
    }
}

#[component]
fn Numbers() -> impl IntoView {
    let project = use_project();
    let pulse = Resource::new(move || project.id(), project_pulse);
    view! {
        <AsyncPanel resource=pulse loading=|| view! { <div class="stats-space"></div> } let:pulse>
            {numbers(project, pulse)}
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
    let late = if pulse.overdue >= Pulse::COUNTED {
        format!("{}+", Pulse::COUNTED)
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
fn MyTasks() -> impl IntoView {
    let project = use_project();
    let mine = address(&paths::tasks(&project.key()), &[("assignee", "me")]);
    let tasks = Resource::new(move || project.id(), |id| my_tasks_in(id, SHOWN));
    let all = move || {
        view! { <LinkButton href=mine.clone() variant=ButtonVariant::Quiet size=ButtonSize::Small>"All of mine"</LinkButton> }
    };
    view! {
        <Panel id="mine" title="Your tasks here" flush=true actions=all>
            <AsyncPanel
                resource=tasks
                loading=|| view! { <SkeletonRows count=3/> }
                is_empty=Vec::is_empty
                empty=move || view! {
                    <EmptyState
                        icon=Icon::Done title="Nothing here waits for you"
                        text="Open tasks of this project that are assigned to you stand here, the first due on top."
                    >
                        <LinkButton href=paths::board(&project.key()) icon=Icon::Board size=ButtonSize::Small>"Open the board"</LinkButton>
                    </EmptyState>
                }
                let:tasks
            >
                <TaskRows label="Your tasks here">{tasks.into_iter().map(task).collect_view()}</TaskRows>
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
fn Latest() -> impl IntoView {
    let project = use_project();
    let all = paths::activity(&project.key());
    let latest = Resource::new(move || project.id(), |id| project_activity(id, None, Some(SHOWN)));
    let actions = move || {
        view! { <LinkButton href=all.clone() variant=ButtonVariant::Quiet size=ButtonSize::Small>"All activity"</LinkButton> }
    };
    view! {
        <Panel id="latest" title="Latest activity" actions>
            <AsyncPanel resource=latest loading=|| view! { <SkeletonLines count=6/> } let:latest>
                <ActivityFeed label="Latest activity" items=latest.items scope=FeedScope::Project/>
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
fn People() -> impl IntoView {
    let project = use_project();
    let page = paths::project_members(&project.key());
    let people = Resource::new(move || project.id(), project_members);
    let actions = {
        let page = page.clone();
        move || view! { <LinkButton href=page.clone() variant=ButtonVariant::Quiet size=ButtonSize::Small>"All"</LinkButton> }
    };
    view! {
        <Panel id="people" title="People" actions>
            <AsyncPanel
                resource=people
                loading=|| view! { <SkeletonLines count=4/> }
                is_empty=|people| people.members.is_empty()
                empty=|| view! { <p class="muted">"Nobody was added to this project."</p> }
                let:people
            >
                {some_of(people, &page)}
            </AsyncPanel>
        </Panel>
    }
}

/// The first few, each once, with a role that they have.
fn some_of(people: ProjectPeople, page: &str) -> impl IntoView + use<> {
    let mut members = people.members;
    members.dedup_by_key(|member| member.user.id);
    let shown = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let rest = members.len().saturating_sub(shown);
    let more = (rest > 0)
        .then(|| view! { <li class="member-row"><a href=page.to_owned()>{format!("{rest} more")}</a></li> });
    let rows = members
        .into_iter()
        .take(shown)
        .map(|member| {
            view! {
                <li class="member-row">
                    <Person name=member.user.display_name/>
                    <span class="member-role">{member.role_name}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="member-rows">{rows} {more}</ul> }
}
