use super::{NOW, clock, named, this_machine};
use crate::{
    adapters::{
        addresses::Allowed,
        web_client::{Failure, WebClient},
        web_push::{Vapid, WebPush},
        webhooks::Webhooks,
    },
    config::Networks,
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Request, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::device::PushAddress;
use http_body_util::Full;
use p256::{SecretKey, elliptic_curve::sec1::ToEncodedPoint as _};
use services::ports::{
    answer::Answer,
    hook::{Call, Hook as _},
    pusher::{Push, Pusher as _},
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;
use web_push_native::{Auth, decrypt};

/// What a server does with a call.
#[derive(Clone, Copy)]
enum Does {
    Answers(u16, Option<(&'static str, &'static str)>),
    Hangs,
    /// Begins to answer, and never ends.
    Drips,
}

/// A server that notes every call.
#[derive(Clone)]
struct WebServer {
    port: u16,
    calls: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
}

impl WebServer {
    async fn start(does: Does) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let server = Self { port, calls: Arc::default() };
        let router = Router::new().fallback(note).with_state((server.clone(), does));
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn calls(&self) -> Vec<(HeaderMap, Bytes)> {
        self.calls.lock().unwrap().clone()
    }
}

async fn note(State((server, does)): State<(WebServer, Does)>, headers: HeaderMap, body: Bytes) -> Response {
    server.calls.lock().unwrap().push((headers, body));
    match does {
        Does::Answers(status, header) => {
            let mut response = StatusCode::from_u16(status).unwrap().into_response();
            if let Some((name, value)) = header {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Does::Hangs => std::future::pending().await,
        Does::Drips => axum::body::Body::from_stream(futures::stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Some((Ok::<_, std::io::Error>(Bytes::from_static(b"drip")), ()))
        }))
        .into_response(),
    }
}

const PATIENCE: Duration = Duration::from_millis(500);

fn client(allowed: Allowed) -> WebClient {
    WebClient::new(allowed, PATIENCE).expect("the machine has certificates")
}

fn guarded() -> WebClient {
    client(Allowed::PublicAnd(Networks::default()))
}

/// The browser's half of a subscription.
struct Browser {
    secret: SecretKey,
    auth: [u8; 16],
}

impl Browser {
    fn new() -> Self {
        Self { secret: SecretKey::from_slice(&[5; 32]).unwrap(), auth: [6; 16] }
    }

    fn subscribed_at(&self, endpoint: String) -> PushAddress {
        let point = self.secret.public_key().to_encoded_point(false);
        PushAddress {
            endpoint,
            p256dh: URL_SAFE_NO_PAD.encode(point.as_bytes()),
            auth: URL_SAFE_NO_PAD.encode(self.auth),
        }
    }

    fn opens(&self, body: &Bytes) -> String {
        let auth = Auth::from_exact_iter(self.auth).unwrap();
        String::from_utf8(decrypt(body.to_vec(), &self.secret, &auth).expect("it is for this browser"))
            .unwrap()
    }
}

fn pusher(services: &str) -> WebPush {
    let key = Vapid::new([7; 32], "mailto:pms@example.org".into());
    WebPush::new(key, named(services), (guarded(), client(Allowed::Any)), clock())
}

fn message(to: PushAddress) -> Push {
    Push {
        to,
        body: r#"{"web_push":8030}"#.into(),
        keep: Duration::from_mins(2),
        urgent: true,
        topic: Some("alert".into()),
    }
}

#[tokio::test]
async fn a_push_message_is_for_its_browser_alone_and_says_who_sends() {
    let server = WebServer::start(Does::Answers(201, None)).await;
    let (browser, pusher) = (Browser::new(), pusher(&server.origin()));
    let to = browser.subscribed_at(format!("{}/push/abc", server.origin()));
    assert_eq!(pusher.accepts(&to.endpoint), Ok(()));
    assert_eq!(pusher.send(&message(to)).await, Answer::Taken);
    let calls = server.calls();
    let [(headers, body)] = &calls[..] else { panic!("one call") };
    assert_eq!(browser.opens(body), r#"{"web_push":8030}"#);
    for (name, value) in
        [("urgency", "high"), ("ttl", "120"), ("topic", "alert"), ("content-encoding", "aes128gcm")]
    {
        assert_eq!(headers[name], value);
    }
    let authorization = headers[header::AUTHORIZATION].to_str().unwrap();
    assert!(
        authorization.starts_with("vapid t=")
            && authorization.ends_with(&format!("k={}", pusher.public_key()))
    );
}

#[tokio::test]
async fn what_a_push_service_says_is_understood() {
    let later = |after: Option<u64>, status: u16| Answer::Later {
        after: after.map(Duration::from_secs),
        why: format!("The push service answered {status}."),
    };
    for (does, expected) in [
        (Does::Answers(410, None), Answer::Gone),
        (Does::Answers(404, None), Answer::Gone),
        (Does::Answers(429, Some(("retry-after", "120"))), later(Some(120), 429)),
        (Does::Answers(503, Some(("retry-after", "Sat, 17 Jan 2026 12:01:00 GMT"))), later(Some(60), 503)),
        (Does::Answers(500, None), later(None, 500)),
        (Does::Answers(413, None), Answer::refused("The message is larger than the push service takes.")),
        (
            Does::Answers(302, Some(("location", "/elsewhere"))),
            Answer::refused("The push service answered 302."),
        ),
        (Does::Hangs, Answer::later("The push service could not be reached.")),
        (Does::Drips, Answer::Taken),
    ] {
        let server = WebServer::start(does).await;
        let to = Browser::new().subscribed_at(format!("{}/push/abc", server.origin()));
        assert_eq!(pusher(&server.origin()).send(&message(to)).await, expected);
        // Nothing is followed, and nothing tried twice behind one's back.
        assert_eq!(server.calls().len(), 1);
    }
}

#[tokio::test]
async fn a_push_address_that_leads_into_the_house_is_not_called() {
    let server = WebServer::start(Does::Answers(201, None)).await;
    let pusher = pusher("");
    for endpoint in [server.origin(), format!("https://127.0.0.1:{}", server.port), "not a url".into()] {
        assert!(pusher.accepts(&endpoint).is_err(), "{endpoint}");
        let to = Browser::new().subscribed_at(endpoint);
        assert!(matches!(pusher.send(&message(to)).await, Answer::Refused { .. }));
    }
    let broken = PushAddress {
        p256dh: "AAAA".into(),
        ..Browser::new().subscribed_at("https://fcm.googleapis.com/x".into())
    };
    assert_eq!(
        pusher.send(&message(broken)).await,
        Answer::refused("The browser’s push keys are of no use.")
    );
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn a_name_that_stands_for_this_machine_is_not_called() {
    let server = WebServer::start(Does::Answers(200, None)).await;
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let request = || {
            Request::post(format!("http://{host}:{}/", server.port)).body(Full::new(Bytes::new())).unwrap()
        };
        assert_eq!(guarded().call(request(), NOW).await.unwrap_err(), Failure::Forbidden, "{host}");
    }
    assert!(server.calls().is_empty());
    let request = Request::post(server.origin()).body(Full::new(Bytes::new())).unwrap();
    let opened = client(Allowed::PublicAnd(this_machine()));
    assert_eq!(opened.call(request, NOW).await.unwrap().status, StatusCode::OK);
}

fn call(url: String) -> Call {
    Call {
        id: uuid::Uuid::from_u128(7),
        url,
        body: r#"{"title":"WEB is urgent"}"#.into(),
        at: 1_768_651_200,
        secret: "whsec_example".into(),
    }
}

#[tokio::test]
async fn a_webhook_gets_a_signed_call() {
    let server = WebServer::start(Does::Answers(204, None)).await;
    let hooks = Webhooks::new(guarded(), Some(client(Allowed::Only(this_machine()))), clock());
    let url = format!("{}/hook?x=1", server.origin());
    assert_eq!(hooks.accepts(&url), Ok(()));
    assert_eq!(hooks.send(&call(url)).await, Answer::Taken);
    let calls = server.calls();
    let [(headers, body)] = &calls[..] else { panic!("one call") };
    assert_eq!(body, r#"{"title":"WEB is urgent"}"#);
    assert_eq!(headers["pms-timestamp"], "1768651200");
    assert_eq!(headers["pms-delivery"], "00000000-0000-0000-0000-000000000007");
    // As `openssl dgst -sha256 -hmac` makes it of `1768651200.{"title":"WEB is urgent"}`.
    assert_eq!(
        headers["pms-signature"],
        "sha256=a4b5c55b8efb030b0e17d97610a699e45683a80441f4d80be3a7d47b44043b46"
    );
}

#[tokio::test]
async fn a_webhook_that_leads_into_the_house_is_not_called() {
    let server = WebServer::start(Does::Answers(200, None)).await;
    let closed = Webhooks::new(guarded(), None, clock());
    assert!(closed.accepts(&server.origin()).is_err());
    assert!(closed.accepts("https://user:password@example.org/").is_err());
    assert!(closed.accepts("file:///etc/passwd").is_err());
    for url in [
        server.origin(),
        format!("https://localhost:{}", server.port),
        format!("https://127.0.0.1:{}", server.port),
    ] {
        let answer = closed.send(&call(url)).await;
        assert!(matches!(answer, Answer::Refused { .. }), "{answer:?}");
    }
    let elsewhere =
        Webhooks::new(guarded(), Some(client(Allowed::Only("10.0.0.0/8".parse().unwrap()))), clock());
    assert!(matches!(elsewhere.send(&call(server.origin())).await, Answer::Refused { .. }));
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn what_a_webhook_says_is_understood() {
    for (does, expected) in [
        (Does::Answers(410, None), Answer::Gone),
        (Does::Answers(400, None), Answer::refused("The webhook answered 400.")),
        (
            Does::Answers(307, Some(("location", "/elsewhere"))),
            Answer::refused("The webhook answered 307; PMS follows no redirects."),
        ),
        (Does::Answers(500, None), Answer::later("The webhook answered 500.")),
        (Does::Hangs, Answer::later("The webhook could not be reached.")),
    ] {
        let server = WebServer::start(does).await;
        let hooks = Webhooks::new(guarded(), Some(client(Allowed::Only(this_machine()))), clock());
        assert_eq!(hooks.send(&call(server.origin())).await, expected);
        assert_eq!(server.calls().len(), 1);
    }
}
