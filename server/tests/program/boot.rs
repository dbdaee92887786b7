//! How the program starts, and what it says when it can't: one sentence on standard error and exit code 1.

use crate::support::{Ended, PASSWORD, Program, data, database};
use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _, path::Path};

fn add_ada(data: &Path) {
    let arguments = ["user", "create", "--username", "ada", "--email", "ada@example.org", "--password-stdin"];
    let made = Program::new(data).run_with(&arguments, &format!("{PASSWORD}\n"));
    made.succeeds("Created ada (ada@example.org) as Administrator.");
}

#[test]
fn it_serves_and_prints_the_link_to_the_first_account_once() {
    let data = data();
    let mut first = Program::new(data.path()).serve();
    assert!(first.line().starts_with("PMS serves http://127.0.0.1:"));
    assert!(first.line().contains("Nobody has an account yet"));
    let link = first.line();
    assert!(link.contains("/set-up?token="), "{link}");
    assert!(first.get("/api/health").starts_with("HTTP/1.1 200"));
    first.stop();
    let secret = fs::metadata(data.path().join("secret")).unwrap();
    assert_eq!(secret.permissions().mode() & 0o777, 0o600, "for its owner's eyes only");
    add_ada(data.path());
    let mut again = Program::new(data.path()).serve();
    assert!(again.line().starts_with("PMS serves"));
    assert!(again.get("/sign-in").starts_with("HTTP/1.1 200"));
    assert_eq!(again.stop(), "", "and no link");
}

#[test]
fn a_port_in_use() {
    let (data, taken) = (data(), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = taken.local_addr().unwrap();
    let said = Program::new(data.path()).run(&["serve", "--listen", &address.to_string()]).fails();
    assert_eq!(
        said,
        format!(
            "pms: Port {} is taken by another program. Stop that one, or choose another port with --listen.",
            address.port()
        )
    );
}

#[test]
fn a_second_server_on_an_embedded_database() {
    let data = data();
    let mut first = Program::new(data.path()).serve();
    first.line();
    let said = Program::new(data.path()).run(&["serve", "--listen", "127.0.0.1:0"]).fails();
    assert_eq!(
        said,
        format!(
            "pms: Another PMS serves from the database sqlite:{}/pms.db already. Stop that one first; several servers need \
             MySQL or MariaDB.",
            data.path().display()
        )
    );
    add_ada(data.path());
    assert!(first.get("/api/health").starts_with("HTTP/1.1 200"), "commands work beside it");
    first.kill();
    let mut again = Program::new(data.path()).serve();
    assert!(again.line().starts_with("PMS serves"), "one that was killed holds nothing");
}

#[test]
fn a_data_folder_that_is_a_file() {
    let data = data();
    let file = data.path().join("file");
    fs::write(&file, "").unwrap();
    let said = Program::new(&file).run(&["serve"]).fails();
    assert_eq!(
        said,
        format!("pms: The data folder {} is a file. Choose a folder with --data.", file.display())
    );
    let inside = file.join("data");
    let said = Program::new(&inside).run(&["serve"]).fails();
    assert!(
        said.starts_with(&format!("pms: PMS cannot make the data folder {}: ", inside.display())),
        "{said}"
    );
}

#[test]
fn a_data_folder_that_may_only_be_read() {
    let data = data();
    Program::new(data.path()).run(&["migrate", "up"]).succeeds("Applied 0001");
    let said = Program::new(data.path()).read_only().run(&["serve"]).fails();
    assert!(said.starts_with("pms: PMS cannot"), "{said}");
    assert!(said.contains("or choose another") && said.contains("--data"), "{said}");
}

#[test]
fn a_disk_that_is_full_from_the_start() {
    let data = data();
    let said = Program::new(data.path()).largest_file(64 * 1024).run(&["serve"]).fails();
    assert!(said.contains("its disk is full") && said.contains("Make room"), "{said}");
    Program::new(data.path()).run(&["migrate", "up"]).succeeds("Applied 0001");
}

#[test]
fn a_disk_that_becomes_full_while_it_serves() {
    let data = data();
    add_ada(data.path());
    let mut server = Program::new(data.path()).largest_file(3 * 1024 * 1024).serve();
    server.line();
    let token = server.sign_in("ada", PASSWORD);
    let mut answers = Vec::new();
    while !answers.last().is_some_and(|line: &String| line.contains("503")) {
        assert!(answers.len() < 1_000, "the limit is never met: {:?}", &answers[answers.len() - 3..]);
        answers.push(server.create_project(&token, answers.len()).expect("it goes on serving"));
    }
    let created = answers.len() - 1;
    assert!(created > 10 && answers[..created].iter().all(|line| line.contains("201")), "{answers:?}");
    for _ in 0..20 {
        let again = server.create_project(&token, created).expect("it goes on serving");
        assert!(again.contains("503"), "as long as there is no room: {again}");
    }
    let list = server.get_as("/api/v1/projects?limit=1", &token);
    assert!(list.starts_with("HTTP/1.1 200"), "what is there can be read: {list}");
    server.make_room();
    let again = server.create_project(&token, created).expect("an answer");
    assert!(again.contains("201"), "with room it goes on, without a restart: {again}");
    server.stop();
    let mut again = Program::new(data.path()).serve();
    again.line();
    let token = again.sign_in("ada", PASSWORD);
    for number in [0, created - 1, created] {
        let there = again.get_as(&format!("/api/v1/projects/K{number}"), &token);
        assert!(there.starts_with("HTTP/1.1 200"), "nothing that was answered is lost: {there}");
    }
}

#[test]
fn a_database_of_a_newer_version() {
    let data = data();
    Program::new(data.path()).run(&["migrate", "up"]).succeeds("Applied");
    database::sql(
        data.path(),
        "INSERT INTO schema_migration (version, name, statements, finished, applied_at) VALUES (9999, 'future', 1, 1, 0)",
    );
    for command in [&["serve"][..], &["migrate", "up"], &["user", "list"]] {
        let said = Program::new(data.path()).run(command).fails();
        assert_eq!(
            said,
            "pms: This database was made by a newer version of PMS (it has migration 9999 future). \
             Start that version, or restore a backup made before the upgrade."
        );
    }
    let status = Program::new(data.path()).run(&["migrate", "status"]);
    assert!(status.out.contains("9999 future\tof a newer version of PMS"), "{}", status.out);
    assert_eq!(status.code, Some(1));
}

#[test]
fn a_migration_that_was_cut_off() {
    let (url, data) = (database::empty_mysql(), data());
    let pms = || Program::new(data.path()).database(&url);
    let said = pms().run(&["serve"]).fails();
    assert!(said.starts_with("pms: The database needs ") && said.ends_with("run: pms migrate up"), "{said}");
    database::cut_off_second_migration(&url);
    let said = pms().run(&["serve"]).fails();
    let why = "one of which was cut off half-way and will go on where it stopped. Run: pms migrate up";
    assert!(said.ends_with(why), "{said}");
    let status = pms().run(&["migrate", "status"]);
    assert!(
        status.out.contains("0002 projects\tcut off half-way; `pms migrate up` goes on with it"),
        "{}",
        status.out
    );
    pms().run(&["migrate", "up"]).succeeds("Applied 0002 projects.");
    pms().run(&["migrate", "status"]).succeeds("0003 search\tapplied");
    pms().run(&["user", "list"]).succeeds("");
}

#[test]
fn a_secret_that_is_none() {
    let data = data();
    for (weak, why) in [
        ("secret", "is a placeholder that anyone can guess"),
        ("<32-char-random-string>", "is a placeholder that anyone can guess"),
        ("k3yb0ardc4t", "is shorter than 32 bytes"),
    ] {
        let said = Program::new(data.path()).env("PMS_SECRET", weak).run(&["serve"]).fails();
        assert!(said.starts_with(&format!("pms: The signing secret in PMS_SECRET {why}.")), "{said}");
        assert!(said.contains("openssl rand -base64 32"), "{said}");
    }
    fs::write(data.path().join("secret"), "changeme\n").unwrap();
    let said = Program::new(data.path()).run(&["serve"]).fails();
    assert!(said.contains("is a placeholder") && said.contains("/secret"), "{said}");
}

#[test]
fn a_database_url_that_leads_nowhere() {
    let data = data();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, part) in [
        ("postgres://localhost/pms", "must begin with sqlite: or mysql://"),
        ("mysql://", "PMS cannot work with its database"),
        (
            &format!("mysql://pms:hunter2@{closed}/pms"),
            "See that it runs, and that address, user and password",
        ),
        ("sqlite:/nowhere/at/all/pms.db", "PMS cannot open its database"),
    ] {
        let said = Program::new(data.path()).database(url).run(&["serve"]).fails();
        assert!(said.starts_with("pms: ") && said.contains(part), "{url}: {said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
}

#[test]
fn a_configuration_with_a_mistake() {
    let data = data();
    fs::write(data.path().join("pms.toml"), "[http]\nlissen = \"127.0.0.1:1\"\n").unwrap();
    let Ended { code, err, .. } = Program::new(data.path()).run(&["serve"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("pms.toml is wrong") && err.contains("unknown field `lissen`"), "{err}");
    fs::remove_file(data.path().join("pms.toml")).unwrap();
    let missing = Program::new(data.path()).run(&["serve", "--config", "/nowhere/pms.toml"]).fails();
    assert!(missing.contains("PMS cannot read the configuration file /nowhere/pms.toml"), "{missing}");
    let log = Program::new(data.path()).run(&["serve", "--log", "server=loud"]).fails();
    assert!(log.contains("The log filter “server=loud” is wrong"), "{log}");
    let flag = Program::new(data.path()).run(&["serve", "--listen", "everywhere"]);
    assert_eq!(flag.code, Some(2), "what clap refuses is a mistake in the command: {}", flag.err);
}

#[test]
fn two_programs_on_one_embedded_database_do_not_stand_in_each_others_way() {
    let data = data();
    let mut server = Program::new(data.path()).serve();
    server.line();
    Program::new(data.path()).run(&["user", "list"]).succeeds("");
    add_ada(data.path());
    assert!(server.get("/api/health").starts_with("HTTP/1.1 200"));
    server.stop();
}

#[test]
fn what_was_answered_survives_a_kill() {
    let data = data();
    add_ada(data.path());
    let mut server = Program::new(data.path()).serve();
    server.line();
    let token = server.sign_in("ada", PASSWORD);
    let answered = server.create_projects_until_killed(&token);
    assert!(answered.len() > 5, "{answered:?}");
    let mut again = Program::new(data.path()).serve();
    again.line();
    let token = again.sign_in("ada", PASSWORD);
    let list = again.get_as("/api/v1/projects?limit=200", &token);
    for key in &answered {
        assert!(list.contains(&format!("\"key\":\"{key}\"")), "{key} was answered and is lost");
    }
    again.stop();
}
