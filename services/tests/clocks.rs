//! Several servers on one database, whose machines' clocks differ.

mod project_stories;
mod urgent_stories;

use domain::{
    delivery::{Channel, DeliveryState, Message, NewDelivery},
    ids::{DeliveryId, DeviceId, EpisodeId},
    session::SignIn,
    time::Timestamp,
    urgent::{Policy, Step, Way, Who},
};
use services::{
    Services, clocks, deliveries, devices,
    idempotency::{self, Begin},
    ports::{
        answer::Turn,
        clock::{Clock, FixedClock, SharedClock, SystemClock},
    },
    sessions::{self, RequestContext},
    sign_in::{SignInContext, sign_in},
    urgent,
};
use std::{sync::Arc, time::Duration};
use store::db::Dialect;
use testkit::{Scripts, Workspace, both, scripts::armed, workspace::PASSWORD};
use urgent_stories::{Stage, because};

/// A server, and its machine's clock, which stands still until it is moved.
struct Server {
    services: Services,
    machine: Arc<FixedClock>,
}

struct Machine(Arc<FixedClock>);

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        self.0.now()
    }
}

impl Server {
    /// Of the workspace, on a machine whose clock is so many seconds ahead of the others'.
    fn new(w: &Workspace, ahead: i64) -> Self {
        let machine = Arc::new(FixedClock::at(w.services.now().plus_seconds(ahead)));
        let clock = Arc::new(SharedClock::new(Machine(Arc::clone(&machine))));
        Self { services: Services { clock, ..w.services.clone() }, machine }
    }

    /// Rings what is due.
    async fn ring(&self) {
        while urgent::tick(&self.services).await.expect("a round") > 0 {}
    }
}

/// Lets so many seconds go by on all machines.
fn pass(servers: &[&Server], seconds: i64) {
    for server in servers {
        server.machine.advance_seconds(seconds);
    }
}

#[test]
fn servers_go_by_the_time_of_their_database_whatever_their_machines_say() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let (here, there) = (Server::new(&w, 0).services, Server::new(&w, 60 * 60).services);
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
        let server = Services { clock: Arc::new(SharedClock::new(SystemClock)), ..w.services.clone() };
        assert_eq!(clocks::follow(&server).await.expect("a look"), 0);
        assert_eq!(server.clock.ahead(), 0);
    });
}

/// Queues a mail to the administrator.
async fn queue(services: &Services, w: &Workspace) -> DeliveryId {
    let to = w.admin.user_id.expect("a person");
    let message = Message { title: "You are assigned".into(), text: "A task.".into(), ..Message::default() };
    let mut tx = services.db.write().await.expect("a transaction");
    let new = [NewDelivery::to(to, Channel::Email, "assigned", message)];
    let queued = deliveries::queue(services, &mut tx, &new).await.expect("queued");
    tx.commit().await.expect("committed");
    queued[0].id
}

async fn state(services: &Services, id: DeliveryId) -> DeliveryState {
    let mut tx = services.db.peek().await.expect("a connection");
    store::deliveries::find(&mut tx, id).await.expect("a read").expect("it is there").state
}

#[test]
fn what_one_server_sends_no_other_sends_before_its_lease_ends_by_every_clock() {
    both(|db| async move {
        let mut w = Workspace::new(db).await;
        let out = Scripts::on(&mut w.services);
        w.services.outlets.patience = Duration::from_secs(10);
        let longest = i64::try_from(w.services.outlets.patience(Channel::Email).as_secs()).expect("it fits");
        for apart in [clocks::BORNE - 1, 1 - clocks::BORNE] {
            let (here, there) = (Server::new(&w, 0), Server::new(&w, apart));
            let round = async |server: &Server| deliveries::round(&server.services, Channel::Email).await;
            let sent = out.mail.sent().len();
            out.mail.then(Turn::Hangs);
            let id = queue(&here.services, &w).await;
            let services = here.services.clone();
            let sending = tokio::spawn(async move { deliveries::round(&services, Channel::Email).await });
            let hangs = async {
                while out.mail.sent().len() == sent {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(Duration::from_secs(10), hangs).await.expect("it is on its way");
            // As long as it may still be sent here, nobody else takes it.
            for _ in 0..2 {
                assert_eq!(round(&there).await, Ok(0), "{apart}");
                pass(&[&here, &there], longest / 2);
            }
            assert_eq!(round(&there).await, Ok(0), "{apart}");
            assert_eq!(state(&here.services, id).await, DeliveryState::Sending);
            // Here it never ends. Then somebody takes it, once.
            sending.abort();
            pass(&[&here, &there], 2 * clocks::BORNE);
            assert_eq!((round(&there).await, round(&here).await), (Ok(1), Ok(0)), "{apart}");
            assert_eq!(state(&here.services, id).await, DeliveryState::Sent);
            assert_eq!(out.mail.sent().len(), sent + 2);
        }
    });
}

/// How often it has rung for Mia, and how many push messages she was sent.
async fn rung(stage: &Stage, it: EpisodeId) -> (i64, i64) {
    let alert = stage.alert(it, &stage.mia).await;
    let sent = stage.sent(alert.id).await;
    let pushes = sent.iter().filter(|sent| sent.channel == Channel::Push).count();
    (alert.rounds, i64::try_from(pushes).expect("few"))
}

/// It rings at once and then each minute, once, whoever looks first; and if one server dies, the other goes on. If `there` is
/// ahead of `here`, who rings first, the second time comes early by as much, but not before the first.
async fn assert_rings(stage: &Stage, servers: [&Server; 2]) {
    const PAUSE: i64 = 60;
    let [here, there] = servers;
    let it = urgent::raise(&here.services, &stage.bob, stage.project.id, because("The shop is down."));
    let it = it.await.expect("raised").id;
    let early = there.services.now().seconds_since(here.services.now()).clamp(0, PAUSE);
    for second in (0..8 * PAUSE).step_by(10) {
        let [first, last] = if second % 20 == 0 { [here, there] } else { [there, here] };
        first.ring().await;
        last.ring().await;
        let rings = 1 + (second + early) / PAUSE;
        assert_eq!(rung(stage, it).await, (rings, rings), "after {second} seconds");
        pass(&servers, 10);
    }
    // It is due again by the clock that is ahead. Where only the other server is left, it rings when that says so.
    let (ahead, behind) =
        if here.services.now() > there.services.now() { (here, there) } else { (there, here) };
    let apart = ahead.services.now().seconds_since(behind.services.now());
    let (before, _) = rung(stage, it).await;
    for _ in (0..apart + PAUSE).step_by(10) {
        behind.ring().await;
        pass(&servers, 10);
    }
    assert_eq!(rung(stage, it).await.0, before + 1, "it is not late by more than clocks differ");
    urgent::resolve(&here.services, &stage.bob, it, "").await.expect("over");
}

#[test]
fn an_urgent_alert_rings_once_and_in_time_whatever_the_clocks_of_two_servers_say() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let device = DeviceId(stage.s().ids.id());
        devices::report(stage.s(), &stage.mia, device, armed("Firefox")).await.expect("reported");
        // Nothing but the first step comes while anybody looks.
        let step = |after_seconds, way| Step { after_seconds, who: Who::Members, ways: vec![way] };
        let steps = vec![step(0, Way::Push), step(60 * 60, Way::Email)];
        stage.set_policy(Policy { steps, ..Policy::default() }).await;
        for apart in [40, -40, clocks::BORNE - 1, 1 - clocks::BORNE] {
            assert_rings(&stage, [&Server::new(&stage.w, 0), &Server::new(&stage.w, apart)]).await;
            // A project is raised three times in an hour at the most.
            stage.w.clock.advance_seconds(60 * 60);
        }
        if stage.s().db.dialect() == Dialect::Sqlite {
            return;
        }
        // However far apart they are, servers of one database soon go by its time.
        for apart in [60 * 60, -60 * 60] {
            let servers = [Server::new(&stage.w, 0), Server::new(&stage.w, apart)];
            for server in &servers {
                clocks::follow(&server.services).await.expect("a look");
            }
            assert_rings(&stage, [&servers[0], &servers[1]]).await;
        }
    });
}
