//! The picture of which task waits for which.

use crate::{
    board::Category,
    graph::{self, Weight},
    ids::{ProjectId, TaskId},
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// A task in the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphTask {
    /// Its id.
    pub id: TaskId,
    /// The key that people name it by, also where the reader may not see more of it.
    pub key: Option<String>,
    /// What is to be done; `None` where the reader may not see the task.
    pub title: Option<String>,
    /// The project that it belongs to; `None` where the reader may not see the task.
    pub project_id: Option<ProjectId>,
    /// How far it is.
    pub category: Category,
    /// Whether it waits for another task.
    pub blocked: bool,
    /// Whether somebody unblocked it by hand, though it would wait.
    pub overridden: bool,
    /// How long it is thought to take, in minutes.
    pub estimate_minutes: Option<i64>,
    /// Its column in the picture, from 0 at the left; [`TaskGraph::arrange`] sets it.
    pub layer: i64,
    /// Its middle, in rows from 0 at the top; [`TaskGraph::arrange`] sets it.
    pub y: f64,
    /// Whether it is on the path that takes longest; [`TaskGraph::arrange`] sets it.
    pub critical: bool,
}

/// A place in the picture that a line passes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphPoint {
    /// The layer, from 0 at the left.
    pub layer: f64,
    /// The row, from 0 at the top.
    pub row: f64,
}

/// A dependency in the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GraphLink {
    /// The blocker, as an index into [`TaskGraph::tasks`].
    pub from: usize,
    /// What it blocks, as an index into [`TaskGraph::tasks`].
    pub to: usize,
    /// The points that it passes between the two.
    pub points: Vec<GraphPoint>,
    /// Whether it is on the path that takes longest.
    pub critical: bool,
    /// Whether the reader may remove it; `false` until a service says otherwise.
    pub removable: bool,
}

/// Tasks and what they wait for, in their places.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskGraph {
    /// The tasks in working order: each after all that block it.
    pub tasks: Vec<GraphTask>,
    /// The dependencies, by their blockers, then by what they block.
    pub links: Vec<GraphLink>,
    /// Layers of the picture.
    pub layers: i64,
    /// Rows of the picture.
    pub height: f64,
    /// Estimated minutes of the open tasks on the path that takes longest.
    pub critical_minutes: i64,
    /// Open tasks on that path.
    pub critical_count: i64,
    /// Tasks that are not in the picture because there are too many.
    pub left_out: i64,
}

impl TaskGraph {
    /// Puts tasks into working order and into their places. `links` name blocker and blocked; those that
    /// name a task that is not among `tasks`, or one task twice, are left out. Among tasks that could be
    /// next, the order in which they are given decides.
    pub fn arrange(tasks: Vec<GraphTask>, links: &[(TaskId, TaskId)], left_out: i64) -> Self {
        let (mut tasks, edges) = in_working_order(tasks, links);
        let weights: Vec<Weight> = tasks.iter().map(weight).collect();
        let path = graph::critical_path(tasks.len(), &edges, &weights);
        let steps: BTreeSet<(usize, usize)> = path.windows(2).map(|step| (step[0], step[1])).collect();
        let picture = graph::layout(tasks.len(), &edges);
        for (task, place) in tasks.iter_mut().zip(&picture.places) {
            task.layer = whole(place.layer);
            task.y = place.y;
            task.critical = false;
        }
        let (mut minutes, mut count) = (0_i64, 0_i64);
        for &node in &path {
            tasks[node].critical = true;
            minutes = minutes.saturating_add(weights[node].0);
            count += weights[node].1;
        }
        let link = |((from, to), points): (_, Vec<(f64, f64)>)| {
            let critical = steps.contains(&(from, to));
            let points = points.into_iter().map(|(layer, row)| GraphPoint { layer, row }).collect();
            GraphLink { from, to, points, critical, removable: false }
        };
        Self {
            links: edges.into_iter().zip(picture.bends).map(link).collect(),
            tasks,
            layers: whole(picture.layers),
            height: picture.height,
            critical_minutes: minutes,
            critical_count: count,
            left_out,
        }
    }

    /// Of each task, whether it is on the way to or from one, which is itself among them.
    pub fn chain(&self, of: TaskId) -> Vec<bool> {
        let mut chain = vec![false; self.tasks.len()];
        let Some(of) = self.tasks.iter().position(|task| task.id == of) else { return chain };
        let edges: Vec<_> = self.links.iter().map(|link| (link.from, link.to)).collect();
        chain[of] = true;
        for node in graph::upstream(chain.len(), &edges, of) {
            chain[node] = true;
        }
        for node in graph::downstream(chain.len(), &edges, of) {
            chain[node] = true;
        }
        chain
    }
}

/// The tasks in working order, and the links between them as indices, sorted, each once.
fn in_working_order(
    tasks: Vec<GraphTask>,
    links: &[(TaskId, TaskId)],
) -> (Vec<GraphTask>, Vec<(usize, usize)>) {
    let given: HashMap<TaskId, usize> =
        tasks.iter().enumerate().map(|(index, task)| (task.id, index)).collect();
    let edges: Vec<(usize, usize)> = links
        .iter()
        .filter_map(|(from, to)| Some((*given.get(from)?, *given.get(to)?)))
        .filter(|(from, to)| from != to)
        .collect();
    let order = graph::working_order(tasks.len(), &edges);
    let mut position = vec![0; tasks.len()];
    for (at, &node) in order.iter().enumerate() {
        position[node] = at;
    }
    let mut placed: Vec<_> = tasks.into_iter().zip(&position).collect();
    placed.sort_by_key(|(_, at)| **at);
    let tasks = placed.into_iter().map(|(task, _)| task).collect();
    let edges: BTreeSet<_> = edges.into_iter().map(|(from, to)| (position[from], position[to])).collect();
    (tasks, edges.into_iter().collect())
}

/// What a task adds to the path that takes longest: nothing once it is done.
fn weight(task: &GraphTask) -> Weight {
    if task.category == Category::Done { (0, 0) } else { (task.estimate_minutes.unwrap_or(0).max(0), 1) }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(number: u128) -> TaskId {
        TaskId(Uuid::from_u128(number))
    }

    fn task(number: u128, category: Category, estimate_minutes: Option<i64>) -> GraphTask {
        GraphTask {
            id: id(number),
            key: Some(format!("WEB-{number}")),
            title: Some("Build the thing".into()),
            project_id: None,
            category,
            blocked: false,
            overridden: false,
            estimate_minutes,
            layer: 9,
            y: 9.0,
            critical: true,
        }
    }

    fn todo(count: u128) -> Vec<GraphTask> {
        (0..count).map(|number| task(number, Category::Todo, None)).collect()
    }

    fn numbers(graph: &TaskGraph) -> Vec<u128> {
        graph.tasks.iter().map(|task| task.id.uuid().as_u128()).collect()
    }

    #[test]
    fn tasks_come_in_working_order_with_their_places_and_links() {
        let graph = TaskGraph::arrange(todo(3), &[(id(2), id(0)), (id(2), id(1)), (id(1), id(0))], 4);
        assert_eq!(numbers(&graph), [2, 1, 0]);
        assert_eq!(graph.tasks.iter().map(|task| task.layer).collect::<Vec<_>>(), [0, 1, 2]);
        let links: Vec<_> = graph.links.iter().map(|link| (link.from, link.to, link.critical)).collect();
        assert_eq!(links, [(0, 1, true), (0, 2, false), (1, 2, true)]);
        assert_eq!(graph.links[1].points.len(), 1);
        assert_eq!((graph.layers, graph.left_out), (3, 4));
        assert!(graph.height > 1.0 && graph.links.iter().all(|link| !link.removable));
    }

    #[test]
    fn done_tasks_do_not_count_for_the_longest_path() {
        let tasks = vec![
            task(0, Category::Done, Some(500)),
            task(1, Category::Doing, Some(60)),
            task(2, Category::Todo, None),
            task(3, Category::Todo, Some(30)),
        ];
        let graph = TaskGraph::arrange(tasks, &[(id(0), id(3)), (id(0), id(1)), (id(1), id(2))], 0);
        assert_eq!((graph.critical_minutes, graph.critical_count), (60, 2));
        let critical: Vec<_> = graph.tasks.iter().map(|task| task.critical).collect();
        assert_eq!(critical, [false, true, true, false]);
    }

    #[test]
    fn links_to_tasks_that_are_not_there_are_left_out() {
        let links = [(id(0), id(7)), (id(1), id(1)), (id(0), id(1)), (id(0), id(1))];
        let graph = TaskGraph::arrange(todo(2), &links, 0);
        assert_eq!(graph.links.len(), 1);
        assert_eq!(TaskGraph::arrange(Vec::new(), &links, 0), TaskGraph::default());
    }

    #[test]
    fn a_chain_goes_both_ways_from_a_task() {
        let links = [(id(0), id(1)), (id(1), id(2)), (id(0), id(3)), (id(4), id(2))];
        let graph = TaskGraph::arrange(todo(5), &links, 0);
        let chain = |of| -> Vec<u128> {
            let on = graph.chain(id(of));
            numbers(&graph).into_iter().zip(on).filter_map(|(number, on)| on.then_some(number)).collect()
        };
        assert_eq!(chain(1), [0, 1, 2]);
        assert_eq!(chain(3), [0, 3]);
        assert_eq!(chain(8), [0; 0]);
    }

    #[test]
    fn a_graph_is_the_same_after_a_journey_as_json() {
        let graph = TaskGraph::arrange(todo(4), &[(id(0), id(1)), (id(1), id(2)), (id(0), id(2))], 1);
        let text = serde_json::to_string(&graph).expect("text");
        assert_eq!(serde_json::from_str::<TaskGraph>(&text).expect("a graph"), graph);
    }

    proptest! {
        #[test]
        fn no_task_is_lost_and_none_comes_before_its_blocker(
            pairs in prop::collection::vec((0_u128..20, 0_u128..20), 0..40),
        ) {
            let links: Vec<_> =
                pairs.iter().filter(|(from, to)| from > to).map(|(from, to)| (id(*from), id(*to))).collect();
            let graph = TaskGraph::arrange(todo(20), &links, 0);
            let mut all = numbers(&graph);
            all.sort_unstable();
            prop_assert!(all.into_iter().eq(0..20));
            for link in &graph.links {
                prop_assert!(link.from < link.to);
                prop_assert!(graph.tasks[link.from].layer < graph.tasks[link.to].layer);
            }
            let once: BTreeSet<_> = links.into_iter().collect();
            prop_assert_eq!(once.len(), graph.links.len());
        }
    }
}
