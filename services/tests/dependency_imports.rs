//! Dependencies that come with a checklist or a table, and how they are drawn.

mod task_stories;

use domain::{
    Error,
    dependency::{GraphOf, NewDependency, Relation},
    import::{ImportChecklist, ImportDependencies, ImportReport, LinkOutcome},
    task::Task,
};
use services::{dependencies, import, tasks};
use task_stories::Stage;
use testkit::both;

fn document(markdown: &str, dry_run: bool) -> ImportChecklist {
    ImportChecklist {
        project_key: "WEB".into(),
        project_name: None,
        headings: domain::import::HeadingsAs::ParentTasks,
        markdown: markdown.into(),
        dry_run,
    }
}

async fn checklist(stage: &Stage, markdown: &str) -> domain::Result<ImportReport> {
    import::checklist(&stage.w.services, &stage.mia, document(markdown, false)).await
}

async fn rehearse(stage: &Stage, markdown: &str) -> ImportReport {
    import::checklist(&stage.w.services, &stage.mia, document(markdown, true)).await.expect("a report")
}

async fn table(stage: &Stage, csv: &str, dry_run: bool) -> domain::Result<domain::import::DependencyReport> {
    let order = ImportDependencies { csv: csv.into(), dry_run };
    dependencies::import_csv(&stage.w.services, &stage.bob, order).await
}

async fn titled(stage: &Stage, title: &str) -> Task {
    let list = stage.list_as(&stage.mia, domain::task::TaskFilter::default()).await.expect("a list");
    let found = list.into_iter().find(|task| task.title == title).expect("a task of that title");
    tasks::find(&stage.w.services, &stage.mia, found.id).await.expect("the task")
}

async fn assert_sound(stage: &Stage) {
    let check = dependencies::check(&stage.w.services).await.expect("a check");
    assert!(check.is_fine(), "{check:?}");
    stage.assert_counts().await;
}

#[test]
fn an_item_waits_for_what_it_names() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let first = stage.task("there before").await;
        let text = "# Plan\n\n- [ ] Dig\n- [ ] Pour (after: Dig)\n- [ ] Build (after: pour; WEB-1)\n";
        let told = rehearse(&stage, text).await;
        assert_eq!((told.created, told.links_created, told.refused.len()), (3, 3, 0));
        let report = checklist(&stage, text).await.expect("imported");
        assert_eq!((report.created, report.links_created), (3, 3));
        let build = titled(&stage, "Build").await.summary;
        assert_eq!(build.blockers, ["WEB-1", "WEB-3"]);
        assert!(titled(&stage, "Pour").await.summary.is_blocked());
        // The same again finds everything there; a mark that goes takes nothing away.
        let again = checklist(&stage, text).await.expect("imported");
        assert_eq!((again.created, again.updated, again.links_created, again.links_kept), (0, 0, 0, 3));
        let without = text.replace(" (after: Dig)", "");
        assert_eq!(checklist(&stage, &without).await.expect("imported").links_kept, 2);
        assert!(titled(&stage, "Pour").await.summary.is_blocked());
        // Ticked in their order, or all at once, they may be done; alone the last may not.
        let early = text.replace("[ ] Build", "[x] Build");
        assert!(matches!(checklist(&stage, &early).await, Err(Error::Blocked { .. })));
        tasks::complete(
            &stage.w.services,
            &stage.bob,
            first.summary.id,
            stage.now(&first).await.summary.version,
        )
        .await
        .expect("done");
        checklist(&stage, &text.replace("[ ]", "[x]")).await.expect("all of it");
        assert_sound(&stage).await;
    });
}

#[test]
fn a_checklist_that_asks_for_what_can_not_be_is_not_imported_at_all() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let text = "- [ ] A (after: B)\n- [ ] B (after: A)\n- [ ] C (after: lunch)\n- [ ] D (after: OPS-9)\n";
        let told = rehearse(&stage, text).await;
        let refused: Vec<_> = told.refused.iter().map(|it| (it.line, it.code.as_str())).collect();
        assert_eq!(refused, [(2, "cycle"), (3, "unknown"), (4, "unknown")]);
        assert!(told.refused[0].message.contains("“B” → “A”"), "{}", told.refused[0].message);
        let Err(Error::Invalid { fields }) = checklist(&stage, text).await else { panic!("refused") };
        assert_eq!(fields.len(), 3);
        assert!(fields[0].message.starts_with("Line 2, after “A”"), "{}", fields[0].message);
        assert!(stage.board().await.concat().is_empty(), "nothing was made");
        // A parent that its own part would have to wait for.
        let loops = "- [ ] Whole (after: X)\n  - [ ] Part\n- [ ] X\n";
        checklist(&stage, loops).await.expect("imported");
        let back = "- [ ] Whole (after: X)\n  - [ ] Part (after: Whole)\n- [ ] X\n";
        assert_eq!(rehearse(&stage, back).await.refused.len(), 1);
        assert_sound(&stage).await;
    });
}

#[test]
fn a_document_that_moves_a_task_under_what_waits_for_it_is_refused() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        checklist(&stage, "- [ ] Whole\n  - [ ] Part\n- [ ] After\n").await.expect("imported");
        let [part, whole] = [titled(&stage, "Part").await, titled(&stage, "Whole").await];
        // The whole has to be finished before the part, once the part is none of it any more.
        let edit = domain::task::EditTask { parent_id: Some(None), ..Default::default() };
        let part = stage.edit(&part, edit).await.expect("a task of its own");
        let new = NewDependency { relation: Relation::Blocks, task: part.summary.key.clone() };
        dependencies::add(&stage.w.services, &stage.mia, whole.summary.id, new).await.expect("linked");
        let again = checklist(&stage, "- [ ] Whole\n  - [ ] Part\n- [ ] After\n").await;
        assert!(matches!(again, Err(Error::Cycle { .. })), "{again:?}");
        assert_sound(&stage).await;
    });
}

#[test]
fn a_table_is_taken_whole_or_not_at_all() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for title in ["a", "b", "c", "d"] {
            stage.task(title).await;
        }
        let bad = "blocker,blocked\nWEB-1,WEB-2\nWEB-2,WEB-1\nWEB-3,NOPE-1\nweb-3\nWEB-4,WEB-4\n";
        let told = table(&stage, bad, true).await.expect("a report");
        assert_eq!((told.created, told.kept, told.refused), (1, 0, 4));
        let codes: Vec<_> = told
            .lines
            .iter()
            .map(|line| match &line.outcome {
                LinkOutcome::Create => "create",
                LinkOutcome::Keep => "keep",
                LinkOutcome::Refused { code, .. } => code,
            })
            .collect();
        assert_eq!(codes, ["create", "cycle", "unknown", "too_few_cells", "same"]);
        let Err(Error::Invalid { fields }) = table(&stage, bad, false).await else { panic!("refused") };
        assert_eq!(fields.len(), 4);
        assert!(fields[0].message.contains("WEB-2 → WEB-1 → WEB-2"), "{}", fields[0].message);
        assert_sound(&stage).await;
        let good = "WEB-1;WEB-2\nWEB-2;WEB-3\nWEB-1;WEB-3\nWEB-1;WEB-2\n";
        let done = table(&stage, good, false).await.expect("imported");
        assert_eq!((done.created, done.kept), (3, 1));
        assert_eq!(titled(&stage, "c").await.summary.blocker_count, 2);
        assert_eq!(table(&stage, good, false).await.expect("again").kept, 4);
        let mut order = ImportDependencies { csv: good.into(), dry_run: true };
        let foreign = dependencies::import_csv(&stage.w.services, &stage.stranger, order.clone()).await;
        assert_eq!(foreign.expect("a report").refused, 4, "what one may not see is not there");
        order.csv = "WEB-4,WEB-1".into();
        let viewer = dependencies::import_csv(&stage.w.services, &stage.eve, order).await.expect("a report");
        assert!(matches!(&viewer.lines[0].outcome, LinkOutcome::Refused { code, .. } if code == "forbidden"));
        assert_sound(&stage).await;
    });
}

#[test]
fn a_drawing_has_layers_a_critical_path_and_no_hidden_titles() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let (s, mia) = (&stage.w.services, &stage.mia);
        let secret = stage.w.project(mia, "OPS").await;
        let mia = &stage.w.refresh(mia).await;
        let hidden = stage.w.task(mia, &secret, "hidden").await;
        let mut all = Vec::new();
        for (title, minutes) in [("a", Some(60)), ("b", None), ("c", Some(30)), ("d", None), ("alone", None)]
        {
            let new = domain::task::NewTask {
                title: title.into(),
                estimate_minutes: minutes,
                ..Default::default()
            };
            all.push(stage.task_with(new).await.expect("made"));
        }
        for (from, to) in [(&all[0], &all[2]), (&all[1], &all[2]), (&all[2], &all[3]), (&hidden, &all[1])] {
            let new = NewDependency { relation: Relation::BlockedBy, task: from.summary.key.clone() };
            dependencies::add(s, mia, to.summary.id, new).await.expect("linked");
        }
        let of = GraphOf::Project(stage.project.id);
        let drawn = dependencies::graph(s, &stage.bob, of, false).await.expect("a drawing");
        let keys: Vec<_> = drawn.tasks.iter().map(|task| task.key.clone().unwrap_or_default()).collect();
        assert_eq!(drawn.tasks.len(), 5, "{keys:?}");
        let named = |key: &str| drawn.tasks.iter().find(|task| task.key.as_deref() == Some(key)).expect("it");
        assert_eq!((&named("OPS-1").title, named("OPS-1").project_id), (&None, None));
        assert!(named("WEB-1").critical && named("WEB-3").critical && !named("WEB-2").critical);
        assert_eq!((drawn.critical_minutes, drawn.critical_count), (90, 3));
        for link in &drawn.links {
            assert!(drawn.tasks[link.from].layer < drawn.tasks[link.to].layer && link.removable);
        }
        let seen = dependencies::graph(s, &stage.eve, GraphOf::Task(all[0].summary.id), false).await;
        let seen = seen.expect("a drawing");
        let around: Vec<_> = seen.tasks.iter().filter_map(|task| task.key.as_deref()).collect();
        assert_eq!(around, ["WEB-1", "WEB-3", "WEB-4"], "up and down, not sideways");
        assert!(seen.links.iter().all(|link| !link.removable));
        let nothing = dependencies::graph(s, &stage.stranger, of, false).await;
        assert!(matches!(nothing, Err(Error::NotFound { .. })));
    });
}
