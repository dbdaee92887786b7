//! What reaches people outside the pages, whatever happens on the way.

use domain::{
    delivery::{Channel, Delivery, DeliveryState, Message, NewDelivery},
    ids::{DeliveryId, DeviceId, UserId},
    user::{EditUser, UserStatus},
};
use services::{
    Actor, deliveries, devices,
    links::{self, Purpose},
    ports::answer::{Answer, Turn},
    project_members,
    rounds::Rounds,
    users,
};
use std::{collections::HashSet, future::pending, time::Duration};
use testkit::{
    Scripts, Workspace, both,
    scripts::{armed, push_address},
};
use tokio::task::JoinHandle;
use uuid::Uuid;

struct Story {
    w: Workspace,
    out: Scripts,
    ann: Actor,
}

impl Story {
    async fn new(db: store::Db) -> Self {
        let mut w = Workspace::new(db).await;
        let out = Scripts::on(&mut w.services);
        let ann = w.user("ann", "Member").await;
        Self { w, out, ann }
    }

    fn ann(&self) -> UserId {
        self.ann.user_id.expect("a person")
    }

    async fn queue(&self, new: &[NewDelivery]) -> Vec<Delivery> {
        let mut tx = self.w.services.db.write().await.expect("a transaction");
        let queued = deliveries::queue(&self.w.services, &mut tx, new).await.expect("queued");
        tx.commit().await.expect("committed");
        queued
    }

    async fn queue_one(&self, new: NewDelivery) -> DeliveryId {
        self.queue(&[new]).await[0].id
    }

    async fn dispatch(&self) -> u64 {
        deliveries::dispatch(&self.w.services).await.expect("a round")
    }

    /// With a browser of Ann's, whose push service takes everything and never answers.
    async fn hanging(db: store::Db) -> Self {
        let mut s = Self::new(db).await;
        s.w.services.outlets.patience = Duration::from_mins(1);
        s.device(&s.ann, "Firefox").await;
        s.out.push.always(Turn::Hangs);
        s
    }

    /// The job, until it is aborted.
    fn send(&self, channel: Channel, rounds: &Rounds) -> JoinHandle<()> {
        tokio::spawn(deliveries::run(self.w.services.clone(), channel, rounds.begun(), pending()))
    }

    async fn now(&self, id: DeliveryId) -> Delivery {
        let mut tx = self.w.services.db.peek().await.expect("a connection");
        store::deliveries::find(&mut tx, id).await.expect("a read").expect("it is there")
    }

    async fn state(&self, id: DeliveryId) -> DeliveryState {
        self.now(id).await.state
    }

    async fn device(&self, who: &Actor, name: &str) -> DeviceId {
        let id = DeviceId(self.w.services.ids.id());
        devices::report(&self.w.services, who, id, armed(name)).await.expect("reported").id
    }

    async fn claim(&self, channel: Channel) -> (Uuid, Vec<DeliveryId>) {
        let (now, claim) = (self.w.services.now(), self.w.services.ids.id());
        let mut tx = self.w.services.db.write_aside().await.expect("a transaction");
        let ids = store::deliveries::due(&mut tx, channel, now, (100, 100)).await.expect("due");
        store::deliveries::claim(&mut tx, &ids, claim, (now, now.plus_seconds(60))).await.expect("claimed");
        tx.commit().await.expect("committed");
        (claim, ids)
    }
}

fn message(title: &str) -> Message {
    Message {
        title: title.into(),
        text: "Something happened.".into(),
        link: "/inbox".into(),
        ..Message::default()
    }
}

fn mail(to: UserId, title: &str) -> NewDelivery {
    NewDelivery::to(to, Channel::Email, "assigned", message(title))
}

#[test]
fn what_is_queued_is_sent_once_with_whole_addresses() {
    both(|db| async move {
        let s = Story::new(db).await;
        let alert = s.w.services.ids.id();
        let said = Message {
            acknowledge: Some(alert),
            unsubscribe: Some("task.assigned".into()),
            urgent: true,
            tag: format!("alert-{alert}"),
            ..message("WEB is urgent")
        };
        s.device(&s.ann, "Firefox on Linux").await;
        let to = |channel| NewDelivery::to(s.ann(), channel, "alert", said.clone());
        let hook = NewDelivery::hook("https://hooks.example.org/pms".into(), "alert", said.clone());
        let queued = s.queue(&[to(Channel::Email), to(Channel::Push), hook]).await;
        assert!(queued.iter().all(|row| row.state == DeliveryState::Queued));
        assert_eq!(s.dispatch().await, 3);
        assert_eq!(s.dispatch().await, 0);
        for row in &queued {
            let now = s.now(row.id).await;
            assert_eq!((now.state, now.attempts, now.last_error), (DeliveryState::Sent, 1, None));
        }
        let [mail] = &s.out.mail.sent()[..] else { panic!("one mail") };
        assert_eq!((mail.address.as_str(), mail.subject.as_str()), ("ann@example.org", "WEB is urgent"));
        assert!(mail.text.contains("Open in PMS: https://pms.example.org/inbox\n"), "{}", mail.text);
        let token = mail.text.split("/acknowledge?token=").nth(1).unwrap().lines().next().unwrap();
        let link = links::check(&s.w.services, Purpose::Acknowledge, token).expect("it is ours");
        assert_eq!((link.subject, link.user_id), (alert.to_string(), s.ann()));
        let unsubscribe = mail.unsubscribe.as_deref().unwrap();
        let token = unsubscribe.strip_prefix("https://pms.example.org/unsubscribe?token=").unwrap();
        let link = links::check(&s.w.services, Purpose::Unsubscribe, token).expect("it is ours");
        assert_eq!(link.subject, "task.assigned");
        let [push] = &s.out.push.sent()[..] else { panic!("one push message") };
        assert!(push.urgent && push.to == push_address("Firefox on Linux"));
        assert_eq!(push.topic.as_ref().map(String::len), Some(32));
        let body: serde_json::Value = serde_json::from_str(&push.body).unwrap();
        assert_eq!(body["notification"]["data"]["alert"], alert.to_string());
        assert_eq!(body["notification"]["navigate"], "https://pms.example.org/inbox");
        let [call] = &s.out.hook.sent()[..] else { panic!("one call") };
        assert_eq!(
            call.secret,
            s.w.services.outlets.key.webhook_secret(None, "https://hooks.example.org/pms")
        );
        // What the webhook gets is nobody's to acknowledge.
        assert!(!call.body.contains("token"), "{}", call.body);
    });
}

#[test]
fn a_push_message_goes_to_each_device_and_says_where_there_is_none() {
    both(|db| async move {
        let s = Story::new(db).await;
        let bob = s.w.user("bob", "Member").await;
        let (one, other) = (s.device(&s.ann, "Firefox").await, s.device(&s.ann, "Chrome").await);
        let push = |to| NewDelivery {
            id: Some(DeliveryId(Uuid::from_u128(7))),
            ..NewDelivery::to(to, Channel::Push, "alert", message("Urgent"))
        };
        let queued = s.queue(&[push(s.ann())]).await;
        let devices: HashSet<_> = queued.iter().filter_map(|row| row.device_id).collect();
        assert_eq!(devices, HashSet::from([one, other]));
        // The same, sent twice.
        s.queue(&[push(s.ann())]).await;
        assert_eq!(s.dispatch().await, 2);
        let queued = s.queue(&[NewDelivery { id: None, ..push(bob.user_id.unwrap()) }]).await;
        assert_eq!(queued.len(), 1);
        assert_eq!(queued[0].state, DeliveryState::NoChannel);
        assert!(s.now(queued[0].id).await.last_error.unwrap().contains("no device"));
        assert_eq!(s.dispatch().await, 0);
    });
}

#[test]
fn without_a_mail_server_the_row_says_so() {
    both(|db| async move {
        let mut s = Story::new(db).await;
        s.w.services.outlets.mailer = None;
        let id = s.queue_one(mail(s.ann(), "You are assigned")).await;
        let row = s.now(id).await;
        assert_eq!(row.state, DeliveryState::NoChannel);
        assert_eq!(row.last_error.as_deref(), Some("No mail server is set up."));
    });
}

#[test]
fn a_server_that_is_killed_while_it_sends_leaves_the_rest_to_another() {
    both(|db| async move {
        let s = Story::new(db).await;
        let id = s.queue_one(mail(s.ann(), "You are assigned")).await;
        let (claim, ids) = s.claim(Channel::Email).await;
        assert_eq!(ids, [id]);
        assert_eq!(s.state(id).await, DeliveryState::Sending);
        // It is gone. As long as its lease lasts, nobody knows.
        assert_eq!(s.dispatch().await, 0);
        s.w.clock.advance_seconds(61);
        assert_eq!(s.dispatch().await, 1);
        assert_eq!((s.now(id).await.attempts, s.out.mail.sent().len()), (2, 1));
        // It was not gone at all: what it says now comes too late.
        let mut tx = s.w.services.db.write_aside().await.unwrap();
        let failed = store::deliveries::Settled::Failed { why: "too late".into() };
        let now = s.w.services.now();
        assert!(!store::deliveries::settle(&mut tx, id, claim, (failed, now)).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(s.state(id).await, DeliveryState::Sent);
    });
}

#[test]
fn a_channel_that_is_down_for_five_minutes_loses_nothing_and_sends_once() {
    both(|db| async move {
        let s = Story::new(db).await;
        s.out.mail.always(Turn::Says(Answer::later("The mail server could not be reached.")));
        let said = Message { urgent: true, ..message("WEB is urgent") };
        let id = s.queue_one(NewDelivery::to(s.ann(), Channel::Email, "alert", said)).await;
        for _ in 0..60 {
            s.dispatch().await;
            s.w.clock.advance_seconds(5);
        }
        let row = s.now(id).await;
        assert_eq!(row.state, DeliveryState::Queued);
        assert_eq!(row.last_error.as_deref(), Some("The mail server could not be reached."));
        let tries = s.out.mail.sent().len();
        assert!((6..20).contains(&tries), "{tries} tries in five minutes");
        s.out.mail.always(Turn::Says(Answer::Taken));
        for _ in 0..24 {
            s.dispatch().await;
            s.w.clock.advance_seconds(5);
        }
        assert_eq!(s.out.mail.sent().len(), tries + 1);
        assert_eq!(s.state(id).await, DeliveryState::Sent);
    });
}

#[test]
fn a_browser_that_is_gone_is_not_sent_to_again() {
    both(|db| async move {
        let s = Story::new(db).await;
        let device = s.device(&s.ann, "Firefox").await;
        s.out.push.then(Turn::Says(Answer::Gone));
        let push = || NewDelivery::to(s.ann(), Channel::Push, "alert", message("Urgent"));
        let id = s.queue_one(push()).await;
        s.dispatch().await;
        assert_eq!(s.state(id).await, DeliveryState::NoChannel);
        let listed = devices::list(&s.w.services, &s.ann).await.unwrap();
        assert_eq!(listed.iter().map(|d| (d.id, d.push)).collect::<Vec<_>>(), [(device, false)]);
        assert_eq!(s.queue(&[push()]).await[0].state, DeliveryState::NoChannel);
        assert_eq!(s.out.push.sent().len(), 1);
    });
}

#[test]
fn a_browser_that_subscribed_anew_meanwhile_keeps_its_new_address() {
    both(|db| async move {
        let s = Story::new(db).await;
        let device = s.device(&s.ann, "Firefox").await;
        let mut tx = s.w.services.db.write_aside().await.unwrap();
        let old = [9; 32];
        assert!(!store::devices::forget_push(&mut tx, (s.ann(), device), old).await.unwrap());
        tx.commit().await.unwrap();
        assert!(devices::list(&s.w.services, &s.ann).await.unwrap()[0].push);
    });
}

#[test]
fn a_service_that_asks_to_wait_is_waited_for() {
    both(|db| async move {
        let s = Story::new(db).await;
        s.device(&s.ann, "Firefox").await;
        let busy = Answer::Later { after: Some(Duration::from_mins(4)), why: "It answered 429.".into() };
        s.out.push.then(Turn::Says(busy));
        let id = s.queue_one(NewDelivery::to(s.ann(), Channel::Push, "alert", message("Urgent"))).await;
        s.dispatch().await;
        let row = s.now(id).await;
        assert_eq!(row.next_at, Some(s.w.services.now().plus_seconds(240)));
        s.w.clock.advance_seconds(239);
        assert_eq!(s.dispatch().await, 0);
        s.w.clock.advance_seconds(1);
        assert_eq!(s.dispatch().await, 1);
        assert_eq!(s.state(id).await, DeliveryState::Sent);
    });
}

#[test]
fn a_channel_that_hangs_holds_up_no_other() {
    both(|db| async move {
        let s = Story::new(db).await;
        s.device(&s.ann, "Firefox").await;
        s.out.push.always(Turn::Hangs);
        let push = NewDelivery::to(s.ann(), Channel::Push, "alert", message("Urgent"));
        let pushes = s.queue(&vec![push; 40]).await;
        let mail = s.queue_one(mail(s.ann(), "You are assigned")).await;
        let services = s.w.services.clone();
        let hanging = tokio::spawn(async move { deliveries::dispatch(&services).await });
        tokio::time::timeout(Duration::from_secs(5), async {
            while s.state(mail).await != DeliveryState::Sent {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await
        .expect("the mail does not wait");
        hanging.await.unwrap().unwrap();
        let row = s.now(pushes[39].id).await;
        assert_eq!((row.state, row.attempts), (DeliveryState::Queued, 1));
        assert_eq!(row.last_error.as_deref(), Some("There was no answer in time."));
    });
}

/// Waits until `there` is so.
async fn until(there: impl AsyncFn() -> bool) {
    let looking = async {
        while !there().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), looking).await.expect("in time");
}

#[test]
fn what_hangs_does_not_hold_up_what_is_urgent() {
    both(|db| async move {
        let s = Story::hanging(db).await;
        s.queue(&vec![NewDelivery::to(s.ann(), Channel::Push, "assigned", message("A task")); 40]).await;
        let sending = s.send(Channel::Push, &rounds());
        until(async || !s.out.push.sent().is_empty()).await;
        let urgent = Message { urgent: true, ..message("Urgent") };
        s.queue_one(NewDelivery::to(s.ann(), Channel::Push, "alert", urgent)).await;
        deliveries::wake(&s.w.services);
        until(async || s.out.push.sent().iter().any(|push| push.urgent)).await;
        sending.abort();
    });
}

/// Overdue for as long as none has ended.
fn rounds() -> Rounds {
    Rounds::new("push", Duration::ZERO)
}

#[test]
fn a_round_does_not_end_while_every_hand_hangs() {
    both(|db| async move {
        let s = Story::hanging(db).await;
        let to_ann = |kind, urgent| {
            NewDelivery::to(s.ann(), Channel::Push, kind, Message { urgent, ..message("A task") })
        };
        // They leave hands for what is urgent.
        s.queue(&vec![to_ann("assigned", false); 40]).await;
        let rounds = rounds();
        let sending = s.send(Channel::Push, &rounds);
        tokio::time::sleep(Duration::from_secs(2)).await;
        // It goes on looking.
        until(async || rounds.overdue() < Duration::from_millis(500)).await;
        s.queue(&vec![to_ann("alert", true); 40]).await;
        deliveries::wake(&s.w.services);
        until(async || rounds.overdue() > Duration::from_secs(3)).await;
        sending.abort();
    });
}

#[test]
fn what_is_on_its_way_is_waited_for_at_the_end() {
    both(|db| async move {
        let s = Story::new(db).await;
        s.device(&s.ann, "Firefox").await;
        s.out.push.then(Turn::Hangs);
        let id = s.queue_one(NewDelivery::to(s.ann(), Channel::Push, "assigned", message("A task"))).await;
        let stop = until(async || !s.out.push.sent().is_empty());
        deliveries::run(s.w.services.clone(), Channel::Push, rounds(), stop).await;
        let row = s.now(id).await;
        assert_eq!((row.state, row.attempts), (DeliveryState::Queued, 1));
    });
}

#[test]
fn a_clock_that_goes_back_leaves_nothing_waiting() {
    both(|db| async move {
        let s = Story::new(db).await;
        s.w.clock.advance_seconds(24 * 60 * 60);
        s.out.mail.then(Turn::Says(Answer::later("busy")));
        let id = s.queue_one(mail(s.ann(), "You are assigned")).await;
        assert_eq!(s.dispatch().await, 1);
        s.w.clock.advance_seconds(-24 * 60 * 60);
        let digest = Some(s.w.services.now().plus_seconds(12 * 60 * 60));
        let digest = s.queue_one(NewDelivery { not_before: digest, ..mail(s.ann(), "The day") }).await;
        assert_eq!(s.dispatch().await, 0);
        assert_eq!(deliveries::bring_forward(&s.w.services).await, Ok(1));
        assert_eq!(s.dispatch().await, 1);
        assert_eq!(s.state(id).await, DeliveryState::Sent);
        assert_eq!(s.state(digest).await, DeliveryState::Queued);
    });
}

#[test]
fn two_instances_send_nothing_twice_and_leave_nothing_out() {
    both(|db| async move {
        let s = Story::new(db).await;
        let new: Vec<_> = (0..120).map(|n| mail(s.ann(), &format!("Mail {n}"))).collect();
        let queued = s.queue(&new).await;
        let rounds: Vec<_> = (0..2)
            .map(|_| {
                let services = s.w.services.clone();
                tokio::spawn(async move { deliveries::dispatch(&services).await })
            })
            .collect();
        for round in rounds {
            // Whoever finds the database busy stops; nothing is lost by that.
            let _ = round.await.unwrap();
        }
        s.w.clock.advance_seconds(300);
        s.dispatch().await;
        let sent = s.out.mail.sent();
        let ids: HashSet<_> = sent.iter().map(|mail| mail.id).collect();
        assert_eq!((sent.len(), ids.len()), (120, 120));
        for row in queued {
            assert_eq!(s.state(row.id).await, DeliveryState::Sent);
        }
    });
}

#[test]
fn what_is_dropped_is_never_sent() {
    both(|db| async move {
        let s = Story::new(db).await;
        let (alert, other) = (s.w.services.ids.id(), s.w.services.ids.id());
        let of = |reference| NewDelivery { reference: Some(reference), ..mail(s.ann(), "WEB is urgent") };
        let waiting = s.queue_one(of(alert)).await;
        let kept = s.queue_one(of(other)).await;
        // It is taken, and then acknowledged before it is on its way.
        let (claim, ids) = s.claim(Channel::Email).await;
        let late = s.queue_one(of(alert)).await;
        let mut tx = s.w.services.db.write().await.unwrap();
        assert_eq!(deliveries::drop_queued(&s.w.services, &mut tx, &[alert]).await.unwrap(), 2);
        tx.commit().await.unwrap();
        let mut tx = s.w.services.db.peek().await.unwrap();
        let left = store::deliveries::claimed(&mut tx, &ids, claim).await.unwrap();
        drop(tx);
        assert_eq!(left.iter().map(|row| row.id).collect::<Vec<_>>(), [kept]);
        s.w.clock.advance_seconds(120);
        assert_eq!(s.dispatch().await, 1);
        for (id, state) in
            [(waiting, DeliveryState::Dropped), (late, DeliveryState::Dropped), (kept, DeliveryState::Sent)]
        {
            assert_eq!(s.state(id).await, state);
        }
    });
}

#[test]
fn what_is_dropped_on_its_way_is_not_tried_again_and_told_as_it_was() {
    both(|db| async move {
        let s = Story::new(db).await;
        let alert = s.w.services.ids.id();
        let of = || NewDelivery { reference: Some(alert), ..mail(s.ann(), "WEB is urgent") };
        let (sent, failed) = (s.queue_one(of()).await, s.queue_one(of()).await);
        let (claim, _) = s.claim(Channel::Email).await;
        let mut tx = s.w.services.db.write().await.unwrap();
        deliveries::drop_queued(&s.w.services, &mut tx, &[alert]).await.unwrap();
        tx.commit().await.unwrap();
        let now = s.w.services.now();
        let again = store::deliveries::Settled::Again { at: now, why: "away".into() };
        let mut tx = s.w.services.db.write_aside().await.unwrap();
        store::deliveries::settle(&mut tx, sent, claim, (store::deliveries::Settled::Sent, now))
            .await
            .unwrap();
        store::deliveries::settle(&mut tx, failed, claim, (again, now)).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(s.state(sent).await, DeliveryState::Sent);
        assert_eq!(s.state(failed).await, DeliveryState::Dropped);
        assert_eq!(s.dispatch().await, 0);
    });
}

#[test]
fn whoever_may_not_see_it_any_more_gets_nothing() {
    both(|db| async move {
        let s = Story::new(db).await;
        let web = s.w.project(&s.w.admin, "WEB").await;
        let admin = s.w.refresh(&s.w.admin).await;
        let role = s.w.role("Viewer").await;
        project_members::add_user(&s.w.services, &admin, web.id, s.ann(), role).await.expect("added");
        let about = |to: UserId| NewDelivery { project_id: Some(web.id), ..mail(to, "You are assigned") };
        let admin_id = admin.user_id.unwrap();
        s.queue(&[about(s.ann()), about(admin_id)]).await;
        assert_eq!(s.dispatch().await, 2);
        assert_eq!(s.out.mail.sent().len(), 2);
        let (lost, disabled) =
            (s.queue_one(about(s.ann())).await, s.queue_one(mail(s.ann(), "A mail")).await);
        project_members::remove_user(&s.w.services, &admin, web.id, s.ann()).await.expect("removed");
        s.dispatch().await;
        assert_eq!(s.state(lost).await, DeliveryState::Dropped);
        assert_eq!(s.state(disabled).await, DeliveryState::Sent);
        let disabled = s.queue_one(mail(s.ann(), "A mail")).await;
        let edit = EditUser { version: 1, status: Some(UserStatus::Disabled), ..EditUser::default() };
        users::update(&s.w.services, &admin, s.ann(), edit).await.expect("disabled");
        s.dispatch().await;
        assert_eq!(s.state(disabled).await, DeliveryState::Dropped);
        assert_eq!(s.out.mail.sent().len(), 3);
    });
}

#[test]
fn what_is_urgent_goes_first_and_what_is_late_not_at_all() {
    both(|db| async move {
        let s = Story::new(db).await;
        let new: Vec<_> = (0..30).map(|n| mail(s.ann(), &format!("Mail {n}"))).collect();
        s.queue(&new).await;
        let now = s.w.services.now();
        let late = NewDelivery { not_after: Some(now.plus_seconds(-1)), ..mail(s.ann(), "Too late") };
        let late = s.queue_one(late).await;
        let said = Message { urgent: true, ..message("WEB is urgent") };
        s.queue_one(NewDelivery::to(s.ann(), Channel::Email, "alert", said)).await;
        let mut tx = s.w.services.db.peek().await.unwrap();
        let first = store::deliveries::due(&mut tx, Channel::Email, now, (1, 1)).await.unwrap();
        drop(tx);
        s.dispatch().await;
        let sent = s.out.mail.sent();
        let urgent = sent.iter().find(|mail| mail.urgent).expect("it was sent");
        assert_eq!(first, [DeliveryId(urgent.id)]);
        assert_eq!(sent.len(), 31);
        assert_eq!(s.state(late).await, DeliveryState::Failed);
    });
}

#[test]
fn what_can_not_be_sent_in_time_is_given_up() {
    both(|db| async move {
        let s = Story::new(db).await;
        s.out.mail.always(Turn::Says(Answer::later("away")));
        let end = s.w.services.now().plus_seconds(60);
        let id = s.queue_one(NewDelivery { not_after: Some(end), ..mail(s.ann(), "Now or never") }).await;
        for _ in 0..30 {
            s.dispatch().await;
            s.w.clock.advance_seconds(5);
        }
        let row = s.now(id).await;
        assert_eq!((row.state, row.last_error.as_deref()), (DeliveryState::Failed, Some("away")));
        assert!(row.ended_at.unwrap() <= end);
        // A refusal is not repeated.
        s.out.mail.always(Turn::Says(Answer::refused("no such mailbox")));
        let id = s.queue_one(mail(s.ann(), "To nobody")).await;
        s.dispatch().await;
        let row = s.now(id).await;
        assert_eq!((row.state, row.attempts), (DeliveryState::Failed, 1));
    });
}

#[test]
fn what_became_of_them_is_kept_for_ninety_days() {
    both(|db| async move {
        let s = Story::new(db).await;
        let alert = s.w.services.ids.id();
        let id = s.queue_one(NewDelivery { reference: Some(alert), ..mail(s.ann(), "A mail") }).await;
        s.dispatch().await;
        s.w.clock.advance_seconds(89 * 24 * 60 * 60);
        let waiting = s.queue_one(mail(s.ann(), "A new one")).await;
        assert_eq!(deliveries::purge(&s.w.services).await.unwrap(), 0);
        s.w.clock.advance_seconds(2 * 24 * 60 * 60);
        let mut tx = s.w.services.db.peek().await.unwrap();
        let kept = deliveries::of_references(&mut tx, &[alert]).await.unwrap();
        assert_eq!(kept.iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
        drop(tx);
        assert_eq!(deliveries::purge(&s.w.services).await.unwrap(), 1);
        assert_eq!(s.state(waiting).await, DeliveryState::Queued);
    });
}

#[test]
fn a_link_works_for_its_person_purpose_and_time_only() {
    both(|db| async move {
        let s = Story::new(db).await;
        let key = &s.w.services.outlets.key;
        let end = s.w.services.now().plus_seconds(60);
        let link = links::Link { subject: "17".into(), user_id: s.ann(), expires_at: end };
        let token = links::make(key, Purpose::Acknowledge, &link);
        let check = |purpose, token: &str| links::check(&s.w.services, purpose, token);
        assert_eq!(check(Purpose::Acknowledge, &token), Some(link.clone()));
        assert_eq!(check(Purpose::Unsubscribe, &token), None);
        let other = links::Link { user_id: s.w.admin.user_id.unwrap(), ..link };
        let forged = links::make(&links::SigningKey::new([9; 32]), Purpose::Acknowledge, &other);
        assert_eq!(check(Purpose::Acknowledge, &forged), None);
        let theirs: Vec<&str> = forged.split('.').collect();
        let ours: Vec<&str> = token.split('.').collect();
        let mixed = [ours[0], theirs[1], ours[2], ours[3]].join(".");
        for wrong in ["", "....", ".", &mixed, &token[1..], &format!("{token}.x"), &"A".repeat(2_000)] {
            assert_eq!(check(Purpose::Acknowledge, wrong), None, "{wrong}");
        }
        s.w.clock.advance_seconds(60);
        assert_eq!(check(Purpose::Acknowledge, &token), None);
    });
}
