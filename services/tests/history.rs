//! The history and the outbox: who may read what, and what leaves after a commit.

mod project_stories;

use domain::{
    activity::ActivityFilter,
    ids::TaskId,
    page::Page,
    project::{EditProject, Project},
};
use project_stories::{fields, id, is_hidden, task_row};
use services::{
    Actor, activity, board_columns, outbox,
    ports::bus::{Changed, Event},
    project_members, projects,
};
use testkit::{Workspace, both};
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

async fn rename(w: &Workspace, project: &Project, version: i64, name: &str) {
    let edit = EditProject { version, name: Some(name.into()), ..EditProject::default() };
    projects::update(&w.services, &w.admin, project.id, edit).await.expect("renamed");
}

async fn acts(w: &Workspace, actor: &Actor, filter: ActivityFilter) -> Vec<String> {
    let found = activity::list(&w.services, actor, filter, Page::default()).await.expect("rows");
    found.items.into_iter().map(|row| format!("{} {}", row.action, row.subject)).collect()
}

fn changed(heard: &mut Receiver<Event>) -> Changed {
    match heard.try_recv() {
        Ok(Event::Changed(changed)) => changed,
        other => panic!("no change, but {other:?}"),
    }
}

#[test]
fn people_read_the_history_of_their_projects_only() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let ops = w.project(&w.admin, "OPS").await;
        let vic = w.user("vic", "Viewer").await;
        let viewer = w.role("Viewer").await;
        project_members::add_user(&w.services, &w.admin, web.id, id(&vic), viewer).await.expect("added");
        let vic = w.refresh(&vic).await;
        let seen = ["member.added vic", "project.created Project WEB"];
        assert_eq!(acts(&w, &vic, ActivityFilter::default()).await, seen);
        let of =
            |project: &Project| ActivityFilter { project_id: Some(project.id), ..ActivityFilter::default() };
        assert_eq!(acts(&w, &vic, of(&web)).await, seen);
        assert!(is_hidden(activity::list(&w.services, &vic, of(&ops), Page::default()).await));
        let by_admin = ActivityFilter { actor_id: w.admin.user_id, ..ActivityFilter::default() };
        assert_eq!(acts(&w, &vic, by_admin.clone()).await, seen);
        assert_eq!(acts(&w, &w.admin, by_admin).await.len(), 3);

        let columns = board_columns::list(&w.services, &w.admin, ops.id).await.expect("columns");
        let task = task_row(&w, &columns[0], 1, None).await;
        let of_task = |task| ActivityFilter { task_id: Some(task), ..ActivityFilter::default() };
        assert!(is_hidden(activity::list(&w.services, &vic, of_task(task), Page::default()).await));
        let nowhere = of_task(TaskId(Uuid::from_u128(1)));
        assert!(is_hidden(activity::list(&w.services, &w.admin, nowhere, Page::default()).await));
        assert!(acts(&w, &w.admin, of_task(task)).await.is_empty());
    });
}

#[test]
fn the_history_of_a_deleted_project_is_for_those_who_may_bring_it_back() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let vic = w.user("vic", "Viewer").await;
        let viewer = w.role("Viewer").await;
        project_members::add_user(&w.services, &w.admin, web.id, id(&vic), viewer).await.expect("added");
        let vic = w.refresh(&vic).await;
        projects::delete(&w.services, &w.admin, web.id, 1).await.expect("deleted");
        assert!(acts(&w, &vic, ActivityFilter::default()).await.is_empty());
        let all = acts(&w, &w.admin, ActivityFilter::default()).await;
        assert_eq!(all[0], "project.deleted Project WEB");
        let reader = Actor { read_only: true, ..w.admin.clone() };
        let read = acts(&w, &reader, ActivityFilter::default()).await;
        assert!(!read.iter().any(|act| act.ends_with("Project WEB")), "it may not bring it back: {read:?}");
    });
}

#[test]
fn the_history_goes_back_page_by_page() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        for version in 1..=4 {
            rename(&w, &web, version, &format!("Name {version}")).await;
        }
        let filter = ActivityFilter { project_id: Some(web.id), ..ActivityFilter::default() };
        let mut subjects = Vec::new();
        let mut cursor = None;
        loop {
            let page = Page::new(Some(2), cursor.take());
            let found = activity::list(&w.services, &w.admin, filter.clone(), page).await.expect("rows");
            subjects.extend(found.items.into_iter().map(|row| row.subject));
            match found.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(subjects, ["Name 4", "Name 3", "Name 2", "Name 1", "Project WEB"]);
        let lost = Page::new(None, Some("yesterday".into()));
        let refusal = activity::list(&w.services, &w.admin, filter, lost).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("cursor", "unknown")]);
    });
}

#[test]
fn every_change_leaves_once_and_in_order() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        while outbox::dispatch(&w.services).await.expect("a round") > 0 {}
        let mut heard = w.services.bus.subscribe();
        let web = w.project(&w.admin, "WEB").await;
        rename(&w, &web, 1, "Shop").await;
        let refused = EditProject { version: 1, name: Some("X".into()), ..EditProject::default() };
        projects::update(&w.services, &w.admin, web.id, refused).await.expect_err("stale");
        assert_eq!(outbox::dispatch(&w.services).await, Ok(2));
        assert_eq!(outbox::dispatch(&w.services).await, Ok(0));
        let (first, second) = (changed(&mut heard), changed(&mut heard));
        assert_eq!((first.action.as_str(), second.action.as_str()), ("project.created", "project.updated"));
        assert_eq!(second.project_id, Some(web.id));
        assert!(first.seq < second.seq);
        assert!(heard.try_recv().is_err(), "a refused change tells nobody");
    });
}

#[test]
fn what_every_server_has_told_is_removed() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        w.project(&w.admin, "OLD").await;
        w.clock.advance_seconds(601);
        let new = w.project(&w.admin, "NEW").await;
        assert!(outbox::purge(&w.services).await.expect("a purge") > 0);
        let mut heard = w.services.bus.subscribe();
        assert_eq!(outbox::dispatch(&w.services).await, Ok(1));
        assert_eq!(changed(&mut heard).project_id, Some(new.id));
        w.clock.advance_seconds(601);
        assert_eq!(outbox::purge(&w.services).await, Ok(1));
    });
}

#[test]
fn a_message_that_nobody_can_read_does_not_stop_the_others() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mut heard = w.services.bus.subscribe();
        let mut tx = w.services.db.write_aside().await.expect("a transaction");
        let message = store::outbox::Message { seq: 0, topic: "change".into(), payload: "{".into() };
        store::outbox::push(&mut tx, &[message], w.services.now()).await.expect("pushed");
        tx.commit().await.expect("a commit");
        w.project(&w.admin, "WEB").await;
        while outbox::dispatch(&w.services).await.expect("a round") > 0 {}
        let mut told = std::iter::from_fn(|| heard.try_recv().ok());
        assert!(told.any(|event| matches!(event, Event::Changed(row) if row.action == "project.created")));
    });
}
