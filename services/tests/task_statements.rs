//! How many statements a use case of tasks costs. One story alone in its program, because the count is of the whole
//! program.

mod task_stories;

use domain::{
    board::Category,
    comment::NewComment,
    page::Page,
    task::{BulkEdit, EditTask, MoveTask, NewTask, Priority, TaskFilter},
};
use services::{comments, home, search, tasks};
use store::db::statements_run;
use task_stories::{Stage, id};
use testkit::both;

/// A request has one more, which finds out who asks.
const MOST: u64 = 11;

async fn cost<T>(act: impl Future<Output = domain::Result<T>>) -> (T, u64) {
    let before = statements_run();
    let answer = act.await;
    let cost = statements_run() - before;
    (answer.unwrap_or_else(|error| panic!("{error}")), cost)
}

#[test]
fn a_use_case_costs_few_statements_and_none_grows_with_rows() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let few = costs(&stage, 2).await;
        let many = costs(&stage, 120).await;
        // Taking back a whole branch is rare, and has a row of everything to write.
        let over: Vec<_> = many.iter().filter(|(what, cost)| *cost > MOST && *what != "restore").collect();
        assert!(over.is_empty(), "{over:?} of {many:?}");
        for ((what, few), (_, many)) in few.iter().zip(&many) {
            assert_eq!(few, many, "{what}");
        }
    });
}

/// With `count` more tasks on the board, each with people on it.
async fn costs(stage: &Stage, count: usize) -> Vec<(&'static str, u64)> {
    let (s, bob, project) = (&stage.w.services, &stage.bob, stage.project.id);
    let parent = stage.task("parent").await;
    for number in 0..count {
        let new = NewTask {
            title: format!("card {number}"),
            parent_id: Some(parent.summary.id),
            assignees: vec![id(&stage.mia)],
            ..NewTask::default()
        };
        stage.task_with(new).await.expect("made");
    }
    let mut costs = Vec::new();
    let new = NewTask { title: "new".into(), ..NewTask::default() };
    let (task, statements) = cost(tasks::create(s, bob, project, new)).await;
    costs.push(("create", statements));
    let (it, version) = (task.summary.id, task.summary.version);
    let edit = EditTask { version, title: Some("newer".into()), ..EditTask::default() };
    costs.push(("update", cost(tasks::update(s, bob, it, edit)).await.1));
    let edit = EditTask { version: 2, assignees: Some(vec![id(bob)]), ..EditTask::default() };
    costs.push(("assign", cost(tasks::update(s, bob, it, edit)).await.1));
    let child = stage.sub_task("child", &parent).await;
    let beside = MoveTask { version: 1, column_id: stage.columns[3].id, after: None, before: None };
    costs.push(("move to the end", cost(tasks::move_to(s, bob, child.summary.id, beside)).await.1));
    let beside =
        MoveTask { version: 3, column_id: stage.columns[0].id, after: Some(parent.summary.id), before: None };
    costs.push(("move", cost(tasks::move_to(s, bob, it, beside)).await.1));
    costs.push(("complete", cost(tasks::complete(s, bob, it, 4)).await.1));
    costs.push(("reopen", cost(tasks::reopen(s, bob, it, 5)).await.1));
    costs.push(("archive", cost(tasks::archive(s, bob, it, 6)).await.1));
    costs.push(("unarchive", cost(tasks::unarchive(s, bob, it, 7)).await.1));
    let comment = NewComment { id: None, body: "Ask @mia".into() };
    costs.push(("comment", cost(comments::create(s, bob, it, comment)).await.1));
    let page = || Page::new(Some(100), None);
    costs.push(("comments", cost(comments::list(s, bob, it, page())).await.1));
    costs.push(("latest comments", cost(comments::latest(s, bob, it, page())).await.1));
    costs.push(("list", cost(tasks::list(s, bob, TaskFilter::default(), page())).await.1));
    costs.push(("board", cost(tasks::board(s, bob, project, TaskFilter::default())).await.1));
    costs.push(("view", cost(tasks::view(s, bob, &parent.summary.key)).await.1));
    let one_page = (Page::new(Some(20), None), Page::new(Some(20), None));
    costs.push(("task page", cost(tasks::page(s, bob, &parent.summary.key, one_page)).await.1));
    costs.push(("home", cost(home::home(s, &stage.mia)).await.1));
    costs.push(("search", cost(search::quick(s, bob, "card", 20)).await.1));
    let open = TaskFilter { categories: vec![Category::Todo], ..TaskFilter::default() };
    let (listed, _) = cost(tasks::list(s, bob, open, Page::new(Some(45), None))).await;
    let bulk = BulkEdit {
        tasks: listed.items.iter().map(|task| task.id).collect(),
        column_id: Some(stage.columns[2].id),
        priority: Some(if count > 2 { Priority::High } else { Priority::Low }),
        ..BulkEdit::default()
    };
    costs.push(("bulk", cost(tasks::bulk(s, bob, project, bulk)).await.1));
    let parent = stage.now(&parent).await.summary;
    let (deleted, statements) = cost(tasks::delete(s, &stage.mia, parent.id, parent.version)).await;
    costs.push(("delete", statements));
    stage.w.clock.advance_seconds(1);
    let restore = tasks::restore(s, &stage.mia, parent.id, deleted.summary.version);
    costs.push(("restore", cost(restore).await.1));
    costs
}
