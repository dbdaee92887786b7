//! Two servers on one database, whose machines' clocks are an hour apart.

use domain::session::SignIn;
use services::{
    Services, clocks,
    idempotency::{self, Begin},
    ports::clock::{FixedClock, SharedClock},
    sessions::{self, RequestContext},
    sign_in::{SignInContext, sign_in},
};
use std::sync::Arc;
use store::db::Dialect;
use testkit::{Workspace, both, workspace::PASSWORD};

/// A server of the workspace on a machine whose clock is so much ahead of the others'.
fn server(w: &Workspace, ahead: i64) -> Services {
    let machine = FixedClock::at(w.services.now().plus_seconds(ahead));
    Services { clock: Arc::new(SharedClock::new(machine)), ..w.services.clone() }
}

#[test]
fn servers_go_by_the_time_of_their_database_whatever_their_machines_say() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let (here, there) = (server(&w, 0), server(&w, 60 * 60));
        let followed =
            [clocks::follow(&here).await.expect("a look"), clocks::follow(&there).await.expect("one")];
        if w.services.db.dialect() == Dialect::Sqlite {
            assert_eq!((followed, there.clock.ahead()), ([0, 0], 0), "a file is of one machine");
            return;
        }
        assert_eq!(followed, [1, 1]);
        let apart = (there.clock.ahead() - here.clock.ahead()) / 1_000_000;
        // Both stand still, and one has looked a little later.
        assert!((3_590..=3_600).contains(&apart), "{apart}");

        // Who has signed in at one is signed in at the other, whichever is ahead.
        for (byte, [one, other]) in (1..).zip([[&here, &there], [&there, &here]]) {
            let form = SignIn { username: "admin".into(), password: PASSWORD.into() };
            let session = sign_in(one, form, SignInContext::default()).await.expect("they sign in").session;
            sessions::open(one, [byte; 16], session).await.expect("the session opens");
            let found = sessions::resolve(other, [byte; 16], RequestContext::default()).await;
            assert!(found.expect("an answer").is_some());
        }
        // What is being done at one is not begun at the other.
        let begun = idempotency::begin(&here, &w.admin, "key", [1; 32]).await;
        assert_eq!(begun, Ok(Begin::Fresh));
        let again = idempotency::begin(&there, &w.admin, "key", [1; 32]).await.expect_err("it is being done");
        assert!(again.to_string().contains("still running"), "{again}");
    });
}

#[test]
fn a_clock_that_tells_the_time_is_left_alone() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let machine = services::ports::clock::SystemClock;
        let server = Services { clock: Arc::new(SharedClock::new(machine)), ..w.services.clone() };
        assert_eq!(clocks::follow(&server).await.expect("a look"), 0);
        assert_eq!(server.clock.ahead(), 0);
    });
}
