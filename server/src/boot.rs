//! From a configuration to a server that answers, and back to nothing.

use crate::{
    adapters::{
        outlets::outlets,
        redis::{self, RedisRateLimits},
    },
    alone,
    backups::{aside, daily::Making, drill::Drills},
    config::{Config, Redis, Trouble, without_password},
    http::{self, connections::Connections},
    jobs,
    migrations::{self, How},
    open_files, telemetry,
};
use services::{
    Services,
    access::AccessCache,
    backup,
    passwords::{Params, Passwords},
    ports::{
        bus::LocalBus,
        clock::{SharedClock, SystemClock},
        ids::SystemIds,
        rate_limits::LocalRateLimits,
    },
    turns::Turns,
};
use std::{io::Write as _, net::SocketAddr, sync::Arc, thread::available_parallelism};
use store::{Db, db::Dialect};
use tokio::{net::TcpListener, sync::Mutex};
use tokio_util::sync::CancellationToken;

/// Serves until the system asks to stop.
///
/// # Errors
/// With a sentence for the operator.
pub async fn serve(config: Config) -> Result<(), Trouble> {
    open_files::take_all();
    config.prepare_data()?;
    let _alone = alone::take(&config.database.options())?;
    let mut services = services(&config).await?;
    services.features = config.features;
    let (line, limits) = config.redis.as_ref().map(|config| by_redis(config, &mut services)).unzip();
    if let Err(error) = aside::sweep(&config.data) {
        tracing::error!(%error, folder = %config.data.display(), "what a backup needed for a moment is still there and can be read");
    }
    services::dependencies::prepare(&services).await?;
    let listener = listen(config.http.listen, "--listen").await?;
    let metrics = match config.http.metrics {
        Some(address) => Some(listen(address, "--metrics-listen").await?),
        None => None,
    };
    let address = listener.local_addr().unwrap_or(config.http.listen);
    let stop = CancellationToken::new();
    let secret = config.secret(&|| services.ids.secret())?;
    let url = url_of(&config, address);
    let daily = match config.backups.daily {
        Some(at) => {
            let (to, secret) = (config.backups.clone(), config.secret_in_folder()?);
            let making = Making { to, secret, stop: stop.clone() };
            making.check()?;
            Some((at, making, Drills { config: config.clone(), stop: stop.clone() }))
        }
        None => None,
    };
    services.outlets = outlets(&config, &secret, (&services, &url))?;
    let state = http::AppState::new(services.clone(), &config, &secret, stop.clone());
    http::maintenance::look(&state).await;
    let router = http::router(state.clone());
    let asked = asked_to_stop();
    announce(&services, &url, metrics.as_ref().and_then(|listener| listener.local_addr().ok())).await?;
    let mut jobs = jobs::start(&state);
    // What the last requests say is sent, too.
    let all_said = CancellationToken::new();
    let line = line.map(|line| {
        let (line, all_said) = (Arc::new(Mutex::new(line)), all_said.clone());
        tokio::spawn(jobs.kept("redis", &all_said.clone(), move |services| {
            let (line, all_said) = (line.clone(), all_said.clone());
            async move { line.lock().await.follow(services, all_said).await }
        }))
    });
    if let Some(limits) = limits {
        jobs.until("limits", move |_| {
            let limits = limits.clone();
            async move { limits.follow().await }
        });
    }
    if let Some(listener) = metrics {
        tokio::spawn(telemetry::of_job("metrics", answer_prometheus(listener, state.clone())));
    }
    if let Some((at, making, drills)) = daily {
        // A turn that is stopped is given back.
        let rounds = jobs.rounds("backup", backup::PATIENCE + jobs::ROUND);
        jobs.to_its_end("backup", move |services| {
            making.clone().follow(services, rounds.begun(), (at, drills.clone()))
        });
    }
    jobs.in_rounds("maintenance", jobs::LOOK, {
        let state = state.clone();
        move |_, rounds| http::maintenance::follow(state.clone(), rounds)
    });
    answer(listener, router, (&config, &state.connections), (asked, &stop)).await;
    jobs.end().await;
    all_said.cancel();
    if let Some(line) = line {
        let _ = line.await;
    }
    services.db.close().await;
    Ok(())
}

/// Has servers hear each other and count requests together by Redis, once both are followed.
fn by_redis(config: &Redis, services: &mut Services) -> (redis::Line, Arc<RedisRateLimits>) {
    let standing = Arc::<redis::Standing>::default();
    let (bus, line) = redis::link(config, services.ids.id(), standing.clone());
    let limits = Arc::new(RedisRateLimits::new(config, redis::PATIENCE, standing));
    services.bus = bus;
    services.rate_limits = limits.clone();
    (line, limits)
}

/// The use cases over the configured database, whose schema fits. What is turned on is as the server that ran last left
/// it: a command beside a running server must not have a mind of its own.
///
/// # Errors
/// With a sentence for the operator.
pub async fn services(config: &Config) -> Result<Services, Trouble> {
    config.prepare_data()?;
    let mut services = unchecked_services(config).await?;
    match services.db.dialect() {
        // An embedded database has nobody else to ask.
        Dialect::Sqlite => migrations::up(config, &services, &How::by_itself()).await.map(drop)?,
        Dialect::MySql => store::schema::check(&services.db)
            .await
            .map_err(|error| database_trouble(&config.database.url, &error))?,
    }
    services::workspace::prepare(&services).await?;
    services.features.dependencies = services::dependencies::kept(&services).await?;
    Ok(services)
}

/// The use cases over the configured database as it is: for the commands that change its schema.
///
/// # Errors
/// With a sentence for the operator.
pub async fn unchecked_services(config: &Config) -> Result<Services, Trouble> {
    open(config, &config.database.options()).await
}

/// The use cases over the database at `url`, as it is.
///
/// # Errors
/// With a sentence for the operator.
pub async fn services_at(config: &Config, url: &str) -> Result<Services, Trouble> {
    open(config, &options_at(config, url)).await
}

/// How that other database is opened.
pub fn options_at(config: &Config, url: &str) -> store::db::Options {
    store::db::Options { url: url.to_owned(), replica: None, ..config.database.options() }
}

async fn open(config: &Config, options: &store::db::Options) -> Result<Services, Trouble> {
    let db = Db::open(options).await.map_err(|error| database_trouble(&options.url, &error))?;
    let parallel = available_parallelism().map_or(2, usize::from);
    let services = Services {
        db,
        clock: Arc::new(SharedClock::new(SystemClock)),
        ids: Arc::new(SystemIds),
        bus: Arc::new(LocalBus::default()),
        rate_limits: Arc::new(LocalRateLimits::default()),
        outlets: services::Outlets::none(),
        passwords: Passwords::new(Params::owasp(), parallel),
        // Whoever waits to sign in takes half of the room at most: everybody else goes on.
        turns: Turns::with_places(config.limits.requests / 2),
        features: config.features,
        access: AccessCache::default(),
        presence: services::presence::Presence::default(),
    };
    services::clocks::follow(&services).await.map_err(|error| database_trouble(&options.url, &error))?;
    Ok(services)
}

/// What the database said, as a sentence for the operator.
pub fn database_trouble(url: &str, error: &store::Error) -> Trouble {
    let embedded = url.starts_with("sqlite:");
    let url = without_password(url);
    Trouble::new(match error {
        store::Error::Schema(sentence) => sentence.clone(),
        store::Error::Unwritable(_) => format!(
            "PMS cannot write its database {url}: its disk is full or its folder is read-only ({}). \
             Make room, or choose another folder with --data.",
            error.for_log()
        ),
        store::Error::Unreachable(_) if embedded => format!(
            "PMS cannot open its database {url} ({}). \
             See that the folder is there and may be written, or choose another one with --data.",
            error.for_log()
        ),
        store::Error::Busy(_) if embedded => {
            format!("The database {url} is held by another program. Is PMS running on it already?")
        }
        _ => format!(
            "PMS cannot work with its database {url} ({}). See that it runs, and that address, user and password \
             in PMS_DATABASE_URL are right.",
            error.for_log()
        ),
    })
}

/// Takes the address; `flag` sets it.
async fn listen(address: SocketAddr, flag: &str) -> Result<TcpListener, Trouble> {
    TcpListener::bind(address).await.map_err(|error| {
        Trouble::new(match error.kind() {
            std::io::ErrorKind::AddrInUse => format!(
                "Port {} is taken by another program. Stop that one, or choose another port with {flag}.",
                address.port()
            ),
            std::io::ErrorKind::PermissionDenied => format!(
                "PMS may not listen on {address}: ports below 1024 need a privilege. Choose another with {flag}."
            ),
            _ => format!("PMS cannot listen on {address}: {error}."),
        })
    })
}

/// How people reach it, as far as PMS can know.
fn url_of(config: &Config, address: SocketAddr) -> String {
    match &config.http.public_url {
        Some(url) => url.to_string(),
        None if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
        None => format!("http://{address}"),
    }
}

async fn announce(services: &Services, url: &str, metrics: Option<SocketAddr>) -> Result<(), Trouble> {
    let link =
        services::set_up::link_token(services).await.map_err(|error| Trouble::new(error.to_string()))?;
    let mut out = std::io::stdout().lock();
    // Nobody may be reading; that is no reason not to serve.
    let _ = writeln!(out, "PMS serves {url}");
    if let Some(address) = metrics {
        let _ = writeln!(out, "Prometheus reads http://{address}/metrics");
    }
    if let Some(token) = link {
        let _ =
            writeln!(out, "Nobody has an account yet. Open this link within 24 hours to make the first one:");
        let _ = writeln!(out, "{url}/set-up?token={token}");
    }
    let _ = out.flush();
    Ok(())
}

async fn answer_prometheus(listener: TcpListener, state: http::Shared) {
    // A full house can still be looked into.
    let few = Connections::within(64, 0, state.proxies.clone());
    let router = http::metrics::router(state.clone());
    let serving = http::connections::serve(listener, router, &few, &state.stop);
    // At the end no scrape is waited for.
    state.stop.run_until_cancelled(serving).await;
}

/// Answers until `asked` to stop, and then as long as requests are in work, but not longer than the drain.
async fn answer(
    listener: TcpListener,
    router: axum::Router,
    (config, connections): (&Config, &Connections),
    (asked, stop): (impl Future<Output = ()> + Send + 'static, &CancellationToken),
) {
    let drain = config.limits.drain;
    tokio::spawn({
        let stop = stop.clone();
        async move {
            asked.await;
            // First of all: where nobody reads the log any more, writing a line ends this task.
            stop.cancel();
            tracing::info!("stopping: requests in work are finished first");
        }
    });
    let drained = async {
        stop.cancelled().await;
        tokio::time::sleep(drain).await;
    };
    tokio::select! {
        () = http::connections::serve(listener, router, connections, stop) => {}
        () = drained => tracing::warn!("stopped with requests still in work"),
    }
}

/// Cancelled when the system asks the program to stop, from this call on: for a command, which then ends what it is at.
///
/// # Panics
/// Outside the runtime.
pub fn until_asked_to_stop() -> CancellationToken {
    let (stop, asked) = (CancellationToken::new(), asked_to_stop());
    tokio::spawn({
        let stop = stop.clone();
        async move {
            asked.await;
            stop.cancel();
        }
    });
    stop
}

/// Ends when the system asks the program to, from this call on: before it, that would end the program at once.
///
/// # Panics
/// Outside the runtime.
#[cfg(unix)]
pub fn asked_to_stop() -> impl Future<Output = ()> + Send + 'static {
    use tokio::signal::unix::{SignalKind, signal};
    let heard = |kind| signal(kind).expect("the runtime handles signals");
    let (mut interrupt, mut terminate) = (heard(SignalKind::interrupt()), heard(SignalKind::terminate()));
    async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}

/// Ends when the system asks the program to.
#[cfg(not(unix))]
pub async fn asked_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
