//! What several files of stories about tasks need.
#![allow(dead_code, reason = "each file of stories uses its part")]

use domain::{
    Error,
    activity::{Activity, ActivityFilter, Change},
    board::{Category, Column},
    ids::{TaskId, UserId},
    page::Page,
    project::Project,
    task::{EditTask, MoveTask, NewTask, Task, TaskFilter, TaskSummary},
};
use services::{Actor, activity, board_columns, project_members, tasks};
use testkit::Workspace;

/// A workspace with a project and people in it.
pub struct Stage {
    /// The workspace.
    pub w: Workspace,
    /// The project, `WEB`.
    pub project: Project,
    /// Its columns: Backlog, To do, In progress, Done.
    pub columns: Vec<Column>,
    /// Who runs it.
    pub mia: Actor,
    /// A member, who may not delete tasks.
    pub bob: Actor,
    /// Who may only look.
    pub eve: Actor,
    /// Who does not belong to it.
    pub stranger: Actor,
}

impl Stage {
    pub async fn new(db: store::Db) -> Self {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let project = w.project(&mia, "WEB").await;
        let mia = w.refresh(&mia).await;
        let mut people = Vec::new();
        for (name, role) in [("bob", "Member"), ("eve", "Viewer")] {
            let person = w.user(name, role).await;
            let role = w.role(role).await;
            project_members::add_user(&w.services, &mia, project.id, id(&person), role).await.expect("added");
            people.push(w.refresh(&person).await);
        }
        let [bob, eve] = <[Actor; 2]>::try_from(people).expect("two people");
        let stranger = w.user("stranger", "Project manager").await;
        let columns = board_columns::list(&w.services, &mia, project.id).await.expect("columns");
        Self { w, project, columns, mia, bob, eve, stranger }
    }

    pub async fn task(&self, title: &str) -> Task {
        self.w.task(&self.bob, &self.project, title).await
    }

    pub async fn task_with(&self, new: NewTask) -> domain::Result<Task> {
        tasks::create(&self.w.services, &self.bob, self.project.id, new).await
    }

    pub async fn sub_task(&self, title: &str, parent: &Task) -> Task {
        let new = NewTask { title: title.into(), parent_id: Some(parent.summary.id), ..NewTask::default() };
        self.task_with(new).await.expect("a sub-task")
    }

    /// The task as it is now.
    pub async fn now(&self, task: &Task) -> Task {
        tasks::find(&self.w.services, &self.mia, task.summary.id).await.expect("the task")
    }

    pub async fn edit(&self, task: &Task, edit: EditTask) -> domain::Result<Task> {
        let edit = EditTask { version: task.summary.version, ..edit };
        tasks::update(&self.w.services, &self.bob, task.summary.id, edit).await
    }

    /// Moves it to the end of the nth column, or under or over a card.
    pub async fn place(
        &self,
        task: &Task,
        column: usize,
        (after, before): (Option<&Task>, Option<&Task>),
    ) -> domain::Result<Task> {
        let to = MoveTask {
            version: task.summary.version,
            column_id: self.columns[column].id,
            after: after.map(|task| task.summary.id),
            before: before.map(|task| task.summary.id),
        };
        tasks::move_to(&self.w.services, &self.bob, task.summary.id, to).await
    }

    /// The titles on the board, column by column.
    pub async fn board(&self) -> Vec<Vec<String>> {
        let board = tasks::board(&self.w.services, &self.eve, self.project.id, TaskFilter::default()).await;
        let columns = board.expect("a board").columns.into_iter();
        columns.map(|column| column.cards.into_iter().map(|card| card.title).collect()).collect()
    }

    pub async fn list(&self, filter: TaskFilter) -> Vec<String> {
        let page = self.list_as(&self.eve, filter).await.expect("a list");
        page.into_iter().map(|task| task.title).collect()
    }

    pub async fn list_as(&self, actor: &Actor, filter: TaskFilter) -> domain::Result<Vec<TaskSummary>> {
        let page = tasks::list(&self.w.services, actor, filter, Page::default()).await?;
        Ok(page.items)
    }

    /// The history of a task, newest first: what was done, and each field before and after.
    pub async fn history(&self, task: TaskId) -> Vec<(String, Vec<Change>)> {
        let filter = ActivityFilter { task_id: Some(task), ..ActivityFilter::default() };
        self.activities(filter).await.into_iter().map(|row| (row.action, row.changes)).collect()
    }

    pub async fn activities(&self, filter: ActivityFilter) -> Vec<Activity> {
        let page = activity::list(&self.w.services, &self.mia, filter, Page::default()).await;
        page.expect("the history").items
    }

    pub async fn assert_counts(&self) {
        assert_counts(&self.w.services.db).await;
    }
}

/// That every kept number is what counting the rows gives.
pub async fn assert_counts(db: &store::Db) {
    let mut tx = db.read().await.expect("a transaction");
    for text in [
        "SELECT id FROM project p
         WHERE open_count <> (SELECT COUNT(*) FROM task t
             WHERE t.project_id = p.id AND t.lifecycle = 0 AND t.category <> 'done')
           OR done_count <> (SELECT COUNT(*) FROM task t
             WHERE t.project_id = p.id AND t.lifecycle = 0 AND t.category = 'done')
           OR next_number <= (SELECT COALESCE(MAX(number), 0) FROM task t WHERE t.project_id = p.id)",
        "SELECT id FROM board_column c
         WHERE task_count <> (SELECT COUNT(*) FROM task t WHERE t.column_id = c.id AND t.lifecycle = 0)",
        "SELECT id FROM task p
         WHERE child_count <> (SELECT COUNT(*) FROM task t WHERE t.parent_id = p.id AND t.lifecycle = 0)
           OR child_done_count <> (SELECT COUNT(*) FROM task t
             WHERE t.parent_id = p.id AND t.lifecycle = 0 AND t.category = 'done')
           OR comment_count <> (SELECT COUNT(*) FROM comment c WHERE c.task_id = p.id)",
        "SELECT t.id FROM task t JOIN board_column c ON c.id = t.column_id
         WHERE t.category <> c.category OR t.project_id <> c.project_id
           OR (t.category = 'done') <> (t.completed_at IS NOT NULL)
           OR (t.lifecycle = 2) <> (t.deleted_at IS NOT NULL)",
        "SELECT a.id FROM task a JOIN task b ON b.column_id = a.column_id AND b.card_rank = a.card_rank
         WHERE a.id <> b.id AND a.lifecycle = 0 AND b.lifecycle = 0",
        "SELECT t.id FROM task t JOIN task p ON p.id = t.parent_id
         WHERE t.lifecycle = 0 AND p.lifecycle = 2 OR t.project_id <> p.project_id",
    ] {
        let wrong: Vec<(uuid::Uuid,)> = tx.sql(text).all().await.expect("a count");
        assert!(wrong.is_empty(), "{wrong:?} by {text}");
    }
}

/// The wrong fields, each with its code.
pub fn fields(error: &Error) -> Vec<(&str, &str)> {
    match error {
        Error::Invalid { fields } => {
            fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect()
        }
        other => panic!("fields were to be refused, not {other:?}"),
    }
}

/// The rule that refused.
pub fn code(error: &Error) -> &str {
    match error {
        Error::Refused { code, .. } => code,
        other => panic!("a rule was to refuse, not {other:?}"),
    }
}

/// That it does not exist for them.
pub fn is_hidden<T: std::fmt::Debug>(answer: domain::Result<T>) -> bool {
    matches!(answer, Err(Error::NotFound { .. }))
}

/// That they see it and may not do this.
pub fn is_forbidden<T: std::fmt::Debug>(answer: domain::Result<T>) -> bool {
    matches!(answer, Err(Error::Forbidden { .. }))
}

/// That someone else was faster; the current row is told along.
pub fn is_stale<T: std::fmt::Debug>(answer: domain::Result<T>) -> bool {
    match answer {
        Err(Error::Conflict { what, current }) => {
            what == "task" && serde_json::from_str::<Task>(&current).is_ok()
        }
        _ => false,
    }
}

/// Whoever an actor is.
pub fn id(actor: &Actor) -> UserId {
    actor.user_id.expect("a person")
}

/// One field of the history.
pub fn change(field: &str, before: Option<&str>, after: Option<&str>) -> Change {
    Change { field: field.into(), before: before.map(str::to_owned), after: after.map(str::to_owned) }
}

/// Only in these categories.
pub fn open() -> Vec<Category> {
    vec![Category::Todo, Category::Doing]
}
