//! What PMS is set to, as an operator sees it.

use crate::support::{Program, data};
use std::fs;

const SECRET: &str = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWo";

#[test]
fn each_setting_is_told_with_where_it_comes_from_and_no_secret_is() {
    let data = data();
    let file = "[http]\nlisten = \"127.0.0.1:4000\"\n[limits]\ntimeout = 5\n[push]\nservices = [\"https://push.example.org\"]\n";
    fs::write(data.path().join("pms.toml"), file).unwrap();
    let pms = || {
        Program::new(data.path())
            .env("PMS_SECRET", SECRET)
            .database("mysql://pms:swordfish@127.0.0.1:1/pms")
            .env("PMS_SMTP_URL", "smtps://user:mackerel@mail.invalid")
            .env("PMS_MAIL_FROM", "PMS <pms@example.org>")
            .env("PMS_OTLP_ENDPOINT", "http://127.0.0.1:1")
            .env("PMS_OTLP_HEADERS", "authorization=Bearer%20halibut")
            .env("PMS_SENTRY_DSN", "http://plaice@127.0.0.1:1/7")
    };
    let shown = pms().run(&["config", "show", "--urgent", "false"]);
    assert_eq!((shown.code, shown.err.as_str()), (Some(0), ""));
    let lines: Vec<_> = shown.out.lines().collect();
    for line in [
        "PMS_DATABASE_URL\tmysql://pms:…@127.0.0.1:1/pms\tenvironment",
        "PMS_LISTEN\t127.0.0.1:4000\tfile",
        "PMS_URGENT\tfalse\tflag",
        "PMS_DEPENDENCIES\ttrue\tdefault",
        "PMS_SMTP_URL\tset\tenvironment",
        "PMS_PUSH_SERVICES\t[https://push.example.org]\tfile",
        "PMS_SECRET\tset\tenvironment",
        "PMS_OTLP_ENDPOINT\thttp://127.0.0.1:1/v1/traces\tenvironment",
        "PMS_OTLP_HEADERS\tset\tenvironment",
        "PMS_OTLP_RATIO\t1\tdefault",
        "PMS_SENTRY_DSN\tset\tenvironment",
        "limits.timeout\t5 s\tfile",
        "limits.drain\t10 s\tdefault",
    ] {
        assert!(lines.contains(&line), "{line} is missing: {}", shown.out);
    }
    let checked = pms().run(&["config", "check"]);
    let examined = pms().run(&["doctor"]);
    assert_eq!(examined.code, Some(1), "the database is away: {}", examined.out);
    for said in [shown.out, checked.out, checked.err, examined.out, examined.err] {
        for secret in [SECRET, "swordfish", "mackerel", "halibut", "plaice"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
}

#[test]
fn what_is_wrong_with_it_is_said_with_what_to_do() {
    let data = data();
    let pms = || Program::new(data.path());
    pms().run(&["config", "check"]).succeeds("warning\tconfiguration\tno backups are made.");
    let weak = pms().env("PMS_SECRET", "changeme").run(&["config", "check"]);
    assert_eq!(weak.code, Some(1));
    assert!(
        weak.out.starts_with("trouble\tconfiguration\tThe signing secret in PMS_SECRET is a placeholder")
    );
    assert!(weak.err.starts_with("pms: There is trouble."), "{}", weak.err);
    let daily = pms().env("PMS_BACKUP_DAILY", "02:00").run(&["config", "check"]);
    assert!(daily.code == Some(1) && daily.out.contains("pms backup key"), "{}", daily.out);
    let https = || pms().env("PMS_PUBLIC_URL", "https://pms.example.org");
    https().run(&["config", "check"]).succeeds("PMS_TRUSTED_PROXIES does not name it");
    let all = https().env("PMS_TRUSTED_PROXIES", "0.0.0.0/0");
    all.run(&["config", "check"]).succeeds("PMS_TRUSTED_PROXIES trusts every address");
    let good = https().env("PMS_TRUSTED_PROXIES", "10.0.0.2").env("PMS_BACKUP_DAILY", "02:00");
    // A key of `pms backup key`, whose other half nobody has.
    let recipient = "age1y03ltgur0fndd0l79rmgl3zex4z947mud86dh2tykvkhszhsm97s08scsl";
    good.env("PMS_BACKUP_RECIPIENTS", recipient).run(&["config", "check"]).succeeds("ok\tconfiguration\t");
    assert!(!data.path().join("secret").exists() && !data.path().join("pms.db").exists(), "nothing was made");
}
