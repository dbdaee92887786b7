//! Where a server sends what operators are told: a collector of traces, and a Sentry, as far as it knows them.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{KeyValue, any_value::Value},
    trace::v1::{ResourceSpans, Span},
};
use prost::Message as _;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, runtime::Runtime};

/// How long a busy machine may take to send what it has.
const PATIENCE: Duration = Duration::from_secs(30);

/// What came to an address. Dropped, nobody is there any more.
pub struct Inbox {
    address: SocketAddr,
    letters: Letters,
    _runtime: Runtime,
}

type Letters = Arc<Mutex<Vec<Letter>>>;

/// A call.
pub struct Letter {
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Inbox {
    pub fn open() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).expect("a port");
        let address = listener.local_addr().expect("an address");
        let letters = Letters::default();
        let router = Router::new().fallback(take).with_state(letters.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, letters, _runtime: runtime }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// As a project of Sentry would show it.
    pub fn dsn(&self) -> String {
        format!("http://swordfish@{}/7", self.address)
    }

    /// Looks through all that came until something is found.
    #[track_caller]
    pub fn find<T>(&self, what: &str, look: impl Fn(&[Letter]) -> Option<T>) -> T {
        let begin = Instant::now();
        loop {
            if let Some(found) = look(&self.letters.lock().expect("no panic")) {
                return found;
            }
            assert!(begin.elapsed() < PATIENCE, "{what} did not come");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether these bytes came in anything, in plain text.
    pub fn has_heard(&self, words: &str) -> bool {
        let has = |bytes: &[u8]| bytes.windows(words.len()).any(|part| part == words.as_bytes());
        let letters = self.letters.lock().expect("no panic");
        letters.iter().any(|letter| {
            has(&letter.body)
                || has(letter.path.as_bytes())
                || letter.headers.values().any(|value| has(value.as_bytes()))
        })
    }
}

async fn take(State(letters): State<Letters>, uri: Uri, headers: HeaderMap, body: Bytes) {
    letters.lock().expect("no panic").push(Letter { path: uri.to_string(), headers, body });
}

/// What came as traces.
pub fn traced(letters: &[Letter]) -> Vec<ResourceSpans> {
    let traces = letters.iter().filter(|letter| letter.path == "/v1/traces");
    let read = |letter: &Letter| ExportTraceServiceRequest::decode(letter.body.clone()).expect("traces");
    traces.flat_map(|letter| read(letter).resource_spans).collect()
}

/// All spans that came.
pub fn spans(letters: &[Letter]) -> Vec<Span> {
    let scopes = traced(letters).into_iter().flat_map(|of_resource| of_resource.scope_spans);
    scopes.flat_map(|of_scope| of_scope.spans).collect()
}

/// One of a span's or a resource's attributes, as text.
pub fn attribute(attributes: &[KeyValue], key: &str) -> Option<String> {
    let value = attributes.iter().find(|attribute| attribute.key == key)?.value.clone()?.value?;
    Some(match value {
        Value::StringValue(text) => text,
        Value::IntValue(number) => number.to_string(),
        other => format!("{other:?}"),
    })
}
