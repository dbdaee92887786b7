//! A made-up installation of a known size, the same in every run: for benchmarks, trials and screenshots.
//!
//! It writes rows in bulk, past the use cases, into an empty workspace only; counters and histories fit together as
//! if the use cases had written them. Sizes and skew follow what large installations of its kind report.

mod people;
mod projects;
mod random;
mod sizes;
mod tasks;
mod words;

pub use sizes::{Sizes, Tier};

use crate::{Services, workspace};
use domain::{Error, Result, audit::Outcome, ids::RoleId, time::Timestamp};
use random::Dice;
use store::{
    notifications::Position,
    seed::{Cell, Table},
};

/// The user name of the administrator that is made.
pub const ADMIN: &str = "admin";
/// The key of the project whose board has 1,000 cards, 250 in each of four columns.
pub const BOARD_PROJECT: &str = "BOARD";
/// The key of the largest project.
pub const LARGEST_PROJECT: &str = "LARGE";

/// Told after each part: what is being made, and how much of all is done, in thousandths.
pub type Progress<'p> = &'p mut (dyn FnMut(&'static str, u64) + Send);

/// Fills an empty workspace; everyone's password is `password`.
///
/// # Errors
/// [`Error::Refused`] with `not_empty` if anybody has an account already; what the database says.
pub async fn fill(services: &Services, sizes: Sizes, password: String, progress: Progress<'_>) -> Result<()> {
    workspace::prepare(services).await?;
    if workspace::has_users(services).await? {
        return Err(Error::refused(
            "not_empty",
            "There are people in this workspace already. Seed an empty one: choose another --data folder or database.",
        ));
    }
    let mut seeder = Seeder {
        services,
        sizes,
        dice: Dice::new(2026),
        // Three years back from a day that never moves.
        start: Timestamp(1_672_531_200_000_000),
        progress,
        written: 0,
    };
    seeder.make_room().await?;
    let people = seeder.people(password).await?;
    let projects = seeder.projects(&people);
    seeder.tasks(&people, &projects).await?;
    seeder.audit(&people).await?;
    seeder.finish().await
}

struct Seeder<'s> {
    services: &'s Services,
    sizes: Sizes,
    dice: Dice,
    start: Timestamp,
    progress: Progress<'s>,
    written: usize,
}

/// Seconds of the three years over which things happened.
const SPAN: usize = 3 * 365 * 24 * 3600;
/// Rows of one transaction: large enough that its flush to disk does not count.
const BATCH: usize = 40_000;

impl Seeder<'_> {
    async fn make_room(&mut self) -> Result<()> {
        let mut tx = self.services.db.write_aside().await?;
        store::seed::make_room(&mut tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Writes rows in one transaction and tells how far it is.
    async fn write(&mut self, what: &'static str, parts: Vec<(Table, Vec<Vec<Cell>>)>) -> Result<()> {
        let mut tx = self.services.db.write_aside().await?;
        for (table, rows) in parts {
            self.written += rows.len();
            store::seed::insert(&mut tx, table, rows).await?;
        }
        tx.commit().await?;
        let done = (self.written as u64 * 1000 / self.total() as u64).min(999);
        (self.progress)(what, done);
        Ok(())
    }

    const fn total(&self) -> usize {
        let sizes = &self.sizes;
        // A task has an assignee in three of four cases.
        sizes.tasks * 7 / 4
            + sizes.comments
            + sizes.activity
            + sizes.task_labels
            + sizes.watchers
            + sizes.audit
            + sizes.memberships
            + sizes.notifications
    }

    /// A moment of the three years, later ones for larger parts of 1,000,000.
    #[expect(clippy::cast_possible_wrap, reason = "three years of seconds fit")]
    const fn moment(&self, millionths: usize) -> Timestamp {
        self.start.plus_seconds((SPAN / 1000 * millionths / 1000) as i64)
    }

    async fn roles(&self) -> Result<Vec<RoleId>> {
        let mut tx = self.services.db.peek().await?;
        Ok(store::roles::list(&mut tx).await?.into_iter().map(|role| role.id).collect())
    }

    async fn audit(&mut self, people: &people::People) -> Result<()> {
        const ACTS: [&str; 4] = ["sign_in", "sign_in", "sign_out", "user.updated"];
        let count = self.sizes.audit;
        for batch in 0..count.div_ceil(BATCH) {
            let rows = (batch * BATCH..count.min((batch + 1) * BATCH))
                .map(|number| {
                    let at = self.moment(number * 1000 / count.max(1) * 1000);
                    let who = *self.dice.pick(&people.users);
                    vec![
                        Cell::Id(self.dice.id(at)),
                        Cell::Int(at.micros()),
                        Cell::Id(who),
                        Cell::Word(ACTS[self.dice.below(ACTS.len())]),
                        Cell::Word("user"),
                        Cell::Id(who),
                        Cell::Word(
                            if self.dice.percent(4) { Outcome::Refused } else { Outcome::Done }.as_str(),
                        ),
                        Cell::Word("192.0.2.10"),
                        Cell::Word(""),
                    ]
                })
                .collect();
            self.write("audit log", vec![(Table::Audit, rows)]).await?;
        }
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        let mut tx = self.services.db.write().await?;
        for _ in 0..self.sizes.activity {
            tx.next_change();
        }
        tx.bump_access();
        // Nobody is told of what was made up.
        let change = store::counters::read(&mut tx).await?.change;
        let made = i64::try_from(self.sizes.activity).unwrap_or(i64::MAX);
        let from = store::notifications::position(&mut tx).await?;
        let to = Position { seq: change.saturating_add(made), up_to: None };
        store::notifications::move_on(&mut tx, from, to).await?;
        store::seed::analyse(&mut tx).await?;
        tx.commit().await?;
        (self.progress)("done", 1000);
        Ok(())
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}
