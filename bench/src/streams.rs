//! Open pages that listen: what each costs the server in memory, and how soon all of them hear of a change and of a
//! project that is raised. A page is a stream of events of its own here; browsers share one among their tabs.

use crate::{
    arguments::Tier,
    client::Ask,
    latencies::{Latencies, Sorted},
    machine::Machine,
    pms::{PASSWORD, Pms},
    process::Process,
    results_file, say,
    stage::{ADMIN, Caller, List, MEMBER_PASSWORD, Named},
};
use anyhow::{Context as _, Result, bail};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use hyper::{Method, StatusCode};
use serde_json::json;
use std::{
    fmt::Write as _,
    net::SocketAddr,
    path::Path,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::mpsc,
    time::{sleep, timeout},
};

/// People in the project.
const PEOPLE: usize = 500;
/// Pages that each has open.
const PAGES: usize = 3;
const CHANGES: usize = 50;
const RAISES: usize = 3;
/// Longer, and a page has not heard.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a page waits that was refused.
const AGAIN: Duration = Duration::from_secs(1);
/// People are made and signed in so many at a time: a password takes a core.
const AT_ONCE: usize = 4;

/// Measures the binary and prints.
pub async fn run(binary: &Path, write: bool) -> Result<()> {
    let pms = Pms::new(binary)?;
    pms.seed(Tier::S).await?;
    let (server, _) = pms.serve().await?;
    let mut admin = Caller::sign_in(server.address, ADMIN, PASSWORD).await?;
    say(format_args!("{PEOPLE} people"));
    let cookies = people(&server, &mut admin).await?;
    say(format_args!("{} pages", PEOPLE * PAGES));
    let (mut heard, memory) = open(&server, &cookies).await?;
    say("changes");
    let changes = changes(&mut admin, &mut heard).await?;
    say("raises");
    let raises = raises(&mut admin, &mut heard).await?;
    server.stop().await?;
    let block = block(&memory, &changes, &raises)?;
    results_file::print(&block, write)
}

fn block(memory: &[u64], changes: &Sorted, raises: &Sorted) -> Result<String> {
    let mut block = format!(
        "{} The listeners are on the same machine. {PEOPLE} people with {PAGES} streams each; the time is from before the \
         request is sent until a stream has the event, of every stream.\n\n\
         | what | times | p50 | p99 | last | limit |\n|---|--:|--:|--:|--:|---|\n",
        Machine::look().heading("open pages", "streams"),
    );
    for (what, found, limit) in [
        ("hear of a change", changes, "p99 < 250 ms"),
        ("hear that one’s project is raised", raises, "all < 1 s"),
    ] {
        writeln!(
            block,
            "| {what} | {} | {:.1} ms | {:.1} ms | {:.1} ms | {limit} |",
            found.len(),
            found.milliseconds(50),
            found.milliseconds(99),
            found.milliseconds(100)
        )?;
    }
    // The first hundreds also pay what is there once: connections to the database with their caches, a pool of memory.
    let each: Vec<String> =
        memory.windows(2).map(|pair| pair[1].saturating_sub(pair[0]).to_string()).collect();
    writeln!(
        block,
        "\nMemory of the server for each stream, {PEOPLE} after {PEOPLE}: {} kB (limit 40 kB).",
        each.join(", ")
    )?;
    Ok(block)
}

fn memory(server: &Process) -> Result<u64> {
    Ok(server.usage().context("this system does not tell what a process uses")?.memory.own)
}

/// Makes them members of a project of their own, `RING`; gives a session of each.
async fn people(server: &Process, admin: &mut Caller) -> Result<Vec<String>> {
    let roles: List = admin.list("/api/v1/roles").await?;
    let role = roles.items.into_iter().find(|role| role.name == "Member").context("no role Member")?.id;
    let project = json!({ "name": "Ring", "key": "RING" });
    admin.call(StatusCode::CREATED, Ask::json(Method::POST, "/api/v1/projects", &project)).await?;
    let made: Vec<String> = stream::iter(0..PEOPLE)
        .map(|number| {
            let (role, cookie) = (role.clone(), admin.cookie.clone());
            async move {
                let mut caller = Caller::with(server.address, cookie);
                let username = format!("page{number}");
                let person = json!({
                    "username": username, "email": format!("{username}@example.org"), "password": MEMBER_PASSWORD,
                    "role_id": role,
                });
                let ask = Ask::json(Method::POST, "/api/v1/users", &person);
                let made: Named = caller.call(StatusCode::CREATED, ask).await?.json()?;
                let member = json!({ "user_id": made.id, "role_id": role });
                let ask = Ask::json(Method::POST, "/api/v1/projects/RING/members", &member);
                caller.call(StatusCode::NO_CONTENT, ask).await?;
                anyhow::Ok(Caller::sign_in(server.address, &username, MEMBER_PASSWORD).await?.cookie)
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(made)
}

/// What a page has heard, and when.
type Heard = mpsc::UnboundedReceiver<(Word, Instant)>;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Word {
    Ready,
    Change,
    Urgent,
}

/// Opens all pages, one of each person after the other, and waits until each is told that it listens. With the server's
/// memory before and after each, in kilobytes for each person.
async fn open(server: &Process, cookies: &[String]) -> Result<(Heard, Vec<u64>)> {
    let kilobytes = || anyhow::Ok(memory(server)? / 1024 / u64::try_from(PEOPLE)?);
    let (say, mut heard) = mpsc::unbounded_channel();
    let mut memory = vec![kilobytes()?];
    for _ in 0..PAGES {
        for cookie in cookies {
            let (say, cookie, address) = (say.clone(), cookie.clone(), server.address);
            tokio::spawn(async move { listen(address, &cookie, &say).await });
        }
        collect(&mut heard, (Word::Ready, PEOPLE)).await?;
        sleep(Duration::from_secs(5)).await;
        memory.push(kilobytes()?);
    }
    Ok((heard, memory))
}

/// Comes again where it is refused, as a browser does: all at once are too many for the first moment.
async fn listen(
    address: SocketAddr,
    cookie: &str,
    say: &mpsc::UnboundedSender<(Word, Instant)>,
) -> Result<()> {
    while !heard(address, cookie, say).await? {
        sleep(AGAIN).await;
    }
    Ok(())
}

/// Tells of each word, until the server ends; `false` if it was refused.
async fn heard(
    address: SocketAddr,
    cookie: &str,
    say: &mpsc::UnboundedSender<(Word, Instant)>,
) -> Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    let ask = format!("GET /api/v1/events HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await?;
    let mut lines = BufReader::with_capacity(1024, stream).lines();
    let status = lines.next_line().await?;
    if !status.as_deref().is_some_and(|status| status.contains(" 200 ")) {
        crate::say(format_args!("a page comes again after {}", status.unwrap_or_default()));
        return Ok(false);
    }
    while let Some(line) = lines.next_line().await? {
        let word = match line.as_str() {
            "event: ready" => Word::Ready,
            "event: change" => Word::Change,
            "event: urgent" => Word::Urgent,
            _ => continue,
        };
        say.send((word, Instant::now()))?;
    }
    Ok(true)
}

/// When each of so many pages has heard the word; others are left out.
async fn collect(heard: &mut Heard, (wanted, pages): (Word, usize)) -> Result<Vec<Instant>> {
    let mut times = Vec::with_capacity(pages);
    while times.len() < pages {
        let Ok(said) = timeout(PATIENCE, heard.recv()).await else {
            bail!("only {} of {pages} pages have heard {wanted:?}", times.len());
        };
        let (word, at) = said.context("nobody listens")?;
        if word == wanted {
            times.push(at);
        }
    }
    Ok(times)
}

async fn changes(admin: &mut Caller, heard: &mut Heard) -> Result<Sorted> {
    let mut took = Latencies::default();
    for number in 0..CHANGES {
        rest(heard).await;
        let task = json!({ "title": format!("Change {number}") });
        let begin = Instant::now();
        admin
            .call(StatusCode::CREATED, Ask::json(Method::POST, "/api/v1/projects/RING/tasks", &task))
            .await?;
        for at in collect(heard, (Word::Change, PEOPLE * PAGES)).await? {
            took.add(at.saturating_duration_since(begin));
        }
    }
    Ok(Latencies::sorted([took]))
}

async fn raises(admin: &mut Caller, heard: &mut Heard) -> Result<Sorted> {
    let mut took = Latencies::default();
    for _ in 0..RAISES {
        rest(heard).await;
        let reason = json!({ "reason": "The shop is down." });
        let begin = Instant::now();
        let ask = Ask::json(Method::POST, "/api/v1/projects/RING/urgent", &reason);
        let episode: Named = admin.call(StatusCode::CREATED, ask).await?.json()?;
        for at in collect(heard, (Word::Urgent, PEOPLE * PAGES)).await? {
            took.add(at.saturating_duration_since(begin));
        }
        let path = format!("/api/v1/episodes/{}/resolve", episode.id);
        admin.call(StatusCode::OK, Ask::json(Method::POST, path, &json!({ "note": "" }))).await?;
    }
    Ok(Latencies::sorted([took]))
}

/// Until nothing is said any more.
async fn rest(heard: &mut Heard) {
    while timeout(Duration::from_millis(300), heard.recv()).await.is_ok() {}
}
