//! More connections than there is anything to do on.

use crate::support::{PASSWORD, Program, add, data};
use server::open_files;
use std::{
    io::Write as _,
    net::TcpStream,
    thread::sleep,
    time::{Duration, Instant},
};

/// So many are open at once.
const MANY: usize = 10_000;
/// The longest that anybody waits for an answer meanwhile.
const PATIENCE: Duration = Duration::from_secs(10);
/// What an open connection may cost.
const BYTES_EACH: usize = 40 * 1024;

#[test]
fn ten_thousand_idle_connections_are_in_nobodys_way() {
    // This program has the other end of each.
    open_files::take_all();
    let many = MANY.min(open_files::limit().saturating_sub(1_000));
    assert!(many >= 100, "the system gives too few open files to see anything: ulimit -H -n");
    let data = data();
    add(data.path(), "ada", "Administrator");
    let server = Program::new(data.path()).open_files(256).serve_measured();
    let token = server.sign_in("ada", PASSWORD);
    assert!(server.metric("pms_http_connections_limit") >= many, "it takes what the system gives");
    let memory = || server.metric("process_resident_memory_bytes");
    let before = memory();
    let mut idle: Vec<TcpStream> =
        (0..many).map(|_| TcpStream::connect(server.address()).expect("a connection")).collect();
    // Some have begun to ask.
    for stream in idle.iter_mut().step_by(2) {
        stream.write_all(b"GET /api/v1/projects HTTP/1.1\r\nhost: ").expect("sent");
    }
    let begin = Instant::now();
    while server.metric("pms_http_connections") < many {
        assert!(begin.elapsed() < Duration::from_secs(30), "{}", server.metric("pms_http_connections"));
        sleep(Duration::from_millis(50));
    }
    for _ in 0..20 {
        let asked = Instant::now();
        assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 200"));
        assert!(server.get("/api/health/ready").starts_with("HTTP/1.1 200"));
        assert!(asked.elapsed() < PATIENCE, "{:?}", asked.elapsed());
    }
    let grown = memory().saturating_sub(before);
    assert!(grown < many * BYTES_EACH, "{grown} bytes for {many} connections");
    let gone = idle.split_off(many / 2);
    drop(gone);
    let begin = Instant::now();
    while server.metric("pms_http_connections") > many / 2 + 10 {
        assert!(begin.elapsed() < Duration::from_secs(30), "what is closed gives its place back");
        sleep(Duration::from_millis(50));
    }
    // Nobody waits for those that ask nothing.
    let asked = Instant::now();
    server.stop();
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
}
