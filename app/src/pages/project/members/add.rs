//! Adding people and teams to a project.

use crate::{
    api::member::{AddMember, AddProjectTeam},
    components::{Button, Choice, FormErrors, Icon, Panel, Select, use_toaster},
    features::{
        form_outcome::{FormOutcome, on_success},
        person_picker::PersonPicker,
        project_page::OpenProject,
    },
};
use domain::{permission::Permission, role::Role, team::Team, user::UserRef};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// A form for a person and, if there are teams, one for a team.
#[component]
pub fn AddPeople(
    project: OpenProject,
    changed: Callback<()>,
    roles: Vec<Role>,
    teams: Vec<Team>,
) -> impl IntoView {
    let ordinary = ordinary(&roles);
    let choices: Vec<_> = roles.into_iter().map(|role| Choice::new(role.id.to_string(), role.name)).collect();
    view! {
        <Panel id="add" title="Add people">
            <div class="stack">
                <AddPerson project changed choices=choices.clone() ordinary=ordinary.clone()/>
                {(!teams.is_empty()).then(|| view! { <AddTeam project changed choices ordinary teams/> })}
            </div>
        </Panel>
    }
}

/// The first role that works on tasks and does not run the project: the right one for most.
fn ordinary(roles: &[Role]) -> String {
    roles
        .iter()
        .find(|role| {
            role.permissions.contains(Permission::TaskCreate)
                && !role.permissions.contains(Permission::ProjectMembers)
        })
        .or_else(|| roles.last())
        .map(|role| role.id.to_string())
        .unwrap_or_default()
}

#[component]
fn AddPerson(
    project: OpenProject,
    changed: Callback<()>,
    choices: Vec<Choice>,
    ordinary: String,
) -> impl IntoView {
    let action = ServerAction::<AddMember>::new();
    let outcome = FormOutcome::of(action, "add-");
    let toaster = use_toaster();
    on_success(action, move |person: UserRef| {
        toaster.success(format!("{} is in this project now.", person.display_name));
        changed.run(());
    });
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action attr:class="people-add">
            <input type="hidden" name="project" value=project.id().to_string()/>
            <PersonPicker id="add-username" name="username" label="Person" required=true error=outcome.field("username")/>
            <Select id="add-role_id" name="role_id" label="Role here" choices value=ordinary error=outcome.field("role_id")/>
            <Button kind="submit" icon=Icon::Plus busy=outcome.busy>"Add person"</Button>
        </ActionForm>
    }
}

#[component]
fn AddTeam(
    project: OpenProject,
    changed: Callback<()>,
    choices: Vec<Choice>,
    ordinary: String,
    teams: Vec<Team>,
) -> impl IntoView {
    let action = ServerAction::<AddProjectTeam>::new();
    let outcome = FormOutcome::of(action, "add-team-");
    let toaster = use_toaster();
    on_success(action, move |()| {
        toaster.success("The team and everyone in it are in this project now.");
        changed.run(());
    });
    let teams: Vec<_> = teams
        .into_iter()
        .map(|team| Choice::new(team.id.to_string(), format!("{} ({})", team.name, team.member_count)))
        .collect();
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action attr:class="people-add">
            <input type="hidden" name="project" value=project.id().to_string()/>
            <Select id="add-team-team_id" name="team_id" label="Team" choices=teams error=outcome.field("team_id")/>
            <Select id="add-team-role_id" name="role_id" label="Role here" choices value=ordinary error=outcome.field("role_id")/>
            <Button kind="submit" icon=Icon::Plus busy=outcome.busy>"Add team"</Button>
        </ActionForm>
    }
}
