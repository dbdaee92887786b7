//! What an import does to each node of the document, before anything is done.

use domain::{
    board::Category,
    checklist::{Checklist, Node, NodeKind},
    ids::TaskId,
    import::HeadingsAs,
    task::Lifecycle,
};
use std::collections::HashMap;
use store::tasks::Imported;

/// What happens to a node.
#[derive(Debug)]
pub(super) enum Step {
    /// A heading that is a column of the board.
    Column,
    /// It becomes a task.
    Create {
        /// The task that it is part of.
        parent: Option<TaskId>,
    },
    /// Its task changes.
    Update {
        /// As it is.
        before: Box<Imported>,
        /// As it is to be, but for its column, which follows the node's tick.
        after: Box<Imported>,
    },
    /// Its task stays as it is.
    Keep,
    /// Its task stays as it is, because people have archived or deleted it.
    PutAway,
}

/// The whole import.
#[derive(Debug)]
pub(super) struct Plan {
    /// One for each node.
    pub(super) steps: Vec<Step>,
    /// The task of each node; of a column nothing has that id.
    pub(super) ids: Vec<TaskId>,
    /// The heading that is the column for each node under one.
    pub(super) heading: Vec<Option<usize>>,
    /// Tasks of earlier imports that the document has no more.
    pub(super) missing: i64,
}

impl Plan {
    pub(super) fn make(
        document: &Checklist,
        headings: HeadingsAs,
        existing: Vec<Imported>,
        mut new_id: impl FnMut() -> TaskId,
    ) -> Self {
        let mut existing: HashMap<String, Imported> =
            existing.into_iter().map(|task| (task.source_key.clone(), task)).collect();
        let mut plan = Self { steps: Vec::new(), ids: Vec::new(), heading: Vec::new(), missing: 0 };
        // For each node whether all on the way to it follows the document.
        let mut free: Vec<bool> = Vec::new();
        for (at, node) in document.nodes.iter().enumerate() {
            let is_column = headings == HeadingsAs::Columns && is_top_heading(node);
            let above = node.parent.and_then(|parent| plan.heading[parent]);
            plan.heading.push(if is_column { Some(at) } else { above });
            let parent_free = node.parent.is_none_or(|parent| free[parent]);
            let parent = plan.parent_of(document, node);
            let known = existing.remove(&node.source_key);
            plan.ids.push(known.as_ref().map_or_else(&mut new_id, |task| task.id));
            let step = match known {
                _ if is_column => Step::Column,
                None => Step::Create { parent },
                Some(task) if task.lifecycle != Lifecycle::Active => Step::PutAway,
                // Where a task above was put away, it stays where people have left it.
                Some(task) if !parent_free => changed(&task, node, task.parent_id),
                Some(task) => changed(&task, node, parent),
            };
            free.push(parent_free && !matches!(step, Step::PutAway));
            plan.steps.push(step);
        }
        let left = existing.values().filter(|task| task.lifecycle != Lifecycle::Deleted).count();
        plan.missing = i64::try_from(left).unwrap_or(i64::MAX);
        plan
    }

    /// Tasks whose parent is new: the task, the one that it was part of, and the one that it will be part of.
    pub(super) fn new_parents(&self) -> impl Iterator<Item = (TaskId, Option<TaskId>, Option<TaskId>)> {
        self.steps.iter().zip(&self.ids).filter_map(|(step, id)| match step {
            Step::Create { parent: Some(parent) } => Some((*id, None, Some(*parent))),
            Step::Update { before, after } if before.parent_id != after.parent_id => {
                Some((*id, before.parent_id, after.parent_id))
            }
            _ => None,
        })
    }

    /// The task of the nearest node above that is not put away.
    fn parent_of(&self, document: &Checklist, node: &Node) -> Option<TaskId> {
        let mut next = node.parent;
        while let Some(at) = next {
            if !matches!(self.steps[at], Step::Column | Step::PutAway) {
                return Some(self.ids[at]);
            }
            next = document.nodes[at].parent;
        }
        None
    }
}

fn is_top_heading(node: &Node) -> bool {
    node.kind != NodeKind::Item && node.parent.is_none()
}

fn changed(before: &Imported, node: &Node, parent_id: Option<TaskId>) -> Step {
    let after = Imported {
        title: node.title.clone(),
        description: node.description.clone(),
        parent_id,
        ..before.clone()
    };
    let same_tick = node.done == (before.category == Category::Done);
    if same_tick && after == *before {
        Step::Keep
    } else {
        Step::Update { before: Box::new(before.clone()), after: Box::new(after) }
    }
}
