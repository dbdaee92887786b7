//! What is saved comes back, all of it or nothing.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use domain::{comment::NewComment, project::Project, task::NewTask};
use services::{
    Actor, Services,
    backup::{
        self, Chore, Ended, Failure, Last, Replace, Summary, claim, copy, create, last, note, restore, verify,
    },
    comments, search, tasks,
};
use sha2::{Digest as _, Sha256};
use std::{cell::Cell, fs, io};
use store::{
    Db, counters,
    db::Options,
    dump,
    schema::filling::{self, Filling},
};
use testkit::{Workspace, both, engines::empty_database, workspace::services_on};
use uuid::Uuid;

/// Text that an engine, an encoding or a separator might spoil.
const HARD: &str = "Ärger – \"mit\" 'allem' \\ \u{1F6A8} 日本語 \t zwei\nZeilen %_ {\"end\":0}";

async fn workspace_with_work(db: Db) -> (Workspace, Actor, Project) {
    let w = Workspace::new(db).await;
    let ann = w.user("ann", "Project manager").await;
    let project = w.project(&ann, "BOAT").await;
    let ann = w.refresh(&ann).await;
    let task = w.task(&ann, &project, "Paint the hull").await;
    let new = NewTask {
        title: "Sail".into(),
        description: HARD.into(),
        parent_id: Some(task.summary.id),
        ..NewTask::default()
    };
    tasks::create(&w.services, &ann, project.id, new).await.expect("a sub-task");
    for number in 0..120 {
        w.task(&ann, &project, &format!("Plank {number}")).await;
    }
    let comment = NewComment { body: HARD.into(), id: None };
    comments::create(&w.services, &ann, task.summary.id, comment).await.expect("a comment");
    (w, ann, project)
}

async fn saved(services: &Services) -> (Summary, Vec<u8>) {
    create(services, Vec::new(), None).await.expect("a backup")
}

async fn brought_back(services: &Services, bytes: &[u8], replace: Replace) -> Result<Summary, Failure> {
    restore(services, || Ok(bytes), replace).await
}

/// The same backup as another version of the program would have written it.
fn with_header(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).expect("text").replacen(from, to, 1);
    let end = text.trim_end().rfind('\n').expect("lines") + 1;
    let before = &text[..end];
    let tables = before.lines().filter(|line| line.starts_with("{\"table\"")).count();
    let hash = STANDARD_NO_PAD.encode(Sha256::digest(before));
    format!("{before}{{\"end\":{tables},\"sha256\":\"{hash}\"}}\n").into_bytes()
}

/// An empty database of each engine.
async fn elsewhere(folder: &tempfile::TempDir) -> Vec<Services> {
    let embedded = format!("sqlite:{}", folder.path().join("other.db").display());
    let mut all = Vec::new();
    for url in [embedded, empty_database().await] {
        let db = Db::open(&Options::new(url)).await.expect("it opens");
        all.push(services_on(db).0);
    }
    all
}

/// What two databases must have in common: everything but the counter that leaps.
fn content(summary: &Summary) -> Vec<String> {
    let mut tables: Vec<String> = summary
        .tables
        .iter()
        .filter(|table| table.table.name != "counter")
        .map(|table| format!("{} {} {:x}", table.table.name, table.rows, table.sum))
        .collect();
    tables.sort();
    tables
}

#[test]
fn what_was_saved_comes_back_on_either_engine() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        let (summary, bytes) = saved(&w.services).await;
        assert_eq!(verify(bytes.as_slice()).expect("whole"), summary);
        assert!(summary.rows() > 130, "{}", summary.rows());
        let folder = tempfile::tempdir().expect("a folder");
        for other in elsewhere(&folder).await {
            brought_back(&other, &bytes, Replace::No).await.expect("brought back");
            let (again, _) = saved(&other).await;
            assert_eq!(content(&again), content(&summary));
            // What the engine keeps besides the rows is there as well.
            let found = search::quick(&other, &Actor::system(), "hull", 5).await.expect("searched");
            assert_eq!(found.tasks.len(), 1);
            let missing = store::schema::check(&other.db).await;
            assert!(missing.is_ok(), "{missing:?}");
            other.db.close().await;
        }
    });
}

#[test]
fn one_database_is_copied_into_the_other() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        let (summary, _) = saved(&w.services).await;
        let folder = tempfile::tempdir().expect("a folder");
        for other in elsewhere(&folder).await {
            let copied = copy(&w.services, &other, Replace::No).await.expect("copied");
            assert_eq!(content(&copied.summary), content(&summary));
            assert_eq!(copied.kept, 0);
            assert_eq!(content(&saved(&other).await.0), content(&summary));
            let refused = copy(&w.services, &other, Replace::No).await.expect_err("there is work in it");
            assert!(matches!(refused, Failure::Refused(_)), "{refused}");
            other.db.close().await;
        }
    });
}

/// As a copy leaves a database when it is broken off after so many tables.
async fn break_off(other: &Services, after: usize) {
    let mut tx = other.db.write().await.expect("a transaction");
    let mut filling = Filling::announce(&mut tx, 7).await.expect("noted");
    filling.begin(&mut tx).await.expect("noted");
    dump::in_any_order(&mut tx).await.expect("a setting");
    let mut tables = dump::tables(&mut tx).await.expect("tables");
    tables.retain(|table| table.name != counters::TABLE);
    for table in tables[after..].iter().rev() {
        dump::clear(&mut tx, table).await.expect("cleared");
    }
    for _ in 0..after {
        filling.go_on(&mut tx).await.expect("noted");
    }
    dump::strict(&mut tx).await.expect("a setting");
    tx.commit().await.expect("kept");
}

async fn access(services: &Services) -> i64 {
    counters::read(&mut services.db.peek().await.expect("a connection")).await.expect("counters").access
}

#[test]
fn a_copy_that_was_broken_off_goes_on_where_it_was() {
    both(|db| async move {
        let (w, ann, project) = workspace_with_work(db).await;
        let folder = tempfile::tempdir().expect("a folder");
        for other in elsewhere(&folder).await {
            let all = copy(&w.services, &other, Replace::No).await.expect("copied").summary;
            let most = all.tables.len() - 1;
            for after in [0, 1, most / 2, most] {
                break_off(&other, after).await;
                let before = access(&other).await;
                let (_, bytes) = saved(&w.services).await;
                let refused = [
                    store::schema::check(&other.db).await.expect_err("it is not whole").to_string(),
                    store::schema::plan(&other.db).await.expect_err("it is not whole").to_string(),
                    store::schema::down(&other.db, 1).await.expect_err("it is not whole").to_string(),
                    brought_back(&other, &bytes, Replace::Everything).await.expect_err("it too").to_string(),
                ];
                for refused in refused {
                    assert!(refused.contains("pms move"), "{refused}");
                }

                let copied = copy(&w.services, &other, Replace::No).await.expect("copied");
                assert_eq!(copied.kept, after);
                assert_eq!(copied.summary.tables, all.tables);
                store::schema::check(&other.db).await.expect("it is whole");
                assert_eq!(content(&saved(&other).await.0), content(&all));
                assert!(access(&other).await >= before + 1_000_000, "what was remembered of it is void");
            }
            // Of another moment than what is to come, nothing is kept.
            break_off(&other, most / 2).await;
            w.task(&ann, &project, "Launch").await;
            let copied = copy(&w.services, &other, Replace::No).await.expect("copied");
            assert_eq!(copied.kept, 0);
            assert_eq!(content(&saved(&other).await.0), content(&saved(&w.services).await.0));
            other.db.close().await;
        }
    });
}

#[test]
fn of_two_copies_into_one_database_the_later_one_goes_on() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        break_off(&w.services, 3).await;
        let mut tx = w.services.db.write().await.expect("a transaction");
        let mut first = filling::begun(&mut tx).await.expect("read").expect("it is noted");
        let mut later = first.take_over(&mut tx, 8).await.expect("taken over");
        let another =
            |done: Result<(), store::Error>| done.expect_err("another").to_string().contains("Another");
        assert!(another(first.go_on(&mut tx).await));
        assert!(another(first.begin(&mut tx).await), "it clears nothing");
        assert!(another(first.end(&mut tx).await), "it says of nothing that it is whole");
        assert!(first.take_over(&mut tx, 9).await.is_err());
        assert!(Filling::announce(&mut tx, 9).await.is_err(), "nor is it begun anew beside it");
        later.go_on(&mut tx).await.expect("noted");
        assert_eq!(later.done(), 4);
        later.end(&mut tx).await.expect("noted");
        assert_eq!(filling::noted(&mut tx).await.expect("read"), None);
        tx.commit().await.expect("kept");
    });
}

#[test]
fn a_database_is_not_copied_into_itself() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        let (before, _) = saved(&w.services).await;
        let refused = copy(&w.services, &w.services, Replace::Everything).await.expect_err("the same");
        assert!(refused.to_string().contains("already"), "{refused}");
        store::schema::check(&w.services.db).await.expect("it is whole");
        assert_eq!(content(&saved(&w.services).await.0), content(&before));
    });
}

#[test]
fn what_is_damaged_or_does_not_fit_leaves_everything_as_it_was() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        let (_, bytes) = saved(&w.services).await;
        w.user("bea", "Member").await;
        let (before, _) = saved(&w.services).await;

        let refused = brought_back(&w.services, &bytes, Replace::No).await.expect_err("not empty");
        assert!(refused.to_string().contains("--replace"), "{refused}");
        let cut = &bytes[..bytes.len() / 2];
        let damaged = brought_back(&w.services, cut, Replace::Everything).await.expect_err("cut off");
        assert!(matches!(damaged, Failure::Damaged(_)), "{damaged}");
        // Whole when it was looked at, cut off when it was read: half of it is in the transaction by then.
        let times = Cell::new(0);
        let open = || {
            times.set(times.get() + 1);
            Ok(if times.get() == 1 { bytes.as_slice() } else { cut })
        };
        let damaged = restore(&w.services, open, Replace::Everything).await.expect_err("cut off later");
        assert!(matches!(damaged, Failure::Damaged(_)), "{damaged}");
        let unreadable = || Err::<&[u8], _>(Failure::from(io::Error::from(io::ErrorKind::PermissionDenied)));
        restore(&w.services, unreadable, Replace::Everything).await.expect_err("no file");
        let newer = with_header(&bytes, "\"0011_own_access\"", "\"0011_own_access\",\"9999_later\"");
        let refused = brought_back(&w.services, &newer, Replace::Everything).await.expect_err("newer");
        assert!(refused.to_string().contains("9999_later"), "{refused}");

        assert_eq!(saved(&w.services).await.0.tables, before.tables);
        // The connection is as it was: rows that name what is not there are refused.
        let mut tx = w.services.db.write_aside().await.expect("a transaction");
        let orphan = tx
            .sql("INSERT INTO team_member (team_id, user_id, added_at) VALUES (?, ?, 0)")
            .bind(Uuid::nil())
            .bind(Uuid::nil())
            .run()
            .await;
        assert!(matches!(orphan, Err(store::Error::Dangling(_))), "{orphan:?}");
    });
}

#[test]
fn replacing_brings_back_what_was_and_nothing_that_is_remembered_fits_it() {
    both(|db| async move {
        let (w, ann, project) = workspace_with_work(db).await;
        let (summary, bytes) = saved(&w.services).await;
        let bea = w.user("bea", "Project manager").await;
        w.project(&bea, "LATE").await;
        let counters = async |w: &Workspace| {
            let mut tx = w.services.db.peek().await.expect("a connection");
            store::counters::read(&mut tx).await.expect("the counters")
        };
        let before = counters(&w).await;
        brought_back(&w.services, &bytes, Replace::Everything).await.expect("brought back");
        assert_eq!(content(&saved(&w.services).await.0), content(&summary));
        assert!(
            counters(&w).await.access > before.access + 1000,
            "else a cache could take it for what it knows"
        );
        // Work goes on from there.
        w.task(&w.refresh(&ann).await, &project, "After it").await;
    });
}

#[test]
fn a_backup_of_older_tables_is_brought_to_this_version() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        store::schema::down(&w.services.db, 1).await.expect("taken back");
        let (_, older) = saved(&w.services).await;
        store::schema::up(&w.services.db, 0).await.expect("migrated");
        let (summary, _) = saved(&w.services).await;
        let refused = brought_back(&w.services, &older, Replace::Everything).await.expect_err("other tables");
        assert!(refused.to_string().contains("empty database"), "{refused}");
        let folder = tempfile::tempdir().expect("a folder");
        for other in elsewhere(&folder).await {
            brought_back(&other, &older, Replace::No).await.expect("brought back");
            let migrated = store::schema::up(&other.db, 0).await.expect("migrated");
            assert_eq!(migrated, ["0011 own_access"]);
            assert_eq!(content(&saved(&other).await.0), content(&summary));
            other.db.close().await;
        }
    });
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        let (before, bytes) = saved(&w.services).await;
        let later = async |text: &'static str| {
            let mut tx = w.services.db.write_aside().await.expect("a transaction");
            tx.sql(text).bind(9999_i64).run().await.expect("it runs");
            tx.commit().await.expect("it is kept");
        };
        later("INSERT INTO schema_migration (version, name, statements, finished, applied_at) VALUES (?, 'later', 1, 1, 0)").await;
        let refused = brought_back(&w.services, &bytes, Replace::Everything).await.expect_err("newer");
        assert!(refused.to_string().contains("9999_later"), "{refused}");
        later("DELETE FROM schema_migration WHERE version = ?").await;
        assert_eq!(saved(&w.services).await.0.tables, before.tables);
    });
}

#[test]
fn tables_of_others_are_neither_saved_nor_touched() {
    both(|db| async move {
        let (w, ..) = workspace_with_work(db).await;
        let run = async |text: &'static str| {
            let mut tx = w.services.db.write_aside().await.expect("a transaction");
            tx.sql(text).run().await.expect("it runs");
            tx.commit().await.expect("it is kept");
        };
        run("CREATE TABLE replicator_note (id BIGINT NOT NULL)").await;
        let (summary, bytes) = saved(&w.services).await;
        assert!(summary.tables.iter().all(|table| table.table.name != "replicator_note"));
        brought_back(&w.services, &bytes, Replace::Everything).await.expect("brought back");
        run("DROP TABLE replicator_note").await;
    });
}

#[test]
fn it_is_of_one_moment_while_others_write() {
    both(|db| async move {
        let (w, ann, Project { id: project, .. }) = workspace_with_work(db).await;
        let services = w.services.clone();
        let writer = tokio::spawn(async move {
            for number in 0..60 {
                let new = NewTask { title: format!("While {number}"), ..NewTask::default() };
                tasks::create(&services, &ann, project, new).await.expect("made");
            }
        });
        let folder = tempfile::tempdir().expect("a folder");
        for (number, other) in elsewhere(&folder).await.into_iter().enumerate() {
            let file = folder.path().join(format!("{number}.backup"));
            let out = fs::File::create(&file).expect("a file");
            create(&w.services, out, None).await.expect("a backup");
            let bytes = fs::read(&file).expect("the file");
            brought_back(&other, &bytes, Replace::No).await.expect("brought back");
            // What is kept beside the tasks fits them: nothing of half a use case is in it.
            let mut tx = other.db.peek().await.expect("a connection");
            let project =
                store::projects::find_by_key(&mut tx, "BOAT").await.expect("asked").expect("a project");
            let counted = backup::counts(&other).await.expect("counted");
            let rows = |name: &str| counted.iter().find(|(table, _)| table == name).expect("a table").1;
            assert_eq!(
                rows("task"),
                u64::try_from(project.open_count + project.done_count).expect("a count")
            );
            drop(tx);
            other.db.close().await;
        }
        writer.await.expect("all were made");
    });
}

#[test]
fn one_of_several_servers_makes_the_backup_of_a_day() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let s = &w.services;
        let due = w.services.now();
        let (one, other) = tokio::join!(claim(s, Chore::Backup, due), claim(s, Chore::Backup, due));
        assert_eq!(u8::from(one.expect("asked")) + u8::from(other.expect("asked")), 1);
        note(s, Chore::Backup, Ended::Failed("the disk is full".into())).await.expect("noted");
        assert!(!claim(s, Chore::Backup, due).await.expect("asked"), "it failed a moment ago");
        w.clock.advance_seconds(15 * 60);
        assert!(claim(s, Chore::Backup, due).await.expect("asked"));
        note(s, Chore::Backup, Ended::Well).await.expect("noted");
        let last = last(s, Chore::Backup).await.expect("asked");
        assert_eq!((last.done_at, last.failed), (Some(s.now()), None));
        w.clock.advance_seconds(60 * 60);
        assert!(!claim(s, Chore::Backup, due).await.expect("asked"), "it is done for the day");
        assert!(claim(s, Chore::Backup, s.now()).await.expect("asked"), "the next one is due");
    });
}

#[test]
fn a_turn_is_taken_once_and_can_be_given_back() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let s = &w.services;
        let due = s.now();
        assert!(backup::claim(s, Chore::Drill, due).await.expect("asked"));
        assert!(!backup::claim(s, Chore::Drill, due).await.expect("asked"), "somebody is at it");
        assert!(backup::claim(s, Chore::Backup, due).await.expect("asked"), "that is another turn");
        backup::give_back(s, Chore::Drill).await.expect("given");
        assert_eq!(backup::last(s, Chore::Drill).await.expect("read"), Last::default());
        assert!(backup::claim(s, Chore::Drill, due).await.expect("asked"));
        backup::note(s, Chore::Drill, Ended::Failed("It is damaged.".into())).await.expect("noted");
        let last = backup::last(s, Chore::Drill).await.expect("read");
        assert_eq!((last.failed.as_deref(), last.done_at), (Some("It is damaged."), None));
        assert!(!backup::claim(s, Chore::Drill, due).await.expect("asked"), "not at once");
        w.clock.advance_seconds(24 * 60 * 60);
        assert!(backup::claim(s, Chore::Drill, due).await.expect("asked"));
        backup::note(s, Chore::Drill, Ended::Untried("There is no room.".into())).await.expect("noted");
        let last = backup::last(s, Chore::Drill).await.expect("read");
        assert!(last.failed.is_some() && last.untried.is_some(), "what was damaged is not whole by that");
        assert!(!backup::is_due(s, Chore::Drill, due).await.expect("asked"), "not at once");
        w.clock.advance_seconds(24 * 60 * 60);
        assert!(backup::claim(s, Chore::Drill, due).await.expect("asked"));
        backup::note(s, Chore::Drill, Ended::Well).await.expect("noted");
        assert!(!backup::claim(s, Chore::Drill, due).await.expect("asked"), "it is done");
        let last = backup::last(s, Chore::Drill).await.expect("read");
        assert_eq!((last.failed, last.untried), (None, None));
    });
}
