//! What is secret is in no log, however much is logged.

use crate::support::{
    PASSWORD, Post, Program, Running, backup_key, data, database, eventually, inbox::Inbox, json, on_both,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    path::Path,
};
use testkit::{
    Redis,
    s3::{KEY_ID, S3, SECRET as OF_S3},
};

const OF_DATABASE: &str = "cod-in-the-deep-9";
const OF_REDIS: &str = "trout-in-the-brook-8";
const OF_REDIS_LATER: &str = "trout-in-the-lake-7";
const OF_MAIL: &str = "flounder-in-the-sand-6";
const OF_COLLECTOR: &str = "mackerel-in-the-bay-5";
const OF_COOKIES: &str = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo";
const OF_HOOK: &str = "herring-in-the-net-4";
const OF_BROWSER: &str = "plaice-on-the-plate-3";
const MISTYPED: &str = "salmon-in-the-fall-2";
const NEW: &str = "sprat-in-the-shoal-1";

/// What a server speaks to.
struct Sides {
    redis: Redis,
    post: Post,
    inbox: Inbox,
    storage: S3,
    key: String,
    recipient: String,
}

impl Sides {
    fn of(folder: &Path) -> Self {
        let (key, recipient) = backup_key(folder, "key");
        let sides = Self {
            redis: Redis::start(),
            post: Post::open(),
            inbox: Inbox::open(),
            storage: S3::start("saved"),
            key,
            recipient,
        };
        sides.tell_redis(&[&format!("CONFIG SET requirepass {OF_REDIS}")]);
        sides
    }

    /// All settings that have secrets, and as much in the log as there can be.
    fn settings(&self, pms: Program) -> Program {
        pms.env("PMS_LOG", "trace")
            .env("PMS_SECRET", OF_COOKIES)
            .env("PMS_REDIS_URL", &format!("redis://:{OF_REDIS}@{}", self.redis.address()))
            .env("PMS_SMTP_URL", &format!("smtp://pms:{OF_MAIL}@{}", self.post.address()))
            .env("PMS_MAIL_FROM", "pms@example.org")
            .env("PMS_OTLP_ENDPOINT", &self.inbox.url())
            .env("PMS_OTLP_HEADERS", &format!("x-key={OF_COLLECTOR}"))
            .env("PMS_SENTRY_DSN", &self.inbox.dsn())
            .env("PMS_PUSH_SERVICES", &self.inbox.url())
            .env("PMS_WEBHOOK_NETWORKS", "127.0.0.0/8")
            .env("PMS_BACKUP_RECIPIENTS", &self.recipient)
            .env("PMS_BACKUP_S3", "s3://saved/pms")
            .env("PMS_BACKUP_S3_ENDPOINT", &self.storage.endpoint())
            .env("PMS_BACKUP_S3_KEY_ID", KEY_ID)
            .env("PMS_BACKUP_S3_SECRET", OF_S3)
    }

    fn tell_redis(&self, commands: &[&str]) {
        let mut stream = TcpStream::connect(self.redis.address()).expect("it listens");
        let mut answers = BufReader::new(stream.try_clone().expect("a socket")).lines();
        for command in commands {
            stream.write_all(format!("{command}\r\n").as_bytes()).expect("it reads");
            let answer = answers.next().expect("an answer").expect("UTF-8");
            assert!(!answer.starts_with('-'), "{command}: {answer}");
        }
    }
}

/// The same database, by an account with a password where there are such.
fn with_password(url: &str) -> String {
    let Some((_, place)) = url.strip_prefix("mysql://").and_then(|rest| rest.split_once('@')) else {
        return url.to_owned();
    };
    let name = place.rsplit('/').next().expect("a database");
    for text in [
        format!("CREATE USER '{name}'@'%' IDENTIFIED BY '{OF_DATABASE}'"),
        format!("GRANT ALL ON `{name}`.* TO '{name}'@'%'"),
    ] {
        database::sql_at(url, text.leak());
    }
    format!("mysql://{name}:{OF_DATABASE}@{place}")
}

#[test]
fn what_is_secret_is_in_no_log_however_much_is_logged() {
    on_both(|pms, url| {
        let folder = data();
        let sides = Sides::of(folder.path());
        pms().add("ben", "Member");
        let url = with_password(url);
        let pms = || sides.settings(pms()).database(&url);
        let mut server = pms().serve();
        server.line();
        let told = work(&server, &sides);
        let mut logs = vec![server.stop_and_read_log()];
        assert!(logs[0].contains("TRACE"), "as much as there is");
        let commands: [&[&str]; 5] = [
            &["config", "show"],
            &["doctor"],
            &["backup", "create"],
            &["backup", "verify", "--key", &sides.key],
            &["user", "list"],
        ];
        for command in commands {
            let ended = pms().run(command);
            logs.extend([ended.out, ended.err]);
        }
        let mistyped = pms().database(&url.replace(OF_DATABASE, MISTYPED)).run(&["migrate", "status"]);
        logs.extend([mistyped.out, mistyped.err]);
        let key = fs::read_to_string(&sides.key).expect("a key");
        let of_key = key.lines().filter(|line| !line.starts_with('#')).map(str::to_owned);
        for secret in told.into_iter().chain(of_key) {
            let line = logs.iter().flat_map(|log| log.lines()).find(|line| line.contains(&secret));
            assert_eq!(line, None, "{secret}");
        }
    });
}

/// Does all that has to do with something secret; gives what is.
fn work(server: &Running, sides: &Sides) -> Vec<String> {
    let (ada, ben) = (server.sign_in("ada", PASSWORD), server.sign_in("ben", PASSWORD));
    let cookie = sign_in_by_page(server);
    let page = server.get_with("/projects/K1", &[("cookie", &format!("pms_session={cookie}"))]);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    let wrong = server.post_form("/fn/session/sign-in", &format!("username=ada&password={MISTYPED}"));
    assert!(wrong.starts_with("HTTP/1.1 4"), "{wrong}");
    let made = server.post_as("/api/v1/tokens", &ada, r#"{"name":"gulls","days":7}"#);
    let token = json(&made)["secret"].as_str().expect("a secret").to_owned();
    assert!(server.get_as("/api/v1/projects/K1", &token).starts_with("HTTP/1.1 200"));
    let of_hook = ring(server, sides, (&ada, &ben));
    let links = follow_links(server, sides, (&ada, &ben));
    let person = server.own_id(&ben);
    let new = format!(r#"{{"password":"{NEW}"}}"#);
    let reset = server.send_as(&format!("PUT /api/v1/users/{person}/password"), &ada, &new);
    assert!(reset.starts_with("HTTP/1.1 204"), "{reset}");
    server.sign_in("ben", NEW);
    lose_redis(server, sides);
    let constant: [&str; 15] = [
        PASSWORD,
        &PASSWORD.replace(' ', "+"),
        MISTYPED,
        NEW,
        OF_DATABASE,
        OF_REDIS,
        OF_REDIS_LATER,
        OF_MAIL,
        &of_mail(),
        OF_COLLECTOR,
        "swordfish",
        OF_COOKIES,
        OF_HOOK,
        OF_BROWSER,
        OF_S3,
    ];
    constant.map(str::to_owned).into_iter().chain([ada, ben, cookie, token, of_hook]).chain(links).collect()
}

/// As it is sent.
fn of_mail() -> String {
    STANDARD.encode(format!("\0pms\0{OF_MAIL}"))
}

/// Gives the cookie's value.
fn sign_in_by_page(server: &Running) -> String {
    let form = format!("username=ada&password={}", PASSWORD.replace(' ', "+"));
    let answer = server.post_form("/fn/session/sign-in", &form);
    let (_, rest) = answer.split_once("pms_session=").unwrap_or_else(|| panic!("no cookie: {answer}"));
    rest.split(';').next().expect("a value").to_owned()
}

/// The project calls a webhook, writes to Ben and pushes to his browser; gives what its calls are signed with.
fn ring(server: &Running, sides: &Sides, (ada, ben): (&str, &str)) -> String {
    let hook = format!("{}/hook/{OF_HOOK}", sides.inbox.url());
    let policy = format!(
        r#"{{"version":0,"policy":{{"repeats":[{{"every_seconds":900}}],"steps":[
            {{"after_seconds":0,"who":{{"kind":"members"}},"ways":["push","email"]}},
            {{"after_seconds":0,"who":{{"kind":"webhook","url":"{hook}"}}}}]}}}}"#
    );
    let set = server.send_as("PUT /api/v1/projects/K1/urgent/policy", ada, &policy);
    let secret = json(&set)["webhooks"][0]["secret"].as_str().unwrap_or_else(|| panic!("{set}")).to_owned();
    server.let_in(ben, "K1", ada);
    let browser = format!(
        r#"{{"name":"Wheelhouse","sound":"armed","permission":"granted","push":{{"endpoint":"{}/{OF_BROWSER}",
            "p256dh":"BLn9b-VR0ca83knDNZ32dCHGyjJp-1riX9ZTN40MqV8K_LpQmLqxC_DoHvqvFXO_nGdAB4W9dogZb_sM-uV4JbY",
            "auth":"_ordMnz7uTCmrpBTeUV4Bw"}}}}"#,
        sides.inbox.url()
    );
    let device = "PUT /api/v1/me/devices/0198c0de-0000-7000-8000-000000000001";
    let reported = server.send_as(device, ben, &browser);
    assert!(reported.starts_with("HTTP/1.1 200"), "{reported}");
    let raised = server.post_as("/api/v1/projects/K1/urgent", ada, r#"{"reason":"Storm"}"#);
    assert!(raised.starts_with("HTTP/1.1 201"), "{raised}");
    for path in [format!("/hook/{OF_HOOK}"), format!("/{OF_BROWSER}")] {
        sides.inbox.find(&path, |letters| letters.iter().any(|letter| letter.path == path).then_some(()));
    }
    secret
}

/// Ben acknowledges by the link of an e-mail and ends others by that of another; gives both tokens. A mail that is not taken
/// in between is tried again.
fn follow_links(server: &Running, sides: &Sides, (ada, ben): (&str, &str)) -> [String; 2] {
    let acknowledge = token_of(sides, "/acknowledge?token=");
    assert!(sides.post.heard().contains(&of_mail()), "the mail server was told the password");
    assert!(server.get(&format!("/acknowledge?token={acknowledge}")).starts_with("HTTP/1.1 200"));
    let linked = server.post_form("/fn/urgent/acknowledge-linked", &format!("token={acknowledge}"));
    assert!(linked.starts_with("HTTP/1.1 200"), "{linked}");
    let ben = server.own_id(ben);
    let assign = |title: &str| {
        let task = format!(r#"{{"title":"{title}","assignees":["{ben}"]}}"#);
        let made = server.post_as("/api/v1/projects/K1/tasks", ada, &task);
        assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    };
    assign("Haul");
    let unsubscribe = token_of(sides, "/unsubscribe?token=");
    sides.post.shut();
    let tries = || sides.post.heard().matches(&of_mail()).count();
    let before = tries();
    assign("Belay");
    eventually("a mail is not taken", || tries() > before);
    let path = format!("/unsubscribe?token={unsubscribe}");
    assert!(server.get(&path).starts_with("HTTP/1.1 200"));
    let ended = server.post_form(&path, "");
    assert!(ended.starts_with("HTTP/1.1 200"), "{ended}");
    [acknowledge, unsubscribe]
}

/// Of a link in a letter.
fn token_of(sides: &Sides, link: &str) -> String {
    // Letters with more than ASCII are quoted-printable.
    let read = || sides.post.heard().replace("=\n", "").replace("=3D", "=");
    eventually(link, || read().contains(link));
    let letters = read();
    let (_, rest) = letters.split_once(link).expect("found before");
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    rest.chars().take_while(|c| is_of_token(*c)).collect()
}

/// Redis gets another password, which the server does not know.
fn lose_redis(server: &Running, sides: &Sides) {
    let well = || server.get("/api/health").contains(r#""redis":{"status":"ok"}"#);
    eventually("Redis is there", well);
    sides.tell_redis(&[
        &format!("AUTH {OF_REDIS}"),
        &format!("CONFIG SET requirepass {OF_REDIS_LATER}"),
        "CLIENT KILL TYPE pubsub",
        "CLIENT KILL TYPE normal SKIPME yes",
    ]);
    eventually("it is not let in", || !well());
}
