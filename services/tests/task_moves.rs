//! Cards on the board: moving, completing, reopening.

mod task_stories;

use domain::{
    board::Category,
    rank::Rank,
    task::{EditTask, MoveTask, Task},
};
use services::{board_columns, tasks};
use task_stories::{Stage, change, code, fields, is_stale};
use testkit::both;

#[test]
fn a_card_goes_where_it_is_dropped() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (a, b, c) = (stage.task("a").await, stage.task("b").await, stage.task("c").await);
        let c = stage.place(&c, 0, (Some(&a), None)).await.expect("moved");
        assert_eq!(stage.board().await[0], ["a", "c", "b"]);
        let b = stage.place(&b, 0, (None, Some(&a))).await.expect("moved");
        assert_eq!(stage.board().await[0], ["b", "a", "c"]);
        let a = stage.place(&a, 0, (None, None)).await.expect("moved");
        assert_eq!(stage.board().await[0], ["b", "c", "a"]);
        let c = stage.place(&c, 2, (None, None)).await.expect("moved");
        let b = stage.place(&b, 2, (None, Some(&c))).await.expect("moved");
        stage.place(&a, 2, (Some(&b), Some(&c))).await.expect("moved");
        assert_eq!(stage.board().await[2], ["b", "a", "c"]);
        assert_eq!(stage.now(&b).await, b);
        stage.assert_counts().await;
    });
}

#[test]
fn a_card_dropped_beside_one_that_has_gone_goes_to_the_end() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (a, b) = (stage.task("a").await, stage.task("b").await);
        stage.place(&b, 2, (None, None)).await.expect("moved");
        let x = stage.task("x").await;
        stage.place(&x, 2, (None, None)).await.expect("moved");
        let a = stage.place(&a, 2, (Some(&a), None)).await.expect("beside itself");
        assert_eq!(stage.board().await[2], ["b", "x", "a"]);
        let gone = stage.task("gone").await;
        let b = stage.now(&b).await;
        stage.place(&b, 2, (Some(&gone), None)).await.expect("moved");
        assert_eq!(stage.board().await[2], ["x", "a", "b"]);
        let again = stage.now(&a).await;
        let x = stage.place(&again, 2, (Some(&gone), Some(&stage.now(&x).await))).await;
        assert!(x.is_ok(), "the other neighbour counts");
        assert_eq!(stage.board().await[2], ["a", "x", "b"]);
        stage.assert_counts().await;
    });
}

#[test]
fn a_card_stays_on_its_own_board() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let other = stage.w.project(&stage.mia, "OPS").await;
        let mia = stage.w.refresh(&stage.mia).await;
        let theirs = stage.w.task(&mia, &other, "Theirs").await;
        let ours = stage.task("Ours").await;
        let to = MoveTask {
            version: 1,
            column_id: theirs.summary.column_id,
            after: Some(theirs.summary.id),
            before: None,
        };
        let moved = tasks::move_to(&stage.w.services, &mia, ours.summary.id, to).await;
        assert_eq!(fields(&moved.expect_err("refused")), [("column_id", "unknown")]);
        let edit = EditTask { column_id: Some(theirs.summary.column_id), ..EditTask::default() };
        assert_eq!(fields(&stage.edit(&ours, edit).await.expect_err("refused")), [("column_id", "unknown")]);
        assert_eq!(stage.now(&ours).await, ours);
        stage.assert_counts().await;
    });
}

#[test]
fn completing_puts_a_task_on_top_of_what_is_done_and_reopening_brings_it_back() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let (a, b) = (stage.task("a").await, stage.task("b").await);
        let complete = |task: &Task| tasks::complete(s, &stage.bob, task.summary.id, task.summary.version);
        complete(&a).await.expect("done");
        stage.w.clock.advance_seconds(60);
        let b = complete(&b).await.expect("done");
        assert_eq!(stage.board().await[3], ["b", "a"]);
        assert_eq!(b.summary.completed_at, Some(s.now()));
        assert_eq!(
            stage.history(b.summary.id).await[0],
            ("task.completed".into(), vec![change("column", Some("Backlog"), Some("Done"))])
        );
        assert_eq!(complete(&b).await, Ok(b.clone()), "once is enough");
        let outdated = tasks::complete(s, &stage.bob, b.summary.id, 1).await;
        assert_eq!(outdated, Ok(b.clone()), "also for someone who has not seen it");
        assert!(is_stale(tasks::reopen(s, &stage.bob, b.summary.id, 1).await));
        let b = tasks::reopen(s, &stage.bob, b.summary.id, b.summary.version).await.expect("open");
        assert_eq!((b.summary.category, b.summary.completed_at), (Category::Todo, None));
        assert_eq!(stage.history(b.summary.id).await[0].0, "task.reopened");
        assert_eq!(stage.now(&b).await, b);
        assert_eq!(stage.board().await, [vec!["b"], vec![], vec![], vec!["a"]]);
        stage.assert_counts().await;
    });
}

#[test]
fn moving_a_sub_task_to_done_counts_for_its_parent() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let parent = stage.task("Parent").await;
        let child = stage.sub_task("Child", &parent).await;
        let child = stage.place(&child, 3, (None, None)).await.expect("done");
        let counts = async || {
            let it = stage.now(&parent).await.summary;
            (it.child_count, it.child_done_count)
        };
        assert_eq!(counts().await, (1, 1));
        let edit = EditTask { parent_id: Some(None), ..EditTask::default() };
        stage.edit(&child, edit).await.expect("on its own");
        assert_eq!(counts().await, (0, 0));
        assert_eq!(stage.now(&parent).await.summary.version, 1, "nobody's edit is in the way");
        stage.assert_counts().await;
    });
}

#[test]
fn of_two_drags_at_once_one_wins_and_no_number_is_wrong() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("Dragged").await;
        let (one, two) =
            tokio::join!(stage.place(&task, 1, (None, None)), stage.place(&task, 3, (None, None)));
        assert!(one.is_ok() != two.is_ok());
        assert!(is_stale(one) || is_stale(two));
        stage.assert_counts().await;
    });
}

#[test]
fn a_column_without_room_makes_room() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let top = stage.task("top").await;
        let mut below = stage.task("card 0").await;
        // Always between the first two: about six cards make a rank one character longer.
        for number in 1..=40 {
            let card = stage.task(&format!("card {number}")).await;
            below = stage.place(&card, 0, (Some(&top), Some(&below))).await.expect("moved");
        }
        // As far as it can go, and two cards with the same rank besides.
        let long = format!("a0{}1", "0".repeat(57));
        set_rank(&stage, &top, "a0").await;
        set_rank(&stage, &below, &long).await;
        let card = stage.task("new").await;
        let card = stage.place(&card, 0, (Some(&top), None)).await.expect("there is room");
        assert!(Rank::parse(&card.summary.rank).is_ok() && card.summary.rank.len() < 10);
        let titles = stage.board().await.swap_remove(0);
        assert_eq!(titles[..3], ["top", "new", "card 40"]);
        assert_eq!(titles.len(), 43);
        let (x, y) = (stage.task("x").await, stage.task("y").await);
        set_rank(&stage, &y, &x.summary.rank).await;
        let z = stage.task("z").await;
        let (first, _) = if x.summary.id < y.summary.id { (x, y) } else { (y, x) };
        stage.place(&z, 0, (Some(&first), None)).await.expect("between equals");
        let titles = stage.board().await.swap_remove(0);
        assert_eq!(titles[titles.len() - 3..][1], "z");
        set_rank(&stage, &first, "zz not a rank").await;
        let last = stage.task("last").await;
        assert_eq!(stage.board().await[0].last().map(String::as_str), Some("last"));
        assert_eq!(stage.now(&last).await, last);
        stage.assert_counts().await;
    });
}

#[test]
fn a_board_without_a_column_for_finished_tasks_says_so() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("Never done").await;
        let mut tx = stage.w.services.db.write().await.expect("a transaction");
        tx.sql("DELETE FROM board_column WHERE category = 'done'").run().await.expect("removed");
        tx.commit().await.expect("a commit");
        let done = tasks::complete(&stage.w.services, &stage.bob, task.summary.id, 1).await;
        assert_eq!(code(&done.expect_err("refused")), "no_done_column");
    });
}

#[test]
fn a_column_that_starts_to_mean_done_finishes_its_tasks() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let parent = stage.task("Parent").await;
        let child = stage.sub_task("Child", &parent).await;
        stage.place(&child, 2, (None, None)).await.expect("moved");
        let edit = domain::board::EditColumn {
            version: 1,
            category: Some(Category::Done),
            ..domain::board::EditColumn::default()
        };
        board_columns::update(&stage.w.services, &stage.mia, stage.columns[2].id, edit)
            .await
            .expect("changed");
        assert_eq!(stage.now(&parent).await.summary.child_done_count, 1);
        stage.assert_counts().await;
    });
}

async fn set_rank(stage: &Stage, task: &Task, rank: &str) {
    let mut tx = stage.w.services.db.write().await.expect("a transaction");
    tx.sql("UPDATE task SET card_rank = ? WHERE id = ?")
        .bind(rank.to_owned())
        .bind(task.summary.id.uuid())
        .run()
        .await
        .expect("set");
    tx.commit().await.expect("a commit");
}
