//! Calls of other servers: to addresses that are allowed, without following where they point, with limits.

use super::addresses::Allowed;
use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode, Uri, header};
use domain::time::Timestamp;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{
            HttpConnector,
            dns::{GaiResolver, Name},
        },
    },
    rt::{TokioExecutor, TokioTimer},
};
use std::{
    fmt, io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use tokio::time::timeout;
use tower::Service;

/// How long a call may take until its answer begins.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// How long the rest of an answer is read.
const REST: Duration = Duration::from_secs(1);
/// What is read of an answer, so that its connection can be used again; nobody looks at it.
const ANSWER: usize = 16 * 1024;

/// Calls other servers. Cheap to clone.
#[derive(Clone)]
pub struct WebClient {
    client: Client<HttpsConnector<HttpConnector<Guard>>, Full<Bytes>>,
    allowed: Allowed,
    patience: Duration,
}

/// What a server said.
#[derive(Clone, Copy, Debug)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// `Retry-After`.
    pub retry_after: Option<Duration>,
}

/// Why there is no reply.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// The address may not be called.
    Forbidden,
    /// Nobody answered, or not in time, or not so that it could be understood.
    Unreachable,
}

impl WebClient {
    /// To these addresses; [`PATIENCE`] is usual.
    ///
    /// # Errors
    /// If the machine has no certificates to trust.
    pub fn new(allowed: Allowed, patience: Duration) -> io::Result<Self> {
        let mut connector =
            HttpConnector::new_with_resolver(Guard { names: GaiResolver::new(), allowed: allowed.clone() });
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(patience / 2));
        let connector = HttpsConnectorBuilder::new()
            .with_native_roots()?
            .https_or_http()
            .enable_http1()
            .enable_http2()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .build(connector);
        Ok(Self { client, allowed, patience })
    }

    /// One call. `now` is for a `Retry-After` that names an instant.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn call(&self, request: Request<Full<Bytes>>, now: Timestamp) -> Result<Reply, Failure> {
        // An address is not looked up, so the guard of names does not see it.
        if literal(request.uri()).is_some_and(|address| !self.allowed.allows(address)) {
            return Err(Failure::Forbidden);
        }
        let answer = timeout(self.patience, self.client.request(request));
        let response = answer.await.map_err(|_| Failure::Unreachable)?.map_err(|error| {
            tracing::debug!(%error, "a call of another server failed");
            if caused_by_guard(&error) { Failure::Forbidden } else { Failure::Unreachable }
        })?;
        let reply = Reply { status: response.status(), retry_after: retry_after(response.headers(), now) };
        // Whether it comes or not: the status has told all, and a call that was taken must not be made again.
        let _ = timeout(REST, Limited::new(response.into_body(), ANSWER).collect()).await;
        Ok(reply)
    }
}

fn literal(uri: &Uri) -> Option<IpAddr> {
    uri.host()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Seconds, or an instant as HTTP writes it.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let at = OffsetDateTime::parse(text, &Rfc2822).ok()?.unix_timestamp();
    u64::try_from(at - now.micros() / 1_000_000).ok().map(Duration::from_secs)
}

fn caused_by_guard(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<NotAllowed>() {
            return true;
        }
        // What a resolver says is wrapped in the system's error.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if inner.and_then(|inner| inner.downcast_ref::<NotAllowed>()).is_some() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Looks names up, and keeps only addresses that are allowed: those that are connected to, not what somebody else looked
/// up a moment before.
#[derive(Clone)]
struct Guard {
    names: GaiResolver,
    allowed: Allowed,
}

impl Service<Name> for Guard {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.names.poll_ready(context)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let found = self.names.call(name);
        let allowed = self.allowed.clone();
        Box::pin(async move {
            let addresses: Vec<SocketAddr> =
                found.await?.filter(|found| allowed.allows(found.ip())).collect();
            if addresses.is_empty() { Err(io::Error::other(NotAllowed)) } else { Ok(addresses.into_iter()) }
        })
    }
}

#[derive(Debug)]
struct NotAllowed;

impl fmt::Display for NotAllowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name stands for no address that may be called")
    }
}

impl std::error::Error for NotAllowed {}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn when_to_come_again_is_read_as_seconds_or_as_an_instant() {
        // 2026-01-17T12:00:00Z.
        let now = Timestamp(1_768_651_200_000_000);
        let read = |text: &'static str| {
            retry_after(&HeaderMap::from_iter([(header::RETRY_AFTER, HeaderValue::from_static(text))]), now)
        };
        assert_eq!(read("120"), Some(Duration::from_mins(2)));
        assert_eq!(read("Sat, 17 Jan 2026 12:05:00 GMT"), Some(Duration::from_mins(5)));
        assert_eq!(read("Sat, 17 Jan 2026 11:05:00 GMT"), None);
        assert_eq!(read("soon"), None);
    }
}
