//! Importing a Markdown checklist, once and again.

mod task_stories;

use domain::{
    Error,
    activity::ActivityFilter,
    import::{HeadingsAs, ImportAct, ImportChecklist, ImportReport},
    project::ProjectFilter,
    task::{EditTask, Lifecycle, NewTask, Priority, Task, TaskFilter},
};
use services::{Actor, board_columns, import, projects, tasks};
use task_stories::{Stage, code, fields, id, is_forbidden};
use testkit::both;

const PLAN: &str = "# Launch

What has to be true.

## Security

Ask first.

- [x] Rotate keys
- [ ] Test the backup
  - [ ] Restore it
  - [x] Time it

## Texts

- [ ] Write the guide
";

fn request(key: &str, markdown: &str) -> ImportChecklist {
    ImportChecklist {
        project_key: key.into(),
        project_name: None,
        headings: HeadingsAs::ParentTasks,
        markdown: markdown.into(),
        dry_run: false,
    }
}

async fn run(stage: &Stage, actor: &Actor, markdown: &str) -> domain::Result<ImportReport> {
    import::checklist(&stage.w.services, actor, request("NEW", markdown)).await
}

fn numbers(report: &ImportReport) -> (i64, i64, i64, i64) {
    (report.created, report.updated, report.unchanged, report.missing)
}

async fn find(stage: &Stage, actor: &Actor, title: &str) -> Task {
    let filter = TaskFilter { search: Some(title.into()), ..TaskFilter::default() };
    let found = stage.list_as(actor, filter).await.expect("a list").pop().expect("a task");
    tasks::find(&stage.w.services, actor, found.id).await.expect("the task")
}

#[test]
fn a_document_becomes_a_project_with_its_tasks() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let report = run(&stage, &stage.mia, PLAN).await.expect("imported");
        assert_eq!(numbers(&report), (7, 0, 0, 0));
        assert_eq!((report.items, report.items_done, report.project_created), (5, 2, true));
        let mia = stage.w.refresh(&stage.mia).await;
        let project = projects::find_by_key(&stage.w.services, &mia, "NEW").await.expect("made");
        assert_eq!(report.project_id, Some(project.id));
        assert_eq!((project.name.as_str(), project.description.as_str()), ("Launch", "What has to be true."));
        assert_eq!((project.open_count, project.done_count), (5, 2));
        let backup = find(&stage, &mia, "backup").await.summary;
        assert_eq!(
            (backup.child_count, backup.child_done_count, backup.column_name.as_str()),
            (2, 1, "Backlog")
        );
        let security = tasks::view(&stage.w.services, &mia, "NEW-1").await.expect("a view");
        assert_eq!(security.task.description, "Ask first.");
        assert_eq!(security.children.len(), 2);
        assert_eq!(security.task.creator.expect("a creator").username, "mia");
        let lines: Vec<_> =
            report.lines.iter().map(|line| (line.line, line.depth, line.heading, line.done)).collect();
        assert_eq!(lines[0], (5, 0, true, false));
        assert_eq!(lines[4], (12, 2, false, true));
        let filter = ActivityFilter { project_id: report.project_id, ..ActivityFilter::default() };
        let rows =
            services::activity::list(&stage.w.services, &mia, filter, domain::page::Page::default()).await;
        let acts: Vec<_> = rows.expect("the history").items.into_iter().map(|row| row.action).collect();
        assert_eq!(acts, ["checklist.imported", "project.created"], "one row for all tasks");
        stage.assert_counts().await;
    });
}

#[test]
fn the_same_document_again_changes_nothing() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        run(&stage, &stage.mia, PLAN).await.expect("imported");
        let mia = stage.w.refresh(&stage.mia).await;
        let before = find(&stage, &mia, "guide").await;
        stage.w.clock.advance_seconds(9);
        let report = run(&stage, &mia, PLAN).await.expect("imported");
        assert_eq!(numbers(&report), (0, 0, 7, 0));
        assert!(!report.project_created && report.lines.iter().all(|line| line.act == ImportAct::Keep));
        assert_eq!(find(&stage, &mia, "guide").await, before);
        let project = projects::find_by_key(&stage.w.services, &mia, "NEW").await.expect("it");
        assert!(project.updated_at < stage.w.services.now(), "not even the date");
        stage.assert_counts().await;
    });
}

#[test]
fn a_second_import_follows_the_document_and_leaves_peoples_work_alone() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        run(&stage, &stage.mia, PLAN).await.expect("imported");
        let mia = stage.w.refresh(&stage.mia).await;
        let guide = find(&stage, &mia, "guide").await;
        let columns = board_columns::list(s, &mia, guide.summary.project_id).await.expect("columns");
        let edit = EditTask {
            version: 1,
            priority: Some(Priority::High),
            assignees: Some(vec![id(&mia)]),
            column_id: Some(columns[2].id),
            ..EditTask::default()
        };
        tasks::update(s, &mia, guide.summary.id, edit).await.expect("edited");
        let restore = find(&stage, &mia, "Restore").await;
        tasks::archive(s, &mia, restore.summary.id, 1).await.expect("archived");
        let keys = find(&stage, &mia, "Rotate").await;
        tasks::delete(s, &mia, keys.summary.id, keys.summary.version).await.expect("deleted");
        let time = find(&stage, &mia, "Time").await;
        let new = NewTask { title: "Own".into(), parent_id: Some(time.summary.id), ..NewTask::default() };
        tasks::create(s, &mia, time.summary.project_id, new).await.expect("made");
        stage.w.clock.advance_seconds(9);
        let changed = PLAN
            .replace("Write the guide", "write the **GUIDE**\n  In two parts")
            .replace("- [x] Time it", "- [ ] Time it")
            .replace("- [ ] Test", "- [x] Test")
            .replace("- [x] Rotate", "- [ ] Rotate")
            .replace("## Texts\n", "## Texts\n\n- [ ] Translate\n");
        let report = run(&stage, &mia, &changed).await.expect("imported");
        assert_eq!(numbers(&report), (1, 3, 4, 0));
        let guide = find(&stage, &mia, "guide").await;
        assert_eq!(
            (guide.summary.title.as_str(), guide.description.as_str()),
            ("write the GUIDE", "In two parts")
        );
        assert_eq!((guide.summary.priority, guide.summary.column_id), (Priority::High, columns[2].id));
        assert_eq!(guide.summary.assignees.len(), 1);
        assert_eq!(find(&stage, &mia, "Time").await.summary.completed_at, None);
        assert_eq!(find(&stage, &mia, "backup").await.summary.completed_at, Some(s.now()));
        let history = stage_history(&stage, &mia, &guide).await;
        assert_eq!(history[0], "task.updated");
        for (task, lifecycle) in [(&restore, Lifecycle::Archived), (&keys, Lifecycle::Deleted)] {
            let now = tasks::find(s, &mia, task.summary.id).await.expect("the task");
            assert_eq!(now.summary.lifecycle, lifecycle);
        }
        stage.assert_counts().await;
        let shorter = changed.replace("- [ ] Translate\n", "").replace("  - [ ] Restore it\n", "");
        let report = run(&stage, &mia, &shorter).await.expect("imported");
        assert_eq!(numbers(&report), (0, 0, 6, 2), "what the document lost stays");
        stage.assert_counts().await;
    });
}

async fn stage_history(stage: &Stage, actor: &Actor, task: &Task) -> Vec<String> {
    let filter = ActivityFilter { task_id: Some(task.summary.id), ..ActivityFilter::default() };
    let rows =
        services::activity::list(&stage.w.services, actor, filter, domain::page::Page::default()).await;
    rows.expect("the history").items.into_iter().map(|row| row.action).collect()
}

#[test]
fn headings_may_become_columns() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let markdown =
            "## Backlog\n- [ ] a\n## Security\n- [ ] b\n- [x] c\n### Keys\n- [ ] d\n## Over\n- [x] e\n";
        let with_columns = |dry_run| ImportChecklist {
            headings: HeadingsAs::Columns,
            dry_run,
            project_name: Some("Columns".into()),
            ..request("NEW", markdown)
        };
        let s = &stage.w.services;
        let dry = import::checklist(s, &stage.mia, with_columns(true)).await.expect("told");
        let report = import::checklist(s, &stage.mia, with_columns(false)).await.expect("imported");
        assert_eq!(dry, ImportReport { project_id: None, dry_run: true, ..report.clone() });
        assert_eq!(report.columns_created, ["Security"], "only where something goes");
        let mia = stage.w.refresh(&stage.mia).await;
        let project = report.project_id.expect("a project");
        let board = tasks::board(s, &mia, project, TaskFilter::default()).await.expect("a board");
        let seen: Vec<_> = board
            .columns
            .iter()
            .map(|it| {
                (it.column.name.as_str(), it.cards.iter().map(|card| card.title.as_str()).collect::<Vec<_>>())
            })
            .collect();
        assert_eq!(
            seen,
            [
                ("Backlog", vec!["a"]),
                ("To do", vec![]),
                ("In progress", vec![]),
                ("Security", vec!["b", "Keys", "d"]),
                ("Done", vec!["c", "e"])
            ]
        );
        let again = import::checklist(s, &mia, with_columns(false)).await.expect("imported");
        assert_eq!((numbers(&again), again.columns_created.len()), ((0, 0, 6, 0), 0));
        let many: Vec<_> = (0..20).map(|number| format!("## Part {number}\n- [ ] x\n")).collect();
        let many = many.concat();
        let many = ImportChecklist { headings: HeadingsAs::Columns, ..request("NEW", &many) };
        let refusal = import::checklist(s, &mia, many).await.expect_err("refused");
        assert_eq!(code(&refusal), "too_many_columns");
        stage.assert_counts().await;
    });
}

#[test]
fn a_dry_run_tells_and_changes_nothing() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let dry = ImportChecklist { dry_run: true, ..request("NEW", PLAN) };
        let report = import::checklist(&stage.w.services, &stage.mia, dry).await.expect("told");
        assert_eq!((numbers(&report), report.dry_run, report.project_id), ((7, 0, 0, 0), true, None));
        assert_eq!(report.project_name, "Launch");
        let page = domain::page::Page::default();
        let all = projects::list(&stage.w.services, &stage.w.admin, ProjectFilter::default(), page).await;
        assert_eq!(all.expect("a list").items.len(), 1, "no project was made");
    });
}

#[test]
fn what_can_not_be_imported_is_refused_and_nothing_is_half_there() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        for (key, markdown, refusal) in
            [("NEW", "just text", ("markdown", "no_items")), ("9", PLAN, ("project_key", "characters"))]
        {
            let error = import::checklist(s, &stage.mia, request(key, markdown)).await.expect_err("refused");
            assert_eq!(fields(&error), [refusal]);
        }
        let huge = "- [ ] x\n".repeat(5_001);
        assert_eq!(
            fields(&run(&stage, &stage.mia, &huge).await.expect_err("refused")),
            [("markdown", "too_many_items")]
        );
        assert!(is_forbidden(run(&stage, &stage.bob, PLAN).await), "a member may not make projects");
        let hidden = import::checklist(s, &stage.stranger, request("WEB", PLAN)).await.expect_err("refused");
        assert_eq!(fields(&hidden), [("project_key", "taken")]);
        let outsider = stage.w.user("outsider", "Member").await;
        for key in ["WEB", "NEW"] {
            let answer = import::checklist(s, &outsider, request(key, PLAN)).await;
            assert!(is_forbidden(answer), "who may not make projects does not learn which keys are in use");
        }
        assert!(is_forbidden(import::checklist(s, &stage.eve, request("WEB", PLAN)).await));
        let member = import::checklist(s, &stage.bob, request("web", PLAN)).await.expect("imported");
        assert_eq!(member.created, 7);
        let columns = ImportChecklist { headings: HeadingsAs::Columns, ..request("WEB", "## X\n- [ ] y\n") };
        assert!(is_forbidden(import::checklist(s, &stage.bob, columns).await), "nor change the board");
        let names = board_columns::list(s, &stage.bob, stage.project.id).await.expect("columns");
        assert_eq!(names.len(), 4);
        projects::archive(s, &stage.mia, stage.project.id, 1).await.expect("archived");
        let archived = import::checklist(s, &stage.mia, request("WEB", PLAN)).await.expect_err("refused");
        assert!(matches!(archived, Error::Refused { .. }) && code(&archived) == "archived");
        stage.assert_counts().await;
    });
}

#[test]
fn two_imports_at_once_make_one_set_of_tasks() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let web = || import::checklist(&stage.w.services, &stage.mia, request("WEB", PLAN));
        let (one, two) = tokio::join!(web(), web());
        let created = one.expect("imported").created + two.expect("imported").created;
        assert_eq!(created, 7);
        stage.assert_counts().await;
    });
}

#[test]
fn a_long_document_is_imported_and_ticked_off_as_a_whole() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let part = |number| format!("## Part {number}\n{}", "- [ ] Item\n- [x] Other\n".repeat(10));
        let long = (0..25).map(part).collect::<Vec<_>>().concat();
        let report = run(&stage, &stage.mia, &long).await.expect("imported");
        assert_eq!(report.created, 525);
        let mia = stage.w.refresh(&stage.mia).await;
        let ticked = long.replace("[ ]", "[x]");
        let report = run(&stage, &mia, &ticked).await.expect("imported");
        assert_eq!(numbers(&report), (0, 275, 250, 0));
        stage.assert_counts().await;
    });
}
