//! Settings that can't work, or do not fit to each other.

use super::Finding;
use crate::{
    adapters::smtp::Smtp,
    backups::{Key, Recipients},
    config::{Config, S3Access},
    telemetry,
};

const SUBJECT: &str = "configuration";

/// Looks at the settings alone.
pub fn look(config: &Config) -> Vec<Finding> {
    let mut found: Vec<Finding> =
        [wrong(config), reaching(config), backups(config), secret(config)].into_iter().flatten().collect();
    if found.is_empty() {
        found.push(Finding::ok(SUBJECT, "nothing in it stands in the way of anything else"));
    }
    found
}

/// What a server would refuse to start with.
fn wrong(config: &Config) -> Vec<Finding> {
    let secret = config.secret_if_there().map(drop);
    let log = telemetry::filter(&config.telemetry).map(drop);
    let mail = config.outlets.mail.as_ref().map_or(Ok(()), |mail| Smtp::new(mail).map(drop));
    let daily =
        if config.backups.daily.is_some() { config.backups.recipients.keys().map(drop) } else { Ok(()) };
    let key = config.backups.key.as_deref().filter(|_| config.backups.daily.is_some());
    let key = key.map_or(Ok(()), |path| Key::read(path).map(drop));
    let refused = [secret, log, mail, daily, key].into_iter().filter_map(Result::err);
    refused.map(|trouble| Finding::trouble(SUBJECT, trouble.0)).collect()
}

/// How browsers and others come in.
fn reaching(config: &Config) -> Vec<Finding> {
    let http = &config.http;
    let everywhere = !http.listen.ip().is_loopback();
    let https = http.public_url.as_ref().is_some_and(crate::config::PublicUrl::is_https);
    let mut found = Vec::new();
    let mut warn = |holds: bool, text: &str| {
        if holds {
            found.push(Finding::warning(SUBJECT, text));
        }
    };
    warn(
        everywhere && http.public_url.is_none(),
        "others can reach PMS, and it is not said how: links in mails are wrong, and cookies go without TLS. Put a proxy \
         with TLS in front and set PMS_PUBLIC_URL",
    );
    warn(
        http.public_url.is_some() && !https,
        "PMS_PUBLIC_URL is http: passwords and cookies can be read on the way, and browsers take no push messages. Put a \
         proxy with TLS in front",
    );
    warn(
        https && http.proxies.is_empty(),
        "PMS_PUBLIC_URL is https, so there is a proxy, but PMS_TRUSTED_PROXIES does not name it: failed sign-ins of everybody \
         count as the proxy’s. Set it to the proxy’s address",
    );
    warn(
        http.proxies.trust_everybody(),
        "PMS_TRUSTED_PROXIES trusts every address: whoever sends X-Forwarded-For chooses where they seem to come from. Name \
         only the proxy’s",
    );
    warn(
        http.metrics.is_some_and(|address| address.ip().is_unspecified()),
        "PMS_METRICS_LISTEN is open on every network of this machine, and nobody signs in there. See that only Prometheus \
         reaches it",
    );
    found
}

fn backups(config: &Config) -> Vec<Finding> {
    let mut found = saving(config);
    let mut warn = |holds: bool, text: &str| {
        if holds {
            found.push(Finding::warning(SUBJECT, text));
        }
    };
    let it = &config.backups;
    warn(
        it.s3.is_some() && it.recipients == Recipients::Everyone,
        "copies of backups go to S3 without being encrypted: whoever may read that bucket has everything. Make a key with pms \
         backup key, and set PMS_BACKUP_RECIPIENTS",
    );
    warn(
        it.s3_access.as_ref().is_some_and(S3Access::is_open),
        "PMS_BACKUP_S3_ENDPOINT is http: what goes there can be read and changed on the way. Let the storage speak TLS",
    );
    found
}

fn saving(config: &Config) -> Vec<Finding> {
    let text = match (&config.backups.recipients, config.backups.daily) {
        (Recipients::Unsaid, None) => {
            "no backups are made. Make a key with pms backup key, and set PMS_BACKUP_RECIPIENTS and PMS_BACKUP_DAILY"
        }
        (Recipients::Everyone, _) => {
            "backups are not encrypted (PMS_BACKUP_RECIPIENTS=none): whoever gets hold of one has everything. Make a key with \
             pms backup key"
        }
        (_, None) => {
            "nobody makes backups by themself. Set PMS_BACKUP_DAILY, or run pms backup create each day"
        }
        _ => return Vec::new(),
    };
    vec![Finding::warning(SUBJECT, text)]
}

fn secret(config: &Config) -> Vec<Finding> {
    let shared = config.database.url.starts_with("mysql:") || config.database.url.starts_with("mariadb:");
    if !shared || config.has_given_secret() {
        return Vec::new();
    }
    vec![Finding::warning(
        SUBJECT,
        "the signing secret is in the data folder. If more than one server is on this database, each needs the same one: set \
         PMS_SECRET",
    )]
}
