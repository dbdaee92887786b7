//! Where parts of the program hear of changes. In one process it is a channel; several servers also tell each other.

use domain::ids::{ProjectId, TaskId, UserId};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tokio::sync::{Mutex, Notify, broadcast};

/// What parts of the program tell each other: ids only, so that whoever hears of something still has to ask whether
/// they may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The history has a new row. Comes from the outbox, in the order of the history, and may come twice.
    Changed(Changed),
    /// Something of these people's own changed. They are sorted.
    People(Personal, Arc<[UserId]>),
    /// Who looks at a task of this project changed.
    Present(ProjectId, TaskId),
    /// A person was signed out, somewhere or everywhere: what they have open must ask again whether it may stay.
    SignedOut(UserId),
    /// Other servers may have said something that was not heard here. Not of the history: that comes from the outbox.
    Missed,
}

/// What a person has for themself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Personal {
    /// Notifications.
    Inbox,
    /// Alerts of urgent projects.
    Urgent,
}

/// A row of the history, as the outbox carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The number of the change.
    pub seq: i64,
    /// What was done, `thing.verb`.
    pub action: String,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
    /// Who did it.
    #[serde(default)]
    pub actor_id: Option<UserId>,
    /// Whether somebody's permissions may have changed with it.
    #[serde(default)]
    pub access: bool,
}

/// That somebody looks at a task, or does not any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Looking {
    /// Of which project the task is.
    pub project: ProjectId,
    /// At which task.
    pub task: TaskId,
    /// Who.
    pub user: UserId,
    /// Whether they look at it.
    pub here: bool,
}

/// How a server stands with the others on its database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// No way to them is configured.
    None,
    /// They hear each other.
    Up,
    /// They don't, at the moment.
    Down,
}

/// Carries events from the outbox to whoever listens.
pub trait Bus: Send + Sync {
    /// Says that a transaction with messages was committed, so that servers read the outbox. Never waits.
    fn wake(&self);
    /// Ends once [`Bus::wake`] was called since the last time.
    fn woken(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// The number of the last message of the outbox that was handed to those who listen here.
    fn handed(&self) -> &Mutex<i64>;
    /// Hands an event to those who listen now: here, and (but for [`Event::Changed`], which each server reads from the
    /// outbox) at other servers. Never waits.
    fn publish(&self, event: Event);
    /// Listens from now on; slow listeners lose the oldest events and are told so.
    fn subscribe(&self) -> broadcast::Receiver<Event>;
    /// Tells other servers who looks at a task. Never waits.
    fn look(&self, _: Looking) {}
    /// How it stands with other servers.
    fn link(&self) -> Link {
        Link::None
    }
}

/// The bus within one process.
#[derive(Debug)]
pub struct LocalBus {
    woken: Notify,
    handed: Mutex<i64>,
    events: broadcast::Sender<Event>,
}

impl Default for LocalBus {
    fn default() -> Self {
        Self { woken: Notify::new(), handed: Mutex::new(-1), events: broadcast::channel(1024).0 }
    }
}

impl Bus for LocalBus {
    fn wake(&self) {
        self.woken.notify_one();
    }

    fn woken(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.woken.notified())
    }

    fn handed(&self) -> &Mutex<i64> {
        &self.handed
    }

    fn publish(&self, event: Event) {
        // No listeners is not an error.
        let _ = self.events.send(event);
    }

    fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}
