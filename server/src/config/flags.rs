//! Flags, and the environment variable that each of them has.

use super::{LogFormat, Proxies, PublicUrl};
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

    /// Address and port to listen on [default: 127.0.0.1:3000]
    #[arg(long, env = "PMS_LISTEN", global = true, value_name = "ADDRESS")]
    pub listen: Option<SocketAddr>,

    /// How browsers reach PMS, as https://pms.example.org; https makes the cookie secure
    #[arg(long, env = "PMS_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<PublicUrl>,

    /// Proxies whose X-Forwarded-For is believed: addresses or networks, as 10.0.0.0/8,::1
    #[arg(long, env = "PMS_TRUSTED_PROXIES", global = true, value_name = "LIST")]
    pub trusted_proxies: Option<Proxies>,

    /// Turn dependencies between tasks on or off; what they say stays [default: true]
    #[arg(long, env = "PMS_DEPENDENCIES", global = true, value_name = "BOOL")]
    pub dependencies: Option<bool>,

    /// What to log: error, warn, info, debug, or by part as server=debug,info [default: info]
    #[arg(long, env = "PMS_LOG", global = true, value_name = "FILTER")]
    pub log: Option<String>,

    /// How a line of the log looks
    #[arg(long, env = "PMS_LOG_FORMAT", global = true, value_name = "FORMAT")]
    pub log_format: Option<LogFormat>,
}
