//! Webhooks: a POST of JSON, signed, to a public address or to a network that the operator opened.

use super::web_client::{Failure, WebClient};
use async_trait::async_trait;
use axum::{
    body::Bytes,
    http::{Request, StatusCode, header},
};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::Full;
use services::ports::{
    answer::Answer,
    clock::Clock,
    hook::{Call, Hook},
};
use sha2::Sha256;
use std::{fmt::Write as _, sync::Arc, time::Duration};
use url::Url;

/// Calls webhooks.
pub struct Webhooks {
    /// By TLS.
    secure: WebClient,
    /// Without, to the operator's own networks alone; `None`: there are none.
    plain: Option<WebClient>,
    clock: Arc<dyn Clock>,
}

impl Webhooks {
    /// By these clients.
    pub fn new(secure: WebClient, plain: Option<WebClient>, clock: Arc<dyn Clock>) -> Self {
        Self { secure, plain, clock }
    }

    fn client_for(&self, url: &Url) -> Option<&WebClient> {
        let login = !url.username().is_empty() || url.password().is_some();
        match url.scheme() {
            _ if login => None,
            "https" => Some(&self.secure),
            "http" => self.plain.as_ref(),
            _ => None,
        }
    }
}

#[async_trait]
impl Hook for Webhooks {
    fn accepts(&self, url: &str) -> Result<(), String> {
        match Url::parse(url) {
            Ok(url) if self.client_for(&url).is_some() => Ok(()),
            _ if self.plain.is_some() => {
                Err("A webhook’s address begins with https:// (or http://, in a network of your own), and has no \
                     password in it."
                    .into())
            }
            _ => Err("A webhook’s address begins with https:// and has no password in it.".into()),
        }
    }

    async fn send(&self, call: &Call) -> Answer {
        let url = Url::parse(&call.url).ok();
        let Some((url, client)) = url.as_ref().and_then(|url| Some((url, self.client_for(url)?))) else {
            return Answer::refused("The webhook’s address is none that PMS calls.");
        };
        let Some(request) = request(call, url) else {
            return Answer::refused("The webhook’s address is none that PMS calls.");
        };
        match client.call(request, self.clock.now()).await {
            Ok(reply) => judge(reply.status, reply.retry_after),
            Err(Failure::Forbidden) => Answer::refused(
                "The webhook’s name stands for an address that PMS may not call. \
                 An operator can open the network with PMS_WEBHOOK_NETWORKS.",
            ),
            Err(Failure::Unreachable) => Answer::later("The webhook could not be reached."),
        }
    }
}

fn request(call: &Call, url: &Url) -> Option<Request<Full<Bytes>>> {
    Request::post(url.as_str())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, "PMS")
        .header("pms-delivery", call.id.to_string())
        .header("pms-timestamp", call.at.to_string())
        .header("pms-signature", format!("sha256={}", signature(&call.secret, call.at, &call.body)))
        .body(Full::new(Bytes::from(call.body.clone())))
        .ok()
}

/// HMAC-SHA-256 over `timestamp.body`, in hexadecimal digits.
fn signature(secret: &str, at: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length fits");
    mac.update(format!("{at}.").as_bytes());
    mac.update(body.as_bytes());
    mac.finalize().into_bytes().iter().fold(String::new(), |mut text, byte| {
        // Writing into a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn judge(status: StatusCode, retry_after: Option<Duration>) -> Answer {
    let number = status.as_u16();
    match number {
        200..300 => Answer::Taken,
        410 => Answer::Gone,
        408 | 425 | 429 | 500.. => {
            Answer::Later { after: retry_after, why: format!("The webhook answered {number}.") }
        }
        300..400 => Answer::refused(format!("The webhook answered {number}; PMS follows no redirects.")),
        _ => Answer::refused(format!("The webhook answered {number}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::signature;

    /// Made with `printf '1768651200.{}' | openssl dgst -sha256 -hmac whsec_example`.
    #[test]
    fn a_call_is_signed_as_the_documentation_says() {
        assert_eq!(
            signature("whsec_example", 1_768_651_200, "{}"),
            "3e835a6f795c0dd1ed85682c5cb4edb3eb7ca99f9767b7223214eee163ec27f7"
        );
    }
}
