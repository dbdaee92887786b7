//! Random acts on a small graph, each compared with a plain model that knows the rules and nothing of tables.

mod task_stories;

use domain::{
    Error,
    board::Category,
    dependency::{NewDependency, Relation},
    ids::TaskId,
    task::{Lifecycle, MoveTask, TaskSummary},
};
use services::{dependencies, tasks};
use std::collections::BTreeSet;
use task_stories::Stage;
use testkit::both;

const TASKS: usize = 9;
/// Tasks that are part of another.
const PARENTS: [(usize, usize); 2] = [(7, 6), (8, 6)];
const RUNS: u64 = 25;
const ACTS: usize = 60;

#[derive(Clone, Copy, Debug)]
enum Act {
    Link(usize, usize),
    Unlink(usize, usize),
    Move(usize, Category),
    Unblock(usize),
    Withdraw(usize),
    PutAway(usize, Lifecycle),
    TakeBack(usize),
}

#[derive(Clone, Debug)]
struct Thing {
    category: Category,
    lifecycle: Lifecycle,
    count: usize,
    blocked: bool,
    overridden: bool,
    /// Whether it was in work when it was blocked.
    held: bool,
}

#[derive(Clone, Debug)]
struct Model {
    things: Vec<Thing>,
    links: BTreeSet<(usize, usize)>,
}

impl Model {
    fn new() -> Self {
        let thing = Thing {
            category: Category::Todo,
            lifecycle: Lifecycle::Active,
            count: 0,
            blocked: false,
            overridden: false,
            held: false,
        };
        Self { things: vec![thing; TASKS], links: BTreeSet::new() }
    }

    fn open(&self, at: usize) -> bool {
        self.things[at].lifecycle == Lifecycle::Active && self.things[at].category != Category::Done
    }

    fn leads(&self, from: usize, to: usize) -> bool {
        let parts = PARENTS.iter().copied();
        from == to || self.links.iter().copied().chain(parts).any(|(a, b)| a == from && self.leads(b, to))
    }

    /// Does it, or says that it is refused.
    fn act(&mut self, act: Act) -> bool {
        let active = |it: &Self, at: usize| it.things[at].lifecycle == Lifecycle::Active;
        let done = match act {
            Act::Link(a, b) => {
                active(self, a) && active(self, b) && !self.leads(b, a) && {
                    self.links.insert((a, b));
                    true
                }
            }
            Act::Unlink(a, b) => active(self, b) && self.links.remove(&(a, b)),
            Act::Move(at, to) => active(self, at) && self.go(at, to),
            Act::Unblock(at) => {
                active(self, at) && self.things[at].blocked && {
                    self.things[at].overridden = true;
                    true
                }
            }
            Act::Withdraw(at) => {
                active(self, at) && {
                    self.things[at].overridden = false;
                    true
                }
            }
            Act::PutAway(at, to) => {
                let from = self.things[at].lifecycle;
                (from == Lifecycle::Active || to == Lifecycle::Deleted || from == to) && {
                    self.things[at].lifecycle = to;
                    true
                }
            }
            Act::TakeBack(at) => {
                self.things[at].lifecycle = Lifecycle::Active;
                true
            }
        };
        self.settle();
        done
    }

    fn go(&mut self, at: usize, to: Category) -> bool {
        let it = &mut self.things[at];
        let waits = it.count > 0 && !it.overridden;
        if to != Category::Todo && to != it.category && waits {
            return false;
        }
        it.held = false;
        it.category = to;
        true
    }

    fn settle(&mut self) {
        for at in 0..TASKS {
            let count = self.links.iter().filter(|(a, b)| *b == at && self.open(*a)).count();
            let it = &mut self.things[at];
            if count > it.count || count == 0 {
                it.overridden = false;
            }
            it.count = count;
            if it.lifecycle != Lifecycle::Active {
                continue;
            }
            let blocked = it.category != Category::Done && count > 0 && !it.overridden;
            if blocked && !it.blocked && it.category == Category::Doing {
                (it.category, it.held) = (Category::Todo, true);
            }
            if !blocked && it.blocked && it.held {
                (it.category, it.held) = (Category::Doing, false);
            }
            it.blocked = blocked;
        }
    }

    fn waiting(&self, at: usize) -> usize {
        self.links.iter().filter(|(a, b)| *a == at && self.open(*b)).count()
    }
}

/// The same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % below as u64).expect("small")
    }

    fn act(&mut self) -> Act {
        let (a, b) = (self.roll(TASKS), self.roll(TASKS));
        // Parts go with what they are part of when that is deleted: another story.
        let leaf = |at: usize| if at == 6 { 0 } else { at };
        match self.roll(20) {
            0..=6 if a != b => Act::Link(a, b),
            7 | 8 => Act::Unlink(a, b),
            9 | 10 => Act::Move(a, Category::Done),
            11 | 12 => Act::Move(a, Category::Todo),
            13 | 14 => Act::Move(a, Category::Doing),
            15 | 16 => Act::Unblock(a),
            17 => Act::Withdraw(a),
            18 => Act::PutAway(leaf(a), if b % 2 == 0 { Lifecycle::Deleted } else { Lifecycle::Archived }),
            _ => Act::TakeBack(leaf(a)),
        }
    }
}

/// Does it; `false`: it was refused by a rule.
async fn perform(stage: &Stage, ids: &[TaskId], act: Act) -> bool {
    let (s, mia) = (&stage.w.services, &stage.mia);
    let now = |at: usize| tasks::find(s, mia, ids[at]);
    let outcome = match act {
        Act::Link(a, b) => {
            let new = NewDependency { relation: Relation::Blocks, task: ids[b].to_string() };
            dependencies::add(s, mia, ids[a], new).await.map(drop)
        }
        Act::Unlink(a, b) => {
            let other = ids[a].to_string();
            dependencies::remove(s, mia, ids[b], (Relation::BlockedBy, &other)).await.map(drop)
        }
        Act::Move(at, to) => {
            let column = stage.columns.iter().find(|column| column.category == to).expect("a column").id;
            let version = now(at).await.expect("it").summary.version;
            let to = MoveTask { version, column_id: column, after: None, before: None };
            tasks::move_to(s, mia, ids[at], to).await.map(drop)
        }
        Act::Unblock(at) => {
            let version = now(at).await.expect("it").summary.version;
            dependencies::unblock(s, mia, (ids[at], version), "because").await.map(drop)
        }
        Act::Withdraw(at) => {
            let version = now(at).await.expect("it").summary.version;
            dependencies::withdraw(s, mia, (ids[at], version)).await.map(drop)
        }
        Act::PutAway(at, to) => {
            let version = now(at).await.expect("it").summary.version;
            if to == Lifecycle::Deleted {
                tasks::delete(s, mia, ids[at], version).await.map(drop)
            } else {
                tasks::archive(s, mia, ids[at], version).await.map(drop)
            }
        }
        Act::TakeBack(at) => {
            let version = now(at).await.expect("it").summary.version;
            tasks::restore(s, mia, ids[at], version).await.map(drop)
        }
    };
    match outcome {
        Ok(()) => true,
        Err(Error::Cycle { .. } | Error::Blocked { .. } | Error::Refused { .. } | Error::NotFound { .. }) => {
            false
        }
        Err(other) => panic!("{act:?}: {other:?}"),
    }
}

#[derive(PartialEq, Eq, Debug)]
struct Seen {
    category: Category,
    lifecycle: Lifecycle,
    counts: (usize, usize),
    /// Not of what is put away: it finds out when it comes back.
    blocked: Option<bool>,
    overridden: bool,
}

fn seen(it: &TaskSummary) -> Seen {
    let number = |count: i64| usize::try_from(count).expect("not negative");
    Seen {
        category: it.category,
        lifecycle: it.lifecycle,
        counts: (number(it.blocker_count), number(it.waiting_count)),
        blocked: (it.lifecycle == Lifecycle::Active).then_some(it.is_blocked()),
        overridden: it.overridden_at.is_some(),
    }
}

fn expected(model: &Model, at: usize) -> Seen {
    let it = &model.things[at];
    Seen {
        category: it.category,
        lifecycle: it.lifecycle,
        counts: (it.count, model.waiting(at)),
        blocked: (it.lifecycle == Lifecycle::Active).then_some(it.blocked),
        overridden: it.overridden,
    }
}

#[test]
fn whatever_people_do_in_whatever_order_the_rules_hold() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for run in 0..RUNS {
            one_run(&stage, run).await;
        }
        stage.assert_counts().await;
    });
}

async fn one_run(stage: &Stage, run: u64) {
    let mut ids = Vec::new();
    for at in 0..TASKS {
        let parent_id = PARENTS.iter().find(|(part, _)| *part == at).map(|(_, of)| ids[*of]);
        let new = domain::task::NewTask { title: format!("task {at}"), parent_id, ..Default::default() };
        ids.push(stage.task_with(new).await.expect("made").summary.id);
    }
    let (mut model, mut dice, mut told) = (Model::new(), Dice(run), Vec::new());
    for _ in 0..ACTS {
        let act = dice.act();
        told.push(act);
        assert_eq!(perform(stage, &ids, act).await, model.act(act), "run {run}: {told:?}");
        for (at, id) in ids.iter().enumerate() {
            let now = tasks::find(&stage.w.services, &stage.mia, *id).await.expect("it").summary;
            assert_eq!(seen(&now), expected(&model, at), "task {at} in run {run}: {told:?}");
        }
    }
    let check = dependencies::check(&stage.w.services).await.expect("a check");
    assert!(check.is_fine(), "run {run}: {check:?}");
}
