//! A server that runs beside us: started, watched, stopped.

use crate::usage::{self, Usage};
use anyhow::{Context as _, Result, bail, ensure};
use std::{
    net::SocketAddr,
    process::Stdio,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, ChildStderr, ChildStdout, Command},
};

/// How long it may take to start (an upgrade of a large database may be part of it) and to stop.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server; killed when it is dropped.
pub struct Process {
    child: Child,
    pid: u32,
    /// Where it serves.
    pub address: SocketAddr,
    /// Kept open: a server that can't print may stop.
    _out: BufReader<ChildStdout>,
}

impl Process {
    /// Starts it and waits until it prints where it serves.
    pub async fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .context("the server could not be started")?;
        let pid = child.id().context("the server ended at once")?;
        let mut out = BufReader::new(child.stdout.take().context("the server has no output")?);
        let printed = tokio::time::timeout(PATIENCE, announced(&mut out)).await;
        let address = printed.context("the server did not say where it serves")??;
        Ok(Self { child, pid, address, _out: out })
    }

    /// Its log, if it was started with one that is read.
    pub fn take_log(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// What it has used up to now.
    pub fn usage(&self) -> Option<Usage> {
        usage::of(self.pid)
    }

    /// Asks it to stop and waits; gives how long it took.
    pub async fn stop(mut self) -> Result<Duration> {
        let started = Instant::now();
        let asked = Command::new("kill").arg("-TERM").arg(self.pid.to_string()).status().await;
        ensure!(asked.context("kill")?.success(), "the server was not there any more");
        let stopped = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = stopped.context("the server did not stop")??;
        ensure!(status.success(), "the server ended with {status}");
        Ok(started.elapsed())
    }
}

async fn announced(out: &mut BufReader<ChildStdout>) -> Result<SocketAddr> {
    let mut line = String::new();
    while out.read_line(&mut line).await? > 0 {
        if let Some(address) = address_in(&line) {
            return Ok(address);
        }
        line.clear();
    }
    bail!("the server ended without saying where it serves");
}

/// The address in a line such as `PMS serves http://127.0.0.1:41873`.
fn address_in(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once("http://")?;
    rest.split(|c: char| c == '/' || c.is_whitespace()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::address_in;

    #[test]
    fn the_address_is_read_from_what_the_server_prints() {
        let there = "127.0.0.1:41873".parse().ok();
        assert_eq!(address_in("PMS serves http://127.0.0.1:41873\n"), there);
        assert_eq!(address_in("http://127.0.0.1:41873/set-up?token=abc"), there);
        assert_eq!(address_in("Nobody has an account yet. Open this link within 24 hours:"), None);
        assert_eq!(address_in("http://localhost:3000"), None);
    }
}
