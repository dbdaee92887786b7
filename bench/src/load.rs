//! Load: some connections that ask, wait for the answer and ask again.
//!
//! A closed loop: a slow server is asked less often. Latencies under load are those of a machine whose cores are all busy
//! with server and clients; what the server needs by itself is measured with one connection.

use crate::{
    client::{Answer, Connection},
    latencies::Latencies,
    measured::{Alone, Errors, Loaded},
    process::Process,
    scenarios::{Scenario, Turn},
    stage::Stage,
};
use futures::future::join_all;
use std::time::{Duration, Instant};

/// A scenario on a server.
#[derive(Clone, Copy)]
pub struct Load<'l> {
    /// Who is asked.
    pub server: &'l Process,
    /// For what.
    pub scenario: &'l Scenario,
    /// With what.
    pub stage: &'l Stage,
}

/// When it is measured.
#[derive(Clone, Copy)]
struct Window {
    from: Instant,
    until: Instant,
}

#[derive(Default)]
struct Part {
    latencies: Latencies,
    errors: Errors,
}

impl Load<'_> {
    /// Many connections at once.
    pub async fn many(self, connections: usize, warm_up: Duration, span: Duration) -> Loaded {
        let from = Instant::now() + warm_up;
        let window = Window { from, until: from + span };
        let work = join_all((0..connections).map(|connection| self.work(connection, window)));
        let watch = async {
            tokio::time::sleep_until(window.from.into()).await;
            let before = self.server.usage();
            tokio::time::sleep_until(window.until.into()).await;
            (before, self.server.usage())
        };
        let (parts, (before, after)) = futures::join!(work, watch);
        let mut errors = Errors::default();
        let mut latencies = Vec::new();
        for part in parts {
            errors.merge(part.errors);
            latencies.push(part.latencies);
        }
        Loaded {
            latencies: Latencies::sorted(latencies),
            span,
            errors,
            processor: before
                .zip(after)
                .map(|(before, after)| after.processor.saturating_sub(before.processor)),
            memory: after.map(|after| after.memory),
        }
    }

    /// One request after the other by a connection of this number, at least twenty and then as long as `span`.
    pub async fn alone(self, connection: usize, span: Duration) -> Alone {
        let mut asker = Asker::new(self, connection);
        // The first one may fill caches.
        let _ = asker.ask().await;
        let until = Instant::now() + span;
        let mut latencies = Latencies::default();
        let mut length = 0;
        for turn in 0.. {
            if turn >= 20 && Instant::now() >= until {
                break;
            }
            let started = Instant::now();
            // What goes wrong is counted under load.
            if let Ok(answer) = asker.ask().await {
                latencies.add(started.elapsed());
                length = answer.length();
            }
        }
        Alone { latencies: Latencies::sorted([latencies]), length }
    }

    async fn work(self, connection: usize, window: Window) -> Part {
        let mut part = Part::default();
        let mut asker = Asker::new(self, connection);
        while Instant::now() < window.until {
            let started = Instant::now();
            let answered = asker.ask().await;
            let ended = Instant::now();
            // Counted where it ends: what was begun before the window and ends in it stands for what was begun in it
            // and ends after it.
            let counts = ended >= window.from && ended < window.until;
            match answered {
                Ok(_) if counts => part.latencies.add(ended - started),
                Err(words) if counts => part.errors.add(&words),
                Ok(_) | Err(_) => {}
            }
        }
        part
    }
}

/// A connection that asks for a scenario, turn by turn.
pub struct Asker<'l> {
    load: Load<'l>,
    connection: Connection,
    turn: Turn,
}

impl<'l> Asker<'l> {
    /// The connection of this number.
    pub const fn new(load: Load<'l>, connection: usize) -> Self {
        let turn = Turn { connection, number: 0, version: 1 };
        Self { load, connection: Connection::to(load.server.address), turn }
    }

    /// Asks once; an answer other than expected comes back as its words.
    pub async fn ask(&mut self) -> Result<Answer, String> {
        let Load { scenario, stage, .. } = self.load;
        let ask = (scenario.ask)(stage, &self.turn);
        self.turn.number += 1;
        let answer = self.connection.send(&ask).await.map_err(|error| format!("{error:#}"))?;
        if answer.status != scenario.expects {
            return Err(answer.words());
        }
        if let Some(version) = answer.version() {
            self.turn.version = version;
        }
        Ok(answer)
    }
}
