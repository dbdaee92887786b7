//! What handlers work with.

use super::{assets, metrics::Metrics, streams::Streams};
use crate::{
    config::{Config, Limits, Proxies, Secret},
    rest::list_cache::ListCache,
};
use services::{Services, maintenance::Maintenance};
use std::sync::Arc;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tower_sessions::cookie::Key;

/// The state of every handler.
pub type Shared = Arc<AppState>;

/// What handlers work with, made once.
pub struct AppState {
    /// The use cases.
    pub services: Services,
    /// How browsers name us in `Origin`, if the operator said so.
    pub origin: Option<String>,
    /// Whether browsers come by TLS.
    pub https: bool,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: Proxies,
    /// How much at once.
    pub limits: Limits,
    /// A permit for each request that may be in work.
    pub room: Arc<Semaphore>,
    /// The streams of events that are open.
    pub streams: Streams,
    /// Signs the session's cookie.
    pub cookie_key: Key,
    /// Where the page's script and style are.
    pub assets: app::ssr::Assets,
    /// Lists as they were last answered.
    pub lists: ListCache,
    /// Whether an operator works on the installation.
    pub maintenance: watch::Sender<Option<Maintenance>>,
    /// What Prometheus reads.
    pub metrics: Metrics,
    /// Cancelled when the server is asked to stop.
    pub stop: CancellationToken,
}

impl AppState {
    /// From the configuration.
    pub fn new(services: Services, config: &Config, secret: &Secret, stop: CancellationToken) -> Shared {
        let public = config.http.public_url.as_ref();
        Arc::new(Self {
            services,
            origin: public.map(|url| url.origin().to_owned()),
            https: public.is_some_and(crate::config::PublicUrl::is_https),
            proxies: config.http.proxies.clone(),
            limits: config.limits,
            room: Arc::new(Semaphore::new(config.limits.requests)),
            streams: Streams::new(config.limits.streams),
            cookie_key: super::session::cookie_key(secret),
            assets: assets::of_this_build(),
            lists: ListCache::default(),
            maintenance: watch::Sender::new(None),
            metrics: Metrics::new(),
            stop,
        })
    }
}
