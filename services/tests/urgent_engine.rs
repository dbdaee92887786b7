//! What rings when, who is escalated to, and how alerts follow the people of a project.

mod project_stories;
mod urgent_stories;

use domain::{
    delivery::{Channel, DeliveryState},
    ids::RoleId,
    project::EditProject,
    team::NewTeam,
    urgent::{AlertState, EpisodeState, Policy, Step, Way, Who, Why},
    user::{EditUser, UserStatus},
};
use services::{Actor, project_members, projects, roles, tasks, teams, urgent, users};
use testkit::both;
use urgent_stories::{Stage, because, history, id};
use uuid::Uuid;

async fn by(stage: &Stage, alert: domain::ids::AlertId, channel: Channel) -> usize {
    stage.sent(alert).await.into_iter().filter(|sent| sent.channel == channel).count()
}

/// A browser of theirs takes push messages, as a row.
async fn with_push(stage: &Stage, person: &Actor) {
    let now = stage.s().now().micros();
    let mut tx = stage.s().db.write_aside().await.expect("a transaction");
    tx.sql(
        "INSERT INTO device (user_id, id, name, sound, permission, endpoint, p256dh, auth, created_at, last_seen_at)
         VALUES (?, ?, 'Firefox', 'armed', 'granted', 'https://push.example.org/1', 'p', 'a', ?, ?)",
    )
    .bind(id(person).uuid())
    .bind(Uuid::from_u128(3))
    .bind(now)
    .bind(now)
    .run()
    .await
    .expect("a device");
    tx.commit().await.expect("a commit");
}

#[test]
fn it_rings_each_minute_and_then_each_five_and_mail_comes_after_two() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        with_push(&stage, &stage.mia).await;
        let it = stage.raise().await;
        stage.tick().await;
        let alert = stage.alert(it.id, &stage.mia).await;
        assert_eq!((alert.rounds, by(&stage, alert.id, Channel::Push).await), (1, 1));
        stage.pass(110).await;
        assert_eq!(by(&stage, alert.id, Channel::Email).await, 0, "a browser is there, so mail can wait");
        stage.pass(490).await;
        assert_eq!(stage.alert(it.id, &stage.mia).await.rounds, 11);
        assert_eq!(by(&stage, alert.id, Channel::Email).await, 1, "mail does not repeat each minute");
        stage.pass(600).await;
        assert_eq!(stage.alert(it.id, &stage.mia).await.rounds, 13);
        assert_eq!(by(&stage, alert.id, Channel::Email).await, 2, "but it does repeat");
    });
}

#[test]
fn whom_only_mail_reaches_gets_it_at_once() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        stage.tick().await;
        let alert = stage.alert(it.id, &stage.mia).await;
        assert_eq!(by(&stage, alert.id, Channel::Email).await, 1);
        let pushes: Vec<_> = stage.sent(alert.id).await;
        let push = pushes.iter().find(|sent| sent.channel == Channel::Push).expect("it is noted");
        assert_eq!(push.state, DeliveryState::NoChannel, "that there is no way is said, too");
        let mut tx = stage.s().db.read().await.expect("a transaction");
        let (until,): (i64,) = tx
            .sql("SELECT MAX(not_after) FROM delivery WHERE reference = ? AND channel = 'email'")
            .bind(alert.id.uuid())
            .one()
            .await
            .expect("a mail");
        assert_eq!(
            until,
            it.raised_at.plus_seconds(1_800).micros(),
            "no more than two wait for a mail server"
        );
    });
}

#[test]
fn who_does_not_answer_is_escalated_over_and_who_is_unreachable_at_once() {
    both(|db| async move {
        let mut stage = Stage::new(db).await;
        let edit = EditProject { version: 1, owner_id: Some(Some(id(&stage.bob))), ..EditProject::default() };
        projects::update(stage.s(), &stage.bob, stage.project.id, edit).await.expect("bob owns it");
        let boss = stage.w.user("boss", "Administrator").await;
        let it = stage.raise().await;
        stage.pass(1_190).await;
        assert_eq!(stage.alert_if_any(it.id, &boss).await, None);
        stage.pass(20).await;
        let alert = stage.alert(it.id, &boss).await;
        assert_eq!((alert.why, alert.state), (Why::Escalation, AlertState::Ringing));
        let owner = stage.alert(it.id, &stage.bob).await;
        assert_eq!(
            (owner.state, owner.why),
            (AlertState::Acknowledged, Why::Member),
            "he knows and is left alone"
        );
        let acts: Vec<_> =
            history(&stage.w, &stage.project).await.into_iter().map(|row| row.action).collect();
        assert_eq!(acts.iter().filter(|act| act.as_str() == "urgent.escalated").count(), 2);
        urgent::resolve(stage.s(), &stage.bob, it.id, "").await.expect("over");
        // Without mail nothing reaches mia any more.
        stage.w.services.outlets.mailer = None;
        let steps = vec![
            Step { after_seconds: 0, who: Who::Members, ways: vec![Way::Push, Way::Email] },
            Step { after_seconds: 3_600, who: Who::Administrators, ways: vec![Way::Push] },
        ];
        let policy = Policy { steps, ..Policy::default() };
        urgent::set_policy_of_project(stage.s(), &stage.bob, stage.project.id, (0, policy))
            .await
            .expect("set");
        let it = stage.raise().await;
        stage.tick().await;
        assert_eq!(stage.alert(it.id, &boss).await.why, Why::Escalation);
    });
}

#[test]
fn a_step_wakes_whom_it_names_also_where_they_ring_or_had_left() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        with_push(&stage, &stage.mia).await;
        let edit = EditProject { version: 1, owner_id: Some(Some(id(&stage.mia))), ..EditProject::default() };
        projects::update(stage.s(), &stage.bob, stage.project.id, edit).await.expect("mia owns it");
        let steps = vec![
            Step { after_seconds: 0, who: Who::Members, ways: vec![Way::Push] },
            Step { after_seconds: 300, who: Who::Owner, ways: vec![Way::Push] },
            Step { after_seconds: 600, who: Who::Administrators, ways: vec![Way::Push] },
            Step { after_seconds: 3_600, who: Who::Members, ways: vec![Way::Email] },
        ];
        stage.set_policy(Policy { steps, ..Policy::default() }).await;
        let boss = stage.w.user("boss", "Administrator").await;
        stage.join(&boss, "Member").await;
        let it = urgent::raise(stage.s(), &stage.w.admin, stage.project.id, because("Down."))
            .await
            .expect("raised");
        stage.tick().await;
        stage.part(&boss).await;
        stage.pass(290).await;
        let alert = stage.alert(it.id, &stage.mia).await;
        assert_eq!(by(&stage, alert.id, Channel::Email).await, 0);
        stage.pass(20).await;
        assert_eq!(by(&stage, alert.id, Channel::Email).await, 1, "by all ways now");
        assert_eq!(stage.alert(it.id, &boss).await.state, AlertState::Ended, "left");
        stage.pass(310).await;
        let alert = stage.alert(it.id, &boss).await;
        assert_eq!((alert.why, alert.state), (Why::Escalation, AlertState::Ringing));
        assert!(by(&stage, alert.id, Channel::Email).await > 0, "only mail reaches them");
        let raiser = stage.alert(it.id, &stage.w.admin).await;
        assert_eq!(raiser.state, AlertState::Acknowledged);
    });
}

#[test]
fn whoever_raised_it_is_not_escalated_to() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let boss = stage.w.user("boss", "Administrator").await;
        let it = urgent::raise(stage.s(), &boss, stage.project.id, because("Down.")).await.expect("raised");
        stage.pass(1_300).await;
        assert_eq!(stage.alert_if_any(it.id, &boss).await, None);
        assert!(stage.rings(it.id, &stage.w.admin).await);
    });
}

#[test]
fn once_everybody_has_acknowledged_nobody_is_escalated_to() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let boss = stage.w.user("boss", "Administrator").await;
        let it = stage.raise().await;
        for person in [&stage.mia, &stage.w.admin] {
            stage.acknowledge(it.id, person).await;
        }
        stage.pass(1_500).await;
        assert_eq!(stage.alert_if_any(it.id, &boss).await, None);
        // Whoever comes later and does not answer is escalated over in their own time.
        let vic = stage.w.user("vic", "Member").await;
        stage.join(&vic, "Member").await;
        stage.pass(1_190).await;
        assert!(stage.rings(it.id, &vic).await);
        assert_eq!(stage.alert_if_any(it.id, &boss).await, None);
        stage.pass(60).await;
        assert!(stage.rings(it.id, &boss).await);
    });
}

#[test]
fn whom_a_step_names_must_see_the_project() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let [lead, vic] = [stage.w.user("lead", "Member").await, stage.w.user("vic", "Member").await];
        let new = NewTeam {
            id: None,
            name: "Night".into(),
            description: String::new(),
            lead_id: Some(id(&lead)),
            members: Vec::new(),
        };
        let team = teams::create(stage.s(), &stage.w.admin, new).await.expect("a team");
        let role = stage.w.role("Viewer").await;
        project_members::add_team(stage.s(), &stage.w.admin, stage.project.id, team.id, role)
            .await
            .expect("in");
        let steps = vec![
            Step { after_seconds: 0, who: Who::Members, ways: vec![Way::Push, Way::Email] },
            Step { after_seconds: 60, who: Who::Person { user_id: id(&vic) }, ways: vec![Way::Email] },
            Step { after_seconds: 60, who: Who::TeamLeads, ways: vec![Way::Email] },
            Step { after_seconds: 60, who: Who::Role { role_id: role }, ways: vec![Way::Email] },
            Step {
                after_seconds: 60,
                who: Who::Webhook { url: "https://example.org/h".into() },
                ways: Vec::new(),
            },
        ];
        let policy = Policy { steps, ..Policy::default() };
        let lines = urgent::test_policy(stage.s(), &stage.bob, stage.project.id, Some(policy.clone())).await;
        let people = |step| {
            let lines = lines.as_ref().expect("a test");
            let line = lines.iter().find(|line| line.planned.step == Some(step)).expect("a line");
            line.people.iter().map(|person| person.id).collect::<Vec<_>>()
        };
        assert_eq!((people(1), people(2), people(3)), (Vec::new(), vec![id(&lead)], vec![id(&lead)]));
        urgent::set_policy_of_project(stage.s(), &stage.bob, stage.project.id, (0, policy))
            .await
            .expect("set");
        let it = stage.raise().await;
        stage.pass(120).await;
        assert_eq!(stage.alert_if_any(it.id, &vic).await, None);
        let mut tx = stage.s().db.read().await.expect("a transaction");
        let hooks = services::deliveries::of_references(&mut tx, &[it.id.uuid()]).await.expect("deliveries");
        assert_eq!(hooks.iter().map(|sent| sent.channel).collect::<Vec<_>>(), [Channel::Webhook]);
    });
}

#[test]
fn whoever_comes_is_alerted_and_whoever_goes_is_left_alone() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        let vic = stage.w.user("vic", "Member").await;
        stage.join(&vic, "Member").await;
        stage.tick().await;
        assert!(stage.rings(it.id, &vic).await, "added");
        stage.part(&vic).await;
        stage.tick().await;
        let alert = stage.alert(it.id, &vic).await;
        assert_eq!(alert.state, AlertState::Ended, "removed");
        let before = stage.sent(alert.id).await;
        assert!(before.iter().all(|sent| sent.state != DeliveryState::Queued));
        stage.pass(600).await;
        assert_eq!(stage.sent(alert.id).await.len(), before.len());
        stage.join(&vic, "Member").await;
        stage.tick().await;
        assert!(stage.rings(it.id, &vic).await, "and back");
        let back = stage.alert(it.id, &vic).await;
        assert_eq!((back.id, back.rounds, back.since), (alert.id, 1, stage.s().now()), "anew");
        disable(&stage, &vic).await;
        stage.tick().await;
        assert!(!stage.rings(it.id, &vic).await, "disabled");
        assert!(stage.rings(it.id, &stage.mia).await);
    });
}

#[test]
fn whoever_begins_to_watch_is_alerted_and_whom_nothing_reaches_is_not_waited_for() {
    both(|db| async move {
        let mut stage = Stage::new(db).await;
        let [boss, chief] =
            [stage.w.user("boss", "Administrator").await, stage.w.user("chief", "Administrator").await];
        let task = stage.w.task(&stage.bob, &stage.project, "The till").await;
        let it = stage.raise().await;
        stage.tick().await;
        tasks::watch(stage.s(), &boss, task.summary.id).await.expect("watched");
        stage.tick().await;
        let alert = stage.alert(it.id, &boss).await;
        assert_eq!((alert.why, alert.state), (Why::Watcher, AlertState::Ringing));
        stage.w.services.outlets.mailer = None;
        let vic = stage.w.user("vic", "Member").await;
        stage.join(&vic, "Member").await;
        stage.tick().await;
        assert_eq!(stage.episode(it.id).await.next_step, Some(3), "the owner's is taken");
        assert_eq!(stage.alert_if_any(it.id, &chief).await, None);
    });
}

async fn disable(stage: &Stage, person: &Actor) {
    let user = users::find(stage.s(), &stage.w.admin, id(person)).await.expect("the person");
    let edit = EditUser { version: user.version, status: Some(UserStatus::Disabled), ..EditUser::default() };
    users::update(stage.s(), &stage.w.admin, user.id, edit).await.expect("disabled");
}

#[test]
fn a_team_and_a_role_bring_people_in_and_out_too() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let vic = stage.w.user("vic", "Member").await;
        let new = NewTeam {
            id: None,
            name: "Night".into(),
            description: String::new(),
            lead_id: None,
            members: vec![id(&vic)],
        };
        let team = teams::create(stage.s(), &stage.w.admin, new).await.expect("a team");
        let it = stage.raise().await;
        let guests: RoleId = stage.w.role("Viewer").await;
        project_members::add_team(stage.s(), &stage.w.admin, stage.project.id, team.id, guests)
            .await
            .expect("in");
        stage.tick().await;
        assert!(stage.rings(it.id, &vic).await);
        let role = roles::find(stage.s(), &stage.w.admin, guests).await.expect("the role");
        let edit = domain::role::EditRole {
            version: role.version,
            permissions: Some(domain::permission::PermissionSet::EMPTY),
            ..domain::role::EditRole::default()
        };
        roles::update(stage.s(), &stage.w.admin, guests, edit).await.expect("it allows nothing now");
        stage.tick().await;
        assert!(!stage.rings(it.id, &vic).await);
    });
}

#[test]
fn after_downtime_it_rings_once_and_not_for_each_time_that_was_missed() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        stage.tick().await;
        let before = stage.alert(it.id, &stage.mia).await.rounds;
        stage.w.clock.advance_seconds(6 * 3_600);
        stage.tick().await;
        let after = stage.alert(it.id, &stage.mia).await;
        assert_eq!(after.rounds, before + 1);
        assert_eq!(after.next_at, Some(stage.s().now().plus_seconds(60)));
    });
}

#[test]
fn a_clock_that_jumps_silences_nothing() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        stage.tick().await;
        stage.w.clock.advance_seconds(10 * 3_600);
        stage.tick().await;
        let before = stage.alert(it.id, &stage.mia).await.rounds;
        stage.w.clock.advance_seconds(-10 * 3_600);
        stage.pass(400).await;
        assert!(stage.alert(it.id, &stage.mia).await.rounds > before);
        assert!(stage.alert(it.id, &stage.mia).await.rounds < before + 10, "nor does it ring without an end");
    });
}

#[test]
fn a_clock_that_goes_back_prolongs_no_suspension_and_loses_no_alert_that_has_not_rung() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        stage.w.clock.advance_seconds(40 * 3_600);
        let it = stage.raise().await;
        let until = stage.s().now().plus_seconds(3_600);
        urgent::suspend(stage.s(), &stage.w.admin, it.id, (until, "Known.")).await.expect("suspended");
        stage.w.clock.advance_seconds(-40 * 3_600);
        stage.tick().await;
        assert_eq!(stage.episode(it.id).await.state, EpisodeState::Open);
        assert_eq!(stage.alert(it.id, &stage.mia).await.rounds, 1);
        urgent::resolve(stage.s(), &stage.bob, it.id, "").await.expect("over");
        let boss = stage.w.user("boss", "Administrator").await;
        stage.w.clock.advance_seconds(80 * 3_600);
        let it = stage.raise().await;
        stage.w.clock.advance_seconds(-10 * 3_600);
        stage.pass(70).await;
        assert_eq!(stage.alert(it.id, &stage.mia).await.rounds, 1);
        stage.pass(1_300).await;
        assert!(stage.rings(it.id, &boss).await, "steps follow the clock, too");
    });
}

#[test]
fn a_policy_that_cannot_be_read_rings_as_the_usual_one() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        let mut tx = stage.s().db.write_aside().await.expect("a transaction");
        tx.sql("UPDATE episode SET policy = '{\"of\": \"tomorrow\"}'")
            .run()
            .await
            .expect("another version's");
        tx.commit().await.expect("a commit");
        stage.pass(60).await;
        assert_eq!(stage.alert(it.id, &stage.mia).await.rounds, 1);
        assert_eq!(stage.episode(it.id).await.policy, Policy::default());
    });
}

#[test]
fn several_servers_ring_nothing_twice() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        for _ in 0..5 {
            let tick = || urgent::tick(stage.s());
            let (one, two, three) = tokio::join!(tick(), tick(), tick());
            one.and(two).and(three).expect("ticks");
            stage.tick().await;
            stage.w.clock.advance_seconds(60);
        }
        let alert = stage.alert(it.id, &stage.mia).await;
        assert_eq!((alert.rounds, by(&stage, alert.id, Channel::Push).await), (5, 5));
    });
}

#[test]
fn an_acknowledged_alert_rings_again_only_where_the_policy_says_so() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let policy = Policy { again_after_seconds: Some(3_600), ..Policy::default() };
        urgent::set_policy_of_project(stage.s(), &stage.bob, stage.project.id, (0, policy))
            .await
            .expect("set");
        let it = stage.raise().await;
        stage.acknowledge(it.id, &stage.mia).await;
        stage.pass(3_590).await;
        assert!(!stage.rings(it.id, &stage.mia).await);
        stage.pass(20).await;
        assert!(stage.rings(it.id, &stage.mia).await);
        stage.acknowledge(it.id, &stage.mia).await;
        let until = (stage.s().now().plus_seconds(3_000), "Known.");
        urgent::suspend(stage.s(), &stage.w.admin, it.id, until).await.expect("suspended");
        let other = stage.acknowledge(it.id, &stage.w.admin).await;
        assert_eq!(other.next_at, Some(stage.s().now().plus_seconds(3_600)), "also of a suspended one");
        urgent::resolve(stage.s(), &stage.bob, it.id, "").await.expect("over");
        stage.pass(3_700).await;
        assert!(!stage.rings(it.id, &stage.mia).await);
    });
}

#[test]
fn who_does_not_answer_what_rings_again_is_escalated_over() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let boss = stage.w.user("boss", "Administrator").await;
        stage.set_policy(Policy { again_after_seconds: Some(3_600), ..Policy::default() }).await;
        let it = stage.raise().await;
        for person in [&stage.mia, &stage.w.admin] {
            stage.acknowledge(it.id, person).await;
        }
        stage.pass(3_610).await;
        let alert = stage.alert(it.id, &stage.mia).await;
        assert_eq!((alert.state, alert.since), (AlertState::Ringing, it.raised_at.plus_seconds(3_600)));
        stage.pass(1_180).await;
        assert_eq!(stage.alert_if_any(it.id, &boss).await, None, "they have their time again");
        stage.pass(20).await;
        assert!(stage.rings(it.id, &boss).await);
    });
}
