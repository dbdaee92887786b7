//! What open pages are told, and when they are told no more.

mod project_stories;

use domain::{
    permission::PermissionSet,
    project::{EditProject, Project},
    role::NewRole,
    session::SignIn,
};
use project_stories::id;
use services::{
    Actor,
    live::{self, Listener, Position, Told, Touched},
    outbox,
    ports::bus::{Event, LocalBus, Personal},
    presence, project_members, projects, roles,
    sessions::{self, RequestContext},
    sign_in::{SignInContext, sign_in},
};
use std::{sync::Arc, time::Duration};
use testkit::{Workspace, both, workspace::PASSWORD};

/// How often a stream looks whether it still stands: seldom enough that it doesn't in these stories.
const PAUSE: Duration = Duration::from_mins(10);

/// Signs in under a cookie id made of `byte`; gives who acts through it.
async fn signed_in(w: &Workspace, name: &str, byte: u8) -> Actor {
    let form = SignIn { username: name.into(), password: PASSWORD.into() };
    let context =
        SignInContext { address: "10.0.0.1".into(), user_agent: "B".into(), request_id: String::new() };
    let session = sign_in(&w.services, form, context).await.expect("they sign in").session;
    sessions::open(&w.services, [byte; 16], session).await.expect("the session opens");
    let resolved = sessions::resolve(&w.services, [byte; 16], RequestContext::default()).await;
    resolved.expect("an answer").expect("a session").actor
}

async fn listen(w: &Workspace, actor: &Actor, since: Option<Position>) -> Listener {
    live::listen(&w.services, actor, since, PAUSE).await.expect("a stream")
}

async fn hand_on(w: &Workspace) {
    while outbox::dispatch(&w.services).await.expect("a round") > 0 {}
}

async fn next(listener: &mut Listener) -> Option<Told> {
    let told = tokio::time::timeout(Duration::from_secs(5), listener.next()).await;
    told.expect("something is told").expect("an answer")
}

/// The actions that it tells next.
async fn actions(listener: &mut Listener) -> Vec<String> {
    match next(listener).await {
        Some(Told::Changed(changed)) => changed.into_iter().map(|touched| touched.action).collect(),
        other => panic!("no change, but {other:?}"),
    }
}

/// That it has nothing to say, though everything was handed on.
async fn is_silent(listener: &mut Listener) -> bool {
    tokio::time::timeout(Duration::from_millis(150), listener.next()).await.is_err()
}

async fn rename(w: &Workspace, project: &Project, version: i64, name: &str) {
    let edit = EditProject { version, name: Some(name.into()), ..EditProject::default() };
    projects::update(&w.services, &w.admin, project.id, edit).await.expect("renamed");
}

async fn join(w: &Workspace, project: &Project, who: &Actor) {
    let role = w.role("Member").await;
    project_members::add_user(&w.services, &w.admin, project.id, id(who), role).await.expect("added");
}

#[test]
fn a_change_is_told_to_those_who_may_see_it() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let (ann, ben) = (w.user("ann", "Member").await, w.user("ben", "Member").await);
        join(&w, &web, &ann).await;
        hand_on(&w).await;
        let mut ann = listen(&w, &signed_in(&w, "ann", 1).await, None).await;
        let mut ben_hears = listen(&w, &signed_in(&w, "ben", 2).await, None).await;
        let task = w.task(&w.admin, &web, "One").await;
        hand_on(&w).await;
        let touched = Touched {
            action: "task.created".into(),
            project_id: Some(web.id),
            task_id: Some(task.summary.id),
        };
        assert_eq!(next(&mut ann).await, Some(Told::Changed(vec![touched])));
        assert!(is_silent(&mut ben_hears).await, "a stranger is told nothing");
        join(&w, &web, &ben).await;
        hand_on(&w).await;
        assert_eq!(next(&mut ben_hears).await, Some(Told::Resync), "they see more from now on");
    });
}

#[test]
fn what_was_told_once_is_not_told_again() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        hand_on(&w).await;
        let mut stream = listen(&w, &signed_in(&w, "admin", 1).await, None).await;
        rename(&w, &web, 1, "Shop").await;
        hand_on(&w).await;
        assert_eq!(actions(&mut stream).await, ["project.updated"]);
        let change = services::ports::bus::Changed {
            seq: stream.position().change,
            action: "project.updated".into(),
            project_id: Some(web.id),
            task_id: None,
            actor_id: None,
            access: false,
        };
        w.services.bus.publish(Event::Changed(change));
        assert!(is_silent(&mut stream).await);
    });
}

#[test]
fn a_stream_goes_on_where_it_broke_off() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let admin = signed_in(&w, "admin", 1).await;
        let stream = listen(&w, &admin, None).await;
        let position = stream.position();
        drop(stream);
        rename(&w, &web, 1, "Shop").await;
        rename(&w, &web, 2, "Store").await;
        w.task(&w.admin, &web, "One").await;
        let mut stream = listen(&w, &admin, Some(position)).await;
        assert_eq!(
            next(&mut stream).await,
            Some(Told::Personal(Personal::Inbox)),
            "it may have changed meanwhile"
        );
        assert_eq!(actions(&mut stream).await, ["project.updated", "task.created"]);
        hand_on(&w).await;
        assert!(is_silent(&mut stream).await, "the outbox brings them once more");
        assert_eq!(position.change + 3, stream.position().change);
    });
}

#[test]
fn an_id_is_of_what_was_said_and_not_of_what_waits() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        hand_on(&w).await;
        let admin = signed_in(&w, "admin", 1).await;
        let mut stream = listen(&w, &admin, None).await;
        let begin = stream.position();
        rename(&w, &web, 1, "Shop").await;
        w.services.tell(Personal::Inbox, vec![id(&w.admin)]);
        hand_on(&w).await;
        assert_eq!(next(&mut stream).await, Some(Told::Personal(Personal::Inbox)));
        assert_eq!(stream.position(), begin, "the change was not said yet");
        let mut again = listen(&w, &admin, Some(begin)).await;
        assert_eq!(again.position(), begin);
        assert_eq!(next(&mut again).await, Some(Told::Personal(Personal::Inbox)));
        assert_eq!(actions(&mut again).await, ["project.updated"]);
        assert_eq!(actions(&mut stream).await, ["project.updated"]);
        assert_eq!(stream.position(), again.position());
        assert_eq!(stream.position().change, begin.change + 1);
    });
}

#[test]
fn each_server_tells_what_happens_on_the_others() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let admin = signed_in(&w, "admin", 1).await;
        hand_on(&w).await;
        let mut other = w.services.clone();
        other.bus = Arc::new(LocalBus::default());
        while outbox::dispatch(&other).await.expect("a round") > 0 {}
        let mut here = listen(&w, &admin, None).await;
        let mut there = live::listen(&other, &admin, None, PAUSE).await.expect("a stream");
        for (version, name) in [(1, "Shop"), (2, "Store")] {
            rename(&w, &web, version, name).await;
            hand_on(&w).await;
            assert_eq!(outbox::dispatch(&other).await, Ok(1));
            assert_eq!(actions(&mut here).await, ["project.updated"]);
            assert_eq!(actions(&mut there).await, ["project.updated"]);
        }
        assert_eq!(here.position(), there.position());
    });
}

#[test]
fn what_was_not_handed_on_is_found() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        hand_on(&w).await;
        let admin = signed_in(&w, "admin", 1).await;
        let mut looks =
            live::listen(&w.services, &admin, None, Duration::from_millis(100)).await.expect("a stream");
        let mut hears = listen(&w, &admin, None).await;
        rename(&w, &web, 1, "Shop").await;
        while next(&mut looks).await == Some(Told::Quiet) {}
        let begin = hears.position();
        assert_eq!(looks.position().change, begin.change + 1);
        rename(&w, &web, 2, "Store").await;
        let last = services::ports::bus::Changed {
            seq: begin.change + 2,
            action: "project.updated".into(),
            project_id: Some(web.id),
            task_id: None,
            actor_id: None,
            access: false,
        };
        w.services.bus.publish(Event::Changed(last));
        assert_eq!(actions(&mut hears).await, ["project.updated"], "the first, from the history");
        assert_eq!(hears.position().change, begin.change + 2);
    });
}

#[test]
fn alerts_of_another_server_are_told_and_what_one_may_not_see_is_not() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let guest = NewRole {
            id: None,
            name: "Guest".into(),
            description: String::new(),
            permissions: PermissionSet::EMPTY,
        };
        roles::create(&w.services, &w.admin, guest).await.expect("a role");
        w.user("ann", "Guest").await;
        hand_on(&w).await;
        let mut ann = listen(&w, &signed_in(&w, "ann", 1).await, None).await;
        let mut admin = listen(&w, &signed_in(&w, "admin", 2).await, None).await;
        let begin = admin.position().change;
        let changed = |seq, action: &str, project_id| services::ports::bus::Changed {
            seq,
            action: action.into(),
            project_id,
            task_id: None,
            actor_id: None,
            access: false,
        };
        w.services.bus.publish(Event::Changed(changed(begin + 1, "user.updated", None)));
        w.services.bus.publish(Event::Changed(changed(begin + 2, "urgent.raised", Some(web.id))));
        assert_eq!(next(&mut admin).await, Some(Told::Personal(Personal::Urgent)));
        assert_eq!(actions(&mut admin).await, ["user.updated", "urgent.raised"]);
        assert!(is_silent(&mut ann).await);
        // What one has acknowledged elsewhere falls silent here; what others have does not ask anything of one's alerts.
        let by = |seq, actor_id| services::ports::bus::Changed {
            actor_id,
            ..changed(seq, "alert.acknowledged", Some(web.id))
        };
        w.services.bus.publish(Event::Changed(by(begin + 3, None)));
        assert_eq!(actions(&mut admin).await, ["alert.acknowledged"]);
        w.services.bus.publish(Event::Changed(by(begin + 4, w.admin.user_id)));
        assert_eq!(next(&mut admin).await, Some(Told::Personal(Personal::Urgent)));
        assert_eq!(actions(&mut admin).await, ["alert.acknowledged"]);
    });
}

#[test]
fn whoever_was_away_for_long_or_sees_other_things_looks_at_everything_anew() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let admin = signed_in(&w, "admin", 1).await;
        let now = listen(&w, &admin, None).await.position();
        let web = w.project(&w.admin, "WEB").await;
        let mut other_access = listen(&w, &admin, Some(now)).await;
        assert_eq!(
            next(&mut other_access).await,
            Some(Told::Resync),
            "making a project made them its member"
        );
        let now = other_access.position();
        let mut future =
            listen(&w, &admin, Some(Position { change: now.change + 1, access: now.access })).await;
        assert_eq!(next(&mut future).await, Some(Told::Resync), "the database was restored");
        for version in 1..=501 {
            rename(&w, &web, version, &format!("Name {version}")).await;
        }
        let mut late = listen(&w, &admin, Some(now)).await;
        assert_eq!(next(&mut late).await, Some(Told::Resync), "more than is told again");
        assert_eq!(late.position().change, now.change + 501);
    });
}

#[test]
fn whoever_hears_too_slowly_looks_at_everything_anew() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mut stream = listen(&w, &signed_in(&w, "admin", 1).await, None).await;
        for _ in 0..2000 {
            w.services.bus.publish(Event::People(Personal::Inbox, vec![id(&w.admin)].into()));
        }
        assert_eq!(next(&mut stream).await, Some(Told::Resync));
    });
}

#[test]
fn what_is_ones_own_is_told_to_oneself() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let ann = w.user("ann", "Member").await;
        let mut mine = listen(&w, &signed_in(&w, "ann", 1).await, None).await;
        let mut others = listen(&w, &signed_in(&w, "admin", 2).await, None).await;
        w.services.tell(Personal::Urgent, vec![id(&ann), id(&ann)]);
        w.services.tell(Personal::Inbox, vec![]);
        assert_eq!(next(&mut mine).await, Some(Told::Personal(Personal::Urgent)));
        assert!(is_silent(&mut mine).await && is_silent(&mut others).await);
    });
}

#[test]
fn a_stream_ends_with_its_session_and_no_other() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let (one, two) = (signed_in(&w, "admin", 1).await, signed_in(&w, "admin", 2).await);
        let (mut first, mut second) = (listen(&w, &one, None).await, listen(&w, &two, None).await);
        sessions::revoke(&w.services, &one, two.session_id.expect("a session")).await.expect("revoked");
        assert_eq!(next(&mut second).await, None, "told no more");
        assert!(!second.still_stands().await.expect("an answer"));
        assert!(first.still_stands().await.expect("an answer"));
        sessions::close(&w.services, [1; 16]).await.expect("signed out");
        assert_eq!(next(&mut first).await, None);
        assert!(live::listen(&w.services, &one, None, PAUSE).await.is_err());
    });
}

#[test]
fn an_open_page_keeps_its_session_in_use_until_the_day_is_over() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mut stream = listen(&w, &signed_in(&w, "admin", 1).await, None).await;
        for _ in 0..71 {
            w.clock.advance_seconds(20 * 60);
            assert!(stream.still_stands().await.expect("an answer"));
        }
        w.clock.advance_seconds(20 * 60);
        assert!(!stream.still_stands().await.expect("an answer"), "24 hours after the sign-in");
    });
}

#[test]
fn people_see_who_else_looks_at_a_task() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let task = w.task(&w.admin, &web, "One").await.summary.id;
        let stranger = w.user("ann", "Member").await;
        let ben = w.user("ben", "Member").await;
        join(&w, &web, &ben).await;
        let ben = w.refresh(&ben).await;
        hand_on(&w).await;
        let mut stream = listen(&w, &signed_in(&w, "admin", 1).await, None).await;
        assert!(presence::here(&w.services, &w.admin, task).await.expect("here").is_empty());
        assert_eq!(next(&mut stream).await, Some(Told::Present(task)));
        let seen = presence::here(&w.services, &ben, task).await.expect("here");
        assert_eq!(seen.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["admin"]);
        assert_eq!(next(&mut stream).await, Some(Told::Present(task)));
        presence::here(&w.services, &ben, task).await.expect("here");
        assert!(is_silent(&mut stream).await, "still here is no news");
        assert!(project_stories::is_hidden(presence::here(&w.services, &stranger, task).await));
        assert!(project_stories::is_hidden(presence::left(&w.services, &stranger, task).await));
        presence::left(&w.services, &w.admin, task).await.expect("left");
        assert!(presence::here(&w.services, &ben, task).await.expect("here").is_empty());
        w.clock.advance_seconds(60);
        assert!(
            presence::here(&w.services, &w.admin, task).await.expect("here").is_empty(),
            "ben went silent"
        );
    });
}
