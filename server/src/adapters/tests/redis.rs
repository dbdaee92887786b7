//! Two servers on one database that hear each other by a real Redis.

use crate::{adapters::redis::link, config::Redis as Settings};
use services::{
    Services,
    ports::bus::{Event, Link, Personal},
    presence,
};
use std::{sync::Arc, time::Duration};
use testkit::{Redis, Workspace, both};
use tokio::{
    sync::broadcast::Receiver,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Longer than it takes to see that a connection is dead, and to make another.
const PATIENCE: Duration = Duration::from_secs(20);

/// The workspace's database, as another server sees it that hears others at these nodes.
async fn server(w: &Workspace, nodes: &[&Redis], number: u128) -> Services {
    let urls = nodes.iter().map(|node| node.url()).collect::<Vec<_>>().join(",");
    let settings = Settings::of(Some(&urls), None).expect("addresses").expect("some");
    let (bus, mut line) = link(&settings, Uuid::from_u128(number), Arc::default());
    let services = Services { bus, presence: presence::Presence::default(), ..w.services.clone() };
    tokio::spawn({
        let services = services.clone();
        async move { line.follow(services, CancellationToken::new()).await }
    });
    until(|| services.bus.link() == Link::Up, "it is connected").await;
    services
}

async fn until(so: impl Fn() -> bool, what: &str) {
    let waiting = async {
        while !so() {
            sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(timeout(PATIENCE, waiting).await.is_ok(), "{what}: not within {PATIENCE:?}");
}

/// Until it is told that something was missed: always after a connection, too.
async fn missed(receiver: &mut Receiver<Event>) {
    let told =
        timeout(PATIENCE, async { while receiver.recv().await.expect("not lagging") != Event::Missed {} });
    told.await.expect("it is told");
}

/// The next thing that is heard here, but for what is said after a break.
async fn heard(receiver: &mut Receiver<Event>) -> Event {
    let news = async {
        loop {
            match receiver.recv().await.expect("not lagging") {
                Event::Missed => {}
                event => return event,
            }
        }
    };
    timeout(PATIENCE, news).await.expect("something is heard")
}

fn inbox(w: &Workspace) -> Event {
    Event::People(Personal::Inbox, Arc::new([w.admin.user_id.expect("a person")]))
}

#[test]
fn what_one_server_says_the_other_hears() {
    both(async |db| {
        let (w, redis) = (Workspace::new(db).await, Redis::start());
        let (here, there) = (server(&w, &[&redis], 1).await, server(&w, &[&redis], 2).await);
        let (mut own, mut news) = (here.bus.subscribe(), there.bus.subscribe());
        let admin = w.admin.user_id.expect("a person");

        here.tell(Personal::Inbox, vec![admin]);
        assert_eq!(heard(&mut news).await, inbox(&w));
        here.bus.publish(Event::SignedOut(admin));
        assert_eq!(heard(&mut news).await, Event::SignedOut(admin));
        assert_eq!((heard(&mut own).await, heard(&mut own).await), (inbox(&w), Event::SignedOut(admin)));
        let more = timeout(Duration::from_secs(1), heard(&mut own)).await;
        assert!(more.is_err(), "nobody hears their own words twice, but {more:?}");

        timeout(PATIENCE, async {
            here.bus.wake();
            there.bus.woken().await;
        })
        .await
        .expect("a commit here wakes the other server");
    });
}

#[test]
fn more_people_than_a_letter_holds_are_all_told() {
    both(async |db| {
        let (w, redis) = (Workspace::new(db).await, Redis::start());
        let (here, there) = (server(&w, &[&redis], 1).await, server(&w, &[&redis], 2).await);
        let mut news = there.bus.subscribe();
        let everybody: Vec<_> = (1..=1_201).map(|number| Uuid::from_u128(number).into()).collect();
        here.tell(Personal::Urgent, everybody.clone());
        let mut told = Vec::new();
        while told.len() < everybody.len() {
            let Event::People(Personal::Urgent, people) = heard(&mut news).await else { panic!("people") };
            told.extend_from_slice(&people);
        }
        assert_eq!(told, everybody);
    });
}

#[test]
fn people_at_different_servers_see_each_other_at_a_task() {
    both(async |db| {
        let (mut w, redis) = (Workspace::new(db).await, Redis::start());
        let project = w.project(&w.admin, "WEB").await;
        w.admin = w.refresh(&w.admin).await;
        let task = w.task(&w.admin, &project, "Light the lamp").await.summary.id;
        let ben = w.user("ben", "Administrator").await;
        let (here, there) = (server(&w, &[&redis], 1).await, server(&w, &[&redis], 2).await);
        let mut news = there.bus.subscribe();

        assert!(presence::here(&here, &w.admin, task).await.expect("here").is_empty());
        assert_eq!(heard(&mut news).await, Event::Present(project.id, task));
        let seen = presence::here(&there, &ben, task).await.expect("here");
        assert_eq!(seen.iter().map(|user| user.username.as_str()).collect::<Vec<_>>(), ["admin"]);
        assert_eq!(heard(&mut news).await, Event::Present(project.id, task));

        // Still here is said as well, or they would be forgotten; but it is no news.
        w.clock.advance_seconds(40);
        presence::here(&here, &w.admin, task).await.expect("here");
        here.tell(Personal::Inbox, vec![w.admin.user_id.expect("a person")]);
        assert_eq!(heard(&mut news).await, inbox(&w));
        w.clock.advance_seconds(40);
        let seen = presence::here(&there, &ben, task).await.expect("here");
        assert_eq!(seen.len(), 1, "they have said 40 seconds ago that they are here");

        presence::left(&here, &w.admin, task).await.expect("left");
        loop {
            if heard(&mut news).await == Event::Present(project.id, task)
                && presence::here(&there, &ben, task).await.expect("here").is_empty()
            {
                break;
            }
        }
    });
}

#[test]
fn lost_it_is_said_to_be_and_found_again_what_was_missed_is_looked_up() {
    both(async |db| {
        let (w, mut redis) = (Workspace::new(db).await, Redis::start());
        let (here, there) = (server(&w, &[&redis], 1).await, server(&w, &[&redis], 2).await);
        let mut news = there.bus.subscribe();
        missed(&mut news).await;
        redis.kill();
        until(|| here.bus.link() == Link::Down && there.bus.link() == Link::Down, "it is lost").await;
        // Into the void, more than is kept: nobody waits for it.
        for _ in 0..10_000 {
            here.tell(Personal::Inbox, vec![w.admin.user_id.expect("a person")]);
        }
        redis.start_again();
        until(|| here.bus.link() == Link::Up && there.bus.link() == Link::Up, "it is back").await;
        missed(&mut news).await;
        here.tell(Personal::Inbox, vec![w.admin.user_id.expect("a person")]);
        assert_eq!(heard(&mut news).await, inbox(&w));
    });
}

#[test]
fn what_redis_is_too_slow_for_is_known_to_be_missed() {
    both(async |db| {
        let (w, redis) = (Workspace::new(db).await, Redis::start());
        let (here, there) = (server(&w, &[&redis], 1).await, server(&w, &[&redis], 2).await);
        let mut news = there.bus.subscribe();
        missed(&mut news).await;
        redis.hang();
        for _ in 0..10_000 {
            here.tell(Personal::Urgent, vec![w.admin.user_id.expect("a person")]);
        }
        redis.go_on();
        missed(&mut news).await;
    });
}

#[test]
fn what_is_said_last_is_heard() {
    both(async |db| {
        let (w, redis) = (Workspace::new(db).await, Redis::start());
        let there = server(&w, &[&redis], 2).await;
        let mut news = there.bus.subscribe();
        let settings = Settings::of(Some(&redis.url()), None).expect("addresses").expect("some");
        let (bus, mut line) = link(&settings, Uuid::from_u128(1), Arc::default());
        let here = Services { bus, ..w.services.clone() };
        let stop = CancellationToken::new();
        let following = tokio::spawn({
            let (here, stop) = (here.clone(), stop.clone());
            async move { line.follow(here, stop).await }
        });
        until(|| here.bus.link() == Link::Up, "it is connected").await;
        here.tell(Personal::Inbox, vec![w.admin.user_id.expect("a person")]);
        stop.cancel();
        timeout(PATIENCE, following).await.expect("it ends").expect("without a panic");
        assert_eq!(heard(&mut news).await, inbox(&w));
    });
}

#[test]
fn one_that_takes_connections_and_says_nothing_counts_as_lost() {
    both(async |db| {
        let (w, redis) = (Workspace::new(db).await, Redis::start());
        let here = server(&w, &[&redis], 1).await;
        redis.hang();
        until(|| here.bus.link() == Link::Down, "it is lost").await;
        redis.go_on();
        until(|| here.bus.link() == Link::Up, "it is back").await;
    });
}

#[test]
fn of_a_cluster_any_node_will_do_and_the_next_when_it_dies() {
    both(async |db| {
        let (w, mut nodes) = (Workspace::new(db).await, Redis::cluster());
        let (here, there) =
            (server(&w, &[&nodes[0], &nodes[1]], 1).await, server(&w, &[&nodes[2], &nodes[3]], 2).await);
        let mut news = there.bus.subscribe();
        here.tell(Personal::Inbox, vec![w.admin.user_id.expect("a person")]);
        assert_eq!(heard(&mut news).await, inbox(&w), "nodes pass it on");
        nodes[0].kill();
        until(|| here.bus.link() == Link::Down, "its node is lost").await;
        until(|| here.bus.link() == Link::Up, "the next one takes its place").await;
        here.tell(Personal::Inbox, vec![w.admin.user_id.expect("a person")]);
        assert_eq!(heard(&mut news).await, inbox(&w));
    });
}
