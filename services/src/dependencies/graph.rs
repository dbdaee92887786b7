//! Dependencies as they are drawn: of a whole project, or around one task.

use super::{turned_on, web::Web};
use crate::{Actor, Services, projects, tasks::readable};
use domain::{
    Result,
    board::Category,
    dependency::GraphOf,
    ids::{ProjectId, TaskId},
    limits,
    permission::Permission,
    task_graph::{GraphTask, TaskGraph},
};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{
    Tx,
    dependencies::{Direction, Node, linked_in, nodes},
};

/// Dependencies of a project that are looked at, in the order of its tasks.
const LINKS: i64 = 50_000;

/// What a project's tasks wait for, or all that is on the way to and from a task; with finished tasks or without. Tasks that
/// the actor may not see come without their titles.
///
/// # Errors
/// [`domain::Error::NotFound`]; [`domain::Error::Refused`] with `turned_off`.
pub async fn graph(services: &Services, actor: &Actor, of: GraphOf, with_done: bool) -> Result<TaskGraph> {
    turned_on(services)?;
    let read = services.read_listed(actor, |mut tx| async move {
        let (ids, links) = match of {
            GraphOf::Project(project) => of_project(&mut tx, actor, project, with_done).await?,
            GraphOf::Task(task) => around(&mut tx, actor, task).await?,
        };
        let looked_at = ids.len().min(2 * limits::GRAPH_TASKS + 1);
        let found = nodes(&mut tx, &ids[..looked_at]).await?;
        Ok((ids, links, looked_at, found))
    });
    let (ids, links, looked_at, mut found) = read.await?;
    let asked = |node: &Node| of == GraphOf::Task(node.id);
    found.retain(|node| asked(node) || node.in_use && (with_done || node.category != Category::Done));
    let left_out = cut(&mut found, &ids) + ids.len() - looked_at;
    let left_out = i64::try_from(left_out).unwrap_or(i64::MAX);
    let changeable: HashMap<TaskId, bool> = found
        .iter()
        .map(|node| (node.id, node.in_use && actor.allows(Permission::TaskLink, node.project_id)))
        .collect();
    let tasks = found.into_iter().map(|node| drawn(actor, node)).collect();
    let mut graph = TaskGraph::arrange(tasks, &links, left_out);
    for link in &mut graph.links {
        link.removable = changeable.get(&graph.tasks[link.to].id).copied().unwrap_or(false);
    }
    Ok(graph)
}

/// Leaves as many as are drawn, the first of `order`; gives how many it took away.
fn cut(found: &mut Vec<Node>, order: &[TaskId]) -> usize {
    let too_many = found.len().saturating_sub(limits::GRAPH_TASKS);
    if too_many > 0 {
        let there: HashSet<_> = found.iter().map(|node| node.id).collect();
        let first: HashSet<_> =
            order.iter().filter(|id| there.contains(id)).take(limits::GRAPH_TASKS).copied().collect();
        found.retain(|node| first.contains(&node.id));
    }
    too_many
}

type Picked = (Vec<TaskId>, Vec<(TaskId, TaskId)>);

async fn of_project(tx: &mut Tx, actor: &Actor, project: ProjectId, with_done: bool) -> Result<Picked> {
    projects::readable(tx, actor, project).await?;
    let edges = linked_in(tx, project, with_done, LINKS).await?;
    let mut seen = HashSet::new();
    let all = edges.iter().flat_map(|edge| [edge.blocker, edge.blocked]);
    let ids = all.filter(|id| seen.insert(*id)).collect();
    Ok((ids, edges.into_iter().map(|edge| (edge.blocker, edge.blocked)).collect()))
}

async fn around(tx: &mut Tx, actor: &Actor, task: TaskId) -> Result<Picked> {
    readable(tx, actor, task).await?;
    let mut web = Web::new(false);
    let most = limits::GRAPH_TASKS;
    let up = web.reach(tx, task, (Direction::Up, most)).await?;
    let down = web.reach(tx, task, (Direction::Down, most)).await?;
    // Near ones of both sides first, so that neither crowds out the other.
    let mut ids = vec![task];
    let mut seen = BTreeSet::from([task]);
    let longest = up.len().max(down.len());
    for at in 0..longest {
        ids.extend([up.get(at), down.get(at)].into_iter().flatten().filter(|id| seen.insert(**id)));
    }
    let links = web.between(&ids.iter().copied().collect());
    Ok((ids, links.into_iter().map(|strand| (strand.from, strand.to)).collect()))
}

fn drawn(actor: &Actor, node: Node) -> GraphTask {
    let seen = actor.allows(Permission::ProjectView, node.project_id);
    GraphTask {
        id: node.id,
        key: Some(node.key),
        title: seen.then_some(node.title),
        project_id: seen.then_some(node.project_id),
        category: node.category,
        blocked: node.blocked,
        overridden: node.overridden && node.category != Category::Done,
        estimate_minutes: node.estimate_minutes.filter(|_| seen),
        layer: 0,
        y: 0.0,
        critical: false,
    }
}
