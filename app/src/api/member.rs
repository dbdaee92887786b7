//! Who belongs to a project: people and teams, each with a role there.

use crate::AppError;
use domain::{
    ids::{ProjectId, RoleId, TeamId, UserId},
    project::{ProjectMember, ProjectTeam},
    team::Team,
    user::UserRef,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Every way into a project.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectPeople {
    /// People; those of a team stand once more for each team.
    pub members: Vec<ProjectMember>,
    /// Teams.
    pub teams: Vec<ProjectTeam>,
}

/// The people and teams of a project.
#[server(name = ProjectMembers, prefix = "/fn", endpoint = "member/list")]
pub async fn project_members(project: ProjectId) -> Result<ProjectPeople, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let (members, teams) = services::project_members::list(&services, &actor, project).await?;
    Ok(ProjectPeople { members, teams })
}

/// Who may be given work in a project, by name.
#[server(name = AssignablePeople, prefix = "/fn", endpoint = "member/assignable")]
pub async fn assignable_people(project: ProjectId) -> Result<Vec<UserRef>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::project_members::people(&services, &actor, project).await?)
}

/// Adds a person by user name.
#[server(name = AddMember, prefix = "/fn", endpoint = "member/add")]
pub async fn add_member(
    project: ProjectId,
    #[server(default)] username: String,
    role_id: RoleId,
) -> Result<UserRef, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let wanted = username.trim();
    let found = services::users::options(&services, &actor, wanted).await?;
    let person =
        found.into_iter().find(|person| person.username.eq_ignore_ascii_case(wanted)).ok_or_else(|| {
            domain::Error::field(
                "username",
                "unknown",
                "Choose a person from the suggestions, or type a whole user name.",
            )
        })?;
    services::project_members::add_user(&services, &actor, project, person.id, role_id).await?;
    Ok(person)
}

/// Gives a person another role.
#[server(name = SetMemberRole, prefix = "/fn", endpoint = "member/role")]
pub async fn set_member_role(project: ProjectId, user: UserId, role_id: RoleId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::project_members::set_user_role(&services, &actor, project, user, role_id).await?)
}

/// Takes a person out of a project.
#[server(name = RemoveMember, prefix = "/fn", endpoint = "member/remove")]
pub async fn remove_member(project: ProjectId, user: UserId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::project_members::remove_user(&services, &actor, project, user).await?)
}

/// The workspace's teams, to choose one from; none for those who may not see teams.
#[server(name = TeamsToAdd, prefix = "/fn", endpoint = "member/team/options")]
pub async fn teams_to_add() -> Result<Vec<Team>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = domain::page::Page::new(Some(domain::limits::PAGE), None);
    match services::teams::list(&services, &actor, page).await {
        Ok(teams) => Ok(teams.items),
        Err(domain::Error::Forbidden { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// Adds a team.
#[server(name = AddProjectTeam, prefix = "/fn", endpoint = "member/team/add")]
pub async fn add_project_team(
    project: ProjectId,
    #[server(default)] team_id: String,
    role_id: RoleId,
) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let team = team_id
        .parse()
        .map_err(|_| domain::Error::field("team_id", "unknown", "Choose a team from the list."))?;
    Ok(services::project_members::add_team(&services, &actor, project, team, role_id).await?)
}

/// Gives a team another role.
#[server(name = SetProjectTeamRole, prefix = "/fn", endpoint = "member/team/role")]
pub async fn set_project_team_role(
    project: ProjectId,
    team: TeamId,
    role_id: RoleId,
) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::project_members::set_team_role(&services, &actor, project, team, role_id).await?)
}

/// Takes a team out of a project.
#[server(name = RemoveProjectTeam, prefix = "/fn", endpoint = "member/team/remove")]
pub async fn remove_project_team(project: ProjectId, team: TeamId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::project_members::remove_team(&services, &actor, project, team).await?)
}
