//! What is told of a request besides its line in the log, and who asks, in both.

use super::errors;
use crate::http::metrics::Asked;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use domain::ids::UserId;
use opentelemetry::{
    propagation::{Extractor, TextMapPropagator as _},
    trace::TraceContextExt as _,
};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use sentry::{Hub, SentryFutureExt as _};
use std::sync::Arc;
use store::db::TRACES;
use tracing::{
    Instrument as _, Span,
    field::{Empty, display},
};
use tracing_opentelemetry::OpenTelemetrySpanExt as _;

/// Bytes of an address that a trace shows.
const LONGEST: usize = 300;
const PARENT: &str = "traceparent";

/// A request that is logged, and whose trace and errors are sent, where such are. In its extensions, where whoever finds out more can add it.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The log's.
    logged: Span,
    span: Span,
    errors: Option<Arc<Hub>>,
}

impl Watched {
    /// Begins what the log tells by this span. Of its headers only `traceparent` is read, of its address only the path.
    pub fn begin(logged: &Span, (id, asked): (&str, &Asked), path: &str, headers: &HeaderMap) -> Self {
        let span = tracing::info_span!(
            target: TRACES,
            parent: None,
            "request",
            otel.kind = "server",
            otel.name = %asked,
            otel.status_code = Empty,
            http.request.method = asked.method(),
            http.route = asked.route(),
            http.response.status_code = Empty,
            // Where nothing is, anything may stand in the address: a token that was pasted, too.
            url.path = asked.route().map(|_| &path[..path.floor_char_boundary(LONGEST)]),
            pms.request.id = id,
            user.id = Empty,
        );
        if !span.is_disabled() {
            // Fails only where nothing is traced.
            let _ = span.set_parent(TraceContextPropagator::new().extract(&OneParent(headers)));
        }
        Self { logged: logged.clone(), span, errors: errors::of("request_id", id, &asked.to_string()) }
    }

    /// By which the trace is found, if it is sent.
    pub fn trace_id(&self) -> Option<String> {
        if self.span.is_disabled() {
            return None;
        }
        let context = self.span.context();
        let span = context.span();
        let known = span.span_context();
        known.is_sampled().then(|| known.trace_id().to_string())
    }

    /// Answers it.
    pub async fn watch<T>(&self, work: impl Future<Output = T>) -> T {
        let work = work.instrument(self.span.clone());
        match &self.errors {
            Some(hub) => work.bind_hub(hub.clone()).await,
            None => work.await,
        }
    }

    /// Who asks is known.
    pub fn note_person(&self, id: UserId) {
        self.logged.record("user", display(id));
        if !self.span.is_disabled() {
            self.span.record("user.id", id.to_string());
        }
        if let Some(hub) = &self.errors {
            errors::note_person(hub, id);
        }
    }

    /// It was answered, which ends it: tasks of its page may have it a little longer.
    pub fn note_answer(&self, asked: &Asked, status: StatusCode) {
        self.span.record("http.response.status_code", i64::from(status.as_u16()));
        if status.is_server_error() {
            self.span.record("otel.status_code", "ERROR");
        }
        if !self.span.is_disabled() {
            self.span.context().span().end();
        }
        if let Some(hub) = &self.errors
            && status.is_server_error()
        {
            errors::note_failure(hub, &asked.to_string(), status);
        }
    }
}

/// The ids that a caller gives, and nothing else of what they may say of a trace.
struct OneParent<'h>(&'h HeaderMap);

impl Extractor for OneParent<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let mut given = self.0.get_all(key).iter().filter(|_| key == PARENT);
        let first = given.next().and_then(|value: &HeaderValue| value.to_str().ok());
        // The reader takes ids of any length.
        first.filter(|ids| is_whole(ids) && given.next().is_none())
    }

    fn keys(&self) -> Vec<&str> {
        vec![PARENT]
    }
}

/// `VERSION-TRACE-SPAN-FLAGS`, each as long as it has to be.
fn is_whole(ids: &str) -> bool {
    ids.split('-').map(str::len).eq([2, 32, 16, 2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_a_caller_says_of_a_trace_only_one_pair_of_ids_is_read() {
        let headers = |given: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in given {
                headers.append(*name, HeaderValue::from_static(value));
            }
            headers
        };
        let ids = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let one = headers(&[(PARENT, ids), ("tracestate", "a=b"), ("baggage", "name=ada")]);
        let context = TraceContextPropagator::new().extract(&OneParent(&one));
        let span = context.span();
        assert_eq!(span.span_context().trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(span.span_context().trace_state().header(), "");
        for none in [headers(&[(PARENT, ids), (PARENT, ids)]), headers(&[(PARENT, "00-0af7-b7ad-01")])] {
            let context = TraceContextPropagator::new().extract(&OneParent(&none));
            assert!(!context.span().span_context().is_valid());
        }
    }
}
