//! The task that a page is about, as it is now.

use super::live::{Touched, follow};
use crate::{AppError, api::task::load_task};
use domain::{
    Error,
    ids::TaskId,
    permission::Permission,
    project::ProjectRef,
    task::{Lifecycle, Task, TaskSummary, TaskView},
};
use leptos::{
    prelude::*,
    server::ServerAction,
    server_fn::{Http, ServerFn, codec::PostUrl},
};
use serde::de::DeserializeOwned;

/// A task and its surroundings. Copy it into closures; reading it follows later changes.
#[derive(Clone, Copy)]
pub struct OpenTask {
    view: RwSignal<TaskView>,
    load: Action<(), Result<TaskView, AppError>>,
    /// How often it became what someone else made of it.
    foreign: RwSignal<u32>,
    /// How often something was written, or found out.
    touched: RwSignal<u32>,
    gone: RwSignal<bool>,
}

impl OpenTask {
    /// As the server gave it.
    pub fn new(view: TaskView) -> Self {
        let key = view.task.summary.key.clone();
        let task = Self {
            view: RwSignal::new(view),
            load: Action::new(move |(): &()| load_task(key.clone())),
            foreign: RwSignal::new(0),
            touched: RwSignal::new(0),
            gone: RwSignal::new(false),
        };
        follow(move |touched| task.is_shown(touched), move || task.touch());
        Effect::new(move |_| match task.load.value().get() {
            Some(Ok(now)) => task.look_again(now),
            Some(Err(error)) if error.is_not_found() => task.gone.set(true),
            // What could not be had leaves the last one standing.
            Some(Err(AppError::Service(_) | AppError::Network)) | None => {}
        });
        task
    }

    /// Its id; never changes while the page stands.
    pub fn id(self) -> TaskId {
        self.view.with_untracked(|view| view.task.summary.id)
    }

    /// Its key; never changes while the page stands.
    pub fn key(self) -> String {
        self.view.with_untracked(|view| view.task.summary.key.clone())
    }

    /// Its project; never changes while the page stands.
    pub fn project(self) -> ProjectRef {
        self.view.with_untracked(|view| view.project.clone())
    }

    /// Something of it and its surroundings, as they are now.
    pub fn with<T>(self, read: impl FnOnce(&TaskView) -> T) -> T {
        self.view.with(read)
    }

    /// Something of it, as it is now, for rows and badges.
    pub fn of<T>(self, read: impl FnOnce(&TaskSummary) -> T) -> T {
        self.view.with(|view| read(&view.task.summary))
    }

    /// It as it is now, without following it.
    pub fn now(self) -> Task {
        self.view.with_untracked(|view| view.task.clone())
    }

    /// What its forms send as the version that was seen.
    pub fn version(self) -> i64 {
        self.of(|task| task.version)
    }

    /// Whether to offer a control: the caller has the permission, and neither the task nor its project is put away (or
    /// it is what brings it back).
    pub fn may(self, permission: Permission) -> bool {
        self.view.with(|view| may(view, permission))
    }

    /// Whether it is not there any more, for this person.
    pub fn gone(self) -> bool {
        self.gone.get()
    }

    /// How often it became what someone else made of it, for controls that keep what a person does with them until then.
    pub fn foreign_changes(self) -> u32 {
        self.foreign.get()
    }

    /// Follows every change, for what is loaded by itself.
    pub fn track_touched(self) -> u32 {
        self.touched.get()
    }

    /// Takes over what one's own write gave back, if the page still stands.
    pub fn set(self, task: Task) {
        self.take(|view| view.task = task);
        self.touch();
    }

    /// As [`Self::set`], with the description as it looks.
    pub fn set_text(self, task: Task, description_html: String) {
        self.take(|view| {
            view.task = task;
            view.description_html = description_html;
        });
        self.touch();
    }

    /// Takes over what someone else made of it.
    pub fn set_theirs(self, task: Task) {
        self.set(task);
        self.foreign.try_update(|times| *times = times.wrapping_add(1));
    }

    /// Takes over what someone else made of it whenever `action` is refused for that, so that the next try is of now.
    pub fn learn_from<S, P>(self, action: ServerAction<S>)
    where
        S: ServerFn<Error = AppError, Output = Task, Protocol = Http<PostUrl, P>>
            + Clone
            + Send
            + Sync
            + 'static,
    {
        let (version, value) = (action.version(), action.value());
        Effect::new(move |seen: Option<usize>| {
            let sent = version.get();
            let error =
                value.with_untracked(|value| value.as_ref().and_then(|value| value.as_ref().err().cloned()));
            if seen.is_some_and(|seen| seen != sent)
                && let Some(theirs) = theirs::<Task>(error.as_ref())
            {
                self.set_theirs(theirs);
            }
            sent
        });
    }

    /// Shows a new sub-task at once.
    pub fn add_child(self, child: TaskSummary) {
        self.take(|view| {
            view.task.summary.child_count += 1;
            view.children.push(child);
        });
        self.touch();
    }

    /// Asks the server again: after a write that changes its surroundings.
    pub fn touch(self) {
        if self.touched.try_update(|times| *times = times.wrapping_add(1)).is_some() {
            self.load.dispatch(());
        }
    }

    /// Whether the page shows something of what changed: the task, one of its sub-tasks (perhaps a new one), one that
    /// it is linked to, its project.
    fn is_shown(self, touched: &Touched) -> bool {
        self.view.try_with_untracked(|view| {
            let summary = &view.task.summary;
            match touched.task_id {
                None => touched.project_id == Some(summary.project_id),
                Some(id) => {
                    id == summary.id
                        || view.children.iter().any(|child| child.id == id)
                        || view.dependencies.tasks.iter().any(|linked| linked.id == id)
                        || touched.project_id == Some(summary.project_id) && touched.action == "task.created"
                }
            }
        }) == Some(true)
    }

    fn take(self, change: impl FnOnce(&mut TaskView)) {
        self.view.try_update(change);
    }

    fn look_again(self, now: TaskView) {
        let seen = self.view.with_untracked(|view| view.task.summary.version);
        // An answer that was overtaken by a write is of yesterday.
        if now.task.summary.version < seen {
            return;
        }
        let foreign = now.task.summary.version > seen;
        self.view.set(now);
        if foreign {
            self.foreign.update(|times| *times = times.wrapping_add(1));
        }
    }
}

fn may(view: &TaskView, permission: Permission) -> bool {
    let it = view.task.summary.lifecycle;
    let possible = match permission {
        Permission::ProjectView => true,
        _ if view.project_lifecycle != Lifecycle::Active => false,
        Permission::TaskDelete => true,
        Permission::TaskArchive => it != Lifecycle::Deleted,
        _ => it == Lifecycle::Active,
    };
    possible && view.permissions.contains(permission)
}

/// What someone else made of a thing, out of the refusal of one's own write.
pub fn theirs<T: DeserializeOwned>(error: Option<&AppError>) -> Option<T> {
    let Some(AppError::Service(Error::Conflict { current, .. })) = error else { return None };
    serde_json::from_str(current).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        board::Category,
        ids::{ColumnId, ProjectId},
        palette::Colour,
        permission::PermissionSet,
        task::Priority,
        time::Timestamp,
    };
    use uuid::Uuid;

    fn summary(id: Uuid, lifecycle: Lifecycle) -> TaskSummary {
        TaskSummary {
            id: TaskId(id),
            project_id: ProjectId(id),
            key: "WEB-1".into(),
            title: "One".into(),
            column_id: ColumnId(id),
            column_name: "To do".into(),
            category: Category::Todo,
            priority: Priority::None,
            assignees: Vec::new(),
            labels: Vec::new(),
            start_on: None,
            due_on: None,
            estimate_minutes: None,
            parent_id: None,
            child_count: 0,
            child_done_count: 0,
            comment_count: 0,
            blocker_count: 0,
            blockers: Vec::new(),
            waiting_count: 0,
            blocked_since: None,
            overridden_at: None,
            rank: String::new(),
            lifecycle,
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            completed_at: None,
            version: 7,
        }
    }

    fn view(lifecycle: Lifecycle, project_lifecycle: Lifecycle) -> TaskView {
        let id = Uuid::from_u128(1);
        TaskView {
            task: Task { summary: summary(id, lifecycle), description: String::new(), creator: None },
            description_html: String::new(),
            project: ProjectRef {
                id: ProjectId(id),
                key: "WEB".into(),
                name: "Web".into(),
                colour: Colour::default(),
                urgent: false,
            },
            project_lifecycle,
            ancestors: Vec::new(),
            children: Vec::new(),
            dependencies: domain::dependency::Dependencies::default(),
            has_dependencies: true,
            watchers: Vec::new(),
            watching: false,
            permissions: PermissionSet::all(),
        }
    }

    #[test]
    fn what_is_put_away_offers_only_the_way_back() {
        let archived = view(Lifecycle::Archived, Lifecycle::Active);
        assert!(may(&archived, Permission::TaskArchive) && may(&archived, Permission::TaskDelete));
        assert!(!may(&archived, Permission::TaskUpdate) && !may(&archived, Permission::CommentCreate));
        let deleted = view(Lifecycle::Deleted, Lifecycle::Active);
        assert!(may(&deleted, Permission::TaskDelete) && !may(&deleted, Permission::TaskArchive));
    }

    #[test]
    fn in_a_project_that_is_put_away_nothing_is_offered() {
        let still = view(Lifecycle::Active, Lifecycle::Archived);
        assert!(may(&still, Permission::ProjectView));
        assert!(!may(&still, Permission::TaskUpdate) && !may(&still, Permission::TaskDelete));
    }

    #[test]
    fn a_conflict_brings_what_the_other_made() {
        let task = view(Lifecycle::Active, Lifecycle::Active).task;
        let current = serde_json::to_string(&task).expect("json");
        let conflict = AppError::Service(Error::conflict("task", current));
        assert_eq!(theirs(Some(&conflict)), Some(task));
        assert_eq!(theirs::<Task>(Some(&AppError::Network)), None);
    }
}
