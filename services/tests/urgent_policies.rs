//! How urgent projects ring, and that nobody can make them silent.

mod project_stories;
mod urgent_stories;

use domain::{
    Error,
    ids::UserId,
    page::Page,
    urgent::{Acknowledge, Needs, Policy, Repeat, Step, Way, Who},
};
use services::{Actor, devices, urgent};
use testkit::both;
use urgent_stories::{Stage, fields, id, is_forbidden, is_hidden};
use uuid::Uuid;

#[test]
fn a_project_has_its_own_policy_over_the_workspaces_and_what_rings_keeps_its_own() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        let of_workspace = urgent::policy_of_workspace(stage.s(), &stage.bob).await.expect("a policy");
        assert_eq!((of_workspace.policy.clone(), of_workspace.own), (Policy::default(), false));
        let first = Policy { needs: Needs::First, ..Policy::default() };
        let set = urgent::set_policy_of_workspace(stage.s(), &stage.w.admin, (0, first.clone()))
            .await
            .expect("set");
        assert_eq!((set.own, set.version), (true, 1));
        let of_project = async || urgent::policy_of_project(stage.s(), &stage.mia, stage.project.id).await;
        let seen = of_project().await.expect("a policy");
        assert_eq!((seen.policy, seen.own, seen.version), (first.clone(), false, 0));
        let own = Policy { again_after_seconds: Some(7_200), ..Policy::default() };
        let set = async |version, policy: &Policy| {
            let set = (version, policy.clone());
            urgent::set_policy_of_project(stage.s(), &stage.bob, stage.project.id, set).await
        };
        assert_eq!(set(0, &own).await.expect("set").version, 1);
        assert!(matches!(set(0, &own).await, Err(Error::Conflict { .. })), "somebody was faster");
        assert_eq!(set(1, &own).await.expect("set").version, 2);
        assert_eq!(stage.episode(it.id).await.policy, Policy::default(), "frozen when it was raised");
        let after = urgent::reset_policy(stage.s(), &stage.bob, stage.project.id, 2).await.expect("reset");
        assert_eq!((after.policy, after.own), (first, false));
    });
}

#[test]
fn policies_are_for_those_who_may() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let vic = stage.w.user("vic", "Member").await;
        let own = async |actor: &Actor| {
            urgent::set_policy_of_project(stage.s(), actor, stage.project.id, (0, Policy::default())).await
        };
        assert!(is_hidden(own(&vic).await));
        assert!(is_hidden(urgent::policy_of_project(stage.s(), &vic, stage.project.id).await));
        stage.join(&vic, "Member").await;
        let vic = stage.w.refresh(&vic).await;
        assert!(is_forbidden(own(&vic).await));
        assert!(is_forbidden(urgent::test_policy(stage.s(), &vic, stage.project.id, None).await));
        let of_workspace =
            urgent::set_policy_of_workspace(stage.s(), &stage.bob, (0, Policy::default())).await;
        assert!(is_forbidden(of_workspace));
    });
}

#[test]
fn a_webhooks_address_is_for_those_who_may_change_it() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let policy = |url: &str| {
            let mut policy = Policy::default();
            let who = Who::Webhook { url: url.into() };
            policy.steps.push(Step { after_seconds: 1_200, who, ways: Vec::new() });
            policy
        };
        let (whole, masked) = (policy("https://example.org/secret"), policy("https://example.org"));
        urgent::set_policy_of_workspace(stage.s(), &stage.w.admin, (0, whole.clone())).await.expect("set");
        let it = stage.raise().await;
        let vic = stage.w.user("vic", "Member").await;
        stage.join(&vic, "Member").await;
        let vic = stage.w.refresh(&vic).await;
        for (actor, seen) in [(&stage.bob, &whole), (&vic, &masked)] {
            let kept = urgent::policy_of_project(stage.s(), actor, stage.project.id).await.expect("a policy");
            let found = urgent::find(stage.s(), actor, it.id).await.expect("the episode");
            let current = urgent::current(stage.s(), actor, stage.project.id).await.expect("the episode");
            let report = urgent::report(stage.s(), actor, it.id).await.expect("a report");
            let list = urgent::list(stage.s(), actor, (None, None), Page::default()).await.expect("a list");
            assert_eq!((&kept.policy, &found.policy, &report.episode.policy), (seen, seen, seen));
            assert_eq!((current.map(|it| it.policy), &list.items[0].policy), (Some(seen.clone()), seen));
        }
        for (actor, seen) in [(&stage.w.admin, &whole), (&stage.bob, &masked)] {
            let kept = urgent::policy_of_workspace(stage.s(), actor).await.expect("a policy");
            assert_eq!(&kept.policy, seen);
        }
    });
}

#[test]
fn a_test_alarms_nobody() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let lines = urgent::test_policy(stage.s(), &stage.bob, stage.project.id, None).await.expect("lines");
        assert_eq!(lines[0].planned.after_seconds, 0);
        assert_eq!(lines[0].people.len(), 3);
        assert_eq!(urgent::current(stage.s(), &stage.bob, stage.project.id).await, Ok(None));
        assert_eq!(urgent::own(stage.s(), &stage.mia).await, Ok(Vec::new()));
    });
}

#[test]
fn whom_a_policy_names_has_to_be_there() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for who in [
            Who::Person { user_id: UserId(Uuid::from_u128(1)) },
            Who::Role { role_id: Uuid::from_u128(1).into() },
        ] {
            let mut policy = Policy::default();
            policy.steps.push(Step { after_seconds: 60, who, ways: vec![Way::Email] });
            let refusal = urgent::test_policy(stage.s(), &stage.bob, stage.project.id, Some(policy)).await;
            assert_eq!(fields(&refusal.expect_err("unknown")), [("steps", "unknown")]);
        }
    });
}

/// Every way in that could make an alert silent for somebody who did not acknowledge it.
#[test]
fn nobody_can_mute_an_urgent_project() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        // By a policy that does not ring, ends, or hardly ever rings.
        let usual = Policy::default;
        for silent in [
            Policy { repeats: Vec::new(), ..usual() },
            Policy { repeats: vec![Repeat { every_seconds: 60, times: Some(1) }], ..usual() },
            Policy { repeats: vec![Repeat { every_seconds: 86_400, times: None }], ..usual() },
            Policy { repeats: vec![Repeat { every_seconds: i64::MAX, times: None }], ..usual() },
            Policy { steps: Vec::new(), ..usual() },
            Policy { steps: usual().steps.into_iter().skip(1).collect(), ..usual() },
        ] {
            let set = (0, silent);
            let project =
                urgent::set_policy_of_project(stage.s(), &stage.bob, stage.project.id, set.clone()).await;
            let workspace = urgent::set_policy_of_workspace(stage.s(), &stage.w.admin, set).await;
            for refusal in [project, workspace] {
                assert!(matches!(refusal, Err(Error::Invalid { .. })), "{refusal:?}");
            }
        }
        // By a field that is not there.
        for text in [
            r#"{"repeats": [], "steps": [], "muted": true}"#,
            r#"{"repeats": [{"every_seconds": 60, "quiet": true}], "steps": []}"#,
        ] {
            assert!(serde_json::from_str::<Policy>(text).is_err());
        }
        let it = stage.raise().await;
        let report = testkit::scripts::armed("Firefox");
        devices::report(stage.s(), &stage.mia, Uuid::from_u128(3).into(), report).await.expect("a device");
        stage.tick().await;
        // By somebody else's word, or the administrator's.
        let alert = stage.alert(it.id, &stage.mia).await;
        for other in [&stage.bob, &stage.w.admin] {
            assert!(is_hidden(urgent::acknowledge(stage.s(), other, alert.id, Acknowledge::default()).await));
        }
        // By suspending it without the permission.
        let until = (stage.s().now().plus_seconds(60), "Not now.");
        assert!(is_forbidden(urgent::suspend(stage.s(), &stage.mia, it.id, until).await));
        // By having no device, or removing the one there was, and by closing the page.
        let mut tx = stage.s().db.write_aside().await.expect("a transaction");
        let mia = id(&stage.mia);
        assert_eq!(store::devices::with_push(&mut tx, &[mia]).await.expect("devices").len(), 1);
        store::devices::remove_of_user(&mut tx, mia, None).await.expect("removed");
        assert_eq!(store::devices::with_push(&mut tx, &[mia]).await.expect("devices").len(), 0);
        tx.commit().await.expect("a commit");
        let before = stage.alert(it.id, &stage.mia).await.rounds;
        stage.pass(300).await;
        assert_eq!(stage.alert(it.id, &stage.mia).await.rounds, before + 5);
        assert_eq!(urgent::own(stage.s(), &stage.mia).await.expect("mine").len(), 1);
    });
}
