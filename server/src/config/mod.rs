//! What an operator can set: flags win over the environment, the environment over the file, the file over defaults.
//! The environment is read here and nowhere else.

mod backups;
mod duration;
mod file;
mod flags;
mod mail;
mod networks;
mod origins;
mod otlp;
mod proxies;
mod public_url;
mod push_services;
mod rates;
mod redis;
mod s3;
mod secret;
mod sentry_dsn;
mod shown;
mod telemetry;

pub use backups::{Backups, Daily, DrillEvery};
pub use flags::Flags;
pub use mail::{Mail, SmtpUrl};
pub use networks::Networks;
pub use origins::Origins;
pub use otlp::{Otlp, Ratio};
pub use proxies::Proxies;
pub use public_url::PublicUrl;
pub use push_services::{PushServices, Service};
pub use rates::{PerMinute, Rates};
pub use redis::Redis;
pub use s3::{S3Access, S3Place};
pub use secret::{Secret, write_private};
pub use sentry_dsn::SentryDsn;
pub use shown::{Given, Shown, without_password};
pub use telemetry::{LogFormat, Telemetry};

use file::{DatabaseSection, File};
use services::Features;
use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// What stops the program before it serves: a sentence for whoever started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble(pub String);

impl Trouble {
    /// The sentence.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Trouble {}

impl From<services::backup::Failure> for Trouble {
    fn from(failure: services::backup::Failure) -> Self {
        Self(failure.to_string())
    }
}

impl From<domain::Error> for Trouble {
    fn from(error: domain::Error) -> Self {
        Self(error.to_string())
    }
}

/// The effective configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder that holds the embedded database and the secret.
    pub data: PathBuf,
    /// How requests come in.
    pub http: Http,
    /// Where rows are kept.
    pub database: Database,
    /// Where servers hear each other and count requests together; `None`: nowhere.
    pub redis: Option<Redis>,
    /// How much at once.
    pub limits: Limits,
    /// How often who may ask.
    pub rates: Rates,
    /// How people are reached outside the pages.
    pub outlets: Outlets,
    /// What is saved, and where.
    pub backups: Backups,
    /// What is turned on.
    pub features: Features,
    /// What operators are told while it runs.
    pub telemetry: Telemetry,
    /// `PMS_SECRET`, if the environment has one.
    given_secret: Option<String>,
}

/// How requests come in.
#[derive(Clone, Debug)]
pub struct Http {
    /// Where to listen.
    pub listen: SocketAddr,
    /// How browsers reach it; `None`: as it listens, without TLS.
    pub public_url: Option<PublicUrl>,
    /// Whose `X-Forwarded-For` is believed.
    pub proxies: Proxies,
    /// Other sites whose pages may call the API.
    pub cors_origins: Origins,
    /// Where Prometheus reads; `None`: nowhere.
    pub metrics: Option<SocketAddr>,
}

/// Where rows are kept.
#[derive(Clone, Debug)]
pub struct Database {
    /// `sqlite:PATH` or `mysql://user:password@host:port/name`.
    pub url: String,
    /// A MySQL server that follows it; `None`: there is none.
    pub replica: Option<String>,
    /// Connections at the most, of each of the two.
    pub connections: u32,
    /// How long a request waits for one.
    pub wait: Duration,
}

impl Database {
    fn of(flags: &Flags, file: DatabaseSection, data: &Path) -> Result<Self, Trouble> {
        let url = flags.database_url.clone().or(file.url);
        let url = url.unwrap_or_else(|| format!("sqlite:{}", data.join("pms.db").display()));
        let replica = flags.database_replica_url.clone().or(file.replica_url).filter(|url| !url.is_empty());
        let is_mysql = |url: &str| url.starts_with("mysql://") || url.starts_with("mariadb://");
        if replica.as_ref().is_some_and(|replica| !is_mysql(replica) || !is_mysql(&url)) {
            return Err(Trouble(
                "PMS_DATABASE_REPLICA_URL names a MySQL server that follows the one of PMS_DATABASE_URL, as in mysql://user:password@host:3306/pms; an embedded database has none.".into(),
            ));
        }
        let (connections, wait) =
            (file.connections.unwrap_or(16), file.wait.unwrap_or(Duration::from_secs(5)));
        Ok(Self { url, replica, connections, wait })
    }

    /// As the store takes it.
    pub fn options(&self) -> store::db::Options {
        store::db::Options {
            url: self.url.clone(),
            replica: self.replica.clone(),
            connections: self.connections,
            wait: self.wait,
        }
    }
}

/// How people are reached outside the pages.
#[derive(Clone, Debug, Default)]
pub struct Outlets {
    /// Mail; `None`: none is sent.
    pub mail: Option<Mail>,
    /// More push services than the usual browsers'.
    pub push_services: PushServices,
    /// Networks of one's own that webhooks may call; elsewhere only public addresses.
    pub webhook_networks: Networks,
}

/// How much at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests in work; more are told to come back.
    pub requests: usize,
    /// Streams of events that are open; more are told to come back.
    pub streams: usize,
    /// Bytes of a request's body.
    pub body: usize,
    /// Bytes of an import's body.
    pub import: usize,
    /// How long a body may take to begin, and to arrive if it is small.
    pub body_wait: Duration,
    /// How long a request may take.
    pub timeout: Duration,
    /// How long a shutdown waits for requests in work.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: 512,
            streams: 10_000,
            body: 1024 * 1024,
            import: 3 * 1024 * 1024,
            body_wait: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            drain: Duration::from_secs(10),
        }
    }
}

impl Config {
    /// Puts flags, environment (both in `flags`), file and defaults together.
    ///
    /// # Errors
    /// With a sentence that names what is wrong and where it was said.
    pub fn load(flags: &Flags) -> Result<Self, Trouble> {
        let data = flags.data.clone().unwrap_or_else(|| PathBuf::from("./data"));
        let file = match &flags.config {
            Some(path) => File::read(path)?,
            None => File::read_if_there(&data.join("pms.toml"))?,
        };
        Ok(Self {
            http: Http {
                listen: flags.listen.or(file.http.listen).unwrap_or_else(default_listen),
                public_url: flags.public_url.clone().or(file.http.public_url),
                proxies: flags.trusted_proxies.clone().or(file.http.trusted_proxies).unwrap_or_default(),
                cors_origins: flags.cors_origins.clone().or(file.http.cors_origins).unwrap_or_default(),
                metrics: flags.metrics_listen.or(file.http.metrics_listen),
            },
            database: Database::of(flags, file.database, &data)?,
            redis: Redis::of(
                flags.redis_url.as_deref().or(file.redis.url.as_deref()),
                flags.redis_prefix.as_deref().or(file.redis.prefix.as_deref()),
            )
            .map_err(Trouble)?,
            rates: file.limits.per_minute.under(flags.rates),
            limits: file.limits.into_limits(),
            outlets: Outlets {
                mail: Mail::of(
                    flags.smtp_url.clone().or(file.mail.smtp),
                    flags.mail_from.clone().or(file.mail.from),
                )?,
                push_services: flags.push_services.clone().or(file.push.services).unwrap_or_default(),
                webhook_networks: flags
                    .webhook_networks
                    .clone()
                    .or(file.webhooks.networks)
                    .unwrap_or_default(),
            },
            backups: Backups::of(flags, file.backup, &data)?,
            features: Features {
                dependencies: flags.dependencies.or(file.features.dependencies).unwrap_or(true),
                urgent: flags.urgent.or(file.features.urgent).unwrap_or(true),
            },
            telemetry: Telemetry::of(flags, file.telemetry)?,
            given_secret: given_secret(),
            data,
        })
    }

    /// The signing secret: `PMS_SECRET`, or the one in the data folder, made there if it is missing.
    ///
    /// # Errors
    /// If it is weak, or the data folder can't be read or written.
    pub fn secret(&self, new: &dyn Fn() -> [u8; 32]) -> Result<Secret, Trouble> {
        match &self.given_secret {
            Some(given) => Secret::check(given, "PMS_SECRET"),
            None => Secret::of_folder(&self.data, new),
        }
    }

    /// The signing secret, if it is in the data folder: it belongs into a backup.
    ///
    /// # Errors
    /// If the file can't be read.
    pub fn secret_in_folder(&self) -> Result<Option<String>, Trouble> {
        if self.given_secret.is_some() { Ok(None) } else { secret::in_folder(&self.data) }
    }

    /// The signing secret, if there is one yet; makes none.
    ///
    /// # Errors
    /// As [`Self::secret`].
    pub fn secret_if_there(&self) -> Result<Option<Secret>, Trouble> {
        let here = self.given_secret.is_some() || secret::in_folder(&self.data)?.is_some();
        // It is there, so none is made.
        if here { self.secret(&|| [0; 32]).map(Some) } else { Ok(None) }
    }

    /// Whether the environment has the signing secret.
    pub const fn has_given_secret(&self) -> bool {
        self.given_secret.is_some()
    }

    /// Puts the signing secret of a backup into the data folder, unless there is one, or the environment has one. Gives
    /// whether the one that counts here is the same.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn keep_secret(&self, text: &str) -> Result<bool, Trouble> {
        match &self.given_secret {
            Some(given) => Ok(given.trim() == text),
            None => secret::keep_in_folder(&self.data, text),
        }
    }

    /// Makes the data folder if it is not there, for PMS's own user alone: it holds everybody's work.
    ///
    /// # Errors
    /// If it can't be made.
    pub fn prepare_data(&self) -> Result<(), Trouble> {
        if self.data.is_file() {
            let path = self.data.display();
            return Err(Trouble(format!("The data folder {path} is a file. Choose a folder with --data.")));
        }
        let mut folder = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
        folder
            .recursive(true)
            .create(&self.data)
            .map_err(|error| cannot("make the data folder", &self.data, &error))
    }
}

/// There is no flag for it: the arguments of a program can be seen by everyone on the machine.
#[expect(clippy::disallowed_methods, reason = "this is the room of the environment")]
fn given_secret() -> Option<String> {
    std::env::var("PMS_SECRET").ok().filter(|text| !text.is_empty())
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 3000))
}

/// “PMS cannot … PATH: the system's words.”
fn cannot(what: &str, path: &Path, error: &std::io::Error) -> Trouble {
    let hint = match error.kind() {
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
            " Give the user that runs PMS write access to it, or choose another folder with --data."
        }
        std::io::ErrorKind::StorageFull => " Make room on that disk and start again.",
        _ => "",
    };
    Trouble(format!("PMS cannot {what} {}: {error}.{hint}", path.display()))
}
