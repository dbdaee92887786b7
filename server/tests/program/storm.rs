//! A server that is told to stop while many ask at once and many listen.

use crate::support::{End, PASSWORD, Page, Program, Running, eventually, on_both};
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

const WRITERS: usize = 12;
const READERS: usize = 12;
const STREAMS: usize = 24;
/// For requests in work at the stop (`limits.drain`), and what a busy machine may take on top of it.
const DRAIN: Duration = Duration::from_secs(10);
const SLACK: Duration = Duration::from_secs(5);

/// What came of a request.
enum Came {
    /// All of an answer.
    Whole(String),
    /// Its beginning only.
    Broken(String),
    /// Nothing: its connection was not taken any more.
    Nothing,
}

/// One connection for one request, as a browser has it.
fn ask(address: &str, request: &str) -> Came {
    let mut bytes = Vec::new();
    let asked = || -> std::io::Result<()> {
        let mut stream = TcpStream::connect(address)?;
        stream.write_all(request.as_bytes())?;
        stream.read_to_end(&mut bytes).map(drop)
    };
    let ended = { asked }().is_ok();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match text {
        text if text.is_empty() => Came::Nothing,
        text if ended && is_whole(&text) => Came::Whole(text),
        text => Came::Broken(text),
    }
}

/// Whether an answer is as long as its head says, or ends as one does whose length is not said.
fn is_whole(answer: &str) -> bool {
    let Some((head, body)) = answer.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    match length {
        Some(length) => length.parse() == Ok(body.len()),
        None => head.contains("transfer-encoding: chunked") && body.ends_with("0\r\n\r\n"),
    }
}

fn request(address: &str, token: &str, (line, body): (&str, &str)) -> String {
    let length = body.len();
    format!(
        "{line} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
}

/// All who ask and listen.
struct Storm<'a> {
    address: &'a str,
    token: &'a str,
    next: AtomicUsize,
    /// Numbers of projects that were answered to be made.
    made: Mutex<Vec<usize>>,
    /// Lists that were answered.
    read: AtomicUsize,
    /// What should not have come.
    wrong: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl Storm<'_> {
    fn ask(&self, what: (&str, &str), status: &str) -> bool {
        match ask(self.address, &request(self.address, self.token, what)) {
            Came::Whole(answer) if answer.starts_with(status) => return true,
            Came::Whole(answer) => self.note(format!("not {status}: {answer}")),
            Came::Broken(answer) => self.note(format!("broken off: {answer}")),
            // It has stopped to listen; whoever asks again finds nobody.
            Came::Nothing => self.over.store(true, Ordering::Relaxed),
        }
        false
    }

    fn note(&self, wrong: String) {
        self.wrong.lock().expect("no panic").push(wrong);
    }

    fn write(&self) {
        let text = "words ".repeat(2_000);
        while !self.over.load(Ordering::Relaxed) {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let body = format!(r#"{{"name":"Project {number}","key":"S{number}","description":"{text}"}}"#);
            if self.ask(("POST /api/v1/projects", &body), "HTTP/1.1 201") {
                self.made.lock().expect("no panic").push(number);
            }
        }
    }

    fn read(&self) {
        while !self.over.load(Ordering::Relaxed) {
            for what in ["GET /api/v1/projects?limit=200", "GET /projects", "GET /api/v1/activity?limit=200"]
            {
                if self.ask((what, ""), "HTTP/1.1 200") {
                    self.read.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    }

    /// Until the server ends it, and says so.
    fn listen(&self) {
        let request = format!(
            "GET /api/v1/events HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\r\n",
            self.address, self.token
        );
        match ask(self.address, &request) {
            Came::Whole(heard) if heard.contains("bye") && heard.contains(r#"{"reason":"restart"}"#) => {}
            Came::Whole(heard) => self.note(format!("nobody said bye: {heard}")),
            Came::Broken(heard) => self.note(format!("a stream broke off: {heard}")),
            Came::Nothing => self.note("a stream did not begin".into()),
        }
    }

    fn made(&self) -> usize {
        self.made.lock().expect("no panic").len()
    }
}

#[test]
fn a_server_that_stops_under_a_storm_breaks_nothing_off_and_loses_nothing() {
    on_both(|pms: &dyn Fn() -> Program, _| {
        let server = pms().serve_measured();
        let token = server.sign_in("ada", PASSWORD);
        let address = server.address().to_owned();
        let storm = Storm {
            address: &address,
            token: &token,
            next: AtomicUsize::new(0),
            made: Mutex::default(),
            read: AtomicUsize::new(0),
            wrong: Mutex::default(),
            over: AtomicBool::new(false),
        };
        let page = Page::open(&server, &token);
        let took = thread::scope(|scope| {
            let _end = End(&storm.over);
            (0..STREAMS).for_each(|_| drop(scope.spawn(|| storm.listen())));
            eventually("all listen", || server.metric("pms_streams_open ") > STREAMS);
            (0..WRITERS).for_each(|_| drop(scope.spawn(|| storm.write())));
            (0..READERS).for_each(|_| drop(scope.spawn(|| storm.read())));
            eventually("it blows", || {
                storm.made() > 4 * WRITERS && storm.read.load(Ordering::Relaxed) > 4 * READERS
            });
            let begin = Instant::now();
            server.stop();
            begin.elapsed()
        });
        let wrong = storm.wrong.into_inner().expect("no panic");
        assert!(wrong.is_empty(), "{} of them, and first: {}", wrong.len(), wrong[0]);
        assert!(took < DRAIN + SLACK, "{took:?}");
        assert!(page.heard("restart"), "an open page knows that it has to come again");
        assert_all_there(&mut pms().serve(), &token, &storm.made.into_inner().expect("no panic"));
    });
}

fn assert_all_there(server: &mut Running, token: &str, made: &[usize]) {
    server.line();
    let lost: Vec<_> = made
        .iter()
        .filter(|number| {
            !server.get_as(&format!("/api/v1/projects/S{number}"), token).starts_with("HTTP/1.1 200")
        })
        .collect();
    assert!(lost.is_empty(), "answered and lost: {lost:?}");
}
