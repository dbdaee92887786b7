//! What operators do by commands.

use domain::{Error, permission::Permission, session::SignIn};
use services::{
    Actor, Place, access, maintenance, sessions,
    sessions::RequestContext,
    sign_in::{SignInContext, SignedIn, sign_in},
    users,
};
use testkit::{Workspace, both, workspace::PASSWORD};

const NEW: &str = "a new harbour at dusk";

async fn signs_in(w: &Workspace, password: &str) -> Result<SignedIn, Error> {
    let form = SignIn { username: "ann".into(), password: password.into() };
    sign_in(&w.services, form, SignInContext::default()).await
}

#[test]
fn whoever_failed_too_often_gets_in_with_a_new_password_at_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let ann = w.user("ann", "Member").await;
        let system = Actor::system();
        for _ in 0..5 {
            signs_in(&w, "wrong").await.expect_err("refused");
        }
        let refused = signs_in(&w, "wrong").await.expect_err("refused");
        assert!(matches!(refused, Error::TooMany { .. }), "{refused:?}");
        let found = users::by_login(&w.services, &system, " Ann ").await.expect("found");
        assert_eq!(Some(found.id), ann.user_id);
        users::set_password(&w.services, &system, found.id, NEW.into()).await.expect("set");
        signs_in(&w, NEW).await.expect("signed in");
        assert!(users::by_login(&w.services, &system, "nobody").await.is_err());
        assert!(users::by_login(&w.services, &system, "").await.is_err());
    });
}

#[test]
fn everybody_is_signed_out_at_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        w.user("ann", "Member").await;
        let (s, key) = (&w.services, [1; 16]);
        let session = signs_in(&w, PASSWORD).await.expect("signed in").session;
        sessions::open(s, key, session).await.expect("the session opens");
        let resolved = sessions::resolve(s, key, RequestContext::default()).await.expect("asked");
        let ann = resolved.expect("a session").actor;
        let forbidden = sessions::end_everybodys(s, &ann).await.expect_err("refused");
        assert!(matches!(forbidden, Error::Forbidden { .. }), "{forbidden:?}");
        assert_eq!(sessions::end_everybodys(s, &Actor::system()).await, Ok(1));
        assert!(sessions::resolve(s, key, RequestContext::default()).await.expect("asked").is_none());
    });
}

#[test]
fn permissions_are_read_anew_after_rows_were_changed_past_pms() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let ann = w.user("ann", "Member").await;
        let before = w.refresh(&ann).await;
        let mut tx = w.services.db.write().await.expect("a transaction");
        tx.sql("DELETE FROM role_permission WHERE permission = 'user.view'").run().await.expect("deleted");
        tx.commit().await.expect("a commit");
        assert!(before.allows(Permission::UserView, Place::Workspace));
        access::recalculate(&w.services, &Actor::system()).await.expect("done");
        assert!(!w.refresh(&ann).await.allows(Permission::UserView, Place::Workspace));
    });
}

#[test]
fn maintenance_begins_changes_its_message_and_ends() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let system = Actor::system();
        let ann = w.user("ann", "Member").await;
        assert_eq!(maintenance::state(&w.services).await, Ok(None));
        assert!(maintenance::begin(&w.services, &ann, "").await.is_err(), "not by a member");
        let begun = maintenance::begin(&w.services, &system, " A larger disk. ").await.expect("begun");
        assert_eq!(begun.message, "A larger disk.");
        w.clock.advance_seconds(60);
        let again = maintenance::begin(&w.services, &system, "").await.expect("changed");
        assert_eq!((again.since, again.message.as_str()), (begun.since, ""));
        assert_eq!(maintenance::state(&w.services).await, Ok(Some(again)));
        assert!(maintenance::begin(&w.services, &system, &"x".repeat(501)).await.is_err());
        assert!(maintenance::end(&w.services, &ann).await.is_err());
        assert_eq!(maintenance::end(&w.services, &system).await, Ok(true));
        assert_eq!(maintenance::end(&w.services, &system).await, Ok(false));
    });
}
