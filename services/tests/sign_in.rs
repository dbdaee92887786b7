//! Signing in, and what keeps others out.

use domain::{
    Error,
    page::Page,
    session::SignIn,
    user::{EditUser, UserStatus},
};
use services::{
    Services, audit,
    passwords::{Params, Passwords},
    ports::clock::Clock as _,
    sessions,
    sign_in::{SignInContext, SignedIn, sign_in},
    users,
};
use testkit::{Workspace, both, workspace::PASSWORD};

async fn attempt(
    services: &Services,
    username: &str,
    password: &str,
    address: &str,
) -> domain::Result<SignedIn> {
    let form = SignIn { username: username.into(), password: password.into() };
    let context =
        SignInContext { address: address.into(), user_agent: "Test browser".into(), request_id: "r1".into() };
    sign_in(services, form, context).await
}

fn is_bad_credentials(result: &domain::Result<SignedIn>) -> bool {
    matches!(result, Err(Error::Refused { code, .. }) if code == "bad_credentials")
}

fn is_too_many(result: &domain::Result<SignedIn>) -> bool {
    matches!(result, Err(Error::TooMany { .. }))
}

#[test]
fn a_person_signs_in_by_user_name_or_address_in_any_case() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("Grace", "Member").await.user_id.unwrap();
        for name in ["Grace", " grace ", "GRACE@example.ORG"] {
            let signed_in = attempt(&w.services, name, PASSWORD, "10.0.0.1").await.unwrap();
            assert_eq!(signed_in.user.id, grace, "{name}");
            assert_eq!(signed_in.session.user_id, grace);
            assert_eq!(signed_in.session.user_agent, "Test browser");
        }
    });
}

#[test]
fn an_unknown_user_looks_and_costs_like_a_wrong_password() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let gone = w.user("gone", "Member").await.user_id.unwrap();
        let off = EditUser { version: 1, status: Some(UserStatus::Disabled), ..EditUser::default() };
        users::update(&w.services, &w.admin, gone, off).await.unwrap();
        let mut seen = Vec::new();
        for (name, password) in
            [("admin", "wrong words here"), ("nobody", "wrong words here"), ("gone", PASSWORD), ("", "")]
        {
            let hashes = w.services.passwords.computed();
            let result = attempt(&w.services, name, password, "10.0.0.1").await;
            let cost = w.services.passwords.computed() - hashes;
            seen.push((result.map(|_| ()).unwrap_err(), cost));
        }
        assert!(seen.iter().all(|other| *other == seen[0]), "{seen:?}");
        assert_eq!(
            seen[0].1, 1,
            "each costs one hash; that nobody's costs as much is the hasher's own story"
        );
    });
}

#[test]
fn five_failures_close_an_account_for_a_while_and_slow_it_down_before() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let begun = w.clock.now();
        for _ in 0..5 {
            assert!(is_bad_credentials(&attempt(&w.services, "admin", "wrong words here", "").await));
        }
        let waited = w.clock.now().micros() - begun.micros();
        assert_eq!(waited, 3_500_000, "half a second, one, two");
        let refused = attempt(&w.services, "admin", PASSWORD, "").await;
        let Err(Error::TooMany { retry_after }) = refused else { panic!("{refused:?}") };
        assert!((890..=900).contains(&retry_after), "{retry_after}");
        w.clock.advance_seconds(i64::try_from(retry_after).unwrap() - 1);
        assert!(is_too_many(&attempt(&w.services, "admin", PASSWORD, "").await), "not yet");
        w.clock.advance_seconds(1);
        assert!(attempt(&w.services, "admin", PASSWORD, "").await.is_ok(), "tries while closed do not count");
    });
}

#[test]
fn an_account_that_does_not_exist_closes_as_well() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for _ in 0..5 {
            assert!(is_bad_credentials(&attempt(&w.services, "nobody", "wrong words here", "").await));
        }
        assert!(is_too_many(&attempt(&w.services, " Nobody", "wrong words here", "").await));
        assert!(attempt(&w.services, "admin", PASSWORD, "").await.is_ok(), "others are not concerned");
    });
}

#[test]
fn twenty_failures_from_one_address_close_it_for_every_account() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for number in 0..20 {
            let name = format!("guess{number}");
            assert!(is_bad_credentials(&attempt(&w.services, &name, "wrong words here", "10.0.0.9").await));
        }
        assert!(is_too_many(&attempt(&w.services, "admin", PASSWORD, "10.0.0.9").await));
        assert!(attempt(&w.services, "admin", PASSWORD, "10.0.0.1").await.is_ok());
    });
}

#[test]
fn a_success_forgets_the_failures_of_the_account_but_not_of_the_address() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for _ in 0..4 {
            attempt(&w.services, "admin", "wrong words here", "10.0.0.9").await.unwrap_err();
        }
        attempt(&w.services, "admin@example.org", PASSWORD, "10.0.0.1").await.unwrap();
        for _ in 0..5 {
            assert!(is_bad_credentials(&attempt(&w.services, "admin", "wrong words here", "10.0.0.9").await));
        }
        for number in 0..11 {
            attempt(&w.services, &format!("guess{number}"), "wrong words here", "10.0.0.9")
                .await
                .unwrap_err();
        }
        assert!(is_too_many(&attempt(&w.services, "other", PASSWORD, "10.0.0.9").await), "4 + 5 + 11");
    });
}

#[test]
fn guesses_at_the_same_moment_do_not_slip_through() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let guess = || attempt(&w.services, "admin", "wrong words here", "10.0.0.9");
        let results = tokio::join!(
            guess(),
            guess(),
            guess(),
            guess(),
            guess(),
            guess(),
            guess(),
            guess(),
            guess(),
            guess()
        );
        let results = [
            results.0, results.1, results.2, results.3, results.4, results.5, results.6, results.7,
            results.8, results.9,
        ];
        let checked = results.iter().filter(|result| is_bad_credentials(result)).count();
        let refused = results.iter().filter(|result| is_too_many(result)).count();
        assert!(checked <= 5, "{checked} passwords were checked");
        assert_eq!(checked + refused, 10);
    });
}

#[test]
fn a_weaker_hash_is_made_anew_at_sign_in() {
    both(|db| async move {
        let mut w = Workspace::new(db).await;
        let admin = w.admin.user_id.unwrap();
        let stored = async |services: &Services| {
            let mut tx = services.db.peek().await.unwrap();
            store::users::password_hash(&mut tx, admin).await.unwrap().unwrap()
        };
        let weak = stored(&w.services).await;
        w.services.passwords = Passwords::new(Params { passes: 2, ..Params::for_tests() }, 1);
        attempt(&w.services, "admin", "wrong words here", "").await.unwrap_err();
        assert_eq!(stored(&w.services).await, weak, "not by a wrong password");
        attempt(&w.services, "admin", PASSWORD, "").await.unwrap();
        let strong = stored(&w.services).await;
        assert!(strong.contains("t=2"), "{strong}");
        attempt(&w.services, "admin", PASSWORD, "").await.unwrap();
        assert_eq!(stored(&w.services).await, strong, "once");
    });
}

#[test]
fn sign_ins_and_refusals_are_in_the_audit_log() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let admin = w.admin.user_id.unwrap();
        attempt(&w.services, "nobody", "wrong words here", "10.0.0.9").await.unwrap_err();
        w.clock.advance_seconds(1);
        attempt(&w.services, "admin", "wrong words here", "10.0.0.9").await.unwrap_err();
        w.clock.advance_seconds(1);
        attempt(&w.services, "admin", PASSWORD, "10.0.0.1").await.unwrap();
        let log = audit::list(&w.services, &w.admin, Page::new(Some(3), None)).await.unwrap();
        let rows: Vec<_> = log
            .items
            .iter()
            .map(|row| (row.action.as_str(), row.outcome.as_str(), row.target_id, row.address.as_str()))
            .collect();
        assert_eq!(
            rows,
            [
                ("user.signed_in", "done", Some(admin.uuid()), "10.0.0.1"),
                ("user.signed_in", "refused", Some(admin.uuid()), "10.0.0.9"),
                ("user.signed_in", "refused", None, "10.0.0.9"),
            ]
        );
        assert_eq!(log.items[0].actor.as_ref().unwrap().username, "admin");
        assert_eq!(log.items[0].request_id, "r1");
    });
}

#[test]
fn many_sign_in_and_out_at_the_same_moment_and_none_stands_in_anothers_way() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for number in 0..20 {
            w.user(&format!("user{number}"), "Member").await;
        }
        let mut all = tokio::task::JoinSet::new();
        for number in 0..40_u8 {
            let services = w.services.clone();
            all.spawn(async move {
                let name = format!("user{}", number / 2);
                let address = format!("10.0.1.{number}");
                let signed_in = attempt(&services, &name, PASSWORD, &address).await?;
                let session = signed_in.session;
                sessions::open(&services, [number; 16], session.clone()).await?;
                sessions::bearer(&services, session.id, session.user_id).await?;
                sessions::close(&services, [number; 16]).await?;
                sessions::open(&services, [number + 100; 16], session).await
            });
        }
        let results = all.join_all().await;
        assert_eq!(results, vec![Ok(()); 40]);
    });
}

#[test]
fn whoever_is_turned_away_because_too_many_sign_in_has_not_failed() {
    both(|db| async move {
        let mut w = Workspace::new(db).await;
        let slow = Params { passes: 60, ..Params::owasp() };
        w.services.passwords = Passwords::new(slow, 1).with_waiting(0);
        let passwords = w.services.passwords.clone();
        let other = tokio::spawn(async move { passwords.verify_nobody("words".into()).await });
        while w.services.passwords.computed() == 0 {
            tokio::task::yield_now().await;
        }
        for _ in 0..6 {
            let turned_away = attempt(&w.services, "admin", PASSWORD, "").await;
            assert!(matches!(turned_away, Err(Error::Unavailable { .. })), "{turned_away:?}");
        }
        other.await.unwrap().unwrap();
        w.services.passwords = Passwords::new(Params::for_tests(), 1);
        assert!(attempt(&w.services, "admin", PASSWORD, "").await.is_ok());
    });
}
