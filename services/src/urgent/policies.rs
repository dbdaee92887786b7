//! How urgent projects ring: the workspace's policy, and a project's own over it.

use crate::{
    Actor, Place, Services,
    audit::{self, Act},
    authorize,
    journal::{Entry, Journal},
    projects::{changeable, readable},
};
use domain::{
    Error, Result,
    activity::Action,
    ids::{ProjectId, RoleId, UserId},
    permission::Permission,
    urgent::{KeptPolicy, Policy, Step, TestLine, Who},
};
use serde::{Deserialize, Serialize};
use store::{Tx, settings, urgent};

/// The name of the workspace's policy among its settings.
const SETTING: &str = "urgent_policy";
/// Seconds of a test, and its lines.
const TEST_SECONDS: i64 = 60 * 60;
const TEST_LINES: usize = 60;

/// The workspace's policy as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    version: i64,
    policy: Policy,
}

/// The policy that counts: the project's own, the workspace's, or the usual one.
pub(super) async fn effective(tx: &mut Tx, project: Option<ProjectId>) -> Result<KeptPolicy> {
    if let Some(project) = project
        && let Some((policy, version)) = urgent::find_policy(tx, project).await?
    {
        return Ok(KeptPolicy { policy, own: true, version });
    }
    let kept = settings::find(tx, SETTING).await?.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
    let of_workspace = project.is_none();
    Ok(match kept {
        Some(kept) => KeptPolicy {
            policy: kept.policy,
            own: of_workspace,
            version: if of_workspace { kept.version } else { 0 },
        },
        None => KeptPolicy { policy: Policy::default(), own: false, version: 0 },
    })
}

/// The policy of a project.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn of_project(services: &Services, actor: &Actor, project: ProjectId) -> Result<KeptPolicy> {
    let mut tx = services.db.read().await?;
    readable(&mut tx, actor, project).await?;
    let kept = effective(&mut tx, Some(project)).await?;
    Ok(shown(kept, actor.allows(Permission::UrgentPolicy, project)))
}

/// The policy of projects without one of their own, for anyone who is signed in.
///
/// # Errors
/// What the database says.
pub async fn of_workspace(services: &Services, actor: &Actor) -> Result<KeptPolicy> {
    let mut tx = services.db.read().await?;
    let kept = effective(&mut tx, None).await?;
    Ok(shown(kept, actor.allows(Permission::WorkspaceManage, Place::Workspace)))
}

/// The policy as it is for whoever may change it; others see of its webhooks only where they lead.
fn shown(kept: KeptPolicy, whole: bool) -> KeptPolicy {
    if whole { kept } else { KeptPolicy { policy: kept.policy.masked(), ..kept } }
}

/// Gives a project a policy of its own over `version` (0: it has none yet). What rings already goes on as it began.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without `urgent.policy`, [`Error::Invalid`], [`Error::Conflict`].
pub async fn set_of_project(
    services: &Services,
    actor: &Actor,
    id: ProjectId,
    (version, policy): (i64, Policy),
) -> Result<KeptPolicy> {
    let mut tx = services.db.write().await?;
    let project = changeable(&mut tx, actor, Permission::UrgentPolicy, id).await?;
    let policy = checked(services, &mut tx, policy).await?;
    let before = effective(&mut tx, Some(id)).await?;
    if before.version != version {
        return Err(stale(&before));
    }
    if before.own {
        urgent::update_policy(&mut tx, id, &policy, version).await?;
    } else {
        urgent::insert_policy(&mut tx, id, &policy).await?;
    }
    audit::note(&mut tx, services, actor, Act::done("urgent_policy.updated", "project", id)).await?;
    finish(services, actor, tx, Entry::new(Action::UrgentPolicyUpdated, project.name).project(id)).await?;
    Ok(KeptPolicy { policy, own: true, version: version + 1 })
}

/// Takes a project's own policy away: the workspace's counts again.
///
/// # Errors
/// As [`set_of_project`].
pub async fn reset(services: &Services, actor: &Actor, id: ProjectId, version: i64) -> Result<KeptPolicy> {
    let mut tx = services.db.write().await?;
    let project = changeable(&mut tx, actor, Permission::UrgentPolicy, id).await?;
    let before = effective(&mut tx, Some(id)).await?;
    if !before.own {
        return Ok(before);
    }
    if !urgent::remove_policy(&mut tx, id, version).await? {
        return Err(stale(&before));
    }
    let after = effective(&mut tx, Some(id)).await?;
    audit::note(&mut tx, services, actor, Act::done("urgent_policy.reset", "project", id)).await?;
    finish(services, actor, tx, Entry::new(Action::UrgentPolicyUpdated, project.name).project(id)).await?;
    Ok(after)
}

/// Changes the policy of projects without one of their own.
///
/// # Errors
/// [`Error::Forbidden`] without `workspace.manage`, [`Error::Invalid`], [`Error::Conflict`].
pub async fn set_of_workspace(
    services: &Services,
    actor: &Actor,
    (version, policy): (i64, Policy),
) -> Result<KeptPolicy> {
    authorize::in_workspace(actor, Permission::WorkspaceManage)?;
    let mut tx = services.db.write().await?;
    let policy = checked(services, &mut tx, policy).await?;
    let before = effective(&mut tx, None).await?;
    if before.version != version {
        return Err(stale(&before));
    }
    let kept = Kept { version: version + 1, policy };
    settings::put(&mut tx, SETTING, serde_json::to_string(&kept).unwrap_or_default()).await?;
    audit::note(&mut tx, services, actor, Act::done("urgent_policy.updated", "workspace", uuid::Uuid::nil()))
        .await?;
    finish(services, actor, tx, Entry::new(Action::UrgentPolicyUpdated, "Workspace")).await?;
    Ok(KeptPolicy { policy: kept.policy, own: true, version: kept.version })
}

/// What would happen in the first hour if the project were raised now with `policy` (`None`: with the one that counts)
/// and nobody acknowledged. Nobody is alerted.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`] without `urgent.policy`, [`Error::Invalid`].
pub async fn test(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    policy: Option<Policy>,
) -> Result<Vec<TestLine>> {
    let mut tx = services.db.read().await?;
    changeable(&mut tx, actor, Permission::UrgentPolicy, project).await?;
    let policy = match policy {
        Some(policy) => checked(services, &mut tx, policy).await?,
        None => effective(&mut tx, Some(project)).await?.policy,
    };
    let members = urgent::would_be_alerted(&mut tx, project).await?;
    let lines = policy.timetable(TEST_SECONDS, TEST_LINES);
    let steps: Vec<(ProjectId, &Step)> = policy.steps.iter().map(|step| (project, step)).collect();
    let of_steps = urgent::of_steps(&mut tx, &steps).await?;
    Ok(lines
        .into_iter()
        .map(|planned| TestLine {
            people: match planned.step {
                Some(step) => of_steps.get(&step).cloned().unwrap_or_default(),
                None => members.iter().map(|(person, _)| person.clone()).collect(),
            },
            planned,
        })
        .collect())
}

/// The policy in order, if it rings and everybody whom it names is there.
async fn checked(services: &Services, tx: &mut Tx, policy: Policy) -> Result<Policy> {
    let policy = policy.check()?;
    for step in &policy.steps {
        if let (Who::Webhook { url }, Some(hook)) = (&step.who, &services.outlets.hook)
            && let Err(why) = hook.accepts(url)
        {
            return Err(Error::field("steps", "not_allowed", why));
        }
    }
    let roles: Vec<RoleId> = policy
        .steps
        .iter()
        .filter_map(|step| if let Who::Role { role_id } = step.who { Some(role_id) } else { None })
        .collect();
    let people: Vec<UserId> = policy
        .steps
        .iter()
        .filter_map(|step| if let Who::Person { user_id } = step.who { Some(user_id) } else { None })
        .collect();
    if !roles.is_empty() {
        let there = store::roles::list(tx).await?;
        if !roles.iter().all(|id| there.iter().any(|role| role.id == *id)) {
            return Err(Error::field(
                "steps",
                "unknown",
                "A role in these steps is not there any more. Choose another.",
            ));
        }
    }
    let there = store::people::active(tx, &people).await?;
    if !people.iter().all(|id| there.iter().any(|person| person.id == *id)) {
        return Err(Error::field(
            "steps",
            "unknown",
            "A person in these steps is not active. Choose another.",
        ));
    }
    Ok(policy)
}

async fn finish(services: &Services, actor: &Actor, tx: Tx, entry: Entry) -> Result<()> {
    let mut journal = Journal::new(services, actor);
    journal.add(entry);
    journal.commit(tx).await
}

fn stale(current: &KeptPolicy) -> Error {
    Error::conflict("policy", serde_json::to_string(current).unwrap_or_default())
}
