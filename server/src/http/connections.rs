//! Connections of browsers and proxies: HTTP/1.1, a task for each. TLS and HTTP/2 are a proxy's, which stands before.

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use std::{
    io::{Error, ErrorKind},
    net::SocketAddr,
    time::Duration,
};
use tokio::{net::TcpListener, time::sleep};
use tokio_util::sync::CancellationToken;
use tower::Service as _;

/// How long the head of a request may take, and how long a connection may stay without one. Proxies keep idle
/// connections for up to two minutes to use them again, and lose a request with one that we close in that very moment.
const PATIENCE: Duration = Duration::from_secs(150);
/// How long to wait before taking the next connection when there is no room for one.
const ROOM: Duration = Duration::from_secs(1);

/// Answers until `stop`, then lets each connection finish the request that it is at.
pub async fn serve(listener: TcpListener, router: Router, stop: &CancellationToken) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    let connections = GracefulShutdown::new();
    let mut services = router.into_make_service_with_connect_info::<SocketAddr>();
    while let Some(accepted) = stop.run_until_cancelled(listener.accept()).await {
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                wait_for_room(&error).await;
                continue;
            }
        };
        // Answers are written whole; waiting to fill a packet would only delay them.
        let _ = stream.set_nodelay(true);
        let Ok(service) = services.call(peer).await;
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        tokio::spawn(connections.watch(connection));
    }
    // Whoever comes now is refused at once, and comes to another instance.
    drop(listener);
    connections.shutdown().await;
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
        let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.to_string();
        let router = Router::new().route("/", get(peer));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let serving = tokio::spawn({
            let stop = stop.clone();
            async move { serve(listener, router, &stop).await }
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
