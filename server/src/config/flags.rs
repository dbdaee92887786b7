//! Flags, and the environment variable that each of them has.

use super::{
    Daily, DrillEvery, LogFormat, Networks, Origins, Proxies, PublicUrl, PushServices, Ratio, S3Place,
    rates::RateFlags,
};
use std::{net::SocketAddr, path::PathBuf};

/// What every command takes.
#[expect(clippy::doc_markdown, rustdoc::bare_urls, reason = "`--help` shows these lines as they are")]
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// The folder for the embedded database and the secret [default: ./data]
    #[arg(long, env = "PMS_DATA", global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,

    /// A TOML file with more settings [default: pms.toml in the data folder, if there is one]
    #[arg(long, env = "PMS_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// sqlite:PATH or mysql://user:password@host:port/name [default: sqlite:DIR/pms.db]
    #[arg(long, env = "PMS_DATABASE_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,

    /// A MySQL server that follows that of --database-url and answers reads it has come far enough for [default: none]
    #[arg(long, env = "PMS_DATABASE_REPLICA_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub database_replica_url: Option<String>,

    /// Where several servers on one database hear each other and count requests together: redis://user:password@host:port; of a cluster, some of its nodes with commas between [default: none]
    #[arg(long, env = "PMS_REDIS_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub redis_url: Option<String>,

    /// What the names of this installation in Redis begin with [default: pms]
    #[arg(long, env = "PMS_REDIS_PREFIX", global = true, value_name = "WORD")]
    pub redis_prefix: Option<String>,

    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "PMS_LISTEN", global = true, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,

    /// How browsers reach PMS, as https://pms.example.org; https makes the cookie secure
    #[arg(long, env = "PMS_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks, as 10.0.0.0/8,::1
    #[arg(long, env = "PMS_TRUSTED_PROXIES", global = true, value_name = "LIST")]
    pub trusted_proxies: Option<Proxies>,

    /// Other sites whose pages may call the API, with tokens: as https://intranet.example.org [default: none]
    #[arg(long, env = "PMS_CORS_ORIGINS", global = true, value_name = "LIST")]
    pub cors_origins: Option<Origins>,

    /// How often who may ask.
    #[command(flatten)]
    pub rates: RateFlags,

    /// Address and port of their own at which Prometheus reads /metrics, without signing in: keep it from others [default: none]
    #[arg(long, env = "PMS_METRICS_LISTEN", global = true, value_name = "ADDRESS")]
    pub metrics_listen: Option<SocketAddr>,

    /// The mail server, as smtps://user:password@mail.example.org; smtp:// changes to TLS before it sends [default: no mail]
    #[arg(long, env = "PMS_SMTP_URL", global = true, value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// Whom mails are from, as “PMS <pms@example.org>”
    #[arg(long, env = "PMS_MAIL_FROM", global = true, value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// Push services besides those of the usual browsers, as https://push.example.org
    #[arg(long, env = "PMS_PUSH_SERVICES", global = true, value_name = "LIST")]
    pub push_services: Option<PushServices>,

    /// Private networks that webhooks may call, as 10.0.0.0/8; without, only public addresses
    #[arg(long, env = "PMS_WEBHOOK_NETWORKS", global = true, value_name = "LIST")]
    pub webhook_networks: Option<Networks>,

    /// Where backups are [default: backups in the data folder]
    #[arg(long, env = "PMS_BACKUP_FOLDER", global = true, value_name = "DIR")]
    pub backup_folder: Option<PathBuf>,

    /// For whom backups are encrypted: public keys as `pms backup key` prints them, or none
    #[arg(long, env = "PMS_BACKUP_RECIPIENTS", global = true, value_name = "LIST")]
    pub backup_recipients: Option<String>,

    /// At which time of the day, in UTC, the server makes a backup by itself, as 02:00 [default: never]
    #[arg(long, env = "PMS_BACKUP_DAILY", global = true, value_name = "TIME")]
    pub backup_daily: Option<Daily>,

    /// The key that reads backups, as `pms backup key` made it: a server needs it only to rehearse a restore by itself [default: none]
    #[arg(long, env = "PMS_BACKUP_KEY", global = true, value_name = "FILE")]
    pub backup_key: Option<PathBuf>,

    /// How often a server that makes backups brings the newest one back aside, to see that it comes back whole [default: monthly]
    #[arg(
        long,
        env = "PMS_BACKUP_DRILL",
        global = true,
        value_name = "monthly|weekly|never",
        hide_possible_values = true
    )]
    pub backup_drill: Option<DrillEvery>,

    /// Where a second copy of each backup goes, in a storage that speaks S3, as s3://bucket/folder [default: nowhere]
    #[arg(long, env = "PMS_BACKUP_S3", global = true, value_name = "PLACE")]
    pub backup_s3: Option<S3Place>,

    /// Address of that storage, as https://s3.example.org; the bucket becomes the first word of its path [default: Amazon's of the region]
    #[arg(long, env = "PMS_BACKUP_S3_ENDPOINT", global = true, value_name = "URL")]
    pub backup_s3_endpoint: Option<String>,

    /// Region of that storage [default: us-east-1]
    #[arg(long, env = "PMS_BACKUP_S3_REGION", global = true, value_name = "WORD")]
    pub backup_s3_region: Option<String>,

    /// The key for that storage, by its id; its secret is in PMS_BACKUP_S3_SECRET, or in a file
    #[arg(long, env = "PMS_BACKUP_S3_KEY_ID", global = true, value_name = "ID")]
    pub backup_s3_key_id: Option<String>,

    /// A file with the secret of that key
    #[arg(long, env = "PMS_BACKUP_S3_SECRET_FILE", global = true, value_name = "FILE")]
    pub backup_s3_secret_file: Option<PathBuf>,

    /// Turn dependencies between tasks on or off; what they say stays [default: true]
    #[arg(long, env = "PMS_DEPENDENCIES", global = true, value_name = "BOOL")]
    pub dependencies: Option<bool>,

    /// Turn alerts of urgent projects on or off; without them urgent is only a label [default: true]
    #[arg(long, env = "PMS_URGENT", global = true, value_name = "BOOL")]
    pub urgent: Option<bool>,

    /// What to log: error, warn, info, debug, or by part as server=debug,info [default: info]
    #[arg(long, env = "PMS_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,

    /// How a line of the log looks
    #[arg(long, env = "PMS_LOG_FORMAT", global = true, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,

    /// Where traces go, as OpenTelemetry's collectors take them (OTLP over HTTP): http://collector:4318 [default: nowhere]
    #[arg(long, env = "PMS_OTLP_ENDPOINT", global = true, value_name = "URL")]
    pub otlp_endpoint: Option<String>,

    /// Headers for whom they go to, as authorization=Bearer%20KEY,x-team=pms
    #[arg(long, env = "PMS_OTLP_HEADERS", global = true, value_name = "LIST", hide_env_values = true)]
    pub otlp_headers: Option<String>,

    /// How many of the requests and of the rounds of jobs are traced, from 0 to 1 [default: 1]
    #[arg(long, env = "PMS_OTLP_RATIO", global = true, value_name = "SHARE")]
    pub otlp_ratio: Option<Ratio>,

    /// Where errors go: the DSN that a project of Sentry shows [default: nowhere]
    #[arg(long, env = "PMS_SENTRY_DSN", global = true, value_name = "URL", hide_env_values = true)]
    pub sentry_dsn: Option<String>,

    /// What traces and errors call this installation [default: production]
    #[arg(long, env = "PMS_ENVIRONMENT", global = true, value_name = "WORD")]
    pub environment: Option<String>,
}
