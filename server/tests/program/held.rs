//! A database that somebody else holds under a server, that hangs, and that dies and comes again.

use crate::support::{
    End, PASSWORD, Page, Program, Running, create_project, data, database, eventually, id, number_in,
    on_both, try_get_as,
};
use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};
use testkit::MariaDb;

/// How long a request waits for the database here…
const WAIT: Duration = Duration::from_secs(1);
/// …and how long it may take.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Connections of the server; more than that many ask at once.
const CONNECTIONS: usize = 4;
/// What a busy machine may take on top of it.
const SLACK: Duration = Duration::from_secs(8);
/// Longer than a request may take, and than half a minute: a stream of events asks each quarter whether its person may still
/// listen.
const HANGS: Duration = Duration::from_secs(31);

/// A server that gives up soon, and its administrator's token.
fn impatient(data: &Path, url: &str) -> (Running, String) {
    let pms = || Program::new(data).database(url);
    pms().run(&["migrate", "up"]).succeeds("Applied");
    pms().add("ada", "Administrator");
    let file = format!(
        "[database]\nwait = {}\nconnections = {CONNECTIONS}\n[limits]\ntimeout = {}\n",
        WAIT.as_secs(),
        TIMEOUT.as_secs()
    );
    fs::write(data.join("pms.toml"), file).expect("a file");
    let server = pms().serve_measured();
    let token = server.sign_in("ada", PASSWORD);
    (server, token)
}

fn create(server: &Running, token: &str, number: usize) -> String {
    server.post_as("/api/v1/projects", token, &format!(r#"{{"name":"Project {number}","key":"K{number}"}}"#))
}

fn is(answer: &str, status: u16) -> bool {
    answer.starts_with(&format!("HTTP/1.1 {status} "))
}

/// How many waited for longer than half a second until they could `read` or `write`, as operators see it.
fn waited(server: &Running, what: &str) -> usize {
    let text = server.metrics();
    let waits = |of: &str| number_in(&text, &format!("pms_database_wait_seconds_{of}for=\"{what}\"}}"));
    waits("count{") - waits("bucket{le=\"0.5\",")
}

/// Who was not served is told so as a person, and when to come again.
#[track_caller]
fn assert_told(answer: &str) {
    assert!(is(answer, 503), "{answer}");
    assert!(
        answer.contains("\r\nretry-after: 1\r\n") && answer.contains(r#""code":"unavailable""#),
        "{answer}"
    );
    // The request's id may have any digits in it.
    let id = answer.lines().find_map(|line| line.strip_prefix("x-request-id: ")).expect("an id");
    let said = answer.replace(id, "");
    for word in ["sqlx", "pool", "timed out", "locked", "1205", "SELECT"] {
        assert!(!said.contains(word), "{word}: {answer}");
    }
}

#[test]
fn whoever_wants_what_somebody_else_holds_is_told_in_time_and_served_when_it_is_let_go() {
    let (here, there) = (data(), data());
    let embedded = format!("sqlite:{}", here.path().join("pms.db").display());
    for (url, data) in [(embedded, here.path()), (database::empty_mysql(), there.path())] {
        let (server, token) = impatient(data, &url);
        assert!(is(&create(&server, &token, 0), 201));
        database::while_it_is_written(&url, || {
            let begin = Instant::now();
            let answers: Vec<String> = thread::scope(|scope| {
                let ask = |number| create(&server, &token, number);
                let asking: Vec<_> =
                    (1..=3 * CONNECTIONS).map(|number| scope.spawn(move || ask(number))).collect();
                // Those who only read don't wait with them, and no load balancer should turn away.
                thread::sleep(WAIT / 4);
                assert!(is(&server.get_as("/api/v1/projects/K0", &token), 200));
                assert!(is(&server.get("/api/health/ready"), 200));
                asking.into_iter().map(|answer| answer.join().expect("an answer")).collect()
            });
            for answer in &answers {
                assert_told(answer);
                assert!(answer.contains("The database is busy. Nothing was changed"), "{answer}");
            }
            assert!(begin.elapsed() < 2 * WAIT + SLACK, "{:?}", begin.elapsed());
        });
        // Those who only read waited for nothing.
        assert!(waited(&server, "write") >= 3 * CONNECTIONS, "{}", server.metrics());
        assert!(waited(&server, "read") < CONNECTIONS, "{}", server.metrics());
        let begin = Instant::now();
        assert!(is(&create(&server, &token, 1), 201));
        assert!(begin.elapsed() < WAIT + SLACK, "{:?}", begin.elapsed());
        server.stop();
    }
}

#[test]
fn whoever_is_served_when_the_server_is_told_to_stop_gets_an_answer_that_holds() {
    on_both(|pms, url| {
        let server = pms().serve_measured();
        let token = server.sign_in("ada", PASSWORD);
        let address = server.address().to_owned();
        let numbers = 2..6;
        let (asking, stopping) = database::while_it_is_written(url, || {
            let ask = |number| {
                let (address, token) = (address.clone(), token.clone());
                thread::spawn(move || create_project(&address, &token, number))
            };
            let asking: Vec<_> = numbers.clone().map(ask).collect();
            eventually("all are in work", || server.metric("pms_http_requests_in_work ") == numbers.len());
            let stopping = thread::spawn(|| server.stop());
            eventually("nobody is let in any more", || {
                try_get_as(&address, "/api/health/live", &token).is_none()
            });
            (asking, stopping)
        });
        for asked in asking {
            let answer = asked.join().expect("asked").expect("an answer");
            assert!(answer.contains("201"), "{answer}");
        }
        stopping.join().expect("it ends well");
        let mut server = pms().serve();
        server.line();
        for number in numbers {
            assert!(is(&server.get_as(&format!("/api/v1/projects/K{number}"), &token), 200), "K{number}");
        }
        server.stop();
    });
}

/// What those who work were told, and how many projects they have made by now.
#[derive(Default)]
struct Work {
    next: AtomicUsize,
    made: AtomicUsize,
    stop: AtomicBool,
}

impl Work {
    /// Makes projects until it is stopped; gives their numbers and what was answered.
    fn write(&self, server: &Running, token: &str) -> Vec<(usize, String)> {
        let mut answers = Vec::new();
        while !self.stop.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let answer = create(server, token, number);
            if is(&answer, 201) {
                self.made.fetch_add(1, Ordering::Relaxed);
            }
            answers.push((number, answer));
            thread::sleep(Duration::from_millis(50));
        }
        answers
    }

    fn read(&self, server: &Running, token: &str) {
        while !self.stop.load(Ordering::Relaxed) {
            let answer = server.get_as("/api/v1/projects/K0", token);
            if is(&answer, 200) {
                assert!(answer.contains(r#""key":"K0""#), "{answer}");
            } else if !is(&answer, 504) {
                assert_told(&answer);
            }
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Until so many more are made.
    fn goes_on(&self) {
        let before = self.made.load(Ordering::Relaxed);
        eventually("work goes on", || self.made.load(Ordering::Relaxed) > before + 5);
    }
}

#[test]
fn a_database_that_hangs_and_dies_under_a_server_costs_nothing_that_was_answered() {
    let (folder, mut mariadb) = (data(), MariaDb::start());
    let (server, token) = impatient(folder.path(), &mariadb.url());
    let (page, work) = (Page::open(&server, &token), Work::default());
    assert!(is(&create(&server, &token, work.next.fetch_add(1, Ordering::Relaxed)), 201));
    let ready = |status| eventually("it is seen", || is(&server.get("/api/health/ready"), status));
    let answers: Vec<(usize, String)> = thread::scope(|scope| {
        let writers: Vec<_> = (0..2).map(|_| scope.spawn(|| work.write(&server, &token))).collect();
        scope.spawn(|| work.read(&server, &token));
        let end = End(&work.stop);
        work.goes_on();
        mariadb.hang();
        ready(503);
        assert!(server.get("/api/health").contains(r#""database":{"status":"error""#));
        assert!(is(&server.get("/api/health/live"), 200), "nobody restarts it for that");
        thread::sleep(HANGS);
        mariadb.go_on();
        ready(200);
        work.goes_on();
        mariadb.kill();
        ready(503);
        mariadb.start_again();
        ready(200);
        work.goes_on();
        drop(end);
        writers.into_iter().flat_map(|writer| writer.join().expect("it goes on")).collect()
    });
    for (number, answer) in &answers {
        let there = is(&server.get_as(&format!("/api/v1/projects/K{number}"), &token), 200);
        if is(answer, 201) {
            assert!(there, "K{number} was answered and is lost");
            eventually("the page hears of it", || page.heard(id(answer)) || page.heard("event: resync"));
        } else if answer.contains("Nothing was changed") {
            assert_told(answer);
            assert!(!there, "K{number} is there: {answer}");
        } else {
            // In the middle of it.
            assert!(answer.contains("may have been"), "{answer}");
        }
    }
    let told = |status| answers.iter().filter(|(_, answer)| is(answer, status)).count();
    assert!(told(503) > 0 && told(201) > 10);
    assert!(!page.heard("event: bye") && !page.heard("event:bye"), "nobody is signed out");
    server.stop();
}
