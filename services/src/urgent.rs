//! Urgent projects: raised with a reason, they ring for each person until that person acknowledges.
//!
//! `raise` begins an episode, `answer` acknowledges, `ending` resolves and suspends, `engine` is the loop that rings and
//! escalates, `reconcile` lets alerts follow who belongs to the project, `message` is what is said, `policies` how it all
//! goes, `look` and `report` what people see of it.

mod answer;
mod ending;
mod engine;
mod look;
mod message;
mod policies;
mod raise;
mod reconcile;
mod report;

pub use answer::{acknowledge, acknowledge_by_link, own, own_by_link};
pub use ending::{resolve, resume, suspend};
pub use engine::tick;
pub use look::{alerts, current, find, list};
pub use policies::{
    of_project as policy_of_project, of_workspace as policy_of_workspace, reset as reset_policy,
    set_of_project as set_policy_of_project, set_of_workspace as set_policy_of_workspace,
    test as test_policy,
};
pub use raise::{raise, reach};
pub use report::report;

pub(crate) use ending::project_turned;

use crate::{Actor, Services, deliveries, ports::bus::Personal, projects::readable};
use domain::{
    Error, Result,
    ids::{AlertId, EpisodeId, UserId},
    limits::urgent as limits,
    permission::Permission,
    urgent::{Alert, Episode},
    validate,
};
use store::{Tx, urgent::EpisodeRow};
use uuid::Uuid;

/// The episode for people outside the program: whoever may not change how the project rings sees of its webhooks only
/// where they lead.
fn shown(actor: &Actor, mut episode: Episode) -> Episode {
    if !actor.allows(Permission::UrgentPolicy, episode.project.id) {
        episode.policy = episode.policy.masked();
    }
    episode
}

/// The alerts for people outside the program: which browser somebody used is their own business.
fn shown_alerts(actor: &Actor, mut alerts: Vec<Alert>) -> Vec<Alert> {
    for alert in alerts.iter_mut().filter(|alert| Some(alert.user.id) != actor.user_id) {
        if let Some(acknowledgement) = &mut alert.acknowledgement {
            acknowledgement.device_id = None;
        }
    }
    alerts
}

/// An episode of a project that the actor may see.
async fn readable_episode(tx: &mut Tx, actor: &Actor, id: EpisodeId) -> Result<EpisodeRow> {
    let not_found = || Error::not_found("episode");
    let row = store::urgent::by_id(tx, id).await?.ok_or_else(not_found)?;
    readable(tx, actor, row.episode.project.id).await.map_err(|error| error.about("episode"))?;
    Ok(row)
}

/// What somebody says besides.
fn check_note(field: &str, note: &str) -> Result<String> {
    validate::text(note.trim(), limits::NOTE)
        .map_err(|problem| Error::field(field, problem.code, problem.message))
}

/// What has to be said.
fn check_reason(field: &str, reason: &str) -> Result<String> {
    validate::required_text(reason.trim(), domain::limits::REASON)
        .map_err(|problem| Error::field(field, problem.code, problem.message))
}

/// Takes back what is queued about alerts and an episode.
async fn take_back(
    services: &Services,
    tx: &mut Tx,
    alerts: impl Iterator<Item = AlertId>,
    episode: Option<EpisodeId>,
) -> Result<()> {
    let references: Vec<Uuid> = alerts.map(AlertId::uuid).chain(episode.map(EpisodeId::uuid)).collect();
    deliveries::drop_queued(services, tx, &references).await.map(drop)
}

/// After a commit: the browsers of these people ask what rings.
pub(crate) fn tell(services: &Services, people: Vec<UserId>) {
    services.tell(Personal::Urgent, people);
}
