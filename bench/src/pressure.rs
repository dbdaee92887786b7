//! What a server does under pressure that lasts, that comes at once, and that costs a core each: a steady load for minutes
//! with its memory, ten times that load for a while, and people who all sign in at the same time while others read.
//!
//! Requests are sent when they are due, whether those before were answered or not, as people do who know nothing of each
//! other; what a request waited because its connection was still busy is part of its time.

use crate::{
    arguments::Tier,
    client::{Ask, Connection},
    latencies::{Latencies, Sorted},
    machine::Machine,
    pms::{PASSWORD, Pms},
    process::Process,
    results_file, say,
    stage::{ADMIN, Caller, MEMBER, Stage},
};
use anyhow::{Context as _, Result};
use hyper::{StatusCode, header, header::HeaderName};
use serde::Deserialize;
use std::{
    fmt::Write as _,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    task::JoinSet,
    time::{sleep, sleep_until},
};

/// Requests a second that people send all the time.
const STEADY: u32 = 100;
/// How many connections share a load, for each request a second: as many as it takes that those of a spike come whether
/// earlier ones were answered or not, and more of them at once than the server lets in.
const CONNECTIONS: u32 = 4;
/// How long the tenfold load lasts, and what is looked at before and after it.
const SPIKE: Duration = Duration::from_secs(10);
/// Sign-ins a second, and for how long each kind of them.
const SIGN_INS: u32 = 200;
const STORM: Duration = Duration::from_secs(15);
/// Lines of the memory's curve.
const POINTS: u32 = 20;

/// What was answered to a load.
#[derive(Default)]
struct Answered {
    /// When each was due, since the beginning, its status (0 without an answer) and how long it took.
    all: Vec<(Duration, u16, Duration)>,
}

impl Answered {
    fn count(&self, status: impl Fn(u16) -> bool) -> usize {
        self.all.iter().filter(|(_, is, _)| status(*is)).count()
    }

    /// Of those that were answered well and due in this span.
    fn within(&self, from: Duration, to: Duration) -> Sorted {
        let mut latencies = Latencies::default();
        for (due, status, took) in &self.all {
            if *status == 200 && (from..to).contains(due) {
                latencies.add(*took);
            }
        }
        Latencies::sorted([latencies])
    }

    /// A line of a table: how many well, shed, failed, and how long.
    fn row(&self, what: &str) -> String {
        let good = self.within(Duration::ZERO, Duration::MAX);
        let (shed, all) = (self.count(|status| matches!(status, 429 | 503)), self.all.len());
        format!(
            "| {what} | {all} | {} | {shed} | {} | {:.0} ms | {:.0} ms | {:.0} ms |",
            good.len(),
            all - shed - good.len(),
            good.milliseconds(50),
            good.milliseconds(95),
            good.milliseconds(99)
        )
    }
}

const HEAD: &str = "| load | sent | well | shed (429, 503) | otherwise | p50 | p95 | p99 |\n|---|--:|--:|--:|--:|--:|--:|--:|";

/// Measures the binary and prints; the steady load lasts so many minutes.
pub async fn run(binary: &Path, minutes: u32, write: bool) -> Result<()> {
    let pms = Pms::new(binary)?;
    pms.seed(Tier::S).await?;
    let (server, _) = pms.serve().await?;
    let stage = Stage::set(&pms, server.address).await?;
    say(format_args!("a steady load for {minutes} minutes"));
    let (steady, curve) = soak(&server, &stage, Duration::from_mins(1) * minutes).await?;
    say("ten times as much");
    let spike = spike(server.address, &stage).await;
    say("sign-ins");
    let storms = storms(server.address, &stage).await?;
    server.stop().await?;
    let mut block = format!(
        "{} Tier s on SQLite; client and server share the machine. Reads are `GET /api/v1/tasks` of a member, an address that \
         no cache knows.\n\n{HEAD}\n{}\n",
        Machine::look().heading("pressure", &format!("pressure --minutes {minutes}")),
        steady.row(&format!("{STEADY} reads a second for {minutes} minutes"))
    );
    spike.rows(&mut block)?;
    for (whose, signed_in, reads) in storms {
        let seconds = STORM.as_secs();
        writeln!(
            block,
            "{}",
            signed_in.row(&format!("{SIGN_INS} sign-ins a second for {seconds} s, {whose}"))
        )?;
        writeln!(block, "{}", reads.row(&format!("{STEADY} reads a second meanwhile")))?;
    }
    writeln!(block, "\nMemory under the steady load, MiB (resident; its own):\n")?;
    writeln!(block, "| minute | resident | own |\n|--:|--:|--:|")?;
    for (at, memory) in curve {
        let mib = |bytes: u64| bytes / (1 << 20);
        writeln!(block, "| {:.1} | {} | {} |", at.as_secs_f64() / 60.0, mib(memory.0), mib(memory.1))?;
    }
    results_file::print(&block, write)
}

/// The steady load, and the memory meanwhile: when, all of it, its own.
async fn soak(
    server: &Process,
    stage: &Stage,
    span: Duration,
) -> Result<(Answered, Vec<(Duration, (u64, u64))>)> {
    let load = tokio::spawn(load(server.address, STEADY, span, reads(stage)));
    let begin = Instant::now();
    let mut curve = Vec::new();
    for _ in 0..=POINTS {
        let memory = server.usage().context("this system does not tell what a process uses")?.memory;
        curve.push((begin.elapsed(), (memory.resident, memory.own)));
        sleep(span / POINTS).await;
    }
    Ok((load.await?, curve))
}

struct Spike {
    before: Answered,
    peak: Answered,
    after: Answered,
}

impl Spike {
    fn rows(&self, block: &mut String) -> Result<()> {
        let seconds = SPIKE.as_secs();
        writeln!(block, "{}", self.before.row(&format!("{STEADY} a second for {seconds} s")))?;
        writeln!(block, "{}", self.peak.row(&format!("{} a second for {seconds} s", STEADY * 10)))?;
        writeln!(block, "{}", self.after.row(&format!("{STEADY} a second for {seconds} s after it")))?;
        for second in 0..5 {
            let from = Duration::from_secs(second);
            let good = self.after.within(from, from + Duration::from_secs(1));
            let what = format!("second {} after it", second + 1);
            writeln!(
                block,
                "| {what} | | {} | | | {:.0} ms | {:.0} ms | {:.0} ms |",
                good.len(),
                good.milliseconds(50),
                good.milliseconds(95),
                good.milliseconds(99)
            )?;
        }
        Ok(())
    }
}

async fn spike(address: SocketAddr, stage: &Stage) -> Spike {
    Spike {
        before: load(address, STEADY, SPIKE, reads(stage)).await,
        peak: load(address, STEADY * 10, SPIKE, reads(stage)).await,
        after: load(address, STEADY, SPIKE, reads(stage)).await,
    }
}

/// Sign-ins of one account, of many people in one place, and of many people who are each somewhere else.
async fn storms(address: SocketAddr, stage: &Stage) -> Result<Vec<(String, Answered, Answered)>> {
    let everybody = usernames(address).await?;
    let people = everybody.len();
    let mut storms = Vec::new();
    for (whose, usernames, places) in [
        ("of one account".to_owned(), vec![ADMIN.to_owned()], 1),
        (format!("of {people} people at one address"), everybody.clone(), 1),
        (format!("of {people} people at 1,000 addresses"), everybody, 1_000),
    ] {
        let sign_ins = load(address, SIGN_INS, STORM, sign_ins(usernames, places));
        let (signed_in, reads) = tokio::join!(sign_ins, load(address, STEADY, STORM, reads(stage)));
        storms.push((whose, signed_in, reads));
    }
    Ok(storms)
}

/// The names of people who can sign in with [`PASSWORD`].
async fn usernames(address: SocketAddr) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Users {
        items: Vec<User>,
    }
    #[derive(Deserialize)]
    struct User {
        username: String,
    }
    let mut admin = Caller::sign_in(address, ADMIN, PASSWORD).await?;
    let users = admin.call(StatusCode::OK, Ask::get("/api/v1/users?limit=100")).await?.json::<Users>()?;
    Ok(users.items.into_iter().map(|user| user.username).filter(|name| name != MEMBER).collect())
}

/// Sign-ins of these people in turn, each from the next of so many addresses.
fn sign_ins(usernames: Vec<String>, places: usize) -> impl Fn(u64) -> Ask + Clone + Send + 'static {
    let names = Arc::new(usernames);
    let next = Arc::new(AtomicUsize::new(0));
    move |_| {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let (name, place) = (&names[number % names.len()], number % places);
        let from = format!("10.{}.{}.7", place / 256, place % 256);
        Ask::form("/api/auth/signin", &[("username", name), ("password", PASSWORD)])
            .with(HeaderName::from_static("x-forwarded-for"), &from)
    }
}

/// A list that no cache knows, each time another address.
fn reads(stage: &Stage) -> impl Fn(u64) -> Ask + Clone + Send + 'static {
    let cookie = stage.cookie.clone();
    move |number| Ask::get(format!("/api/v1/tasks?limit=50&_={number}")).with(header::COOKIE, &cookie)
}

/// So many requests a second, for this long.
async fn load(
    address: SocketAddr,
    rate: u32,
    span: Duration,
    ask: impl Fn(u64) -> Ask + Clone + Send + 'static,
) -> Answered {
    let connections = rate * CONNECTIONS;
    let each = Duration::from_secs(1) * connections / rate;
    let begin = tokio::time::Instant::now();
    let mut lines = JoinSet::new();
    for line in 0..connections {
        let ask = ask.clone();
        lines.spawn(async move {
            let mut connection = Connection::to(address);
            let mut all = Vec::new();
            let mut due = each * line / connections;
            while due < span {
                sleep_until(begin + due).await;
                let number = u64::try_from(due.as_nanos()).unwrap_or(u64::MAX);
                let answer = connection.send(&ask(number)).await;
                let status = answer.map_or(0, |answer| answer.status.as_u16());
                all.push((due, status, begin.elapsed().saturating_sub(due)));
                due += each;
            }
            all
        });
    }
    Answered { all: lines.join_all().await.into_iter().flatten().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shed_is_told_apart_from_what_failed() {
        let second = Duration::from_secs(1);
        let answered = Answered {
            all: vec![
                (Duration::ZERO, 200, Duration::from_millis(10)),
                (second, 200, Duration::from_millis(30)),
                (second, 503, Duration::from_millis(1)),
                (second, 0, second),
            ],
        };
        assert_eq!(answered.row("x"), "| x | 4 | 2 | 1 | 1 | 10 ms | 30 ms | 30 ms |");
        assert_eq!(answered.within(second, second * 2).len(), 1);
    }
}
