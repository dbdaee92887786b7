//! Connections of browsers and proxies: HTTP/1.1, a task for each. TLS and HTTP/2 are a proxy's, which stands before.

use super::places::{Place, Places, Room};
use crate::config::Proxies;
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
};
use domain::Error as Refusal;
use hyper::{
    Request,
    body::{Frame, Incoming},
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use services::network::network_of;
use std::{
    io::{Error, ErrorKind},
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

/// How long the head of a request may take, and how long a connection may stay without one. Proxies keep idle
/// connections for up to two minutes to use them again, and lose a request with one that we close in that very moment.
const PATIENCE: Duration = Duration::from_secs(150);
/// Bytes of the head of a request, with its address: as many as nginx takes by itself. So much is also read ahead of a body,
/// and beyond it an answer waits until its reader has taken some.
const HEAD: usize = 32 * 1024;
/// How long to wait before taking the next connection when there is no room for one, and at the end for the rest of a
/// head, or for an answer to be on its way.
const ROOM: Duration = Duration::from_secs(1);
/// How long a connection is kept whose other end takes nothing of what it is sent, or is gone without a word.
const UNREAD: Duration = Duration::from_mins(1);

/// How often it is said whose connections are closed.
const TELLING: Duration = Duration::from_mins(1);

/// Files that are not for connections: those of jobs, of backups, of clients of other servers…
const OTHER_FILES: usize = 128;
/// …and of each connection to a database.
const DATABASE_FILES: usize = 4;
/// More are not for one server: each has its memory.
const MOST: usize = 65_536;
/// One network may have such a part of them, unless it is this machine or a proxy, through which many come.
const PART_OF_A_NETWORK: usize = 2;

/// How many connections there may be, and how many there are.
#[derive(Clone, Debug)]
pub struct Connections {
    most: usize,
    places: Arc<Semaphore>,
    full: Arc<AtomicBool>,
    networks: Places<IpAddr>,
    proxies: Proxies,
    refused: Arc<AtomicU64>,
    /// When that was said last.
    told: Arc<Mutex<Option<Instant>>>,
    unread: Duration,
}

impl Connections {
    /// For as many as a process with `files` open files has room for, with `database` connections to a database.
    pub fn within(files: usize, database: usize, proxies: Proxies) -> Self {
        let others = OTHER_FILES + DATABASE_FILES * database;
        let most = files.saturating_sub(others).max(files / 2).clamp(1, MOST);
        let of_one = most.div_ceil(PART_OF_A_NETWORK);
        Self {
            most,
            places: Arc::new(Semaphore::new(most)),
            full: Arc::default(),
            // How many there are in all, the other places tell.
            networks: Places::new(Room { all: usize::MAX, of_one, come_again_seconds: 1 }),
            proxies,
            refused: Arc::default(),
            told: Arc::default(),
            unread: UNREAD,
        }
    }

    /// How many there may be.
    pub fn most(&self) -> usize {
        self.most
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        self.most - self.places.available_permits()
    }

    /// How many were closed at once because their network had its part.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// A place of its network's part, if it comes from one that has only a part.
    fn of_network(&self, peer: IpAddr) -> Result<Option<Place<IpAddr>>, Refusal> {
        let peer = peer.to_canonical();
        if peer.is_loopback() || self.proxies.trusts(peer) {
            return Ok(None);
        }
        let place = self.networks.take(network_of(peer));
        if place.is_err() {
            self.refused.fetch_add(1, Ordering::Relaxed);
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            if told.is_none_or(|at| at.elapsed() >= TELLING) {
                *told = Some(Instant::now());
                tracing::warn!(
                    network = %network_of(peer),
                    "a network has half of all connections, and more of it are closed; if many come through that address, \
                     it belongs into trusted_proxies"
                );
            }
        }
        place.map(Some)
    }

    /// A place, once there is one. Others than who waits for it wait in the system's queue.
    async fn place(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.places).try_acquire_owned() {
            self.full.store(false, Ordering::Relaxed);
            return Some(place);
        }
        if !self.full.swap(true, Ordering::Relaxed) {
            tracing::error!(
                connections = self.most,
                "there is no room for more connections; they wait until others end"
            );
        }
        // It is never closed.
        Arc::clone(&self.places).acquire_owned().await.ok()
    }
}

/// One of many; fewer when it is dropped.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn among(many: &Arc<AtomicUsize>) -> Self {
        many.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(many))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What is answered, until all of it was given to the connection.
struct Answering {
    body: Body,
    _work: Counted,
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        self.body.size_hint()
    }
}

/// Answers until `stop`, then lets each connection finish the request that it is at.
pub async fn serve(listener: TcpListener, router: Router, room: &Connections, stop: &CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_header_size(HEAD).max_buf_size(HEAD);
    let shutdown = GracefulShutdown::new();
    let mut services = router.into_make_service_with_connect_info::<SocketAddr>();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                wait_for_room(&error).await;
                continue;
            }
        };
        // Dropped, it is closed.
        let Ok(of_network) = room.of_network(peer.ip()) else { continue };
        let Some(Some(place)) = stop.run_until_cancelled(room.place()).await else { break };
        prepare(&stream, room.unread);
        let Ok(service) = services.call(peer).await;
        let service = TowerToHyperService::new(service);
        let work: Arc<AtomicUsize> = Arc::default();
        let answer = {
            let work = Arc::clone(&work);
            service_fn(move |request: Request<Incoming>| {
                let counted = Counted::among(&work);
                let answer = service.call(request);
                async move { answer.await.map(|answer| answer.map(|body| Answering { body, _work: counted })) }
            })
        };
        let connection = shutdown.watch(http.serve_connection(TokioIo::new(stream), answer));
        let ends = idle_after(stop.clone(), work);
        tokio::spawn(async move {
            let _places = (place, of_network);
            tokio::select! {
                // What goes wrong with it is over with it.
                _ = connection => {}
                () = ends => {}
            }
        });
    }
    // Whoever comes now is refused at once, and comes to another instance.
    drop(listener);
    shutdown.shutdown().await;
}

/// A system that can't do it has ways of its own.
fn prepare(stream: &TcpStream, unread: Duration) {
    // Answers are written whole; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = rustix::net::sockopt::set_tcp_user_timeout(
        stream,
        u32::try_from(unread.as_millis()).unwrap_or(u32::MAX),
    );
}

/// Ends once nothing is answered any more after `stop`. Whoever only began to ask would hold up the end until they are cut off.
async fn idle_after(stop: CancellationToken, work: Arc<AtomicUsize>) {
    stop.cancelled().await;
    loop {
        sleep(ROOM).await;
        if work.load(Ordering::Relaxed) == 0 {
            return;
        }
    }
}

async fn wait_for_room(error: &Error) {
    // These are about the one who came; all others about us, files that may be open for instance.
    let theirs = [ErrorKind::ConnectionRefused, ErrorKind::ConnectionAborted, ErrorKind::ConnectionReset];
    if !theirs.contains(&error.kind()) {
        tracing::error!(%error, "can't take connections");
        sleep(ROOM).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{extract::ConnectInfo, routing::get};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        task::JoinHandle,
    };

    async fn start() -> (SocketAddr, CancellationToken, JoinHandle<()>) {
        start_with(Connections::within(1024, 0, Proxies::default())).await
    }

    async fn start_with(room: Connections) -> (SocketAddr, CancellationToken, JoinHandle<()>) {
        let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let router = Router::new().route("/", get(peer));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let serving = tokio::spawn({
            let stop = stop.clone();
            async move { serve(listener, router, &room, &stop).await }
        });
        (address, stop, serving)
    }

    #[tokio::test]
    async fn an_idle_connection_knows_its_peer_and_does_not_hold_up_the_end() {
        let (address, stop, serving) = start().await;
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nhost: pms\r\n\r\n").await.expect("sent");
        let own = stream.local_addr().expect("an address").to_string();
        let mut answer = String::new();
        while !answer.ends_with(&own) {
            let mut piece = [0; 1024];
            let read = stream.read(&mut piece).await.expect("read");
            assert_ne!(read, 0, "ended after {answer}");
            answer.push_str(&String::from_utf8_lossy(&piece[..read]));
        }
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        stop.cancel();
        serving.await.expect("no panic");
        assert_eq!(stream.read(&mut [0; 1]).await.expect("read"), 0, "the connection is closed");
        assert!(TcpStream::connect(address).await.is_err(), "nobody is let in any more");
    }

    /// What is answered to a head of so many bytes, which come as the network brings them.
    async fn answer_to_head(address: SocketAddr, bytes: usize) -> String {
        let mut head = String::from("GET / HTTP/1.1\r\nhost: pms\r\nconnection: close\r\nx-long: ");
        let end = "\r\n\r\n";
        head.push_str(&"x".repeat(bytes - head.len() - end.len()));
        head.push_str(end);
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        // It may be refused before all of it was sent.
        let _ = stream.write_all(head.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).expect("text")
    }

    #[tokio::test]
    async fn a_head_is_answered_up_to_its_limit_and_refused_beyond() {
        let (address, _stop, _serving) = start().await;
        for bytes in [1024, HEAD - 1024, HEAD] {
            let answer = answer_to_head(address, bytes).await;
            assert!(answer.starts_with("HTTP/1.1 200 OK"), "{bytes}: {answer}");
        }
        for bytes in [HEAD + 1, 2 * HEAD] {
            let answer = answer_to_head(address, bytes).await;
            assert!(answer.starts_with("HTTP/1.1 431 "), "{bytes}: {answer}");
        }
    }

    #[tokio::test]
    async fn whoever_does_not_end_the_head_of_a_request_is_refused_at_its_limit() {
        let (address, _stop, _serving) = start().await;
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nhost: pms\r\nx-long: ").await.expect("sent");
        let mut sent = 0;
        while stream.write_all(&[b'x'; 1024]).await.is_ok() && sent < 10 * HEAD {
            sent += 1024;
            // What is refused is not read any more.
            tokio::task::yield_now().await;
        }
        let mut answer = [0; 13];
        stream.read_exact(&mut answer).await.expect("an answer");
        assert_eq!(&answer, b"HTTP/1.1 431 ");
    }

    #[tokio::test]
    async fn bodies_and_answers_may_be_larger_than_a_head() {
        let echo = Router::new().route("/", axum::routing::post(async |body: Bytes| body));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        tokio::spawn(async move {
            serve(listener, echo, &Connections::within(1024, 0, Proxies::default()), &stop).await;
        });
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let body = "0123456789abcdef".repeat(HEAD);
        let head = format!(
            "POST / HTTP/1.1\r\nhost: pms\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all((head + &body).as_bytes()).await.expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("read");
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(&body), "{} bytes", answer.len());
    }

    /// Waits until so many are open.
    async fn until_open(room: &Connections, many: usize) {
        let reached = async {
            while room.open() != many {
                sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), reached).await.expect("they are counted");
    }

    #[tokio::test]
    async fn whoever_finds_no_place_gets_the_next_one() {
        let room = Connections::within(2, 0, Proxies::default());
        assert_eq!(room.most(), 1);
        let (address, _stop, _serving) = start_with(room.clone()).await;
        assert_eq!(room.open(), 0);
        let first = TcpStream::connect(address).await.expect("a connection");
        until_open(&room, 1).await;
        let mut second = TcpStream::connect(address).await.expect("a connection");
        second.write_all(b"GET / HTTP/1.1\r\nhost: pms\r\nconnection: close\r\n\r\n").await.expect("sent");
        let mut answer = String::new();
        let reading = second.read_to_string(&mut answer);
        tokio::pin!(reading);
        assert!(tokio::time::timeout(Duration::from_millis(100), &mut reading).await.is_err(), "it waits");
        drop(first);
        reading.await.expect("read");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        until_open(&room, 0).await;
    }

    #[tokio::test]
    async fn whoever_only_began_to_ask_does_not_hold_up_the_end() {
        let (address, stop, serving) = start().await;
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await.expect("sent");
        sleep(Duration::from_millis(100)).await;
        stop.cancel();
        tokio::time::timeout(ROOM * 5, serving).await.expect("in time").expect("no panic");
    }

    #[test]
    fn other_files_have_places_too() {
        let most = |files, database| Connections::within(files, database, Proxies::default()).most();
        assert_eq!(most(20_000, 16), 20_000 - 128 - 64);
        assert_eq!(most(1 << 30, 16), MOST);
        assert_eq!(most(256, 100), 128);
        assert_eq!(most(0, 0), 1);
    }

    #[test]
    fn one_network_leaves_half_of_them_to_others() {
        let room = Connections::within(16, 0, "192.0.2.0/24".parse().expect("a network"));
        assert_eq!(room.most(), 8);
        let from = |address: &str| room.of_network(address.parse().expect("an address"));
        let own: Vec<_> = (1..=4).map(|host| from(&format!("2001:db8::{host}")).expect("a place")).collect();
        assert!(own.iter().all(Option::is_some));
        assert!(from("2001:db8::5").is_err(), "it has its half");
        assert_eq!(room.refused(), 1);
        let others: Vec<_> = (1..=4).map(|host| from(&format!("2001:db8:0:1::{host}"))).collect();
        assert!(others.iter().all(Result::is_ok), "another network");
        assert!(from("192.0.3.1").is_ok(), "it waits for a place like everybody");
        for many in ["192.0.2.1", "::ffff:192.0.2.1", "127.0.0.1", "::1"] {
            let places: Vec<_> = (0..9).map(|_| from(many)).collect();
            assert!(places.iter().all(|place| matches!(place, Ok(None))), "{many}");
        }
        drop(own);
        assert!(from("2001:db8::5").is_ok());
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn whoever_does_not_read_an_answer_is_given_up() {
        let room = Connections { unread: ROOM, ..Connections::within(64, 0, Proxies::default()) };
        // More than the system keeps for a connection.
        let large = async || "x".repeat(64 << 20);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (router, stop) = (Router::new().route("/", get(large)), CancellationToken::new());
        let served = room.clone();
        tokio::spawn(async move { serve(listener, router, &served, &stop).await });
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nhost: pms\r\n\r\n").await.expect("sent");
        until_open(&room, 1).await;
        until_open(&room, 0).await;
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_does_not_finish_the_head_of_a_request_is_cut_off() {
        let (address, _stop, _serving) = start().await;
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(b"GET / HTTP/1.1\r\nhost: ").await.expect("sent");
        let begin = tokio::time::Instant::now();
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.expect("read");
        assert!(begin.elapsed() >= PATIENCE);
        assert!(!String::from_utf8_lossy(&rest).contains("200"), "{rest:?}");
    }
}
