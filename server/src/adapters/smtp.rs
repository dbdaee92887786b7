//! Mail by SMTP.

use crate::config::{Mail as Settings, Trouble};
use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::Error,
};
use services::ports::{
    answer::Answer,
    mailer::{Mail, Mailer},
};
use std::time::Duration;

/// How long connecting may take. There is no pool: a mail that is given up half-way takes its connection with it.
const CONNECTING: Duration = Duration::from_secs(10);
/// Answers that are about PMS and not about the mail: it may not in, or has to say who it is.
const NOT_LET_IN: [u16; 4] = [530, 534, 535, 538];

/// Hands mails to a mail server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// To this server. It is not called yet: that it is away now is no reason not to start.
    ///
    /// # Errors
    /// For settings that are none.
    pub fn new(settings: &Settings) -> Result<Self, Trouble> {
        let from = settings.from.parse().map_err(|_| Trouble::new("PMS_MAIL_FROM is no address."))?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp.for_library())
            // The library's words may repeat the address, which may hold a password.
            .map_err(|_| Trouble::new("PMS_SMTP_URL is no mail server that PMS can speak to."))?
            .timeout(Some(CONNECTING))
            .build();
        Ok(Self { transport, from })
    }

    /// Connects, says hello and signs in where it has to; sends nothing.
    ///
    /// # Errors
    /// With a sentence about why the server does not let PMS in.
    pub async fn greet(&self) -> Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("The mail server closes the connection.".into()),
            Err(error) => Err(match error.status().map(u16::from) {
                Some(code) if NOT_LET_IN.contains(&code) => not_let_in(code),
                Some(code) => format!("The mail server answered {code}."),
                None => unheard(&error).into(),
            }),
        }
    }

    fn letter(&self, mail: &Mail) -> Option<Message> {
        let address = mail.address.parse().ok()?;
        let name = Some(one_line(&mail.name)).filter(|name| !name.is_empty());
        let host = self.from.email.domain();
        let mut letter = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(name, address))
            .subject(one_line(&mail.subject))
            .message_id(Some(format!("<{}@{host}>", mail.id)))
            .header(ContentType::TEXT_PLAIN)
            // Nobody's absence note answers this.
            .raw_header(raw("Auto-Submitted", "auto-generated".into()));
        if let Some(thread) = mail.thread {
            letter = letter.references(format!("<{thread}@{host}>"));
        }
        if mail.urgent {
            letter =
                letter.raw_header(raw("Importance", "high".into())).raw_header(raw("X-Priority", "1".into()));
        }
        if let Some(link) = &mail.unsubscribe {
            letter = letter
                .raw_header(raw("List-Unsubscribe", format!("<{link}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()));
        }
        letter.body(mail.text.clone()).ok()
    }
}

/// People write what stands in a head: a line break in it would begin another header.
fn one_line(text: &str) -> String {
    text.split(char::is_control).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn raw(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Answer {
        let Some(letter) = self.letter(mail) else {
            return Answer::refused("The person’s address is none that mail can go to.");
        };
        match self.transport.send(letter).await {
            Ok(_) => Answer::Taken,
            Err(error) => judge(&error, mail),
        }
    }
}

fn judge(error: &Error, mail: &Mail) -> Answer {
    tracing::debug!(%error, "a mail was not taken");
    match error.status().map(u16::from) {
        Some(code) if NOT_LET_IN.contains(&code) => Answer::later(not_let_in(code)),
        Some(code) if error.is_permanent() => {
            Answer::refused(format!("The mail server refused the mail ({code})."))
        }
        Some(code) => Answer::later(format!("The mail server answered {code}.")),
        None if error.is_client() && !mail.address.is_ascii() => {
            Answer::refused("The mail server takes no address with letters such as é or ü.")
        }
        None => Answer::later(unheard(error)),
    }
}

fn not_let_in(code: u16) -> String {
    format!("The mail server does not let PMS send ({code}).")
}

/// Why there is no answer.
fn unheard(error: &Error) -> &'static str {
    match error {
        _ if error.is_tls() => "The mail server could not be spoken to in secret (TLS).",
        _ if error.is_timeout() => "The mail server did not answer in time.",
        _ => "The mail server could not be reached.",
    }
}
