//! A person's browsers, and whom one can reach.

mod project_stories;

use domain::{
    Error,
    delivery::{Channel, DeliveryState},
    device::{Device, Notices, PushAddress, Reach, ReportDevice, Sound},
    ids::{DeviceId, SessionId},
    limits,
    user::{EditUser, UserStatus},
};
use project_stories::{code, fields, id, is_hidden};
use services::{Actor, accounts, deliveries, devices, sessions, users};
use testkit::{
    Scripts, Workspace, both,
    scripts::{armed, push_address},
    workspace::PASSWORD,
};
use uuid::Uuid;

async fn workspace(db: store::Db) -> (Workspace, Scripts) {
    let mut w = Workspace::new(db).await;
    let out = Scripts::on(&mut w.services);
    (w, out)
}

fn new(number: u128) -> DeviceId {
    DeviceId(Uuid::from_u128(number))
}

async fn report(w: &Workspace, who: &Actor, number: u128, said: ReportDevice) -> Device {
    devices::report(&w.services, who, new(number), said).await.expect("reported")
}

async fn listed(w: &Workspace, who: &Actor) -> Vec<Device> {
    devices::list(&w.services, who).await.expect("devices")
}

/// The same person through this session, as if they had signed in.
fn through(actor: &Actor, session: u128) -> Actor {
    Actor { session_id: Some(SessionId(Uuid::from_u128(session))), ..actor.clone() }
}

#[test]
fn a_browser_reports_itself_and_is_one_device_however_often() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        let locked = ReportDevice { name: "Firefox on Linux".into(), ..ReportDevice::default() };
        let first = report(&w, &w.admin, 1, locked).await;
        assert_eq!((first.sound, first.permission, first.push), (Sound::Locked, Notices::Default, false));
        assert!(first.open);
        w.clock.advance_seconds(10);
        let after = report(&w, &w.admin, 1, armed("Firefox")).await;
        assert_eq!((after.sound, after.permission, after.push), (Sound::Armed, Notices::Granted, true));
        assert_eq!(after.last_seen_at, first.last_seen_at.plus_seconds(10));
        // Nothing new, and it was seen just now: nothing is written.
        w.clock.advance_seconds(20);
        assert_eq!(report(&w, &w.admin, 1, armed("Firefox")).await.last_seen_at, after.last_seen_at);
        w.clock.advance_seconds(20);
        assert_eq!(
            report(&w, &w.admin, 1, armed("Firefox")).await.last_seen_at,
            after.last_seen_at.plus_seconds(40)
        );
        w.clock.advance_seconds(4 * 60);
        let all = listed(&w, &w.admin).await;
        assert_eq!(all.len(), 1);
        assert!(!all[0].open);
    });
}

#[test]
fn two_pages_of_a_new_browser_may_report_at_once() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        let reports: Vec<_> = (0..8)
            .map(|_| {
                let (services, admin) = (w.services.clone(), w.admin.clone());
                tokio::spawn(
                    async move { devices::report(&services, &admin, new(1), armed("Firefox")).await },
                )
            })
            .collect();
        for report in reports {
            report.await.unwrap().expect("reported");
        }
        assert_eq!(listed(&w, &w.admin).await.len(), 1);
    });
}

#[test]
fn what_is_no_push_subscription_is_refused() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        let with = |push: PushAddress| ReportDevice { push: Some(push), ..armed("Firefox") };
        let good = push_address("x");
        for (wrong, expected) in [
            (
                PushAddress { endpoint: "http://127.0.0.1:3306/".into(), ..good.clone() },
                ("push.endpoint", "not_allowed"),
            ),
            (
                PushAddress {
                    endpoint: format!("https://push.example.org/{}", "x".repeat(limits::ENDPOINT)),
                    ..good.clone()
                },
                ("push.endpoint", "too_long"),
            ),
            (PushAddress { p256dh: "AAAA".into(), ..good.clone() }, ("push", "keys")),
            (
                PushAddress { p256dh: good.p256dh.clone() + &"=".repeat(100), ..good.clone() },
                ("push", "keys"),
            ),
            (PushAddress { auth: "AAAA".into(), ..good.clone() }, ("push", "keys")),
        ] {
            let error = devices::report(&w.services, &w.admin, new(1), with(wrong)).await.unwrap_err();
            assert_eq!(fields(&error), [expected]);
        }
        let long = ReportDevice { name: "x".repeat(limits::NAME + 1), ..ReportDevice::default() };
        let error = devices::report(&w.services, &w.admin, new(1), long).await.unwrap_err();
        assert_eq!(fields(&error), [("name", "too_long")]);
        assert!(listed(&w, &w.admin).await.is_empty());
    });
}

#[test]
fn a_browser_that_changes_hands_alerts_only_whoever_has_it() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        let (ann, eve) = (w.user("ann", "Member").await, w.user("eve", "Member").await);
        report(&w, &ann, 1, armed("Shared")).await;
        // Eve knows the address, and not the keys: they stay with the browser.
        let stolen = PushAddress { auth: "AAAAAAAAAAAAAAAAAAAAAA".into(), ..push_address("Shared") };
        report(&w, &eve, 1, ReportDevice { push: Some(stolen), ..armed("Shared") }).await;
        assert!(listed(&w, &ann).await[0].push);
        // Bob signs in at that browser, whose id is the same.
        let bob = w.user("bob", "Member").await;
        report(&w, &bob, 1, armed("Shared")).await;
        assert!(!listed(&w, &ann).await[0].push);
        assert!(listed(&w, &bob).await[0].push);
        assert!(listed(&w, &eve).await[0].push);
    });
}

#[test]
fn other_peoples_devices_are_not_there() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        let ann = w.user("ann", "Member").await;
        report(&w, &ann, 1, armed("Firefox")).await;
        assert!(listed(&w, &w.admin).await.is_empty());
        assert!(is_hidden(devices::remove(&w.services, &w.admin, new(1)).await));
        assert!(is_hidden(devices::test(&w.services, &w.admin, new(1)).await));
        assert_eq!(devices::last_tests(&w.services, &w.admin).await, Ok(Vec::new()));
        let reader = Actor { read_only: true, ..ann.clone() };
        let refused = devices::report(&w.services, &reader, new(1), armed("Firefox")).await.unwrap_err();
        assert_eq!(code(&refused), "read_only_token");
        devices::remove(&w.services, &ann, new(1)).await.expect("removed");
        assert!(is_hidden(devices::remove(&w.services, &ann, new(1)).await));
        assert!(listed(&w, &ann).await.is_empty());
    });
}

#[test]
fn of_more_than_twenty_devices_the_oldest_makes_way() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        for number in 1..=20 {
            report(&w, &w.admin, number, armed(&format!("Browser {number}"))).await;
            w.clock.advance_seconds(60);
        }
        // The first one comes back, so the second one is the oldest.
        report(&w, &w.admin, 1, armed("Browser 1")).await;
        report(&w, &w.admin, 21, armed("Browser 21")).await;
        let all = listed(&w, &w.admin).await;
        assert_eq!(all.len(), limits::DEVICES);
        assert!(all.iter().all(|device| device.id != new(2)));
        assert!(all.iter().any(|device| device.id == new(1)));
    });
}

#[test]
fn a_device_goes_with_its_session() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        let ann = w.user("ann", "Member").await;
        for (number, session) in [(1, 11), (2, 12), (3, 13)] {
            report(&w, &through(&ann, session), number, armed(&format!("Browser {number}"))).await;
        }
        let names = async || {
            let mut names: Vec<_> = listed(&w, &ann).await.into_iter().map(|device| device.name).collect();
            names.sort();
            names
        };
        devices::leave(&w.services, &through(&ann, 11)).await.expect("signed out");
        assert_eq!(names().await, ["Browser 2", "Browser 3"]);
        sessions::revoke_others(&w.services, &through(&ann, 13)).await.expect("ended");
        assert_eq!(names().await, ["Browser 3"]);
        report(&w, &through(&ann, 12), 2, armed("Browser 2")).await;
        let new = "another quiet harbour".to_owned();
        accounts::change_password(&w.services, &through(&ann, 12), PASSWORD.into(), new)
            .await
            .expect("changed");
        assert_eq!(names().await, ["Browser 2"]);
        let edit = EditUser { version: 1, status: Some(UserStatus::Disabled), ..EditUser::default() };
        users::update(&w.services, &w.admin, id(&ann), edit).await.expect("disabled");
        assert!(names().await.is_empty());
    });
}

#[test]
fn a_test_goes_to_the_device_or_by_mail_and_not_too_often() {
    both(|db| async move {
        let (w, out) = workspace(db).await;
        report(&w, &w.admin, 1, armed("Firefox")).await;
        report(&w, &w.admin, 2, ReportDevice { name: "Old".into(), ..ReportDevice::default() }).await;
        report(&w, &w.admin, 3, armed("Chrome")).await;
        let queued = devices::test(&w.services, &w.admin, new(1)).await.expect("queued");
        assert_eq!((queued.channel, queued.device_id), (Channel::Push, Some(new(1))));
        let again = devices::test(&w.services, &w.admin, new(1)).await;
        assert!(matches!(again, Err(Error::TooMany { retry_after: 1..=10 })), "{again:?}");
        let other = devices::test(&w.services, &w.admin, new(2)).await;
        assert!(matches!(other, Err(Error::TooMany { retry_after: 1..=10 })), "{other:?}");
        w.clock.advance_seconds(11);
        let queued = devices::test(&w.services, &w.admin, new(2)).await.expect("queued");
        assert_eq!(queued.channel, Channel::Email);
        deliveries::dispatch(&w.services).await.expect("sent");
        assert_eq!(
            out.push.sent().iter().map(|push| push.to.clone()).collect::<Vec<_>>(),
            [push_address("Firefox")]
        );
        assert_eq!(out.mail.sent().len(), 1);
        w.clock.advance_seconds(11);
        devices::test(&w.services, &w.admin, new(1)).await.expect("queued");
        let told = devices::last_tests(&w.services, &w.admin).await.expect("the tests");
        let told: Vec<_> = told.iter().map(|test| (test.device_id, test.state)).collect();
        assert_eq!(told, [(Some(new(1)), DeliveryState::Queued), (Some(new(2)), DeliveryState::Sent)]);
    });
}

#[test]
fn a_person_has_twenty_tests_a_day() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        for number in 1..=20 {
            report(&w, &w.admin, number, ReportDevice { name: "Old".into(), ..ReportDevice::default() })
                .await;
            devices::test(&w.services, &w.admin, new(number)).await.expect("queued");
            devices::remove(&w.services, &w.admin, new(number)).await.expect("removed");
            w.clock.advance_seconds(60);
        }
        report(&w, &w.admin, 21, armed("Firefox")).await;
        let more = devices::test(&w.services, &w.admin, new(21)).await;
        let Err(Error::TooMany { retry_after }) = more else { panic!("{more:?}") };
        assert_eq!(retry_after, 24 * 60 * 60 - 20 * 60);
        w.clock.advance_seconds(24 * 60 * 60 - 20 * 60);
        devices::test(&w.services, &w.admin, new(21)).await.expect("queued");
    });
}

#[test]
fn whoever_asks_hears_by_which_ways_people_can_be_reached() {
    both(|db| async move {
        let (mut w, _) = workspace(db).await;
        let ann = w.user("ann", "Member").await;
        let bob = w.user("bob", "Member").await;
        let gone = w.user("gone", "Member").await;
        let edit = EditUser { version: 1, status: Some(UserStatus::Disabled), ..EditUser::default() };
        users::update(&w.services, &w.admin, id(&gone), edit).await.expect("disabled");
        report(&w, &ann, 1, armed("Firefox")).await;
        let loud =
            ReportDevice { sound: Sound::Armed, permission: Notices::Denied, ..ReportDevice::default() };
        report(&w, &bob, 2, loud).await;
        let everybody = [id(&ann), id(&bob), id(&gone)];
        let ask = async |w: &Workspace| {
            let mut tx = w.services.db.peek().await.unwrap();
            let mut found = devices::reachable(&w.services, &mut tx, &everybody).await.expect("an answer");
            found.sort_by_key(|reachable| reachable.user_id);
            found.into_iter().map(|reachable| (reachable.user_id, reachable.reach)).collect::<Vec<_>>()
        };
        let all = Reach { sound: true, notifications: true, push: true, email: true };
        let sound = Reach { sound: true, email: true, ..Reach::default() };
        assert_eq!(ask(&w).await, [(id(&ann), all), (id(&bob), sound)]);
        // Their pages are closed by now.
        w.clock.advance_seconds(10 * 60);
        let closed = Reach { push: true, email: true, ..Reach::default() };
        let mail = Reach { email: true, ..Reach::default() };
        assert_eq!(ask(&w).await, [(id(&ann), closed), (id(&bob), mail)]);
        w.services.outlets.mailer = None;
        let found = ask(&w).await;
        assert!(found[0].1.any() && !found[1].1.any());
    });
}

#[test]
fn devices_that_nobody_has_seen_for_half_a_year_are_forgotten() {
    both(|db| async move {
        let (w, _) = workspace(db).await;
        report(&w, &w.admin, 1, armed("Firefox")).await;
        w.clock.advance_seconds(100 * 24 * 60 * 60);
        report(&w, &w.admin, 2, armed("Chrome")).await;
        w.clock.advance_seconds(81 * 24 * 60 * 60);
        assert_eq!(devices::sweep(&w.services).await.unwrap(), 1);
        assert_eq!(listed(&w, &w.admin).await.iter().map(|device| device.id).collect::<Vec<_>>(), [new(2)]);
    });
}
