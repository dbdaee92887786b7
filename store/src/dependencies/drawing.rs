//! What a drawing of dependencies shows.

use super::{counts::Edge, links::category};
use crate::{
    db::{Result, Tx},
    tasks::padded,
};
use domain::{
    board::Category,
    ids::{ProjectId, TaskId},
    task::Lifecycle,
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A task of a drawing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: TaskId,
    /// Its project.
    pub project_id: ProjectId,
    /// Its readable key.
    pub key: String,
    /// What is to be done.
    pub title: String,
    /// What its column means.
    pub category: Category,
    /// Whether neither it nor its project is put away.
    pub in_use: bool,
    /// Whether it is put away, and whether its project is.
    pub lifecycles: (Lifecycle, Lifecycle),
    /// Whether it is blocked.
    pub blocked: bool,
    /// Whether it was unblocked by hand.
    pub overridden: bool,
    /// How long it takes, in minutes.
    pub estimate_minutes: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    project_id: Uuid,
    project_key: String,
    number: i64,
    title: String,
    category: String,
    lifecycle: i16,
    project_lifecycle: i16,
    blocked_since: Option<i64>,
    override_at: Option<i64>,
    estimate_minutes: Option<i64>,
}

/// What blocks what among the tasks in use of a project, and between them and others; with finished tasks or without.
/// At most `limit`, in the order of their numbers. Indices: `task_by_number`, `dependency_pk`, `dependency_by_target`.
pub async fn linked_in(tx: &mut Tx, project: ProjectId, with_done: bool, limit: i64) -> Result<Vec<Edge>> {
    let then = tx.dialect().join_in_order();
    let open = " AND s.category <> 'done' AND t.category <> 'done'";
    let sql = tx
        .compose(
            "SELECT source_id, target_id FROM (
               SELECT d.source_id, d.target_id, s.number AS first, t.number AS second
               FROM task s",
        )
        .push(then)
        .push("dependency d ON d.source_id = s.id AND d.kind = 0")
        .push(then)
        .push("task t ON t.id = d.target_id")
        .push(then)
        .push(
            "project p ON p.id = t.project_id WHERE s.lifecycle = 0 AND t.lifecycle = 0 AND p.lifecycle = 0",
        )
        .bind(" AND s.project_id = ?", project.uuid())
        .push_if(!with_done, open)
        .push(" UNION SELECT d.source_id, d.target_id, s.number, t.number FROM task t")
        .push(then)
        .push("dependency d ON d.target_id = t.id AND d.kind = 0")
        .push(then)
        .push("task s ON s.id = d.source_id")
        .push(then)
        .push(
            "project p ON p.id = s.project_id WHERE s.lifecycle = 0 AND t.lifecycle = 0 AND p.lifecycle = 0",
        )
        .bind(" AND t.project_id = ?", project.uuid())
        .push_if(!with_done, open)
        .bind(") links ORDER BY first, second, source_id, target_id LIMIT ?", limit);
    let rows: Vec<(Uuid, Uuid)> = tx.build(sql).all().await?;
    let edge = |(source, target)| Edge { blocker: TaskId(source), blocked: TaskId(target) };
    Ok(rows.into_iter().map(edge).collect())
}

const SELECT: &str = "SELECT t.id, t.project_id, p.project_key, t.number, t.title, t.category, t.lifecycle,
       p.lifecycle AS project_lifecycle, t.blocked_since, t.override_at, t.estimate_minutes
     FROM task t
     JOIN project p ON p.id = t.project_id
     WHERE ";

/// The tasks of those ids, by project and number.
pub async fn nodes(tx: &mut Tx, tasks: &[TaskId]) -> Result<Vec<Node>> {
    let mut nodes = Vec::with_capacity(tasks.len());
    for chunk in tasks.chunks(1000) {
        let ids = padded(&chunk.iter().map(|id| id.uuid()).collect::<Vec<_>>());
        let sql = tx.compose(SELECT).push("t.id IN ").list(ids);
        let rows: Vec<Row> = tx.build(sql).all().await?;
        for row in rows {
            nodes.push(row.into_node()?);
        }
    }
    let place = |node: &Node| {
        let number = node.key.rsplit_once('-').and_then(|(_, number)| number.parse::<i64>().ok());
        (node.project_id, number)
    };
    nodes.sort_by_key(place);
    nodes.dedup_by_key(|node| node.id);
    Ok(nodes)
}

/// The tasks of those project keys (in capitals) and numbers, in no order; keys that nothing has are left out. The
/// projects are found first: with their keys in the same condition SQLite reads whole projects until it has statistics.
/// Index: `task_number`.
pub async fn nodes_by_key(tx: &mut Tx, keys: &[(String, i64)]) -> Result<Vec<Node>> {
    let names: BTreeSet<_> = keys.iter().map(|(key, _)| key.as_str()).collect();
    let projects = projects_by_key(tx, &names.into_iter().collect::<Vec<_>>()).await?;
    let known: Vec<_> =
        keys.iter().filter_map(|(key, number)| Some((*projects.get(key)?, *number))).collect();
    let mut nodes = Vec::with_capacity(known.len());
    for chunk in known.chunks(200) {
        let mut sql = tx.compose(SELECT);
        for (at, (project, number)) in chunk.iter().enumerate() {
            sql = sql
                .push_if(at > 0, " OR ")
                .bind("(t.project_id = ?", *project)
                .bind(" AND t.number = ?)", *number);
        }
        let rows: Vec<Row> = tx.build(sql).all().await?;
        for row in rows {
            nodes.push(row.into_node()?);
        }
    }
    Ok(nodes)
}

async fn projects_by_key(tx: &mut Tx, keys: &[&str]) -> Result<HashMap<String, Uuid>> {
    let mut projects = HashMap::new();
    for chunk in keys.chunks(1000) {
        let sql = tx
            .compose("SELECT project_key, id FROM project WHERE project_key IN ")
            .list(chunk.iter().map(|key| (*key).to_owned()));
        let rows: Vec<(String, Uuid)> = tx.build(sql).all().await?;
        projects.extend(rows);
    }
    Ok(projects)
}

impl Row {
    fn into_node(self) -> Result<Node> {
        let of = |code: i16| Lifecycle::from_code(i64::from(code));
        let lifecycles = (of(self.lifecycle), of(self.project_lifecycle));
        let in_use = lifecycles == (Lifecycle::Active, Lifecycle::Active);
        Ok(Node {
            id: TaskId(self.id),
            project_id: ProjectId(self.project_id),
            key: format!("{}-{}", self.project_key, self.number),
            title: self.title,
            category: category(self.id, &self.category)?,
            in_use,
            lifecycles,
            blocked: in_use && self.blocked_since.is_some(),
            overridden: self.override_at.is_some(),
            estimate_minutes: self.estimate_minutes,
        })
    }
}
