//! Who looks at which task right now. It is known in memory only, each server tells the others, and only while pages go on
//! saying so: it is for people to notice each other, nothing depends on it.

use crate::{
    Actor, Services, authorize,
    ports::bus::{Event, Looking},
    tasks,
};
use domain::{
    Error, Result,
    ids::{TaskId, UserId},
    time::Timestamp,
    user::UserRef,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// How long a page counts as open since it last said so; pages say it every [`EVERY_SECONDS`].
const STAYS_SECONDS: i64 = 45;
/// How often an open page says that it is.
pub const EVERY_SECONDS: u32 = 20;
/// People shown at one task.
const MOST: usize = 20;

type Here = HashMap<UserId, (UserRef, Timestamp)>;

/// Who looks at which task. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Presence(Arc<Mutex<HashMap<TaskId, Here>>>);

impl Presence {
    /// Runs `change` on those at a task who are still there; gives whether it made them other people, and who they are.
    fn at(&self, task: TaskId, now: Timestamp, change: impl FnOnce(&mut Here)) -> (bool, Vec<UserRef>) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = tasks.entry(task).or_default();
        let before = here.len();
        here.retain(|_, (_, seen)| now.seconds_since(*seen) < STAYS_SECONDS);
        let stayed = here.len();
        change(here);
        let changed = stayed != before || here.len() != stayed;
        let mut people: Vec<UserRef> = here.values().map(|(user, _)| user.clone()).collect();
        if here.is_empty() {
            tasks.remove(&task);
        }
        people.sort_by(|a, b| a.display_name.cmp(&b.display_name).then(a.id.cmp(&b.id)));
        (changed, people)
    }

    /// Somebody who is at the task, as far as is known.
    fn known(&self, task: TaskId, user: UserId) -> Option<UserRef> {
        let tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some(tasks.get(&task)?.get(&user)?.0.clone())
    }

    /// Forgets whoever has not said anything for a while: pages that were closed without a word.
    fn forget(&self, now: Timestamp) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.retain(|_, here| here.values().any(|(_, seen)| now.seconds_since(*seen) < STAYS_SECONDS));
    }
}

/// Says that the person looks at the task; gives who else does.
///
/// # Errors
/// [`Error::NotFound`] for a task that they may not see.
pub async fn here(services: &Services, actor: &Actor, task: TaskId) -> Result<Vec<UserRef>> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.read().await?;
    let found = tasks::readable(&mut tx, actor, task).await?;
    let me = store::users::find(&mut tx, user).await?.ok_or(Error::Unauthenticated)?;
    drop(tx);
    let looking = Looking { project: found.project.id, task, user, here: true };
    services.bus.look(looking);
    let mut people = note(services, looking, Some(me.into()));
    people.retain(|other| other.id != user);
    people.truncate(MOST);
    Ok(people)
}

/// Says that the person has left the task's page.
///
/// # Errors
/// [`Error::NotFound`] for a task that they may not see.
pub async fn left(services: &Services, actor: &Actor, task: TaskId) -> Result<()> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.read().await?;
    let found = tasks::readable(&mut tx, actor, task).await?;
    drop(tx);
    let looking = Looking { project: found.project.id, task, user, here: false };
    services.bus.look(looking);
    note(services, looking, None);
    Ok(())
}

/// What another server says. It has asked whether they may see the task; whoever is told of it here is asked again.
///
/// # Errors
/// What the database says.
pub async fn heard(services: &Services, looking: Looking) -> Result<()> {
    let who = match services.presence.known(looking.task, looking.user) {
        None if looking.here => {
            let mut tx = services.db.peek().await?;
            let Some(user) = store::users::find(&mut tx, looking.user).await? else { return Ok(()) };
            Some(user.into())
        }
        known => known.filter(|_| looking.here),
    };
    note(services, looking, who);
    Ok(())
}

/// Notes that `who` is at the task, or that nobody of that id is; gives who is there now.
fn note(services: &Services, looking: Looking, who: Option<UserRef>) -> Vec<UserRef> {
    let now = services.now();
    services.presence.forget(now);
    let (changed, people) = services.presence.at(looking.task, now, |here| match who {
        Some(who) => drop(here.insert(looking.user, (who, now))),
        None => drop(here.remove(&looking.user)),
    });
    if changed {
        services.bus.publish(Event::Present(looking.project, looking.task));
    }
    people
}
