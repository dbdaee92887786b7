//! Labels of a project.

mod project_stories;

use domain::{
    ids::LabelId,
    label::{EditLabel, NewLabel},
    limits,
    palette::Colour,
};
use project_stories::{code, fields, history, id, is_forbidden, is_hidden, is_stale};
use services::{labels, project_members, projects};
use testkit::{Workspace, both};
use uuid::Uuid;

fn new(name: &str) -> NewLabel {
    NewLabel { id: None, name: name.into(), colour: Colour::Red }
}

#[test]
fn a_label_is_made_changed_and_removed_and_the_history_tells() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let made = labels::create(&w.services, &w.admin, web.id, new("Bug")).await.expect("made");
        let edit = EditLabel { version: 1, name: Some("Defect".into()), colour: Some(Colour::Pink) };
        let after = labels::update(&w.services, &w.admin, made.id, edit.clone()).await.expect("changed");
        assert_eq!((after.name.as_str(), after.colour, after.version), ("Defect", Colour::Pink, 2));
        assert!(is_stale(labels::update(&w.services, &w.admin, made.id, edit).await));
        labels::create(&w.services, &w.admin, web.id, new("Area")).await.expect("made");
        let listed = labels::list(&w.services, &w.admin, web.id).await.expect("labels");
        let names: Vec<_> = listed.iter().map(|label| label.name.as_str()).collect();
        assert_eq!(names, ["Area", "Defect"]);
        labels::delete(&w.services, &w.admin, made.id).await.expect("removed");
        assert!(is_hidden(labels::delete(&w.services, &w.admin, made.id).await));
        let acts: Vec<_> = history(&w, &web).await.into_iter().map(|row| row.action).collect();
        assert_eq!(
            acts,
            ["label.deleted", "label.created", "label.updated", "label.created", "project.created"]
        );
    });
}

#[test]
fn of_two_labels_with_one_name_at_once_one_is_made() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let (one, other) = tokio::join!(
            labels::create(&w.services, &w.admin, web.id, new("Bug")),
            labels::create(&w.services, &w.admin, web.id, new(" BUG ")),
        );
        let refusal = match (one, other) {
            (Ok(_), Err(refusal)) | (Err(refusal), Ok(_)) => refusal,
            answers => panic!("exactly one is made, not {answers:?}"),
        };
        assert_eq!(fields(&refusal), [("name", "taken")]);
        let refusal = labels::create(&w.services, &w.admin, web.id, new(" ")).await.expect_err("blank");
        assert_eq!(fields(&refusal), [("name", "blank")]);
    });
}

#[test]
fn a_label_that_is_sent_twice_is_made_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let ops = w.project(&w.admin, "OPS").await;
        let command = NewLabel { id: Some(LabelId(Uuid::from_u128(5))), ..new("Bug") };
        let one = labels::create(&w.services, &w.admin, web.id, command.clone()).await.expect("made");
        let two = labels::create(&w.services, &w.admin, web.id, command.clone()).await.expect("same");
        assert_eq!(one, two);
        let refusal = labels::create(&w.services, &w.admin, ops.id, command).await.expect_err("foreign");
        assert_eq!(fields(&refusal), [("id", "taken")]);
    });
}

#[test]
fn labels_are_hidden_from_strangers_and_kept_from_viewers() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let label = labels::create(&w.services, &w.admin, web.id, new("Bug")).await.expect("made");
        let vic = w.user("vic", "Member").await;
        let edit = || EditLabel { version: 1, ..EditLabel::default() };
        assert!(is_hidden(labels::list(&w.services, &vic, web.id).await));
        assert!(is_hidden(labels::update(&w.services, &vic, label.id, edit()).await));
        assert!(is_hidden(labels::delete(&w.services, &vic, label.id).await));
        let viewer = w.role("Viewer").await;
        project_members::add_user(&w.services, &w.admin, web.id, id(&vic), viewer).await.expect("added");
        let vic = w.refresh(&vic).await;
        assert_eq!(labels::list(&w.services, &vic, web.id).await.expect("labels"), vec![label.clone()]);
        assert!(is_forbidden(labels::create(&w.services, &vic, web.id, new("X")).await));
        assert!(is_forbidden(labels::update(&w.services, &vic, label.id, edit()).await));
        projects::archive(&w.services, &w.admin, web.id, 1).await.expect("archived");
        let refusal = labels::delete(&w.services, &w.admin, label.id).await.expect_err("refused");
        assert_eq!(code(&refusal), "archived");
    });
}

#[test]
fn a_project_has_only_so_many_labels() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        for number in 0..limits::LABELS {
            labels::create(&w.services, &w.admin, web.id, new(&format!("L{number}"))).await.expect("made");
        }
        let refusal = labels::create(&w.services, &w.admin, web.id, new("More")).await.expect_err("refused");
        assert_eq!(code(&refusal), "too_many_labels");
        let mut tx = w.services.db.peek().await.expect("a connection");
        let all = store::labels::of_project(&mut tx, web.id).await.expect("labels");
        let ids: Vec<_> = all.iter().rev().map(|label| label.id).collect();
        let found = store::labels::find_many(&mut tx, &ids).await.expect("labels");
        assert_eq!(found, all);
    });
}
