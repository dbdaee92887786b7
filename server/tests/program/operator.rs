//! Commands of operators beside a server that runs.

use crate::support::{PASSWORD, Program, Running, add, data, serve};
use std::{
    io::Write as _,
    net::{TcpListener, TcpStream},
    path::Path,
    thread::sleep,
    time::{Duration, Instant},
};

const NEW: &str = "a new harbour at dusk";

fn pms(data: &Path) -> Program {
    Program::new(data)
}

/// A server that Ada administrates and Ann is a member of.
fn serve_both(data: &Path) -> Running {
    add(data, "ada", "Administrator");
    add(data, "ann", "Member");
    serve(data)
}

/// Until the server has noticed.
fn eventually(holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(20), "it did not notice");
        sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_person_is_let_in_again_shut_out_and_signed_out() {
    let data = data();
    let data = data.path();
    let server = serve_both(data);
    let token = server.sign_in("ann", PASSWORD);
    assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 200"));
    let reset =
        pms(data).run_with(&["user", "reset", "ann@example.org", "--password-stdin"], &format!("{NEW}\n"));
    reset.succeeds("ann has a new password, is signed out everywhere");
    assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 401"));
    let token = server.sign_in("ann", NEW);
    pms(data)
        .run(&["session", "clear", "--user", "ann"])
        .succeeds("ann is signed out everywhere. API tokens stay.");
    assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 401"));
    let token = server.sign_in("ann", NEW);
    pms(data).run(&["user", "disable", "ann"]).succeeds("ann is disabled.");
    assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 401"));
    pms(data).run(&["user", "enable", "ann"]).succeeds("ann is active.");
    let token = server.sign_in("ann", NEW);
    pms(data).run(&["permissions", "recalculate"]).succeeds("reads permissions anew");
    pms(data).run(&["cache", "clear"]).succeeds("reads permissions and lists anew");
    assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 200"));
    pms(data).run(&["session", "clear", "--all"]).succeeds("Sessions ended: 1.");
    assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 401"));
    let unknown = pms(data).run(&["user", "disable", "nobody"]).fails();
    assert!(unknown.contains("user"), "{unknown}");
    let last = pms(data).run(&["user", "disable", "ada"]).fails();
    assert!(last.starts_with("pms: "), "the last administrator stays: {last}");
    assert_eq!(pms(data).run(&["session", "clear"]).code, Some(2), "whose is to be said");
    server.stop();
}

#[test]
fn maintenance_counts_on_a_running_server() {
    let data = data();
    let data = data.path();
    let server = serve_both(data);
    let (ada, ann) = (server.sign_in("ada", PASSWORD), server.sign_in("ann", PASSWORD));
    pms(data).run(&["maintenance", "status"]).succeeds("off");
    pms(data).run(&["maintenance", "on", "--message", "Back at 14:00."]).succeeds("Maintenance is on.");
    eventually(|| server.get_as("/api/v1/projects", &ann).starts_with("HTTP/1.1 503"));
    assert!(server.get_as("/api/v1/projects", &ada).starts_with("HTTP/1.1 200"));
    assert!(server.get("/api/health").starts_with("HTTP/1.1 200"));
    pms(data).run(&["maintenance", "status"]).succeeds("Back at 14:00.");
    server.stop();
    // It outlives the server.
    let server = serve(data);
    assert!(server.get_as("/api/v1/projects", &ann).starts_with("HTTP/1.1 503"));
    pms(data).run(&["maintenance", "off"]).succeeds("Maintenance is off.");
    eventually(|| server.get_as("/api/v1/projects", &ann).starts_with("HTTP/1.1 200"));
    server.stop();
}

#[test]
fn whether_a_server_is_ready_is_asked_by_a_command() {
    let data = data();
    let data = data.path();
    let server = serve(data);
    let address = server.address().to_owned();
    pms(data).run(&["health", "--listen", &address]).succeeds("ready");
    server.stop();
    let said = pms(data).run(&["health", "--listen", &address]).fails();
    assert!(said.contains("does not answer"), "{said}");
}

#[test]
fn metrics_have_an_address_of_their_own() {
    let data = data();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let said =
        pms(data.path()).env("PMS_METRICS_LISTEN", &address).run(&["serve", "--listen", "127.0.0.1:0"]);
    assert!(said.fails().contains("choose another port with --metrics-listen"));
    let server = pms(data.path()).serve_measured();
    assert!(server.get("/api/health/ready").starts_with("HTTP/1.1 200"));
    let text = server.metrics();
    assert!(text.starts_with("HTTP/1.1 200 OK"), "{text}");
    for name in [
        "pms_http_requests_total{",
        "pms_build_info{",
        "process_resident_memory_bytes ",
        "process_cpu_seconds_total ",
    ] {
        assert!(text.contains(name), "{name} is missing: {text}");
    }
    // Whoever reads there slowly holds nothing up.
    let mut half = TcpStream::connect(server.metrics_address()).expect("it listens");
    half.write_all(b"GET /met").expect("sent");
    let begin = Instant::now();
    server.stop();
    assert!(begin.elapsed() < Duration::from_secs(8));
}
