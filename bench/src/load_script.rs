//! The load script of the readiness report that PMS is measured by, as it is written there for k6: people who sign in,
//! look at the projects with the bearer token, create one with the cookie, and wait in between.
//!
//! Like k6 it keeps a connection for each person, empties the cookie jar before each round, and goes on after a failure
//! with whatever it got.

use crate::{
    client::{Answer, Ask, Connection},
    latencies::{Latencies, Sorted},
    machine,
    measured::Errors,
    pms::PASSWORD,
    stage::ADMIN,
};
use anyhow::Result;
use futures::future::join_all;
use hyper::{StatusCode, header};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// Its name on the command line.
pub const NAME: &str = "load-script";
/// What it is.
pub const WHAT: &str = "the readiness report's load script: sign in, list, create, up to 200 people";

/// Minutes, and how many people there are at their end.
const STAGES: [(u32, u32); 5] = [(2, 100), (5, 100), (2, 200), (5, 200), (2, 0)];
const MOST: u32 = 200;

/// The three requests of a round.
pub const STEPS: [&str; 3] = ["sign in", "list projects", "create project"];

/// What came of one step, or of all.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How long its requests took, failed ones among them, as k6 counts.
    pub latencies: Sorted,
    /// Those that failed.
    pub errors: Errors,
}

impl Outcome {
    /// The part that failed, from 0 to 1.
    pub fn failed(&self) -> f64 {
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        if self.errors.count() == 0 { 0.0 } else { count(self.errors.count()) / count(self.latencies.len()) }
    }
}

/// What came of the script.
#[derive(Debug)]
pub struct ScriptRun {
    /// By step, as [`STEPS`] names them.
    pub steps: [Outcome; 3],
    /// Of all requests.
    pub all: Outcome,
    /// How long it ran.
    pub span: Duration,
}

/// Runs it; a minute of the script takes `minute`. The pauses are never shortened.
pub async fn run(address: SocketAddr, minute: Duration) -> ScriptRun {
    let started = Instant::now();
    let people = (0..MOST).map(|number| Person::new(address, number, started, minute).stay());
    let mut steps: [Vec<Taken>; 3] = std::array::from_fn(|_| Vec::new());
    for taken in join_all(people).await {
        for (all, one) in steps.iter_mut().zip(taken) {
            all.push(one);
        }
    }
    let every = steps.iter().flatten().cloned().collect();
    ScriptRun { steps: steps.map(outcome), all: outcome(every), span: started.elapsed() }
}

fn outcome(taken: Vec<Taken>) -> Outcome {
    let mut errors = Errors::default();
    let mut latencies = Vec::new();
    for Taken { latencies: some, errors: these } in taken {
        latencies.push(some);
        errors.merge(these);
    }
    Outcome { latencies: Latencies::sorted(latencies), errors }
}

/// How many people there are at this moment of the script; `None` after its end.
fn people_at(minutes: f64) -> Option<f64> {
    let (mut begin, mut before) = (0.0, 0.0);
    for (length, target) in STAGES {
        let (length, target) = (f64::from(length), f64::from(target));
        if minutes < begin + length {
            return Some(before + (target - before) * (minutes - begin) / length);
        }
        (begin, before) = (begin + length, target);
    }
    None
}

#[derive(Clone, Default)]
struct Taken {
    latencies: Latencies,
    errors: Errors,
}

struct Person {
    number: f64,
    started: Instant,
    minute: Duration,
    connection: Connection,
    taken: [Taken; 3],
}

impl Person {
    fn new(address: SocketAddr, number: u32, started: Instant, minute: Duration) -> Self {
        let connection = Connection::to(address);
        Self { number: f64::from(number), started, minute, connection, taken: Default::default() }
    }

    async fn stay(mut self) -> [Taken; 3] {
        while let Some(people) = people_at(self.started.elapsed().as_secs_f64() / self.minute.as_secs_f64()) {
            if self.number < people {
                self.round().await;
            } else {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        self.taken
    }

    async fn round(&mut self) {
        let sign_in = Ask::form("/api/auth/signin", &[("username", ADMIN), ("password", PASSWORD)]);
        let signed_in = self.step(0, StatusCode::OK, &sign_in).await.ok();
        let token = signed_in.as_ref().map(Answer::text).unwrap_or_default();
        let cookie = signed_in.as_ref().and_then(Answer::cookie);
        let with_jar = |ask: Ask| match &cookie {
            Some(cookie) => ask.with(header::COOKIE, cookie),
            None => ask,
        };
        tokio::time::sleep(Duration::from_secs(1)).await;
        let list = Ask::get("/api/projects").with(header::AUTHORIZATION, &format!("Bearer {token}"));
        let _ = self.step(1, StatusCode::OK, &with_jar(list)).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let name = format!("Project {}", machine::millis());
        let create = Ask::form("/api/projects", &[("name", name.as_str()), ("description", "Test")]);
        let _ = self.step(2, StatusCode::CREATED, &with_jar(create)).await;
        tokio::time::sleep(Duration::from_secs(3)).await;
    }

    async fn step(&mut self, step: usize, expected: StatusCode, ask: &Ask) -> Result<Answer> {
        let started = Instant::now();
        let answered = self.connection.send(ask).await;
        let taken = &mut self.taken[step];
        taken.latencies.add(started.elapsed());
        match &answered {
            Ok(answer) if answer.status == expected => {}
            Ok(answer) => taken.errors.add(&answer.words()),
            Err(error) => taken.errors.add(&format!("{error:#}")),
        }
        answered
    }
}

#[cfg(test)]
mod tests {
    use super::people_at;

    #[test]
    fn people_come_and_go_as_the_script_says() {
        for (minutes, people) in
            [(0.0, 0.0), (1.0, 50.0), (4.0, 100.0), (8.0, 150.0), (10.0, 200.0), (15.0, 100.0)]
        {
            assert_eq!(people_at(minutes), Some(people), "after {minutes} minutes");
        }
        assert_eq!(people_at(16.0), None);
    }
}
