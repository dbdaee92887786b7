//! How long somebody stays signed in, and how that ends.

use domain::{
    Error,
    ids::{SessionId, UserId},
    permission::Permission,
    session::SignIn,
    user::{EditUser, UserStatus},
};
use services::{
    Actor, accounts, project_members,
    sessions::{self, NewSession, RequestContext, Resolved},
    sign_in::{SignInContext, sign_in},
    users,
};
use testkit::{Workspace, both, workspace::PASSWORD};
use uuid::Uuid;

/// Signs in and opens the session under a cookie id made of `byte`.
async fn signed_in(w: &Workspace, name: &str, byte: u8) -> NewSession {
    let form = SignIn { username: name.into(), password: PASSWORD.into() };
    let context = SignInContext {
        address: "10.0.0.1".into(),
        user_agent: format!("Browser {byte}"),
        request_id: String::new(),
    };
    let session = sign_in(&w.services, form, context).await.expect("they sign in").session;
    sessions::open(&w.services, [byte; 16], session.clone()).await.expect("the session opens");
    session
}

async fn resolve(w: &Workspace, byte: u8) -> Option<Resolved> {
    let context = RequestContext { address: "10.0.0.2".into(), request_id: "r2".into() };
    sessions::resolve(&w.services, [byte; 16], context).await.expect("an answer")
}

async fn bearer(w: &Workspace, token: &str) -> Option<Resolved> {
    sessions::resolve_bearer(&w.services, token, RequestContext::default()).await.expect("an answer")
}

#[test]
fn a_cookie_stands_for_its_person_and_an_unknown_one_for_nobody() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let session = signed_in(&w, "admin", 1).await;
        let resolved = resolve(&w, 1).await.unwrap();
        assert_eq!(resolved.actor.user_id, w.admin.user_id);
        assert_eq!(resolved.actor.session_id, Some(session.id));
        assert_eq!(resolved.actor.access, w.admin.access);
        assert_eq!((resolved.actor.address.as_str(), resolved.actor.request_id.as_str()), ("10.0.0.2", "r2"));
        assert!(!resolved.actor.read_only && !resolved.renew_due);
        assert_eq!(resolved.session, Some(NewSession { proof: None, ..session }));
        assert!(resolve(&w, 2).await.is_none());
    });
}

#[test]
fn the_database_never_holds_what_the_cookie_holds() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        signed_in(&w, "admin", 9).await;
        let mut tx = w.services.db.peek().await.unwrap();
        let rows: Vec<(Vec<u8>,)> = tx.sql("SELECT secret_hash FROM session").all().await.unwrap();
        assert_eq!(rows.len(), 1);
        assert!(!rows[0].0.starts_with(&[9; 16]));
    });
}

#[test]
fn the_change_counter_comes_along() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        signed_in(&w, "admin", 1).await;
        let before = resolve(&w, 1).await.unwrap().change;
        w.user("grace", "Member").await;
        assert_eq!(resolve(&w, 1).await.unwrap().change, before + 1);
    });
}

#[test]
fn a_session_ends_after_half_an_hour_without_a_request() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        signed_in(&w, "admin", 1).await;
        for _ in 0..4 {
            w.clock.advance_seconds(29 * 60);
            assert!(resolve(&w, 1).await.is_some(), "each request starts the half hour anew");
        }
        w.clock.advance_seconds(30 * 60);
        assert!(resolve(&w, 1).await.is_none());
    });
}

#[test]
fn a_session_ends_after_a_day_whatever_happens() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let session = signed_in(&w, "admin", 1).await;
        for _ in 0..71 {
            w.clock.advance_seconds(20 * 60);
            assert!(resolve(&w, 1).await.is_some());
        }
        w.clock.advance_seconds(20 * 60);
        assert!(resolve(&w, 1).await.is_none());
        let reopened = sessions::open(&w.services, [2; 16], session).await;
        assert_eq!(reopened, Err(Error::Unauthenticated), "a new id does not make it longer");
    });
}

#[test]
fn the_use_of_a_session_is_noted_at_most_once_a_minute() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let session = signed_in(&w, "admin", 1).await;
        let seen = async || {
            let list = sessions::list(&w.services, &w.admin).await.unwrap();
            list[0].seen_at.seconds_since(session.created_at)
        };
        w.clock.advance_seconds(59);
        resolve(&w, 1).await.unwrap();
        assert_eq!(seen().await, 0);
        w.clock.advance_seconds(1);
        resolve(&w, 1).await.unwrap();
        assert_eq!(seen().await, 60);
    });
}

#[test]
fn a_renewed_id_replaces_the_old_one_and_keeps_the_session() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let session = signed_in(&w, "admin", 1).await;
        let token = sessions::bearer(&w.services, session.id, session.user_id).await.unwrap();
        w.clock.advance_seconds(300);
        // The cookie's layer closes the old id before it opens the new one.
        sessions::close(&w.services, [1; 16]).await.unwrap();
        assert!(bearer(&w, &token).await.is_none());
        sessions::open(&w.services, [2; 16], session.clone()).await.unwrap();
        assert!(resolve(&w, 1).await.is_none());
        assert_eq!(resolve(&w, 2).await.unwrap().session, Some(NewSession { proof: None, ..session }));
        assert!(bearer(&w, &token).await.is_some(), "its bearer token goes on");
        assert_eq!(sessions::list(&w.services, &w.admin).await.unwrap().len(), 1);
    });
}

#[test]
fn who_signs_in_while_the_password_is_changed_stays_out() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await.user_id.unwrap();
        let form = SignIn { username: "grace".into(), password: PASSWORD.into() };
        let checked =
            sign_in(&w.services, form, SignInContext::default()).await.expect("they sign in").session;
        users::set_password(&w.services, &w.admin, grace, "another long password".into()).await.unwrap();
        let late = sessions::open(&w.services, [7; 16], checked).await;
        assert_eq!(late, Err(Error::Unauthenticated));
        assert!(resolve(&w, 7).await.is_none());
    });
}

#[test]
fn an_answer_on_its_way_does_not_bring_an_ended_session_back() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let session = signed_in(&w, "admin", 1).await;
        w.clock.advance_seconds(300);
        sessions::revoke(&w.services, &w.admin, session.id).await.unwrap();
        for byte in [1, 2] {
            let reopened = sessions::open(&w.services, [byte; 16], session.clone()).await;
            assert_eq!(reopened, Err(Error::Unauthenticated));
            assert!(resolve(&w, byte).await.is_none());
        }
    });
}

#[test]
fn sign_out_ends_the_session_and_its_bearer_token_at_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let session = signed_in(&w, "admin", 1).await;
        let token = sessions::bearer(&w.services, session.id, session.user_id).await.unwrap();
        let resolved = bearer(&w, &token).await.unwrap();
        assert_eq!(resolved.actor.session_id, Some(session.id));
        assert_eq!(resolved.actor.token_id, None, "a bearer token of a session is the session");
        sessions::close(&w.services, [1; 16]).await.unwrap();
        assert!(resolve(&w, 1).await.is_none());
        assert!(bearer(&w, &token).await.is_none());
        assert!(sessions::list(&w.services, &w.admin).await.unwrap().is_empty());
        w.clock.advance_seconds(300);
        let saved = sessions::open(&w.services, [1; 16], session).await;
        assert_eq!(saved, Err(Error::Unauthenticated), "saving it again does not open it");
    });
}

#[test]
fn a_bearer_token_needs_a_session_and_keeps_it_awake() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let user = w.admin.user_id.unwrap();
        let none = sessions::bearer(&w.services, SessionId(Uuid::from_u128(1)), user).await;
        assert!(matches!(none, Err(Error::Refused { .. })), "{none:?}");
        let session = signed_in(&w, "admin", 1).await;
        let token = sessions::bearer(&w.services, session.id, user).await.unwrap();
        for _ in 0..3 {
            w.clock.advance_seconds(29 * 60);
            assert!(bearer(&w, &token).await.is_some());
        }
        assert!(resolve(&w, 1).await.is_some());
        assert!(bearer(&w, "pms_wrong").await.is_none());
        assert!(bearer(&w, "").await.is_none());
    });
}

#[test]
fn people_see_and_end_their_own_sessions_only() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        w.user("grace", "Member").await;
        signed_in(&w, "admin", 1).await;
        let foreign = signed_in(&w, "grace", 2).await;
        w.clock.advance_seconds(1);
        signed_in(&w, "admin", 3).await;
        let admin = resolve(&w, 1).await.unwrap().actor;
        let list = sessions::list(&w.services, &admin).await.unwrap();
        let seen: Vec<_> = list.iter().map(|s| (s.user_agent.as_str(), s.current)).collect();
        assert_eq!(seen, [("Browser 3", false), ("Browser 1", true)]);
        let stolen = sessions::revoke(&w.services, &admin, foreign.id).await;
        assert_eq!(stolen, Err(Error::not_found("session")));
        assert!(resolve(&w, 2).await.is_some());
        sessions::revoke(&w.services, &admin, list[0].id).await.unwrap();
        assert!(resolve(&w, 3).await.is_none());
        assert!(resolve(&w, 1).await.is_some());
        let again = sessions::revoke(&w.services, &admin, list[0].id).await;
        assert_eq!(again, Err(Error::not_found("session")));
    });
}

#[test]
fn all_other_sessions_end_at_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        w.user("grace", "Member").await;
        for (name, byte) in [("admin", 1), ("admin", 2), ("grace", 3)] {
            signed_in(&w, name, byte).await;
        }
        let admin = resolve(&w, 1).await.unwrap().actor;
        sessions::revoke_others(&w.services, &admin).await.unwrap();
        assert!(resolve(&w, 1).await.is_some());
        assert!(resolve(&w, 2).await.is_none());
        assert!(resolve(&w, 3).await.is_some(), "those of others go on");
    });
}

#[test]
fn who_manages_people_ends_the_sessions_of_one() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await;
        signed_in(&w, "grace", 1).await;
        let admin = w.admin.user_id.unwrap();
        let refused = sessions::revoke_of_user(&w.services, &grace, admin).await;
        assert_eq!(refused, Err(Error::Forbidden { permission: "user.manage".into() }));
        let unknown = sessions::revoke_of_user(&w.services, &w.admin, UserId(Uuid::from_u128(1))).await;
        assert_eq!(unknown, Err(Error::not_found("user")));
        sessions::revoke_of_user(&w.services, &w.admin, grace.user_id.unwrap()).await.unwrap();
        assert!(resolve(&w, 1).await.is_none());
    });
}

#[test]
fn a_person_who_is_disabled_is_out_with_the_next_request_and_stays_out() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await.user_id.unwrap();
        let session = signed_in(&w, "grace", 1).await;
        let token = sessions::bearer(&w.services, session.id, grace).await.unwrap();
        let set = |version, status| EditUser { version, status: Some(status), ..EditUser::default() };
        users::update(&w.services, &w.admin, grace, set(1, UserStatus::Disabled)).await.unwrap();
        assert!(resolve(&w, 1).await.is_none());
        assert!(bearer(&w, &token).await.is_none());
        users::update(&w.services, &w.admin, grace, set(2, UserStatus::Active)).await.unwrap();
        assert!(resolve(&w, 1).await.is_none(), "the old session does not come back with the account");
        assert!(bearer(&w, &token).await.is_none());
    });
}

#[test]
fn a_new_role_renews_the_id_of_each_session_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await.user_id.unwrap();
        let session = signed_in(&w, "grace", 1).await;
        let role_id = Some(w.role("Viewer").await);
        let edit = EditUser { version: 1, role_id, ..EditUser::default() };
        users::update(&w.services, &w.admin, grace, edit).await.unwrap();
        assert!(resolve(&w, 1).await.unwrap().renew_due);
        sessions::open(&w.services, [2; 16], session).await.unwrap();
        assert!(!resolve(&w, 2).await.unwrap().renew_due);
        assert!(resolve(&w, 1).await.is_none());
    });
}

#[test]
fn a_new_password_ends_all_other_sessions() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        signed_in(&w, "admin", 1).await;
        signed_in(&w, "admin", 2).await;
        let admin: Actor = resolve(&w, 1).await.unwrap().actor;
        let new = "another quiet dawn".to_owned();
        accounts::change_password(&w.services, &admin, PASSWORD.into(), new).await.unwrap();
        assert!(resolve(&w, 1).await.is_some());
        assert!(resolve(&w, 2).await.is_none());
    });
}

#[test]
fn what_has_ended_is_swept_away_and_nothing_else() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        signed_in(&w, "admin", 1).await;
        let form = SignIn { username: "nobody".into(), password: "wrong words here".into() };
        sign_in(&w.services, form, SignInContext::default()).await.unwrap_err();
        assert_eq!(sessions::sweep(&w.services).await, Ok(0));
        w.clock.advance_seconds(30 * 60);
        signed_in(&w, "admin", 2).await;
        assert_eq!(sessions::sweep(&w.services).await, Ok(1), "the idle session");
        assert!(resolve(&w, 2).await.is_some());
        w.clock.advance_seconds(24 * 60 * 60);
        assert_eq!(sessions::sweep(&w.services).await, Ok(2), "the other session, the failed try");
    });
}

#[test]
fn people_are_changed_while_they_sign_in_and_nobody_waits_in_a_circle() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let viewer = w.role("Viewer").await;
        let mut all = tokio::task::JoinSet::new();
        for number in 0..10_u8 {
            let name = format!("user{number}");
            let id = w.user(&name, "Member").await.user_id.unwrap();
            let (services, actor) = (w.services.clone(), w.admin.clone());
            all.spawn(async move {
                let form = SignIn { username: name, password: PASSWORD.into() };
                let session = sign_in(&services, form, SignInContext::default()).await?.session;
                sessions::open(&services, [number; 16], session.clone()).await?;
                sessions::bearer(&services, session.id, id).await?;
                sessions::open(&services, [number + 100; 16], session).await
            });
            let services = w.services.clone();
            all.spawn(async move {
                let edit = EditUser { version: 1, role_id: Some(viewer), ..EditUser::default() };
                users::update(&services, &actor, id, edit).await?;
                sessions::revoke_of_user(&services, &actor, id).await?;
                let new = "another quiet dawn".to_owned();
                users::set_password(&services, &actor, id, new).await
            });
        }
        for result in all.join_all().await {
            // Whoever comes too late is told so; nobody is told that the database is busy.
            assert!(!matches!(result, Err(Error::Unavailable { .. } | Error::Internal { .. })), "{result:?}");
        }
    });
}

/// How many of these were in memory, asked one after the other.
async fn remembered(w: &Workspace, bytes: &[u8]) -> u64 {
    let (before, _) = w.services.access.asked();
    for byte in bytes {
        resolve(w, *byte).await.expect("signed in");
    }
    w.services.access.asked().0 - before
}

#[test]
fn a_project_that_is_made_concerns_its_creator_and_other_changes_of_permissions_everybody() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let (ann, ben) = (w.user("ann", "Project manager").await, w.user("ben", "Member").await);
        for (name, byte) in [("ann", 1), ("ben", 2)] {
            signed_in(&w, name, byte).await;
        }
        remembered(&w, &[1, 2]).await;
        assert_eq!(remembered(&w, &[1, 2]).await, 2);

        let before = resolve(&w, 1).await.expect("signed in").access;
        let project = w.project(&ann, "BOAT").await;
        assert_eq!(remembered(&w, &[1, 2]).await, 2, "who made it is remembered with it");
        let resolved = resolve(&w, 1).await.expect("signed in");
        assert!(resolved.access > before, "what was made of their permissions is void");
        let ann = resolved.actor;
        assert!(ann.allows(Permission::ProjectMembers, project.id));

        let (member, ben) = (w.role("Member").await, ben.user_id.expect("a person"));
        project_members::add_user(&w.services, &ann, project.id, ben, member).await.expect("they join");
        assert_eq!(remembered(&w, &[1, 2]).await, 0);
        let joined = resolve(&w, 2).await.expect("signed in").actor;
        assert!(joined.allows(Permission::ProjectView, project.id));
        project_members::remove_user(&w.services, &ann, project.id, ben).await.expect("they leave");
        assert_eq!(remembered(&w, &[1, 2]).await, 0);
        let gone = resolve(&w, 2).await.expect("signed in").actor;
        assert!(!gone.allows(Permission::ProjectView, project.id));
    });
}
