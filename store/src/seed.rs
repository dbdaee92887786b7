//! Bulk rows for the data generator: made-up installations of a known size, for benchmarks and trials.

use crate::db::{Dialect, Result, Tx};
use uuid::Uuid;

/// A value of a generated row.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Cell {
    Id(Uuid),
    NoId,
    Int(i64),
    Small(i16),
    NoInt,
    Text(String),
    Word(&'static str),
    NoText,
    Flag(bool),
    Bytes(Vec<u8>),
}

/// A table that the generator fills.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Table {
    Person,
    Team,
    TeamMember,
    Project,
    ProjectMember,
    Column,
    Label,
    Task,
    TaskAssignee,
    TaskLabel,
    TaskWatcher,
    Comment,
    Activity,
    Notification,
    Audit,
}

impl Table {
    /// The beginning of an insert; cells come in the order of its columns.
    const fn insert(self) -> &'static str {
        match self {
            Self::Person => {
                "INSERT INTO person (id, username, username_key, email, email_key, display_name, search_text,
                 password_hash, role_id, status, created_at, updated_at, version) VALUES "
            }
            Self::Team => {
                "INSERT INTO team (id, name, name_key, description, lead_id, created_at, updated_at, version) VALUES "
            }
            Self::TeamMember => "INSERT INTO team_member (team_id, user_id, added_at) VALUES ",
            Self::Project => {
                "INSERT INTO project (id, project_key, name, search_text, description, status, lifecycle, colour,
                 owner_id, start_on, due_on, next_number, open_count, done_count, member_count, deleted_at,
                 created_at, updated_at, version) VALUES "
            }
            Self::ProjectMember => {
                "INSERT INTO project_member (project_id, user_id, team_id, role_id, added_at) VALUES "
            }
            Self::Column => {
                "INSERT INTO board_column (id, project_id, name, name_key, category, position, task_count, version)
                 VALUES "
            }
            Self::Label => {
                "INSERT INTO label (id, project_id, name, name_key, colour, version) VALUES "
            }
            Self::Task => {
                "INSERT INTO task (id, search_id, project_id, number, title, description, column_id, category,
                 card_rank, priority, start_on, due_on, estimate_minutes, parent_id, creator_id, child_count,
                 child_done_count, comment_count, lifecycle, source_key, completed_at, deleted_at, created_at,
                 updated_at, version) VALUES "
            }
            Self::TaskAssignee => "INSERT INTO task_assignee (task_id, user_id) VALUES ",
            Self::TaskLabel => "INSERT INTO task_label (task_id, label_id) VALUES ",
            Self::TaskWatcher => "INSERT INTO task_watcher (task_id, user_id) VALUES ",
            Self::Comment => {
                "INSERT INTO comment (id, task_id, author_id, body, created_at, edited_at, version) VALUES "
            }
            Self::Activity => {
                "INSERT INTO activity (seq, id, at, actor_id, project_id, task_id, action, subject, changes) VALUES "
            }
            Self::Notification => {
                "INSERT INTO notification (id, user_id, cause, event, reasons, at, actor_id, project_id, task_id,
                 subject, detail, place, unread, in_digest) VALUES "
            }
            Self::Audit => {
                "INSERT INTO audit (id, at, actor_id, action, target_kind, target_id, outcome, address, request_id)
                 VALUES "
            }
        }
    }
}

/// Bound values of one statement at the most: SQLite takes 32,766.
const VALUES: usize = 30_000;

/// Inserts rows of one table.
pub async fn insert(tx: &mut Tx, table: Table, rows: Vec<Vec<Cell>>) -> Result<()> {
    let Some(columns) = rows.first().map(Vec::len) else { return Ok(()) };
    let mut rows = rows.into_iter();
    loop {
        let chunk: Vec<_> = rows.by_ref().take(VALUES / columns).collect();
        if chunk.is_empty() {
            return Ok(());
        }
        let sql = tx.compose(table.insert()).rows(chunk, columns, |sql, row| {
            row.into_iter().fold(sql, |sql, cell| match cell {
                Cell::Id(id) => sql.value(id),
                Cell::NoId => sql.value(None::<Uuid>),
                Cell::Int(number) => sql.value(number),
                Cell::Small(number) => sql.value(number),
                Cell::NoInt => sql.value(None::<i64>),
                Cell::Text(text) => sql.value(text),
                Cell::Word(text) => sql.value(text),
                Cell::NoText => sql.value(None::<String>),
                Cell::Flag(flag) => sql.value(flag),
                Cell::Bytes(bytes) => sql.value(bytes),
            })
        });
        tx.build(sql).run().await?;
    }
}

/// Gives the writing connection room for the indices of a large load.
pub async fn make_room(tx: &mut Tx) -> Result<()> {
    if tx.dialect() == Dialect::Sqlite {
        tx.sql("PRAGMA cache_size = -600000").run().await?;
    }
    Ok(())
}

/// Lets the engine learn what the tables hold now.
pub async fn analyse(tx: &mut Tx) -> Result<()> {
    match tx.dialect() {
        Dialect::Sqlite => tx.sql("ANALYZE").run().await.map(drop),
        // Its answer is a row for each table.
        Dialect::MySql => tx
            .sql("ANALYZE TABLE task, activity, comment, project, project_member, task_assignee, task_label")
            .all::<(String, String, String, String)>()
            .await
            .map(drop),
    }
}
