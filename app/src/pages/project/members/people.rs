//! The people of a project, with each way in.

use crate::{
    api::member::{RemoveMember, SetMemberRole},
    components::{
        Avatar, EmptyState, FormErrors, Icon, Menu, MenuHeading, MenuItem, Narrow, Panel, Table,
        VisuallyHidden, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        project_page::OpenProject,
        role_pick::RolePick,
    },
    paths,
};
use domain::{project::ProjectMember, role::Role};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// What can be done to a person in the list.
#[derive(Clone, Copy)]
struct Acts {
    project: OpenProject,
    may_change: bool,
    role: ServerAction<SetMemberRole>,
    remove: ServerAction<RemoveMember>,
    refused: Signal<bool>,
}

/// The table. A person with several ways in has a row for each.
#[component]
pub fn People(
    project: OpenProject,
    changed: Callback<()>,
    may_change: bool,
    roles: Vec<Role>,
    members: Vec<ProjectMember>,
) -> impl IntoView {
    let role = ServerAction::<SetMemberRole>::new();
    let remove = ServerAction::<RemoveMember>::new();
    let toaster = use_toaster();
    on_success(role, move |()| {
        toaster.success("The role is changed. It counts from their next click.");
        changed.run(());
    });
    on_success(remove, move |()| {
        toaster.success("They are no longer in this project by themselves.");
        changed.run(());
    });
    let (changing, removing) = (FormOutcome::of(role, ""), FormOutcome::of(remove, ""));
    let refused = Signal::derive(move || changing.error.with(Option::is_some));
    let acts = Acts { project, may_change, role, remove, refused };
    let content = if members.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Users title="Nobody is in this project"
                text="Only those whose workspace role reaches every project can see it. Add the people who work on it."
            />
        }
        .into_any()
    } else {
        view! {
            <Table label="People, their roles and ways in" narrow=Narrow::Flow>
                <thead>
                    <tr>
                        <th scope="col">"Name"</th>
                        <th scope="col">"Role here"</th>
                        <th scope="col">"Way in"</th>
                        <th scope="col"><VisuallyHidden>"Actions"</VisuallyHidden></th>
                    </tr>
                </thead>
                <tbody>{members.into_iter().map(|member| row(member, &roles, acts)).collect_view()}</tbody>
            </Table>
        }
        .into_any()
    };
    view! {
        <Panel id="people" title="People" flush=true>
            <FormErrors message=changing.message()/>
            <FormErrors message=removing.message()/>
            {content}
        </Panel>
    }
}

fn row(member: ProjectMember, roles: &[Role], acts: Acts) -> impl IntoView + use<> {
    let way = match (member.team_id, member.team_name.clone()) {
        (Some(team), name) => view! {
            "Through the team " <a href=paths::team(team)>{name.unwrap_or_default()}</a>
        }
        .into_any(),
        (None, _) => "Added directly".into_any(),
    };
    let may_change = acts.may_change && member.team_id.is_none();
    let role = if may_change {
        role_form(&member, roles.to_vec(), acts).into_any()
    } else {
        member.role_name.clone().into_any()
    };
    let remove = may_change.then(|| remove_menu(&member, acts));
    view! {
        <tr>
            <td class="cell-main">
                <span class="person-cell">
                    <Avatar name=member.user.display_name.clone() beside_name=true/>
                    <span class="person-cell-text">
                        <a href=paths::person(member.user.id)>{member.user.display_name}</a>
                        <span class="muted">{member.user.username}</span>
                    </span>
                </span>
            </td>
            <td class="cell-min" data-label="Role here">{role}</td>
            <td data-label="Way in" class="cell-min muted">{way}</td>
            <td class="cell-actions">{remove}</td>
        </tr>
    }
}

fn role_form(member: &ProjectMember, roles: Vec<Role>, acts: Acts) -> impl IntoView + use<> {
    let user = member.user.id.to_string();
    let current = (member.role_id, member.role_name.clone());
    let label = format!("Role of {}", member.user.display_name);
    view! {
        <ActionForm action=acts.role attr:class="role-form">
            <input type="hidden" name="project" value=acts.project.id().to_string()/>
            <input type="hidden" name="user" value=user.clone()/>
            <RolePick id=format!("role-{user}") label roles current refused=acts.refused/>
        </ActionForm>
    }
}

fn remove_menu(member: &ProjectMember, acts: Acts) -> impl IntoView + use<> {
    let user = member.user.id.to_string();
    let name = member.user.display_name.clone();
    view! {
        <Menu id=format!("member-{user}") label=format!("Actions for {name}")>
            <ActionForm action=acts.remove>
                <input type="hidden" name="project" value=acts.project.id().to_string()/>
                <input type="hidden" name="user" value=user/>
                <MenuHeading text="They are taken off the open tasks here, unless a team still brings them in."/>
                <MenuItem kind="submit" icon=Icon::Trash danger=true>{format!("Remove {name}")}</MenuItem>
            </ActionForm>
        </Menu>
    }
}
