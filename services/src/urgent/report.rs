//! What came of an episode: who acknowledged when, what was sent, and what did not arrive.

use super::{readable_episode, shown, shown_alerts};
use crate::{Actor, Services};
use domain::{Result, ids::EpisodeId, limits::urgent as limits, permission::Permission, urgent::Report};

const DAYS: i64 = 30 * 24 * 60 * 60;
/// Failures that are told one by one.
const FAILURES: i64 = 100;

/// The report of an episode, also while it goes on. Whom something did not reach is told to those who may raise or resolve.
///
/// # Errors
/// [`domain::Error::NotFound`].
pub async fn report(services: &Services, actor: &Actor, id: EpisodeId) -> Result<Report> {
    let mut tx = services.db.read().await?;
    let episode = readable_episode(&mut tx, actor, id).await?.episode;
    let project = episode.project.id;
    let alerts = store::urgent::of_episode(&mut tx, id, limits::PEOPLE).await?;
    let may = |permission| actor.allows(permission, project);
    let failures = if may(Permission::UrgentRaise) || may(Permission::UrgentResolve) {
        store::urgent::failures(&mut tx, id, FAILURES).await?
    } else {
        Vec::new()
    };
    let since = episode.raised_at.plus_seconds(-DAYS);
    Ok(Report {
        sends: store::urgent::sends(&mut tx, id).await?,
        failures,
        raised_before: store::urgent::count_raised(&mut tx, project, (since, episode.raised_at)).await?,
        episode: shown(actor, episode),
        alerts: shown_alerts(actor, alerts),
    })
}
