//! Archiving and deleting tasks, and taking them back.

mod task_stories;

use domain::{
    activity::ActivityFilter,
    task::{EditTask, Lifecycle, NewTask, Task, TaskFilter},
};
use services::{comments, tasks};
use task_stories::{Stage, change, code, fields, is_forbidden, is_hidden, is_stale};
use testkit::both;

#[test]
fn an_archived_task_is_readable_counts_nowhere_and_comes_back_at_the_end() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let (a, _) = (stage.task("a").await, stage.task("b").await);
        let away = tasks::archive(s, &stage.bob, a.summary.id, 1).await.expect("archived");
        assert_eq!(stage.now(&a).await, away);
        assert_eq!(stage.board().await[0], ["b"]);
        stage.assert_counts().await;
        let archived = TaskFilter { lifecycle: Lifecycle::Archived, ..TaskFilter::default() };
        assert_eq!(stage.list(archived).await, ["a"]);
        let edit = EditTask { title: Some("x".into()), ..EditTask::default() };
        assert_eq!(code(&stage.edit(&away, edit).await.expect_err("refused")), "archived");
        let place = stage.place(&away, 1, (None, None)).await;
        assert_eq!(code(&place.expect_err("refused")), "archived");
        let comment = domain::comment::NewComment { id: None, body: "x".into() };
        let comment = comments::create(s, &stage.bob, a.summary.id, comment).await;
        assert_eq!(code(&comment.expect_err("refused")), "archived");
        assert_eq!(tasks::archive(s, &stage.bob, a.summary.id, 1).await, Ok(away.clone()), "once is enough");
        assert!(is_stale(tasks::unarchive(s, &stage.bob, a.summary.id, 1).await));
        let back = tasks::unarchive(s, &stage.bob, a.summary.id, 2).await.expect("back");
        assert_eq!(stage.now(&a).await, back);
        assert_eq!(stage.board().await[0], ["b", "a"]);
        assert_eq!(
            stage.history(a.summary.id).await[0],
            ("task.restored".into(), vec![change("lifecycle", Some("archived"), Some("active"))])
        );
        stage.assert_counts().await;
    });
}

#[test]
fn deleting_a_task_takes_its_sub_tasks_along_and_restoring_brings_them_back() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let top = stage.task("top").await;
        let kept = stage.sub_task("kept away", &top).await;
        let low = stage.sub_task("low", &kept).await;
        let (gone, child) = (stage.sub_task("gone before", &top).await, stage.sub_task("child", &top).await);
        stage.place(&child, 3, (None, None)).await.expect("done");
        tasks::archive(s, &stage.bob, kept.summary.id, 1).await.expect("archived");
        tasks::delete(s, &stage.mia, gone.summary.id, 1).await.expect("deleted");
        stage.w.clock.advance_seconds(1);
        stage.assert_counts().await;

        let deleted = tasks::delete(s, &stage.mia, top.summary.id, 1).await.expect("deleted");
        assert_eq!(stage.now(&top).await, deleted);
        assert_eq!(stage.board().await.concat(), Vec::<String>::new());
        assert_eq!(stage.now(&low).await.summary.lifecycle, Lifecycle::Deleted, "also below an archived one");
        assert_eq!(stage.now(&kept).await.summary.lifecycle, Lifecycle::Archived);
        let rows = stage.activities(ActivityFilter::default()).await;
        assert_eq!(rows[0].changes[1], change("sub_tasks", None, Some("2")), "one row for all");
        assert_eq!(rows[1].task_id, Some(gone.summary.id));
        let alone = tasks::restore(s, &stage.mia, child.summary.id, 3).await;
        assert_eq!(code(&alone.expect_err("refused")), "parent_deleted");
        let alone = tasks::unarchive(s, &stage.bob, kept.summary.id, 2).await;
        assert_eq!(code(&alone.expect_err("refused")), "parent_deleted");
        stage.assert_counts().await;

        stage.w.clock.advance_seconds(1);
        let back = tasks::restore(s, &stage.mia, top.summary.id, 2).await.expect("restored");
        assert_eq!(stage.now(&top).await, back);
        assert_eq!(stage.now(&gone).await.summary.lifecycle, Lifecycle::Deleted, "it went before");
        assert_eq!(stage.board().await, [vec!["top", "low"], vec![], vec![], vec!["child"]]);
        stage.assert_counts().await;
    });
}

#[test]
fn deleted_tasks_exist_only_for_those_who_may_bring_them_back() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let task = stage.task("gone").await;
        assert!(is_forbidden(tasks::delete(s, &stage.bob, task.summary.id, 1).await));
        assert!(is_stale(tasks::delete(s, &stage.mia, task.summary.id, 7).await));
        tasks::delete(s, &stage.mia, task.summary.id, 1).await.expect("deleted");
        assert!(is_hidden(tasks::find(s, &stage.bob, task.summary.id).await));
        assert!(is_hidden(tasks::view(s, &stage.eve, "WEB-1").await));
        let bin = TaskFilter { lifecycle: Lifecycle::Deleted, ..TaskFilter::default() };
        let here = TaskFilter { project_id: Some(stage.project.id), ..bin.clone() };
        assert!(is_forbidden(stage.list_as(&stage.bob, here.clone()).await));
        assert_eq!(stage.list_as(&stage.bob, bin.clone()).await.expect("a list"), []);
        for filter in [here, bin] {
            assert_eq!(stage.list_as(&stage.mia, filter.clone()).await.expect("a list").len(), 1);
            assert_eq!(stage.list_as(&stage.w.admin, filter).await.expect("a list").len(), 1);
        }
        assert!(is_hidden(tasks::restore(s, &stage.bob, task.summary.id, 2).await));
        tasks::restore(s, &stage.mia, task.summary.id, 2).await.expect("restored");
        assert_eq!(stage.board().await[0], ["gone"]);
        stage.assert_counts().await;
    });
}

#[test]
fn an_archived_or_deleted_task_gets_no_new_sub_tasks() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let task = stage.task("away").await;
        let child =
            || NewTask { title: "child".into(), parent_id: Some(task.summary.id), ..NewTask::default() };
        tasks::archive(s, &stage.bob, task.summary.id, 1).await.expect("archived");
        assert_eq!(fields(&stage.task_with(child()).await.expect_err("refused")), [("parent_id", "unknown")]);
        tasks::delete(s, &stage.mia, task.summary.id, 2).await.expect("deleted");
        assert_eq!(fields(&stage.task_with(child()).await.expect_err("refused")), [("parent_id", "unknown")]);
        stage.assert_counts().await;
    });
}

#[test]
fn of_two_deletions_at_once_both_find_it_deleted() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let parent = stage.task("parent").await;
        let child = stage.sub_task("child", &parent).await;
        let delete = |task: &Task| tasks::delete(s, &stage.mia, task.summary.id, 1);
        let (one, two, three) = tokio::join!(delete(&parent), delete(&child), delete(&parent));
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        assert_eq!(stage.board().await.concat(), Vec::<String>::new());
        stage.assert_counts().await;
    });
}
