//! Traces and errors, as those get them who operators send them to.

use crate::support::{
    PASSWORD, Program, Running, data, database,
    inbox::{Inbox, attribute, spans, traced},
};
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind, status::StatusCode};
use std::time::{Duration, Instant};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// Runs the story on each engine: a server that Ada administrates, with these settings, and the name of its engine.
fn on_both(settings: &[(&'static str, String)], story: impl Fn(Running, &str, (&str, &str))) {
    for engine in ["sqlite", "mysql"] {
        let data = data();
        let url = match engine {
            "mysql" => database::empty_mysql(),
            _ => format!("sqlite:{}", data.path().join("pms.db").display()),
        };
        let pms = || Program::new(data.path()).database(&url);
        pms().run(&["migrate", "up"]).succeeds("Applied 0001 people.");
        pms().add("ada", "Administrator");
        let set = settings.iter().fold(pms(), |pms, (name, value)| pms.env(name, value));
        let mut server = set.serve();
        server.line();
        let token = server.sign_in("ada", PASSWORD);
        story(server, &token, (engine, &url));
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let line = answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name}: {answer}"))
}

/// The span of the request with this id.
fn request(all: &[Span], id: &str) -> Option<Span> {
    let is_it = |span: &&Span| attribute(&span.attributes, "pms.request.id").as_deref() == Some(id);
    all.iter().find(is_it).cloned()
}

#[test]
fn a_request_is_traced_with_what_it_asked_of_the_database_and_without_what_people_say() {
    let inbox = Inbox::open();
    let settings = [
        ("PMS_OTLP_ENDPOINT", inbox.url()),
        ("PMS_OTLP_HEADERS", "x-key=mackerel".to_owned()),
        ("PMS_ENVIRONMENT", "trial".to_owned()),
    ];
    on_both(&settings, |server, token, (engine, _)| {
        assert!(server.create_project(token, 1).is_some_and(|line| line.contains("201")));
        let (bearer, parent) = (format!("Bearer {token}"), format!("00-{TRACE}-{CALLER}-00"));
        let headers = [
            ("authorization", bearer.as_str()),
            ("traceparent", parent.as_str()),
            ("baggage", "note=herring"),
            ("user-agent", "haddock"),
        ];
        let answer = server.get_with("/api/v1/tasks?search=turbot", &headers);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        let id = header(&answer, "x-request-id").to_owned();
        // At the end the last are sent, too.
        server.stop();
        let all = inbox.find("its span", |letters| {
            let all = spans(letters);
            request(&all, &id).map(|_| all)
        });
        let span = request(&all, &id).expect("found before");
        let of = |key| attribute(&span.attributes, key).unwrap_or_default();
        assert_eq!((span.name.as_str(), span.kind()), ("GET /api/v1/tasks", SpanKind::Server));
        assert_eq!((of("http.route"), of("url.path")), ("/api/v1/tasks".into(), "/api/v1/tasks".into()));
        assert_eq!((of("http.response.status_code"), of("user.id").len()), ("200".into(), 36));
        assert_eq!((hex(&span.trace_id), hex(&span.parent_span_id)), (TRACE.into(), CALLER.into()));
        let below: Vec<_> = all.iter().filter(|child| child.parent_span_id == span.span_id).collect();
        let statements: Vec<_> =
            below.iter().filter_map(|child| attribute(&child.attributes, "db.query.text")).collect();
        assert!(statements.iter().any(|text| text.contains("FROM task")), "{statements:?}");
        assert!(below.iter().all(|child| {
            attribute(&child.attributes, "db.system.name").as_deref() == Some(engine)
                && child.trace_id == span.trace_id
                && child.kind() == SpanKind::Client
        }));
        // Who signs in says their password, and gets a token.
        assert!(all.iter().any(|span| span.name == "POST /api/auth/signin"));
        for secret in [PASSWORD, token, "herring", "haddock", "turbot", "ada@example.org", "words words"] {
            assert!(!inbox.has_heard(secret), "{secret}");
        }
        assert!(inbox.has_heard("mackerel"), "the header for whom it goes to");
    });
}

#[test]
fn a_round_of_a_job_is_traced_where_it_did_something_and_statements_of_nobody_are_not() {
    let inbox = Inbox::open();
    on_both(&[("PMS_OTLP_ENDPOINT", inbox.url())], |server, token, _| {
        assert!(server.create_project(token, 1).is_some_and(|line| line.contains("201")));
        let is_round = |span: &&Span| attribute(&span.attributes, "pms.job.done").is_some();
        inbox.find("a round", |letters| spans(letters).iter().find(is_round).cloned());
        server.stop();
        let all = inbox.find("all", |letters| Some(spans(letters)));
        let rounds: Vec<_> = all.iter().filter(is_round).collect();
        assert!(
            rounds.iter().all(|span| attribute(&span.attributes, "pms.job.done").as_deref() != Some("0"))
        );
        assert!(rounds.iter().any(|round| all.iter().any(|span| span.parent_span_id == round.span_id)));
        let roots = all.iter().filter(|span| span.parent_span_id.is_empty());
        assert!(roots.clone().all(|span| span.kind() != SpanKind::Client));
        let of_resource = inbox.find("a resource", |letters| traced(letters).pop()).resource.expect("one");
        let of = |key| attribute(&of_resource.attributes, key).unwrap_or_default();
        assert_eq!(
            (of("service.name"), of("service.version")),
            ("pms".into(), env!("CARGO_PKG_VERSION").into())
        );
        assert_eq!(
            (of("service.instance.id").len(), of("deployment.environment.name")),
            (36, "production".into())
        );
    });
}

#[test]
fn whether_a_request_is_sent_is_the_operators_choice_and_not_its_callers() {
    let (data, inbox) = (data(), Inbox::open());
    Program::new(data.path()).add("ada", "Administrator");
    let pms = |ratio: &str| {
        Program::new(data.path()).env("PMS_OTLP_ENDPOINT", &inbox.url()).env("PMS_OTLP_RATIO", ratio)
    };
    let ask = |ratio: &str| {
        let mut server = pms(ratio).serve();
        server.line();
        let answer =
            server.get_with("/api/health/live", &[("traceparent", &format!("00-{TRACE}-{CALLER}-01"))]);
        server.stop();
        header(&answer, "x-request-id").to_owned()
    };
    let (never, always) = (ask("0"), ask("1"));
    let all = inbox.find("the one that is traced", |letters| {
        let all = spans(letters);
        request(&all, &always).map(|_| all)
    });
    assert!(request(&all, &never).is_none());
    assert!(pms("2").run(&["config", "show"]).err.contains("a share is from 0 to 1"));
}

#[test]
fn while_both_are_away_a_server_answers_ends_in_time_and_says_so_once() {
    let (data, inbox) = (data(), Inbox::open());
    Program::new(data.path()).add("ada", "Administrator");
    let mut server = Program::new(data.path())
        .env("PMS_OTLP_ENDPOINT", &inbox.url())
        .env("PMS_SENTRY_DSN", &inbox.dsn())
        .env("PMS_LOG", "server=debug,info")
        .env("PMS_LOG_FORMAT", "json")
        .env("PMS_METRICS_LISTEN", "127.0.0.1:0")
        .serve();
    server.line();
    server.line();
    drop(inbox);
    let token = server.sign_in("ada", PASSWORD);
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(8) {
        assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 200"));
        std::thread::sleep(Duration::from_millis(100));
    }
    database::sql(data.path(), "ALTER TABLE label RENAME TO elsewhere");
    for _ in 0..3 {
        assert!(server.get_as("/api/v1/labels", &token).starts_with("HTTP/1.1 500"));
    }
    assert!(server.metric("pms_trace_spans_total{state=\"ended\"}") > 80);
    assert_eq!(server.metric("pms_trace_spans_total{state=\"sent\"}"), 0);
    assert_eq!(server.metric("pms_sentry_events_total{state=\"met\"}"), 3);
    assert!(server.get_as("/api/v1/projects", &token).starts_with("HTTP/1.1 200"));
    let begin = Instant::now();
    let log = server.stop_and_read_log();
    assert!(begin.elapsed() < Duration::from_secs(8), "{:?}", begin.elapsed());
    for said in ["the collector takes no traces", "Sentry takes no errors"] {
        assert_eq!(log.matches(said).count(), 1, "{said}: {log}");
    }
    let answered = log.lines().find(|line| line.contains("\"message\":\"answered\"")).expect("a line");
    assert!(answered.contains("\"trace_id\":\"") && answered.contains("\"name\":\"request\""), "{answered}");
    assert!(!log.contains("pms::traces") && !log.contains(PASSWORD), "{log}");
}

#[test]
fn an_error_is_told_with_its_request_and_without_what_people_say() {
    let inbox = Inbox::open();
    let settings = [("PMS_SENTRY_DSN", inbox.dsn()), ("PMS_OTLP_ENDPOINT", inbox.url())];
    on_both(&settings, |server, token, (_, url)| {
        database::sql_at(url, "ALTER TABLE label RENAME TO elsewhere");
        let bearer = format!("Bearer {token}");
        let headers =
            [("authorization", bearer.as_str()), ("user-agent", "haddock"), ("cookie", "a=herring")];
        let answer = server.get_with("/api/v1/labels?search=turbot", &headers);
        assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
        let id = header(&answer, "x-request-id").to_owned();
        let told = inbox.find("its error", |letters| {
            let sent = letters.iter().filter(|letter| letter.path == "/api/7/envelope/");
            let texts = sent.map(|letter| String::from_utf8_lossy(&letter.body).into_owned());
            texts.into_iter().find(|text| text.contains(&id))
        });
        let of_project = concat!("pms@", env!("CARGO_PKG_VERSION"));
        let person = "\"user\":{\"id\":\"";
        for part in ["database fault", "GET /api/v1/labels", "production", of_project, person, "error.rs:"] {
            assert!(told.contains(part), "{part}: {told}");
        }
        let span = inbox.find("its span", |letters| request(&spans(letters), &id));
        assert_eq!(span.status.map(|status| status.code()), Some(StatusCode::Error));
        let failed = inbox.find("its statement", |letters| {
            spans(letters).into_iter().find(|child| attribute(&child.attributes, "error.type").is_some())
        });
        assert_eq!(attribute(&failed.attributes, "error.type").as_deref(), Some("driver"));
        server.stop();
        for secret in [PASSWORD, token, "herring", "haddock", "turbot", "ada@example.org", "elsewhere"] {
            assert!(!inbox.has_heard(secret), "{secret}");
        }
    });
}
