//! One change for many tasks.

mod task_stories;

use domain::{
    ids::TaskId,
    label::NewLabel,
    task::{BulkEdit, BulkResult, Lifecycle, Priority, Task, TaskFilter},
};
use services::{Actor, labels, tasks};
use task_stories::{Stage, code, fields, id, is_forbidden, is_hidden};
use testkit::both;
use uuid::Uuid;

async fn bulk(stage: &Stage, actor: &Actor, of: &[&Task], edit: BulkEdit) -> domain::Result<BulkResult> {
    let edit = BulkEdit { tasks: of.iter().map(|task| task.summary.id).collect(), ..edit };
    tasks::bulk(&stage.w.services, actor, stage.project.id, edit).await
}

#[test]
fn many_tasks_change_in_one_go() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let label = NewLabel { id: None, name: "Shop".into(), colour: domain::palette::Colour::Blue };
        let label =
            labels::create(&stage.w.services, &stage.mia, stage.project.id, label).await.expect("a label");
        let parent = stage.task("parent").await;
        let (a, b) = (stage.sub_task("a", &parent).await, stage.task("b").await);
        let edit = BulkEdit {
            column_id: Some(stage.columns[3].id),
            priority: Some(Priority::High),
            add_assignees: vec![id(&stage.mia), id(&stage.bob)],
            add_labels: vec![label.id],
            due_on: Some("2026-05-01".parse().ok()),
            ..BulkEdit::default()
        };
        let done = bulk(&stage, &stage.bob, &[&b, &a, &a], edit.clone()).await;
        assert_eq!(done, Ok(BulkResult { changed: 2, unchanged: 0 }));
        assert_eq!(stage.board().await[3], ["a", "b"], "in the board's order");
        for task in [&a, &b] {
            let it = stage.now(task).await.summary;
            assert_eq!(
                (it.priority, it.version, it.assignees.len(), it.labels.len()),
                (Priority::High, 2, 2, 1)
            );
            assert!(it.completed_at.is_some() && it.due_on.is_some());
            let history = stage.history(it.id).await;
            assert_eq!((history[0].0.as_str(), history[1].0.as_str()), ("task.completed", "task.updated"));
        }
        assert_eq!(stage.now(&parent).await.summary.child_done_count, 1);
        let again = bulk(&stage, &stage.bob, &[&a, &parent, &b], edit).await;
        assert_eq!(again, Ok(BulkResult { changed: 1, unchanged: 2 }));
        let undo = BulkEdit {
            remove_assignees: vec![id(&stage.mia)],
            remove_labels: vec![label.id],
            due_on: Some(None),
            ..BulkEdit::default()
        };
        let undone = bulk(&stage, &stage.bob, &[&a, &b, &parent], undo).await;
        assert_eq!(undone, Ok(BulkResult { changed: 3, unchanged: 0 }));
        let it = stage.now(&a).await.summary;
        assert_eq!((it.assignees.len(), it.labels.len(), it.due_on), (1, 0, None));
        stage.assert_counts().await;
    });
}

#[test]
fn if_one_task_can_not_be_changed_none_is() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (a, b) = (stage.task("a").await, stage.task("b").await);
        let other = stage.w.project(&stage.w.admin, "OPS").await;
        let theirs = stage.w.task(&stage.w.admin, &other, "theirs").await;
        let high = || BulkEdit { priority: Some(Priority::High), ..BulkEdit::default() };
        assert!(is_hidden(bulk(&stage, &stage.bob, &[&a, &theirs], high()).await));
        let nothing = BulkEdit { tasks: vec![TaskId(Uuid::from_u128(1))], ..high() };
        assert!(is_hidden(tasks::bulk(&stage.w.services, &stage.bob, stage.project.id, nothing).await));
        assert!(is_hidden(bulk(&stage, &stage.stranger, &[&a], high()).await));
        assert!(is_forbidden(bulk(&stage, &stage.eve, &[&a], high()).await));
        let delete = BulkEdit { lifecycle: Some(Lifecycle::Deleted), ..BulkEdit::default() };
        assert!(is_forbidden(bulk(&stage, &stage.bob, &[&a], delete).await));
        tasks::archive(&stage.w.services, &stage.bob, b.summary.id, 1).await.expect("archived");
        assert_eq!(
            code(&bulk(&stage, &stage.bob, &[&a, &b], high()).await.expect_err("refused")),
            "archived"
        );
        let stranger = BulkEdit { add_assignees: vec![id(&stage.stranger)], ..BulkEdit::default() };
        let refusal = bulk(&stage, &stage.bob, &[&a], stranger).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("assignees", "unknown")]);
        let column = BulkEdit { column_id: Some(theirs.summary.column_id), ..BulkEdit::default() };
        let refusal = bulk(&stage, &stage.bob, &[&a], column).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("column_id", "unknown")]);
        let many =
            BulkEdit { tasks: (0..501).map(|number| TaskId(Uuid::from_u128(number))).collect(), ..high() };
        let refusal = tasks::bulk(&stage.w.services, &stage.bob, stage.project.id, many).await;
        assert_eq!(fields(&refusal.expect_err("refused")), [("tasks", "too_many")]);
        assert_eq!(stage.now(&a).await, a);
        stage.assert_counts().await;
    });
}

#[test]
fn tasks_are_put_away_and_taken_back_together() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (a, b) = (stage.task("a").await, stage.task("b").await);
        let child = stage.sub_task("child", &a).await;
        let to = |lifecycle| BulkEdit { lifecycle: Some(lifecycle), ..BulkEdit::default() };
        let away = bulk(&stage, &stage.bob, &[&b], to(Lifecycle::Archived)).await;
        assert_eq!(away, Ok(BulkResult { changed: 1, unchanged: 0 }));
        let away = bulk(&stage, &stage.mia, &[&a, &b], to(Lifecycle::Deleted)).await;
        assert_eq!(away, Ok(BulkResult { changed: 2, unchanged: 0 }));
        assert_eq!(stage.now(&child).await.summary.lifecycle, Lifecycle::Deleted);
        stage.assert_counts().await;
        let archive = bulk(&stage, &stage.mia, &[&a], to(Lifecycle::Archived)).await;
        assert_eq!(code(&archive.expect_err("refused")), "deleted");
        let alone = bulk(&stage, &stage.mia, &[&child], to(Lifecycle::Active)).await;
        assert_eq!(code(&alone.expect_err("refused")), "parent_deleted");
        let mixed = BulkEdit { column_id: Some(stage.columns[1].id), ..to(Lifecycle::Active) };
        let back = bulk(&stage, &stage.mia, &[&a, &b], mixed).await;
        assert_eq!(back, Ok(BulkResult { changed: 2, unchanged: 0 }));
        assert_eq!(stage.board().await[..2], [vec!["child"], vec!["a", "b"]]);
        assert_eq!(stage.list(TaskFilter::default()).await.len(), 3);
        stage.assert_counts().await;
    });
}

#[test]
fn an_empty_edit_or_selection_changes_nothing() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let a = stage.task("a").await;
        let none = bulk(&stage, &stage.bob, &[&a], BulkEdit::default()).await;
        assert_eq!(none, Ok(BulkResult { changed: 0, unchanged: 1 }));
        let high = BulkEdit { priority: Some(Priority::High), ..BulkEdit::default() };
        assert_eq!(bulk(&stage, &stage.bob, &[], high).await, Ok(BulkResult { changed: 0, unchanged: 0 }));
        assert_eq!(stage.now(&a).await, a);
    });
}
