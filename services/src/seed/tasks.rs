//! Made-up tasks with everything that hangs on them.

use super::{
    BATCH, BOARD_PROJECT, Cell, Seeder, Table,
    people::People,
    projects::{NO_DAY, Place},
    text,
    words::{ENDINGS, SENTENCES, THINGS, VERBS},
};
use domain::{
    Result,
    notification::{Reason, Reasons},
    rank::Rank,
    time::Timestamp,
};
use uuid::Uuid;

/// The categories of the starting columns.
const CATEGORIES: [&str; 4] = ["todo", "todo", "doing", "done"];

/// Rows that wait to be written together.
#[derive(Default)]
struct Batch {
    tasks: Vec<Vec<Cell>>,
    assignees: Vec<Vec<Cell>>,
    labels: Vec<Vec<Cell>>,
    watchers: Vec<Vec<Cell>>,
    comments: Vec<Vec<Cell>>,
    activity: Vec<Vec<Cell>>,
    notifications: Vec<Vec<Cell>>,
}

impl Batch {
    const fn len(&self) -> usize {
        self.tasks.len()
            + self.assignees.len()
            + self.labels.len()
            + self.watchers.len()
            + self.comments.len()
            + self.activity.len()
            + self.notifications.len()
    }

    fn into_parts(self) -> Vec<(Table, Vec<Vec<Cell>>)> {
        vec![
            (Table::Task, self.tasks),
            (Table::TaskAssignee, self.assignees),
            (Table::TaskLabel, self.labels),
            (Table::TaskWatcher, self.watchers),
            (Table::Comment, self.comments),
            (Table::Activity, self.activity),
            (Table::Notification, self.notifications),
        ]
    }
}

/// How much of each kind has been made.
#[derive(Default)]
struct Made {
    tasks: usize,
    comments: usize,
    activity: i64,
    notifications: usize,
    /// Who is told.
    reader: Uuid,
}

impl Seeder<'_> {
    pub(super) async fn tasks(&mut self, people: &People, places: &[Place]) -> Result<()> {
        let mut made = Made { reader: people.users[0], ..Made::default() };
        for place in places {
            let columns: Vec<usize> = (0..place.tasks).map(|number| self.column(place, number)).collect();
            let mut counts = [0; 4];
            for column in &columns {
                counts[*column] += 1;
            }
            let rows = self.project_rows(place, people, counts);
            self.write("projects", rows).await?;
            self.tasks_of(place, &columns, &mut made).await?;
        }
        Ok(())
    }

    /// 30 % open; the board's project has as many cards in each column.
    fn column(&mut self, place: &Place, number: usize) -> usize {
        match place.key.as_str() {
            BOARD_PROJECT => number % 4,
            _ if self.dice.percent(70) => 3,
            _ => self.dice.below(3),
        }
    }

    async fn tasks_of(&mut self, place: &Place, columns: &[usize], made: &mut Made) -> Result<()> {
        let mut batch = Batch::default();
        let ranks = Rank::spread(place.tasks);
        for (index, column) in columns.iter().enumerate() {
            let at = self.moment(400_000 + index * 590_000 / place.tasks.max(1));
            let id = self.dice.id(at);
            let comments = self.comments_for(made);
            let title =
                format!("{} {}{}", self.dice.pick(&VERBS), self.dice.pick(&THINGS), self.dice.pick(&ENDINGS));
            let task = Drawn { id, at, column: *column, index, title, comments };
            let row = self.task_row(place, &task, ranks[index].as_str());
            batch.tasks.push(row);
            self.hang_on(place, &task, &mut batch, made);
            made.tasks += 1;
            if batch.len() >= BATCH {
                self.write("tasks", std::mem::take(&mut batch).into_parts()).await?;
            }
        }
        self.write("tasks", batch.into_parts()).await
    }

    /// The first task of all is the busiest; the others share what is left as they come.
    fn comments_for(&mut self, made: &Made) -> usize {
        if made.tasks == 0 {
            return self.sizes.busiest_task;
        }
        let left = self.sizes.comments.saturating_sub(made.comments);
        let each = left.div_ceil(self.sizes.tasks - made.tasks);
        self.dice.below(2 * each + 1).min(left)
    }

    fn task_row(&mut self, place: &Place, task: &Drawn, rank: &str) -> Vec<Cell> {
        let due = if self.dice.percent(40) {
            text(format!("2026-{:02}-{:02}", 1 + self.dice.below(12), 1 + self.dice.below(28)))
        } else {
            Cell::Word(NO_DAY)
        };
        let description: Vec<&str> = (0..self.dice.below(5)).map(|_| *self.dice.pick(&SENTENCES)).collect();
        let priority = i16::try_from(4 - self.dice.skewed(5)).unwrap_or(0);
        let done = task.column == 3;
        vec![
            Cell::Id(task.id),
            Cell::Int(store::tasks::search_id(task.id)),
            Cell::Id(place.id),
            Cell::Int(task.number()),
            text(&task.title),
            text(description.join(" ")),
            Cell::Id(place.columns[task.column]),
            Cell::Word(CATEGORIES[task.column]),
            text(rank),
            Cell::Small(if self.dice.percent(50) { 0 } else { priority }),
            Cell::Word(NO_DAY),
            due,
            if self.dice.percent(20) {
                Cell::Int(30 * (1 + self.dice.next() % 16).cast_signed())
            } else {
                Cell::NoInt
            },
            Cell::NoId,
            Cell::Id(*self.dice.pick(&place.members)),
            Cell::Int(0),
            Cell::Int(0),
            Cell::Int(i64::try_from(task.comments).unwrap_or(0)),
            Cell::Small(0),
            Cell::NoText,
            if done { Cell::Int(task.at.plus_seconds(86_400).micros()) } else { Cell::NoInt },
            Cell::NoInt,
            Cell::Int(task.at.micros()),
            Cell::Int(task.at.plus_seconds(86_400).micros()),
            Cell::Int(1),
        ]
    }

    /// Assignees, labels, watchers, comments and history.
    fn hang_on(&mut self, place: &Place, task: &Drawn, batch: &mut Batch, made: &mut Made) {
        let on_task = |other: Uuid| vec![Cell::Id(task.id), Cell::Id(other)];
        if self.dice.percent(75) {
            batch.assignees.push(on_task(*self.dice.pick(&place.members)));
        }
        let labels = self.sizes.task_labels / self.sizes.tasks.max(1);
        let first = self.dice.below(place.labels.len());
        for step in 0..=labels.min(place.labels.len() - 1) {
            if step < labels || self.dice.percent(60) {
                batch.labels.push(on_task(place.labels[(first + step) % place.labels.len()]));
            }
        }
        let watchers = (self.sizes.watchers / self.sizes.tasks.max(1)).min(place.members.len());
        let first = self.dice.below(place.members.len());
        for step in 0..watchers {
            batch.watchers.push(on_task(place.members[(first + step) % place.members.len()]));
        }
        for number in 0..task.comments {
            let at = task.at.plus_seconds(60 * i64::try_from(number).unwrap_or(0));
            batch.comments.push(vec![
                Cell::Id(self.dice.id(at)),
                Cell::Id(task.id),
                Cell::Id(*self.dice.pick(&place.members)),
                Cell::Word(SENTENCES[self.dice.below(SENTENCES.len())]),
                Cell::Int(at.micros()),
                Cell::NoInt,
                Cell::Int(1),
            ]);
        }
        made.comments += task.comments;
        self.history(place, task, batch, made);
        self.notify(place, task, batch, made);
    }

    /// The administrator is told that tasks were completed, and has not read every third of it.
    fn notify(&mut self, place: &Place, task: &Drawn, batch: &mut Batch, made: &mut Made) {
        if made.notifications >= self.sizes.notifications {
            return;
        }
        made.notifications += 1;
        batch.notifications.push(vec![
            Cell::Id(self.dice.id(task.at)),
            Cell::Id(made.reader),
            text(format!("seed:{}", task.id)),
            Cell::Word("progress"),
            Cell::Int(Reasons::default().with(Reason::Watching).bits()),
            Cell::Int(task.at.micros()),
            Cell::Id(*self.dice.pick(&place.members)),
            Cell::Id(place.id),
            Cell::Id(task.id),
            text(&task.title),
            Cell::Word("completed"),
            Cell::Small(0),
            Cell::Flag(made.notifications.is_multiple_of(3)),
            Cell::Flag(false),
        ]);
    }

    fn history(&mut self, place: &Place, task: &Drawn, batch: &mut Batch, made: &mut Made) {
        const ACTIONS: [&str; 5] =
            ["task.updated", "task.moved", "comment.created", "task.updated", "task.completed"];
        let total = i64::try_from(self.sizes.activity).unwrap_or(i64::MAX);
        let tasks_left = i64::try_from(self.sizes.tasks - made.tasks).unwrap_or(1).max(1);
        let share = (total - made.activity) / tasks_left;
        for step in 0..share {
            let (action, changes) = match step {
                0 => ("task.created", "[]"),
                _ => {
                    (*self.dice.pick(&ACTIONS), r#"[{"field":"priority","before":"Medium","after":"High"}]"#)
                }
            };
            made.activity += 1;
            let at = task.at.plus_seconds(step * 1_800);
            batch.activity.push(vec![
                Cell::Int(made.activity),
                Cell::Id(self.dice.id(at)),
                Cell::Int(at.micros()),
                Cell::Id(*self.dice.pick(&place.members)),
                Cell::Id(place.id),
                Cell::Id(task.id),
                Cell::Word(action),
                text(&task.title),
                Cell::Word(changes),
            ]);
        }
    }
}

/// A task as drawn.
struct Drawn {
    id: Uuid,
    at: Timestamp,
    column: usize,
    index: usize,
    title: String,
    comments: usize,
}

impl Drawn {
    fn number(&self) -> i64 {
        i64::try_from(self.index + 1).unwrap_or(i64::MAX)
    }
}
