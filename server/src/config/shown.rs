//! The settings as an operator may see them: each with its value and where that comes from, secrets only as set or not.

use super::{Config, Flags, LogFormat, Ratio, S3Access, Trouble, cannot, s3};
use crate::backups::Recipients;
use clap::{ArgMatches, Args as _, parser::ValueSource};
use std::{fmt, fs, io, path::PathBuf};

/// A setting.
pub struct Shown {
    /// Its environment variable, or its name in the file where it has none.
    pub name: String,
    /// As it counts. Of a secret, whether it is there.
    pub value: String,
    /// Where it comes from.
    pub from: Source,
}

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Source {
    Flag,
    Environment,
    File,
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        })
    }
}

/// What the arguments, the environment and the file say, to tell where values come from.
pub struct Given<'a> {
    arguments: &'a ArgMatches,
    file: toml::Table,
}

impl<'a> Given<'a> {
    /// # Errors
    /// If the file can't be read.
    pub fn read(flags: &Flags, arguments: &'a ArgMatches) -> Result<Self, Trouble> {
        let path = match (&flags.config, &flags.data) {
            (Some(path), _) => path.clone(),
            (None, data) => data.clone().unwrap_or_else(|| PathBuf::from("./data")).join("pms.toml"),
        };
        let text = match fs::read_to_string(&path) {
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                String::new()
            }
            text => text.map_err(|error| cannot("read the configuration file", &path, &error))?,
        };
        // What is wrong in it was told when it was read as settings.
        Ok(Self { arguments, file: text.parse().unwrap_or_default() })
    }

    /// Where the setting of this flag, or of this name in the file, comes from.
    fn source(&self, flag: &str, key: &str) -> Source {
        let argument = if flag.is_empty() { None } else { self.arguments.value_source(flag) };
        match argument {
            Some(ValueSource::CommandLine) => Source::Flag,
            Some(ValueSource::EnvVariable) => Source::Environment,
            _ if self.find(key).is_some() => Source::File,
            _ => Source::Default,
        }
    }

    /// The words by which it was set; `otherwise`, if it was not. Never ask this of what may hold a secret.
    fn words(&self, flag: &str, key: &str, otherwise: &str) -> String {
        if let Source::Flag | Source::Environment = self.source(flag, key) {
            let words = self.arguments.get_raw(flag).into_iter().flatten();
            return words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(",");
        }
        self.find(key).map_or_else(|| otherwise.to_owned(), |value| value.to_string().replace('"', ""))
    }

    fn find(&self, key: &str) -> Option<&toml::Value> {
        let mut names = key.split('.');
        let section = self.file.get(names.next()?)?;
        names.try_fold(section, |value, name| value.get(name))
    }
}

/// A setting's flag as clap names it, its name in the file (either may be empty), and its value.
type Row = (&'static str, &'static str, String);

impl Config {
    /// Every setting.
    pub fn shown(&self, given: &Given<'_>) -> Vec<Shown> {
        let flags = Flags::augment_args(clap::Command::new("pms"));
        let name = |flag: &str, key: &str| {
            let argument = flags.get_arguments().find(|argument| argument.get_id() == flag);
            let variable = argument.and_then(clap::Arg::get_env).and_then(|name| name.to_str());
            variable.unwrap_or(key).to_owned()
        };
        let rows = self.rows(given);
        let shown =
            |(flag, key, value): Row| Shown { name: name(flag, key), value, from: given.source(flag, key) };
        rows.into_iter().map(shown).chain([self.shown_s3_secret(given), self.shown_secret()]).collect()
    }

    fn rows(&self, given: &Given<'_>) -> Vec<Row> {
        [
            self.rows_of_service(given),
            self.rows_of_outlets(given),
            self.rows_of_backups(given),
            self.rows_of_limits(),
            self.rows_of_telemetry(),
        ]
        .concat()
    }

    fn rows_of_service(&self, given: &Given<'_>) -> Vec<Row> {
        let url = self
            .http
            .public_url
            .as_ref()
            .map_or_else(|| "as it listens, without TLS".into(), ToString::to_string);
        let redis = self.redis.as_ref();
        let metrics = self.http.metrics.map_or_else(|| "nowhere".into(), |address| address.to_string());
        vec![
            ("data", "", self.data.display().to_string()),
            ("config", "", given.words("config", "", "pms.toml in the data folder, if it is there")),
            ("database_url", "database.url", without_password(&self.database.url)),
            (
                "database_replica_url",
                "database.replica_url",
                self.database.replica.as_deref().map_or_else(|| "none".into(), without_password),
            ),
            ("", "database.connections", self.database.connections.to_string()),
            ("", "database.wait", format!("{} s", self.database.wait.as_secs())),
            (
                "redis_url",
                "redis.url",
                redis.map_or("not set: servers don't tell each other", |_| "set").into(),
            ),
            (
                "redis_prefix",
                "redis.prefix",
                redis.map_or_else(|| "pms".into(), |redis| redis.prefix.clone()),
            ),
            ("listen", "http.listen", self.http.listen.to_string()),
            ("public_url", "http.public_url", url),
            (
                "trusted_proxies",
                "http.trusted_proxies",
                given.words("trusted_proxies", "http.trusted_proxies", "none"),
            ),
            ("cors_origins", "http.cors_origins", given.words("cors_origins", "http.cors_origins", "none")),
            ("metrics_listen", "http.metrics_listen", metrics),
            ("dependencies", "features.dependencies", self.features.dependencies.to_string()),
            ("urgent", "features.urgent", self.features.urgent.to_string()),
        ]
    }

    fn rows_of_outlets(&self, given: &Given<'_>) -> Vec<Row> {
        let mail = self.outlets.mail.as_ref();
        let (push, hooks) = ("push.services", "webhooks.networks");
        vec![
            ("smtp_url", "mail.smtp", mail.map_or("not set: no mail", |_| "set").into()),
            ("mail_from", "mail.from", mail.map_or_else(|| "not set".into(), |mail| mail.from.clone())),
            ("push_services", push, given.words("push_services", push, "those of the usual browsers")),
            ("webhook_networks", hooks, given.words("webhook_networks", hooks, "public addresses only")),
        ]
    }

    fn rows_of_backups(&self, given: &Given<'_>) -> Vec<Row> {
        let it = &self.backups;
        let recipients = match &it.recipients {
            Recipients::Unsaid => "not set: no backup is made".into(),
            Recipients::Everyone => "none: not encrypted".into(),
            Recipients::Keys(names) => names.join(","),
        };
        let kept = it.retention;
        let access = it.s3_access.as_ref();
        let of_access = |show: fn(&S3Access) -> String| access.map_or_else(|| "not set".into(), show);
        let (key_id, secret) = ("backup.s3_key_id", "backup.s3_secret_file");
        vec![
            ("backup_folder", "backup.folder", it.folder.display().to_string()),
            ("backup_recipients", "backup.recipients", recipients),
            ("backup_key", "backup.key", given.words("backup_key", "backup.key", "none")),
            ("backup_daily", "backup.daily", given.words("backup_daily", "backup.daily", "never")),
            ("backup_drill", "backup.drill", it.drill.as_str().into()),
            (
                "",
                "backup.keep_days",
                format!("every {}, weekly {}, monthly {}", kept.every, kept.weekly, kept.monthly),
            ),
            ("backup_s3", "backup.s3", it.s3.as_ref().map_or_else(|| "nowhere".into(), ToString::to_string)),
            ("backup_s3_endpoint", "backup.s3_endpoint", of_access(|it| it.endpoint.to_string())),
            ("backup_s3_region", "backup.s3_region", of_access(|it| it.region.clone())),
            ("backup_s3_key_id", key_id, access.map_or("not set", |_| "set").into()),
            ("backup_s3_secret_file", secret, given.words("backup_s3_secret_file", secret, "none")),
        ]
    }

    /// That of the key for backups, which only the environment or a file has.
    fn shown_s3_secret(&self, given: &Given<'_>) -> Shown {
        let (value, from) = match (&self.backups.s3_access, s3::given_secret()) {
            (Some(_), Some(_)) => ("set".into(), Source::Environment),
            (Some(_), None) => {
                ("set, in its file".into(), given.source("backup_s3_secret_file", "backup.s3_secret_file"))
            }
            (None, _) => ("not set".into(), Source::Default),
        };
        Shown { name: "PMS_BACKUP_S3_SECRET".into(), value, from }
    }

    fn rows_of_limits(&self) -> Vec<Row> {
        let (it, rates) = (self.limits, self.rates);
        vec![
            ("limit-network", "limits.per_minute.network", rates.network.to_string()),
            ("limit-anonymous", "limits.per_minute.anonymous", rates.anonymous.to_string()),
            ("limit-sign-in", "limits.per_minute.sign_in", rates.sign_in.to_string()),
            ("limit-person", "limits.per_minute.person", rates.person.to_string()),
            ("limit-sensitive", "limits.per_minute.sensitive", rates.sensitive.to_string()),
            ("", "limits.requests", it.requests.to_string()),
            ("", "limits.streams", it.streams.to_string()),
            ("", "limits.body", format!("{} bytes", it.body)),
            ("", "limits.import", format!("{} bytes", it.import)),
            ("", "limits.body_wait", format!("{} s", it.body_wait.as_secs())),
            ("", "limits.timeout", format!("{} s", it.timeout.as_secs())),
            ("", "limits.drain", format!("{} s", it.drain.as_secs())),
        ]
    }

    fn rows_of_telemetry(&self) -> Vec<Row> {
        let it = &self.telemetry;
        let format = match it.format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        let otlp = it.otlp.as_ref();
        let endpoint = otlp.map_or_else(|| "not set: no traces".into(), |otlp| otlp.endpoint.to_string());
        let headers = if otlp.is_some_and(|otlp| !otlp.headers.is_empty()) { "set" } else { "not set" };
        let errors = if it.sentry.is_some() { "set" } else { "not set: no errors are sent" };
        vec![
            ("log", "telemetry.log", it.log.clone()),
            ("log_format", "telemetry.format", format.into()),
            ("otlp_endpoint", "telemetry.otlp_endpoint", endpoint),
            ("otlp_headers", "telemetry.otlp_headers", headers.into()),
            ("otlp_ratio", "telemetry.otlp_ratio", otlp.map_or(Ratio::ALL, |otlp| otlp.ratio).to_string()),
            ("sentry_dsn", "telemetry.sentry_dsn", errors.into()),
            ("environment", "telemetry.environment", it.environment.clone()),
        ]
    }

    fn shown_secret(&self) -> Shown {
        let (value, from) = match (&self.given_secret, self.data.join("secret").exists()) {
            (Some(_), _) => ("set", Source::Environment),
            (None, true) => ("set, in the data folder", Source::Default),
            (None, false) => ("not set: a server makes it in the data folder at its start", Source::Default),
        };
        Shown { name: "PMS_SECRET".into(), value: value.into(), from }
    }
}

/// A database's URL as others may see it.
pub fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    match rest.rsplit_once('@') {
        Some((login, host)) => {
            let user = login.split_once(':').map_or(login, |(user, _)| user);
            format!("{scheme}://{user}:…@{host}")
        }
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::File;

    #[test]
    fn a_password_is_not_told() {
        assert_eq!(without_password("mysql://pms:p@ss@db:3306/pms"), "mysql://pms:…@db:3306/pms");
        assert_eq!(without_password("sqlite:./data/pms.db"), "sqlite:./data/pms.db");
    }

    /// What the file may say, as its reader lists it when it meets a name that it does not know.
    fn names_in_file() -> Vec<String> {
        let expected = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("pms.toml");
            fs::write(&path, text).unwrap();
            let Trouble(sentence) = File::read(&path).map(drop).unwrap_err();
            let (_, names) = sentence.split_once("expected ").unwrap();
            names.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
        };
        let sections = expected("[nothing]\n");
        let names = |section: &String| {
            let names = expected(&format!("[{section}]\nnothing = 1\n"));
            names.into_iter().map(|name| format!("{section}.{name}")).collect::<Vec<_>>()
        };
        sections.iter().flat_map(names).collect()
    }

    #[test]
    fn no_setting_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let flags = Flags { data: Some(folder.path().into()), ..Flags::default() };
        let arguments = Flags::augment_args(clap::Command::new("pms")).get_matches_from(["pms"]);
        let config = Config::load(&flags).unwrap();
        let given = Given::read(&flags, &arguments).unwrap();
        let rows = config.rows(&given);
        for argument in Flags::augment_args(clap::Command::new("pms")).get_arguments() {
            let id = argument.get_id().as_str();
            assert!(rows.iter().any(|(flag, ..)| *flag == id), "{id} is not shown");
        }
        let names = names_in_file();
        assert!(names.len() > 20, "{names:?}");
        for name in names {
            let parts = format!("{name}.");
            assert!(
                rows.iter().any(|(_, key, _)| *key == name || key.starts_with(&parts)),
                "{name} is not shown"
            );
        }
    }
}
