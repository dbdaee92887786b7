//! Whole episodes in virtual time. Whatever happens in them (people answer, come and go, it is suspended, the server is
//! down, its clock jumps, two servers run), whoever has to answer is alerted again in time, and nobody is after they have.

mod project_stories;
mod urgent_stories;

use domain::{
    ids::EpisodeId,
    limits::urgent as limits,
    urgent::{AlertState, EpisodeState},
};
use proptest::{
    prelude::*,
    strategy::ValueTree as _,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use services::{Actor, urgent};
use std::collections::HashMap;
use testkit::both;
use urgent_stories::{Stage, because, id};

const EPISODES: usize = 6;
const PEOPLE: usize = 3;

#[derive(Clone, Copy, Debug)]
enum Act {
    Acknowledge(usize),
    Join(usize),
    Leave(usize),
    /// Time goes by, with one server or two.
    Pass {
        seconds: i64,
        servers: bool,
    },
    /// Time goes by without a server.
    Down(i64),
    /// The clock is put forward or back.
    Jump(i64),
    /// It is silenced for so long.
    Suspend(i64),
    Resume,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        2 => (0..PEOPLE).prop_map(Act::Acknowledge),
        2 => (0..PEOPLE).prop_map(Act::Join),
        2 => (0..PEOPLE).prop_map(Act::Leave),
        4 => (30_i64..900, any::<bool>()).prop_map(|(seconds, servers)| Act::Pass { seconds, servers }),
        1 => (60_i64..20_000).prop_map(Act::Down),
        1 => (60_i64..2_000).prop_map(Act::Suspend),
        1 => Just(Act::Resume),
        1 => prop_oneof![(-20_000_i64..-200), (200_i64..20_000)].prop_map(Act::Jump),
    ]
}

/// What is known of one person.
#[derive(Clone, Copy, Default)]
struct Known {
    member: bool,
    answered: bool,
    rounds: i64,
    /// Seconds with a running server since their alert last rang.
    silent: i64,
}

struct Play<'s> {
    stage: &'s Stage,
    people: &'s [Actor],
    it: EpisodeId,
    known: Vec<Known>,
    over: bool,
}

impl Play<'_> {
    async fn act(&mut self, act: Act) {
        let stage = self.stage;
        match act {
            Act::Acknowledge(who) => {
                if let Some(alert) = stage.alert_if_any(self.it, &self.people[who]).await
                    && alert.state == AlertState::Ringing
                    && self.known[who].member
                {
                    let actor = stage.w.refresh(&self.people[who]).await;
                    stage.acknowledge(self.it, &actor).await;
                    self.known[who].answered = true;
                }
            }
            Act::Join(who) if !self.known[who].member => {
                stage.join(&self.people[who], "Member").await;
                self.known[who].member = true;
                self.known[who].silent = 0;
            }
            Act::Leave(who) if self.known[who].member => {
                stage.part(&self.people[who]).await;
                self.known[who].member = false;
            }
            Act::Join(_) | Act::Leave(_) => {}
            Act::Pass { seconds, servers } => self.pass(seconds, servers).await,
            Act::Suspend(seconds) => {
                let until = (stage.s().now().plus_seconds(seconds), "Known.");
                urgent::suspend(stage.s(), &stage.w.admin, self.it, until).await.expect("suspended");
            }
            Act::Resume => {
                urgent::resume(stage.s(), &stage.w.admin, self.it).await.expect("resumed");
            }
            Act::Down(seconds) | Act::Jump(seconds) => stage.w.clock.advance_seconds(seconds),
        }
    }

    async fn pass(&mut self, seconds: i64, two: bool) {
        const STEP: i64 = 15;
        for _ in 0..=seconds / STEP {
            if two {
                let (one, other) = tokio::join!(urgent::tick(self.stage.s()), urgent::tick(self.stage.s()));
                one.and(other).expect("ticks");
            }
            self.stage.tick().await;
            self.check().await;
            self.stage.w.clock.advance_seconds(STEP);
            for known in &mut self.known {
                known.silent += STEP;
            }
        }
    }

    /// Asked after each tick.
    async fn check(&mut self) {
        let alerts = urgent::alerts(self.stage.s(), &self.stage.w.admin, self.it).await.expect("the alerts");
        let alerts: HashMap<_, _> = alerts.into_iter().map(|alert| (alert.user.id, alert)).collect();
        let suspended = self.stage.episode(self.it).await.state == EpisodeState::Suspended;
        assert_eq!(
            queued_in_vain(self.stage, self.it).await,
            0,
            "what does not ring is not sent later either"
        );
        for (known, person) in self.known.iter_mut().zip(self.people) {
            let alert = alerts.get(&id(person));
            let rounds = alert.map_or(0, |alert| alert.rounds);
            let rings = alert.is_some_and(|alert| alert.state == AlertState::Ringing);
            assert_eq!(
                rings,
                known.member && !known.answered && !self.over,
                "whoever has to answer rings, and nobody else"
            );
            if rounds < known.rounds {
                // Whoever comes back begins anew.
                known.rounds = 0;
            }
            let more = rounds - known.rounds;
            assert!((0..=1).contains(&more), "one at a time, not what was missed");
            assert!(more == 0 || rings, "nobody is alerted who has answered or left");
            assert!(more == 0 || !suspended, "a suspension is silent");
            if more == 1 || suspended {
                known.silent = 0;
            }
            // The longest pause, and what a clock that goes back may cost once.
            assert!(!rings || known.silent <= limits::EVERY.end() + 120, "silent for {} s", known.silent);
            known.rounds = rounds;
        }
    }
}

/// Messages that wait to be sent about alerts that do not ring.
async fn queued_in_vain(stage: &Stage, it: EpisodeId) -> i64 {
    let mut tx = stage.s().db.read().await.expect("a transaction");
    let (count,): (i64,) = tx
        .sql(
            "SELECT COUNT(*)
             FROM alert a
             JOIN episode e ON e.id = a.episode_id
             JOIN delivery d ON d.reference = a.id
             WHERE a.episode_id = ? AND d.state = 'queued' AND (a.state <> 0 OR e.state <> 0)",
        )
        .bind(it.uuid())
        .one()
        .await
        .expect("a count");
    count
}

/// The same acts on both engines.
fn episodes() -> Vec<Vec<Act>> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[8; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let acts = prop::collection::vec(act(), 12..20);
    (0..EPISODES).map(|_| acts.new_tree(&mut runner).expect("acts").current()).collect()
}

#[test]
fn whatever_happens_each_alert_rings_until_its_person_answers() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.push(stage.w.user(&format!("p{number}"), "Member").await);
        }
        for (number, acts) in episodes().into_iter().enumerate() {
            println!("episode {number}: {acts:?}");
            stage.w.clock.advance_seconds(7_200);
            let known = play(&stage, &people, acts).await;
            for (known, person) in known.iter().zip(&people) {
                if known.member {
                    stage.part(person).await;
                }
            }
        }
    });
}

async fn play(stage: &Stage, people: &[Actor], acts: Vec<Act>) -> Vec<Known> {
    let it =
        urgent::raise(stage.s(), &stage.bob, stage.project.id, because("Down.")).await.expect("raised").id;
    let mut play = Play { stage, people, it, known: vec![Known::default(); people.len()], over: false };
    for act in acts {
        play.act(act).await;
    }
    play.pass(900, true).await;
    urgent::resolve(stage.s(), &stage.bob, it, "").await.expect("over");
    play.over = true;
    play.pass(900, true).await;
    play.known
}
