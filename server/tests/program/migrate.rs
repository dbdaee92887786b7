//! Several programs that migrate at once, one that is killed, and what is saved before tables change.

use crate::support::{Ended, PASSWORD, Program, add, data, database, the_backup};
use std::{
    fs,
    path::Path,
    thread::{self, sleep},
    time::{Duration, Instant},
};

fn pms(data: &Path) -> Program {
    Program::new(data)
}

/// Names of files in the data folder.
fn files(data: &Path) -> Vec<String> {
    let entries = fs::read_dir(data).expect("a folder").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn of_several_at_once_one_migrates_and_the_others_find_nothing_to_do() {
    let (data, elsewhere) = (data(), data());
    let embedded = format!("sqlite:{}", data.path().join("pms.db").display());
    for url in [embedded, database::empty_mysql()] {
        let all: Vec<Ended> = thread::scope(|scope| {
            let run = || pms(elsewhere.path()).database(&url).run(&["migrate", "up"]);
            let running: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
            running.into_iter().map(|it| it.join().expect("it runs")).collect()
        });
        for it in &all {
            assert_eq!((it.code, it.err.as_str()), (Some(0), ""), "{}", it.out);
        }
        let (did, found_nothing): (Vec<_>, Vec<_>) = all.iter().partition(|it| it.out.contains("Applied"));
        assert_eq!((did.len(), found_nothing.len()), (1, 3), "one of them");
        assert!(did[0].out.contains("Applied 0001 people."), "and all of it: {}", did[0].out);
        assert!(
            found_nothing.iter().all(|it| it.out.ends_with("Nothing to do: the database is up to date."))
        );
    }
}

#[test]
fn one_that_is_killed_in_the_middle_of_a_statement_makes_room_for_the_next_which_goes_on() {
    let (url, data) = (database::empty_mysql(), data());
    database::migrate_to(&url, 7);
    let migrate =
        |wait: &'static str| pms(data.path()).database(&url).run(&["migrate", "up", "--wait", wait]);
    let next = thread::scope(|scope| {
        let next = database::while_projects_are_read(&url, || {
            // It can't change the table that is being read.
            let mut first = pms(data.path()).database(&url).start(&["migrate", "up"]);
            let begin = Instant::now();
            while !pms(data.path())
                .database(&url)
                .run(&["migrate", "status"])
                .out
                .contains("0008 urgent\tcut off")
            {
                assert!(begin.elapsed() < Duration::from_secs(20), "it does not begin");
                sleep(Duration::from_millis(50));
            }
            let impatient = migrate("1");
            assert_eq!(impatient.code, Some(1));
            assert!(impatient.out.starts_with("Another program is at the tables"), "{}", impatient.out);
            assert!(impatient.err.contains("was not done after 1 seconds"), "{}", impatient.err);
            assert!(impatient.err.contains("KILL "), "{}", impatient.err);
            first.kill().expect("it runs");
            first.wait().expect("it ends");
            let next = scope.spawn(|| migrate("60"));
            sleep(Duration::from_millis(500));
            assert!(!next.is_finished(), "the statement of the one that was killed still runs");
            next
        });
        next.join().expect("it runs")
    });
    next.succeeds("Applied 0008 urgent.");
    pms(data.path()).database(&url).run(&["migrate", "status"]).succeeds("0011 own_access\tapplied");
}

#[test]
fn an_embedded_database_with_work_is_copied_before_its_tables_change() {
    let data = data();
    let data = data.path();
    pms(data).run(&["migrate", "up"]).succeeds("Applied 0001");
    assert!(!files(data).iter().any(|name| name.contains("before")), "a new one has nothing to save");
    add(data, "ada", "Administrator");
    pms(data).run(&["migrate", "down", "--yes"]).succeeds("Copied the database as it was to ");
    let plan = pms(data).run(&["migrate", "plan"]);
    assert!(
        plan.out.contains("The database has ") && plan.out.contains("0011_own_access\tonly adds"),
        "{}",
        plan.out
    );
    // Any command brings it up to date, and keeps what was.
    pms(data).run(&["user", "list"]).succeeds("ada@example.org");
    let copy = data.join("pms.db.before-0011");
    let copy = format!("sqlite:{}", copy.display());
    let status = pms(data).database(&copy).run(&["migrate", "status"]);
    assert!(status.out.contains("0011 own_access\tpending"), "{}", status.out);
    pms(data).run(&["migrate", "plan"]).succeeds("Nothing to do");
}

/// Has work in it, and lacks the last two migrations, one of which has two statements.
fn fall_behind(data: &Path) {
    add(data, "ada", "Administrator");
    for last in ["0011 own_access", "0010 orders"] {
        let down = pms(data).run(&["migrate", "down", "--yes", "--without-backup"]);
        down.succeeds(&format!("Took back {last}."));
    }
}

#[test]
fn where_backups_are_set_up_one_is_made_before_and_comes_back() {
    let (here, there) = (data(), data());
    let (here, there) = (here.path(), there.path());
    fall_behind(here);
    let made = pms(here).env("PMS_BACKUP_RECIPIENTS", "none").run(&["migrate", "up"]);
    let (first, rest) = made.out.split_once('\n').expect("three lines");
    let applied = "Applied 0010 orders.\nApplied 0011 own_access.";
    assert_eq!((made.code, rest), (Some(0), applied), "{}", made.err);
    let backup = first.strip_prefix("Made a backup: ").and_then(|it| it.strip_suffix('.')).expect("a backup");
    assert!(!files(here).iter().any(|name| name.contains("before")), "one of both is enough");
    // It is of the older tables, and comes to the newer ones.
    pms(there).run(&["restore", backup]).succeeds("Applied 0010 orders.");
    pms(there).run(&["user", "list"]).succeeds("ada@example.org");
}

#[test]
fn a_database_server_with_work_is_not_migrated_before_somebody_has_said_where_it_is_saved() {
    let (url, data) = (database::empty_mysql(), data());
    let pms = || pms(data.path()).database(&url);
    pms().run(&["migrate", "up"]).succeeds("Applied 0001 people.");
    database::migrate_to(&url, 9);
    pms().run(&["migrate", "up"]).succeeds("Applied 0010 orders.");
    let ada = ["user", "create", "--username", "ada", "--email", "ada@example.org", "--password-stdin"];
    pms().run_with(&ada, "quiet harbour at dawn\n").succeeds("Created");
    database::migrate_to(&url, 9);
    let refused = pms().run(&["migrate", "up"]).fails();
    assert!(refused.contains("PMS_BACKUP_RECIPIENTS") && refused.contains("--without-backup"), "{refused}");
    pms().env("PMS_BACKUP_RECIPIENTS", "none").run(&["migrate", "up"]).succeeds("Made a backup: ");
    database::migrate_to(&url, 9);
    pms().run(&["migrate", "up", "--without-backup"]).succeeds("Applied 0010 orders.");
}

/// Somebody gave the name that the second statement of a migration needs to an index of their own…
const IN_THE_WAY: &str = "CREATE INDEX task_by_priority_everywhere ON task (id)";
/// …and that is what stops it.
const STOPPED: &str =
    "pms: Migration 0010 orders stopped at statement 2 of 2: the database refused a statement: ";

#[test]
fn on_sqlite_a_migration_that_fails_leaves_all_as_it_was_and_a_copy_of_it() {
    let (here, there) = (data(), data());
    let (here, there) = (here.path(), there.path());
    fall_behind(here);
    database::sql(here, IN_THE_WAY);
    for command in [&["serve"][..], &["user", "list"]] {
        let said = pms(here).run(command).fails();
        assert!(said.starts_with(STOPPED) && said.contains("task_by_priority_everywhere"), "{said}");
        assert!(said.ends_with("Nothing was changed. Go on with the version of PMS that you had."), "{said}");
    }
    let by_hand = pms(here).run(&["migrate", "up"]);
    assert!(by_hand.code == Some(1) && by_hand.err.starts_with(STOPPED), "{}", by_hand.err);
    assert!(by_hand.out.starts_with("Copied the database as it was to "), "{}", by_hand.out);
    let status = pms(here).run(&["migrate", "status"]);
    assert!(status.out.contains("0010 orders\tpending"), "{}", status.out);
    // What keeps a server running starts it again and again.
    for _ in 0..2 {
        let said = pms(here).env("PMS_BACKUP_RECIPIENTS", "none").run(&["serve"]).fails();
        assert!(said.starts_with(STOPPED), "{said}");
    }
    let backup = the_backup(here);
    pms(there).run(&["restore", &backup]).succeeds("Applied 0010 orders.");
    pms(there).run(&["user", "list"]).succeeds("ada@example.org");
    // And the copy beside it is a database.
    let copy = format!("sqlite:{}", here.join("pms.db.before-0010").display());
    for url in [&copy, &format!("sqlite:{}", here.join("pms.db").display())] {
        database::sql_at(url, "DROP INDEX task_by_priority_everywhere");
        pms(here).database(url).run(&["user", "list"]).succeeds("ada@example.org");
        pms(here).database(url).run(&["migrate", "status"]).succeeds("0010 orders\tapplied");
    }
}

#[test]
fn on_mysql_a_migration_that_fails_serves_nobody_and_goes_on_when_its_cause_is_gone() {
    let (url, again, data) = (database::empty_mysql(), database::empty_mysql(), data());
    let pms = || pms(data.path()).database(&url).env("PMS_BACKUP_RECIPIENTS", "none");
    pms().run(&["migrate", "up"]).succeeds("Applied 0010 orders.");
    pms().add("ada", "Administrator");
    database::migrate_to(&url, 9);
    database::sql_at(&url, IN_THE_WAY);
    let saved = ["Made a backup: ", "A migration was cut off half-way. No backup is made"];
    // What stands in the way is not taken for what an earlier try has made.
    for saved in saved.into_iter().chain([saved[1]]) {
        let failed = pms().run(&["migrate", "up"]);
        assert!(failed.code == Some(1) && failed.err.starts_with(STOPPED), "{} {}", failed.out, failed.err);
        assert!(failed.err.contains("Duplicate key name 'task_by_priority_everywhere'"), "{}", failed.err);
        assert!(
            failed.err.contains("go on there with: pms migrate up. Or restore the backup from before."),
            "{}",
            failed.err
        );
        assert!(failed.out.starts_with(saved) && failed.out.lines().count() == 1, "{}", failed.out);
    }
    let status = pms().run(&["migrate", "status"]);
    assert!(status.out.contains("0010 orders\tcut off half-way"), "{}", status.out);
    for command in [&["serve"][..], &["user", "list"]] {
        let said = pms().run(command).fails();
        assert!(said.ends_with("will go on where it stopped. Run: pms migrate up"), "{said}");
    }
    // The way out that always works is the backup.
    let elsewhere = || Program::new(data.path()).database(&again);
    elsewhere().run(&["restore", &the_backup(data.path())]).succeeds("Applied 0010 orders.");
    elsewhere().run(&["user", "list"]).succeeds("ada@example.org");
    database::sql_at(&url, "DROP INDEX task_by_priority_everywhere ON task");
    pms().run(&["migrate", "up"]).succeeds("Applied 0010 orders.");
    let mut server = pms().serve();
    server.line();
    assert!(!server.sign_in("ada", PASSWORD).is_empty());
    server.stop();
}
