//! Whether people can be reached outside the pages. Nothing is sent.

use super::Finding;
use crate::{
    adapters::{outlets::outlets, smtp::Smtp},
    config::{Config, Mail},
};
use services::Services;
use std::time::Duration;
use tokio::time::timeout;

/// Connecting, TLS and signing in, each with answers from far away.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn look(config: &Config, services: &Services) -> Vec<Finding> {
    let mut found = vec![push(config, services)];
    if let Some(settings) = &config.outlets.mail {
        found.push(mail(settings).await);
    }
    found
}

fn push(config: &Config, services: &Services) -> Finding {
    const SUBJECT: &str = "push";
    let Ok(Some(secret)) = config.secret_if_there() else {
        return Finding::ok(SUBJECT, "its key is made of the signing secret, which the first start makes");
    };
    match outlets(config, &secret, (services, "http://localhost")) {
        Ok(outlets) if outlets.pusher.is_some() => {
            Finding::ok(SUBJECT, "its key and the certificates to trust are there")
        }
        Ok(_) => Finding::trouble(
            SUBJECT,
            "this machine has no certificates to trust, so no push messages and no webhooks are sent. Install them \
             (ca-certificates)",
        ),
        Err(trouble) => Finding::trouble(SUBJECT, trouble.0),
    }
}

async fn mail(settings: &Mail) -> Finding {
    const SUBJECT: &str = "mail";
    let smtp = match Smtp::new(settings) {
        Ok(smtp) => smtp,
        Err(trouble) => return Finding::trouble(SUBJECT, trouble.0),
    };
    match timeout(PATIENCE, smtp.greet()).await {
        Ok(Ok(())) => Finding::ok(SUBJECT, "the mail server lets PMS in"),
        Ok(Err(why)) => {
            Finding::trouble(SUBJECT, format!("{why} See PMS_SMTP_URL, and whether the server runs"))
        }
        Err(_) => Finding::trouble(
            SUBJECT,
            format!("the mail server did not answer in {} seconds. See PMS_SMTP_URL", PATIENCE.as_secs()),
        ),
    }
}
