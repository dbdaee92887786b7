//! Errors, to a project of Sentry: lines of the log that are errors, panics, and answers that say so. Only that something
//! went wrong, where in the program, and for which request; the words of errors and panics may quote what people
//! wrote, so they stay in the log, where the request's id and the fault's lead to them.

use super::{AGENT, AnyLayer, client, counted::Counted};
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
    integrations::backtrace::current_stacktrace,
    protocol::{Event, Exception, Level, Mechanism, User},
};
use services::ports::clock::{Clock as _, SystemClock};
use std::{
    collections::HashMap,
    fmt, mem,
    panic::{self, PanicHookInfo},
    sync::{Arc, Mutex, MutexGuard, Once, OnceLock, PoisonError},
    time::{Duration, Instant},
};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tracing::field::{Field, Visit};
use tracing_subscriber::{
    Layer,
    filter::{LevelFilter, filter_fn},
    layer::Context,
};

/// Errors that wait to be sent; more are left out.
const WAITING: usize = 100;
/// Those of one kind that are sent in a minute: what fails at every request says so often enough, and must leave room for
/// others.
const OF_A_KIND: u32 = 10;
/// All that are no panics.
const MOST: u32 = 60;
const PANICS: u32 = 20;
const MINUTE: Duration = Duration::from_mins(1);
/// The longest that Sentry is left alone when it asks for it.
const HOUR: Duration = Duration::from_hours(1);
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
        let sending = tokio::spawn(send(client()?, dsn.clone(), waiting));
        let post = ToSentry { queue: Mutex::new(Some(queue)) };
        let client = Arc::new(Client::from(options(dsn, environment).transport(Arc::new(post))));
        Hub::main().bind_client(Some(client.clone()));
        EVENTS.get_or_init(Events::default);
        listen_to_panics();
        Ok(Self { client, sending })
    }

    /// Sends what waits, for three seconds at the most.
    pub async fn end(self) {
        // It lets go of the queue, at whose end the sending ends.
        self.client.close(None);
        if !matches!(timeout(LAST, self.sending).await, Ok(Ok(()))) {
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
        .max_breadcrumbs(0);
    options.dsn = Some(dsn.for_client().clone());
    options
}

/// What takes errors of the log.
pub(super) fn layer() -> AnyLayer {
    let ours = filter_fn(|of| *of.level() == tracing::Level::ERROR && is_ours(of.target()));
    Lines.with_filter(ours.with_max_level_hint(LevelFilter::ERROR)).boxed()
}

fn is_ours(target: &str) -> bool {
    OURS.contains(&target.split("::").next().unwrap_or_default())
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
        let at = place(from.file(), from.line());
        if !is_room(&format!("{at} {}", said.kind), Share::Errors) {
            return;
        }
        let tags = [("fault", said.fault), ("kind", said.kind.clone())];
        let tags = tags.into_iter().filter(|(_, value)| !value.is_empty());
        Hub::current().capture_event(Event {
            fingerprint: vec![said.message.clone().into(), said.kind.into()].into(),
            message: Some(said.message),
            level: Level::Error,
            logger: Some(from.target().to_owned()),
            culprit: Some(at),
            tags: tags.map(|(name, value)| (name.to_owned(), value)).collect(),
            ..Event::default()
        });
    }
}

/// Of a line of the log only what its place in the program always says, the id of the fault, and which of a few kinds it is;
/// empty where it does not say so.
#[derive(Default)]
struct Said {
    message: String,
    fault: String,
    kind: String,
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
            "fault" => value.clone_into(&mut self.fault),
            "kind" => value.clone_into(&mut self.kind),
            _ => {}
        }
    }
}

/// Tells of each panic where it happens. The crate's own way would wait for what waits to be sent, and would know no limit.
fn listen_to_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let next = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            note_panic(info);
            next(info);
        }));
    });
}

fn note_panic(info: &PanicHookInfo<'_>) {
    let hub = Hub::current();
    let at = info.location().map(|at| place(Some(at.file()), Some(at.line()))).unwrap_or_default();
    if hub.client().is_some() && is_room(&at, Share::Panics) {
        hub.capture_event(of_panic(at));
    }
}

/// Where it was, and by which way the program came there.
fn of_panic(at: String) -> Event<'static> {
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

/// Tells errors of one request or job from those of others, and those of a route or job, `of`, from the same ones of
/// others; `None` where none are sent.
pub(super) fn of(tag: &str, value: &str, of: &str) -> Option<Arc<Hub>> {
    EVENTS.get()?;
    let hub = Arc::new(Hub::new_from_top(Hub::main()));
    hub.configure_scope(|scope| {
        scope.set_tag(tag, value);
        scope.set_transaction(Some(of));
        let of = of.to_owned();
        scope.add_event_processor(move |mut event| {
            // A panic is told from others by the way there.
            if event.level == Level::Error {
                event.fingerprint.to_mut().push(of.clone().into());
            }
            Some(event)
        });
    });
    Some(hub)
}

/// Who asks: an id that says something only to whoever has the database.
pub(super) fn note_person(hub: &Hub, id: UserId) {
    hub.configure_scope(|scope| scope.set_user(Some(User { id: Some(id.to_string()), ..User::default() })));
}

/// It was answered with an error. Where what went wrong was told already, that was enough; and who is turned away (health,
/// maintenance, a crowd) meets no error that the server does not know of.
pub(super) fn note_failure(hub: &Hub, asked: &str, status: StatusCode) {
    let known = status == StatusCode::SERVICE_UNAVAILABLE || hub.last_event_id().is_some();
    if known || !is_room(&format!("{asked} {status}"), Share::Errors) {
        return;
    }
    let status = status.as_u16().to_string();
    hub.capture_event(Event {
        message: Some(format!("answered with {status}")),
        level: Level::Error,
        fingerprint: vec!["answered with".into(), status.into()].into(),
        ..Event::default()
    });
}

/// Events since the start, and of this minute.
#[derive(Default)]
struct Events {
    counted: Counted,
    minute: Mutex<Minute>,
}

static EVENTS: OnceLock<Events> = OnceLock::new();

/// How many errors there were to send since the start, and how many Sentry took; the others wait, were too many or are
/// lost. `None` where none are sent.
pub fn counted() -> Option<(u64, u64)> {
    EVENTS.get().map(|events| events.counted.read())
}

/// Whether one of this kind is sent. Asked before it is made: what is left out must cost nothing.
fn is_room(kind: &str, share: Share) -> bool {
    EVENTS.get().is_none_or(|events| {
        events.counted.meet(1);
        locked(&events.minute).has_room(Instant::now(), kind, share)
    })
}

/// Takes errors wherever they happen, and never holds up who met one.
struct ToSentry {
    /// Empty at the end.
    queue: Mutex<Option<mpsc::Sender<Vec<u8>>>>,
}

/// Out of which room it is sent: what fails all the time must not hide a panic.
#[derive(Clone, Copy)]
enum Share {
    Errors,
    Panics,
}

/// What was sent in a minute.
#[derive(Default)]
struct Minute {
    began: Option<Instant>,
    /// How many of each kind: as many kinds as were sent, so never more than both shares.
    kinds: HashMap<String, u32>,
    errors: u32,
    panics: u32,
}

impl Minute {
    fn has_room(&mut self, now: Instant, kind: &str, share: Share) -> bool {
        if self.began.is_none_or(|began| now.duration_since(began) >= MINUTE) {
            *self = Self { began: Some(now), ..Self::default() };
        }
        let (all, most) = match share {
            Share::Errors => (&mut self.errors, MOST),
            Share::Panics => (&mut self.panics, PANICS),
        };
        if *all >= most {
            return false;
        }
        let of_kind = self.kinds.entry(kind.to_owned()).or_default();
        let has_room = *of_kind < OF_A_KIND;
        if has_room {
            *of_kind += 1;
            *all += 1;
        }
        has_room
    }
}

fn locked<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for ToSentry {
    fn send_envelope(&self, envelope: Envelope) {
        let mut bytes = Vec::new();
        if envelope.to_writer(&mut bytes).is_ok()
            && let Some(queue) = &*locked(&self.queue)
        {
            // What finds it full is left out.
            let _ = queue.try_send(bytes);
        }
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
            asked_to_wait = Some(Instant::now() + pause(reply.retry_after));
        }
        let taken = (200..300).contains(&status);
        if taken && let Some(events) = EVENTS.get() {
            events.counted.send(1);
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

/// How long it is left alone. Any number may be asked for.
fn pause(asked: Option<Duration>) -> Duration {
    asked.unwrap_or(MINUTE).min(HOUR)
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
        listen_to_panics();
        Hub::run(hub, || {
            tracing::subscriber::with_default(lines, || {
                tracing::error!(error = "near wave9", fault = "0a1b", kind = "driver", "database fault");
                tracing::error!(target: "another", "wave9");
                tracing::error!(target: "servers::of_others", "wave9");
                tracing::warn!("wave9");
                tracing::error!(panic = "wave9", "a request panicked");
            });
            assert!(catch_unwind(|| panic!("wave{}", 9)).is_err());
        });
        let kept = locked(&kept.0);
        let [fault, panic] = kept.as_slice() else { panic!("{kept:?}") };
        for part in [
            "\"fingerprint\":[\"database fault\",\"driver\"",
            "0a1b",
            "errors.rs:",
            "trial",
            concat!("pms@", env!("CARGO_PKG_VERSION")),
        ] {
            assert!(fault.contains(part), "{part}: {fault}");
        }
        assert!(panic.contains("errors.rs:") && panic.contains("fatal"), "{panic}");
        assert!(kept.iter().all(|envelope| !envelope.contains("wave9")), "{kept:?}");
    }

    #[test]
    fn what_fails_all_the_time_leaves_room_for_what_else_does() {
        let (mut minute, now) = (Minute::default(), Instant::now());
        let mut told =
            |now, kind: &str, share| (0..100).filter(|_| minute.has_room(now, kind, share)).count();
        assert_eq!(told(now, "one", Share::Errors), 10);
        assert_eq!(told(now, "another", Share::Errors), 10);
        let many: usize = (0..100).map(|kind| told(now, &kind.to_string(), Share::Errors)).sum();
        assert_eq!(many, 40, "sixty of all");
        assert_eq!(told(now, "here", Share::Panics) + told(now, "there", Share::Panics), 20);
        assert_eq!(told(now, "elsewhere", Share::Panics), 0);
        assert_eq!(told(now + MINUTE, "one", Share::Errors), 10);
        assert!(minute.kinds.len() <= 1, "what was is forgotten");
    }

    #[test]
    fn however_long_it_is_asked_to_wait_it_comes_back() {
        assert_eq!(pause(Some(Duration::from_secs(u64::MAX))), HOUR);
        assert!(Instant::now().checked_add(pause(Some(Duration::MAX))).is_some());
        assert_eq!(pause(None), MINUTE);
    }
}
