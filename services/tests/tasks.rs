//! Tasks: making, looking at and changing one.

mod task_stories;

use domain::{
    board::Category,
    ids::{LabelId, TaskId},
    label::NewLabel,
    permission::Permission,
    task::{EditTask, NewTask, Priority},
};
use services::{labels, tasks};
use task_stories::{Stage, change, code, fields, id, is_forbidden, is_hidden, is_stale};
use testkit::both;
use uuid::Uuid;

#[test]
fn a_new_task_stands_at_the_end_of_the_first_column_and_its_maker_watches_it() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let first = stage.task("First").await;
        let second = stage.task("  Second  one ").await;
        assert_eq!((first.summary.key.as_str(), second.summary.key.as_str()), ("WEB-1", "WEB-2"));
        assert_eq!(second.summary.title, "Second one");
        assert_eq!(stage.board().await[0], ["First", "Second one"]);
        assert_eq!(stage.now(&second).await, second, "the answer is the stored task");
        let view = tasks::view(&stage.w.services, &stage.bob, "web-2").await.expect("a view");
        assert_eq!(view.watchers.len(), 1);
        assert!(view.watching && view.permissions.contains(Permission::TaskUpdate));
        assert_eq!(view.task.creator.expect("a creator").username, "bob");
        assert_eq!(stage.history(second.summary.id).await[0].0, "task.created");
        stage.assert_counts().await;
    });
}

#[test]
fn a_task_comes_with_all_that_it_is_made_with() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let label = NewLabel { id: None, name: "Urgent".into(), colour: domain::palette::Colour::Red };
        let label =
            labels::create(&stage.w.services, &stage.mia, stage.project.id, label).await.expect("a label");
        let parent = stage.task("Parent").await;
        let new = NewTask {
            title: "Whole".into(),
            description: "Some **text**".into(),
            column_id: Some(stage.columns[3].id),
            priority: Priority::High,
            assignees: vec![id(&stage.mia), id(&stage.bob), id(&stage.bob)],
            labels: vec![label.id],
            start_on: "2026-01-01".parse().ok(),
            due_on: "2026-02-01".parse().ok(),
            estimate_minutes: Some(90),
            parent_id: Some(parent.summary.id),
            ..NewTask::default()
        };
        let task = stage.task_with(new).await.expect("made");
        assert_eq!(stage.now(&task).await, task);
        assert_eq!(task.summary.category, Category::Done);
        assert_eq!(task.summary.completed_at, Some(stage.w.services.now()));
        let names: Vec<_> = task.summary.assignees.iter().map(|it| it.username.as_str()).collect();
        assert_eq!(names, ["bob", "mia"]);
        let view = tasks::view(&stage.w.services, &stage.eve, &task.summary.key).await.expect("a view");
        assert!(view.description_html.contains("<strong>text</strong>"));
        assert_eq!(view.ancestors[0].key, "WEB-1");
        let parent = tasks::view(&stage.w.services, &stage.eve, "WEB-1").await.expect("a view");
        assert_eq!(parent.children.len(), 1);
        let it = parent.task.summary;
        assert_eq!((it.child_count, it.child_done_count), (1, 1));
        stage.assert_counts().await;
    });
}

#[test]
fn the_same_create_sent_twice_makes_one_task() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let new =
            || NewTask { id: Some(TaskId(Uuid::from_u128(7))), title: "Once".into(), ..NewTask::default() };
        let first = stage.task_with(new()).await.expect("made");
        assert_eq!(stage.task_with(new()).await, Ok(first));
        assert_eq!(stage.board().await[0], ["Once"]);
        let other = stage.w.project(&stage.w.admin, "OPS").await;
        let elsewhere = tasks::create(&stage.w.services, &stage.w.admin, other.id, new()).await;
        assert_eq!(fields(&elsewhere.expect_err("refused")), [("id", "taken")]);
        stage.assert_counts().await;
    });
}

#[test]
fn a_task_with_wrong_fields_is_refused_with_each_of_them() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let new = NewTask {
            title: " ".into(),
            description: "\0".into(),
            start_on: "2026-02-01".parse().ok(),
            due_on: "2026-01-01".parse().ok(),
            estimate_minutes: Some(0),
            ..NewTask::default()
        };
        assert_eq!(
            fields(&stage.task_with(new).await.expect_err("refused")),
            [
                ("title", "blank"),
                ("description", "control"),
                ("due_on", "before_start"),
                ("estimate_minutes", "out_of_range")
            ]
        );
        let far = NewTask { title: "x".into(), due_on: "9999-12-31".parse().ok(), ..NewTask::default() };
        assert_eq!(fields(&stage.task_with(far).await.expect_err("refused")), [("due_on", "out_of_range")]);
        let titled = || NewTask { title: "x".into(), ..NewTask::default() };
        let foreign = stage.w.project(&stage.w.admin, "OPS").await;
        let foreign_task = stage.w.task(&stage.w.admin, &foreign, "Theirs").await;
        for (new, field) in [
            (NewTask { assignees: vec![id(&stage.stranger)], ..titled() }, "assignees"),
            (NewTask { labels: vec![LabelId(Uuid::from_u128(1))], ..titled() }, "labels"),
            (NewTask { column_id: Some(foreign_task.summary.column_id), ..titled() }, "column_id"),
            (NewTask { parent_id: Some(foreign_task.summary.id), ..titled() }, "parent_id"),
            (NewTask { parent_id: Some(TaskId(Uuid::from_u128(1))), ..titled() }, "parent_id"),
        ] {
            let refusal = stage.task_with(new).await.expect_err("refused");
            assert_eq!(fields(&refusal), [(field, "unknown")]);
        }
        assert_eq!(stage.board().await, vec![Vec::<String>::new(); 4]);
        stage.assert_counts().await;
    });
}

#[test]
fn what_one_may_not_see_does_not_exist_and_what_one_may_not_change_is_refused() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let task = stage.task("Ours").await;
        let (task_id, version) = (task.summary.id, task.summary.version);
        let titled = || NewTask { title: "x".into(), ..NewTask::default() };
        let edit = EditTask { version, title: Some("y".into()), ..EditTask::default() };
        assert!(is_hidden(tasks::find(s, &stage.stranger, task_id).await));
        assert!(is_hidden(tasks::view(s, &stage.stranger, "WEB-1").await));
        assert!(is_hidden(tasks::view(s, &stage.mia, "nonsense").await));
        assert!(is_hidden(tasks::create(s, &stage.stranger, stage.project.id, titled()).await));
        assert!(is_hidden(tasks::update(s, &stage.stranger, task_id, edit.clone()).await));
        assert!(is_hidden(tasks::complete(s, &stage.stranger, task_id, version).await));
        assert!(is_hidden(tasks::delete(s, &stage.stranger, task_id, version).await));
        assert!(is_hidden(tasks::watch(s, &stage.stranger, task_id).await));
        assert!(is_forbidden(tasks::create(s, &stage.eve, stage.project.id, titled()).await));
        assert!(is_forbidden(tasks::update(s, &stage.eve, task_id, edit).await));
        assert!(is_forbidden(tasks::complete(s, &stage.eve, task_id, version).await));
        assert!(is_forbidden(tasks::archive(s, &stage.eve, task_id, version).await));
        assert!(is_forbidden(tasks::delete(s, &stage.bob, task_id, version).await));
        assert_eq!(stage.now(&task).await, task);
    });
}

#[test]
fn an_edit_changes_what_it_names_and_the_history_tells_it() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let label = NewLabel { id: None, name: "Shop".into(), colour: domain::palette::Colour::Blue };
        let label =
            labels::create(&stage.w.services, &stage.mia, stage.project.id, label).await.expect("a label");
        let (task, parent) = (stage.task("Old").await, stage.task("Parent").await);
        stage.w.clock.advance_seconds(60);
        let edit = EditTask {
            title: Some("New".into()),
            description: Some("long ".repeat(100)),
            priority: Some(Priority::Critical),
            assignees: Some(vec![id(&stage.mia)]),
            labels: Some(vec![label.id]),
            due_on: Some("2026-03-01".parse().ok()),
            estimate_minutes: Some(Some(150)),
            parent_id: Some(Some(parent.summary.id)),
            column_id: Some(stage.columns[2].id),
            ..EditTask::default()
        };
        let edited = stage.edit(&task, edit).await.expect("edited");
        assert_eq!(stage.now(&task).await, edited);
        assert_eq!((edited.summary.version, edited.summary.updated_at), (2, stage.w.services.now()));
        let history = stage.history(task.summary.id).await;
        assert_eq!(
            history[0],
            ("task.moved".into(), vec![change("column", Some("Backlog"), Some("In progress"))])
        );
        assert_eq!(
            history[1].1,
            [
                change("title", Some("Old"), Some("New")),
                change("description", None, Some("changed")),
                change("priority", None, Some("Critical")),
                change("assignees", None, Some("mia")),
                change("labels", None, Some("Shop")),
                change("due_on", None, Some("2026-03-01")),
                change("estimate", None, Some("2 h 30 min")),
                change("parent", None, Some("WEB-2")),
            ]
        );
        let clear = EditTask {
            assignees: Some(Vec::new()),
            labels: Some(Vec::new()),
            due_on: Some(None),
            parent_id: Some(None),
            ..EditTask::default()
        };
        let cleared = stage.edit(&edited, clear).await.expect("cleared");
        assert_eq!(stage.now(&task).await, cleared);
        assert!(cleared.summary.assignees.is_empty() && cleared.summary.due_on.is_none());
        assert_eq!(cleared.summary.title, "New", "what is not named stays");
        stage.assert_counts().await;
    });
}

#[test]
fn an_edit_that_changes_nothing_leaves_no_trace() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("Same").await;
        let edit =
            EditTask { title: Some(" Same ".into()), assignees: Some(Vec::new()), ..EditTask::default() };
        assert_eq!(stage.edit(&task, edit).await, Ok(task.clone()));
        assert_eq!(stage.history(task.summary.id).await.len(), 1);
    });
}

#[test]
fn each_part_of_an_edit_needs_its_own_permission() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let role = domain::role::NewRole {
            id: None,
            name: "Writer".into(),
            description: String::new(),
            permissions: [Permission::ProjectView, Permission::TaskUpdate].into_iter().collect(),
        };
        let role = services::roles::create(&stage.w.services, &stage.w.admin, role).await.expect("a role");
        services::project_members::set_user_role(
            &stage.w.services,
            &stage.mia,
            stage.project.id,
            id(&stage.eve),
            role.id,
        )
        .await
        .expect("set");
        let eve = stage.w.refresh(&stage.eve).await;
        let task = stage.task("Text").await;
        let update = |edit| tasks::update(&stage.w.services, &eve, task.summary.id, edit);
        let base = || EditTask { version: 1, ..EditTask::default() };
        let assign = EditTask { assignees: Some(vec![id(&eve)]), ..base() };
        assert!(is_forbidden(update(assign).await));
        let column = EditTask { column_id: Some(stage.columns[1].id), ..base() };
        assert!(is_forbidden(update(column).await));
        let text = EditTask {
            title: Some("Better".into()),
            assignees: Some(Vec::new()),
            column_id: Some(task.summary.column_id),
            ..base()
        };
        assert!(update(text).await.is_ok(), "what is sent back as it was needs nothing");
    });
}

#[test]
fn of_two_edits_at_once_the_second_gets_the_current_task() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("Race").await;
        let edit = |title: &str| EditTask { title: Some(title.into()), ..EditTask::default() };
        let (one, two) = tokio::join!(stage.edit(&task, edit("One")), stage.edit(&task, edit("Two")));
        assert_eq!(u8::from(one.is_ok()) + u8::from(two.is_ok()), 1);
        assert!(is_stale(one) || is_stale(two));
        let outdated = EditTask { version: 0, title: Some("x".into()), ..EditTask::default() };
        assert!(is_stale(tasks::update(&stage.w.services, &stage.bob, task.summary.id, outdated).await));
    });
}

#[test]
fn tasks_made_at_once_get_different_numbers_and_places() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (a, b, c) = tokio::join!(stage.task("a"), stage.task("b"), stage.task("c"));
        let mut keys = [a.summary.key, b.summary.key, c.summary.key];
        keys.sort();
        assert_eq!(keys, ["WEB-1", "WEB-2", "WEB-3"]);
        stage.assert_counts().await;
    });
}

#[test]
fn a_parent_may_not_be_below_its_own_sub_task() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let top = stage.task("Top").await;
        let middle = stage.sub_task("Middle", &top).await;
        let low = stage.sub_task("Low", &middle).await;
        let top = stage.now(&top).await;
        let under = |task: &domain::task::Task| EditTask {
            parent_id: Some(Some(task.summary.id)),
            ..EditTask::default()
        };
        for parent in [&top, &middle, &low] {
            let refusal = stage.edit(&top, under(parent)).await.expect_err("refused");
            assert_eq!(fields(&refusal), [("parent_id", "loop")]);
        }
        let loop_refusal = stage.edit(&top, under(&low)).await.expect_err("refused").to_string();
        assert!(loop_refusal.contains("WEB-3 is part of WEB-2, which is part of WEB-1"), "{loop_refusal}");
        stage.assert_counts().await;
    });
}

#[test]
fn sub_tasks_go_only_so_deep_also_when_a_whole_branch_moves() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let mut deepest = stage.task("Level 1").await;
        for level in 2..=domain::limits::DEPTH {
            deepest = stage.sub_task(&format!("Level {level}"), &deepest).await;
        }
        let parent_id = Some(deepest.summary.id);
        let too_deep = NewTask { title: "x".into(), parent_id, ..NewTask::default() };
        assert_eq!(
            fields(&stage.task_with(too_deep).await.expect_err("refused")),
            [("parent_id", "too_deep")]
        );
        let root = stage.task("Root").await;
        let first = tasks::find_by_key(&stage.w.services, &stage.bob, "WEB-1").await.expect("it");
        let edit = EditTask { parent_id: Some(Some(root.summary.id)), ..EditTask::default() };
        assert_eq!(
            fields(&stage.edit(&first, edit).await.expect_err("refused")),
            [("parent_id", "too_deep")]
        );
        let view = tasks::view(&stage.w.services, &stage.eve, &deepest.summary.key).await.expect("a view");
        assert_eq!(view.ancestors.len(), domain::limits::DEPTH - 1);
        assert_eq!(view.ancestors[0].title, "Level 1");
        stage.assert_counts().await;
    });
}

#[test]
fn watching_is_everyones_own() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let task = stage.task("Watched").await;
        for _ in 0..2 {
            tasks::watch(s, &stage.eve, task.summary.id).await.expect("watched");
        }
        let view = tasks::view(s, &stage.eve, "WEB-1").await.expect("a view");
        assert!(view.watching && view.watchers.len() == 2);
        tasks::unwatch(s, &stage.eve, task.summary.id).await.expect("stopped");
        let view = tasks::view(s, &stage.eve, "WEB-1").await.expect("a view");
        assert!(!view.watching && view.watchers.len() == 1);
        assert_eq!(view.task, task, "the task did not change");
    });
}

#[test]
fn in_an_archived_project_nothing_changes() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let task = stage.task("Kept").await;
        services::projects::archive(s, &stage.mia, stage.project.id, 1).await.expect("archived");
        let edit = EditTask { title: Some("x".into()), ..EditTask::default() };
        assert_eq!(code(&stage.edit(&task, edit).await.expect_err("refused")), "archived");
        let version = task.summary.version;
        let done = tasks::complete(s, &stage.bob, task.summary.id, version).await;
        assert_eq!(code(&done.expect_err("refused")), "archived");
        let new = NewTask { title: "x".into(), ..NewTask::default() };
        assert_eq!(code(&stage.task_with(new).await.expect_err("refused")), "archived");
        assert_eq!(stage.now(&task).await, task, "and it is readable");
    });
}
