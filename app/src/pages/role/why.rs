//! “Why may I (not)?”

use crate::{
    AppError,
    api::{role::why, search::project_choices},
    components::{
        AsyncPanel, Badge, Button, ButtonVariant, Choice, Crumb, Notice, PageHeader, Panel, Select,
        SkeletonLines, Tone,
    },
    features::{person_picker::PersonPicker, role_matrix::area_name, use_query::use_query},
    paths,
    session::may,
};
use domain::{
    permission::{Permission, Scope},
    project::ProjectRef,
    why::Why,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;

/// The question, with its parts in the address, and the answer.
#[component]
pub fn WhyPage() -> impl IntoView {
    let query = use_query();
    let of =
        move |name: &'static str| Memo::new(move |_| query.with(|query| query.get(name).unwrap_or_default()));
    let (person, permission, project) = (of("person"), of("permission"), of("project"));
    let projects = Resource::new(|| (), |()| project_choices());
    let answer = Resource::new(
        move || (person.get(), permission.get(), project.get()),
        |(person, permission, project)| answer(person, permission, project),
    );
    view! {
        <Title text="Why may I (not)?"/>
        <PageHeader
            title="Why may I (not)?"
            crumbs=vec![Crumb::new("Roles", paths::ROLES)]
            text="Which role, team or membership lets someone do something, or what is missing and who could give it."
        />
        <div class="page page-narrow">
            <AsyncPanel resource=projects loading=|| view! { <SkeletonLines count=6/> } let:projects>
                <Question
                    projects
                    person=person.get_untracked() permission=permission.get_untracked() project=project.get_untracked()
                />
            </AsyncPanel>
            <AsyncPanel resource=answer loading=|| view! { <SkeletonLines count=3/> } let:answer>
                {answer.map(|why| view! { <Answer why/> })}
            </AsyncPanel>
            <Show when=move || needs_project(&permission.get(), &project.get())>
                <Notice tone=Tone::Info>
                    <p>"This is decided in each project by itself. Choose a project above."</p>
                </Notice>
            </Show>
        </div>
    }
}

/// Nothing is asked before the question is complete.
async fn answer(person: String, permission: String, project: String) -> Result<Option<Why>, AppError> {
    let Some(asked) = Permission::parse(&permission) else { return Ok(None) };
    if needs_project(&permission, &project) {
        return Ok(None);
    }
    let place = if asked.scope() == Scope::Project { project } else { String::new() };
    why(person, permission, place).await.map(Some)
}

/// Whether it is about something that counts in projects, and none is chosen.
fn needs_project(permission: &str, project: &str) -> bool {
    project.is_empty() && Permission::parse(permission).is_some_and(|asked| asked.scope() == Scope::Project)
}

#[component]
fn Question(projects: Vec<ProjectRef>, person: String, permission: String, project: String) -> impl IntoView {
    let mut places = vec![Choice::new("", "The workspace")];
    places.extend(
        projects
            .into_iter()
            .map(|project| Choice::new(project.key.clone(), format!("{} · {}", project.key, project.name))),
    );
    let permissions: Vec<_> = Permission::ALL
        .iter()
        .map(|p| Choice::new(p.as_str(), format!("{}: {}", area_name(p.area()), p.label())))
        .collect();
    let permission =
        if permission.is_empty() { Permission::TaskUpdate.as_str().to_owned() } else { permission };
    view! {
        <Form method="GET" action=paths::WHY attr:class="form">
            {may(Permission::UserView).then(|| view! {
                <PersonPicker
                    id="why-person" name="person" label="Who" value=person
                    hint="A user name. Leave it blank to ask about yourself."
                />
            })}
            <Select id="why-permission" name="permission" label="Wants to" choices=permissions value=permission/>
            <Select
                id="why-project" name="project" label="In" choices=places value=project
                hint="What counts in projects needs one; the rest counts in the whole workspace."
            />
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit">"Explain"</Button>
            </div>
        </Form>
    }
}

#[component]
fn Answer(why: Why) -> impl IntoView {
    let badge = if why.allowed {
        view! { <Badge tone=Tone::Success>"Allowed"</Badge> }
    } else {
        view! { <Badge tone=Tone::Warning>"Not allowed"</Badge> }
    };
    view! {
        <Panel id="answer" title="Answer" actions=move || badge>
            <ul class="reasons">
                {why.reasons.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}
            </ul>
        </Panel>
    }
}
