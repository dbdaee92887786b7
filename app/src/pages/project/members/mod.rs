//! Who belongs to a project, and through what.

mod add;
mod people;
mod teams;

use crate::{
    AppError,
    api::{
        member::{ProjectPeople, project_members, teams_to_add},
        role::list_roles,
    },
    components::{AsyncPanel, Panel, SkeletonRows},
    features::project_page::{OpenProject, ProjectPage},
    paths,
};
use domain::{
    ids::ProjectId,
    permission::{Permission, PermissionSet, Scope},
    role::Role,
    team::Team,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// People and teams with their roles; for those who may, ways to change that.
#[component]
pub fn ProjectMembersPage() -> impl IntoView {
    view! {
        <ProjectPage title="Members" let:project>
            <div class="page"><Members project/></div>
        </ProjectPage>
    }
}

/// What the page shows and offers.
#[derive(Clone, Serialize, Deserialize)]
struct Membership {
    people: ProjectPeople,
    roles: Vec<Role>,
    teams: Vec<Team>,
}

async fn load(project: ProjectId, may_change: bool) -> Result<Membership, AppError> {
    let people = project_members(project).await?;
    let (roles, teams) =
        if may_change { (list_roles().await?, teams_to_add().await?) } else { (Vec::new(), Vec::new()) };
    Ok(Membership { people, roles, teams })
}

#[component]
fn Members(project: OpenProject) -> impl IntoView {
    let may_change = Memo::new(move |_| project.may(Permission::ProjectMembers));
    let changes = RwSignal::new(0_u32);
    // After each change the list and the header's faces follow.
    let changed = Callback::new(move |()| {
        changes.update(|count| *count += 1);
        project.reload();
    });
    let membership = Resource::new(
        move || (project.id(), may_change.get(), changes.get()),
        |(id, may_change, _)| load(id, may_change),
    );
    view! {
        <AsyncPanel resource=membership loading=|| view! { <SkeletonRows count=8/> } let:membership>
            {
                let Membership { people, roles, teams } = membership;
                let roles = grantable(roles, project.view().with_untracked(|view| view.permissions));
                let others = not_added(teams, &people);
                let may_change = may_change.get_untracked();
                view! {
                    {may_change.then(|| view! { <add::AddPeople project changed roles=roles.clone() teams=others/> })}
                    <people::People project changed may_change roles=roles.clone() members=people.members/>
                    <teams::Teams project changed may_change roles teams=people.teams/>
                }
            }
        </AsyncPanel>
        <How/>
    }
}

/// Roles that mean something in a project and allow nothing there that the giver may not do: the service refuses others.
fn grantable(mut roles: Vec<Role>, own: PermissionSet) -> Vec<Role> {
    roles.retain(|role| {
        role.permissions.contains(Permission::ProjectView)
            && role.permissions.of_scope(Scope::Project).iter().all(|permission| own.contains(permission))
    });
    roles
}

fn not_added(mut teams: Vec<Team>, people: &ProjectPeople) -> Vec<Team> {
    teams.retain(|team| people.teams.iter().all(|there| there.team_id != team.id));
    teams
}

/// Whoever wonders why somebody may do something here reads this.
#[component]
fn How() -> impl IntoView {
    view! {
        <Panel id="how" title="How access works">
            <div class="prose">
                <ul>
                    <li>"A role says what someone may do in this project. " <a href=paths::ROLES>"What each role allows"</a></li>
                    <li>
                        "Everyone in a team that was added here has the team’s role here, as long as they are in the team. \
                         Such a way in is changed on the team’s page, or by the team’s role below."
                    </li>
                    <li>"Someone with several ways in may do whatever any of them allows."</li>
                    <li>
                        "Some workspace roles reach every project without standing in this list. "
                        <a href=paths::WHY>"Why may someone, or not?"</a>
                    </li>
                </ul>
            </div>
        </Panel>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ids::RoleId, role::starting_roles};

    #[test]
    fn nobody_is_offered_a_role_that_reaches_beyond_their_own() {
        let roles: Vec<Role> = starting_roles()
            .into_iter()
            .map(|(name, _, permissions)| Role {
                id: RoleId(uuid::Uuid::nil()),
                name: name.into(),
                description: String::new(),
                permissions,
                version: 1,
            })
            .collect();
        let member = roles.iter().find(|role| role.name == "Member").expect("it is one of them").permissions;
        let offered: Vec<_> = grantable(roles, member).into_iter().map(|role| role.name).collect();
        assert_eq!(offered, ["Member", "Commenter", "Viewer"]);
    }
}
