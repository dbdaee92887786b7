//! Where parts of the program hear of changes. In one process it is a channel; several instances need a shared one.

use domain::ids::{ProjectId, TaskId};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast};

/// That something changed: ids only, so that whoever hears of it still has to ask whether they may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// The number of the change.
    pub seq: i64,
    /// What was done, `thing.verb`.
    pub action: String,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
}

/// Carries events from the outbox to whoever listens.
pub trait Bus: Send + Sync {
    /// Says that a transaction with messages was committed. Never waits.
    fn wake(&self);
    /// Ends once [`Bus::wake`] was called since the last time.
    fn woken(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>>;
    /// Hands an event to those who listen now.
    fn publish(&self, event: Event);
    /// Listens from now on; slow listeners lose the oldest events and are told so.
    fn subscribe(&self) -> broadcast::Receiver<Event>;
}

/// The bus within one process.
#[derive(Debug)]
pub struct LocalBus {
    woken: Notify,
    events: broadcast::Sender<Event>,
}

impl Default for LocalBus {
    fn default() -> Self {
        Self { woken: Notify::new(), events: broadcast::channel(1024).0 }
    }
}

impl Bus for LocalBus {
    fn wake(&self) {
        self.woken.notify_one();
    }

    fn woken(&self) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(self.woken.notified())
    }

    fn publish(&self, event: Event) {
        // No listeners is not an error.
        let _ = self.events.send(event);
    }

    fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }
}
