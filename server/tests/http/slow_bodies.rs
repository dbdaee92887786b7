//! Bodies that come slowly, or not at all, by real sockets.

use crate::support::{App, both};
use server::{config::Flags, http::connections};
use std::{net::SocketAddr, time::Duration};
use store::Db;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::{Instant, sleep, timeout},
};

/// Room for eight requests, and so for eight bodies, of which one for each network.
const ROOM: usize = 8;
/// Longer than any of these stories take.
const LONG: Duration = Duration::from_secs(20);

/// Whoever connects says from where, as a proxy.
async fn serve(db: Db, body_wait: Duration) -> (App, SocketAddr) {
    let trusted_proxies = Some("127.0.0.1".parse().expect("an address"));
    let app = App::with(db, Flags { trusted_proxies, ..Flags::default() }, |config| {
        config.limits.requests = ROOM;
        config.limits.body_wait = body_wait;
    })
    .await;
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (router, state, stop) = (app.router(), app.state.clone(), app.stop.clone());
    tokio::spawn(async move { connections::serve(listener, router, &state.connections, &stop).await });
    (app, address)
}

struct Line(TcpStream);

impl Line {
    async fn to(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.expect("a connection"))
    }

    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.expect("sent");
    }

    /// The head of a sign-in from the network with this number.
    async fn announce(&mut self, network: usize, length: usize) {
        let head = format!(
            "POST /api/auth/signin HTTP/1.1\r\nhost: pms\r\nx-forwarded-for: 192.0.2.{network}\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n"
        );
        self.send(head).await;
    }

    /// The head of the next answer.
    async fn answer(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(timeout(LONG, self.0.read_u8()).await.expect("in time").expect("an answer"));
        }
        String::from_utf8(head).expect("text")
    }

    async fn status(&mut self) -> u16 {
        self.answer().await.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
    }
}

#[test]
fn bodies_that_do_not_come_keep_nobody_else_waiting() {
    both(|db| async move {
        let (app, address) = serve(db, LONG).await;
        let mut waiting = Vec::new();
        for network in 0..ROOM {
            let mut line = Line::to(address).await;
            line.announce(network, 100).await;
            waiting.push(line);
        }
        while app.state.bodies.taken() < ROOM {
            sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(app.state.room.available_permits(), ROOM, "none has a place");
        let mut reader = Line::to(address).await;
        reader.send("GET /api/v1/projects HTTP/1.1\r\nhost: pms\r\n\r\n").await;
        assert_eq!(reader.status().await, 401, "others are answered");
        let mut writer = Line::to(address).await;
        writer.announce(100, 2).await;
        writer.send("{}").await;
        // A body that is there at once takes no place; one in a packet of its own may have to ask for one.
        let status = writer.status().await;
        assert!([422, 429].contains(&status), "{status}");
        waiting[3].send(" ".repeat(98) + "{}").await;
        assert_eq!(waiting[3].status().await, 422, "and who has waited goes on");
        drop(waiting);
        while app.state.bodies.taken() > 0 {
            sleep(Duration::from_millis(5)).await;
        }
    });
}

#[test]
fn one_network_takes_only_its_part() {
    both(|db| async move {
        let (app, address) = serve(db, LONG).await;
        let (mut first, mut second, mut other) =
            (Line::to(address).await, Line::to(address).await, Line::to(address).await);
        first.announce(1, 100).await;
        while app.state.bodies.taken() < 1 {
            sleep(Duration::from_millis(5)).await;
        }
        second.announce(1, 100).await;
        let refused = second.answer().await;
        assert!(refused.starts_with("HTTP/1.1 429") && refused.contains("retry-after: 1"), "{refused}");
        other.announce(2, 100).await;
        while app.state.bodies.taken() < 2 {
            sleep(Duration::from_millis(5)).await;
        }
    });
}

#[test]
fn a_body_that_is_too_slow_is_given_up_and_one_that_keeps_its_pace_is_read() {
    both(|db| async move {
        let wait = Duration::from_millis(400);
        let (_app, address) = serve(db, wait).await;
        let begin = Instant::now();
        let (mut silent, mut steady) = (Line::to(address).await, Line::to(address).await);
        silent.announce(1, 100).await;
        let length = 64 * 1024;
        steady.announce(2, length).await;
        let (silent, steady) = tokio::join!(
            async {
                let status = silent.status().await;
                (status, begin.elapsed())
            },
            async {
                for _ in 0..8 {
                    steady.send(" ".repeat(length / 8)).await;
                    sleep(wait / 4).await;
                }
                (steady.status().await, begin.elapsed())
            }
        );
        assert_eq!(silent.0, 408);
        assert!(silent.1 >= wait && silent.1 < 5 * wait, "{:?}", silent.1);
        assert_eq!(steady.0, 400, "it is read, and is no JSON");
        assert!(steady.1 > wait, "what comes at its pace may take longer");
    });
}

#[test]
fn whoever_sends_too_much_reads_why() {
    both(|db| async move {
        let (_app, address) = serve(db, LONG).await;
        let length = 16 * 1024 * 1024;
        let mut line = Line::to(address).await;
        line.announce(1, length).await;
        // All of it, before the answer is looked at: as simple programs do.
        let piece = vec![b'x'; 1024 * 1024];
        for _ in 0..length / piece.len() {
            line.send(&piece).await;
        }
        let refused = line.answer().await;
        assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");
        let mut pieces = Line::to(address).await;
        let head = "POST /api/auth/signin HTTP/1.1\r\nhost: pms\r\ncontent-type: application/json\r\n\
                    transfer-encoding: chunked\r\n\r\n";
        pieces.send(head).await;
        for _ in 0..16 {
            pieces.send(format!("{:x}\r\n", piece.len())).await;
            pieces.send(&piece).await;
            pieces.send("\r\n").await;
        }
        pieces.send("0\r\n\r\n").await;
        assert_eq!(pieces.status().await, 413, "also if they did not say how much it is");
    });
}
