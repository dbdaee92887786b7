//! Whether traces and errors arrive where they are sent. Both are called with nothing in it.

use super::Finding;
use crate::{
    adapters::web_client::WebClient,
    config::{Otlp, SentryDsn, Telemetry},
    telemetry::{self, errors},
};
use axum::{
    body::Bytes,
    http::{Request, StatusCode, header},
};
use http_body_util::Full;
use services::ports::clock::{Clock as _, SystemClock};

pub async fn look(telemetry: &Telemetry) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Some(otlp) = &telemetry.otlp {
        found.push(collector(otlp).await);
    }
    if let Some(dsn) = &telemetry.sentry {
        found.push(sentry(dsn).await);
    }
    found
}

async fn collector(otlp: &Otlp) -> Finding {
    const SUBJECT: &str = "traces";
    let mut request =
        Request::post(otlp.endpoint.as_str()).header(header::CONTENT_TYPE, "application/x-protobuf");
    for (name, value) in &otlp.headers {
        request = request.header(name, value);
    }
    // An empty message is one without traces.
    let answered = match request.body(Full::default()) {
        Ok(request) => call(request).await,
        Err(error) => Err(error.to_string()),
    };
    match answered {
        Ok(status) if status.is_success() => Finding::ok(SUBJECT, "the collector takes them"),
        Ok(status) => Finding::trouble(
            SUBJECT,
            format!("{} answers with {status}. See PMS_OTLP_ENDPOINT and PMS_OTLP_HEADERS", otlp.endpoint),
        ),
        Err(why) => Finding::trouble(SUBJECT, format!("{}: {why}. See PMS_OTLP_ENDPOINT", otlp.endpoint)),
    }
}

async fn sentry(dsn: &SentryDsn) -> Finding {
    const SUBJECT: &str = "errors";
    // What such a call without an event is answered with differs; who does not know the key says so.
    match call(errors::request(dsn, b"{}\n".to_vec())).await {
        Ok(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND)) => {
            Finding::trouble(SUBJECT, format!("Sentry answers with {status}. See PMS_SENTRY_DSN"))
        }
        Ok(status) if status.is_server_error() => {
            Finding::warning(SUBJECT, format!("Sentry answers with {status}. Look again later"))
        }
        Ok(_) => Finding::ok(SUBJECT, "Sentry answers"),
        Err(why) => Finding::trouble(SUBJECT, format!("Sentry: {why}. See PMS_SENTRY_DSN")),
    }
}

async fn call(request: Request<Full<Bytes>>) -> Result<StatusCode, String> {
    let client: WebClient = telemetry::client().map_err(|trouble| trouble.0)?;
    let reply = client.call(request, SystemClock.now()).await;
    reply.map(|reply| reply.status).map_err(|_| "nobody answers in time".to_owned())
}
