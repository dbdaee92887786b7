//! The columns of a board, and what moves with them.

mod project_stories;

use domain::{
    board::{Category, Column, EditColumn, NewColumn},
    ids::{ColumnId, TaskId},
    limits,
    project::{Lifecycle, Project},
};
use project_stories::{code, fields, history, is_forbidden, is_hidden, is_stale, put_away, task_row};
use services::{Actor, board_columns, project_members, projects};
use testkit::{Workspace, both};
use uuid::Uuid;

async fn columns(w: &Workspace, project: &Project) -> Vec<Column> {
    board_columns::list(&w.services, &w.admin, project.id).await.expect("columns")
}

async fn names(w: &Workspace, project: &Project) -> Vec<(i64, String)> {
    columns(w, project).await.into_iter().map(|column| (column.position, column.name)).collect()
}

fn placed(names: &[&str]) -> Vec<(i64, String)> {
    (0..).zip(names).map(|(position, name)| (position, (*name).to_owned())).collect()
}

fn new(name: &str, category: Category) -> NewColumn {
    NewColumn { id: None, name: name.into(), category }
}

/// Counts a task row as the task use cases do.
async fn count(w: &Workspace, column: &Column) {
    let mut tx = w.services.db.write().await.expect("a transaction");
    store::columns::add_to_count(&mut tx, column.id, 1).await.expect("counted");
    let done = i64::from(column.category == Category::Done);
    store::projects::add_to_counts(&mut tx, column.project_id, 1 - done, done, w.services.now())
        .await
        .expect("counted");
    tx.commit().await.expect("a commit");
}

async fn state_of(w: &Workspace, task: TaskId) -> (String, bool, i64, Uuid) {
    let mut tx = w.services.db.peek().await.expect("a connection");
    tx.sql("SELECT category, completed_at IS NOT NULL, child_done_count, column_id FROM task WHERE id = ?")
        .bind(task.uuid())
        .one()
        .await
        .expect("a task")
}

#[test]
fn a_new_column_stands_at_the_right_end() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let mut command = new(" Review  now ", Category::Doing);
        command.id = Some(ColumnId(Uuid::from_u128(9)));
        let made = board_columns::create(&w.services, &w.admin, web.id, command.clone()).await.expect("made");
        assert_eq!((made.name.as_str(), made.position), ("Review now", 4));
        let again = board_columns::create(&w.services, &w.admin, web.id, command.clone()).await;
        assert_eq!(again.expect("sent twice"), made);
        assert_eq!(columns(&w, &web).await.len(), 5);
        let ops = w.project(&w.admin, "OPS").await;
        let refusal =
            board_columns::create(&w.services, &w.admin, ops.id, command).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("id", "taken")]);
        assert_eq!(history(&w, &web).await[0].action, "column.created");
    });
}

#[test]
fn two_columns_of_a_board_never_have_one_name() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let (one, other) = tokio::join!(
            board_columns::create(&w.services, &w.admin, web.id, new("Review", Category::Doing)),
            board_columns::create(&w.services, &w.admin, web.id, new("REVIEW", Category::Doing)),
        );
        let refusal = match (one, other) {
            (Ok(_), Err(refusal)) | (Err(refusal), Ok(_)) => refusal,
            answers => panic!("exactly one is made, not {answers:?}"),
        };
        assert_eq!(fields(&refusal), [("name", "taken")]);
        let first = columns(&w, &web).await.remove(0);
        let edit = EditColumn { version: 1, name: Some("done".into()), ..EditColumn::default() };
        let refusal =
            board_columns::update(&w.services, &w.admin, first.id, edit).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("name", "taken")]);
        let ops = w.project(&w.admin, "OPS").await;
        board_columns::create(&w.services, &w.admin, ops.id, new("Review", Category::Doing))
            .await
            .expect("another board");
    });
}

#[test]
fn a_board_has_only_so_many_columns() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        for number in columns(&w, &web).await.len()..limits::COLUMNS {
            board_columns::create(&w.services, &w.admin, web.id, new(&format!("C{number}"), Category::Doing))
                .await
                .expect("made");
        }
        let refusal = board_columns::create(&w.services, &w.admin, web.id, new("More", Category::Doing))
            .await
            .expect_err("refused");
        assert_eq!(code(&refusal), "too_many_columns");
    });
}

#[test]
fn a_column_moves_and_the_others_make_room() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let ids: Vec<_> = columns(&w, &web).await.into_iter().map(|column| column.id).collect();
        let to = |version, place| EditColumn { version, position: Some(place), ..EditColumn::default() };
        board_columns::update(&w.services, &w.admin, ids[3], to(1, 0)).await.expect("moved");
        assert_eq!(names(&w, &web).await, placed(&["Done", "Backlog", "To do", "In progress"]));
        let last = board_columns::update(&w.services, &w.admin, ids[3], to(2, 99)).await.expect("moved");
        assert_eq!(last.position, 3);
        board_columns::update(&w.services, &w.admin, ids[0], to(1, 1)).await.expect("moved");
        assert_eq!(names(&w, &web).await, placed(&["To do", "Backlog", "In progress", "Done"]));
        assert!(is_stale(board_columns::update(&w.services, &w.admin, ids[0], to(1, 3)).await));
        let change = &history(&w, &web).await[0].changes[0];
        assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("1"), Some("2")));
    });
}

#[test]
fn tasks_follow_their_columns_meaning() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let there = columns(&w, &web).await;
        let parent = task_row(&w, &there[0], 1, None).await;
        let child = task_row(&w, &there[2], 2, Some(parent)).await;
        let away = task_row(&w, &there[2], 3, Some(parent)).await;
        put_away(&w.services.db, away, Lifecycle::Archived, 0).await;
        count(&w, &there[0]).await;
        count(&w, &there[2]).await;
        let mean =
            |version, category| EditColumn { version, category: Some(category), ..EditColumn::default() };

        let after = board_columns::update(&w.services, &w.admin, there[2].id, mean(1, Category::Done))
            .await
            .expect("done");
        assert_eq!((after.category, after.version), (Category::Done, 2));
        let (category, completed, _, _) = state_of(&w, child).await;
        assert_eq!((category.as_str(), completed), ("done", true));
        assert_eq!(state_of(&w, away).await.0, "done", "put away ones too");
        assert_eq!(state_of(&w, parent).await.2, 1, "only the active sub-task is counted");
        let project = projects::find(&w.services, &w.admin, web.id).await.expect("found");
        assert_eq!((project.open_count, project.done_count), (1, 1));

        board_columns::update(&w.services, &w.admin, there[2].id, mean(2, Category::Doing))
            .await
            .expect("back");
        let (category, completed, _, _) = state_of(&w, child).await;
        assert_eq!((category.as_str(), completed), ("doing", false));
        assert_eq!(state_of(&w, parent).await.2, 0);
        let project = projects::find(&w.services, &w.admin, web.id).await.expect("found");
        assert_eq!((project.open_count, project.done_count), (2, 0));
    });
}

#[test]
fn the_last_column_to_begin_or_end_in_stays_what_it_is() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let there = columns(&w, &web).await;
        let done = EditColumn { version: 1, category: Some(Category::Doing), ..EditColumn::default() };
        let refusal =
            board_columns::update(&w.services, &w.admin, there[3].id, done).await.expect_err("refused");
        assert_eq!(code(&refusal), "last_column");
        let refusal = board_columns::delete(&w.services, &w.admin, there[3].id).await.expect_err("refused");
        assert_eq!(code(&refusal), "last_column");
        assert_eq!(columns(&w, &web).await, there, "nothing changed");
        board_columns::delete(&w.services, &w.admin, there[0].id).await.expect("there is another");
        let refusal = board_columns::delete(&w.services, &w.admin, there[1].id).await.expect_err("refused");
        assert_eq!(code(&refusal), "last_column");
        board_columns::delete(&w.services, &w.admin, there[2].id).await.expect("doing is optional");
        assert_eq!(names(&w, &web).await, placed(&["To do", "Done"]));
    });
}

#[test]
fn a_column_with_tasks_stays_and_put_away_ones_move_on() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let there = columns(&w, &web).await;
        task_row(&w, &there[2], 1, None).await;
        count(&w, &there[2]).await;
        let refusal = board_columns::delete(&w.services, &w.admin, there[2].id).await.expect_err("refused");
        assert_eq!(code(&refusal), "column_not_empty");

        let archived = task_row(&w, &there[0], 2, None).await;
        let deleted = task_row(&w, &there[0], 3, None).await;
        put_away(&w.services.db, archived, Lifecycle::Archived, 0).await;
        put_away(&w.services.db, deleted, Lifecycle::Deleted, 0).await;
        board_columns::delete(&w.services, &w.admin, there[0].id).await.expect("deleted");
        assert_eq!(names(&w, &web).await, placed(&["To do", "In progress", "Done"]));
        for task in [archived, deleted] {
            let (category, _, _, column) = state_of(&w, task).await;
            assert_eq!((category.as_str(), column), ("todo", there[1].id.uuid()));
        }
    });
}

#[test]
fn columns_are_changed_only_by_those_who_may_and_found_only_by_those_inside() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let there = columns(&w, &web).await;
        let bo = w.user("bo", "Member").await;
        let edit = || EditColumn { version: 1, name: Some("Mine".into()), ..EditColumn::default() };
        assert!(is_hidden(board_columns::list(&w.services, &bo, web.id).await));
        assert!(is_hidden(board_columns::update(&w.services, &bo, there[0].id, edit()).await));
        assert!(is_hidden(board_columns::delete(&w.services, &bo, there[0].id).await));
        let nowhere = ColumnId(Uuid::from_u128(1));
        assert!(is_hidden(board_columns::delete(&w.services, &w.admin, nowhere).await));
        let member = w.role("Member").await;
        project_members::add_user(&w.services, &w.admin, web.id, bo.user_id.expect("a person"), member)
            .await
            .expect("added");
        let bo = w.refresh(&bo).await;
        assert!(board_columns::list(&w.services, &bo, web.id).await.is_ok());
        assert!(is_forbidden(board_columns::update(&w.services, &bo, there[0].id, edit()).await));
        assert!(is_forbidden(board_columns::delete(&w.services, &bo, there[0].id).await));
        let create = board_columns::create(&w.services, &bo, web.id, new("X", Category::Todo)).await;
        assert!(is_forbidden(create));
        projects::archive(&w.services, &w.admin, web.id, 1).await.expect("archived");
        let refusal = board_columns::update(&w.services, &Actor::system(), there[0].id, edit())
            .await
            .expect_err("refused");
        assert_eq!(code(&refusal), "archived");
    });
}
