//! What operators are told while the server runs: the log, and where they set it up, traces and errors. Each takes what it
//! wants by a filter of its own: how much is logged decides nothing about the others.

mod along;
mod counted;
pub mod errors;
mod log;
pub mod request;
pub mod traces;

pub(crate) use along::within;
pub use along::{Origin, along};
pub use log::filter;

use crate::{
    adapters::{addresses::Allowed, web_client::WebClient},
    config::{self, Trouble},
};
use errors::Errors;
use sentry::SentryFutureExt as _;
use std::{any::Any, time::Duration};
use tokio::task::spawn_blocking;
use traces::Traces;
use tracing::subscriber::set_global_default;
use tracing_subscriber::{Layer, Registry, layer::SubscriberExt as _};

/// What calls itself so where traces and errors go.
const AGENT: &str = concat!("pms/", env!("CARGO_PKG_VERSION"));
/// How long a call there may take. It is made once: while it is tried again others would have to wait.
const PATIENCE: Duration = Duration::from_secs(5);

type AnyLayer = Box<dyn Layer<Registry> + Send + Sync>;

/// What was begun, and has to be ended.
pub struct Telemetry {
    traces: Option<Traces>,
    errors: Option<Errors>,
}

/// Begins. Only what serves does: a command says all on the terminal that it was given in.
///
/// # Errors
/// With a sentence for the operator.
///
/// # Panics
/// Outside the runtime.
pub fn start(config: &config::Telemetry) -> Result<Telemetry, Trouble> {
    let traces = match &config.otlp {
        Some(otlp) => Some(Traces::start(otlp, &config.environment)?),
        None => None,
    };
    let errors = match &config.sentry {
        Some(dsn) => Some(Errors::start(dsn, &config.environment)?),
        None => None,
    };
    let mut layers = vec![log::layer(config)?];
    layers.extend(traces.as_ref().map(Traces::layer));
    layers.extend(errors.as_ref().map(|_| errors::layer()));
    // Without the bridge from the crate `log`, which `try_init` builds: where that is only asked whether a line is wanted (sqlx
    // does, for each statement) and it is not, the next line or span of the thread is left out instead.
    // A second start (tests) keeps the first one's.
    let _ = set_global_default(tracing_subscriber::registry().with(layers));
    Ok(Telemetry { traces, errors })
}

impl Telemetry {
    /// Sends what waits, for a few seconds at the most.
    pub async fn end(self) {
        let traces = async {
            if let Some(traces) = self.traces {
                // It is waited for by a thread, and the calls themselves need those of the runtime.
                let _ = spawn_blocking(move || traces.end()).await;
            }
        };
        let errors = async {
            if let Some(errors) = self.errors {
                errors.end().await;
            }
        };
        tokio::join!(traces, errors);
    }
}

/// Does a job's work. By its span the log, and whoever counts a request's statements there, tells it from that of requests.
pub async fn of_job<T>(name: &'static str, work: impl Future<Output = T>) -> T {
    let work = within(tracing::info_span!("job", job = name), work);
    match errors::of("job", name, name) {
        Some(hub) => work.bind_hub(hub).await,
        None => work.await,
    }
}

/// What a panic said, for the log.
pub(crate) fn words_of(panic: &(dyn Any + Send)) -> &str {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without words")
}

/// What calls a collector or Sentry: the operator named it, so it may be anywhere.
///
/// # Errors
/// If the machine has no certificates to trust.
pub fn client() -> Result<WebClient, Trouble> {
    WebClient::new(Allowed::Any, PATIENCE).map_err(|_| {
        Trouble::new(
            "This machine has no certificates to trust, so neither traces nor errors are sent. Install them \
             (ca-certificates).",
        )
    })
}
