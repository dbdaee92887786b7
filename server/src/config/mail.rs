//! The mail server, and whom mails are from.

use super::Trouble;
use std::{fmt, str::FromStr};
use url::{Host, Url};

/// How mails leave.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The mail server.
    pub smtp: SmtpUrl,
    /// Whom mails are from: `PMS <pms@example.org>` or just the address.
    pub from: String,
}

impl Mail {
    /// Both or neither has to be said. The server comes as text: whoever reads flags or files repeats what is wrong there,
    /// and it may hold a password.
    ///
    /// # Errors
    /// With a sentence that names what is missing or wrong.
    pub fn of(smtp: Option<String>, from: Option<String>) -> Result<Option<Self>, Trouble> {
        match (smtp, from) {
            (None, None) => Ok(None),
            (Some(smtp), Some(from)) => {
                from.parse::<lettre::message::Mailbox>().map_err(|_| {
                    Trouble(format!("“{from}” in PMS_MAIL_FROM is not an address such as pms@example.org."))
                })?;
                let smtp = smtp
                    .parse()
                    .map_err(|why| Trouble(format!("PMS_SMTP_URL is no mail server’s address: {why}.")))?;
                Ok(Some(Self { smtp, from }))
            }
            (Some(_), None) => {
                Err(Trouble::new("PMS_SMTP_URL is set. Say with PMS_MAIL_FROM whom mails are from, too."))
            }
            (None, Some(_)) => {
                Err(Trouble::new("PMS_MAIL_FROM is set. Name the mail server with PMS_SMTP_URL, too."))
            }
        }
    }
}

/// The address of a mail server: `smtps://user:password@host` speaks TLS from the start, `smtp://…` changes to it before
/// anything is said that matters (STARTTLS) and sends nothing otherwise. Only to this machine, or with `?tls=none`, it goes
/// without.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// As the mail library reads it.
    pub fn for_library(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = Url::parse(&self.0).ok().and_then(|url| url.host_str().map(String::from));
        write!(f, "SmtpUrl({})", host.unwrap_or_default())
    }
}

impl FromStr for SmtpUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The text itself may hold a password, so it is not repeated.
        let wrong = || String::from("a mail server is written as smtps://user:password@mail.example.org");
        let mut url = Url::parse(text.trim()).map_err(|_| wrong())?;
        let Some(host) = url.host_str().map(str::to_owned) else { return Err(wrong()) };
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let required = match (url.scheme(), tls.as_deref()) {
            ("smtps", None) | ("smtp", Some("none")) => false,
            ("smtp", Some("required")) => true,
            ("smtp", None) => !is_this_machine(&host),
            ("smtp", Some(_)) => return Err("after ?tls= stands required or none".into()),
            _ => return Err(wrong()),
        };
        url.set_query(required.then_some("tls=required"));
        Ok(Self(url.into()))
    }
}

fn is_this_machine(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Ipv6(address)) => address.is_loopback(),
        Ok(Host::Domain(name)) => name == "localhost",
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<SmtpUrl>().unwrap().for_library().to_owned()
    }

    #[test]
    fn a_mail_server_elsewhere_is_spoken_to_in_secret_only() {
        assert_eq!(read("smtp://u:p@mail.example.org"), "smtp://u:p@mail.example.org?tls=required");
        assert_eq!(read("smtp://u:p@mail.example.org:2525"), "smtp://u:p@mail.example.org:2525?tls=required");
        assert_eq!(read("smtps://mail.example.org"), "smtps://mail.example.org");
        assert_eq!(read("smtp://relay.example.org:25?tls=none"), "smtp://relay.example.org:25");
        assert_eq!(read("smtp://127.0.0.1:2525"), "smtp://127.0.0.1:2525");
        assert_eq!(read("smtp://localhost?tls=required"), "smtp://localhost?tls=required");
    }

    #[test]
    fn a_password_is_not_told() {
        let url: SmtpUrl = "smtps://user:swordfish@mail.example.org".parse().unwrap();
        assert_eq!(format!("{url:?}"), "SmtpUrl(mail.example.org)");
        let wrong = "user:swordfish@mail.example.org".parse::<SmtpUrl>().unwrap_err();
        assert!(!wrong.contains("swordfish"), "{wrong}");
        assert!("smtp://mail.example.org?tls=maybe".parse::<SmtpUrl>().is_err());
        assert!("https://mail.example.org".parse::<SmtpUrl>().is_err());
    }

    #[test]
    fn a_mail_server_needs_a_sender() {
        let smtp = || Some("smtps://mail.example.org".to_owned());
        assert!(Mail::of(None, None).unwrap().is_none());
        assert!(Mail::of(smtp(), None).is_err());
        assert!(Mail::of(None, Some("pms@example.org".into())).is_err());
        assert!(Mail::of(smtp(), Some("nobody".into())).is_err());
        let wrong = Mail::of(Some("user:swordfish@mail".into()), Some("pms@example.org".into())).unwrap_err();
        assert!(!wrong.0.contains("swordfish"), "{wrong}");
        assert!(Mail::of(smtp(), Some("PMS <pms@example.org>".into())).unwrap().is_some());
    }
}
