//! Ports for servers that tests start, stop, kill and start again at the same place.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    sync::atomic::{AtomicU16, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

/// Below those that the system gives to whoever asks for any: while a server is dead, nobody else gets its port.
const FIRST: u16 = 12_000;
const COUNT: u16 = 10_000;
/// How long a server may take to start on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

static TAKEN: AtomicU16 = AtomicU16::new(0);

/// A port at which nobody listens, nor at those that are so much above it.
pub(crate) fn free(above: &[u16]) -> u16 {
    // Several test programs may run at once.
    let own = u16::try_from(std::process::id() % u32::from(COUNT)).expect("it is less");
    loop {
        let turn = TAKEN.fetch_add(1, Ordering::Relaxed);
        let port = FIRST + own.wrapping_add(turn.wrapping_mul(7)) % COUNT;
        if above.iter().all(|above| TcpListener::bind(("127.0.0.1", port + above)).is_ok()) {
            return port;
        }
    }
}

/// Sends the process a signal: `STOP`, `CONT`.
///
/// # Panics
/// If it can't be sent.
pub(crate) fn signal(process: &Child, name: &str) {
    let sent = Command::new("kill").args([format!("-{name}"), process.id().to_string()]).status();
    assert!(sent.expect("kill").success());
}

/// Until the process listens there.
///
/// # Panics
/// If it ends, or takes too long.
pub(crate) fn wait(port: u16, process: &mut Child, why: impl FnOnce() -> String) {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end && process.try_wait().is_ok_and(|status| status.is_none()) {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        sleep(Duration::from_millis(20));
    }
    panic!("{}", why());
}
