//! Lists of tasks: by filter and page, the sub-tasks of one, a person's own work, the quick search.

use super::{
    cursor::{Cursor, Value},
    faces,
    row::{FROM, Row, SUMMARY, joined},
    text,
};
use crate::{
    access::Visible,
    days,
    db::{Result, Sql, Tx},
};
use domain::{
    Day,
    board::Category,
    dependency::Waiting,
    ids::{ColumnId, LabelId, ProjectId, TaskId, UserId},
    page::{Page, Paged},
    task::{AssigneeFilter, HomeTask, Priority, TaskFilter, TaskSort, TaskSummary},
    time::Timestamp,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Whose list it is.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Which projects' tasks may come.
    pub visible: Visible,
    /// If given, only tasks of these projects.
    pub projects: Option<Vec<ProjectId>>,
    /// Who `me` is.
    pub me: Option<UserId>,
}

/// A page of tasks with their projects. Tasks of a project that is put away come only if it is asked for by id. Of
/// whoever sees some projects only, the first rows of each of those are put in order: a statement more, and never the
/// rows of all.
///
/// Indices: in a project `task_by_number`, `task_by_update`, `task_by_due`, `task_by_priority`; a column
/// `task_on_board`; somebody's `task_assignee_by_user`; everywhere `task_by_number_everywhere`,
/// `task_by_update_everywhere`, `task_by_due_everywhere`, `task_by_priority_everywhere`; what waits `task_blocked`, `task_by_waiting`; words `task_text`.
pub async fn list(
    tx: &mut Tx,
    filter: &TaskFilter,
    scope: &Scope,
    (page, after): (&Page, Option<Cursor>),
) -> Result<Paged<HomeTask>> {
    let projects = match scope.projects {
        None if is_broad(filter) => scope.visible.each(tx, " AND p.lifecycle = 0").await?,
        _ => None,
    };
    let select = tx.compose("SELECT ").push(SUMMARY);
    let words = SortWords::of(filter.sort, filter.descending);
    let limit = page.limit + 1;
    let sql = if let Some(projects) = projects {
        let of_one = |sql: Sql, project: Uuid| {
            let sql = sql
                .push("SELECT t.id")
                .push(words.key)
                .bind(" FROM task t WHERE t.project_id = ?", project)
                .bind(" AND t.lifecycle = ?", filter.lifecycle.code());
            let sql = after_cursor(narrowed(sql, filter, scope.me), &words, after.as_ref());
            sql.push(words.order).bind(" LIMIT ?", limit)
        };
        // Cut before anything is joined, for what is left over is most of it.
        let sql = select.push(" FROM (SELECT one.id FROM (").union_all(projects, of_one);
        let sql = sql.push(") one").push(words.first).bind(" LIMIT ?", limit);
        joined(sql.push(") first JOIN task t ON t.id = first.id"), " JOIN ")
    } else {
        // Else MySQL may begin with the projects, read all tasks of each and sort those.
        let sql = joined(select.push(" FROM task t"), tx.dialect().join_in_order())
            .bind(" WHERE t.lifecycle = ?", filter.lifecycle.code());
        let sql = match filter.project_id {
            Some(project) => sql.bind(" AND t.project_id = ?", project.uuid()),
            None => sql.push(" AND p.lifecycle = 0"),
        };
        let sql = narrowed(in_scope(sql, filter, scope), filter, scope.me);
        let sql = text::matching(sql, tx.dialect(), filter.search.as_deref().unwrap_or_default());
        after_cursor(sql, &words, after.as_ref())
    };
    let sql = sql.push(words.order).bind(" LIMIT ?", limit);
    let tasks = read(tx, sql).await?;
    Ok(Paged::cut(tasks, page.limit, |row| Cursor::after(filter.sort, &row.task)))
}

/// Whether an index of the order finds the tasks sooner than any of what is asked for.
fn is_broad(filter: &TaskFilter) -> bool {
    let narrow = filter.project_id.is_some()
        || filter.column_id.is_some()
        || filter.parent_id.is_some()
        || filter.label_id.is_some()
        || filter.search.is_some()
        || matches!(filter.assignee, Some(AssigneeFilter::Me | AssigneeFilter::User(_)));
    !narrow
}

/// Active sub-tasks by number, at most `limit`, without their people and labels. Index: `task_by_parent`.
pub(super) async fn bare_children(tx: &mut Tx, parent: TaskId, limit: i64) -> Result<Vec<TaskSummary>> {
    let sql = tx
        .compose("SELECT ")
        .push(SUMMARY)
        .push(FROM)
        .bind(" WHERE t.parent_id = ?", parent.uuid())
        .bind(" AND t.lifecycle = 0 ORDER BY t.number LIMIT ?", limit);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    rows.into_iter().map(|row| Ok(row.into_task()?.task)).collect()
}

/// Active tasks with these words, those with the first word in their title first, then open ones, then the latest.
/// Index: `task_text`.
pub async fn quick(tx: &mut Tx, words: &str, visible: Visible, limit: i64) -> Result<Vec<HomeTask>> {
    let dialect = tx.dialect();
    let sql =
        tx.compose("SELECT ").push(SUMMARY).push(FROM).push(" WHERE t.lifecycle = 0 AND p.lifecycle = 0");
    let sql = visible.restrict(sql, " AND t.project_id");
    let sql = text::matching(sql, dialect, words)
        .bind(
            " ORDER BY CASE WHEN t.title LIKE ? THEN 0 ELSE 1 END,
               CASE WHEN t.category = 'done' THEN 1 ELSE 0 END, t.updated_at DESC, t.id DESC",
            text::title_pattern(words),
        )
        .bind(" LIMIT ?", limit);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    rows.into_iter().map(Row::into_task).collect()
}

/// A person's open tasks that others wait for, those that hold up most first. Index: `task_assignee_by_user`.
pub async fn holding_up(tx: &mut Tx, user: UserId, visible: Visible, limit: i64) -> Result<Vec<HomeTask>> {
    let sql = own(tx, user, visible)
        .push(
            " AND t.category <> 'done' AND t.waiting_count > 0 ORDER BY t.waiting_count DESC, t.due_on, t.id",
        )
        .bind(" LIMIT ?", limit);
    read(tx, sql).await
}

/// A person's tasks that are not done and whose last blocker closed after `since`, the latest first.
/// Index: `task_assignee_by_user`.
pub async fn released(
    tx: &mut Tx,
    user: UserId,
    visible: Visible,
    (since, limit): (Timestamp, i64),
) -> Result<Vec<HomeTask>> {
    let sql = own(tx, user, visible)
        .bind(" AND t.category <> 'done' AND t.released_at > ?", since.micros())
        .push(" AND t.blocked_since IS NULL ORDER BY t.released_at DESC, t.id")
        .bind(" LIMIT ?", limit);
    read(tx, sql).await
}

/// The tasks in use that are a person's. A plus keeps SQLite from beginning with everything that is active.
fn own(tx: &Tx, user: UserId, visible: Visible) -> Sql {
    let sql = tx
        .compose("SELECT ")
        .push(SUMMARY)
        .push(FROM)
        .push(" JOIN task_assignee a ON a.task_id = t.id")
        .bind(" WHERE a.user_id = ?", user.uuid())
        .push(" AND +t.lifecycle = 0 AND +p.lifecycle = 0");
    visible.restrict(sql, " AND t.project_id")
}

/// How many open tasks a person has in all, due before `today`, and due from then on until `soon`.
/// Index: `task_assignee_by_user`.
pub async fn assigned_counts(
    tx: &mut Tx,
    user: UserId,
    visible: Visible,
    (today, soon): (Day, Day),
) -> Result<(i64, i64, i64)> {
    let sql = tx
        .compose("SELECT COUNT(*)")
        .bind(
            ", COALESCE(CAST(SUM(CASE WHEN t.due_on < ? THEN 1 ELSE 0 END) AS SIGNED), 0)",
            days::write(Some(today)),
        )
        .bind(", COALESCE(CAST(SUM(CASE WHEN t.due_on BETWEEN ?", days::write(Some(today)))
        .bind(" AND ? THEN 1 ELSE 0 END) AS SIGNED), 0)", days::write(Some(soon)))
        .push(
            " FROM task_assignee a
             JOIN task t ON t.id = a.task_id
             JOIN project p ON p.id = t.project_id",
        )
        .bind(" WHERE a.user_id = ?", user.uuid())
        // The sum keeps MySQL from going through all projects for each task.
        .push(" AND t.lifecycle = 0 AND t.category <> 'done' AND p.lifecycle + 0 = 0");
    let sql = visible.restrict(sql, " AND t.project_id");
    tx.build(sql).one().await
}

async fn read(tx: &mut Tx, sql: Sql) -> Result<Vec<HomeTask>> {
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let mut tasks = rows.into_iter().map(Row::into_task).collect::<Result<Vec<_>>>()?;
    faces::fill(tx, tasks.iter_mut().map(|row| &mut row.task)).await?;
    Ok(tasks)
}

/// The conditions of a filter that hold for lists and boards alike.
pub(super) fn narrowed(sql: Sql, filter: &TaskFilter, me: Option<UserId>) -> Sql {
    // Across projects MariaDB would read everything of that priority to sort it, instead of following the order until it
    // has a page.
    let ordered_otherwise = filter.project_id.is_none() && filter.sort != TaskSort::Priority;
    let priority = if ordered_otherwise { " AND t.priority + 0 = ?" } else { " AND t.priority = ?" };
    let sql = sql
        .bind_some(" AND t.column_id = ?", filter.column_id.map(ColumnId::uuid))
        .bind_some(priority, filter.priority.map(Priority::level))
        .bind_some(" AND t.due_on <= ?", filter.due_until.map(|day| days::write(Some(day))))
        .bind_some(" AND t.parent_id = ?", filter.parent_id.map(TaskId::uuid))
        .bind_some(
            " AND t.id IN (SELECT task_id FROM task_label WHERE label_id = ?)",
            filter.label_id.map(LabelId::uuid),
        );
    let sql = if filter.categories.is_empty() {
        sql
    } else {
        let wanted: BTreeSet<&str> = filter.categories.iter().copied().map(Category::as_str).collect();
        sql.push(" AND t.category IN ").list(wanted)
    };
    let sql = match filter.waiting {
        None => sql,
        Some(Waiting::Blocked) => sql.push(" AND t.blocked_since IS NOT NULL"),
        Some(Waiting::Blocking) => sql.push(" AND t.waiting_count > 0 AND t.category <> 'done'"),
        Some(Waiting::Ready) => sql.push(" AND t.category = 'todo' AND t.blocked_since IS NULL"),
    };
    let user = match filter.assignee {
        None => return sql,
        Some(AssigneeFilter::Nobody) => {
            // MariaDB would make a table of everything that is assigned for a NOT EXISTS.
            return sql.push(" AND (SELECT COUNT(*) FROM task_assignee a WHERE a.task_id = t.id) = 0");
        }
        Some(AssigneeFilter::Me) => me,
        Some(AssigneeFilter::User(user)) => Some(user),
    };
    // The program itself has no tasks of its own.
    match user {
        Some(user) => {
            sql.bind(" AND t.id IN (SELECT task_id FROM task_assignee WHERE user_id = ?)", user.uuid())
        }
        None => sql.push(" AND 1 = 0"),
    }
}

fn in_scope(sql: Sql, filter: &TaskFilter, scope: &Scope) -> Sql {
    let sql = match &scope.projects {
        Some(projects) => {
            sql.push(" AND t.project_id IN ").list(projects.iter().map(|project| project.uuid()))
        }
        None => sql,
    };
    // A single project was checked by whoever asks.
    if filter.project_id.is_some() { sql } else { scope.visible.restrict(sql, " AND t.project_id") }
}

fn after_cursor(sql: Sql, words: &SortWords, after: Option<&Cursor>) -> Sql {
    match after {
        None => sql,
        // The first condition lets an index begin there.
        Some(Cursor { value: Value::Number(value), id }) => {
            sql.bind(words.from, *value).bind(words.beyond, *value).bind(words.or_id, id.uuid())
        }
        Some(Cursor { value: Value::Day(day), id }) => {
            sql.bind(words.from, day.clone()).bind(words.beyond, day.clone()).bind(words.or_id, id.uuid())
        }
    }
}

struct SortWords {
    from: &'static str,
    beyond: &'static str,
    or_id: &'static str,
    order: &'static str,
    /// The column, by the name that `first` orders by.
    key: &'static str,
    first: &'static str,
}

macro_rules! sort_words {
    ($column:literal, $or_same:literal, $than:literal, $direction:literal) => {
        SortWords {
            from: concat!(" AND ", $column, " ", $or_same, " ?"),
            beyond: concat!(" AND (", $column, " ", $than, " ?"),
            or_id: concat!(" OR t.id ", $than, " ?)"),
            order: concat!(" ORDER BY ", $column, " ", $direction, ", t.id ", $direction),
            key: concat!(", ", $column, " AS sorted"),
            first: concat!(" ORDER BY one.sorted ", $direction, ", one.id ", $direction),
        }
    };
}

impl SortWords {
    const fn of(sort: TaskSort, descending: bool) -> Self {
        match (sort, descending) {
            (TaskSort::Number, false) => sort_words!("t.number", ">=", ">", "ASC"),
            (TaskSort::Number, true) => sort_words!("t.number", "<=", "<", "DESC"),
            (TaskSort::Updated, false) => sort_words!("t.updated_at", ">=", ">", "ASC"),
            (TaskSort::Updated, true) => sort_words!("t.updated_at", "<=", "<", "DESC"),
            (TaskSort::Due, false) => sort_words!("t.due_on", ">=", ">", "ASC"),
            (TaskSort::Due, true) => sort_words!("t.due_on", "<=", "<", "DESC"),
            (TaskSort::Priority, false) => sort_words!("t.priority", ">=", ">", "ASC"),
            (TaskSort::Unblocks, false) => sort_words!("t.waiting_count", ">=", ">", "ASC"),
            (TaskSort::Unblocks, true) => sort_words!("t.waiting_count", "<=", "<", "DESC"),
            (TaskSort::Priority, true) => sort_words!("t.priority", "<=", "<", "DESC"),
        }
    }
}
