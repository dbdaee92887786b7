//! What people are told, and what they are not.

mod task_stories;

use domain::{
    comment::{EditComment, NewComment},
    dependency::{NewDependency, Relation},
    ids::{CommentId, NotificationId, UserId},
    limits,
    notification::{Event, Mark, MarkAll, MarkMany, Notification, Reason, Shelf},
    page::Page,
    preference::{Choice, EditPreferences},
    project::Project,
    rhythm::Rhythm,
    task::{BulkEdit, EditTask, NewTask, Task},
    wish::Channel,
};
use services::{Actor, comments, dependencies, notifications, project_members, projects, tasks, teams};
use store::notifications::Position;
use task_stories::{Stage, fields, id, is_hidden};
use testkit::both;

const DAY: i64 = 24 * 60 * 60;

/// Makes notifications of everything that happened; gives how many rounds had something to do.
async fn told(stage: &Stage) -> usize {
    let mut rounds = 0;
    while notifications::tell(&stage.w.services).await.expect("a round") > 0 {
        rounds += 1;
    }
    rounds
}

async fn shelf(stage: &Stage, actor: &Actor, shelf: Shelf) -> Vec<Notification> {
    let page = notifications::list(&stage.w.services, actor, shelf, Page::default()).await;
    page.expect("a list").items
}

/// What somebody has in the inbox, newest first: what happened, why they are told, what it is about.
async fn inbox(stage: &Stage, actor: &Actor) -> Vec<(Event, Vec<Reason>, String)> {
    let rows = shelf(stage, actor, Shelf::Inbox).await;
    rows.into_iter().map(|row| (row.event, row.reasons, row.subject)).collect()
}

async fn unread(stage: &Stage, actor: &Actor) -> i64 {
    notifications::unread(&stage.w.services, actor).await.expect("a number").unread
}

/// Reads away what the making of the stage told.
async fn begin(db: store::Db) -> Stage {
    let stage = Stage::new(db).await;
    told(&stage).await;
    for actor in [&stage.mia, &stage.bob, &stage.eve] {
        let ids = shelf(&stage, actor, Shelf::Inbox).await.into_iter().map(|row| row.id).collect();
        let change = MarkMany { ids, mark: Mark::Archive };
        notifications::mark(&stage.w.services, actor, change).await.expect("archived");
    }
    stage
}

async fn assigned(stage: &Stage, title: &str, to: &[UserId]) -> Task {
    let new = NewTask { title: title.into(), assignees: to.to_vec(), ..NewTask::default() };
    tasks::create(&stage.w.services, &stage.mia, stage.project.id, new).await.expect("a task")
}

async fn say(stage: &Stage, actor: &Actor, task: &Task, body: &str) -> domain::comment::Comment {
    let new = NewComment { id: None, body: body.into() };
    comments::create(&stage.w.services, actor, task.summary.id, new).await.expect("a comment")
}

#[test]
fn several_reasons_for_one_act_are_one_notification_and_own_acts_none() {
    both(|db| async move {
        let stage = begin(db).await;
        let task = assigned(&stage, "Write the page", &[id(&stage.bob), id(&stage.mia)]).await;
        assert_eq!(told(&stage).await, 1);
        let given = (Event::Assigned, vec![Reason::Assigned], "Write the page".to_owned());
        assert_eq!(inbox(&stage, &stage.bob).await, std::slice::from_ref(&given));
        assert_eq!(inbox(&stage, &stage.mia).await, [], "she did it herself");

        say(&stage, &stage.mia, &task, "Look at this, @bob and @stranger").await;
        told(&stage).await;
        let mentioned = (
            Event::Mentioned,
            vec![Reason::Mentioned, Reason::Assigned, Reason::Watching],
            "Write the page".to_owned(),
        );
        assert_eq!(inbox(&stage, &stage.bob).await, [mentioned, given]);
        assert_eq!(inbox(&stage, &stage.mia).await, []);
        assert_eq!(inbox(&stage, &stage.stranger).await, [], "they may not see the task");
        let row = shelf(&stage, &stage.bob, Shelf::Unread).await.remove(0);
        assert_eq!(row.detail, "Look at this, @bob and @stranger");
        assert_eq!(row.task.as_ref().map(|task| task.key.as_str()), Some("WEB-1"));
        assert_eq!(row.actor.as_ref().map(|person| person.id), stage.mia.user_id);
        assert_eq!(unread(&stage, &stage.bob).await, 2);
    });
}

#[test]
fn what_was_told_is_not_told_again_however_often_and_by_how_many() {
    both(|db| async move {
        let stage = begin(db).await;
        for number in 0..230 {
            assigned(&stage, &format!("Task {number}"), &[id(&stage.bob)]).await;
        }
        let (one, other) =
            tokio::join!(notifications::tell(&stage.w.services), notifications::tell(&stage.w.services));
        assert_eq!(one.expect("a round") + other.expect("a round"), 230, "each row is read once");
        assert_eq!(told(&stage).await, 0);
        let count = notifications::unread(&stage.w.services, &stage.bob).await.expect("a number");
        assert_eq!((count.unread, count.more), (limits::UNREAD, true));
        // As after a restored backup of the place alone: the same rows are read again.
        let mut tx = stage.w.services.db.write().await.expect("a transaction");
        let from = store::notifications::position(&mut tx).await.expect("a position");
        store::notifications::move_on(&mut tx, from, Position::default()).await.expect("set");
        tx.commit().await.expect("a commit");
        assert!(told(&stage).await > 0);
        let all = Page::new(Some(200), None);
        let first =
            notifications::list(&stage.w.services, &stage.bob, Shelf::Inbox, all).await.expect("a list");
        let rest = Page::new(Some(200), first.next);
        let rest =
            notifications::list(&stage.w.services, &stage.bob, Shelf::Inbox, rest).await.expect("a list");
        assert_eq!((first.items.len(), rest.items.len(), rest.next), (200, 30, None));
    });
}

#[test]
fn whoever_is_assigned_later_or_by_many_at_once_is_told_unless_it_was_taken_back() {
    both(|db| async move {
        let stage = begin(db).await;
        let one = stage.task("One").await;
        let two = stage.task("Two").await;
        let edit = |assignees| EditTask { assignees: Some(assignees), ..EditTask::default() };
        let one = stage.edit(&one, edit(vec![id(&stage.mia)])).await.expect("assigned");
        let two_again = stage.edit(&two, edit(vec![id(&stage.mia)])).await.expect("assigned");
        stage.edit(&two_again, edit(Vec::new())).await.expect("taken back");
        stage.edit(&one, edit(vec![id(&stage.mia), id(&stage.bob)])).await.expect("one more");
        told(&stage).await;
        let subjects = inbox(&stage, &stage.mia).await;
        assert_eq!(subjects, [(Event::Assigned, vec![Reason::Assigned], "One".to_owned())], "told once");
        let bulk = BulkEdit {
            tasks: vec![one.summary.id, two.summary.id],
            add_assignees: vec![id(&stage.mia)],
            ..BulkEdit::default()
        };
        tasks::bulk(&stage.w.services, &stage.bob, stage.project.id, bulk).await.expect("many");
        told(&stage).await;
        let subjects: Vec<_> = inbox(&stage, &stage.mia).await.into_iter().map(|row| row.2).collect();
        assert_eq!(subjects, ["Two", "One"], "only the one that was not theirs before");
    });
}

#[test]
fn a_comment_tells_those_who_watch_and_an_edit_only_those_newly_mentioned() {
    both(|db| async move {
        let stage = begin(db).await;
        let task = stage.task("Talk").await;
        tasks::watch(&stage.w.services, &stage.eve, task.summary.id).await.expect("watching");
        let comment = say(&stage, &stage.mia, &task, "First, @bob").await;
        told(&stage).await;
        assert_eq!(
            inbox(&stage, &stage.eve).await,
            [(Event::Commented, vec![Reason::Watching], "Talk".to_owned())]
        );
        let edit = EditComment { version: 1, body: "First, @bob and @eve".into() };
        comments::update(&stage.w.services, &stage.mia, comment.id, edit).await.expect("edited");
        told(&stage).await;
        let events: Vec<_> = inbox(&stage, &stage.eve).await.into_iter().map(|row| row.0).collect();
        assert_eq!(events, [Event::Mentioned, Event::Commented]);
        assert_eq!(shelf(&stage, &stage.bob, Shelf::Inbox).await.len(), 1, "he was mentioned before");
        comments::delete(&stage.w.services, &stage.mia, comment.id).await.expect("deleted");
        assert_eq!(inbox(&stage, &stage.eve).await, [], "what is not there any more is not shown");
        assert_eq!(unread(&stage, &stage.eve).await, 0);
        assert!(CommentId(uuid::Uuid::nil()) != comment.id);
    });
}

#[test]
fn whoever_can_go_on_learns_it_and_watchers_learn_that_a_task_is_done() {
    both(|db| async move {
        let stage = begin(db).await;
        let first = stage.task("Foundation").await;
        let second = assigned(&stage, "Walls", &[id(&stage.mia)]).await;
        let new = NewDependency { relation: Relation::BlockedBy, task: first.summary.key.clone() };
        dependencies::add(&stage.w.services, &stage.bob, second.summary.id, new).await.expect("linked");
        tasks::watch(&stage.w.services, &stage.eve, first.summary.id).await.expect("watching");
        let first = stage.now(&first).await;
        let done = tasks::complete(&stage.w.services, &stage.bob, first.summary.id, first.summary.version);
        done.await.expect("done");
        told(&stage).await;
        let rows = shelf(&stage, &stage.mia, Shelf::Inbox).await;
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].event, rows[0].detail.as_str()), (Event::Unblocked, "WEB-1"));
        let rows = shelf(&stage, &stage.eve, Shelf::Inbox).await;
        assert_eq!((rows[0].event, rows[0].detail.as_str()), (Event::Progress, "completed"));
        assert_eq!(inbox(&stage, &stage.bob).await, [], "he did it himself");
    });
}

#[test]
fn whoever_joins_a_project_or_team_learns_it_also_through_a_team() {
    both(|db| async move {
        let stage = begin(db).await;
        let s = &stage.w.services;
        let [uma, ben] = [stage.w.user("uma", "Member").await, stage.w.user("ben", "Member").await];
        let new = domain::team::NewTeam {
            id: None,
            name: "Ops".into(),
            description: String::new(),
            lead_id: None,
            members: vec![id(&uma)],
        };
        let team = teams::create(s, &stage.w.admin, new).await.expect("a team");
        let role = stage.w.role("Viewer").await;
        project_members::add_team(s, &stage.w.admin, stage.project.id, team.id, role).await.expect("added");
        stage.w.clock.advance_seconds(1);
        teams::add_member(s, &stage.w.admin, team.id, id(&ben)).await.expect("added");
        told(&stage).await;
        let [uma, ben] = [stage.w.refresh(&uma).await, stage.w.refresh(&ben).await];
        let project = stage.project.name.clone();
        let joined = |subject: &str| (Event::Membership, vec![Reason::Joined], subject.to_owned());
        assert_eq!(
            inbox(&stage, &uma).await,
            [(Event::Membership, vec![Reason::Team], project.clone()), joined("Ops")]
        );
        assert_eq!(inbox(&stage, &ben).await, [joined(&project), joined("Ops")]);
        let rows = shelf(&stage, &uma, Shelf::Inbox).await;
        assert_eq!(rows[0].detail, "Viewer");
        project_members::add_user(s, &stage.mia, stage.project.id, id(&stage.stranger), role)
            .await
            .expect("added");
        told(&stage).await;
        let stranger = stage.w.refresh(&stage.stranger).await;
        assert_eq!(inbox(&stage, &stranger).await, [joined(&project)]);
    });
}

#[test]
fn whoever_lost_access_is_shown_and_told_nothing() {
    both(|db| async move {
        let stage = begin(db).await;
        let s = &stage.w.services;
        let task = assigned(&stage, "Secret", &[id(&stage.bob)]).await;
        told(&stage).await;
        let seen = shelf(&stage, &stage.bob, Shelf::Inbox).await;
        assert_eq!(seen.len(), 1);
        say(&stage, &stage.mia, &task, "Not for you any more, @bob").await;
        project_members::remove_user(s, &stage.mia, stage.project.id, id(&stage.bob)).await.expect("removed");
        told(&stage).await;
        let bob = stage.w.refresh(&stage.bob).await;
        assert_eq!(inbox(&stage, &bob).await, []);
        assert_eq!(unread(&stage, &bob).await, 0);
        assert!(is_hidden(notifications::find(s, &bob, seen[0].id).await));
        // Back again, they see what they saw, and nothing that was said meanwhile.
        let role = stage.w.role("Member").await;
        project_members::add_user(s, &stage.mia, stage.project.id, id(&bob), role).await.expect("added");
        told(&stage).await;
        let bob = stage.w.refresh(&bob).await;
        let events: Vec<_> = inbox(&stage, &bob).await.into_iter().map(|row| row.0).collect();
        assert_eq!(events, [Event::Membership, Event::Assigned]);
    });
}

#[test]
fn while_a_task_or_project_is_deleted_nothing_of_it_is_shown() {
    both(|db| async move {
        let stage = begin(db).await;
        let s = &stage.w.services;
        let task = assigned(&stage, "Gone and back", &[id(&stage.bob)]).await;
        told(&stage).await;
        tasks::delete(s, &stage.mia, task.summary.id, 1).await.expect("deleted");
        assert_eq!(unread(&stage, &stage.bob).await, 0);
        assert_eq!(inbox(&stage, &stage.bob).await, []);
        tasks::restore(s, &stage.mia, task.summary.id, 2).await.expect("restored");
        assert_eq!(unread(&stage, &stage.bob).await, 1);
        let choice = Choice { event: Event::Commented, channel: Channel::Inbox, wanted: Some(false) };
        let choices = EditPreferences { choices: vec![choice] };
        notifications::choose(s, &stage.bob, Some(stage.project.id), choices).await.expect("chosen");
        let project: Project = projects::find(s, &stage.mia, stage.project.id).await.expect("the project");
        projects::delete(s, &stage.mia, project.id, project.version).await.expect("deleted");
        assert_eq!(inbox(&stage, &stage.bob).await, []);
        stage.w.clock.advance_seconds((limits::REST_DAYS + 1) * DAY);
        while projects::purge(s).await.expect("purged") > 0 {}
        let mut tx = s.db.peek().await.expect("a connection");
        let left: (i64,) = tx
            .sql("SELECT COUNT(*) FROM notification WHERE project_id IS NOT NULL")
            .one()
            .await
            .expect("a count");
        assert_eq!(left.0, 0, "with the project goes what was said of it");
        let left: (i64,) = tx.sql("SELECT COUNT(*) FROM notification_choice").one().await.expect("a count");
        assert_eq!(left.0, 0, "and what was chosen for it");
    });
}

#[test]
fn each_marks_their_own_and_what_came_since_stays_unread() {
    both(|db| async move {
        let stage = begin(db).await;
        let s = &stage.w.services;
        for title in ["One", "Two", "Three"] {
            assigned(&stage, title, &[id(&stage.bob)]).await;
        }
        told(&stage).await;
        let ids: Vec<NotificationId> =
            shelf(&stage, &stage.bob, Shelf::Inbox).await.into_iter().map(|row| row.id).collect();
        let one = |mark| MarkMany { ids: vec![ids[0]], mark };
        assert_eq!(notifications::mark(s, &stage.mia, one(Mark::Read)).await, Ok(0), "not hers");
        assert!(is_hidden(notifications::find(s, &stage.mia, ids[0]).await));
        assert_eq!(notifications::mark(s, &stage.bob, one(Mark::Read)).await, Ok(1));
        assert_eq!(notifications::mark(s, &stage.bob, one(Mark::Read)).await, Ok(1), "sent again");
        assert_eq!(unread(&stage, &stage.bob).await, 2);
        notifications::mark(s, &stage.bob, one(Mark::Unread)).await.expect("unread");
        notifications::mark(s, &stage.bob, one(Mark::Archive)).await.expect("archived");
        assert_eq!(notifications::mark(s, &stage.bob, one(Mark::Unread)).await, Ok(0), "not in the inbox");
        assert_eq!(shelf(&stage, &stage.bob, Shelf::Archived).await[0].id, ids[0]);
        notifications::mark(s, &stage.bob, one(Mark::Restore)).await.expect("restored");
        assert_eq!(shelf(&stage, &stage.bob, Shelf::Inbox).await.len(), 3);

        assigned(&stage, "Since", &[id(&stage.bob)]).await;
        told(&stage).await;
        let all = |mark| MarkAll { mark, until: ids[0] };
        assert_eq!(notifications::mark_all(s, &stage.bob, all(Mark::Read)).await, Ok(2));
        assert_eq!(unread(&stage, &stage.bob).await, 1);
        assert_eq!(notifications::mark_all(s, &stage.bob, all(Mark::Archive)).await, Ok(3));
        let left: Vec<_> = inbox(&stage, &stage.bob).await.into_iter().map(|row| row.2).collect();
        assert_eq!(left, ["Since"]);
        let refusal = notifications::mark_all(s, &stage.bob, all(Mark::Restore)).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("mark", "unknown")]);
        let many = MarkMany { ids: vec![ids[0]; limits::NOTIFICATIONS + 1], mark: Mark::Read };
        let refusal = notifications::mark(s, &stage.bob, many).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("ids", "too_many")]);
        let reader = Actor { read_only: true, ..stage.bob.clone() };
        let refusal = notifications::mark(s, &reader, one(Mark::Read)).await.expect_err("refused");
        assert_eq!(task_stories::code(&refusal), "read_only_token");
    });
}

#[test]
fn what_was_archived_long_ago_goes() {
    both(|db| async move {
        let stage = begin(db).await;
        let s = &stage.w.services;
        assigned(&stage, "Old", &[id(&stage.bob)]).await;
        assigned(&stage, "Kept", &[id(&stage.bob)]).await;
        told(&stage).await;
        let rows = shelf(&stage, &stage.bob, Shelf::Inbox).await;
        let change = MarkMany { ids: vec![rows[1].id], mark: Mark::Archive };
        notifications::mark(s, &stage.bob, change).await.expect("archived");
        stage.w.clock.advance_seconds((limits::ARCHIVED_DAYS - 1) * DAY);
        assert_eq!(notifications::purge(s).await, Ok(0));
        stage.w.clock.advance_seconds(2 * DAY);
        assert!(notifications::purge(s).await.expect("purged") > 0);
        assert_eq!(notifications::purge(s).await, Ok(0));
        assert!(shelf(&stage, &stage.bob, Shelf::Archived).await.is_empty());
        assert_eq!(shelf(&stage, &stage.bob, Shelf::Inbox).await.len(), 1);
    });
}

#[test]
fn due_tasks_tell_their_people_once_and_overdue_ones_once_a_week() {
    both(|db| async move {
        let stage = begin(db).await;
        let s = &stage.w.services;
        // Every story begins on the 17th.
        for (title, due) in [("Soon", "2026-01-18"), ("Late", "2026-01-16"), ("Later", "2026-02-10")] {
            let new = NewTask {
                title: title.into(),
                due_on: due.parse().ok(),
                assignees: vec![id(&stage.bob)],
                ..NewTask::default()
            };
            tasks::create(s, &stage.bob, stage.project.id, new).await.expect("a task");
        }
        told(&stage).await;
        assert_eq!(inbox(&stage, &stage.bob).await, [], "he gave them to himself");
        assert_eq!(notifications::due(s).await, Ok(2));
        assert_eq!(notifications::due(s).await, Ok(0), "once a day");
        let mut rows: Vec<_> = inbox(&stage, &stage.bob).await;
        rows.sort();
        let of = |event, title: &str| (event, vec![Reason::Assigned], title.to_owned());
        assert_eq!(rows, [of(Event::Overdue, "Late"), of(Event::DueSoon, "Soon")]);
        stage.w.clock.advance_seconds(DAY);
        notifications::due(s).await.expect("a day");
        assert_eq!(shelf(&stage, &stage.bob, Shelf::Inbox).await.len(), 2, "told already");
        stage.w.clock.advance_seconds(6 * DAY);
        notifications::due(s).await.expect("a day");
        let mut rows: Vec<_> = inbox(&stage, &stage.bob).await;
        rows.sort();
        assert_eq!(
            rows,
            [
                of(Event::Overdue, "Late"),
                of(Event::Overdue, "Late"),
                of(Event::Overdue, "Soon"),
                of(Event::DueSoon, "Soon")
            ]
        );
    });
}

#[test]
fn a_day_begins_for_each_where_they_live() {
    both(|db| async move {
        let stage = begin(db).await;
        let s = &stage.w.services;
        notifications::due(s).await.expect("told");
        let far = Rhythm { time_zone: "Pacific/Kiritimati".into(), ..Rhythm::default() };
        notifications::set_rhythm(s, &stage.bob, far).await.expect("set");
        let new = NewTask {
            title: "Write it".into(),
            due_on: "2026-01-20".parse().ok(),
            assignees: vec![id(&stage.bob), id(&stage.eve)],
            ..NewTask::default()
        };
        tasks::create(s, &stage.mia, stage.project.id, new).await.expect("a task");
        told(&stage).await;
        // From hour to hour: the 19th begins at ten o'clock of the 18th for Bob, 14 hours before it does for Eve.
        let mut when = Vec::new();
        for _ in 0..48 {
            stage.w.clock.advance_seconds(60 * 60);
            notifications::due(s).await.expect("told");
            let mut soon = Vec::new();
            for (name, actor) in [("bob", &stage.bob), ("eve", &stage.eve)] {
                let rows = inbox(&stage, actor).await;
                if rows.iter().any(|row| row.0 == Event::DueSoon) {
                    soon.push(name);
                }
            }
            if when.last().is_none_or(|(_, last)| *last != soon) {
                when.push((s.now().to_string(), soon));
            }
        }
        let expected = [("2026-01-18T10:00:00Z", vec!["bob"]), ("2026-01-19T00:00:00Z", vec!["bob", "eve"])];
        let hours = |at: &str| at[..13].to_owned();
        let told: Vec<_> = when
            .iter()
            .filter(|(_, who)| !who.is_empty())
            .map(|(at, who)| (hours(at), who.clone()))
            .collect();
        assert_eq!(told, expected.map(|(at, who)| (hours(at), who)));
    });
}
