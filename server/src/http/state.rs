//! What handlers work with.

use super::{
    assets, body,
    connections::Connections,
    health::Looks,
    metrics::Metrics,
    places::{Places, Room},
};
use crate::{
    backups::drill::Drilling,
    config::{Config, Limits, Origins, Proxies, Rates, Secret},
    open_files,
    rest::list_cache::ListCache,
};
use domain::ids::UserId;
use services::{Services, maintenance::Maintenance};
use std::{net::IpAddr, sync::Arc};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tower_sessions::cookie::Key;

/// The state of every handler.
pub type Shared = Arc<AppState>;

/// Streams of events of one person: a browser needs one, however many pages are open.
const STREAMS_OF_A_PERSON: usize = 50;

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
    /// Other sites whose pages may call the API.
    pub cors_origins: Origins,
    /// How much at once.
    pub limits: Limits,
    /// How often who may ask.
    pub rates: Rates,
    /// Those of browsers and proxies.
    pub connections: Connections,
    /// A permit for each request that may be in work.
    pub room: Arc<Semaphore>,
    /// The requests whose bodies are waited for, by network.
    pub bodies: Places<Option<IpAddr>>,
    /// The streams of events that are open. They last for hours, so they are counted apart from requests.
    pub streams: Places<UserId>,
    /// Signs the session's cookie.
    pub cookie_key: Key,
    /// Where the page's script and style are.
    pub assets: app::ssr::Assets,
    /// Lists as they were last answered.
    pub lists: ListCache,
    /// What was found of late about how things stand.
    pub health: Looks,
    /// Whether an operator works on the installation.
    pub maintenance: watch::Sender<Option<Maintenance>>,
    /// What Prometheus reads.
    pub metrics: Metrics,
    /// Whether servers make backups by themselves.
    pub saves: bool,
    /// Whether they see that one comes back.
    pub drills: Drilling,
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
            cors_origins: config.http.cors_origins.clone(),
            limits: config.limits,
            connections: Connections::within(
                open_files::limit(),
                config.database.connections as usize,
                config.http.proxies.clone(),
            ),
            rates: config.rates,
            room: Arc::new(Semaphore::new(config.limits.requests)),
            bodies: Places::new(body::room(&config.limits)),
            streams: Places::new(Room {
                all: config.limits.streams,
                of_one: STREAMS_OF_A_PERSON,
                come_again_seconds: 30,
            }),
            cookie_key: super::session::cookie_key(secret),
            assets: assets::of_this_build(),
            lists: ListCache::default(),
            health: Looks::default(),
            maintenance: watch::Sender::new(None),
            metrics: Metrics::new(),
            saves: config.backups.daily.is_some(),
            drills: Drilling::of(&config.backups),
            stop,
        })
    }
}
