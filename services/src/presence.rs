//! Who looks at which task right now. It is known to this process only, and only while pages go on saying so: it is for
//! people to notice each other, nothing depends on it.

use crate::{Actor, Services, authorize, ports::bus::Event, tasks};
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
    let (me, now) =
        (UserRef { id: user, username: me.username, display_name: me.display_name }, services.now());
    services.presence.forget(now);
    let (changed, mut people) = services.presence.at(task, now, |here| {
        here.insert(user, (me, now));
    });
    if changed {
        services.bus.publish(Event::Present(found.project.id, task));
    }
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
    let (changed, _) = services.presence.at(task, services.now(), |here| {
        here.remove(&user);
    });
    if changed {
        services.bus.publish(Event::Present(found.project.id, task));
    }
    Ok(())
}
