//! Urgent projects: what rings, who has acknowledged, raising and ending.

use crate::AppError;
use domain::{
    ids::{AlertId, EpisodeId, ProjectId},
    page::Paged,
    permission::PermissionSet,
    urgent::{Alert, Episode, OwnAlert, Reach, Report},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The page of urgent projects.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UrgentProjects {
    /// What rings for oneself.
    pub own: Vec<OwnAlert>,
    /// What goes on.
    pub open: Vec<Episode>,
    /// What is over, the newest first.
    pub over: Paged<Episode>,
    /// Whether urgent alerts are turned on.
    pub rings: bool,
}

/// Everything about one episode.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EpisodeView {
    /// What came of it so far.
    pub report: Report,
    /// One's own alert, if it rings.
    pub own: Option<AlertId>,
    /// What one may do in the project.
    pub permissions: PermissionSet,
}

/// How a project stands, for its page about that.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Standing {
    /// The episode that goes on.
    pub episode: Option<Episode>,
    /// Who would be alerted; nobody for whoever may not raise it.
    pub reach: Vec<Reach>,
    /// Whether urgent alerts are turned on.
    pub rings: bool,
}

/// What a link from an e-mail is about.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LinkedAlert {
    /// The alert.
    pub alert: Alert,
    /// The project's name.
    pub project: String,
    /// Why it is urgent.
    pub reason: String,
}

/// What rings, goes on and is over.
#[server(name = UrgentNow, prefix = "/fn", endpoint = "urgent/now")]
pub async fn urgent_now(#[server(default)] cursor: Option<String>) -> Result<UrgentProjects, AppError> {
    use crate::ssr;
    use domain::{limits, page::Page};
    use services::urgent;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let most = Page::new(Some(limits::PAGE), None);
    Ok(UrgentProjects {
        own: urgent::own(&services, &actor).await?,
        open: urgent::list(&services, &actor, (None, Some(true)), most).await?.items,
        over: urgent::list(&services, &actor, (None, Some(false)), Page::new(None, cursor)).await?,
        rings: services.features.urgent,
    })
}

/// One episode, by its id.
#[server(name = FindEpisode, prefix = "/fn", endpoint = "urgent/find")]
pub async fn find_episode(id: String) -> Result<EpisodeView, AppError> {
    use crate::ssr;
    use domain::{Error, urgent::AlertState};
    use services::Place;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let id: EpisodeId = id.parse().map_err(|_| Error::not_found("episode"))?;
    let report = services::urgent::report(&services, &actor, id).await?;
    let own = report
        .alerts
        .iter()
        .find(|alert| alert.state == AlertState::Ringing && Some(alert.user.id) == actor.user_id)
        .map(|alert| alert.id);
    let permissions = actor.permissions_in(Place::Project(report.episode.project.id));
    Ok(EpisodeView { report, own, permissions })
}

/// How a project stands, and who would be alerted.
#[server(name = ProjectStanding, prefix = "/fn", endpoint = "urgent/standing")]
pub async fn project_standing(project: ProjectId) -> Result<Standing, AppError> {
    use crate::ssr;
    use domain::{Error, permission::Permission};
    use services::urgent;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let episode = urgent::current(&services, &actor, project).await?;
    let may = episode.is_none() && actor.allows(Permission::UrgentRaise, project);
    let reach = if may { urgent::reach(&services, &actor, project).await } else { Ok(Vec::new()) };
    let reach = match reach {
        // What is put away can't be raised; its page says why.
        Err(Error::Refused { .. }) => Vec::new(),
        other => other?,
    };
    Ok(Standing { episode, reach, rings: services.features.urgent })
}

/// Raises a project.
#[server(name = RaiseProject, prefix = "/fn", endpoint = "urgent/raise")]
pub async fn raise_project(
    project: ProjectId,
    #[server(default)] reason: String,
) -> Result<Episode, AppError> {
    use crate::ssr;
    use domain::urgent::NewEpisode;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let new = NewEpisode { id: None, reason };
    let episode = services::urgent::raise(&services, &actor, project, new).await?;
    leptos_axum::redirect(&crate::paths::episode(episode.id));
    Ok(episode)
}

/// Acknowledges one's own alert.
#[server(name = AcknowledgeAlert, prefix = "/fn", endpoint = "urgent/acknowledge")]
pub async fn acknowledge_alert(id: AlertId, #[server(default)] note: String) -> Result<Alert, AppError> {
    use crate::ssr;
    use domain::urgent::{Acknowledge, Via};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let with = Acknowledge { note, via: Some(Via::Page), ..Acknowledge::default() };
    Ok(services::urgent::acknowledge(&services, &actor, id, with).await?)
}

/// Says that a project is not urgent any more.
#[server(name = ResolveEpisode, prefix = "/fn", endpoint = "urgent/resolve")]
pub async fn resolve_episode(id: EpisodeId, #[server(default)] note: String) -> Result<Episode, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::urgent::resolve(&services, &actor, id, &note).await?)
}

/// Silences an episode for so many minutes.
#[server(name = SuspendEpisode, prefix = "/fn", endpoint = "urgent/suspend")]
pub async fn suspend_episode(
    id: EpisodeId,
    minutes: i64,
    #[server(default)] reason: String,
) -> Result<Episode, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let until = services.now().plus_seconds(minutes.clamp(0, 100_000) * 60);
    Ok(services::urgent::suspend(&services, &actor, id, (until, &reason)).await?)
}

/// Lets a suspended episode ring on.
#[server(name = ResumeEpisode, prefix = "/fn", endpoint = "urgent/resume")]
pub async fn resume_episode(id: EpisodeId) -> Result<Episode, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::urgent::resume(&services, &actor, id).await?)
}

/// What a link from an e-mail is about. Needs no sign-in: the link says who it is for.
#[server(name = FindLinkedAlert, prefix = "/fn", endpoint = "urgent/linked")]
pub async fn find_linked_alert(token: String) -> Result<LinkedAlert, AppError> {
    let services = crate::ssr::services()?;
    let (alert, episode) = services::urgent::own_by_link(&services, &token).await?;
    Ok(LinkedAlert { alert, project: episode.project.name, reason: episode.reason })
}

/// Acknowledges by a link from an e-mail.
#[server(name = AcknowledgeLinked, prefix = "/fn", endpoint = "urgent/acknowledge-linked")]
pub async fn acknowledge_linked(token: String) -> Result<Alert, AppError> {
    use crate::ssr;
    let (services, request) = (ssr::services()?, ssr::request()?);
    let from = (request.sign_in.address.as_str(), request.sign_in.request_id.as_str());
    Ok(services::urgent::acknowledge_by_link(&services, &token, from).await?)
}
