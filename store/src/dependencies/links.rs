//! The rows of dependencies.

use crate::{
    db::{Error, Result, Tx},
    tasks::padded,
};
use domain::{
    board::Category,
    dependency::{Dependency, Kind, LinkedTask, NamedTask},
    ids::{ProjectId, TaskId, UserId},
    task::Lifecycle,
    time::Timestamp,
};
use uuid::Uuid;

#[derive(sqlx::FromRow)]
struct LinkedRow {
    source_id: Uuid,
    kind: i16,
    target_id: Uuid,
    id: Uuid,
    project_id: Uuid,
    project_key: String,
    number: i64,
    title: String,
    category: String,
    lifecycle: i16,
    project_lifecycle: i16,
    blocked_since: Option<i64>,
}

/// An open blocker and the task that waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocker {
    /// The task that waits.
    pub blocked: TaskId,
    /// The blocker, with its title whoever reads it.
    pub task: NamedTask,
    /// Its project.
    pub project_id: ProjectId,
}

/// Adds dependencies that are not there yet, each task's number of them being checked before.
///
/// # Errors
/// [`Error::Taken`] if one is there already.
pub async fn insert(
    tx: &mut Tx,
    links: &[Dependency],
    creator: Option<UserId>,
    now: Timestamp,
) -> Result<()> {
    for chunk in links.chunks(200) {
        let sql = tx
            .compose("INSERT INTO dependency (source_id, kind, target_id, creator_id, created_at) VALUES ")
            .rows(chunk, 5, |sql, link| {
                sql.value(link.source.uuid())
                    .value(link.kind.code())
                    .value(link.target.uuid())
                    .value(creator.map(UserId::uuid))
                    .value(now.micros())
            });
        tx.build(sql).run().await?;
    }
    Ok(())
}

/// Removes a dependency; `false` if it is not there.
pub async fn remove(tx: &mut Tx, link: Dependency) -> Result<bool> {
    let removed = tx
        .sql("DELETE FROM dependency WHERE source_id = ? AND kind = ? AND target_id = ?")
        .bind(link.source.uuid())
        .bind(link.kind.code())
        .bind(link.target.uuid())
        .run()
        .await?;
    Ok(removed > 0)
}

/// How many dependencies each of two tasks has, and how many there are just like `link`.
/// Indices: `dependency_pk`, `dependency_by_target`.
pub async fn count_of(tx: &mut Tx, link: Dependency) -> Result<(i64, i64, i64)> {
    let (source, target) = (link.source.uuid(), link.target.uuid());
    tx.sql(
        "SELECT
           (SELECT COUNT(*) FROM dependency WHERE source_id = ?)
             + (SELECT COUNT(*) FROM dependency WHERE target_id = ?),
           (SELECT COUNT(*) FROM dependency WHERE source_id = ?)
             + (SELECT COUNT(*) FROM dependency WHERE target_id = ?),
           (SELECT COUNT(*) FROM dependency WHERE source_id = ? AND kind = ? AND target_id = ?)",
    )
    .bind(source)
    .bind(source)
    .bind(target)
    .bind(target)
    .bind(source)
    .bind(link.kind.code())
    .bind(target)
    .one()
    .await
}

/// The tasks that one is linked to, deleted ones left out; each with its project, because the title of one that the
/// reader may not see is to be taken away. Indices: `dependency_pk`, `dependency_by_target`.
pub async fn linked(tx: &mut Tx, task: TaskId) -> Result<Vec<(ProjectId, LinkedTask)>> {
    let rows: Vec<LinkedRow> = tx
        .sql(
            "SELECT d.source_id, d.kind, d.target_id, t.id, t.project_id, p.project_key, t.number, t.title,
               t.category, t.lifecycle, p.lifecycle AS project_lifecycle, t.blocked_since
             FROM dependency d
             JOIN task t ON t.id = d.target_id
             JOIN project p ON p.id = t.project_id
             WHERE d.source_id = ?
             UNION ALL
             SELECT d.source_id, d.kind, d.target_id, t.id, t.project_id, p.project_key, t.number, t.title,
               t.category, t.lifecycle, p.lifecycle AS project_lifecycle, t.blocked_since
             FROM dependency d
             JOIN task t ON t.id = d.source_id
             JOIN project p ON p.id = t.project_id
             WHERE d.target_id = ?",
        )
        .bind(task.uuid())
        .bind(task.uuid())
        .all()
        .await?;
    let deleted = i16::try_from(Lifecycle::Deleted.code()).unwrap_or(i16::MAX);
    let there = rows.into_iter().filter(|row| row.lifecycle != deleted && row.project_lifecycle != deleted);
    let mut linked = there.map(|row| row.into_linked(task)).collect::<Result<Vec<_>>>()?;
    linked.sort_by(|(_, a), (_, b)| place_of(a).cmp(&place_of(b)));
    Ok(linked)
}

fn place_of(task: &LinkedTask) -> (domain::dependency::Relation, bool, &str, usize, &str) {
    let (project, number) = task.key.rsplit_once('-').unwrap_or((&task.key, ""));
    // By the length first: numbers without zeros in front.
    (task.relation, !task.open, project, number.len(), number)
}

impl LinkedRow {
    fn into_linked(self, seen_from: TaskId) -> Result<(ProjectId, LinkedTask)> {
        let kind = Kind::from_code(i64::from(self.kind))
            .ok_or_else(|| Error::Corrupt(format!("dependency of {}: kind {}", self.source_id, self.kind)))?;
        let category = category(self.id, &self.category)?;
        let lifecycle = Lifecycle::from_code(i64::from(self.lifecycle));
        let in_use = lifecycle == Lifecycle::Active && self.project_lifecycle == 0;
        let link = Dependency { kind, source: TaskId(self.source_id), target: TaskId(self.target_id) };
        let task = LinkedTask {
            relation: link.seen_from(seen_from),
            id: TaskId(self.id),
            key: format!("{}-{}", self.project_key, self.number),
            title: Some(self.title),
            category,
            lifecycle,
            open: in_use && category != Category::Done,
            blocked: in_use && self.blocked_since.is_some(),
        };
        Ok((ProjectId(self.project_id), task))
    }
}

pub(super) fn category(id: Uuid, text: &str) -> Result<Category> {
    Category::parse(text).ok_or_else(|| Error::Corrupt(format!("task {id}: category {text}")))
}

#[derive(sqlx::FromRow)]
struct BlockerRow {
    blocked_id: Uuid,
    id: Uuid,
    project_id: Uuid,
    project_key: String,
    number: i64,
    title: String,
}

/// The open blockers of tasks, by key. Index: `dependency_by_target`.
pub async fn open_blockers(tx: &mut Tx, tasks: &[TaskId]) -> Result<Vec<Blocker>> {
    let mut blockers = Vec::new();
    for chunk in tasks.chunks(1000) {
        let ids: Vec<_> = chunk.iter().map(|id| id.uuid()).collect();
        let then = tx.dialect().join_in_order();
        let sql = tx
            .compose(
                "SELECT d.target_id AS blocked_id, t.id, t.project_id, p.project_key, t.number, t.title
                 FROM dependency d",
            )
            .push(then)
            .push("task t ON t.id = d.source_id")
            .push(then)
            .push(
                "project p ON p.id = t.project_id
                 WHERE d.kind = 0 AND t.lifecycle = 0 AND t.category <> 'done' AND p.lifecycle = 0
                   AND d.target_id IN ",
            )
            .list(padded(&ids))
            .push(" ORDER BY p.project_key, t.number");
        let rows: Vec<BlockerRow> = tx.build(sql).all().await?;
        blockers.extend(rows.into_iter().map(BlockerRow::into_blocker));
    }
    Ok(blockers)
}

impl BlockerRow {
    fn into_blocker(self) -> Blocker {
        Blocker {
            blocked: TaskId(self.blocked_id),
            task: NamedTask {
                id: TaskId(self.id),
                key: format!("{}-{}", self.project_key, self.number),
                title: Some(self.title),
            },
            project_id: ProjectId(self.project_id),
        }
    }
}
