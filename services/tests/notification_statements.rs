//! What being told costs in statements, however many rows there are. One story alone in its program, because the count is of
//! the whole program.

mod task_stories;

use domain::{notification::Shelf, page::Page, task::NewTask};
use services::{accounts, notifications, tasks};
use store::db::statements_run;
use task_stories::{Stage, id};
use testkit::both;

async fn cost<T>(act: impl Future<Output = domain::Result<T>>) -> u64 {
    let before = statements_run();
    act.await.map(drop).expect("it works");
    statements_run() - before
}

#[test]
fn lists_and_counts_are_one_statement_and_a_round_does_not_grow_with_what_it_tells() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        while notifications::tell(s).await.expect("a round") > 0 {}
        let mut costs = Vec::new();
        for count in [2, 60] {
            for number in 0..count {
                let new = NewTask {
                    title: format!("{number}"),
                    assignees: vec![id(&stage.bob), id(&stage.eve)],
                    ..NewTask::default()
                };
                tasks::create(s, &stage.mia, stage.project.id, new).await.expect("a task");
            }
            let round = cost(notifications::tell(s)).await;
            let idle = cost(notifications::tell(s)).await;
            let page = || Page::new(Some(200), None);
            let list = cost(notifications::list(s, &stage.bob, Shelf::Inbox, page())).await;
            let unread = cost(notifications::unread(s, &stage.bob)).await;
            let me = cost(accounts::me(s, &stage.bob)).await;
            assert_eq!((idle, list, unread, me), (1, 1, 1, 1));
            costs.push(round);
        }
        // 120 rows are three inserts.
        assert_eq!(costs[1], costs[0] + 2);
        assert!(costs[0] <= 11, "{costs:?}");
    });
}
