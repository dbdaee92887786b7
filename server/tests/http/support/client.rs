//! Somebody who asks.

use super::{Answer, ask::Ask};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Request, header},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use services::ports::clock::FixedClock;
use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use testkit::workspace::PASSWORD;
use tower::ServiceExt as _;

/// A browser with its cookies, or a program with its token.
#[derive(Clone)]
pub struct Client {
    router: Router,
    clock: Arc<FixedClock>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    bearer: Option<String>,
    address: SocketAddr,
}

impl Client {
    pub fn new(router: Router, clock: Arc<FixedClock>) -> Self {
        let address = SocketAddr::from(([192, 0, 2, 1], 50_000));
        Self { router, clock, cookies: Arc::default(), bearer: None, address }
    }

    pub fn with_bearer(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    /// From another address.
    pub fn at(mut self, last: u8) -> Self {
        self.address = SocketAddr::from(([192, 0, 2, last], 50_000));
        self
    }

    /// Signs in with everybody's password; gives the bearer token.
    pub async fn sign_in(&self, name: &str) -> String {
        let form = json!({ "username": name, "password": PASSWORD });
        let answer = self.post("/api/auth/signin").json(&form).await;
        assert_eq!(answer.status, 200, "{name} signs in: {}", answer.text());
        answer.text().to_owned()
    }

    /// The cookie of that name.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().expect("no panic while held").get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().expect("no panic while held").insert(name.into(), value.into());
    }

    pub fn get(&self, path: &str) -> Ask {
        self.ask("GET", path)
    }

    pub fn post(&self, path: &str) -> Ask {
        self.ask("POST", path)
    }

    pub fn put(&self, path: &str) -> Ask {
        self.ask("PUT", path)
    }

    pub fn patch(&self, path: &str) -> Ask {
        self.ask("PATCH", path)
    }

    pub fn delete(&self, path: &str) -> Ask {
        self.ask("DELETE", path)
    }

    pub fn ask(&self, method: &str, path: &str) -> Ask {
        Ask::new(self.clone(), method, path)
    }

    /// A list, or whatever is at this address, which has to be there.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.json()
    }

    /// Creates it, which has to work.
    pub async fn create(&self, path: &str, body: Value) -> Value {
        let answer = self.post(path).json(&body).await;
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        answer.json()
    }

    pub(super) async fn send(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(self.address));
        self.add_keys(request.headers_mut());
        let asked = (request.method().to_string(), request.uri().path().to_owned());
        let router = self.router.clone();
        // As in the program: on a thread with room for deeply nested pages, and to its end.
        let response = tokio::spawn(router.oneshot(request)).await.expect("no panic").expect("an answer");
        let (parts, mut body) = response.into_parts();
        let body = if is_stream(&parts.headers) {
            // It has no end: what comes first is what the story looks at.
            let frame = body.frame().await.expect("a first event").expect("no fault");
            frame.into_data().expect("text")
        } else {
            tokio::spawn(to_bytes(body, usize::MAX)).await.expect("no panic").expect("a body")
        };
        self.keep_cookies(&parts.headers);
        Answer::new(asked, parts, body)
    }

    /// Listens to what this address goes on saying.
    pub async fn listen(&self, path: &str) -> Events {
        let mut request = Request::get(path).body(Body::empty()).expect("a request");
        request.extensions_mut().insert(ConnectInfo(self.address));
        self.add_keys(request.headers_mut());
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        assert!(is_stream(response.headers()), "{path}: {}", response.status());
        Events(response.into_body())
    }

    fn add_keys(&self, headers: &mut HeaderMap) {
        if let Some(token) = &self.bearer {
            headers.insert(header::AUTHORIZATION, format!("Bearer {token}").parse().expect("text"));
        }
        let cookies = self.cookies.lock().expect("no panic while held");
        let pairs: Vec<_> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !pairs.is_empty() {
            headers.insert(header::COOKIE, pairs.join("; ").parse().expect("text"));
        }
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().expect("no panic while held");
        for set in headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().expect("text");
            let (name, rest) = text.split_once('=').expect("name=value");
            let value = rest.split(';').next().unwrap_or_default();
            if text.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.into(), value.into());
            }
        }
    }
}

fn is_stream(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream")
}

/// Events as they come.
pub struct Events(Body);

impl Events {
    /// The lines of the next one; none when the stream is over.
    pub async fn next(&mut self) -> Option<String> {
        let frame = tokio::time::timeout(Duration::from_secs(10), self.0.frame()).await;
        let data = frame.expect("something is said")?.expect("no fault").into_data().expect("text");
        Some(String::from_utf8(data.to_vec()).expect("UTF-8"))
    }
}
