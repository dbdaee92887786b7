//! The history and the outbox, written together in the transaction that changes something.

use crate::{Actor, Services, ports::bus::Changed};
use domain::{
    Result,
    activity::{Action, Change, Tells},
    ids::{ActivityId, ProjectId, TaskId},
};
use store::{
    Tx,
    activity::NewActivity,
    outbox::{self, Message},
};

/// The topic of messages that carry a [`Changed`].
pub const CHANGE: &str = "change";

/// Gathers what a use case changed; [`Journal::commit`] makes rows of it in two statements, however much it is.
pub struct Journal<'s> {
    services: &'s Services,
    actor: &'s Actor,
    rows: Vec<NewActivity>,
}

/// One thing that was done.
pub struct Entry {
    /// What.
    pub action: Action,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
    /// To what, in words: a title, a name.
    pub subject: String,
    /// The fields that changed.
    pub changes: Vec<Change>,
    /// What those who make notifications of it need to know: ids, where the words above have names.
    pub tells: Tells,
}

impl Entry {
    /// `action` on `subject`, in no project.
    pub fn new(action: Action, subject: impl Into<String>) -> Self {
        Self {
            action,
            project_id: None,
            task_id: None,
            subject: subject.into(),
            changes: Vec::new(),
            tells: Tells::default(),
        }
    }

    /// In this project.
    #[must_use]
    pub fn project(mut self, id: ProjectId) -> Self {
        self.project_id = Some(id);
        self
    }

    /// On this task.
    #[must_use]
    pub fn task(mut self, id: TaskId) -> Self {
        self.task_id = Some(id);
        self
    }

    /// With these fields; those that did not change are left out by [`Change::of`].
    #[must_use]
    pub fn changes(mut self, changes: impl IntoIterator<Item = Change>) -> Self {
        self.changes.extend(changes);
        self
    }

    /// Telling this to those who make notifications.
    #[must_use]
    pub fn tells(mut self, tells: Tells) -> Self {
        self.tells = tells;
        self
    }
}

impl<'s> Journal<'s> {
    /// Nothing changed yet.
    pub fn new(services: &'s Services, actor: &'s Actor) -> Self {
        Self { services, actor, rows: Vec::new() }
    }

    /// What the use case works with.
    pub(crate) fn services(&self) -> &'s Services {
        self.services
    }

    /// Who acts.
    pub(crate) fn actor(&self) -> &'s Actor {
        self.actor
    }

    /// Notes something.
    pub fn add(&mut self, entry: Entry) {
        self.rows.push(NewActivity {
            id: ActivityId(self.services.ids.id()),
            at: self.services.now(),
            actor_id: self.actor.user_id,
            project_id: entry.project_id,
            task_id: entry.task_id,
            action: entry.action.as_str(),
            subject: entry.subject,
            changes: entry.changes,
            tells: entry.tells,
        });
    }

    async fn write(self, tx: &mut Tx) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let numbers = store::activity::append(tx, &self.rows).await?;
        let access = tx.bumps_access();
        let messages: Vec<Message> = numbers
            .into_iter()
            .zip(&self.rows)
            .map(|(seq, row)| {
                let changed = Changed {
                    seq,
                    action: row.action.into(),
                    project_id: row.project_id,
                    task_id: row.task_id,
                    actor_id: row.actor_id,
                    access,
                };
                let payload = serde_json::to_string(&changed).unwrap_or_default();
                Message { seq, topic: CHANGE.into(), payload }
            })
            .collect();
        outbox::push(tx, &messages, self.services.now()).await?;
        Ok(())
    }

    /// Writes what was noted, commits and wakes the bus: how every writing use case ends.
    ///
    /// # Errors
    /// What the database says.
    pub async fn commit(self, mut tx: Tx) -> Result<()> {
        let services = self.services;
        self.write(&mut tx).await?;
        tx.commit().await?;
        services.bus.wake();
        Ok(())
    }
}
