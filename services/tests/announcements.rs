//! Announcements: who may write them, who is told, who has read them.

mod task_stories;

use domain::{
    Error,
    announcement::{EditAnnouncement, NewAnnouncement},
    ids::{AnnouncementId, ProjectId, TeamId},
    notification::{Event, Mark, MarkMany, Reason, Shelf},
    page::Page,
    team::NewTeam,
};
use services::{Actor, announcements, notifications, project_members, projects, teams};
use store::notifications::Position;
use task_stories::{Stage, code, fields, id, is_forbidden, is_hidden};
use testkit::both;
use uuid::Uuid;

async fn told(stage: &Stage) {
    while notifications::tell(&stage.w.services).await.expect("a round") > 0 {}
}

fn news(title: &str) -> NewAnnouncement {
    NewAnnouncement { title: title.into(), body: "All is **well**.".into(), ..NewAnnouncement::default() }
}

fn to_project(project: ProjectId, title: &str) -> NewAnnouncement {
    NewAnnouncement { project_id: Some(project), ..news(title) }
}

/// The announcements in somebody's inbox: why they are told, and the title.
async fn heard(stage: &Stage, actor: &Actor) -> Vec<(Vec<Reason>, String)> {
    let rows =
        notifications::list(&stage.w.services, actor, Shelf::Inbox, Page::default()).await.expect("a list");
    let rows = rows.items.into_iter().filter(|row| row.event == Event::Announced);
    rows.map(|row| (row.reasons, row.subject)).collect()
}

async fn team(stage: &Stage, members: &[&Actor]) -> TeamId {
    let new = NewTeam {
        id: None,
        name: "Ops".into(),
        description: String::new(),
        lead_id: None,
        members: members.iter().map(|actor| id(actor)).collect(),
    };
    teams::create(&stage.w.services, &stage.w.admin, new).await.expect("a team").id
}

#[test]
fn everybody_a_team_or_a_project_is_told_but_not_the_author() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let admin = &stage.w.admin;
        announcements::publish(s, admin, news("For all")).await.expect("published");
        let team = team(&stage, &[&stage.stranger, &stage.bob]).await;
        let new = NewAnnouncement { team_id: Some(team), ..news("For Ops") };
        announcements::publish(s, admin, new).await.expect("published");
        announcements::publish(s, &stage.mia, to_project(stage.project.id, "For Web"))
            .await
            .expect("published");
        told(&stage).await;
        let of = |reason, title: &str| (vec![reason], title.to_owned());
        let all = of(Reason::Everybody, "For all");
        let (ops, web) = (of(Reason::Team, "For Ops"), of(Reason::Member, "For Web"));
        assert_eq!(heard(&stage, &stage.bob).await, [web.clone(), ops.clone(), all.clone()]);
        assert_eq!(heard(&stage, &stage.eve).await, [web, all.clone()]);
        assert_eq!(heard(&stage, &stage.stranger).await, [ops, all.clone()]);
        assert_eq!(heard(&stage, &stage.mia).await, [all]);
        assert_eq!(heard(&stage, admin).await, []);
        let titles = |rows: Vec<domain::announcement::Announcement>| {
            rows.into_iter().map(|row| (row.title, row.told_count)).collect::<Vec<_>>()
        };
        let rows = announcements::list(s, &stage.stranger, Page::default()).await.expect("a list").items;
        assert_eq!(titles(rows), [("For Ops".into(), 2), ("For all".into(), 4)]);
        let rows = announcements::list(s, admin, Page::default()).await.expect("a list").items;
        assert_eq!(titles(rows).len(), 3);
    });
}

#[test]
fn an_announcement_that_was_told_to_some_goes_on_behind_them() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let admin = &stage.w.admin;
        announcements::publish(&stage.w.services, admin, news("For all")).await.expect("published");
        let mut people: Vec<&Actor> = vec![&stage.bob, &stage.eve, &stage.mia, &stage.stranger];
        people.sort_by_key(|actor| id(actor));
        let mut tx = stage.w.services.db.write().await.expect("a transaction");
        let from = store::notifications::position(&mut tx).await.expect("a position");
        // All before the announcement was told, and of it half.
        let seq = store::counters::read(&mut tx).await.expect("counters").change - 1;
        let begun = Position { seq, up_to: Some(id(people[1])) };
        store::notifications::move_on(&mut tx, from, begun).await.expect("set");
        assert_eq!(store::notifications::position(&mut tx).await.expect("a position"), begun);
        tx.sql("UPDATE counter SET value = value - 1 WHERE name = 'notified'").run().await.expect("set");
        let other = store::notifications::position(&mut tx).await.expect("a position");
        assert_eq!((other.seq, other.up_to), (seq - 1, None), "it is about one row");
        tx.sql("UPDATE counter SET value = value + 1 WHERE name = 'notified'").run().await.expect("set");
        tx.commit().await.expect("a commit");
        told(&stage).await;
        let mut heard_of = Vec::new();
        for person in &people {
            heard_of.push(heard(&stage, person).await.len());
        }
        assert_eq!(heard_of, [0, 0, 1, 1]);
        let mut tx = stage.w.services.db.peek().await.expect("a transaction");
        let now = store::notifications::position(&mut tx).await.expect("a position");
        assert_eq!(now, Position { seq: seq + 1, up_to: None });
    });
}

#[test]
fn only_who_may_writes_and_manages_and_what_is_for_others_is_hidden() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        assert!(is_forbidden(announcements::publish(s, &stage.mia, news("For all")).await));
        let web = to_project(stage.project.id, "For Web");
        assert!(is_forbidden(announcements::publish(s, &stage.bob, web.clone()).await));
        assert!(is_hidden(announcements::publish(s, &stage.stranger, web.clone()).await));
        let made = announcements::publish(s, &stage.mia, web).await.expect("published").announcement;
        assert!(is_hidden(announcements::find(s, &stage.stranger, made.id).await));
        assert!(is_hidden(announcements::acknowledge(s, &stage.stranger, made.id).await));
        let edit =
            || EditAnnouncement { version: 1, title: Some("Better".into()), ..EditAnnouncement::default() };
        assert!(is_hidden(announcements::update(s, &stage.stranger, made.id, edit()).await));
        assert!(is_forbidden(announcements::update(s, &stage.bob, made.id, edit()).await));
        assert!(is_forbidden(announcements::withdraw(s, &stage.bob, made.id, 1).await));
        let which = (made.id, None);
        assert!(is_forbidden(announcements::recipients(s, &stage.bob, which, Page::default()).await));
        assert!(is_hidden(announcements::recipients(s, &stage.stranger, which, Page::default()).await));
        let both =
            NewAnnouncement { team_id: Some(TeamId(Uuid::nil())), ..to_project(stage.project.id, "X") };
        let refusal = announcements::publish(s, &stage.w.admin, both).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("team_id", "too_many")]);
        let nobody = NewAnnouncement { team_id: Some(TeamId(Uuid::nil())), ..news("X") };
        let refusal = announcements::publish(s, &stage.w.admin, nobody).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("team_id", "unknown")]);
        let refusal = announcements::publish(s, &stage.w.admin, NewAnnouncement::default()).await;
        assert_eq!(fields(&refusal.expect_err("refused")), [("title", "blank"), ("body", "blank")]);
        projects::archive(s, &stage.mia, stage.project.id, 1).await.expect("archived");
        let late = announcements::publish(s, &stage.mia, to_project(stage.project.id, "Late")).await;
        assert_eq!(code(&late.expect_err("refused")), "archived");
    });
}

#[test]
fn a_publication_that_is_sent_twice_is_one() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let new = || NewAnnouncement { id: Some(AnnouncementId(Uuid::from_u128(7))), ..news("Once") };
        let one = announcements::publish(s, &stage.w.admin, new()).await.expect("published");
        let two = announcements::publish(s, &stage.w.admin, new()).await.expect("the same");
        assert_eq!(one.announcement.id, two.announcement.id);
        told(&stage).await;
        assert_eq!(heard(&stage, &stage.bob).await.len(), 1);
        let other = NewAnnouncement { project_id: Some(stage.project.id), ..new() };
        let refusal = announcements::publish(s, &stage.mia, other).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("id", "taken")]);
    });
}

#[test]
fn what_is_changed_is_seen_changed_and_what_is_withdrawn_is_gone() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let made =
            announcements::publish(s, &stage.w.admin, news("Old")).await.expect("published").announcement;
        told(&stage).await;
        let edit = EditAnnouncement { version: 1, title: Some("New".into()), ..EditAnnouncement::default() };
        let after = announcements::update(s, &stage.w.admin, made.id, edit.clone()).await.expect("changed");
        assert_eq!(after.announcement.body_html, "<p>All is <strong>well</strong>.</p>\n");
        let stale = announcements::update(s, &stage.w.admin, made.id, edit).await;
        assert!(matches!(stale, Err(Error::Conflict { .. })), "{stale:?}");
        told(&stage).await;
        assert_eq!(heard(&stage, &stage.bob).await, [(vec![Reason::Everybody], "New".to_owned())]);
        announcements::withdraw(s, &stage.w.admin, made.id, 2).await.expect("withdrawn");
        assert_eq!(heard(&stage, &stage.bob).await, []);
        assert!(is_hidden(announcements::find(s, &stage.bob, made.id).await));
        assert!(is_hidden(announcements::acknowledge(s, &stage.bob, made.id).await));
        let again = announcements::withdraw(s, &stage.w.admin, made.id, 3).await.expect_err("refused");
        assert_eq!(code(&again), "withdrawn");
        // Withdrawn before anybody was told, it tells nobody.
        let quick =
            announcements::publish(s, &stage.w.admin, news("Quick")).await.expect("published").announcement;
        announcements::withdraw(s, &stage.w.admin, quick.id, 1).await.expect("withdrawn");
        told(&stage).await;
        let after = announcements::find(s, &stage.w.admin, quick.id).await.expect("there for who manages it");
        assert_eq!(after.announcement.told_count, 0);
    });
}

#[test]
fn who_has_read_it_is_known_and_it_waits_in_the_inbox_until_then() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let new = NewAnnouncement { acknowledge: true, ..to_project(stage.project.id, "Read this") };
        let made = announcements::publish(s, &stage.mia, new).await.expect("published").announcement;
        assert!(is_hidden(announcements::acknowledge(s, &stage.mia, made.id).await), "she was not told");
        told(&stage).await;
        let rows =
            notifications::list(s, &stage.bob, Shelf::Unread, Page::default()).await.expect("a list").items;
        let row = rows.iter().find(|row| row.event == Event::Announced).expect("told");
        assert!(row.waits());
        let change = || MarkMany { ids: vec![row.id], mark: Mark::Archive };
        assert_eq!(notifications::mark(s, &stage.bob, change()).await, Ok(0), "it waits");
        let first = announcements::acknowledge(s, &stage.bob, made.id).await.expect("acknowledged");
        stage.w.clock.advance_seconds(60);
        let again = announcements::acknowledge(s, &stage.bob, made.id).await.expect("the same");
        assert_eq!(first.acknowledged_at, again.acknowledged_at);
        assert_eq!(again.announcement.acknowledged_count, 1);
        assert_eq!(notifications::mark(s, &stage.bob, change()).await, Ok(1));
        let named = |acknowledged| {
            let (s, mia) = (s, &stage.mia);
            async move {
                let page = announcements::recipients(s, mia, (made.id, acknowledged), Page::default()).await;
                let rows = page.expect("recipients").items.into_iter();
                rows.map(|row| row.user.username).collect::<Vec<_>>()
            }
        };
        assert_eq!(named(Some(true)).await, ["bob"]);
        assert_eq!(named(Some(false)).await, ["eve"]);
        assert_eq!(named(None).await, ["bob", "eve"]);
        let reader = Actor { read_only: true, ..stage.eve.clone() };
        assert_eq!(
            code(&announcements::acknowledge(s, &reader, made.id).await.expect_err("no")),
            "read_only_token"
        );
    });
}

#[test]
fn whoever_leaves_a_team_or_project_sees_its_announcements_no_more() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let team = team(&stage, &[&stage.bob]).await;
        let new = NewAnnouncement { team_id: Some(team), ..news("For Ops") };
        let ops = announcements::publish(s, &stage.w.admin, new).await.expect("published").announcement;
        let web = to_project(stage.project.id, "For Web");
        let web = announcements::publish(s, &stage.mia, web).await.expect("published").announcement;
        told(&stage).await;
        assert_eq!(heard(&stage, &stage.bob).await.len(), 2);
        teams::remove_member(s, &stage.w.admin, team, id(&stage.bob)).await.expect("out");
        project_members::remove_user(s, &stage.mia, stage.project.id, id(&stage.bob)).await.expect("out");
        let bob = stage.w.refresh(&stage.bob).await;
        assert_eq!(heard(&stage, &bob).await, []);
        for it in [ops.id, web.id] {
            assert!(is_hidden(announcements::find(s, &bob, it).await));
        }
    });
}

#[test]
fn with_its_team_an_announcement_goes_and_what_was_said_of_it() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let team = team(&stage, &[&stage.bob, &stage.eve]).await;
        let new = NewAnnouncement { team_id: Some(team), ..news("For Ops") };
        announcements::publish(s, &stage.w.admin, new).await.expect("published");
        announcements::publish(s, &stage.w.admin, news("For all")).await.expect("published");
        told(&stage).await;
        assert_eq!(notifications::purge(s).await, Ok(0));
        teams::delete(s, &stage.w.admin, team).await.expect("deleted");
        told(&stage).await;
        assert_eq!(notifications::purge(s).await, Ok(2), "Bob's and Eve's");
        let of = |reason, title: &str| (vec![reason], title.to_owned());
        assert_eq!(heard(&stage, &stage.bob).await, [of(Reason::Everybody, "For all")]);
    });
}
