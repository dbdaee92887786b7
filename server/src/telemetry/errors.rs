//! Errors, to a project of Sentry: lines of the log that are errors, panics, and answers that say so. Only that something
//! went wrong, where in the program, and for which request; the words of errors and panics may quote what people
//! wrote, so they stay in the log, where the request's id and the fault's lead to them.

use super::{AnyLayer, traces};
use crate::{
    adapters::web_client::WebClient,
    config::{SentryDsn, Trouble},
};
use axum::{
    body::Bytes,
    http::{HeaderValue, Request, StatusCode, header},
};
use domain::ids::UserId;
use http_body_util::Full;
use sentry::{
    Client, ClientOptions, Envelope, Hub, Transport,
    integrations::{backtrace::current_stacktrace, panic::PanicIntegration},
    protocol::{Event, Exception, Level, Mechanism, User},
};
use services::ports::clock::{Clock as _, SystemClock};
use std::{
    fmt, mem,
    panic::PanicHookInfo,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tracing::field::{Field, Visit};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, Targets},
    layer::Context,
};

/// What calls itself so there.
const AGENT: &str = concat!("pms/", env!("CARGO_PKG_VERSION"));
/// Errors that wait to be sent; more are left out, and so are those beyond [`MOST`] in a minute: what fails at every
/// request says so often enough.
const WAITING: usize = 100;
const MOST: u32 = 60;
const MINUTE: Duration = Duration::from_mins(1);
/// How long the server's end waits for the last of them.
const LAST: Duration = Duration::from_secs(3);
/// Whose errors: other crates may write anything into theirs.
const OURS: [&str; 4] = ["server", "services", "store", "app"];

/// What goes wrong goes this way.
pub struct Errors {
    client: Arc<Client>,
    sending: JoinHandle<()>,
}

impl Errors {
    /// Opens it, for the whole program. Whether Sentry is there shows when something is to be sent.
    ///
    /// # Errors
    /// With a sentence for the operator.
    ///
    /// # Panics
    /// Outside the runtime.
    pub fn start(dsn: &SentryDsn, environment: &str) -> Result<Self, Trouble> {
        let (queue, waiting) = mpsc::channel(WAITING);
        let sending = tokio::spawn(send(traces::client()?, dsn.clone(), waiting));
        let post = Post { queue: Mutex::new(Some(queue)), minute: Mutex::default() };
        let client = Arc::new(Client::from(options(dsn, environment).transport(Arc::new(post))));
        Hub::main().bind_client(Some(client.clone()));
        EVENTS.get_or_init(Events::default);
        Ok(Self { client, sending })
    }

    /// Sends what waits, for three seconds at the most.
    pub async fn end(self) {
        // It lets go of the queue, at whose end the sending ends.
        self.client.close(None);
        if timeout(LAST, self.sending).await.is_err() {
            tracing::warn!("the last errors were not taken by Sentry");
        }
    }
}

/// Without the crate's own defaults: nothing is read from the environment, and nothing of this machine is told.
fn options(dsn: &SentryDsn, environment: &str) -> ClientOptions {
    let mut options = ClientOptions::new()
        .release(concat!("pms@", env!("CARGO_PKG_VERSION")))
        .environment(environment.to_owned())
        .default_integrations(false)
        .max_breadcrumbs(0)
        .integrations([Arc::new(PanicIntegration::new().add_extractor(|info| Some(of_panic(info)))) as _]);
    options.dsn = Some(dsn.for_client().clone());
    options
}

/// What takes errors of the log.
pub(super) fn layer() -> AnyLayer {
    let ours = OURS.map(|part| (part, LevelFilter::ERROR));
    Lines.with_filter(Targets::new().with_targets(ours)).boxed()
}

struct Lines;

impl<S: tracing::Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let from = event.metadata();
        // A panic was told where it happened.
        if from.fields().field("panic").is_some() {
            return;
        }
        let mut said = Said::default();
        event.record(&mut said);
        Hub::current().capture_event(Event {
            message: Some(said.message),
            level: Level::Error,
            logger: Some(from.target().to_owned()),
            culprit: Some(place(from.file(), from.line())),
            tags: said.fault.map(|fault| ("fault".to_owned(), fault)).into_iter().collect(),
            ..Event::default()
        });
    }
}

/// Of a line of the log only what its place in the program always says, and the id of the fault.
#[derive(Default)]
struct Said {
    message: String,
    fault: Option<String>,
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => value.clone_into(&mut self.message),
            "fault" => self.fault = Some(value.to_owned()),
            _ => {}
        }
    }
}

/// Where it was, and by which way the program came there.
fn of_panic(info: &PanicHookInfo<'_>) -> Event<'static> {
    let at = info.location().map(|at| place(Some(at.file()), Some(at.line()))).unwrap_or_default();
    let exception = Exception {
        ty: "panic".into(),
        value: Some(format!("at {at}")),
        mechanism: Some(Mechanism { ty: "panic".into(), handled: Some(false), ..Mechanism::default() }),
        stacktrace: current_stacktrace(),
        ..Exception::default()
    };
    Event { exception: vec![exception].into(), culprit: Some(at), level: Level::Fatal, ..Event::default() }
}

fn place(file: Option<&str>, line: Option<u32>) -> String {
    format!("{}:{}", file.unwrap_or_default(), line.unwrap_or_default())
}

/// Tells errors of one request or job from those of others; `None` where none are sent.
pub(super) fn of(tag: &str, value: &str) -> Option<Arc<Hub>> {
    EVENTS.get()?;
    let hub = Arc::new(Hub::new_from_top(Hub::main()));
    hub.configure_scope(|scope| scope.set_tag(tag, value));
    Some(hub)
}

/// Who asks: an id that says something only to whoever has the database.
pub(super) fn note_person(hub: &Hub, id: UserId) {
    hub.configure_scope(|scope| scope.set_user(Some(User { id: Some(id.to_string()), ..User::default() })));
}

/// It was answered with an error. Where what went wrong was told already, that was enough.
pub(super) fn note_failure(hub: &Hub, asked: &str, status: StatusCode) {
    if hub.last_event_id().is_some() {
        return;
    }
    let status = status.as_u16().to_string();
    hub.capture_event(Event {
        message: Some(format!("answered with {status}")),
        level: Level::Error,
        fingerprint: vec![asked.to_owned().into(), status.into()].into(),
        ..Event::default()
    });
}

/// Events since the start.
#[derive(Debug, Default)]
struct Events {
    made: AtomicU64,
    sent: AtomicU64,
}

static EVENTS: OnceLock<Events> = OnceLock::new();

/// How many errors there were to send since the start, and how many Sentry took; the others wait, were too many or are
/// lost. `None` where none are sent.
pub fn counted() -> Option<(u64, u64)> {
    let events = EVENTS.get()?;
    Some((events.made.load(Ordering::Relaxed), events.sent.load(Ordering::Relaxed)))
}

fn count(of: impl Fn(&Events) -> &AtomicU64) {
    if let Some(events) = EVENTS.get() {
        of(events).fetch_add(1, Ordering::Relaxed);
    }
}

/// Takes errors wherever they happen, and never holds up who met one.
struct Post {
    /// Empty at the end.
    queue: Mutex<Option<mpsc::Sender<Vec<u8>>>>,
    minute: Mutex<Minute>,
}

/// What was sent in a minute.
#[derive(Default)]
struct Minute {
    began: Option<Instant>,
    sent: u32,
}

impl Minute {
    fn has_room(&mut self, now: Instant) -> bool {
        if self.began.is_none_or(|began| now.duration_since(began) >= MINUTE) {
            *self = Self { began: Some(now), sent: 0 };
        }
        self.sent += 1;
        self.sent <= MOST
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for Post {
    fn send_envelope(&self, envelope: Envelope) {
        count(|events| &events.made);
        let mut bytes = Vec::new();
        if locked(&self.minute).has_room(Instant::now())
            && envelope.to_writer(&mut bytes).is_ok()
            && let Some(queue) = &*locked(&self.queue)
        {
            // What finds it full is left out.
            let _ = queue.try_send(bytes);
        }
    }

    /// At once: a panic asks for it, on a thread that has others to answer.
    fn flush(&self, _: Duration) -> bool {
        true
    }

    fn shutdown(&self, _: Duration) -> bool {
        locked(&self.queue).take();
        true
    }
}

/// Sends what comes. That Sentry is away is said once, and once that it is back; what happens meanwhile is left out.
async fn send(client: WebClient, dsn: SentryDsn, mut waiting: mpsc::Receiver<Vec<u8>>) {
    let (mut away, mut asked_to_wait) = (false, None);
    while let Some(envelope) = waiting.recv().await {
        if asked_to_wait.is_some_and(|until| Instant::now() < until) {
            continue;
        }
        let reply = client.call(request(&dsn, envelope), SystemClock.now()).await;
        let status = reply.as_ref().map_or(0, |reply| reply.status.as_u16());
        if let Ok(reply) = &reply
            && reply.status == StatusCode::TOO_MANY_REQUESTS
        {
            asked_to_wait = Some(Instant::now() + reply.retry_after.unwrap_or(MINUTE));
        }
        let taken = (200..300).contains(&status);
        if taken {
            count(|events| &events.sent);
        }
        match (taken, mem::replace(&mut away, !taken)) {
            (false, false) => {
                tracing::warn!(status, "Sentry takes no errors; they are left out until it does");
            }
            (true, true) => tracing::info!("Sentry takes errors again"),
            _ => {}
        }
    }
}

/// One call.
///
/// # Panics
/// Never: what was read as a DSN is in the letters of addresses.
pub fn request(dsn: &SentryDsn, envelope: Vec<u8>) -> Request<Full<Bytes>> {
    let dsn = dsn.for_client();
    let letters = "what was read as a DSN is in the letters of addresses";
    let mut auth = HeaderValue::from_str(&dsn.to_auth(Some(AGENT)).to_string()).expect(letters);
    auth.set_sensitive(true);
    Request::post(dsn.envelope_api_url().as_str())
        .header(header::CONTENT_TYPE, "application/x-sentry-envelope")
        .header(header::USER_AGENT, AGENT)
        .header("x-sentry-auth", auth)
        .body(Full::from(envelope))
        .expect(letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sentry::Scope;
    use std::panic::catch_unwind;
    use tracing_subscriber::layer::SubscriberExt as _;

    #[derive(Default)]
    struct Kept(Mutex<Vec<String>>);

    impl Transport for Kept {
        fn send_envelope(&self, envelope: Envelope) {
            let mut bytes = Vec::new();
            envelope.to_writer(&mut bytes).expect("written");
            locked(&self.0).push(String::from_utf8(bytes).expect("text"));
        }
    }

    #[test]
    fn of_errors_and_panics_is_told_where_they_were_and_never_their_words() {
        let kept = Arc::new(Kept::default());
        let dsn = "https://key@sentry.example.org/7".parse().expect("a DSN");
        let client = Client::from(options(&dsn, "trial").transport(kept.clone()));
        let hub = Arc::new(Hub::new(Some(Arc::new(client)), Arc::new(Scope::default())));
        let lines = tracing_subscriber::registry().with(vec![layer()]);
        Hub::run(hub, || {
            tracing::subscriber::with_default(lines, || {
                tracing::error!(error = "near wave9", fault = "0a1b", "database fault");
                tracing::error!(target: "another", "wave9");
                tracing::warn!("wave9");
                tracing::error!(panic = "wave9", "a request panicked");
            });
            assert!(catch_unwind(|| panic!("wave{}", 9)).is_err());
        });
        let kept = locked(&kept.0);
        let [fault, panic] = kept.as_slice() else { panic!("{kept:?}") };
        for part in
            ["database fault", "0a1b", "errors.rs:", "trial", concat!("pms@", env!("CARGO_PKG_VERSION"))]
        {
            assert!(fault.contains(part), "{part}: {fault}");
        }
        assert!(panic.contains("errors.rs:") && panic.contains("fatal"), "{panic}");
        assert!(kept.iter().all(|envelope| !envelope.contains("wave9")), "{kept:?}");
    }

    #[test]
    fn what_fails_all_the_time_is_told_sixty_times_a_minute() {
        let (mut minute, now) = (Minute::default(), Instant::now());
        assert_eq!((0..100).filter(|_| minute.has_room(now)).count(), 60);
        assert!(minute.has_room(now + MINUTE));
    }
}
