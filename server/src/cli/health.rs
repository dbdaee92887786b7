//! `pms health`

use super::{Outcome, user::println_quietly};
use crate::config::{Config, Trouble};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(5);
const QUESTION: &[u8] = b"GET /api/health/ready HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";

/// Asks the server that listens as configured whether it is ready: for containers, which have no other program to ask with.
pub async fn run(config: Config) -> Outcome {
    let address = to_ask(config.http.listen);
    let head =
        timeout(PATIENCE, ask(address)).await.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()));
    match head {
        Ok(head) if head.starts_with("HTTP/1.1 200 ") => {
            println_quietly("ready");
            Ok(())
        }
        Ok(head) => {
            let status = head.lines().next().unwrap_or_default().trim_start_matches("HTTP/1.1 ");
            Err(Trouble::new(format!("PMS at {address} is not ready: it answers {status}.")))
        }
        Err(error) => Err(Trouble::new(format!("PMS at {address} does not answer: {error}."))),
    }
}

async fn ask(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(QUESTION).await?;
    let mut head = Vec::new();
    stream.take(4096).read_to_end(&mut head).await?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Who listens everywhere is asked here.
fn to_ask(listen: SocketAddr) -> SocketAddr {
    let here = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(here, listen.port())
}
