//! Raising a project to urgent, acknowledging, resolving, suspending.

mod project_stories;
mod urgent_stories;

use domain::{
    Error,
    delivery::DeliveryState,
    ids::{EpisodeId, UserId},
    page::Page,
    project::EditProject,
    urgent::{Acknowledge, AlertState, EpisodeState, Needs, NewEpisode, Policy, Report, Via},
};
use services::{
    Actor,
    links::{self, Link, Purpose},
    project_members, projects, urgent,
};
use testkit::both;
use urgent_stories::{Stage, because, code, fields, history, id, is_forbidden, is_hidden};
use uuid::Uuid;

#[test]
fn a_project_that_is_raised_alerts_everyone_in_it_and_the_history_tells() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let reach = urgent::reach(stage.s(), &stage.bob, stage.project.id).await.expect("reach");
        assert_eq!(reach.len(), 3);
        assert!(reach.iter().all(|one| one.reach.email && !one.reach.push));
        let it = stage.raise().await;
        assert_eq!((it.state, it.ringing, it.acknowledged), (EpisodeState::Open, 2, 1));
        let own = urgent::own(stage.s(), &stage.mia).await.expect("mine");
        assert_eq!(own.len(), 1);
        assert_eq!((own[0].reason.as_str(), own[0].project.key.as_str()), ("The shop is down.", "WEB"));
        assert_eq!(own[0].raised_by.as_ref().map(|who| who.id), Some(id(&stage.bob)));
        assert_eq!(urgent::own(stage.s(), &stage.bob).await, Ok(Vec::new()), "who raises it knows");
        let raiser = stage.alert(it.id, &stage.bob).await;
        assert_eq!(raiser.acknowledgement.map(|ack| ack.via), Some(Via::Raise));
        let project = projects::find(stage.s(), &stage.mia, stage.project.id).await.expect("the project");
        assert_eq!(project.urgent_since, Some(it.raised_at));
        let acts: Vec<_> =
            history(&stage.w, &stage.project).await.into_iter().map(|row| row.action).collect();
        assert_eq!(acts[0], "urgent.raised");
    });
}

#[test]
fn raising_needs_a_reason_and_the_permission() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let vic = stage.w.user("vic", "Member").await;
        let raise = async |actor: &Actor, reason: &str| {
            urgent::raise(stage.s(), actor, stage.project.id, because(reason)).await
        };
        assert!(is_hidden(raise(&vic, "why").await));
        stage.join(&vic, "Member").await;
        let vic = stage.w.refresh(&vic).await;
        assert!(is_forbidden(raise(&vic, "why").await));
        assert!(is_forbidden(urgent::reach(stage.s(), &vic, stage.project.id).await));
        assert_eq!(fields(&raise(&stage.bob, " ").await.expect_err("blank")), [("reason", "blank")]);
        let long = "x".repeat(501);
        assert_eq!(fields(&raise(&stage.bob, &long).await.expect_err("long")), [("reason", "too_long")]);
    });
}

#[test]
fn of_two_who_raise_at_once_one_does_and_the_other_gets_what_goes_on() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let raise = |actor| urgent::raise(stage.s(), actor, stage.project.id, because("Down."));
        let (one, other) = tokio::join!(raise(&stage.bob), raise(&stage.mia));
        let (made, refusal) = match (one, other) {
            (Ok(made), Err(refusal)) | (Err(refusal), Ok(made)) => (made, refusal),
            answers => panic!("exactly one is raised, not {answers:?}"),
        };
        let Error::Conflict { current, .. } = refusal else { panic!("a conflict, not {refusal:?}") };
        assert!(current.contains(&made.id.to_string()));
        let open =
            urgent::list(stage.s(), &stage.mia, (None, Some(true)), Page::default()).await.expect("open");
        assert_eq!(open.items.len(), 1);
    });
}

#[test]
fn the_same_raise_sent_twice_is_one_and_the_fourth_in_an_hour_has_to_wait() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let new = NewEpisode { id: Some(EpisodeId(Uuid::from_u128(9))), reason: "Down.".into() };
        let raise = async |new| urgent::raise(stage.s(), &stage.bob, stage.project.id, new).await;
        let one = raise(new.clone()).await.expect("raised");
        assert_eq!(raise(new.clone()).await, Ok(one.clone()));
        let vic = stage.w.user("vic", "Member").await;
        let own = stage.w.project(&stage.w.admin, "VIC").await;
        let role = stage.w.role("Project manager").await;
        project_members::add_user(stage.s(), &stage.w.admin, own.id, id(&vic), role).await.expect("in");
        let vic = stage.w.refresh(&vic).await;
        assert!(is_hidden(urgent::raise(stage.s(), &vic, own.id, new.clone()).await), "whose id it is");
        urgent::resolve(stage.s(), &stage.bob, one.id, "").await.expect("over");
        for _ in 0..2 {
            stage.w.clock.advance_seconds(60);
            let it = raise(because("Again.")).await.expect("raised");
            urgent::resolve(stage.s(), &stage.bob, it.id, "").await.expect("over");
        }
        assert_eq!(raise(because("Again.")).await, Err(Error::TooMany { retry_after: 3_480 }));
        stage.w.clock.advance_seconds(3_480);
        let it = raise(because("Again.")).await.expect("raised");
        let report = urgent::report(stage.s(), &stage.mia, it.id).await.expect("a report");
        assert_eq!(report.raised_before, 3);
    });
}

#[test]
fn each_person_stops_only_their_own_alert_and_only_once() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        stage.tick().await;
        let alert = stage.alert(it.id, &stage.mia).await;
        assert!(is_hidden(
            urgent::acknowledge(stage.s(), &stage.bob, alert.id, Acknowledge::default()).await
        ));
        let read_only =
            Actor { read_only: true, token_id: Some(Uuid::from_u128(1).into()), ..stage.mia.clone() };
        let refusal = urgent::acknowledge(stage.s(), &read_only, alert.id, Acknowledge::default()).await;
        assert_eq!(code(&refusal.expect_err("refused")), "read_only_token");
        let with =
            Acknowledge { note: " On it. ".into(), via: Some(Via::Notification), ..Acknowledge::default() };
        let after = urgent::acknowledge(stage.s(), &stage.mia, alert.id, with).await.expect("acknowledged");
        let ack = after.acknowledgement.clone().expect("it is kept");
        assert_eq!(
            (ack.note.as_str(), ack.via, after.state),
            ("On it.", Via::Notification, AlertState::Acknowledged)
        );
        let again = urgent::acknowledge(stage.s(), &stage.mia, alert.id, Acknowledge::default()).await;
        assert_eq!(again, Ok(after), "the second time changes nothing");
        assert_eq!(urgent::own(stage.s(), &stage.mia).await, Ok(Vec::new()));
        assert!(stage.rings(it.id, &stage.w.admin).await);
        let waiting: Vec<_> = stage.sent(alert.id).await;
        assert!(waiting.iter().all(|sent| sent.state != DeliveryState::Queued), "{waiting:?}");
        assert!(!waiting.is_empty(), "something had been queued");
        stage.pass(600).await;
        assert_eq!(stage.sent(alert.id).await.len(), waiting.len(), "nothing is sent any more");
        let acts: Vec<_> =
            history(&stage.w, &stage.project).await.into_iter().map(|row| row.action).collect();
        assert!(acts.contains(&"alert.acknowledged".to_owned()));
    });
}

#[test]
fn an_acknowledgement_that_was_offline_keeps_its_time_within_reason() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        stage.pass(300).await;
        let ack = async |person: &Actor, at| {
            let alert = stage.alert(it.id, person).await;
            let with = Acknowledge { at: Some(at), ..Acknowledge::default() };
            let after = urgent::acknowledge(stage.s(), person, alert.id, with).await.expect("acknowledged");
            after.acknowledgement.expect("it is kept").at
        };
        assert_eq!(ack(&stage.mia, it.raised_at.plus_seconds(30)).await, it.raised_at.plus_seconds(30));
        assert_eq!(ack(&stage.w.admin, it.raised_at.plus_seconds(-99)).await, it.raised_at);
    });
}

#[test]
fn a_late_acknowledgement_is_noted_and_rings_nothing() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        urgent::resolve(stage.s(), &stage.bob, it.id, "Was a drill.").await.expect("over");
        let after = stage.acknowledge(it.id, &stage.mia).await;
        assert_eq!(after.state, AlertState::Ended);
        assert!(after.acknowledgement.is_some());
        assert_eq!(stage.episode(it.id).await.acknowledged, 1, "only the raiser's counts");
    });
}

#[test]
fn where_the_first_is_enough_everybody_falls_silent() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let policy = Policy { needs: Needs::First, ..Policy::default() };
        urgent::set_policy_of_project(stage.s(), &stage.bob, stage.project.id, (0, policy))
            .await
            .expect("set");
        let it = stage.raise().await;
        assert_eq!(it.ringing, 2, "raising it is no answer");
        stage.acknowledge(it.id, &stage.mia).await;
        assert_eq!(stage.episode(it.id).await.ringing, 0);
        let vic = stage.w.user("vic", "Member").await;
        stage.join(&vic, "Member").await;
        stage.pass(1_500).await;
        assert_eq!(stage.alert_if_any(it.id, &vic).await, None, "whoever comes later isn't alerted");
        assert_eq!(stage.episode(it.id).await.ringing, 0, "and nobody is escalated to");
    });
}

#[test]
fn a_link_acknowledges_its_own_alert_and_nothing_else() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        let alert = stage.alert(it.id, &stage.mia).await;
        let token = |user: UserId, seconds| {
            let expires_at = stage.s().now().plus_seconds(seconds);
            let link = Link { subject: alert.id.to_string(), user_id: user, expires_at };
            links::make(&stage.s().outlets.key, Purpose::Acknowledge, &link)
        };
        let from = ("192.0.2.7", "");
        let good = token(id(&stage.mia), 60);
        let (seen, about) = urgent::own_by_link(stage.s(), &good).await.expect("a look");
        assert_eq!((seen.state, about.id), (AlertState::Ringing, it.id), "looking changes nothing");
        for bad in
            [token(id(&stage.bob), 60), token(id(&stage.mia), 0), good.replace('.', "_"), String::new()]
        {
            assert!(is_hidden(urgent::acknowledge_by_link(stage.s(), &bad, from).await));
        }
        let after = urgent::acknowledge_by_link(stage.s(), &good, from).await.expect("acknowledged");
        assert_eq!(after.acknowledgement.as_ref().map(|ack| ack.via), Some(Via::Email));
        assert_eq!(urgent::acknowledge_by_link(stage.s(), &good, from).await, Ok(after));
        assert!(stage.rings(it.id, &stage.w.admin).await);
        stage.part(&stage.mia).await;
        assert!(is_hidden(urgent::acknowledge_by_link(stage.s(), &good, from).await), "she left");
    });
}

#[test]
fn what_rings_again_needs_a_new_link_and_a_new_press() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        stage.set_policy(Policy { again_after_seconds: Some(3_600), ..Policy::default() }).await;
        let it = stage.raise().await;
        let alert = stage.alert(it.id, &stage.mia).await;
        let link = || {
            let expires_at = stage.s().now().plus_seconds(24 * 3_600);
            let link = Link { subject: alert.id.to_string(), user_id: id(&stage.mia), expires_at };
            links::make(&stage.s().outlets.key, Purpose::Acknowledge, &link)
        };
        let from = ("192.0.2.7", "");
        let old = link();
        stage.w.clock.advance_seconds(60);
        urgent::acknowledge_by_link(stage.s(), &old, from).await.expect("acknowledged");
        stage.pass(3_610).await;
        assert!(stage.rings(it.id, &stage.mia).await);
        let after = urgent::acknowledge_by_link(stage.s(), &old, from).await.expect("a look");
        assert_eq!(after.state, AlertState::Ringing, "the link is used");
        let late = Acknowledge { at: Some(it.raised_at.plus_seconds(30)), ..Acknowledge::default() };
        let after = urgent::acknowledge(stage.s(), &stage.mia, alert.id, late).await.expect("a look");
        assert_eq!(after.state, AlertState::Ringing, "it was pressed before it rang again");
        let after = urgent::acknowledge_by_link(stage.s(), &link(), from).await.expect("acknowledged");
        assert_eq!(after.state, AlertState::Acknowledged);
    });
}

#[test]
fn a_report_counts_for_everyone_and_tells_who_was_not_reached_to_those_who_may_raise() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        let with = Acknowledge { device: Some(Uuid::from_u128(3)), ..Acknowledge::default() };
        stage.tick().await;
        let alert = stage.alert(it.id, &stage.mia).await;
        urgent::acknowledge(stage.s(), &stage.mia, alert.id, with).await.expect("acknowledged");
        let vic = stage.w.user("vic", "Member").await;
        stage.join(&vic, "Viewer").await;
        let vic = stage.w.refresh(&vic).await;
        let report = async |actor: &Actor| urgent::report(stage.s(), actor, it.id).await.expect("a report");
        let (of_mia, of_vic) = (report(&stage.mia).await, report(&vic).await);
        assert_eq!(of_mia.sends, of_vic.sends);
        let count = |state| of_mia.sends.iter().find(|sends| sends.state == state).map(|sends| sends.count);
        assert_eq!(
            [DeliveryState::NoChannel, DeliveryState::Queued, DeliveryState::Dropped].map(count),
            [Some(2), Some(1), Some(1)]
        );
        assert_eq!((of_mia.failures.len(), of_vic.failures.len()), (2, 0));
        let device = |report: &Report| {
            let alert = report.alerts.iter().find(|one| one.id == alert.id).expect("mia's");
            alert.acknowledgement.as_ref().and_then(|it| it.device_id)
        };
        assert_eq!((device(&of_mia), device(&of_vic)), (Some(Uuid::from_u128(3)), None));
    });
}

#[test]
fn resolving_ends_it_and_the_second_time_changes_nothing() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        stage.tick().await;
        let vic = stage.w.user("vic", "Member").await;
        assert!(is_hidden(urgent::resolve(stage.s(), &vic, it.id, "").await));
        let after = urgent::resolve(stage.s(), &stage.mia, it.id, "Restarted.").await.expect("over");
        assert_eq!(
            (after.state, after.ringing, after.note.as_str()),
            (EpisodeState::Resolved, 0, "Restarted.")
        );
        assert_eq!(urgent::resolve(stage.s(), &stage.bob, it.id, "Me too.").await, Ok(after));
        let project = projects::find(stage.s(), &stage.mia, stage.project.id).await.expect("the project");
        assert_eq!(project.urgent_since, None);
        let alert = stage.alert(it.id, &stage.mia).await;
        let before = stage.sent(alert.id).await;
        assert!(before.iter().all(|sent| sent.state != DeliveryState::Queued), "{before:?}");
        stage.pass(900).await;
        assert_eq!(stage.sent(alert.id).await.len(), before.len());
    });
}

#[test]
fn a_suspension_is_silent_and_ends_by_itself() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        stage.tick().await;
        let until = |seconds| (stage.s().now().plus_seconds(seconds), "Known, people sleep.");
        assert!(is_forbidden(urgent::suspend(stage.s(), &stage.bob, it.id, until(60)).await));
        let admin = &stage.w.admin;
        for wrong in [0, -5, 24 * 3_600 + 1] {
            let refusal = urgent::suspend(stage.s(), admin, it.id, until(wrong)).await.expect_err("no");
            assert_eq!(fields(&refusal), [("until", "out_of_range")]);
        }
        let after = urgent::suspend(stage.s(), admin, it.id, until(3_600)).await.expect("suspended");
        assert_eq!(after.state, EpisodeState::Suspended);
        assert_eq!(urgent::own(stage.s(), &stage.mia).await, Ok(Vec::new()));
        let rounds = stage.alert(it.id, &stage.mia).await.rounds;
        stage.pass(3_500).await;
        assert_eq!(stage.alert(it.id, &stage.mia).await.rounds, rounds, "silent");
        stage.pass(200).await;
        assert_eq!(stage.episode(it.id).await.state, EpisodeState::Open);
        assert!(stage.alert(it.id, &stage.mia).await.rounds > rounds, "and on it goes");
        urgent::suspend(stage.s(), admin, it.id, until(3_600)).await.expect("suspended");
        let after = urgent::resume(stage.s(), admin, it.id).await.expect("resumed");
        assert_eq!(after.state, EpisodeState::Open);
        let acts: Vec<_> =
            history(&stage.w, &stage.project).await.into_iter().map(|row| row.action).collect();
        assert_eq!(acts.iter().filter(|act| act.as_str() == "urgent.resumed").count(), 2);
    });
}

#[test]
fn a_project_that_is_put_away_is_silent_and_rings_no_more_when_it_is_back() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        let version = projects::find(stage.s(), &stage.bob, stage.project.id).await.expect("it").version;
        let away =
            projects::archive(stage.s(), &stage.bob, stage.project.id, version).await.expect("archived");
        assert_eq!(stage.episode(it.id).await.state, EpisodeState::PutAway);
        assert_eq!(away.urgent_since, None);
        projects::unarchive(stage.s(), &stage.bob, stage.project.id, away.version).await.expect("back");
        stage.pass(1_500).await;
        assert_eq!(stage.episode(it.id).await.ringing, 0);
        let again = stage.raise().await;
        let version = projects::find(stage.s(), &stage.bob, stage.project.id).await.expect("it").version;
        projects::delete(stage.s(), &stage.bob, stage.project.id, version).await.expect("deleted");
        assert_eq!(urgent::own(stage.s(), &stage.mia).await, Ok(Vec::new()));
        stage.pass(600).await;
        assert!(!stage.rings(again.id, &stage.mia).await);
    });
}

#[test]
fn turned_off_it_is_only_a_label() {
    both(|db| async move {
        let mut stage = Stage::new(db).await;
        stage.w.services.features.urgent = false;
        let it = stage.raise().await;
        assert!(!it.rings);
        stage.w.services.features.urgent = true;
        stage.pass(1_500).await;
        assert_eq!(stage.episode(it.id).await.ringing, 0, "it stays a label when alerts are turned on");
        let edit = EditProject { version: 1, name: Some("Web shop".into()), ..EditProject::default() };
        projects::update(stage.s(), &stage.bob, stage.project.id, edit)
            .await
            .expect("it can be changed as ever");
        urgent::resolve(stage.s(), &stage.bob, it.id, "").await.expect("over");
    });
}

#[test]
fn episodes_are_hidden_from_strangers() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let it = stage.raise().await;
        let vic = stage.w.user("vic", "Member").await;
        let until = stage.s().now().plus_seconds(60);
        assert!(is_hidden(urgent::find(stage.s(), &vic, it.id).await));
        assert!(is_hidden(urgent::alerts(stage.s(), &vic, it.id).await));
        assert!(is_hidden(urgent::report(stage.s(), &vic, it.id).await));
        assert!(is_hidden(urgent::current(stage.s(), &vic, stage.project.id).await));
        assert!(is_hidden(urgent::suspend(stage.s(), &vic, it.id, (until, "why")).await));
        assert!(is_hidden(urgent::resume(stage.s(), &vic, it.id).await));
        let of_vic = urgent::list(stage.s(), &vic, (None, None), Page::default()).await.expect("a list");
        assert!(of_vic.items.is_empty());
        let of_mia =
            urgent::list(stage.s(), &stage.mia, (None, None), Page::default()).await.expect("a list");
        assert_eq!(of_mia.items, [stage.episode(it.id).await]);
    });
}
