//! The ways out to people, as they are configured.

use super::{
    addresses::Allowed,
    smtp::Smtp,
    web_client::{PATIENCE, WebClient},
    web_push::{Vapid, WebPush},
    webhooks::Webhooks,
};
use crate::config::{Config, Secret, Trouble};
use lettre::message::Mailbox;
use services::{
    Outlets, Services,
    links::SigningKey,
    ports::{hook::Hook, mailer::Mailer, pusher::Pusher},
};
use std::{io, sync::Arc};

/// What the keys are made for. They are made of the secret that signs cookies, so that all instances which share that one
/// have the same, and there is no other file to lose. A new secret makes browsers subscribe to push anew.
const LINKS: &str = "pms links and webhooks, version 1";
const PUSH: &str = "pms push, version 1";

/// The ways out. `url` is how people reach PMS.
///
/// # Errors
/// For settings that can't work.
pub fn outlets(
    config: &Config,
    secret: &Secret,
    (services, url): (&Services, &str),
) -> Result<Outlets, Trouble> {
    let mailer = match &config.outlets.mail {
        Some(mail) => Some(Arc::new(Smtp::new(mail)?) as Arc<dyn Mailer>),
        None => None,
    };
    let web = web(config, secret, (services, url)).inspect_err(|error| {
        tracing::error!(%error, "this machine has no certificates to trust: no push messages and no webhooks are sent");
    });
    let (pusher, hook) = web.ok().unzip();
    let mut outlets = Outlets::none();
    outlets.mailer = mailer;
    outlets.pusher = pusher;
    outlets.hook = hook;
    outlets.base_url = url.into();
    outlets.key = SigningKey::new(secret.derive(LINKS));
    Ok(outlets)
}

type Web = (Arc<dyn Pusher>, Arc<dyn Hook>);

fn web(config: &Config, secret: &Secret, (services, url): (&Services, &str)) -> io::Result<Web> {
    let settings = &config.outlets;
    let networks = &settings.webhook_networks;
    let clock = &services.clock;
    let client = |allowed| WebClient::new(allowed, PATIENCE);
    let pusher = WebPush::new(
        Vapid::new(secret.derive(PUSH), contact(config, url)),
        settings.push_services.clone(),
        (client(Allowed::PublicAnd(crate::config::Networks::default()))?, client(Allowed::Any)?),
        Arc::clone(clock),
    );
    let plain = if networks.is_empty() { None } else { Some(client(Allowed::Only(networks.clone()))?) };
    let hook = Webhooks::new(client(Allowed::PublicAnd(networks.clone()))?, plain, Arc::clone(clock));
    Ok((Arc::new(pusher), Arc::new(hook)))
}

/// Whom a push service writes to when something is wrong: they want a mail address or a page.
fn contact(config: &Config, url: &str) -> String {
    let mail = config.outlets.mail.as_ref().and_then(|mail| mail.from.parse::<Mailbox>().ok());
    mail.map_or_else(|| url.to_owned(), |from| format!("mailto:{}", from.email))
}
