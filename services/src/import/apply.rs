//! Doing what the plan says, in as many statements for a thousand tasks as their hundreds.

use super::{
    columns,
    plan::{Plan, Step},
};
use crate::{
    Actor, Services,
    dependencies::{Turned, settle},
    journal::{Entry, Journal},
    tasks::{Ranks, changed_text},
};
use domain::{
    Result, Timestamp,
    activity::{Action, Change},
    board::{Category, Column},
    checklist::{Checklist, Node},
    ids::{ColumnId, TaskId},
    project::Project,
    rank::Rank,
    task::{Lifecycle, Priority, Task, TaskSummary},
    user::UserRef,
    validate,
};
use std::collections::HashMap;
use store::{
    Tx,
    tasks::{Counted, Counts, End, Ground, Imported, NewRow},
};

/// An import at work.
pub(super) struct Apply<'s> {
    services: &'s Services,
    actor: &'s Actor,
    pub(super) journal: Journal<'s>,
    ends: Vec<End>,
    next_number: i64,
    counts: Counts,
    /// The readable keys of tasks that the import knows.
    keys: HashMap<TaskId, String>,
}

impl<'s> Apply<'s> {
    pub(super) fn new(services: &'s Services, actor: &'s Actor, journal: Journal<'s>) -> Self {
        Self {
            services,
            actor,
            journal,
            ends: Vec::new(),
            next_number: 0,
            counts: Counts::default(),
            keys: HashMap::new(),
        }
    }

    /// Reads the board and makes the columns that are missing; gives their names.
    pub(super) async fn columns(
        &mut self,
        tx: &mut Tx,
        project: &Project,
        document: &Checklist,
        plan: &Plan,
    ) -> Result<Vec<String>> {
        let ground = store::tasks::ground(tx, project.id).await?;
        let Ground { ends, next_number, .. } = ground.ok_or_else(|| domain::Error::not_found("project"))?;
        self.ends = ends;
        self.next_number = next_number;
        let there: Vec<_> = self.ends.iter().map(|end| end.column.clone()).collect();
        let missing = columns::missing(document, plan, &columns::names(&there))?;
        if missing.is_empty() {
            return Ok(missing);
        }
        // Before what is finished, because that is where open work stands.
        let done = self.ends.iter().position(|end| end.column.category == Category::Done);
        let at = done.unwrap_or(self.ends.len());
        let new: Vec<Column> =
            (0..).zip(&missing).map(|(nth, name)| self.column(project, at, (nth, name))).collect();
        store::columns::insert(tx, &new).await?;
        for column in &new {
            let entry = Entry::new(Action::ColumnCreated, &column.name).project(project.id);
            self.journal.add(entry);
        }
        let ends = new.into_iter().map(|column| End { column, last_rank: None, first_rank: None });
        self.ends.splice(at..at, ends);
        let order: Vec<ColumnId> = self.ends.iter().map(|end| end.column.id).collect();
        store::columns::arrange(tx, &order).await?;
        Ok(missing)
    }

    fn column(&self, project: &Project, at: usize, (nth, name): (usize, &String)) -> Column {
        Column {
            id: ColumnId(self.services.ids.id()),
            project_id: project.id,
            name: name.clone(),
            category: Category::Todo,
            position: i64::try_from(at + nth).unwrap_or(i64::MAX),
            task_count: 0,
            version: 1,
        }
    }

    /// Makes and changes tasks.
    pub(super) async fn tasks(
        &mut self,
        tx: &mut Tx,
        project: &Project,
        document: &Checklist,
        plan: &Plan,
    ) -> Result<()> {
        let creator = match self.actor.user_id {
            Some(id) => store::people::active(tx, &[id]).await?.pop(),
            None => None,
        };
        let mut board = Board::new(std::mem::take(&mut self.ends));
        let mut new = Vec::new();
        let mut changed = Vec::new();
        let mut turned = Turned::default();
        for (at, (node, step)) in document.nodes.iter().zip(&plan.steps).enumerate() {
            let heading = plan.heading[at].map(|heading| columns::name(document, heading));
            match step {
                Step::Create { parent } => {
                    let (column, rank) = board.place(tx, node.done, heading.as_deref()).await?;
                    let row =
                        self.row(project, (node, plan.ids[at], *parent), (&column, rank), creator.as_ref());
                    new.push(row);
                }
                Step::Update { before, after } => {
                    let mut after = Imported::clone(after);
                    let moved = node.done != (before.category == Category::Done);
                    if moved {
                        let place = board.place(tx, node.done, heading.as_deref()).await?;
                        put_in(&mut after, place, self.services.now());
                    }
                    self.note(project, &board, (before, &after));
                    self.counts.change(before.counted(), after.counted());
                    let open = [before.category, after.category].map(|it| it != Category::Done);
                    let waits = after.blocker_count > 0;
                    turned.turn(after.id, &self.keys[&after.id], (open[0], open[1]), waits);
                    changed.push(after);
                }
                Step::Column | Step::Keep | Step::PutAway => {}
            }
        }
        store::tasks::insert(tx, &new).await?;
        store::tasks::update_imported(tx, &changed, self.services.now()).await?;
        let counts = std::mem::take(&mut self.counts);
        store::tasks::add_to_counts(tx, project.id, counts, self.services.now()).await?;
        settle(tx, &mut self.journal, &turned).await
    }

    fn row(
        &mut self,
        project: &Project,
        (node, id, parent_id): (&Node, TaskId, Option<TaskId>),
        (column, rank): (&Column, Rank),
        creator: Option<&UserRef>,
    ) -> NewRow {
        let now = self.services.now();
        let number = self.next_number;
        self.next_number += 1;
        let summary = TaskSummary {
            id,
            project_id: project.id,
            key: format!("{}-{number}", project.key),
            title: node.title.clone(),
            column_id: column.id,
            column_name: column.name.clone(),
            category: column.category,
            priority: Priority::None,
            assignees: Vec::new(),
            labels: Vec::new(),
            start_on: None,
            due_on: None,
            estimate_minutes: None,
            parent_id,
            child_count: 0,
            child_done_count: 0,
            comment_count: 0,
            blocker_count: 0,
            blockers: Vec::new(),
            waiting_count: 0,
            blocked_since: None,
            overridden_at: None,
            rank: rank.into(),
            lifecycle: Lifecycle::Active,
            created_at: now,
            updated_at: now,
            completed_at: (column.category == Category::Done).then_some(now),
            version: 1,
        };
        self.keys.insert(id, summary.key.clone());
        self.counts.created(Counted::of(&summary));
        let task = Task { summary, description: node.description.clone(), creator: creator.cloned() };
        NewRow { task, number, source_key: Some(node.source_key.clone()) }
    }

    /// The history of a changed task; new ones are told of together.
    fn note(&mut self, project: &Project, board: &Board, (before, after): (&Imported, &Imported)) {
        self.keys.insert(after.id, format!("{}-{}", project.key, after.number));
        let entry = |action| Entry::new(action, &after.title).project(project.id).task(after.id);
        let parent = |task: &Imported| task.parent_id.and_then(|id| self.keys.get(&id).cloned());
        let changes: Vec<Change> = [
            Change::of("title", Some(before.title.clone()), Some(after.title.clone())),
            changed_text("description", &before.description, &after.description),
            Change::of("parent", parent(before), parent(after)),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !changes.is_empty() {
            self.journal.add(entry(Action::TaskUpdated).changes(changes));
        }
        if before.category != after.category {
            let action = match after.category {
                Category::Done => Action::TaskCompleted,
                Category::Todo | Category::Doing => Action::TaskReopened,
            };
            let name = |task: &Imported| board.name(task.column_id);
            self.journal.add(entry(action).changes(Change::of("column", name(before), name(after))));
        }
    }
}

/// The project's columns, and where the document's tasks go.
struct Board {
    ranks: Ranks,
}

impl Board {
    fn new(ends: Vec<End>) -> Self {
        Self { ranks: Ranks::new(ends) }
    }

    /// Done tasks go to the first done column, open ones to their heading's, or to the first of things to do.
    async fn place(&mut self, tx: &mut Tx, done: bool, heading: Option<&str>) -> Result<(Column, Rank)> {
        let column = if done {
            self.ranks.first_of(Category::Done)?
        } else {
            let key = heading.map(validate::name_key);
            let named = self.ranks.columns().iter().find(|column| {
                column.category != Category::Done && Some(validate::name_key(&column.name)) == key
            });
            match named {
                Some(column) => column.clone(),
                None => self.ranks.first_of(Category::Todo)?,
            }
        };
        let rank = self.ranks.at_end(tx, column.id).await?;
        Ok((column, rank))
    }

    fn name(&self, id: ColumnId) -> Option<String> {
        self.ranks.columns().iter().find(|column| column.id == id).map(|column| column.name.clone())
    }
}

fn put_in(task: &mut Imported, (column, rank): (Column, Rank), now: Timestamp) {
    task.column_id = column.id;
    task.category = column.category;
    task.rank = rank.into();
    task.completed_at = (column.category == Category::Done).then_some(now);
}
