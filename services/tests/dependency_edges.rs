//! Stories about dependencies where several things happen in one act, or while tasks are put away.

mod task_stories;

use domain::{
    Error,
    board::{Category, EditColumn},
    dependency::{NewDependency, Relation},
    import::{HeadingsAs, ImportChecklist, ImportDependencies, LinkOutcome},
    task::{BulkEdit, EditTask, Lifecycle, Task, TaskFilter},
};
use services::{board_columns, dependencies, import, tasks};
use task_stories::{Stage, id};
use testkit::both;

const DOING: usize = 2;
const DONE: usize = 3;

async fn link(stage: &Stage, blocker: &Task, blocked: &Task) {
    let new = NewDependency { relation: Relation::BlockedBy, task: blocker.summary.key.clone() };
    dependencies::add(&stage.w.services, &stage.bob, blocked.summary.id, new).await.expect("linked");
}

async fn archive(stage: &Stage, task: &Task) {
    let version = stage.now(task).await.summary.version;
    tasks::archive(&stage.w.services, &stage.mia, task.summary.id, version).await.expect("archived");
}

async fn unarchive(stage: &Stage, task: &Task) -> Task {
    let version = stage.now(task).await.summary.version;
    tasks::unarchive(&stage.w.services, &stage.mia, task.summary.id, version).await.expect("taken back")
}

async fn delete(stage: &Stage, task: &Task) {
    let version = stage.now(task).await.summary.version;
    tasks::delete(&stage.w.services, &stage.mia, task.summary.id, version).await.expect("deleted");
}

async fn place(stage: &Stage, task: &Task, column: usize) -> Task {
    let now = stage.now(task).await;
    stage.place(&now, column, (None, None)).await.expect("moved")
}

async fn unblock(stage: &Stage, task: &Task) {
    let version = stage.now(task).await.summary.version;
    let at = (task.summary.id, version);
    dependencies::unblock(&stage.w.services, &stage.mia, at, "It must go on").await.expect("unblocked");
}

async fn bulk(stage: &Stage, task: &Task, edit: BulkEdit) -> domain::Result<()> {
    let edit = BulkEdit { tasks: vec![task.summary.id], ..edit };
    tasks::bulk(&stage.w.services, &stage.mia, stage.project.id, edit).await.map(drop)
}

async fn actions(stage: &Stage, task: &Task) -> Vec<String> {
    stage.history(task.summary.id).await.into_iter().map(|(action, _)| action).collect()
}

async fn assert_sound(stage: &Stage) {
    let check = dependencies::check(&stage.w.services).await.expect("a check");
    assert!(check.is_fine(), "{check:?}");
    stage.assert_counts().await;
}

#[test]
fn a_blocked_task_whose_column_comes_to_mean_more_while_it_is_put_away_comes_back_right() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        place(&stage, &blocker, 1).await;
        link(&stage, &blocker, &task).await;
        archive(&stage, &task).await;
        for (version, category) in (stage.columns[0].version..).zip([Category::Doing, Category::Done]) {
            let edit = EditColumn { version, category: Some(category), ..EditColumn::default() };
            board_columns::update(s, mia, stage.columns[0].id, edit).await.expect("it means something else");
            let back = unarchive(&stage, &task).await.summary;
            match category {
                Category::Done => assert_eq!((back.category, back.is_blocked()), (Category::Done, false)),
                _ => assert_eq!((back.category, back.is_blocked()), (Category::Todo, true)),
            }
            assert_sound(&stage).await;
            if category == Category::Doing {
                // It was sent away to “To do”; for the next round it has to stand in the column again.
                archive(&stage, &task).await;
                let mut tx = s.db.write_aside().await.expect("a transaction");
                tx.sql("UPDATE task SET column_id = ?, category = 'doing' WHERE id = ?")
                    .bind(stage.columns[0].id.uuid())
                    .bind(task.summary.id.uuid())
                    .run()
                    .await
                    .expect("put back");
                tx.commit().await.expect("a commit");
            }
        }
        let blocked =
            TaskFilter { waiting: Some(domain::dependency::Waiting::Blocked), ..TaskFilter::default() };
        assert!(stage.list(blocked).await.is_empty());
    });
}

#[test]
fn a_bulk_change_that_takes_back_and_finishes_in_one_act_disturbs_nobody() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let [blocker, open, task, other] = [
            stage.task("blocker").await,
            stage.task("open").await,
            stage.task("task").await,
            stage.task("other").await,
        ];
        for waiting in [&task, &other] {
            link(&stage, &blocker, waiting).await;
        }
        link(&stage, &open, &task).await;
        archive(&stage, &blocker).await;
        unblock(&stage, &task).await;
        place(&stage, &other, DOING).await;
        let before = (actions(&stage, &task).await, actions(&stage, &other).await);
        let done = BulkEdit {
            lifecycle: Some(Lifecycle::Active),
            column_id: Some(stage.columns[DONE].id),
            ..BulkEdit::default()
        };
        bulk(&stage, &blocker, done).await.expect("taken back and done");
        assert_eq!(stage.now(&blocker).await.summary.category, Category::Done);
        let task_now = stage.now(&task).await.summary;
        assert!(!task_now.is_blocked() && task_now.overridden_at.is_some(), "what was unblocked stays so");
        assert_eq!(stage.now(&other).await.summary.category, Category::Doing);
        assert_eq!((actions(&stage, &task).await, actions(&stage, &other).await), before, "nothing to tell");
        // The other way round: opened, and put away at once.
        let away = BulkEdit {
            lifecycle: Some(Lifecycle::Archived),
            column_id: Some(stage.columns[0].id),
            ..BulkEdit::default()
        };
        bulk(&stage, &blocker, away).await.expect("opened and archived");
        assert_eq!((actions(&stage, &task).await, actions(&stage, &other).await), before, "nothing to tell");
        assert_sound(&stage).await;
    });
}

#[test]
fn what_comes_back_with_its_blocker_can_not_be_finished_in_the_same_act() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let whole = stage.task("whole").await;
        let part = stage.sub_task("part", &whole).await;
        link(&stage, &part, &whole).await;
        delete(&stage, &whole).await;
        let done = BulkEdit {
            lifecycle: Some(Lifecycle::Active),
            column_id: Some(stage.columns[DONE].id),
            ..BulkEdit::default()
        };
        let refusal = bulk(&stage, &whole, done).await.expect_err("its part is open");
        assert!(matches!(refusal, Error::Blocked { .. }), "{refusal:?}");
        assert_eq!(stage.now(&whole).await.summary.lifecycle, Lifecycle::Deleted, "all or nothing");
        assert_sound(&stage).await;
    });
}

#[test]
fn the_answer_to_a_restore_knows_what_came_back_with_it() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let whole = stage.task("whole").await;
        let part = stage.sub_task("part", &whole).await;
        link(&stage, &part, &whole).await;
        unblock(&stage, &whole).await;
        delete(&stage, &whole).await;
        let version = stage.now(&whole).await.summary.version;
        let id = whole.summary.id;
        let back = tasks::restore(&stage.w.services, &stage.mia, id, version).await.expect("restored");
        assert_eq!(back.summary, stage.now(&whole).await.summary);
        assert!(back.summary.is_blocked());
        assert_sound(&stage).await;
    });
}

#[test]
fn an_override_with_nothing_left_to_overrule_ends_when_dependencies_are_turned_on_again() {
    both(|db| async move {
        let mut stage = Stage::new(db).await;
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        link(&stage, &blocker, &task).await;
        unblock(&stage, &task).await;
        stage.w.services.features.dependencies = false;
        dependencies::prepare(&stage.w.services).await.expect("turned off");
        assert_eq!(dependencies::kept(&stage.w.services).await, Ok(false));
        let now = stage.now(&blocker).await.summary;
        tasks::complete(&stage.w.services, &stage.bob, now.id, now.version).await.expect("done");
        stage.w.services.features.dependencies = true;
        dependencies::prepare(&stage.w.services).await.expect("turned on");
        assert_eq!(dependencies::kept(&stage.w.services).await, Ok(true));
        assert!(stage.now(&task).await.summary.overridden_at.is_none());
        assert_sound(&stage).await;
    });
}

#[test]
fn deleted_tasks_are_told_to_nobody_who_may_not_see_them() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let [a, deleted, b] = [stage.task("a").await, stage.task("a secret").await, stage.task("b").await];
        link(&stage, &a, &deleted).await;
        link(&stage, &deleted, &b).await;
        delete(&stage, &deleted).await;
        let new = NewDependency { relation: Relation::BlockedBy, task: b.summary.key.clone() };
        let title_for = async |actor| {
            let refusal = dependencies::add(s, actor, a.summary.id, new.clone()).await.expect_err("a loop");
            let Error::Cycle { path } = refusal else { panic!("a cycle, not {refusal:?}") };
            path.into_iter().find(|step| step.id == deleted.summary.id).expect("on the way").title
        };
        assert_eq!(title_for(&stage.bob).await, None);
        assert_eq!(title_for(&stage.mia).await.as_deref(), Some("a secret"));
        let code_for = async |actor| {
            let order = ImportDependencies { csv: "WEB-2,WEB-3".into(), dry_run: true };
            let report = dependencies::import_csv(s, actor, order).await.expect("a report");
            match &report.lines[0].outcome {
                LinkOutcome::Refused { code, .. } => code.clone(),
                other => panic!("refused, not {other:?}"),
            }
        };
        assert_eq!(code_for(&stage.bob).await, "unknown");
        assert_eq!(code_for(&stage.mia).await, "put_away");
        assert_eq!(code_for(&stage.stranger).await, "unknown");
        assert!(id(&stage.stranger) != id(&stage.bob));
    });
}

#[test]
fn an_import_may_turn_a_task_and_its_part_around() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let order = ImportChecklist {
            project_key: "WEB".into(),
            project_name: None,
            headings: HeadingsAs::ParentTasks,
            markdown: "# Plan\n\n## Whole\n\n- [ ] Part\n".into(),
            dry_run: false,
        };
        import::checklist(&stage.w.services, &stage.mia, order.clone()).await.expect("imported");
        let of = async |title: &str| {
            let list = stage.list_as(&stage.mia, TaskFilter::default()).await.expect("a list");
            let id = list.into_iter().find(|task| task.title == title).expect("a task of that title").id;
            tasks::find(&stage.w.services, &stage.mia, id).await.expect("the task")
        };
        let free = EditTask { parent_id: Some(None), ..EditTask::default() };
        stage.edit(&of("Part").await, free).await.expect("by itself");
        let below = EditTask { parent_id: Some(Some(of("Part").await.summary.id)), ..EditTask::default() };
        stage.edit(&of("Whole").await, below).await.expect("the other way round");
        import::checklist(&stage.w.services, &stage.mia, order).await.expect("as the document says");
        assert_eq!(of("Part").await.summary.parent_id, Some(of("Whole").await.summary.id));
        assert_eq!(of("Whole").await.summary.parent_id, None);
        assert_sound(&stage).await;
    });
}
