//! Web push: RFC 8030, encrypted for the browser (RFC 8291), signed with this server's key (VAPID, RFC 8292).

use super::web_client::{Failure, WebClient};
use crate::config::{PushServices, Service};
use async_trait::async_trait;
use axum::{
    body::Bytes,
    http::{HeaderValue, Request, StatusCode, Uri},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::device::PushAddress;
use http_body_util::Full;
use p256::ecdsa::{Signature, SigningKey, signature::Signer as _};
use serde_json::json;
use services::ports::{
    answer::Answer,
    clock::Clock,
    pusher::{Push, Pusher},
};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use url::Url;
use web_push_native::{Auth, WebPushBuilder, p256::PublicKey};

/// Seconds for which a signature is good: services take 24 hours at the most.
const SIGNED_SECONDS: i64 = 12 * 60 * 60;

/// Sends to push services.
pub struct WebPush {
    key: Vapid,
    services: PushServices,
    /// To those that everybody knows.
    known: WebClient,
    /// To those that the operator named, wherever they are.
    named: WebClient,
    clock: Arc<dyn Clock>,
}

/// This server's key, and whom a push service writes to when something is wrong.
pub struct Vapid {
    key: SigningKey,
    contact: String,
}

impl Vapid {
    /// The key of these bytes. One in 2³² is none; their hash is tried then, so it is the same key each time.
    pub fn new(mut bytes: [u8; 32], contact: String) -> Self {
        loop {
            match SigningKey::from_slice(&bytes) {
                Ok(key) => return Self { key, contact },
                Err(_) => bytes = Sha256::digest(bytes).into(),
            }
        }
    }

    /// As browsers take it: a point of P-256, uncompressed, in base64url.
    fn public(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.verifying_key().to_encoded_point(false).as_bytes())
    }

    /// What tells a push service at `audience` who sends.
    fn authorization(&self, audience: &str, now: i64) -> String {
        let encoded = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let head = encoded(json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = encoded(json!({ "aud": audience, "exp": now + SIGNED_SECONDS, "sub": self.contact }));
        let signed = format!("{head}.{claims}");
        let signature: Signature = self.key.sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public())
    }
}

impl WebPush {
    /// With this key, to these services.
    pub fn new(
        key: Vapid,
        services: PushServices,
        (known, named): (WebClient, WebClient),
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { key, services, known, named, clock }
    }

    fn request(&self, push: &Push, endpoint: &Url) -> Option<Request<Full<Bytes>>> {
        let builder = WebPushBuilder::new(
            endpoint.as_str().parse::<Uri>().ok()?,
            public_key(&push.to)?,
            Auth::from_exact_iter(decoded(&push.to.auth)?)?,
        )
        .with_valid_duration(push.keep);
        let mut request = builder.build(push.body.as_bytes()).ok()?.map(|body| Full::new(Bytes::from(body)));
        let now = self.clock.now().micros() / 1_000_000;
        let authorization = self.key.authorization(&endpoint.origin().ascii_serialization(), now);
        let headers = request.headers_mut();
        headers.insert("authorization", HeaderValue::from_str(&authorization).ok()?);
        headers.insert("urgency", HeaderValue::from_static(if push.urgent { "high" } else { "normal" }));
        if let Some(topic) = &push.topic {
            headers.insert("topic", HeaderValue::from_str(topic).ok()?);
        }
        Some(request)
    }
}

#[async_trait]
impl Pusher for WebPush {
    fn public_key(&self) -> String {
        self.key.public()
    }

    fn accepts(&self, endpoint: &str) -> Result<(), String> {
        let of = Url::parse(endpoint).ok().and_then(|url| self.services.service_of(&url));
        of.map(drop).ok_or_else(|| {
            "PMS sends nothing to this address, because it belongs to no push service that it knows. \
             An operator can add one with PMS_PUSH_SERVICES."
                .into()
        })
    }

    async fn send(&self, push: &Push) -> Answer {
        let endpoint = Url::parse(&push.to.endpoint).ok();
        let Some((endpoint, service)) =
            endpoint.and_then(|url| self.services.service_of(&url).map(|service| (url, service)))
        else {
            return Answer::refused("The push service is none that PMS sends to.");
        };
        let Some(request) = self.request(push, &endpoint) else {
            return Answer::refused("The browser’s push keys are of no use.");
        };
        let client = match service {
            Service::Known => &self.known,
            Service::Named => &self.named,
        };
        match client.call(request, self.clock.now()).await {
            Ok(reply) => judge(reply.status, reply.retry_after),
            Err(Failure::Forbidden) => {
                Answer::refused("The push service’s name stands for no public address.")
            }
            Err(Failure::Unreachable) => Answer::later("The push service could not be reached."),
        }
    }
}

fn judge(status: StatusCode, retry_after: Option<std::time::Duration>) -> Answer {
    let number = status.as_u16();
    match number {
        200..300 => Answer::Taken,
        404 | 410 => Answer::Gone,
        413 => Answer::refused("The message is larger than the push service takes."),
        401 | 403 => Answer::refused(format!(
            "The push service does not take this server’s key ({number}). Arm the browser again."
        )),
        408 | 429 | 500.. => {
            Answer::Later { after: retry_after, why: format!("The push service answered {number}.") }
        }
        _ => Answer::refused(format!("The push service answered {number}.")),
    }
}

fn public_key(address: &PushAddress) -> Option<PublicKey> {
    PublicKey::from_sec1_bytes(&decoded(&address.p256dh)?).ok()
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::signature::Verifier as _;

    #[test]
    fn a_push_service_can_tell_who_sends() {
        let key = Vapid::new([7; 32], "mailto:pms@example.org".into());
        let header = key.authorization("https://push.example.org", 1_000);
        let token = header.strip_prefix("vapid t=").unwrap();
        let (token, public) = token.split_once(", k=").unwrap();
        assert_eq!(public, key.public());
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = Signature::from_slice(&decoded(signature).unwrap()).unwrap();
        key.key.verifying_key().verify(signed.as_bytes(), &signature).unwrap();
        let claims = decoded(signed.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(
            claims,
            json!({ "aud": "https://push.example.org", "exp": 44_200, "sub": "mailto:pms@example.org" })
        );
    }

    #[test]
    fn bytes_that_are_no_key_lead_to_the_same_one_each_time() {
        let all = Vapid::new([255; 32], String::new());
        assert_eq!(all.public(), Vapid::new([255; 32], String::new()).public());
        assert_eq!(decoded(&all.public()).unwrap().len(), 65);
    }
}
