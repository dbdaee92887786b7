//! Traces, as OpenTelemetry has them, to a collector by OTLP over HTTP. They are made of spans whose target is
//! [`TRACES`], which say of themselves what may leave the server; no line of the log is among them.

use super::{AGENT, AnyLayer, PATIENCE, client, counted::Counted};
use crate::{
    adapters::web_client::WebClient,
    config::{Otlp, Ratio, Trouble},
};
use async_trait::async_trait;
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
};
use http_body_util::Full;
use opentelemetry::{
    Context, KeyValue,
    trace::{Link, SpanId, SpanKind, Status, TraceContextExt as _, TraceId, TraceState, TracerProvider as _},
};
use opentelemetry_http::{HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{
    Protocol, RetryPolicy, SpanExporter as Exporter, WithExportConfig as _, WithHttpConfig as _,
};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{
        BatchConfigBuilder, BatchSpanProcessor, IdGenerator as _, RandomIdGenerator, SamplingDecision,
        SamplingResult, SdkTracerProvider, ShouldSample, Span, SpanData, SpanExporter, SpanLimits,
        SpanProcessor,
    },
};
use services::ports::{
    clock::{Clock as _, SystemClock},
    ids::{Ids as _, SystemIds},
};
use std::{
    collections::HashMap,
    fmt,
    sync::{
        Mutex, MutexGuard, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use store::db::TRACES;
use tokio::runtime::Handle;
use tracing_subscriber::{Layer as _, filter::Targets};

/// How long the server's end waits for the last of them.
const LAST: Duration = Duration::from_secs(3);
/// Spans that wait to be sent; more are left out. A page has ten or twenty.
const WAITING: usize = 8_192;
/// Spans of one call.
const BATCH: usize = 512;
const PAUSE: Duration = Duration::from_secs(2);
/// Spans of a round that are kept until it is known whether it does anything. One with more does.
const HELD: usize = 64;
/// The crate's own, said here because it would take others from the environment.
const LIMITS: SpanLimits = SpanLimits {
    max_events_per_span: 128,
    max_attributes_per_span: 128,
    max_links_per_span: 128,
    max_attributes_per_event: 128,
    max_attributes_per_link: 128,
};

/// What is traced goes this way.
pub struct Traces {
    provider: SdkTracerProvider,
}

impl Traces {
    /// Opens it. Whether the collector is there shows when something is to be sent.
    ///
    /// # Errors
    /// With a sentence for the operator.
    ///
    /// # Panics
    /// Outside the runtime.
    pub fn start(otlp: &Otlp, environment: &str) -> Result<Self, Trouble> {
        let exporter = exporter(otlp)?;
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(WAITING)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(PAUSE);
        let batches = BatchSpanProcessor::builder(Telling { exporter, away: AtomicBool::new(false) })
            .with_batch_config(config.build())
            .build();
        // Of the environment's own variables for it nothing is read: what is set is set in PMS.
        let resource = Resource::builder_empty().with_attributes([
            KeyValue::new("service.name", "pms"),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", SystemIds.id().to_string()),
            KeyValue::new("deployment.environment.name", environment.to_owned()),
        ]);
        let provider = SdkTracerProvider::builder()
            .with_span_processor(Rounds { next: batches, open: AtomicUsize::new(0), held: Mutex::default() })
            .with_sampler(OurChoice { ratio: otlp.ratio, numbers: RandomIdGenerator::default() })
            .with_resource(resource.build())
            .with_span_limits(LIMITS)
            .build();
        SPANS.get_or_init(Counted::default);
        Ok(Self { provider })
    }

    /// What takes spans.
    pub(super) fn layer(&self) -> AnyLayer {
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer("pms"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_level(false)
            .with_context_activation(false)
            .with_filter(Targets::new().with_target(TRACES, tracing::Level::INFO))
            .boxed()
    }

    /// Sends what waits, for [`LAST`] at the most. Not on a thread of the runtime.
    pub(super) fn end(self) {
        if self.provider.shutdown_with_timeout(LAST).is_err() {
            tracing::warn!("the last traces were not taken");
        }
    }
}

fn exporter(otlp: &Otlp) -> Result<Exporter, Trouble> {
    let headers = otlp.headers.iter().cloned().collect();
    Exporter::builder()
        .with_http()
        .with_http_client(ToCollector { client: client()?, headers, runtime: Handle::current() })
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(otlp.endpoint.as_str())
        .with_timeout(PATIENCE)
        .with_retry_policy(RetryPolicy::disabled())
        .build()
        .map_err(|error| Trouble::new(format!("PMS cannot send traces: {error}.")))
}

static SPANS: OnceLock<Counted> = OnceLock::new();

/// How many spans were to be sent since the start, and of how many a collector answered that it took the call; the others
/// wait or are lost. `None` where nothing is traced.
pub fn counted() -> Option<(u64, u64)> {
    SPANS.get().map(Counted::read)
}

/// The way of all calls of other servers, for a thread that is none of the runtime's.
struct ToCollector {
    client: WebClient,
    /// What the operator has it say.
    headers: HeaderMap,
    runtime: Handle,
}

impl fmt::Debug for ToCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ToCollector")
    }
}

#[async_trait]
impl HttpClient for ToCollector {
    async fn send_bytes(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // Of what the exporter says only what the body is: it adds what it finds in the environment.
        let body = request.headers_mut().remove(header::CONTENT_TYPE);
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static(AGENT));
        if let Some(body) = body {
            request.headers_mut().insert(header::CONTENT_TYPE, body);
        }
        let client = self.client.clone();
        let call = async move { client.call(request.map(Full::new), SystemClock.now()).await };
        let reply = self.runtime.spawn(call).await?.map_err(|_| "nobody answers")?;
        Ok(Response::builder().status(reply.status).body(Bytes::new())?)
    }
}

/// Says once that the collector is away, and once that it is back.
#[derive(Debug)]
struct Telling {
    exporter: Exporter,
    away: AtomicBool,
}

impl SpanExporter for Telling {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        let sent = self.exporter.export(batch).await;
        match (&sent, self.away.swap(sent.is_err(), Ordering::Relaxed)) {
            (Err(why), false) => {
                tracing::warn!(%why, "the collector takes no traces; they are left out until it does");
            }
            (Ok(()), true) => tracing::info!("the collector takes traces again"),
            _ => {}
        }
        if sent.is_ok()
            && let Some(counted) = SPANS.get()
        {
            counted.send(spans);
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Which of them are traced. Whoever asks may say to which trace a request belongs, but not whether it is sent: else anybody
/// could have all of theirs sent, or none. So it is drawn anew, not read from the caller's flag, nor from their numbers.
#[derive(Clone, Debug)]
struct OurChoice {
    ratio: Ratio,
    numbers: RandomIdGenerator,
}

impl OurChoice {
    fn draw(&self) -> bool {
        let [a, b, c, d, ..] = self.numbers.new_span_id().to_bytes();
        f64::from(u32::from_be_bytes([a, b, c, d])) < self.ratio.get() * 2_f64.powi(32)
    }
}

impl ShouldSample for OurChoice {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        _: TraceId,
        _: &str,
        kind: &SpanKind,
        _: &[KeyValue],
        _: &[Link],
    ) -> SamplingResult {
        let parent = parent.map(|parent| parent.span().span_context().clone());
        let taken = match parent.filter(|parent| parent.is_valid() && !parent.is_remote()) {
            Some(parent) => parent.is_sampled(),
            // What is done in the database for nobody explains nothing.
            None => *kind != SpanKind::Client && self.draw(),
        };
        let decision = if taken { SamplingDecision::RecordAndSample } else { SamplingDecision::Drop };
        SamplingResult { decision, attributes: Vec::new(), trace_state: TraceState::default() }
    }
}

/// Forgets rounds of jobs that did nothing: some look each second.
#[derive(Debug)]
struct Rounds {
    next: BatchSpanProcessor,
    /// How many are held: mostly none, and then requests need not wait for each other at the lock.
    open: AtomicUsize,
    held: Mutex<HashMap<TraceId, Vec<SpanData>>>,
}

impl Rounds {
    fn held(&self) -> MutexGuard<'_, HashMap<TraceId, Vec<SpanData>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What can be sent now that this one has ended.
    fn let_go(&self, span: SpanData) -> Vec<SpanData> {
        if self.open.load(Ordering::Acquire) == 0 {
            return vec![span];
        }
        let trace = span.span_context.trace_id();
        let mut held = self.held();
        let Some(kept) = held.get_mut(&trace) else { return vec![span] };
        let (is_round, worked) = (span.parent_span_id == SpanId::INVALID, did_something(&span));
        kept.push(span);
        if !is_round && kept.len() < HELD {
            return Vec::new();
        }
        let kept = held.remove(&trace).unwrap_or_default();
        self.open.store(held.len(), Ordering::Release);
        if is_round && !worked { Vec::new() } else { kept }
    }
}

fn did_something(round: &SpanData) -> bool {
    let done = round.attributes.iter().find(|attribute| attribute.key.as_str() == "pms.job.done");
    matches!(round.status, Status::Error { .. }) || done.is_some_and(|done| done.value != 0_i64.into())
}

impl SpanProcessor for Rounds {
    fn on_start(&self, span: &mut Span, parent: &Context) {
        // A request's is of another kind.
        if !parent.span().span_context().is_valid()
            && let Some(started) = span.exported_data()
            && started.span_kind == SpanKind::Internal
        {
            let mut held = self.held();
            held.insert(started.span_context.trace_id(), Vec::new());
            self.open.store(held.len(), Ordering::Release);
        }
        self.next.on_start(span, parent);
    }

    fn on_end(&self, span: SpanData) {
        let ready = self.let_go(span);
        if let Some(counted) = SPANS.get() {
            counted.meet(ready.len());
        }
        for span in ready {
            self.next.on_end(span);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.next.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.next.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.next.set_resource(resource);
    }
}
