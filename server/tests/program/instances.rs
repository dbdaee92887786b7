//! Several servers on one MariaDB that hear each other by Redis: they behave as one, and what was answered survives whatever
//! dies.

use crate::support::{End, Far, PASSWORD, Page, Program, Running, data, eventually, id, json, on_both};
use std::{
    collections::BTreeSet,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::Path,
    sync::{
        RwLock,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::{Duration, Instant},
};
use testkit::{MariaDb, Redis};

/// Within this an open page hears by Redis that its person was signed out; by itself a stream asks every fifteen seconds.
const SOON: Duration = Duration::from_secs(5);
/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// What all servers share.
struct Installation<'a> {
    data: &'a Path,
    database: String,
    /// Empty where there is none.
    replica: String,
    redis: String,
}

impl Installation<'_> {
    fn pms(&self) -> Program {
        Program::new(self.data)
            .database(&self.database)
            .env("PMS_DATABASE_REPLICA_URL", &self.replica)
            .env("PMS_REDIS_URL", &self.redis)
    }

    /// The tables, Ada who administrates and Ben who works.
    fn prepare(&self) {
        let migrated = self.pms().run(&["migrate", "up"]);
        assert_eq!(migrated.code, Some(0), "{}", migrated.err);
        self.pms().add("ada", "Administrator");
        self.pms().add("ben", "Member");
    }

    fn serve(&self) -> Running {
        let mut server = self.pms().serve();
        server.line();
        server
    }

    fn serve_well(&self) -> Running {
        let server = self.serve();
        eventually("the server is well", || server.get("/api/health").starts_with("HTTP/1.1 200"));
        server
    }
}

/// An open stream of events.
struct Stream(Receiver<String>);

impl Stream {
    fn open(server: &Running, token: &str) -> Self {
        let mut socket = TcpStream::connect(server.address()).expect("it listens");
        let head =
            format!("GET /api/v1/events HTTP/1.1\r\nhost: pms\r\nauthorization: Bearer {token}\r\n\r\n");
        socket.write_all(head.as_bytes()).expect("it reads");
        let (said, heard) = channel();
        thread::spawn(move || {
            for line in BufReader::new(socket).lines().map_while(Result::ok) {
                if let Some(event) = line.strip_prefix("event: ").or(line.strip_prefix("event:"))
                    && said.send(event.trim().to_owned()).is_err()
                {
                    return;
                }
            }
        });
        let stream = Self(heard);
        stream.hears("ready", PATIENCE);
        stream
    }

    #[track_caller]
    fn hears(&self, wanted: &str, within: Duration) {
        let end = Instant::now() + within;
        let mut others = BTreeSet::new();
        while let Ok(event) = self.0.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if event == wanted {
                return;
            }
            others.insert(event);
        }
        panic!("no {wanted} within {within:?}, but {others:?}");
    }
}

#[test]
fn what_happens_at_one_server_is_seen_at_the_others() {
    let (data, database, mut redis) = (data(), crate::support::database::empty_mysql(), Redis::start());
    let all = Installation { data: data.path(), database, replica: String::new(), redis: redis.url() };
    all.prepare();
    let (here, there) = (all.serve_well(), all.serve_well());
    let (ada, ben) = (here.sign_in("ada", PASSWORD), here.sign_in("ben", PASSWORD));

    // A sign-in holds everywhere.
    let stream = Stream::open(&there, &ben);
    let admins = Stream::open(&there, &ada);
    assert!(here.create_project(&ada, 1).expect("an answer").contains("201"));
    admins.hears("change", PATIENCE);
    assert_rights_follow(&here, &there, (&ada, &ben), "Mate");
    // What is somebody's own is in no history that both read.
    let news = r#"{"title":"Storm","body":"Stay in harbour."}"#;
    let announced = here.post_as("/api/v1/announcements", &ada, news);
    assert!(announced.starts_with("HTTP/1.1 201"), "{announced}");
    stream.hears("inbox", PATIENCE);
    // And a sign-out, too.
    let left = here.post_as("/api/auth/signout", &ben, "");
    assert!(left.starts_with("HTTP/1.1 204") || left.starts_with("HTTP/1.1 200"), "{left}");
    stream.hears("bye", SOON);
    assert!(there.get_as("/api/v1/projects", &ben).starts_with("HTTP/1.1 401"));
    // What somebody may do is heard from the database.
    let ben = here.sign_in("ben", PASSWORD);
    redis.kill();
    for server in [&here, &there] {
        eventually("Redis is away", || server.get("/api/health").contains("Redis does not answer"));
    }
    assert_rights_follow(&here, &there, (&ada, &ben), "Hand");
    for server in [here, there] {
        server.stop();
    }
}

/// What Ada gives and takes at one server, Ben has and has not at the other with his next request.
#[track_caller]
fn assert_rights_follow(here: &Running, there: &Running, (ada, ben): (&str, &str), role: &str) {
    let person = there.own_id(ben);
    let new = format!(r#"{{"name":"{role}","permissions":["project.view","task.create"]}}"#);
    let made = here.post_as("/api/v1/roles", ada, &new);
    assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    let role = id(&made);
    let member = format!(r#"{{"user_id":"{person}","role_id":"{role}"}}"#);
    let (project, tasks) = ("/api/v1/projects/K1", "/api/v1/projects/K1/tasks");
    let said = |answer: String, status: &str| assert!(answer.starts_with(status), "not {status}: {answer}");

    said(there.get_as(project, ben), "HTTP/1.1 404");
    said(here.post_as("/api/v1/projects/K1/members", ada, &member), "HTTP/1.1 204");
    said(there.post_as(tasks, ben, r#"{"title":"Haul"}"#), "HTTP/1.1 201");
    // The role loses a permission.
    let less = r#"{"permissions":["project.view"],"version":1}"#;
    said(here.send_as(&format!("PATCH /api/v1/roles/{role}"), ada, less), "HTTP/1.1 200");
    said(there.post_as(tasks, ben, r#"{"title":"Belay"}"#), "HTTP/1.1 403");
    said(there.get_as(project, ben), "HTTP/1.1 200");
    // And its person the project.
    said(here.send_as(&format!("DELETE /api/v1/projects/K1/members/{person}"), ada, ""), "HTTP/1.1 204");
    said(there.get_as(project, ben), "HTTP/1.1 404");
}

#[test]
fn without_redis_servers_go_on_and_say_so() {
    let (data, database, mut redis) = (data(), crate::support::database::empty_mysql(), Redis::start());
    let all = Installation { data: data.path(), database, replica: String::new(), redis: redis.url() };
    all.prepare();
    let serve = || all.pms().env("PMS_LOG", "info").env("PMS_LIMIT_PERSON", "100000").serve_measured();
    let servers = [serve(), serve()];
    let ada = servers[0].sign_in("ada", PASSWORD);
    for server in &servers {
        eventually("Redis counts", || is_asked(server, &ada));
    }
    let page = Page::open(&servers[1], &ada);
    let (next, stop) = (AtomicUsize::new(1), AtomicBool::new(false));
    let health = |status: &str, words: &str| {
        let said = |server: &Running| {
            let health = server.get("/api/health");
            health.starts_with(status) && health.contains(words)
        };
        eventually(words, || servers.iter().all(said));
    };
    let answers: Vec<String> = thread::scope(|scope| {
        let end = End(&stop);
        let work = |server: &Running| steadily(server, &ada, (&next, &stop));
        let working: Vec<_> = servers.iter().map(|server| scope.spawn(move || work(server))).collect();
        redis.kill();
        health("HTTP/1.1 503", "Redis does not answer");
        for server in &servers {
            assert!(server.get("/api/health/ready").starts_with("HTTP/1.1 200"), "requests are welcome");
        }
        // Each reads the outbox every two seconds.
        let made = servers[0].post_as("/api/v1/projects", &ada, r#"{"name":"Other","key":"OTHER"}"#);
        eventually("others hear of it", || page.heard(id(&made)));
        // Both connections are tried each second.
        thread::sleep(Duration::from_secs(4));
        redis.start_again();
        health("HTTP/1.1 200", r#""redis":{"status":"ok"}"#);
        drop(end);
        working.into_iter().flat_map(|working| working.join().expect("it goes on")).collect()
    });
    assert!(answers.len() > 40, "{}", answers.len());
    for line in answers {
        assert!(line.starts_with("HTTP/1.1 20"), "nobody gets an error: {line}");
    }
    for server in servers {
        eventually("Redis counts again", || is_asked(&server, &ada));
        assert_told_once(&server.stop_and_read_log());
    }
    // One that starts without it serves as well.
    redis.kill();
    let third = all.serve();
    assert!(third.get_as("/api/v1/projects/OTHER", &ada).starts_with("HTTP/1.1 200"));
    third.stop();
}

#[test]
fn a_redis_that_is_slow_is_left_alone_until_it_is_not() {
    on_both(|pms, _| {
        let redis = Redis::start();
        let way = Far::to(redis.address());
        let many = ["PMS_LIMIT_NETWORK", "PMS_LIMIT_PERSON"];
        let pms = many.into_iter().fold(pms(), |pms, limit| pms.env(limit, "100000"));
        let server = pms
            .env("PMS_REDIS_URL", &format!("redis://{}", way.address()))
            .env("PMS_LOG", "info")
            .serve_measured();
        let ada = server.sign_in("ada", PASSWORD);
        let ask = || {
            let begin = Instant::now();
            let answer = server.get_as("/api/v1/projects/K1", &ada);
            assert!(answer.starts_with("HTTP/1.1 200"), "nobody gets an error: {answer}");
            assert!(begin.elapsed() < SOON, "{:?}", begin.elapsed());
            begin.elapsed()
        };
        // With the first, all answers still come before they are given up.
        for each_way in [45, 90, 400].map(Duration::from_millis) {
            eventually("Redis counts", || is_asked(&server, &ada));
            way.takes(each_way);
            eventually("that it is slow is said", || {
                ask();
                server.get("/api/health").contains("Redis does not answer")
            });
            assert_eq!(server.metric("pms_redis_up "), 0);
            let before = decisions(&server, "redis");
            let mut times: Vec<Duration> = (0..31).map(|_| ask()).collect();
            assert_eq!(decisions(&server, "redis"), before, "it is left alone");
            times.sort();
            // Each request is held against two limits, so each would take longer than this.
            assert!(times[15] < 4 * each_way, "{times:?}");
            way.takes(Duration::ZERO);
        }
        eventually("Redis counts again", || is_asked(&server, &ada));
        assert_told_once(&server.stop_and_read_log());
    });
}

/// Whether Redis counts what this person asks, and all is well.
fn is_asked(server: &Running, token: &str) -> bool {
    let before = decisions(server, "redis");
    assert!(server.get_as("/api/v1/projects", token).starts_with("HTTP/1.1 200"));
    decisions(server, "redis") > before && server.get("/api/health").starts_with("HTTP/1.1 200")
}

/// Makes projects and reads them until it is stopped; gives the first lines of the answers.
fn steadily(server: &Running, token: &str, (next, stop): (&AtomicUsize, &AtomicBool)) -> Vec<String> {
    let mut answers = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        answers.push(server.create_project(token, number).expect("an answer"));
        let read = server.get_as(&format!("/api/v1/projects/K{number}"), token);
        answers.push(read.lines().next().unwrap_or_default().to_owned());
        thread::sleep(Duration::from_millis(50));
    }
    answers
}

/// That Redis was gone has one line and that it is back has one, whoever noticed and however often it was tried.
fn assert_told_once(log: &str) {
    let told = |line: &str| match line {
        _ if line.contains("Redis is away or slow") => Some(false),
        _ if line.contains("servers hear each other and count requests together by Redis") => Some(true),
        _ => None,
    };
    let lines: Vec<bool> = log.lines().filter_map(told).collect();
    assert!(lines.windows(2).all(|two| two[0] != two[1]), "{log}");
    assert!(lines.ends_with(&[false, true]), "{log}");
    let more = log.lines().filter(|line| line.contains("Redis") && told(line).is_none());
    assert_eq!(more.count(), 0, "{log}");
}

#[test]
fn a_replica_answers_and_nobody_is_shown_less_than_they_have_seen() {
    let (data, database, redis) = (data(), MariaDb::start(), Redis::start());
    let mut replica = MariaDb::replica_of(&database);
    let all = Installation {
        data: data.path(),
        database: database.url(),
        replica: replica.url(),
        redis: redis.url(),
    };
    all.prepare();
    let here = all.pms().serve_measured();
    let there = all.serve_well();
    let ada = here.sign_in("ada", PASSWORD);
    let answered_by_replica = || here.metric("pms_listing_reads_total{database=\"replica\"} ");
    let health = |part: &str| {
        eventually(part, || [&here, &there].iter().all(|server| server.get("/api/health").contains(part)));
    };
    // Whoever has made something finds it at the other server, whatever the replica shows.
    let next = AtomicUsize::new(0);
    let work = || {
        let number = next.fetch_add(1, Ordering::Relaxed);
        assert!(here.create_project(&ada, number).expect("an answer").contains("201"));
        for server in [&here, &there] {
            let listed = server.get_as("/api/v1/projects", &ada);
            assert!(listed.contains(&format!("\"K{number}\"")), "K{number} is not in {listed}");
        }
    };
    work();
    replica.hold_back();
    work();
    health("the replica is 1");
    assert!(here.get("/api/health/ready").starts_with("HTTP/1.1 200"), "requests are welcome");
    for _ in 0..10 {
        work();
        thread::sleep(Duration::from_secs(5));
    }
    health("the replica is 6");
    work();
    replica.let_on();
    health("\"replica\":{\"status\":\"ok\"}");
    work();
    replica.kill();
    work();
    health("the replica does not answer");
    work();
    replica.start_again();
    health("\"replica\":{\"status\":\"ok\"}");
    let before = answered_by_replica();
    eventually("it is asked again", || {
        // A list that did not change is not even read.
        here.get_as("/api/v1/projects/K0", &ada);
        answered_by_replica() > before
    });
    work();
    // What it began to read and can't is read from the primary, and nobody is told of it.
    let lock = replica.lock("project");
    let before = answered_by_replica();
    eventually("it has begun", || {
        let answer = here.get_as("/api/v1/projects/K0", &ada);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answered_by_replica() > before
    });
    drop(lock);
    work();
    for server in [here, there] {
        server.stop();
    }
}

/// Of an answer.
fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let lines = answer.lines().take_while(|line| !line.is_empty());
    let value = lines.filter_map(|line| line.split_once(": ")).find(|(known, _)| *known == name);
    value.unwrap_or_else(|| panic!("no {name}: {answer}")).1
}

/// How many requests were held against a limit by these counters.
fn decisions(server: &Running, by: &str) -> usize {
    server.metric(&format!("pms_rate_limit_decisions_total{{by=\"{by}\"}} "))
}

#[test]
fn servers_allow_a_person_together_what_one_would() {
    let (data, database, mut redis) = (data(), crate::support::database::empty_mysql(), Redis::start());
    let all = Installation { data: data.path(), database, replica: String::new(), redis: redis.url() };
    all.prepare();
    let serve = || all.pms().env("PMS_LIMIT_PERSON", "20").serve_measured();
    let servers = [serve(), serve(), serve()];
    let (ada, ben) = (servers[0].sign_in("ada", PASSWORD), servers[1].sign_in("ben", PASSWORD));
    for server in &servers {
        eventually("Redis counts", || {
            assert!(server.get("/api/v1/projects").starts_with("HTTP/1.1 401"));
            decisions(server, "redis") > 0
        });
    }
    // Not where one window ends and another begins: what is past weighs less with every second.
    let answer = servers[0].get_as("/api/v1/projects", &ben);
    let left = header(&answer, "ratelimit-reset").parse::<u64>().expect("seconds") - 60;
    thread::sleep(Duration::from_secs(if left < 15 { left + 1 } else { 0 }));

    let by_memory = || servers.iter().map(|server| decisions(server, "memory")).sum::<usize>();
    let before = by_memory();
    let ask = |server: &Running| -> Vec<String> {
        (0..20).map(|_| server.get_as("/api/v1/projects", &ada)).collect()
    };
    let answers: Vec<String> = thread::scope(|scope| {
        let asking: Vec<_> = servers.iter().map(|server| scope.spawn(move || ask(server))).collect();
        asking.into_iter().flat_map(|answers| answers.join().expect("it is answered")).collect()
    });
    let (served, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.starts_with("HTTP/1.1 200"));
    // On a machine so busy that Redis did not answer in time, what was decided without it may come on top.
    let without = by_memory() - before;
    assert!(
        (20..=20 + without).contains(&served.len()),
        "{} were served, {without} decided without",
        served.len()
    );
    assert!(!refused.is_empty());
    for answer in refused {
        assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
        let wait = header(&answer, "retry-after").parse::<u64>().expect("seconds");
        assert!((1..=120).contains(&wait), "{wait}");
    }
    assert!(servers[2].get_as("/api/v1/projects", &ben).starts_with("HTTP/1.1 200"), "others go on");

    redis.kill();
    for server in &servers {
        let answer = server.get_as("/api/v1/projects", &ben);
        assert!(answer.starts_with("HTTP/1.1 200"), "nobody gets an error: {answer}");
        assert!(decisions(server, "memory") > 0);
    }
    for server in servers {
        server.stop();
    }
}

/// Creates projects at whichever server answers, and asks another one for each; notes the numbers of those that were
/// answered.
fn write(
    addresses: &RwLock<Vec<String>>,
    token: &str,
    next: &AtomicUsize,
    stop: &AtomicBool,
) -> (Vec<usize>, BTreeSet<String>) {
    let (mut answered, mut refusals) = (Vec::new(), BTreeSet::new());
    for turn in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let number = next.fetch_add(1, Ordering::Relaxed);
        let addresses = addresses.read().expect("no panic").clone();
        match crate::support::create_project(&addresses[turn % addresses.len()], token, number) {
            Some(line) if line.contains("201") => {
                answered.push(number);
                let other = &addresses[(turn + 1) % addresses.len()];
                let path = format!("/api/v1/projects/K{number}");
                let head = crate::support::try_get_as(other, &path, token).unwrap_or_default();
                if !head.is_empty() && !head.contains("200") {
                    refusals.insert(head);
                }
            }
            Some(line) => drop(refusals.insert(line)),
            // Its server is dead.
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
    (answered, refusals)
}

/// The alert that rings for this person.
fn alert(server: &Running, token: &str) -> Option<serde_json::Value> {
    let answer = server.get_as("/api/v1/me/alerts", token);
    if answer.starts_with("HTTP/1.1 200") { json(&answer)["items"].get(0).cloned() } else { None }
}

/// A project of Ada's and Ben's that rings each half minute, once it is urgent.
fn prepare_harbour(server: &Running, (ada, ben): (&str, &str)) {
    let policy = r#"{"version":0,"policy":{"repeats":[{"every_seconds":30}],"steps":[
        {"after_seconds":0,"who":{"kind":"members"},"ways":["push"]},
        {"after_seconds":600,"who":{"kind":"members"},"ways":["email"]}]}}"#;
    let made = server.post_as("/api/v1/projects", ada, r#"{"name":"Harbour","key":"HARBOUR"}"#);
    assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    let set = server.send_as("PUT /api/v1/projects/HARBOUR/urgent/policy", ada, policy);
    assert!(set.starts_with("HTTP/1.1 200"), "{set}");
    server.let_in(ben, "HARBOUR", ada);
}

#[test]
fn what_was_answered_survives_the_death_of_every_part() {
    let (data, mut database, mut redis) = (data(), MariaDb::start(), Redis::cluster());
    let mut replica = MariaDb::replica_of(&database);
    let nodes = redis.iter().map(Redis::url).collect::<Vec<_>>().join(",");
    let all =
        Installation { data: data.path(), database: database.url(), replica: replica.url(), redis: nodes };
    all.prepare();
    let mut servers: Vec<Running> = (0..3).map(|_| all.serve_well()).collect();
    let (ada, ben) = (servers[0].sign_in("ada", PASSWORD), servers[1].sign_in("ben", PASSWORD));
    prepare_harbour(&servers[0], (&ada, &ben));
    let page = Page::open(&servers[1], &ben);
    let addresses = RwLock::new(servers.iter().map(|server| server.address().to_owned()).collect());
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || thread::sleep(Duration::from_secs(2));

    let (answered, refusals) = thread::scope(|scope| {
        let end = End(&stop);
        let writers: Vec<_> = (0..4).map(|_| scope.spawn(|| write(&addresses, &ada, &next, &stop))).collect();
        work();
        // A server, and somebody starts it again.
        servers.remove(2).kill();
        work();
        servers.push(all.serve());
        servers[2].address().clone_into(&mut addresses.write().expect("no panic")[2]);
        work();
        // Two nodes of the cluster: a master, to which servers are connected first of all, and a replica.
        redis[0].kill();
        redis[4].kill();
        let raised = servers[0].post_as("/api/v1/projects/HARBOUR/urgent", &ada, r#"{"reason":"Storm"}"#);
        assert!(raised.starts_with("HTTP/1.1 201"), "{raised}");
        eventually("another server's page hears of it", || page.heard("urgent.raised"));
        eventually("it rings", || alert(&servers[2], &ben).is_some());
        work();
        redis[0].start_again();
        redis[4].start_again();
        work();
        // The replica of the database, which was behind for a while before.
        replica.hold_back();
        work();
        replica.let_on();
        work();
        replica.kill();
        work();
        replica.start_again();
        work();
        // The database.
        database.kill();
        work();
        database.start_again();
        eventually("the database is seen again", || {
            servers.iter().all(|server| server.get("/api/health/ready").starts_with("HTTP/1.1 200"))
        });
        work();
        drop(end);
        let mut all = (BTreeSet::new(), BTreeSet::new());
        for writer in writers {
            let (answered, refusals) = writer.join().expect("a writer");
            all.0.extend(answered);
            all.1.extend(refusals);
        }
        all
    });

    assert!(answered.len() > 20, "{answered:?}");
    for line in &refusals {
        assert!(line.contains("503"), "who is not served is told to come back, not “{line}”");
    }
    let there: BTreeSet<usize> = answered
        .iter()
        .copied()
        .filter(|number| {
            servers[0].get_as(&format!("/api/v1/projects/K{number}"), &ada).starts_with("HTTP/1.1 200")
        })
        .collect();
    assert_eq!(there, answered, "what was answered is there");
    eventually("servers hear each other again", || {
        servers.iter().all(|server| server.get("/api/health").starts_with("HTTP/1.1 200"))
    });
    // What was raised in between goes on, until it is acknowledged at any of them.
    let rang = alert(&servers[0], &ben).expect("it rings");
    eventually("it rings again", || {
        alert(&servers[1], &ben).is_some_and(|now| now["rounds"].as_i64() > rang["rounds"].as_i64())
    });
    let acknowledge = format!("/api/v1/alerts/{}/acknowledge", rang["id"].as_str().expect("an id"));
    let heard = servers[2].post_as(&acknowledge, &ben, "{}");
    assert!(heard.starts_with("HTTP/1.1 200"), "{heard}");
    eventually("it is silent", || alert(&servers[0], &ben).is_none());
    assert!(!page.heard("signed_out"), "nobody is signed out");
    for server in servers {
        server.stop();
    }
}
