//! Links in messages that do one thing without a sign-in: signed, for one person, with an end. That such a link works
//! only once is up to what it does: acknowledging and unsubscribing are the same the second time.

use crate::{Actor, Place, Services};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    ids::{ProjectId, UserId},
    permission::Permission,
    time::Timestamp,
    urgent::{KeptPolicy, Who},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Serialize;
use sha2::Sha256;
use std::{collections::BTreeSet, fmt, sync::Arc};

/// Longest token that is looked at: a subject of 64 characters makes less than half of it.
const LONGEST: usize = 512;
/// Characters of a link's subject.
pub const SUBJECT: usize = 64;

/// What a link is good for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Acknowledges an alert; the subject is the alert's id.
    Acknowledge,
    /// Ends some kind of message; the subject says which.
    Unsubscribe,
}

impl Purpose {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Acknowledge => "acknowledge",
            Self::Unsubscribe => "unsubscribe",
        }
    }

    /// The page that such links lead to.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Acknowledge => "/acknowledge",
            Self::Unsubscribe => "/unsubscribe",
        }
    }
}

/// What a link says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    /// What it is about.
    pub subject: String,
    /// Who got it: it acts as this person, and for nothing else.
    pub user_id: UserId,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What signs links and webhooks. The same on every instance.
#[derive(Clone)]
pub struct SigningKey(Arc<[u8; 32]>);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// Of these bytes, which nobody can guess.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Arc::new(bytes))
    }

    fn mac(&self, parts: &[&[u8]]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("a key of any length fits");
        for part in parts {
            // The length first: no two lists of parts are the same bytes.
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac
    }

    /// What signs calls of that webhook of a project's own policy, or of the workspace's: the other side has to know it. It
    /// is made of whose it is and of the address, so that no row holds a secret, a webhook that leads elsewhere has another
    /// one, and nobody learns another project's by naming the same address.
    pub fn webhook_secret(&self, project: Option<ProjectId>, url: &str) -> String {
        let whose = project.map_or_else(|| "workspace".to_owned(), |id| id.to_string());
        let bytes = self.mac(&[b"webhook", whose.as_bytes(), url.as_bytes()]).finalize().into_bytes();
        format!("whsec_{}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// A webhook of a policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Webhook {
    /// Its address.
    pub url: String,
    /// What its calls are signed with.
    pub secret: String,
}

/// The webhooks of a project's own policy, or of the workspace's, for whoever may change it; none for others.
pub fn webhooks(
    services: &Services,
    actor: &Actor,
    project: Option<ProjectId>,
    kept: &KeptPolicy,
) -> Vec<Webhook> {
    let may = match project {
        // A project without a policy of its own has the workspace's, whose secrets are not its own.
        Some(project) => kept.own && actor.allows(Permission::UrgentPolicy, project),
        None => actor.allows(Permission::WorkspaceManage, Place::Workspace),
    };
    let steps = if may { kept.policy.steps.as_slice() } else { &[] };
    let urls: BTreeSet<&String> = steps
        .iter()
        .filter_map(|step| if let Who::Webhook { url } = &step.who { Some(url) } else { None })
        .collect();
    let secret = |url: &str| services.outlets.key.webhook_secret(project, url);
    urls.into_iter().map(|url| Webhook { url: url.clone(), secret: secret(url) }).collect()
}

/// The token of a link: `subject.user.end.signature`, each in base64url.
pub fn make(key: &SigningKey, purpose: Purpose, link: &Link) -> String {
    let subject: String = link.subject.chars().take(SUBJECT).collect();
    let user = *link.user_id.uuid().as_bytes();
    let end = link.expires_at.micros().to_be_bytes();
    let signature = sign(key, purpose, (subject.as_bytes(), &user, &end)).finalize().into_bytes();
    [subject.as_bytes(), user.as_slice(), end.as_slice(), signature.as_slice()]
        .map(|part| URL_SAFE_NO_PAD.encode(part))
        .join(".")
}

/// What a token says; `None` if nobody here made it for this purpose, or it has ended.
pub fn check(services: &Services, purpose: Purpose, token: &str) -> Option<Link> {
    if token.len() > LONGEST {
        return None;
    }
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let (Some(subject), Some(user), Some(end), Some(signature), None) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?, parts.next())
    else {
        return None;
    };
    let mac = sign(&services.outlets.key, purpose, (&subject, &user, &end));
    // Takes the same time however much of it is right.
    mac.verify_slice(&signature).ok()?;
    let link = Link {
        subject: String::from_utf8(subject).ok()?,
        user_id: UserId(uuid::Uuid::from_slice(&user).ok()?),
        expires_at: Timestamp(i64::from_be_bytes(end.try_into().ok()?)),
    };
    (services.now() < link.expires_at).then_some(link)
}

fn sign(key: &SigningKey, purpose: Purpose, (subject, user, end): (&[u8], &[u8], &[u8])) -> Hmac<Sha256> {
    key.mac(&[b"link", purpose.as_str().as_bytes(), subject, user, end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_that_leads_elsewhere_or_is_anothers_has_another_secret() {
        let key = SigningKey::new([7; 32]);
        let secret = key.webhook_secret(None, "https://example.org/a");
        assert_eq!(secret, key.webhook_secret(None, "https://example.org/a"));
        assert_ne!(secret, key.webhook_secret(None, "https://example.org/b"));
        let project = Some(ProjectId(uuid::Uuid::from_u128(1)));
        assert_ne!(secret, key.webhook_secret(project, "https://example.org/a"));
        assert_ne!(secret, SigningKey::new([8; 32]).webhook_secret(None, "https://example.org/a"));
    }

    #[test]
    fn a_key_is_not_in_the_debug_form() {
        assert_eq!(format!("{:?}", SigningKey::new([7; 32])), "SigningKey(…)");
    }
}
