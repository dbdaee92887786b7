//! Which SQL statements a request costs, as the server's log tells: a line for each statement.
//!
//! Statements are taken from the log between two requests that run none themselves, so that what is streamed after an
//! answer's head counts, too. The server must have nothing else to do meanwhile; what its jobs run is told apart by their
//! span.

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

/// What the server has to log for it.
pub const LOG: &str = "sqlx::query=debug,server::http::arrival=debug,server::jobs=info";

/// A request that runs no statement.
const QUIET: &str = "/api/health/live";
/// Requests of each scenario that are looked at, after one that fills the caches.
const LOOKED_AT: usize = 5;
/// How long a line of the log may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the log tells.
pub struct Statements {
    events: UnboundedReceiver<Event>,
    connection: Connection,
}

#[derive(Debug, PartialEq, Eq)]
enum Event {
    /// A statement was run for a request; its first words.
    Statement(String),
    /// The quiet request was answered.
    Quiet,
}

impl Statements {
    /// Of a server that was started to tell it.
    pub fn of(server: &mut Process) -> Result<Self> {
        let log = server.take_log().context("the server's log is not read")?;
        let (sender, events) = unbounded_channel();
        tokio::spawn(read(log, sender));
        Ok(Self { events, connection: Connection::to(server.address) })
    }

    /// Those of the most expensive one of some requests; `None` if one is answered otherwise than expected.
    pub async fn cost(&mut self, load: Load<'_>) -> Result<Option<Vec<String>>> {
        let mut asker = Asker::new(load, 0);
        let _ = asker.ask().await;
        self.since().await?;
        let mut most = Vec::new();
        for _ in 0..LOOKED_AT {
            if asker.ask().await.is_err() {
                return Ok(None);
            }
            let these = self.since().await?;
            if these.len() > most.len() {
                most = these;
            }
        }
        Ok(Some(most))
    }

    /// The statements since this was asked last.
    async fn since(&mut self) -> Result<Vec<String>> {
        self.connection.expect(StatusCode::OK, &Ask::get(QUIET)).await?;
        let mut found = Vec::new();
        loop {
            let event = tokio::time::timeout(PATIENCE, self.events.recv()).await;
            let event = event.context("the server's log does not tell of requests")?;
            match event.context("the server's log has ended")? {
                Event::Statement(words) => found.push(words),
                Event::Quiet => return Ok(found),
            }
        }
    }
}

/// Reads on while nobody asks: a server whose log is not read stands still.
async fn read(log: ChildStderr, sender: UnboundedSender<Event>) {
    let mut lines = BufReader::new(log).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(event) = event(&line)
            && sender.send(event).is_err()
        {
            return;
        }
    }
}

fn event(line: &str) -> Option<Event> {
    let line: serde_json::Value = serde_json::from_str(line).ok()?;
    if line["span"]["path"] == QUIET && line["message"] == "answered" {
        return Some(Event::Quiet);
    }
    let words = line["summary"].as_str().filter(|_| line["target"] == "sqlx::query")?;
    // A connection's settings, when one more is opened.
    if words.starts_with("PRAGMA") || line["span"]["name"] == "job" {
        return None;
    }
    Some(Event::Statement(words.trim_end_matches(" …").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Event, event};

    fn line(summary: &str, span: &str) -> String {
        format!(
            r#"{{"level":"DEBUG","summary":"{summary}","target":"sqlx::query","span":{{"name":"{span}"}}}}"#
        )
    }

    #[test]
    fn statements_of_requests_are_told_from_those_of_jobs() {
        let select = Event::Statement("SELECT value FROM counter".into());
        assert_eq!(event(&line("SELECT value FROM counter …", "request")), Some(select));
        assert_eq!(event(&line("SELECT seq, topic, payload …", "job")), None);
        assert_eq!(event(&line("PRAGMA journal_mode = WAL; …", "request")), None);
    }

    #[test]
    fn the_line_of_the_quiet_request_ends_the_others() {
        let quiet = r#"{"level":"DEBUG","status":200,"micros":41,"message":"answered",
            "target":"server::http::arrival","span":{"id":"0","path":"/api/health/live","name":"request"}}"#;
        assert_eq!(event(quiet), Some(Event::Quiet));
        assert_eq!(event(&quiet.replace("/api/health/live", "/api/projects")), None);
        assert_eq!(event("not JSON"), None);
    }
}
