//! One kept connection to a server, as a browser or a program holds it.

use anyhow::{Context as _, Result, bail};
use http_body_util::{BodyExt as _, Full};
use hyper::{
    HeaderMap, Method, Request, StatusCode,
    body::Bytes,
    client::conn::http1::{SendRequest, handshake},
    header::{self, HeaderName, HeaderValue},
};
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use std::{net::SocketAddr, time::Duration};
use tokio::net::TcpStream;

/// A request that takes longer has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Ask {
    method: Method,
    path: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Bytes,
}

impl Ask {
    /// Reads `path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), headers: Vec::new(), body: Bytes::new() }
    }

    /// Writes JSON.
    pub fn json(method: Method, path: impl Into<String>, body: &serde_json::Value) -> Self {
        let body = Bytes::from(body.to_string());
        let ask = Self { method, path: path.into(), headers: Vec::new(), body };
        ask.with(header::CONTENT_TYPE, "application/json")
    }

    /// Posts a form.
    pub fn form(path: impl Into<String>, fields: &[(&str, &str)]) -> Self {
        let body = Bytes::from(serde_html_form::to_string(fields).unwrap_or_default());
        let ask = Self { method: Method::POST, path: path.into(), headers: Vec::new(), body };
        ask.with(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    /// The same with a header; one that can't be sent is left out.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::try_from(value) {
            self.headers.push((name, value));
        }
        self
    }
}

/// What came back, to its last byte.
#[derive(Debug)]
pub struct Answer {
    /// How it went.
    pub status: StatusCode,
    /// What is said about it.
    pub headers: HeaderMap,
    frames: Vec<Bytes>,
}

impl Answer {
    /// The body's bytes as they came over the wire.
    pub fn length(&self) -> usize {
        self.frames.iter().map(Bytes::len).sum()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.frames.concat()).into_owned()
    }

    /// What went wrong, for people: the status, and the body unless it is compressed.
    pub fn words(&self) -> String {
        if self.headers.contains_key(header::CONTENT_ENCODING) {
            return self.status.to_string();
        }
        format!("{} {}", self.status, self.text())
    }

    /// The body, which is JSON.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.frames.concat()).context("the answer was other JSON than expected")
    }

    /// A header's text.
    pub fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The cookie that the answer sets, as it is sent back.
    pub fn cookie(&self) -> Option<String> {
        let set = self.header(&header::SET_COOKIE)?;
        Some(set.split(';').next().unwrap_or(set).to_owned())
    }

    /// The version of the resource, where its `ETag` is one.
    pub fn version(&self) -> Option<i64> {
        self.header(&header::ETAG)?.trim_matches('"').parse().ok()
    }
}

/// A connection; it is opened again when the server closed it.
pub struct Connection {
    address: SocketAddr,
    sender: Option<SendRequest<Full<Bytes>>>,
}

impl Connection {
    /// To this server; opened with the first request.
    pub const fn to(address: SocketAddr) -> Self {
        Self { address, sender: None }
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&mut self, ask: &Ask) -> Result<Answer> {
        let answered = tokio::time::timeout(PATIENCE, self.try_send(ask)).await;
        let answer = answered.unwrap_or_else(|_| bail!("no answer within {} s", PATIENCE.as_secs()));
        if answer.is_err() {
            self.sender = None;
        }
        answer
    }

    /// Sends a request that must be answered with this status.
    pub async fn expect(&mut self, status: StatusCode, ask: &Ask) -> Result<Answer> {
        let answer = self.send(ask).await?;
        if answer.status != status {
            bail!("{} {} was answered with {}", ask.method, ask.path, answer.words());
        }
        Ok(answer)
    }

    async fn try_send(&mut self, ask: &Ask) -> Result<Answer> {
        let mut request = Request::new(Full::new(ask.body.clone()));
        *request.method_mut() = ask.method.clone();
        *request.uri_mut() = ask.path.parse().with_context(|| format!("the address {}", ask.path))?;
        let host = HeaderValue::try_from(self.address.to_string())?;
        request.headers_mut().insert(header::HOST, host);
        request.headers_mut().extend(ask.headers.iter().cloned());
        let response = self.sender().await?.send_request(request).await.context("no answer")?;
        let (parts, mut body) = response.into_parts();
        let mut frames = Vec::new();
        while let Some(frame) = body.frame().await {
            if let Ok(data) = frame.context("the answer broke off")?.into_data() {
                frames.push(data);
            }
        }
        Ok(Answer { status: parts.status, headers: parts.headers, frames })
    }

    async fn sender(&mut self) -> Result<&mut SendRequest<Full<Bytes>>> {
        if let Some(mut sender) = self.sender.take()
            && sender.ready().await.is_ok()
        {
            return Ok(self.sender.insert(sender));
        }
        let open = open(self.address).await?;
        Ok(self.sender.insert(open))
    }
}

async fn open(address: SocketAddr) -> Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(address).await.context("no connection")?;
    stream.set_nodelay(true)?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await?;
    // Its errors come back with the requests.
    tokio::spawn(connection);
    sender.ready().await?;
    Ok(sender)
}
