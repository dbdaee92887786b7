//! Teams and who is in them.

use crate::AppError;
use domain::{
    ids::{TeamId, UserId},
    page::Paged,
    team::Team,
    user::UserRef,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Teams by name.
#[server(name = ListTeams, prefix = "/fn", endpoint = "team/list")]
pub async fn list_teams(#[server(default)] cursor: Option<String>) -> Result<Paged<Team>, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let page = domain::page::Page::new(None, cursor);
    Ok(services::teams::list(&services, &actor, page).await?)
}

/// A team with its people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamView {
    /// The team.
    pub team: Team,
    /// Who is in it.
    pub members: Vec<UserRef>,
}

/// One team.
#[server(name = FindTeam, prefix = "/fn", endpoint = "team/find")]
pub async fn find_team(id: String) -> Result<TeamView, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let id = id.parse().map_err(|_| domain::Error::not_found("team"))?;
    let team = services::teams::find(&services, &actor, id).await?;
    let members = services::teams::members(&services, &actor, id).await?;
    Ok(TeamView { team, members })
}

/// Makes a team, led by whoever makes it when `lead` is ticked.
#[server(name = CreateTeam, prefix = "/fn", endpoint = "team/create")]
pub async fn create_team(
    name: String,
    #[server(default)] description: String,
    #[server(default)] lead: bool,
) -> Result<Team, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let lead_id = if lead { actor.user_id } else { None };
    let new = domain::team::NewTeam { id: None, name, description, lead_id, members: Vec::new() };
    let team = services::teams::create(&services, &actor, new).await?;
    leptos_axum::redirect(&crate::paths::team(team.id));
    Ok(team)
}

/// Changes a team's name, description and lead. A blank lead is nobody.
#[server(name = UpdateTeam, prefix = "/fn", endpoint = "team/update")]
pub async fn update_team(
    id: TeamId,
    version: i64,
    name: String,
    #[server(default)] description: String,
    #[server(default)] lead_id: String,
) -> Result<Team, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let lead_id = match lead_id.as_str() {
        "" => None,
        id => Some(id.parse().map_err(|_| {
            domain::Error::field("lead_id", "unknown", "Choose one of the team’s people, or nobody.")
        })?),
    };
    let edit = domain::team::EditTeam {
        version,
        name: Some(name),
        description: Some(description),
        lead_id: Some(lead_id),
    };
    Ok(services::teams::update(&services, &actor, id, edit).await?)
}

/// Removes a team; its people lose what it gave them in projects.
#[server(name = DeleteTeam, prefix = "/fn", endpoint = "team/delete")]
pub async fn delete_team(id: TeamId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::teams::delete(&services, &actor, id).await?;
    leptos_axum::redirect(crate::paths::TEAMS);
    Ok(())
}

/// Takes a person into a team, by user name.
#[server(name = AddTeamMember, prefix = "/fn", endpoint = "team/add-member")]
pub async fn add_team_member(id: TeamId, username: String) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let user = super::people::named::find(&services, &actor, &username).await?;
    services::teams::add_member(&services, &actor, id, user.id).await?;
    Ok(())
}

/// Takes a person out of a team.
#[server(name = RemoveTeamMember, prefix = "/fn", endpoint = "team/remove-member")]
pub async fn remove_team_member(id: TeamId, user_id: UserId) -> Result<(), AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    services::teams::remove_member(&services, &actor, id, user_id).await?;
    Ok(())
}
