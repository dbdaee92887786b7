//! How many SQL statements a request costs: the server's log tells how many it has run so far, after each request.
//!
//! What is streamed after an answer's head counts, too, because the number is taken from the line of a later request,
//! which runs none itself. The server must have nothing else to do meanwhile.

use crate::{
    client::{Ask, Connection},
    load::{Asker, Load},
    process::Process,
};
use anyhow::{Context as _, Result};
use hyper::StatusCode;
use std::time::Duration;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::ChildStderr,
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
};

/// A request that runs no statement.
const QUIET: &str = "/api/health/live";
/// Requests of each scenario that are looked at, after one that fills the caches.
const LOOKED_AT: usize = 5;
/// How long a line of the log may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The running total.
pub struct Statements {
    totals: UnboundedReceiver<Option<u64>>,
    connection: Connection,
}

impl Statements {
    /// Of a server that was started to tell it.
    pub fn of(server: &mut Process) -> Result<Self> {
        let log = server.take_log().context("the server's log is not read")?;
        let (sender, totals) = unbounded_channel();
        tokio::spawn(read(log, sender));
        Ok(Self { totals, connection: Connection::to(server.address) })
    }

    /// The most that one of some requests costs; `None` from a server that does not tell, or that answers otherwise than
    /// expected.
    pub async fn cost(&mut self, load: Load<'_>) -> Result<Option<u64>> {
        let mut asker = Asker::new(load, 0);
        let _ = asker.ask().await;
        let mut most = 0;
        for _ in 0..LOOKED_AT {
            let before = self.total().await?;
            let answered = asker.ask().await;
            let Some((before, after)) = before.zip(self.total().await?) else { return Ok(None) };
            if answered.is_err() {
                return Ok(None);
            }
            most = most.max(after - before);
        }
        Ok(Some(most))
    }

    async fn total(&mut self) -> Result<Option<u64>> {
        self.connection.expect(StatusCode::OK, &Ask::get(QUIET)).await?;
        let told = tokio::time::timeout(PATIENCE, self.totals.recv()).await;
        told.context("the server's log does not tell of requests")?.context("the server's log has ended")
    }
}

/// Reads on while nobody asks: a server whose log is not read stands still.
async fn read(log: ChildStderr, sender: UnboundedSender<Option<u64>>) {
    let mut lines = BufReader::new(log).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(line) = quiet(&line)
            && sender.send(line["statements"].as_u64()).is_err()
        {
            return;
        }
    }
}

/// The line, if it is a quiet request's.
fn quiet(line: &str) -> Option<serde_json::Value> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    (line["span"]["path"] == QUIET).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::quiet;

    #[test]
    fn a_line_tells_the_total_of_its_moment() {
        let line = r#"{"level":"DEBUG","status":200,"micros":41,"statements":17,"message":"answered",
            "target":"server::http::arrival","span":{"id":"0","method":"GET","path":"/api/health/live","name":"request"}}"#;
        assert_eq!(quiet(line).and_then(|line| line["statements"].as_u64()), Some(17));
        assert_eq!(quiet(&line.replace("/api/health/live", "/api/projects")), None);
        assert_eq!(quiet("not JSON"), None);
    }
}
