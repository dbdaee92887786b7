//! Comments on tasks.

mod task_stories;

use domain::{
    comment::{Comment, EditComment, NewComment},
    ids::CommentId,
    page::Page,
};
use services::{Actor, comments, tasks};
use task_stories::{Stage, fields, is_forbidden, is_hidden};
use testkit::both;
use uuid::Uuid;

async fn write(
    stage: &Stage,
    actor: &Actor,
    task: &domain::task::Task,
    body: &str,
) -> domain::Result<Comment> {
    let new = NewComment { id: None, body: body.into() };
    comments::create(&stage.w.services, actor, task.summary.id, new).await
}

#[test]
fn comments_come_oldest_first_page_by_page() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("talk").await;
        for number in 0..7 {
            if number % 2 == 0 {
                stage.w.clock.advance_seconds(1);
            }
            write(&stage, &stage.bob, &task, &format!("**{number}**")).await.expect("written");
        }
        let mut bodies = Vec::new();
        let mut cursor = None;
        loop {
            let page = Page::new(Some(3), cursor);
            let page =
                comments::list(&stage.w.services, &stage.eve, task.summary.id, page).await.expect("a page");
            bodies.extend(page.items.iter().map(|comment| comment.body_html.clone()));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        let all: Vec<_> = (0..7).map(|number| format!("<p><strong>{number}</strong></p>\n")).collect();
        assert_eq!(bodies, all);
        let now = stage.now(&task).await.summary;
        assert_eq!((now.comment_count, now.version), (7, 1), "nobody's edit is in the way");
        assert_eq!(now.updated_at, stage.w.services.now());
        stage.assert_counts().await;
    });
}

#[test]
fn a_page_begins_with_the_end_of_the_conversation() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("talk").await;
        for number in 0..7 {
            if number % 2 == 0 {
                stage.w.clock.advance_seconds(1);
            }
            write(&stage, &stage.bob, &task, &number.to_string()).await.expect("written");
        }
        let mut bodies = Vec::new();
        let mut cursor = None;
        loop {
            let page = Page::new(Some(3), cursor);
            let page =
                comments::latest(&stage.w.services, &stage.eve, task.summary.id, page).await.expect("a page");
            bodies.extend(page.items.into_iter().map(|comment| comment.body));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(bodies, ["6", "5", "4", "3", "2", "1", "0"]);
    });
}

#[test]
fn who_comments_or_is_mentioned_and_may_see_it_watches_the_task() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let task = stage.task("talk").await;
        let comment = write(&stage, &stage.mia, &task, "Ask @EVE, @stranger, @admin and @nobody")
            .await
            .expect("written");
        assert!(comment.body_html.contains("<span class=\"mention\">@EVE</span>"));
        let watchers = async || {
            let view = tasks::view(&stage.w.services, &stage.eve, "WEB-1").await.expect("a view");
            view.watchers.into_iter().map(|person| person.username).collect::<Vec<_>>()
        };
        assert_eq!(watchers().await, ["admin", "bob", "eve", "mia"]);
        tasks::unwatch(&stage.w.services, &stage.eve, task.summary.id).await.expect("stopped");
        let edit = EditComment { version: 1, body: "Ask `@eve`".into() };
        comments::update(&stage.w.services, &stage.mia, comment.id, edit).await.expect("changed");
        assert_eq!(watchers().await, ["admin", "bob", "mia"]);
    });
}

#[test]
fn everyone_changes_their_own_comments_and_some_change_anyones() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let task = stage.task("talk").await;
        let comment = write(&stage, &stage.bob, &task, "first").await.expect("written");
        let other = write(&stage, &stage.mia, &task, "hers").await.expect("written");
        let edit = |version, body: &str| EditComment { version, body: body.into() };
        stage.w.clock.advance_seconds(5);
        let second = comments::update(s, &stage.bob, comment.id, edit(1, "second")).await.expect("changed");
        assert_eq!((second.version, second.edited_at), (2, Some(s.now())));
        let outdated = comments::update(s, &stage.bob, comment.id, edit(1, "third")).await;
        assert!(matches!(outdated, Err(domain::Error::Conflict { ref what, .. }) if what == "comment"));
        assert!(is_forbidden(comments::update(s, &stage.bob, other.id, edit(1, "mine")).await));
        assert!(is_forbidden(comments::delete(s, &stage.bob, other.id).await));
        assert!(is_forbidden(comments::delete(s, &stage.eve, comment.id).await));
        assert!(is_hidden(comments::delete(s, &stage.stranger, comment.id).await));
        assert!(is_hidden(comments::update(s, &stage.stranger, comment.id, edit(2, "x")).await));
        assert!(is_hidden(comments::delete(s, &stage.mia, CommentId(Uuid::from_u128(1))).await));
        comments::update(s, &stage.mia, comment.id, edit(2, "calmer")).await.expect("changed");
        comments::delete(s, &stage.mia, comment.id).await.expect("deleted");
        comments::delete(s, &stage.mia, other.id).await.expect("deleted");
        assert!(is_hidden(comments::delete(s, &stage.mia, comment.id).await), "once");
        let acts: Vec<_> = stage.history(task.summary.id).await.into_iter().map(|(act, _)| act).collect();
        assert_eq!(acts[..2], ["comment.deleted", "comment.deleted"]);
        stage.assert_counts().await;
    });
}

#[test]
fn a_comment_needs_words_and_the_permission_and_comes_once() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let task = stage.task("talk").await;
        let blank = write(&stage, &stage.bob, &task, " \n").await.expect_err("refused");
        assert_eq!(fields(&blank), [("body", "blank")]);
        assert!(is_forbidden(write(&stage, &stage.eve, &task, "x").await));
        assert!(is_hidden(write(&stage, &stage.stranger, &task, "x").await));
        assert!(is_hidden(comments::list(s, &stage.stranger, task.summary.id, Page::default()).await));
        let new = || NewComment { id: Some(CommentId(Uuid::from_u128(5))), body: "once".into() };
        let first = comments::create(s, &stage.bob, task.summary.id, new()).await.expect("written");
        assert_eq!(comments::create(s, &stage.bob, task.summary.id, new()).await, Ok(first));
        let taken = comments::create(s, &stage.mia, task.summary.id, new()).await.expect_err("refused");
        assert_eq!(fields(&taken), [("id", "taken")]);
        let (a, b) =
            tokio::join!(write(&stage, &stage.bob, &task, "a"), write(&stage, &stage.mia, &task, "b"));
        assert!(a.is_ok() && b.is_ok());
        assert_eq!(stage.now(&task).await.summary.comment_count, 3);
        stage.assert_counts().await;
    });
}
