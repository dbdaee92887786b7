//! Many dependencies at once: each is looked at with those before it in place, and all are written together or none.

use super::{
    settle::Look,
    web::{Web, cycle_if_any},
};
use crate::{
    Actor,
    journal::{Entry, Journal},
};
use domain::{
    Result,
    activity::{Action, Change},
    board::Category,
    dependency::{Dependency, Kind, Relation, Step, cycle_text},
    ids::TaskId,
    limits,
};
use std::collections::{BTreeMap, HashMap};
use store::{
    Tx,
    dependencies::{Node, Strand, add_counts, insert, nodes},
};

/// Dependencies to be.
pub(crate) struct Batch {
    web: Web,
    new: Vec<(TaskId, TaskId)>,
}

/// What becomes of a wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It will be made.
    Create,
    /// It is there already, or was wished for before.
    Keep,
    /// It can't be, for this reason: a word for programs and a sentence for people.
    Refused(&'static str, String),
}

impl Batch {
    /// With all that leads to and from these tasks.
    pub(crate) async fn begin(tx: &mut Tx, tasks: &[TaskId]) -> Result<Self> {
        let mut web = Web::new(true);
        web.learn(tx, tasks).await?;
        Ok(Self { web, new: Vec::new() })
    }

    /// Knows of a task that gets another parent, or its first, or none.
    pub(crate) fn parent(&mut self, task: TaskId, (before, after): (Option<TaskId>, Option<TaskId>)) {
        if before == after {
            return;
        }
        let part_of = |to| Strand { from: task, to, step: Step::PartOf };
        if let Some(before) = before {
            self.web.cut(part_of(before));
        }
        if let Some(after) = after {
            self.web.add(part_of(after));
        }
    }

    /// Wishes that `blocker` blocks `blocked`. Both are among the tasks that it began with; `names` is what the sentences
    /// call tasks that are not there yet.
    pub(crate) async fn wish(
        &mut self,
        tx: &mut Tx,
        actor: &Actor,
        (blocker, blocked): (TaskId, TaskId),
        names: &HashMap<TaskId, String>,
    ) -> Result<Fate> {
        if blocker == blocked {
            return Ok(Fate::Refused("same", "A task can't wait for itself.".into()));
        }
        let strand = Strand { from: blocker, to: blocked, step: Step::Blocks };
        if self.web.has(strand) {
            return Ok(Fate::Keep);
        }
        let most = usize::try_from(limits::DEPENDENCIES).unwrap_or(usize::MAX);
        if self.web.links_of(blocker).max(self.web.links_of(blocked)) >= most {
            let sentence = format!("A task has at most {most} links. Take some away first.");
            return Ok(Fate::Refused("too_many_dependencies", sentence));
        }
        if let Some(path) = cycle_if_any(tx, actor, &mut self.web, strand, names).await? {
            return Ok(Fate::Refused("cycle", format!("That would make a loop: {}.", cycle_text(&path))));
        }
        self.web.add(strand);
        self.new.push((blocker, blocked));
        Ok(Fate::Create)
    }

    /// Makes those that were wished for and can be, with all that follows. Their tasks are there by now.
    pub(crate) async fn write(self, tx: &mut Tx, journal: &mut Journal<'_>) -> Result<()> {
        if self.new.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = self.new.iter().flat_map(|(a, b)| [*a, *b]).collect();
        let tasks: HashMap<TaskId, Node> =
            nodes(tx, &ids).await?.into_iter().map(|node| (node.id, node)).collect();
        let links: Vec<_> = self
            .new
            .iter()
            .map(|(source, target)| Dependency { kind: Kind::Blocks, source: *source, target: *target })
            .collect();
        insert(tx, &links, journal.actor().user_id, journal.services().now()).await?;
        let mut counts: BTreeMap<TaskId, (i64, i64)> = BTreeMap::new();
        let mut look = Look::default();
        for (blocker, blocked) in &self.new {
            let (Some(before), Some(after)) = (tasks.get(blocker), tasks.get(blocked)) else { continue };
            note(journal, before, after);
            counts.entry(*blocker).or_default().1 += i64::from(is_open(after));
            if is_open(before) {
                counts.entry(*blocked).or_default().0 += 1;
                look.blockers(*blocked, Some(&before.key), true);
            }
        }
        add_counts(tx, &counts).await?;
        look.at(tx, journal).await
    }
}

fn is_open(task: &Node) -> bool {
    task.in_use && task.category != Category::Done
}

fn note(journal: &mut Journal<'_>, blocker: &Node, blocked: &Node) {
    let entry = |of: &Node, relation: Relation, to: &Node| {
        Entry::new(Action::DependencyAdded, &of.title).project(of.project_id).task(of.id).changes(Change::of(
            relation.as_str(),
            None,
            Some(to.key.clone()),
        ))
    };
    journal.add(entry(blocked, Relation::BlockedBy, blocker));
    journal.add(entry(blocker, Relation::Blocks, blocked));
}
