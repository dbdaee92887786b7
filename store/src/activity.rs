//! Rows of the history.

use crate::db::{Error, Result, Sql, Tx};
use domain::{
    activity::{Activity, ActivityFilter, Change, Tells},
    ids::{ActivityId, ProjectId, TaskId, UserId},
    page::{Page, Paged},
    time::Timestamp,
    user::UserRef,
};
use uuid::Uuid;

use crate::access::Visible;

/// A row to append; its number is given by the transaction.
#[derive(Clone, Debug)]
pub struct NewActivity {
    /// Its id.
    pub id: ActivityId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor_id: Option<UserId>,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
    /// What was done.
    pub action: &'static str,
    /// What it was done to, in words.
    pub subject: String,
    /// The fields that changed.
    pub changes: Vec<Change>,
    /// What those who make notifications of it need to know.
    pub tells: Tells,
}

/// Appends rows in one statement for each hundred; gives the number of each.
pub async fn append(tx: &mut Tx, rows: &[NewActivity]) -> Result<Vec<i64>> {
    let mut numbers = Vec::with_capacity(rows.len());
    for chunk in rows.chunks(100) {
        let first = numbers.len();
        for _ in chunk {
            numbers.push(tx.next_change());
        }
        let sql = tx
            .compose(
                "INSERT INTO activity (seq, id, at, actor_id, project_id, task_id, action, subject, changes, tells) VALUES ",
            )
            .rows(chunk.iter().zip(&numbers[first..]), 10, |sql, (row, seq)| {
                sql.value(*seq)
                    .value(row.id.uuid())
                    .value(row.at.micros())
                    .value(row.actor_id.map(UserId::uuid))
                    .value(row.project_id.map(ProjectId::uuid))
                    .value(row.task_id.map(TaskId::uuid))
                    .value(row.action)
                    .value(row.subject.chars().take(250).collect::<String>())
                    .value(serde_json::to_string(&row.changes).unwrap_or_else(|_| "[]".into()))
                    .value((!row.tells.is_empty()).then(|| serde_json::to_string(&row.tells).unwrap_or_default()))
            });
        tx.build(sql).run().await?;
    }
    Ok(numbers)
}

/// What a row of the history is about, by ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// Its number.
    pub seq: i64,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
    /// What was done.
    pub action: String,
    /// Who did it.
    pub actor_id: Option<UserId>,
}

#[derive(sqlx::FromRow)]
struct HappeningRow {
    seq: i64,
    project_id: Option<Uuid>,
    task_id: Option<Uuid>,
    action: String,
    actor_id: Option<Uuid>,
}

/// What happened after number `seq`, oldest first, at most `limit`. Index: the key.
pub async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Happening>> {
    let rows: Vec<HappeningRow> = tx
        .sql("SELECT seq, project_id, task_id, action, actor_id FROM activity WHERE seq > ? ORDER BY seq LIMIT ?")
        .bind(seq)
        .bind(limit)
        .all()
        .await?;
    let happenings = rows.into_iter().map(|row| Happening {
        seq: row.seq,
        project_id: row.project_id.map(ProjectId),
        task_id: row.task_id.map(TaskId),
        action: row.action,
        actor_id: row.actor_id.map(UserId),
    });
    Ok(happenings.collect())
}

#[derive(sqlx::FromRow)]
struct Row {
    seq: i64,
    id: Uuid,
    at: i64,
    actor_id: Option<Uuid>,
    username: Option<String>,
    display_name: Option<String>,
    project_id: Option<Uuid>,
    task_id: Option<Uuid>,
    task_number: Option<i64>,
    project_key: Option<String>,
    action: String,
    subject: String,
    changes: String,
}

const SELECT: &str =
    "SELECT a.seq, a.id, a.at, a.actor_id, u.username, u.display_name, a.project_id, a.task_id,
       t.number AS task_number, p.project_key, a.action, a.subject, a.changes";

const JOINS: &str = "
     LEFT JOIN person u ON u.id = a.actor_id
     LEFT JOIN task t ON t.id = a.task_id
     LEFT JOIN project p ON p.id = a.project_id";

/// The history, newest first. Rows of no project (people, roles, teams) come only where `visible` is everything; those of
/// deleted projects only if `sees_deleted`, or where one project or task is asked for: whether they may see that, the
/// caller was asked.
///
/// Indices: `activity_of_task`, `activity_of_project`, `activity_of_actor`, or the key itself.
pub async fn list(
    tx: &mut Tx,
    filter: &ActivityFilter,
    (visible, sees_deleted): (Visible, bool),
    page: &Page,
) -> Result<Paged<Activity>> {
    let before = page.cursor.as_deref().and_then(|cursor| cursor.parse::<i64>().ok());
    let hide_deleted = !sees_deleted && filter.project_id.is_none() && filter.task_id.is_none();
    let projects = if *filter == ActivityFilter::default() {
        visible.each(tx, if hide_deleted { " AND p.lifecycle <> 2" } else { "" }).await?
    } else {
        None
    };
    let select = tx.compose(SELECT);
    let sql = if let Some(projects) = projects {
        let of_one = |sql: Sql, project: Uuid| {
            sql.bind("SELECT seq FROM activity WHERE project_id = ?", project)
                .bind_some(" AND seq < ?", before)
                .bind(" ORDER BY seq DESC LIMIT ?", page.limit + 1)
        };
        let sql = select.push(" FROM (SELECT one.seq FROM (").union_all(projects, of_one);
        let sql = sql.bind(") one ORDER BY one.seq DESC LIMIT ?", page.limit + 1);
        sql.push(") first JOIN activity a ON a.seq = first.seq").push(JOINS)
    } else {
        let sql = select
            .push(" FROM activity a")
            .push(JOINS)
            .push(" WHERE 1 = 1")
            .bind_some(" AND a.task_id = ?", filter.task_id.map(TaskId::uuid))
            .bind_some(" AND a.project_id = ?", filter.project_id.map(ProjectId::uuid))
            .bind_some(" AND a.actor_id = ?", filter.actor_id.map(UserId::uuid))
            .bind_some(" AND a.seq < ?", before);
        visible
            .restrict(sql, " AND a.project_id")
            .push_if(hide_deleted, " AND (a.project_id IS NULL OR p.lifecycle <> 2)")
    };
    let sql = sql.bind(" ORDER BY a.seq DESC LIMIT ?", page.limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let items = rows.into_iter().map(Row::into_activity).collect::<Result<Vec<_>>>()?;
    Ok(Paged::cut(items, page.limit, |row| row.seq.to_string()))
}

impl Row {
    fn into_activity(self) -> Result<Activity> {
        let actor = match (self.actor_id, self.username, self.display_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        let task_key = match (&self.project_key, self.task_number) {
            (Some(key), Some(number)) => Some(format!("{key}-{number}")),
            _ => None,
        };
        Ok(Activity {
            id: ActivityId(self.id),
            seq: self.seq,
            at: Timestamp(self.at),
            actor,
            project_id: self.project_id.map(ProjectId),
            task_id: self.task_id.map(TaskId),
            task_key,
            action: self.action,
            subject: self.subject,
            changes: serde_json::from_str(&self.changes)
                .map_err(|error| Error::Corrupt(format!("activity {}: {error}", self.seq)))?,
        })
    }
}
