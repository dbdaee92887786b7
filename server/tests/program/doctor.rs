//! What `pms doctor` finds, on both engines.

use crate::support::{Program, data, database, inbox::Inbox, on_both};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    thread,
};
use testkit::Redis;

#[test]
fn a_healthy_installation_has_no_troubles() {
    on_both(|pms, _| {
        let found = pms().run(&["doctor"]);
        assert_eq!((found.code, found.err.as_str()), (Some(0), ""), "{}", found.out);
        for subject in [
            "disk",
            "database",
            "versions",
            "clocks",
            "integrity",
            "references",
            "counts",
            "dependencies",
            "push",
        ] {
            assert!(found.out.contains(&format!("ok\t{subject}\t")), "{subject} is missing: {}", found.out);
        }
        let with_backups = || pms().env("PMS_BACKUP_RECIPIENTS", "none");
        with_backups().run(&["doctor"]).succeeds("warning\tbackups\tthere is none yet.");
        with_backups().run(&["backup", "create"]).succeeds("rows of");
        with_backups().run(&["doctor"]).succeeds("ok\tbackups\tthe newest is 0 hours old.");
    });
}

#[test]
fn numbers_that_are_off_are_found_and_put_right() {
    on_both(|pms, url| {
        database::sql_at(url, "UPDATE project SET open_count = open_count + 3, member_count = 9");
        database::sql_at(url, "UPDATE board_column SET task_count = 5");
        let found = pms().run(&["doctor"]);
        assert_eq!(found.code, Some(1));
        assert!(found.out.contains("trouble\tcounts\tthe numbers that 1 projects, "), "{}", found.out);
        assert!(found.err.contains("There is trouble."), "{}", found.err);
        pms().run(&["doctor", "--repair"]).succeeds("ok\tcounts\t");
        pms().run(&["doctor"]).succeeds("ok\tcounts\t");
    });
}

#[test]
fn rows_that_name_others_which_are_not_there_are_found() {
    on_both(|pms, url| {
        database::sql_at(
            url,
            "INSERT INTO project_member (project_id, user_id, team_id, role_id, added_at)
             SELECT p.id, u.id, X'01010101010101010101010101010101', u.role_id, 0 FROM project p JOIN person u ON 1 = 1",
        );
        database::unguarded(url, "UPDATE project SET owner_id = X'02020202020202020202020202020202'");
        let found = pms().run(&["doctor"]);
        assert_eq!(found.code, Some(1));
        let line = found.out.lines().find(|line| line.starts_with("trouble\treferences\t")).expect("a line");
        assert!(line.contains("1 rows of project_member.team_id name no team"), "{line}");
        assert!(line.contains("name no person") && line.contains("rows of project"), "{line}");
    });
}

#[test]
fn tables_that_do_not_fit_and_a_database_that_is_not_there_are_told() {
    let data = data();
    let pms = || Program::new(data.path());
    pms().run(&["doctor"]).succeeds("warning\tdatabase\tthere is none yet at sqlite:");
    assert!(!data.path().join("pms.db").exists(), "looking makes none");
    let url = database::empty_mysql();
    let found = pms().database(&url).run(&["doctor"]);
    assert_eq!(found.code, Some(1));
    assert!(found.out.contains("trouble\tversions\tPMS "), "{}", found.out);
    assert!(found.out.contains("run: pms migrate up."), "{}", found.out);
}

#[test]
fn a_table_of_a_server_that_knows_no_transactions_is_told() {
    let (url, data) = (database::empty_mysql(), data());
    let pms = || Program::new(data.path()).database(&url);
    pms().run(&["migrate", "up"]).succeeds("Applied 0001 people.");
    database::sql_at(&url, "ALTER TABLE task_label DROP FOREIGN KEY task_label_label");
    database::sql_at(&url, "ALTER TABLE setting ENGINE=MyISAM");
    let found = pms().run(&["doctor"]);
    assert_eq!(found.code, Some(1));
    assert!(found.out.contains("setting is kept by MyISAM"), "{}", found.out);
    assert!(found.out.contains("the foreign key task_label_label is not there"), "{}", found.out);
}

#[test]
fn a_mail_server_is_greeted_and_gets_no_mail() {
    let data = data();
    Program::new(data.path()).run(&["migrate", "up"]).succeeds("Applied");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let pms = || {
        Program::new(data.path())
            .env("PMS_SMTP_URL", &format!("smtp://{address}"))
            .env("PMS_MAIL_FROM", "pms@example.org")
    };
    let heard = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a caller");
        let mut lines = BufReader::new(stream.try_clone().expect("a handle")).lines();
        let mut heard = Vec::new();
        stream.write_all(b"220 ready\r\n").expect("sent");
        while let Some(Ok(line)) = lines.next() {
            let word = line.split(' ').next().unwrap_or_default().to_owned();
            let last = word == "QUIT";
            heard.push(word);
            stream.write_all(if last { b"221 bye\r\n" } else { b"250 ok\r\n" }).expect("sent");
            if last {
                break;
            }
        }
        heard
    });
    pms().run(&["doctor"]).succeeds("ok\tmail\tthe mail server lets PMS in.");
    assert_eq!(heard.join().expect("it answers"), ["EHLO", "NOOP", "QUIT"]);
    // It is gone now.
    let found = pms().run(&["doctor"]);
    assert_eq!(found.code, Some(1));
    assert!(found.out.contains("trouble\tmail\tThe mail server could not be reached."), "{}", found.out);
}

#[test]
fn each_address_of_redis_is_greeted() {
    let (data, mut redis) = (data(), Redis::start());
    let look = |nodes: &str| Program::new(data.path()).env("PMS_REDIS_URL", nodes).run(&["doctor"]);
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound");
    look(&redis.url()).succeeds("ok\tredis\tanswers at 1 of 1 addresses");
    look(&format!("{},redis://{silent}", redis.url()))
        .succeeds(&format!("warning\tredis\tno answer from {silent}"));
    redis.kill();
    let found = look(&redis.url());
    assert_eq!(found.code, Some(1), "{}", found.out);
    assert!(found.out.contains("trouble\tredis\tno answer from 127.0.0.1:"), "{}", found.out);
}

#[test]
fn where_traces_and_errors_go_is_asked_with_nothing_in_it() {
    let (data, inbox) = (data(), Inbox::open());
    Program::new(data.path()).run(&["migrate", "up"]).succeeds("Applied");
    let (endpoint, dsn) = (inbox.url(), inbox.dsn());
    let pms = || {
        Program::new(data.path())
            .env("PMS_OTLP_ENDPOINT", &endpoint)
            .env("PMS_OTLP_HEADERS", "x-key=halibut")
            .env("PMS_SENTRY_DSN", &dsn)
    };
    let found = pms().run(&["doctor"]);
    assert_eq!(found.code, Some(0), "{}", found.out);
    for line in ["ok\ttraces\tthe collector takes them.", "ok\terrors\tSentry answers."] {
        assert!(found.out.contains(line), "{line} is missing: {}", found.out);
    }
    inbox.find("both calls", |letters| {
        let calls: Vec<_> = letters.iter().map(|letter| (letter.path.as_str(), &letter.body[..])).collect();
        (calls == [("/v1/traces", b"".as_slice()), ("/api/7/envelope/", b"{}\n")]).then_some(())
    });
    assert!(inbox.has_heard("halibut"), "the key goes along");
    drop(inbox);
    let found = pms().run(&["doctor"]);
    assert_eq!(found.code, Some(1));
    for line in ["trouble\ttraces\t", "trouble\terrors\tSentry: nobody answers"] {
        assert!(found.out.contains(line), "{line} is missing: {}", found.out);
    }
}
