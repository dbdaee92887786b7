use crate::{adapters::smtp::Smtp, config::Mail as Settings};
use services::ports::{
    answer::Answer,
    mailer::{Mail, Mailer as _},
};
use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// A mail server: it takes letters, or answers a command with something else.
struct MailServer {
    port: u16,
    letters: Arc<Mutex<Vec<String>>>,
}

impl MailServer {
    /// Answers `command` (its first word) like this, and everything else as usual.
    async fn start(refusal: Option<(&'static str, &'static str)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, refusal, Arc::clone(&kept)));
            }
        });
        Self { port, letters }
    }

    fn mailer(&self) -> Smtp {
        mailer_at(self.port)
    }

    fn letters(&self) -> Vec<String> {
        self.letters.lock().unwrap().clone()
    }
}

async fn talk(
    stream: TcpStream,
    refusal: Option<(&'static str, &'static str)>,
    letters: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 mail.example.org ESMTP\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let command = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match refusal {
            Some((refused, answer)) if refused == command => answer,
            _ => match command.as_str() {
                "EHLO" => "250-mail.example.org\r\n250 8BITMIME",
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            },
        };
        writer.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        if answer.starts_with("354") {
            let mut letter = String::new();
            while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                letter.push_str(&line);
                letter.push('\n');
            }
            letters.lock().unwrap().push(letter);
            writer.write_all(b"250 taken\r\n").await.ok()?;
        }
    }
    Some(())
}

fn mailer_at(port: u16) -> Smtp {
    let smtp = format!("smtp://127.0.0.1:{port}").parse().unwrap();
    Smtp::new(&Settings { smtp, from: "PMS <pms@example.org>".into() }).unwrap()
}

fn mail() -> Mail {
    Mail {
        id: uuid::Uuid::from_u128(7),
        name: "Ann Lee, \"Ops\"".into(),
        address: "ann@example.org".into(),
        subject: "WEB ist dringend: Störung".into(),
        text: "Grüße.\n\nOpen in PMS: https://pms.example.org/projects/WEB\n".into(),
        unsubscribe: Some("https://pms.example.org/unsubscribe?token=abc".into()),
        urgent: true,
        thread: Some(uuid::Uuid::from_u128(9)),
    }
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let server = MailServer::start(None).await;
    let mailer = server.mailer();
    assert_eq!(mailer.send(&mail()).await, Answer::Taken);
    assert_eq!(mailer.send(&Mail { unsubscribe: None, urgent: false, ..mail() }).await, Answer::Taken);
    let letters = server.letters();
    let [letter, other] = &letters[..] else { panic!("two letters: {letters:?}") };
    for line in [
        "From: PMS <pms@example.org>",
        "Message-ID: <00000000-0000-0000-0000-000000000007@example.org>",
        "References: <00000000-0000-0000-0000-000000000009@example.org>",
        "List-Unsubscribe: <https://pms.example.org/unsubscribe?token=abc>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Auto-Submitted: auto-generated",
        "Importance: high",
    ] {
        assert!(letter.lines().any(|found| found == line), "{line} in {letter}");
    }
    assert!(letter.contains("To: ") && letter.contains("<ann@example.org>"), "{letter}");
    assert!(letter.contains("Open in PMS: https://pms.example.org/projects/WEB"), "{letter}");
    assert!(!other.contains("List-Unsubscribe") && !other.contains("Importance"), "{other}");
}

#[tokio::test]
async fn a_subject_is_one_header_whatever_is_in_it() {
    let server = MailServer::start(None).await;
    let subject = "Hello\r\nBcc: everybody@example.org\r\n\r\nBody".to_owned();
    let name = "Ann\r\nBcc: everybody@example.org".to_owned();
    server.mailer().send(&Mail { subject, name, ..mail() }).await;
    for letter in server.letters() {
        let head = letter.split("\n\n").next().unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{letter}");
    }
}

#[tokio::test]
async fn what_a_mail_server_says_decides_whether_it_is_tried_again() {
    for (refusal, again) in [
        (("RCPT", "550 no such mailbox"), false),
        (("RCPT", "451 come again later"), true),
        (("MAIL", "530 say who you are first"), true),
        (("DATA", "552 too large"), false),
    ] {
        let server = MailServer::start(Some(refusal)).await;
        let answer = server.mailer().send(&mail()).await;
        assert_eq!(matches!(answer, Answer::Later { .. }), again, "{refusal:?}: {answer:?}");
        assert_eq!(matches!(answer, Answer::Refused { .. }), !again, "{refusal:?}: {answer:?}");
        assert!(server.letters().is_empty());
    }
}

#[tokio::test]
async fn an_address_that_the_server_can_not_have_is_not_tried_again() {
    let server = MailServer::start(None).await;
    let answer = server.mailer().send(&Mail { address: "jörg@example.org".into(), ..mail() }).await;
    assert!(matches!(&answer, Answer::Refused { why } if why.contains("letters")), "{answer:?}");
}

#[tokio::test]
async fn a_mail_server_that_is_away_is_tried_again() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let answer = mailer_at(port).send(&mail()).await;
    assert_eq!(answer, Answer::later("The mail server could not be reached."));
    let nobody = Mail { address: "nobody".into(), ..mail() };
    assert!(matches!(mailer_at(port).send(&nobody).await, Answer::Refused { .. }));
}

#[tokio::test]
async fn a_server_without_tls_gets_nothing_where_tls_is_asked_for() {
    let server = MailServer::start(None).await;
    let smtp = format!("smtp://ann:secret@127.0.0.1:{}?tls=required", server.port).parse().unwrap();
    let mailer = Smtp::new(&Settings { smtp, from: "pms@example.org".into() }).unwrap();
    assert!(matches!(mailer.send(&mail()).await, Answer::Later { .. }));
    assert!(server.letters().is_empty());
}
