//! Push services that may be sent to. Browsers name theirs, so without this list anybody could have PMS call any address.

use std::str::FromStr;
use url::Url;

/// The services of the browsers: `*.` stands for any name below.
const KNOWN: [&str; 4] =
    ["fcm.googleapis.com", "updates.push.services.mozilla.com", "*.push.apple.com", "*.notify.windows.com"];

/// More push services than those of the usual browsers, as origins: `https://push.example.org`. One of them may also
/// be `http://127.0.0.1:9000`: what the operator names is not asked for its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct PushServices(Vec<String>);

/// What kind of service an address belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Service {
    /// One that everybody knows.
    Known,
    /// One that the operator named.
    Named,
}

impl PushServices {
    /// Whose address `endpoint` is; `None` if messages may not go there.
    pub fn service_of(&self, endpoint: &Url) -> Option<Service> {
        if !endpoint.username().is_empty() || endpoint.password().is_some() {
            return None;
        }
        if self.0.contains(&endpoint.origin().ascii_serialization()) {
            return Some(Service::Named);
        }
        let host = endpoint.host_str()?;
        let usual = endpoint.scheme() == "https" && endpoint.port().is_none();
        (usual && KNOWN.iter().any(|known| is_of(host, known))).then_some(Service::Known)
    }
}

fn is_of(host: &str, known: &str) -> bool {
    match known.strip_prefix('*') {
        Some(below) => host.len() > below.len() && host.ends_with(below),
        None => host == known,
    }
}

impl FromStr for PushServices {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(origin).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<Vec<String>> for PushServices {
    type Error = String;

    fn try_from(parts: Vec<String>) -> Result<Self, Self::Error> {
        parts.iter().map(|part| origin(part)).collect::<Result<_, _>>().map(Self)
    }
}

fn origin(text: &str) -> Result<String, String> {
    let url =
        Url::parse(text).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.path() == "/");
    url.map(|url| url.origin().ascii_serialization()).ok_or_else(|| {
        format!("“{text}” is not a push service such as https://push.example.org, without a path")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(services: &str, endpoint: &str) -> Option<Service> {
        services.parse::<PushServices>().unwrap().service_of(&Url::parse(endpoint).unwrap())
    }

    #[test]
    fn only_push_services_are_sent_to() {
        for known in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://updates.push.services.mozilla.com/wpush/v2/abc",
            "https://web.push.apple.com/abc",
            "https://wns2-am3p.notify.windows.com/w/?token=abc",
        ] {
            assert_eq!(of("", known), Some(Service::Known), "{known}");
        }
        for other in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/abc",
            "https://fcm.googleapis.com@evil.example.org/abc",
            "https://user@fcm.googleapis.com/abc",
            "https://fcm.googleapis.com.evil.example.org/abc",
            "https://evilpush.apple.com.example.org/abc",
            "https://.push.apple.com/abc",
            "https://push.apple.com/abc",
            "https://127.0.0.1/abc",
            "https://[::1]/abc",
        ] {
            assert_eq!(Url::parse(other).ok().and_then(|_| of("", other)), None, "{other}");
        }
    }

    #[test]
    fn an_operator_may_name_more() {
        let named = "https://push.example.org, http://127.0.0.1:9000";
        assert_eq!(of(named, "https://push.example.org/abc"), Some(Service::Named));
        assert_eq!(of(named, "http://127.0.0.1:9000/abc"), Some(Service::Named));
        assert_eq!(of(named, "http://127.0.0.1:9001/abc"), None);
        assert_eq!(of(named, "http://push.example.org/abc"), None);
        assert!("https://push.example.org/path".parse::<PushServices>().is_err());
        assert!("push.example.org".parse::<PushServices>().is_err());
    }
}
