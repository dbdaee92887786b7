//! The numbers that columns, projects and parents carry, after whatever people do.

mod task_stories;

use domain::{
    limits,
    task::{BulkEdit, EditTask, Lifecycle, MoveTask, NewTask, TaskFilter, TaskSummary},
};
use services::tasks;
use task_stories::{Stage, id};
use testkit::both;

/// The same dice in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // Knuth's MMIX generator; its high bits are good enough for dice.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("it fits") % sides
    }

    fn pick<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.roll(of.len())]
    }
}

#[test]
fn whatever_people_do_the_numbers_are_those_of_the_rows() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let mut dice = Dice(20_260_117);
        let mut kinds = std::collections::BTreeMap::<&str, (u32, u32)>::new();
        for step in 0..400 {
            stage.w.clock.advance_seconds(1);
            let all = everything(&stage).await;
            let (kind, went) = act(&stage, &mut dice, &all).await;
            let counts = kinds.entry(kind).or_default();
            if went {
                counts.0 += 1;
            } else {
                counts.1 += 1;
            }
            if step % 10 == 9 {
                stage.assert_counts().await;
            }
        }
        stage.assert_counts().await;
        assert!(kinds.len() == 11 && kinds.values().all(|(went, _)| *went > 2), "each was done: {kinds:?}");
    });
}

async fn everything(stage: &Stage) -> Vec<TaskSummary> {
    let mut all = Vec::new();
    for lifecycle in Lifecycle::ALL {
        let filter = TaskFilter { lifecycle, ..TaskFilter::default() };
        let page = domain::page::Page::new(Some(limits::PAGE), None);
        let page = tasks::list(&stage.w.services, &stage.mia, filter, page).await.expect("a list");
        all.extend(page.items);
    }
    all
}

/// Does something; what, and whether it was let through (rules may refuse it, and then nothing changes).
async fn act(stage: &Stage, dice: &mut Dice, all: &[TaskSummary]) -> (&'static str, bool) {
    let (s, mia) = (&stage.w.services, &stage.mia);
    let column_id = dice.pick(&stage.columns).id;
    if all.len() < 8 || dice.roll(6) == 0 {
        let parent_id = (dice.roll(2) == 0 && !all.is_empty()).then(|| dice.pick(all).id);
        let title = format!("task {}", all.len());
        let new = NewTask { title, column_id: Some(column_id), parent_id, ..NewTask::default() };
        return ("create", stage.task_with(new).await.is_ok());
    }
    let task = dice.pick(all);
    let (it, version) = (task.id, task.version);
    match dice.roll(10) {
        0 | 1 => {
            let beside = (dice.roll(2) == 0).then(|| dice.pick(all).id);
            let (after, before) = if dice.roll(2) == 0 { (beside, None) } else { (None, beside) };
            let to = MoveTask { version, column_id, after, before };
            ("move", tasks::move_to(s, mia, it, to).await.is_ok())
        }
        2 => ("complete", tasks::complete(s, mia, it, version).await.is_ok()),
        3 => ("reopen", tasks::reopen(s, mia, it, version).await.is_ok()),
        4 => ("archive", tasks::archive(s, mia, it, version).await.is_ok()),
        5 => ("delete", tasks::delete(s, mia, it, version).await.is_ok()),
        6 | 7 => ("restore", tasks::restore(s, mia, it, version).await.is_ok()),
        8 => {
            let parent_id = Some((dice.roll(4) > 0).then(|| dice.pick(all).id));
            let column_id = (dice.roll(3) == 0).then_some(column_id);
            let edit = EditTask { version, parent_id, column_id, ..EditTask::default() };
            ("reparent", tasks::update(s, mia, it, edit).await.is_ok())
        }
        _ => bulk(stage, dice, all).await,
    }
}

async fn bulk(stage: &Stage, dice: &mut Dice, all: &[TaskSummary]) -> (&'static str, bool) {
    let chosen: Vec<_> = (0..dice.roll(6)).map(|_| dice.pick(all)).collect();
    let (kind, edit) = match dice.roll(3) {
        0 => ("bulk move", BulkEdit { column_id: Some(dice.pick(&stage.columns).id), ..BulkEdit::default() }),
        1 => ("bulk assign", BulkEdit { add_assignees: vec![id(&stage.bob)], ..BulkEdit::default() }),
        _ => ("bulk shelf", BulkEdit { lifecycle: Some(*dice.pick(&Lifecycle::ALL)), ..BulkEdit::default() }),
    };
    // What is put away is refused as a whole, so mostly choose what is in use.
    let tasks = chosen.iter().filter(|task| kind == "bulk shelf" || task.lifecycle == Lifecycle::Active);
    let edit = BulkEdit { tasks: tasks.map(|task| task.id).collect(), ..edit };
    let answer = tasks::bulk(&stage.w.services, &stage.mia, stage.project.id, edit).await;
    (kind, answer.is_ok())
}
