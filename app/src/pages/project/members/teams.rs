//! The teams of a project.

use crate::{
    api::member::{RemoveProjectTeam, SetProjectTeamRole},
    components::{
        EmptyState, FormErrors, Icon, Menu, MenuHeading, MenuItem, Narrow, Panel, Table, VisuallyHidden,
        use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        project_page::OpenProject,
        role_pick::RolePick,
    },
    paths,
};
use domain::{project::ProjectTeam, role::Role};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// What can be done to a team in the list.
#[derive(Clone, Copy)]
struct Acts {
    project: OpenProject,
    may_change: bool,
    role: ServerAction<SetProjectTeamRole>,
    remove: ServerAction<RemoveProjectTeam>,
    refused: Signal<bool>,
}

/// The table.
#[component]
pub fn Teams(
    project: OpenProject,
    changed: Callback<()>,
    may_change: bool,
    roles: Vec<Role>,
    teams: Vec<ProjectTeam>,
) -> impl IntoView {
    let role = ServerAction::<SetProjectTeamRole>::new();
    let remove = ServerAction::<RemoveProjectTeam>::new();
    let toaster = use_toaster();
    on_success(role, move |()| {
        toaster.success("The team’s role is changed, for everyone in it.");
        changed.run(());
    });
    on_success(remove, move |()| {
        toaster.success("The team is no longer in this project.");
        changed.run(());
    });
    let (changing, removing) = (FormOutcome::of(role, ""), FormOutcome::of(remove, ""));
    let refused = Signal::derive(move || changing.error.with(Option::is_some));
    let acts = Acts { project, may_change, role, remove, refused };
    let content = if teams.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Users title="No team is in this project"
                text="Add a team instead of each of its people: who joins the team later is in this project at once, who leaves it is out."
            />
        }
        .into_any()
    } else {
        view! {
            <Table label="Teams and their roles" narrow=Narrow::Flow>
                <thead>
                    <tr>
                        <th scope="col">"Team"</th>
                        <th scope="col">"Role here"</th>
                        <th scope="col">"People"</th>
                        <th scope="col"><VisuallyHidden>"Actions"</VisuallyHidden></th>
                    </tr>
                </thead>
                <tbody>{teams.into_iter().map(|team| row(team, &roles, acts)).collect_view()}</tbody>
            </Table>
        }
        .into_any()
    };
    view! {
        <Panel id="teams" title="Teams" flush=true>
            <FormErrors message=changing.message()/>
            <FormErrors message=removing.message()/>
            {content}
        </Panel>
    }
}

fn row(team: ProjectTeam, roles: &[Role], acts: Acts) -> impl IntoView + use<> {
    let role = if acts.may_change {
        role_form(&team, roles.to_vec(), acts).into_any()
    } else {
        team.role_name.clone().into_any()
    };
    let people = match team.member_count {
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    };
    let remove = acts.may_change.then(|| remove_menu(&team, acts));
    view! {
        <tr>
            <td class="cell-main"><a href=paths::team(team.team_id)>{team.name}</a></td>
            <td class="cell-min" data-label="Role here">{role}</td>
            <td data-label="People" class="muted">{people}</td>
            <td class="cell-actions">{remove}</td>
        </tr>
    }
}

fn role_form(team: &ProjectTeam, roles: Vec<Role>, acts: Acts) -> impl IntoView + use<> {
    let id = team.team_id.to_string();
    let current = (team.role_id, team.role_name.clone());
    let label = format!("Role of the team {}", team.name);
    view! {
        <ActionForm action=acts.role attr:class="role-form">
            <input type="hidden" name="project" value=acts.project.id().to_string()/>
            <input type="hidden" name="team" value=id.clone()/>
            <RolePick id=format!("role-{id}") label roles current refused=acts.refused/>
        </ActionForm>
    }
}

fn remove_menu(team: &ProjectTeam, acts: Acts) -> impl IntoView + use<> {
    let id = team.team_id.to_string();
    let name = team.name.clone();
    view! {
        <Menu id=format!("team-{id}") label=format!("Actions for the team {name}")>
            <ActionForm action=acts.remove>
                <input type="hidden" name="project" value=acts.project.id().to_string()/>
                <input type="hidden" name="team" value=id/>
                <MenuHeading text="Those of its people who have no other way in are taken off the open tasks here."/>
                <MenuItem kind="submit" icon=Icon::Trash danger=true>{format!("Remove {name}")}</MenuItem>
            </ActionForm>
        </Menu>
    }
}
