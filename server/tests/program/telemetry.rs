//! Traces and errors, as those get them who operators send them to.

use crate::support::{
    PASSWORD, Program, Running, data, database, id,
    inbox::{Inbox, Letter, attribute, spans, traced},
};
use opentelemetry_proto::tonic::trace::v1::{Span, span::SpanKind, status::StatusCode};
use std::time::{Duration, Instant};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

/// A server that Ada administrates, who has this token.
struct Story<'s> {
    server: Running,
    token: &'s str,
    engine: &'s str,
    url: &'s str,
}

/// Runs the story on each engine, with an inbox of its own and these settings, which name it.
fn on_both(settings: impl Fn(&Inbox) -> Vec<(&'static str, String)>, story: impl Fn(Story<'_>, &Inbox)) {
    for engine in ["sqlite", "mysql"] {
        let (data, inbox) = (data(), Inbox::open());
        let url = match engine {
            "mysql" => database::empty_mysql(),
            _ => format!("sqlite:{}", data.path().join("pms.db").display()),
        };
        let pms = || Program::new(data.path()).database(&url);
        pms().run(&["migrate", "up"]).succeeds("Applied 0001 people.");
        pms().add("ada", "Administrator");
        let set = settings(&inbox).iter().fold(pms(), |pms, (name, value)| pms.env(name, value));
        let mut server = set.serve();
        server.line();
        let token = server.sign_in("ada", PASSWORD);
        story(Story { server, token: &token, engine, url: &url }, &inbox);
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn header<'a>(answer: &'a str, name: &str) -> &'a str {
    let line = answer.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name}: {answer}"))
}

/// The texts of the statements below a span.
fn statements(all: &[Span], of: &Span) -> Vec<String> {
    let below =
        all.iter().filter(|child| child.trace_id == of.trace_id && child.parent_span_id == of.span_id);
    below.filter_map(|child| attribute(&child.attributes, "db.query.text")).collect()
}

/// What Sentry was told of the request with this id.
fn told(letters: &[Letter], id: &str) -> Vec<String> {
    let sent = letters.iter().filter(|letter| letter.path == "/api/7/envelope/");
    let texts = sent.map(|letter| String::from_utf8_lossy(&letter.body).into_owned());
    texts.filter(|text| text.contains(id)).collect()
}

/// The span of the request with this id.
fn request(all: &[Span], id: &str) -> Option<Span> {
    let is_it = |span: &&Span| attribute(&span.attributes, "pms.request.id").as_deref() == Some(id);
    all.iter().find(is_it).cloned()
}

#[test]
fn a_request_is_traced_with_what_it_asked_of_the_database_and_without_what_people_say() {
    let settings = |inbox: &Inbox| {
        vec![
            ("PMS_OTLP_ENDPOINT", inbox.url()),
            ("PMS_OTLP_HEADERS", "x-key=mackerel".to_owned()),
            // What is not a setting of PMS is not meant for it.
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-key=sprat,x-other=pilchard".to_owned()),
            ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip".to_owned()),
            ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1".to_owned()),
            ("PMS_ENVIRONMENT", "trial".to_owned()),
        ]
    };
    on_both(settings, |Story { server, token, engine, .. }, inbox| {
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
        // Pasted in the wrong place.
        assert!(server.get_as("/grayling", token).starts_with("HTTP/1.1 404"));
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
        let statements = statements(&all, &span);
        assert!(statements.iter().any(|text| text.contains("FROM task")), "{statements:?}");
        assert!(below.iter().all(|child| {
            attribute(&child.attributes, "db.system.name").as_deref() == Some(engine)
                && child.trace_id == span.trace_id
                && child.kind() == SpanKind::Client
        }));
        // Who signs in says their password, and gets a token.
        assert!(all.iter().any(|span| span.name == "POST /api/auth/signin"));
        let of_others = ["sprat", "pilchard", "grayling"];
        let secrets = [PASSWORD, token, "herring", "haddock", "turbot", "ada@example.org", "words words"];
        for secret in secrets.into_iter().chain(of_others) {
            assert!(!inbox.has_heard(secret), "{secret}");
        }
        assert!(inbox.has_heard("mackerel"), "the header for whom it goes to");
    });
}

#[test]
fn what_a_page_loads_beside_its_request_is_traced_and_told_as_its() {
    let settings = |inbox: &Inbox| vec![("PMS_OTLP_ENDPOINT", inbox.url()), ("PMS_SENTRY_DSN", inbox.dsn())];
    on_both(settings, |Story { server, token, url, .. }, inbox| {
        assert!(server.create_project(token, 1).is_some_and(|line| line.contains("201")));
        let page = server.get_as("/projects/K1", token);
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        database::sql_at(url, "ALTER TABLE task RENAME TO elsewhere");
        let broken = server.get_as("/projects/K1", token);
        let id = header(&broken, "x-request-id").to_owned();
        let told_of = inbox.find("its error", |letters| told(letters, &id).into_iter().next());
        assert!(told_of.contains("database fault") && told_of.contains("GET /projects/{"), "{told_of}");
        server.stop();
        inbox.find("the page", |letters| {
            let all = spans(letters);
            let span = request(&all, header(&page, "x-request-id"))?;
            statements(&all, &span).iter().any(|text| text.contains("FROM task")).then_some(())
        });
        let all = inbox.find("all", |letters| Some(told(letters, &id)));
        assert!(all.iter().all(|told| !told.contains("answered with")), "told twice: {all:?}");
    });
}

#[test]
fn a_write_with_a_key_goes_on_by_itself_and_is_told_as_its_request() {
    let settings = |inbox: &Inbox| {
        vec![
            ("PMS_OTLP_ENDPOINT", inbox.url()),
            ("PMS_SENTRY_DSN", inbox.dsn()),
            ("PMS_LOG", "info".to_owned()),
            ("PMS_LOG_FORMAT", "json".to_owned()),
        ]
    };
    on_both(settings, |Story { server, token, url, .. }, inbox| {
        assert!(server.create_project(token, 1).is_some_and(|line| line.contains("201")));
        database::sql_at(url, "ALTER TABLE label RENAME TO elsewhere");
        let body = "{\"project\":\"K1\",\"name\":\"new\"}";
        let answer = server.post_with_key("/api/v1/labels", token, ("k1", body));
        assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
        let id = header(&answer, "x-request-id").to_owned();
        let told_of = inbox.find("its error", |letters| told(letters, &id).into_iter().next());
        assert!(told_of.contains("POST /api/v1/labels"), "{told_of}");
        let log = server.stop_and_read_log();
        let line = log.lines().find(|line| line.contains("database fault")).expect("a line");
        assert!(line.contains(&format!("\"id\":\"{id}\"")), "{line}");
    });
}

#[test]
fn a_round_of_a_job_is_traced_where_it_did_something_and_statements_of_nobody_are_not() {
    let settings = |inbox: &Inbox| vec![("PMS_OTLP_ENDPOINT", inbox.url())];
    on_both(settings, |Story { server, token, .. }, inbox| {
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
    let settings = |inbox: &Inbox| vec![("PMS_SENTRY_DSN", inbox.dsn()), ("PMS_OTLP_ENDPOINT", inbox.url())];
    on_both(settings, |Story { server, token, url, .. }, inbox| {
        database::sql_at(url, "ALTER TABLE label RENAME TO elsewhere");
        let bearer = format!("Bearer {token}");
        let headers =
            [("authorization", bearer.as_str()), ("user-agent", "haddock"), ("cookie", "a=herring")];
        let answer = server.get_with("/api/v1/labels?search=turbot", &headers);
        assert!(answer.starts_with("HTTP/1.1 500"), "{answer}");
        let id = header(&answer, "x-request-id").to_owned();
        let told_of = inbox.find("its error", |letters| told(letters, &id).into_iter().next());
        let of_project = concat!("pms@", env!("CARGO_PKG_VERSION"));
        let person = "\"user\":{\"id\":\"";
        let kind = "[\"database fault\",\"driver\",\"GET /api/v1/labels\"]";
        for part in [kind, "GET /api/v1/labels", "production", of_project, person, "error.rs:"] {
            assert!(told_of.contains(part), "{part}: {told_of}");
        }
        let span = inbox.find("its span", |letters| request(&spans(letters), &id));
        assert_eq!(span.status.map(|status| status.code()), Some(StatusCode::Error));
        let failed = inbox.find("its statement", |letters| {
            spans(letters).into_iter().find(|child| {
                child.trace_id == span.trace_id && attribute(&child.attributes, "error.type").is_some()
            })
        });
        assert_eq!(attribute(&failed.attributes, "error.type").as_deref(), Some("driver"));
        server.stop();
        for secret in [PASSWORD, token, "herring", "haddock", "turbot", "ada@example.org", "elsewhere"] {
            assert!(!inbox.has_heard(secret), "{secret}");
        }
    });
}

#[test]
fn lines_of_a_request_have_the_id_of_who_asks_and_nothing_else_of_them() {
    for format in ["json", "text"] {
        let settings = |_: &Inbox| {
            let of_log = [("PMS_LOG", "server=debug,info"), ("PMS_LOG_FORMAT", format), ("NO_COLOR", "1")];
            of_log.map(|(name, value)| (name, value.to_owned())).to_vec()
        };
        on_both(settings, |Story { server, token, .. }, _| {
            // Ada is the only one.
            let people = server.get_as("/api/v1/users", token);
            let ada = id(&people);
            let (refused, page) = (server.get("/api/v1/projects"), server.get("/sign-in"));
            let log = server.stop_and_read_log();
            let line = |answer: &str| {
                let id = header(answer, "x-request-id");
                let of_it = |line: &&str| line.contains(id) && line.contains("answered");
                log.lines().find(of_it).unwrap_or_else(|| panic!("no line of {id}: {log}")).to_owned()
            };
            let said = match format {
                "json" => format!("\"user\":\"{ada}\""),
                _ => format!(" user={ada}}}"),
            };
            assert!(line(&people).contains(&said), "{said}: {}", line(&people));
            for of_nobody in [line(&refused), line(&page)] {
                assert!(!of_nobody.contains("user"), "{of_nobody}");
            }
            for secret in [PASSWORD, token, "ada@example.org", "Bearer"] {
                assert!(!log.contains(secret), "{secret}");
            }
        });
    }
}
