//! Stories about dependencies: what is refused, what happens by itself, what people may do about it.

mod task_stories;

use domain::{
    Error,
    board::Category,
    dependency::{NewDependency, Relation, Step, Waiting, cycle_text},
    ids::TaskId,
    project::Lifecycle as ProjectLifecycle,
    task::{BulkEdit, EditTask, Lifecycle, NewTask, Task, TaskFilter, TaskSort},
};
use services::{Actor, board_columns, dependencies, home, project_members, projects, tasks};
use task_stories::{Stage, id};
use testkit::both;

/// Backlog, To do, In progress, Done.
const DOING: usize = 2;
const DONE: usize = 3;

fn names(other: &Task, relation: Relation) -> NewDependency {
    NewDependency { relation, task: other.summary.key.clone() }
}

async fn link_as(stage: &Stage, actor: &Actor, blocker: &Task, blocked: &Task) -> domain::Result<()> {
    let new = names(blocker, Relation::BlockedBy);
    dependencies::add(&stage.w.services, actor, blocked.summary.id, new).await.map(drop)
}

async fn link(stage: &Stage, blocker: &Task, blocked: &Task) {
    link_as(stage, &stage.bob, blocker, blocked).await.expect("linked");
}

async fn complete(stage: &Stage, task: &Task) -> domain::Result<Task> {
    let now = stage.now(task).await.summary;
    tasks::complete(&stage.w.services, &stage.bob, now.id, now.version).await
}

async fn reopen(stage: &Stage, task: &Task) -> Task {
    let now = stage.now(task).await.summary;
    tasks::reopen(&stage.w.services, &stage.bob, now.id, now.version).await.expect("reopened")
}

async fn place(stage: &Stage, task: &Task, column: usize) -> domain::Result<Task> {
    let now = stage.now(task).await;
    stage.place(&now, column, (None, None)).await
}

async fn unblock(stage: &Stage, task: &Task, reason: &str) -> domain::Result<Task> {
    let now = stage.now(task).await.summary;
    dependencies::unblock(&stage.w.services, &stage.mia, (now.id, now.version), reason).await
}

async fn actions(stage: &Stage, task: &Task) -> Vec<String> {
    stage.history(task.summary.id).await.into_iter().map(|(action, _)| action).collect()
}

async fn assert_sound(stage: &Stage) {
    let check = dependencies::check(&stage.w.services).await.expect("a check");
    assert!(check.is_fine(), "{check:?}");
    stage.assert_counts().await;
}

fn cycle(error: Error) -> Vec<domain::dependency::CycleTask> {
    match error {
        Error::Cycle { path } => path,
        other => panic!("a cycle, not {other:?}"),
    }
}

fn blockers(error: Error) -> Vec<String> {
    match error {
        Error::Blocked { tasks } => {
            tasks.into_iter().flat_map(|task| task.blockers).map(|blocker| blocker.key).collect()
        }
        other => panic!("blocked, not {other:?}"),
    }
}

#[test]
fn a_cycle_is_refused_with_its_whole_path() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let [a, b, c] = [stage.task("a").await, stage.task("b").await, stage.task("c").await];
        link(&stage, &a, &b).await;
        link(&stage, &b, &c).await;
        let path = cycle(link_as(&stage, &stage.bob, &c, &a).await.expect_err("a cycle"));
        assert_eq!(cycle_text(&path), "WEB-3 → WEB-1 → WEB-2 → WEB-3");
        let refused: Vec<_> = path.iter().map(|task| task.refused).collect();
        assert_eq!(refused, [true, false, false], "the step that was asked for is marked");
        assert!(path.iter().all(|task| task.title.is_some()));
        let own = link_as(&stage, &stage.bob, &a, &a).await.expect_err("itself");
        assert!(matches!(own, Error::Invalid { .. }), "{own:?}");
        assert_eq!(stage.now(&a).await.summary.blocker_count, 0, "nothing was changed");
        assert_sound(&stage).await;
    });
}

#[test]
fn a_diamond_is_no_cycle_and_labels_never_count() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let mut all = Vec::new();
        for number in 0..24 {
            all.push(stage.task(&format!("task {number}")).await);
        }
        for (from, to) in [(0, 1), (0, 2), (1, 3), (2, 3), (0, 3), (1, 2)] {
            link(&stage, &all[from], &all[to]).await;
        }
        // Labels run against the blocking ones, and round and round.
        for relation in [Relation::Relates, Relation::Duplicates, Relation::DuplicatedBy] {
            for (from, to) in [(3, 0), (0, 3), (2, 1)] {
                let (s, bob) = (&stage.w.services, &stage.bob);
                dependencies::add(s, bob, all[from].summary.id, names(&all[to], relation))
                    .await
                    .expect("a label");
            }
        }
        // More than twenty tasks that have nothing to do with each other make no loop.
        for pair in all[4..].chunks(2) {
            link(&stage, &pair[0], &pair[1]).await;
        }
        assert!(!stage.now(&all[0]).await.summary.is_blocked());
        assert_eq!(stage.now(&all[3]).await.summary.blocker_count, 3);
        let here = dependencies::find(&stage.w.services, &stage.eve, all[0].summary.id).await.expect("them");
        let relations: Vec<_> = here.tasks.iter().map(|task| (task.relation, task.key.as_str())).collect();
        assert_eq!(
            relations,
            [
                (Relation::Blocks, "WEB-2"),
                (Relation::Blocks, "WEB-3"),
                (Relation::Blocks, "WEB-4"),
                (Relation::Relates, "WEB-4"),
                (Relation::Duplicates, "WEB-4"),
                (Relation::DuplicatedBy, "WEB-4"),
            ]
        );
        assert_sound(&stage).await;
    });
}

#[test]
fn a_task_in_work_leaves_when_it_is_blocked_and_comes_back_where_it_was() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let [first, second, task, blocker] = [
            stage.task("first").await,
            stage.task("second").await,
            stage.task("task").await,
            stage.task("blocker").await,
        ];
        for card in [&first, &task, &second] {
            place(&stage, card, DOING).await.expect("in work");
        }
        link(&stage, &blocker, &task).await;
        let now = stage.now(&task).await.summary;
        assert_eq!((now.category, now.column_name.as_str()), (Category::Todo, "To do"));
        assert_eq!((now.blockers.as_slice(), now.blocker_count), (&["WEB-4".to_owned()][..], 1));
        assert_eq!(now.blocked_since, Some(stage.w.services.now()));
        assert_eq!(stage.board().await[DOING], ["first", "second"]);
        complete(&stage, &blocker).await.expect("done");
        let now = stage.now(&task).await.summary;
        assert!(!now.is_blocked());
        assert_eq!(stage.board().await[DOING], ["first", "task", "second"]);
        reopen(&stage, &blocker).await;
        assert!(stage.now(&task).await.summary.is_blocked(), "a blocker that opens again blocks again");
        assert_eq!(stage.board().await[DOING], ["first", "second"]);
        // Whoever moves it has decided where it is.
        place(&stage, &task, 0).await.expect("among things to do it may go where it likes");
        complete(&stage, &blocker).await.expect("done");
        assert_eq!(stage.now(&task).await.summary.column_name, "Backlog");
        let told = actions(&stage, &task).await;
        assert_eq!(told[..4], ["task.released", "task.moved", "task.blocked", "task.released"]);
        assert_sound(&stage).await;
    });
}

#[test]
fn a_blocked_task_cannot_begin_or_be_done_by_any_way_in() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, bob) = (&stage.w.services, &stage.bob);
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        link(&stage, &blocker, &task).await;
        for column in [DOING, DONE] {
            let drag = place(&stage, &task, column).await.expect_err("refused");
            assert_eq!(blockers(drag), ["WEB-2"]);
            let now = stage.now(&task).await;
            let edit = EditTask { column_id: Some(stage.columns[column].id), ..EditTask::default() };
            assert_eq!(blockers(stage.edit(&now, edit).await.expect_err("refused")), ["WEB-2"]);
            let bulk = BulkEdit {
                tasks: vec![task.summary.id],
                column_id: Some(stage.columns[column].id),
                ..BulkEdit::default()
            };
            let refusal = tasks::bulk(s, bob, stage.project.id, bulk).await.expect_err("refused");
            assert_eq!(blockers(refusal), ["WEB-2"]);
        }
        let refusal = complete(&stage, &task).await.expect_err("refused");
        assert_eq!(
            refusal.to_string(),
            "WEB-1 is blocked by WEB-2. Finish that first, or unblock it with a reason."
        );
        // A column that comes to mean work, with it inside.
        let column = &stage.columns[0];
        let edit = domain::board::EditColumn {
            version: column.version,
            category: Some(Category::Doing),
            ..domain::board::EditColumn::default()
        };
        let refusal = board_columns::update(s, &stage.mia, column.id, edit).await.expect_err("refused");
        assert_eq!(blockers(refusal), ["WEB-2"]);
        assert_sound(&stage).await;
    });
}

#[test]
fn both_ends_may_be_finished_in_one_act() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, bob) = (&stage.w.services, &stage.bob);
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        link(&stage, &blocker, &task).await;
        let both = vec![task.summary.id, blocker.summary.id];
        let bulk = |column: usize| BulkEdit {
            tasks: both.clone(),
            column_id: Some(stage.columns[column].id),
            ..BulkEdit::default()
        };
        let begin = tasks::bulk(s, bob, stage.project.id, bulk(DOING)).await.expect_err("one waits");
        assert_eq!(blockers(begin), ["WEB-2"]);
        assert_eq!(stage.now(&blocker).await.summary.category, Category::Todo, "all or nothing");
        tasks::bulk(s, bob, stage.project.id, bulk(DONE)).await.expect("both done");
        let now = stage.now(&task).await.summary;
        assert_eq!((now.category, now.is_blocked()), (Category::Done, false));
        tasks::bulk(s, bob, stage.project.id, bulk(0)).await.expect("both open");
        assert!(stage.now(&task).await.summary.is_blocked());
        assert_sound(&stage).await;
    });
}

#[test]
fn a_done_task_does_not_change_by_itself() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        let done = complete(&stage, &task).await.expect("done");
        link(&stage, &blocker, &task).await;
        let now = stage.now(&task).await.summary;
        assert_eq!(
            (now.version, now.category, now.is_blocked()),
            (done.summary.version, Category::Done, false)
        );
        let refusal = place(&stage, &task, DOING).await.expect_err("it would have to wait");
        assert_eq!(blockers(refusal), ["WEB-2"]);
        let open = reopen(&stage, &task).await;
        assert!(open.summary.is_blocked(), "the answer knows that it is blocked at once");
        assert_eq!(open.summary.blockers, ["WEB-2"]);
        assert_sound(&stage).await;
    });
}

#[test]
fn a_task_is_unblocked_by_hand_until_another_blocker_comes() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let [task, one, two] = [stage.task("task").await, stage.task("one").await, stage.task("two").await];
        place(&stage, &task, DOING).await.expect("in work");
        link(&stage, &one, &task).await;
        let now = stage.now(&task).await.summary;
        let refusal = dependencies::unblock(s, &stage.bob, (now.id, now.version), "now").await;
        assert!(matches!(refusal, Err(Error::Forbidden { .. })), "{refusal:?}");
        assert!(matches!(unblock(&stage, &task, "  ").await, Err(Error::Invalid { .. })));
        let free = unblock(&stage, &task, "The customer waits").await.expect("unblocked").summary;
        assert_eq!((free.column_name.as_str(), free.is_blocked()), ("In progress", false));
        let shown = dependencies::find(s, &stage.eve, task.summary.id).await.expect("them");
        let by = shown.unblocked.expect("an override");
        assert_eq!((by.reason.as_str(), by.by.map(|by| by.id)), ("The customer waits", mia.user_id));
        let again = unblock(&stage, &task, "twice").await.expect_err("not blocked");
        assert!(matches!(again, Error::Refused { code, .. } if code == "not_blocked"));
        // Another blocker ends it.
        link(&stage, &two, &task).await;
        let now = stage.now(&task).await.summary;
        assert!(now.is_blocked() && now.overridden_at.is_none());
        unblock(&stage, &task, "Still waits").await.expect("unblocked");
        // So does one that opens again, and taking it back; but not one that closes while another is open.
        complete(&stage, &one).await.expect("done");
        assert!(stage.now(&task).await.summary.overridden_at.is_some());
        reopen(&stage, &one).await;
        assert!(stage.now(&task).await.summary.is_blocked());
        unblock(&stage, &task, "Once more").await.expect("unblocked");
        let now = stage.now(&task).await.summary;
        let back = dependencies::withdraw(s, mia, (now.id, now.version)).await.expect("taken back");
        assert!(back.summary.is_blocked());
        unblock(&stage, &task, "Last time").await.expect("unblocked");
        complete(&stage, &one).await.expect("done");
        complete(&stage, &two).await.expect("done");
        assert!(stage.now(&task).await.summary.overridden_at.is_none(), "nothing is left to overrule");
        let told = stage.history(task.summary.id).await;
        let reasons = told.iter().flat_map(|(_, changes)| changes).filter(|change| change.field == "reason");
        assert_eq!(reasons.count(), 4);
        assert_sound(&stage).await;
    });
}

#[test]
fn an_unblocked_task_may_be_finished() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        link(&stage, &blocker, &task).await;
        unblock(&stage, &task, "It does not matter").await.expect("unblocked");
        complete(&stage, &task).await.expect("done, although its blocker is open");
        complete(&stage, &blocker).await.expect("done");
        assert_sound(&stage).await;
    });
}

#[test]
fn what_is_put_away_blocks_nobody_until_it_comes_back() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        link(&stage, &blocker, &task).await;
        for deleted in [true, false] {
            let version = stage.now(&blocker).await.summary.version;
            let id = blocker.summary.id;
            let away = if deleted {
                tasks::delete(s, mia, id, version).await
            } else {
                tasks::archive(s, mia, id, version).await
            };
            let away = away.expect("put away").summary;
            assert!(!stage.now(&task).await.summary.is_blocked(), "deleted: {deleted}");
            assert_sound(&stage).await;
            tasks::restore(s, mia, id, away.version).await.expect("back");
            assert!(stage.now(&task).await.summary.is_blocked(), "deleted: {deleted}");
            assert_sound(&stage).await;
        }
        // The one that waits is put away, its blocker closes and opens: it finds out when it comes back.
        let away = tasks::archive(s, mia, task.summary.id, stage.now(&task).await.summary.version).await;
        let away = away.expect("archived").summary;
        complete(&stage, &blocker).await.expect("done");
        let back = tasks::unarchive(s, mia, away.id, away.version).await.expect("back").summary;
        let now = stage.now(&task).await.summary;
        assert!(!now.is_blocked());
        assert_eq!(back.version, now.version, "the answer is what is there");
        assert_sound(&stage).await;
    });
}

#[test]
fn tasks_come_back_blocked_where_they_have_to_wait() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        complete(&stage, &blocker).await.expect("done");
        link(&stage, &blocker, &task).await;
        let doing = place(&stage, &task, DOING).await.expect("nothing is in its way").summary;
        let away = tasks::delete(s, mia, doing.id, doing.version).await.expect("deleted").summary;
        reopen(&stage, &blocker).await;
        let back = tasks::restore(s, mia, away.id, away.version).await.expect("back").summary;
        assert!(back.is_blocked());
        assert_eq!(back.category, Category::Todo, "it may not be in work");
        assert_sound(&stage).await;
        complete(&stage, &blocker).await.expect("done");
        assert_eq!(stage.now(&task).await.summary.category, Category::Doing, "and goes on where it was");
        assert_sound(&stage).await;
    });
}

#[test]
fn a_project_that_is_put_away_holds_up_nobody() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let other = stage.w.project(mia, "OPS").await;
        let mia = &stage.w.refresh(mia).await;
        let task = stage.task("task").await;
        let blocker = stage.w.task(mia, &other, "blocker").await;
        let own = stage.w.task(mia, &other, "waits in the project").await;
        link_as(&stage, mia, &blocker, &task).await.expect("linked across projects");
        link_as(&stage, mia, &blocker, &own).await.expect("linked");
        assert_eq!(stage.now(&task).await.summary.blockers, ["OPS-1"]);
        for (away, back) in [(true, true), (false, false)] {
            let version = projects::find(s, mia, other.id).await.expect("it").version;
            let gone = if away {
                projects::archive(s, mia, other.id, version).await
            } else {
                projects::delete(s, mia, other.id, version).await
            };
            let gone = gone.expect("put away");
            assert_ne!(gone.lifecycle, ProjectLifecycle::Active);
            assert!(!stage.now(&task).await.summary.is_blocked());
            assert_sound(&stage).await;
            let here = if back {
                projects::unarchive(s, mia, other.id, gone.version).await
            } else {
                projects::restore(s, mia, other.id, gone.version).await
            };
            here.expect("back");
            assert!(stage.now(&task).await.summary.is_blocked());
            assert!(tasks::find(s, mia, own.summary.id).await.expect("it").summary.is_blocked());
            assert_sound(&stage).await;
        }
    });
}

#[test]
fn a_blocker_that_one_may_not_see_is_named_by_its_key_alone() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let secret = stage.w.project(mia, "OPS").await;
        let bob = id(&stage.bob);
        project_members::add_user(s, &stage.w.admin, secret.id, bob, stage.w.role("Member").await)
            .await
            .expect("added");
        let (mia, insider) = (&stage.w.refresh(mia).await, &stage.w.refresh(&stage.bob).await);
        let [task, third] = [stage.task("task").await, stage.task("third").await];
        let blocker = stage.w.task(mia, &secret, "what nobody may know").await;
        link_as(&stage, insider, &blocker, &task).await.expect("linked");
        // They lose access: it blocks all the same.
        project_members::remove_user(s, &stage.w.admin, secret.id, bob).await.expect("removed");
        let outsider = &stage.w.refresh(insider).await;
        let shown = dependencies::find(s, outsider, task.summary.id).await.expect("them");
        let [seen] = shown.tasks.as_slice() else { panic!("one: {shown:?}") };
        assert_eq!((seen.key.as_str(), &seen.title, seen.open), ("OPS-1", &None, true));
        let now = stage.now(&task).await.summary;
        let Err(Error::Blocked { tasks: refused }) = tasks::complete(s, outsider, now.id, now.version).await
        else {
            panic!("blocked")
        };
        assert_eq!(refused[0].blockers[0].key, "OPS-1");
        assert_eq!(refused[0].blockers[0].title, None);
        // The loop is told with its key, without its title; and what one may not see can't be linked to.
        link_as(&stage, mia, &third, &blocker).await.expect("linked");
        let path = cycle(link_as(&stage, outsider, &task, &third).await.expect_err("a loop"));
        assert_eq!(cycle_text(&path), "WEB-1 → WEB-2 → OPS-1 → WEB-1");
        let told: Vec<_> = path.iter().map(|task| task.title.as_deref()).collect();
        assert_eq!(told, [Some("task"), Some("third"), None]);
        let unseen = NewDependency { relation: Relation::BlockedBy, task: "OPS-1".into() };
        let refusal = dependencies::add(s, outsider, third.summary.id, unseen).await;
        assert!(matches!(refusal, Err(Error::Invalid { .. })), "{refusal:?}");
        // It can be taken away by whoever may change what waits.
        let gone = dependencies::remove(s, outsider, task.summary.id, (Relation::BlockedBy, "OPS-1")).await;
        assert!(gone.expect("taken away").blocked_since.is_none());
        assert_sound(&stage).await;
    });
}

#[test]
fn only_whoever_may_change_what_waits_links_it() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let other = stage.w.project(mia, "OPS").await;
        let viewer = stage.w.role("Viewer").await;
        project_members::add_user(s, &stage.w.admin, other.id, id(&stage.bob), viewer).await.expect("added");
        let (mia, bob) = (&stage.w.refresh(mia).await, &stage.w.refresh(&stage.bob).await);
        let here = stage.task("here").await;
        let there = stage.w.task(mia, &other, "there").await;
        assert!(matches!(
            link_as(&stage, &stage.eve, &there, &here).await,
            Err(Error::NotFound { .. } | Error::Forbidden { .. } | Error::Invalid { .. })
        ));
        assert!(matches!(link_as(&stage, bob, &here, &there).await, Err(Error::Forbidden { .. })));
        link_as(&stage, bob, &there, &here).await.expect("one may wait for what one only sees");
        let away = dependencies::remove(s, &stage.eve, here.summary.id, (Relation::BlockedBy, "OPS-1")).await;
        assert!(matches!(away, Err(Error::Forbidden { .. })), "{away:?}");
        let nothing = dependencies::remove(s, bob, here.summary.id, (Relation::Blocks, "OPS-1")).await;
        assert!(matches!(nothing, Err(Error::NotFound { .. })));
        link_as(&stage, bob, &there, &here).await.expect("the same again changes nothing");
        assert_eq!(stage.now(&here).await.summary.blocker_count, 1);
        assert_sound(&stage).await;
    });
}

#[test]
fn a_sub_task_and_its_parent_never_wait_for_each_other() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let parent = stage.task("parent").await;
        let child = stage.sub_task("child", &parent).await;
        let between = stage.task("between").await;
        let path = cycle(link_as(&stage, &stage.bob, &parent, &child).await.expect_err("a loop"));
        assert_eq!(cycle_text(&path), "WEB-1 → WEB-2 (part of) → WEB-1");
        assert_eq!(path[1].step, Step::PartOf);
        link(&stage, &child, &parent).await;
        // Also not by way of a third.
        link(&stage, &parent, &between).await;
        let path = cycle(link_as(&stage, &stage.bob, &between, &child).await.expect_err("a loop"));
        assert_eq!(cycle_text(&path), "WEB-3 → WEB-2 → WEB-1 → WEB-3");
        // Nor by becoming a part later.
        let now = stage.now(&between).await;
        let edit = EditTask { parent_id: Some(Some(child.summary.id)), ..EditTask::default() };
        let path = cycle(stage.edit(&now, edit).await.expect_err("a loop"));
        assert_eq!(cycle_text(&path), "WEB-3 (part of) → WEB-2 → WEB-1 → WEB-3");
        assert!(path[0].refused);
        assert_sound(&stage).await;
    });
}

#[test]
fn lists_find_what_is_blocked_blocking_and_ready() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let [hub, small, a, b, c] = [
            stage.task("hub").await,
            stage.task("small").await,
            stage.task("a").await,
            stage.task("b").await,
            stage.task("c").await,
        ];
        for task in [&a, &b, &c] {
            link(&stage, &hub, task).await;
        }
        link(&stage, &small, &a).await;
        complete(&stage, &c).await.expect_err("it waits");
        let list = |waiting| stage.list(TaskFilter { waiting: Some(waiting), ..TaskFilter::default() });
        assert_eq!(list(Waiting::Blocked).await, ["a", "b", "c"]);
        assert_eq!(list(Waiting::Blocking).await, ["hub", "small"]);
        assert_eq!(list(Waiting::Ready).await, ["hub", "small"]);
        let most = TaskFilter { sort: TaskSort::Unblocks, descending: true, ..TaskFilter::default() };
        assert_eq!(stage.list(most).await[..2], ["hub", "small"]);
        complete(&stage, &hub).await.expect("done");
        assert_eq!(list(Waiting::Blocked).await, ["a"]);
        assert_eq!(list(Waiting::Blocking).await, ["small"]);
        assert_eq!(list(Waiting::Ready).await, ["small", "b", "c"]);
        assert_sound(&stage).await;
    });
}

#[test]
fn home_tells_whom_one_holds_up_and_where_one_can_go_on() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, bob) = (&stage.w.services, &stage.bob);
        let mine =
            |title: &str| NewTask { title: title.into(), assignees: vec![id(bob)], ..NewTask::default() };
        let blocker = stage.task_with(mine("blocker")).await.expect("made");
        let task = stage.task_with(mine("task")).await.expect("made");
        link(&stage, &blocker, &task).await;
        let titles = |tasks: Vec<domain::task::HomeTask>| {
            tasks.into_iter().map(|row| row.task.title).collect::<Vec<_>>()
        };
        let waits = home::home(s, bob).await.expect("home").waits;
        assert_eq!(titles(waits.holding_up), ["blocker"]);
        assert!(waits.released.is_empty());
        complete(&stage, &blocker).await.expect("done");
        let waits = home::home(s, bob).await.expect("home").waits;
        assert!(waits.holding_up.is_empty());
        assert_eq!(titles(waits.released), ["task"]);
    });
}

#[test]
fn turned_off_nothing_is_checked_and_turned_on_again_all_of_it() {
    both(|db| async move {
        let mut stage = Stage::new(db).await;
        let [task, blocker] = [stage.task("task").await, stage.task("blocker").await];
        place(&stage, &task, DOING).await.expect("in work");
        link(&stage, &blocker, &task).await;
        stage.w.services.features.dependencies = false;
        dependencies::prepare(&stage.w.services).await.expect("turned off");
        assert!(!stage.now(&task).await.summary.is_blocked());
        let refusal = link_as(&stage, &stage.bob, &task, &blocker).await.expect_err("turned off");
        assert!(matches!(refusal, Error::Refused { code, .. } if code == "turned_off"));
        place(&stage, &task, DOING).await.expect("nothing is checked");
        complete(&stage, &blocker).await.expect("done");
        reopen(&stage, &blocker).await;
        assert!(!stage.now(&task).await.summary.is_blocked());
        stage.w.services.features.dependencies = true;
        dependencies::prepare(&stage.w.services).await.expect("turned on");
        let now = stage.now(&task).await.summary;
        assert!(now.is_blocked() && now.category == Category::Todo);
        assert_sound(&stage).await;
    });
}

#[test]
fn a_deep_chain_and_a_wide_grid_are_walked_without_end() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let ids = bare_tasks(&stage, 1_500).await;
        let chain: Vec<_> = (0..999).map(|at| (ids[at], ids[at + 1])).collect();
        insert_blocks(&stage, &chain).await;
        let (first, last) = (task_of(&stage, ids[0]).await, task_of(&stage, ids[999]).await);
        let path = cycle(link_as(&stage, &stage.bob, &last, &first).await.expect_err("a loop"));
        assert_eq!(path.len(), 1_000);
        assert!(cycle_text(&path).len() < 1_000, "{}", cycle_text(&path));
        // Twenty layers of twenty-five, each task before every one of the next layer.
        let grid = |layer: usize, row: usize| ids[1_000 + layer * 25 + row];
        let wide: Vec<_> = (0..19)
            .flat_map(|layer| (0..25).flat_map(move |a| (0..25).map(move |b| (layer, a, b))))
            .map(|(layer, a, b)| (grid(layer, a), grid(layer + 1, b)))
            .collect();
        insert_blocks(&stage, &wide).await;
        let (top, bottom) = (task_of(&stage, grid(0, 0)).await, task_of(&stage, grid(19, 24)).await);
        let path = cycle(link_as(&stage, &stage.bob, &bottom, &top).await.expect_err("a loop"));
        assert_eq!(path.len(), 20);
        dependencies::recompute(&stage.w.services).await.expect("recomputed");
        link(&stage, &top, &bottom).await;
        assert_sound(&stage).await;
    });
}

/// Tasks written past the use cases, because there are many.
async fn bare_tasks(stage: &Stage, count: usize) -> Vec<TaskId> {
    use store::tasks::{Counted, Counts, NewRow};
    let sample = stage.task("sample").await;
    let mut rows = Vec::new();
    let mut counts = Counts::default();
    let ranks = domain::rank::Rank::spread(count + 1).into_iter().skip(1);
    for (number, rank) in (2..).zip(ranks) {
        let mut task = sample.clone();
        task.summary.id = TaskId(stage.w.services.ids.id());
        task.summary.rank = rank.into();
        counts.created(Counted::of(&task.summary));
        rows.push(NewRow { task, number, source_key: None });
    }
    let mut tx = stage.w.services.db.write().await.expect("a transaction");
    store::tasks::insert(&mut tx, &rows).await.expect("tasks");
    store::tasks::add_to_counts(&mut tx, stage.project.id, counts, stage.w.services.now())
        .await
        .expect("counted");
    tx.commit().await.expect("a commit");
    rows.into_iter().map(|row| row.task.summary.id).collect()
}

async fn insert_blocks(stage: &Stage, pairs: &[(TaskId, TaskId)]) {
    let links: Vec<_> = pairs.iter().map(|(from, to)| Relation::Blocks.stored(*from, *to)).collect();
    let mut tx = stage.w.services.db.write().await.expect("a transaction");
    store::dependencies::insert(&mut tx, &links, None, stage.w.services.now()).await.expect("links");
    tx.commit().await.expect("a commit");
}

async fn task_of(stage: &Stage, id: TaskId) -> Task {
    let task = tasks::find(&stage.w.services, &stage.mia, id).await.expect("a task");
    assert_eq!(task.summary.lifecycle, Lifecycle::Active);
    task
}
