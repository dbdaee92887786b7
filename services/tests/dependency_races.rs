//! Dependencies that are added and blockers that close at the same moment.

mod task_stories;

use domain::{
    Error,
    dependency::{NewDependency, Relation},
    ids::TaskId,
    task::Task,
};
use services::{dependencies, tasks};
use std::sync::Arc;
use task_stories::Stage;
use testkit::both;
use tokio::{sync::Barrier, task::JoinSet};

/// Adds all of these at once, each on its own connection; gives how many went well.
async fn add_at_once(stage: &Stage, pairs: &[(&Task, &Task)]) -> usize {
    let start = Arc::new(Barrier::new(pairs.len()));
    let mut adds = JoinSet::new();
    for (blocker, blocked) in pairs {
        let (services, bob, start) = (stage.w.services.clone(), stage.bob.clone(), Arc::clone(&start));
        let (blocker, blocked) = (blocker.summary.key.clone(), blocked.summary.id);
        adds.spawn(async move {
            start.wait().await;
            let new = NewDependency { relation: Relation::BlockedBy, task: blocker };
            dependencies::add(&services, &bob, blocked, new).await
        });
    }
    let mut added = 0;
    while let Some(outcome) = adds.join_next().await {
        match outcome.expect("no panic") {
            Ok(_) => added += 1,
            Err(Error::Cycle { .. }) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    added
}

async fn assert_sound(stage: &Stage) {
    let check = dependencies::check(&stage.w.services).await.expect("a check");
    assert!(check.is_fine(), "{check:?}");
    stage.assert_counts().await;
}

#[test]
fn of_two_opposite_adds_exactly_one_succeeds() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for round in 0..20 {
            let [a, b] = [stage.task("a").await, stage.task("b").await];
            assert_eq!(add_at_once(&stage, &[(&a, &b), (&b, &a)]).await, 1, "round {round}");
        }
        assert_sound(&stage).await;
    });
}

#[test]
fn of_three_that_close_a_triangle_two_succeed() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for round in 0..15 {
            let [a, b, c] = [stage.task("a").await, stage.task("b").await, stage.task("c").await];
            assert_eq!(add_at_once(&stage, &[(&a, &b), (&b, &c), (&c, &a)]).await, 2, "round {round}");
        }
        assert_sound(&stage).await;
    });
}

#[test]
fn a_loop_is_not_closed_through_a_parent_that_comes_at_the_same_moment() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for _ in 0..15 {
            let [parent, child] = [stage.task("parent").await, stage.task("child").await];
            let (services, bob) = (&stage.w.services, &stage.bob);
            let edit = domain::task::EditTask {
                version: child.summary.version,
                parent_id: Some(Some(parent.summary.id)),
                ..domain::task::EditTask::default()
            };
            let new = NewDependency { relation: Relation::Blocks, task: child.summary.key.clone() };
            let outcomes = tokio::join!(
                tasks::update(services, bob, child.summary.id, edit),
                dependencies::add(services, bob, parent.summary.id, new),
            );
            // Where the link came first, the edit saw an old version at the most; both together make a loop.
            assert!(outcomes.0.is_err() || outcomes.1.is_err(), "{outcomes:?}");
        }
        assert_sound(&stage).await;
    });
}

#[test]
fn blockers_that_close_at_once_are_all_counted() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("task").await;
        let mut blockers: Vec<(TaskId, i64)> = Vec::new();
        for number in 0..12 {
            let blocker = stage.task(&format!("blocker {number}")).await;
            let new = NewDependency { relation: Relation::Blocks, task: task.summary.key.clone() };
            dependencies::add(&stage.w.services, &stage.bob, blocker.summary.id, new).await.expect("linked");
            blockers.push((blocker.summary.id, blocker.summary.version));
        }
        let mut closing = JoinSet::new();
        for (id, version) in blockers {
            let (services, bob) = (stage.w.services.clone(), stage.bob.clone());
            closing.spawn(async move { tasks::complete(&services, &bob, id, version).await });
        }
        while let Some(outcome) = closing.join_next().await {
            outcome.expect("no panic").expect("done");
        }
        let now = stage.now(&task).await.summary;
        assert_eq!((now.blocker_count, now.is_blocked()), (0, false));
        let told = stage.history(task.summary.id).await;
        assert_eq!(told.iter().filter(|(action, _)| action == "task.released").count(), 1);
        assert_sound(&stage).await;
    });
}
