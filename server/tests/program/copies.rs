//! Second copies of backups in a storage that speaks S3, as an operator has them.

use crate::support::{Program, add, aside, backup_key as key, data, database, eventually, the_backup};
use std::{fs, path::Path};
use testkit::s3::{KEY_ID, S3, SECRET};

/// With copies in `s3://saved/pms`.
fn pms(data: &Path, storage: &S3) -> Program {
    pms_as(data, storage, SECRET)
}

fn pms_as(data: &Path, storage: &S3, secret: &str) -> Program {
    Program::new(data)
        .env("PMS_BACKUP_S3", "s3://saved/pms")
        .env("PMS_BACKUP_S3_ENDPOINT", &storage.endpoint())
        .env("PMS_BACKUP_S3_KEY_ID", KEY_ID)
        .env("PMS_BACKUP_S3_SECRET", secret)
}

/// The only backup there is, by its name.
fn name_of_the_backup(data: &Path) -> String {
    let path = the_backup(data);
    path.rsplit('/').next().expect("a name").to_owned()
}

#[test]
fn a_copy_is_the_same_and_comes_back_on_both_engines() {
    let (storage, here) = (S3::start("saved"), data());
    let here = here.path();
    add(here, "ada", "Administrator");
    let (key, recipient) = key(here, "key");
    let made = pms(here, &storage).env("PMS_BACKUP_RECIPIENTS", &recipient).run(&["backup", "create"]);
    let name = name_of_the_backup(here);
    let url = format!("s3://saved/pms/{name}");
    assert!(made.code == Some(0) && made.out.ends_with(&url), "{} {}", made.out, made.err);
    let local = fs::read(here.join("backups").join(&name)).expect("read");
    assert_eq!(fs::read(storage.object("saved/pms").join(&name)).expect("read"), local);

    let listed = pms(here, &storage).run(&["backup", "list"]).out;
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("encrypted") && lines[1].ends_with(&url), "{listed}");
    pms(here, &storage).run(&["backup", "verify", &url, "--key", &key]).succeeds(&format!("{url} is whole"));
    pms(here, &storage).run(&["backup", "drill", &url, "--key", &key]).succeeds("came back whole");
    let doctor = pms(here, &storage).env("PMS_BACKUP_RECIPIENTS", &recipient).run(&["doctor"]);
    assert!(doctor.out.contains("ok\tcopies\t1 in s3://saved/pms/"), "{}", doctor.out);

    let there = data();
    let there = there.path();
    // A new machine, which has no copies of its own yet.
    let bare = || pms(there, &storage).env("PMS_BACKUP_S3", "s3://saved/new");
    bare().run(&["restore", &url, "--key", &key]).succeeds("Restored");
    Program::new(there).run(&["user", "list"]).succeeds("ada@example.org");
    let mysql = database::empty_mysql();
    let restored = pms(there, &storage).database(&mysql).run(&["restore", &url, "--key", &key]);
    restored.succeeds("Restored");
    Program::new(there).database(&mysql).run(&["user", "list"]).succeeds("ada@example.org");
    assert!(aside(there).is_none() && aside(here).is_none(), "nothing of it stays");
}

#[test]
fn what_was_spoilt_in_the_bucket_is_refused_before_anything_is_touched() {
    let (storage, data) = (S3::start("saved"), data());
    let data = data.path();
    add(data, "ada", "Administrator");
    let (right, recipient) = key(data, "key");
    let (wrong, _) = key(data, "other");
    pms(data, &storage)
        .env("PMS_BACKUP_RECIPIENTS", &recipient)
        .run(&["backup", "create"])
        .succeeds("s3://saved/pms/");
    let name = name_of_the_backup(data);
    let (url, object) = (format!("s3://saved/pms/{name}"), storage.object("saved/pms").join(&name));
    add(data, "eve", "Administrator");
    let whole = fs::read(&object).expect("read");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, key, why) in [
        (&flipped[..], &right, "damaged"),
        (&whole[..whole.len() - 20], &right, "damaged"),
        (&whole[..], &wrong, "does not open"),
    ] {
        fs::write(&object, bytes).expect("written");
        for command in
            [&["backup", "verify", &url, "--key", key][..], &["restore", &url, "--key", key, "--replace"]]
        {
            let refused = pms(data, &storage).run(command).fails();
            assert!(refused.contains(why), "{refused}");
        }
        Program::new(data).run(&["user", "list"]).succeeds("eve@example.org");
    }
    assert!(aside(data).is_none(), "nothing of it stays");
    for no in ["s3://saved/pms", "s3://saved/pms/notes.backup", "s3://../pms-20261129T020000Z.backup"] {
        let refused = pms(data, &storage).run(&["backup", "verify", no]).fails();
        assert!(refused.contains("names no backup in S3"), "{refused}");
    }
}

#[test]
fn what_somebody_else_has_put_into_the_bucket_is_not_taken_for_ours() {
    let (storage, here, theirs) = (S3::start("saved"), data(), data());
    let (here, theirs) = (here.path(), theirs.path());
    add(here, "ada", "Administrator");
    add(theirs, "eve", "Administrator");
    let (key, recipient) = key(here, "key");
    let made = Program::new(theirs).env("PMS_BACKUP_RECIPIENTS", "none").run(&["backup", "create"]);
    assert_eq!(made.code, Some(0), "{}", made.err);
    let name = name_of_the_backup(theirs);
    let plain = theirs.join("backups").join(&name);
    fs::create_dir(storage.object("saved/pms")).expect("made");
    fs::copy(&plain, storage.object("saved/pms").join(&name)).expect("written");
    let (url, plain) = (format!("s3://saved/pms/{name}"), plain.display().to_string());
    for file in [&url, &plain] {
        for command in [
            &["backup", "verify", file, "--key", &key][..],
            &["backup", "drill", file, "--key", &key],
            &["restore", file, "--key", &key, "--replace"],
        ] {
            let refused = pms(here, &storage).run(command).fails();
            assert!(refused.contains("is not encrypted"), "{refused}");
        }
    }
    // Who forgets the key, but encrypts.
    let careless = pms(here, &storage).env("PMS_BACKUP_RECIPIENTS", &recipient);
    let refused = careless.run(&["restore", &url, "--replace"]).fails();
    assert!(refused.contains(&url) && refused.contains("is not encrypted"), "{refused}");
    Program::new(here).run(&["user", "list"]).succeeds("ada@example.org");
}

#[test]
fn a_storage_that_is_away_stops_no_start_and_each_try_to_migrate_uses_the_same_backup() {
    let (mut storage, data) = (S3::start("saved"), data());
    let data = data.path();
    add(data, "ada", "Administrator");
    let back = || Program::new(data).run(&["migrate", "down", "--yes", "--without-backup"]);
    back().succeeds("Took back");
    storage.stop();
    let saving = |storage: &S3| pms(data, storage).env("PMS_BACKUP_RECIPIENTS", "none");
    let mut server = saving(&storage).serve();
    assert!(server.line().starts_with("PMS serves"));
    server.stop();
    let name = name_of_the_backup(data);
    back().succeeds("Took back");
    for _ in 0..2 {
        let refused = saving(&storage).run(&["migrate", "up"]);
        assert_eq!(refused.code, Some(1), "{}", refused.out);
        assert!(
            refused.err.contains("A backup was made: ") && refused.err.contains(&name),
            "{}",
            refused.err
        );
        assert!(refused.err.contains("could not be copied to S3"), "{}", refused.err);
        assert_eq!(name_of_the_backup(data), name, "none is added by each try");
    }
    storage.start_again();
    saving(&storage).run(&["migrate", "up"]).succeeds(&format!("Copied to s3://saved/pms/{name}"));
    assert_eq!(name_of_the_backup(data), name);
}

#[test]
fn a_key_or_a_bucket_that_is_wrong_is_told_without_its_secret() {
    let (storage, data) = (S3::start("saved"), data());
    let data = data.path();
    add(data, "ada", "Administrator");
    let wrong = || pms_as(data, &storage, "wave9wave9").env("PMS_BACKUP_RECIPIENTS", "none");
    let made = wrong().run(&["backup", "create"]);
    assert!(made.code == Some(1) && made.err.contains("PMS_BACKUP_S3_SECRET"), "{}", made.err);
    assert!(made.err.contains("Backups are in") && made.out.contains("rows of"), "the file is there");
    name_of_the_backup(data);
    let doctor = wrong().run(&["doctor"]);
    assert!(doctor.out.contains("trouble\tcopies\tThe storage at http://127.0.0.1"), "{}", doctor.out);
    assert!(doctor.out.contains("copies of backups go to S3 without being encrypted"), "{}", doctor.out);
    let shown = wrong().run(&["config", "show"]);
    assert!(
        shown.out.contains("PMS_BACKUP_S3_SECRET") && shown.out.contains("s3://saved/pms/"),
        "{}",
        shown.out
    );
    for said in [&made.err, &doctor.out, &shown.out, &shown.err] {
        assert!(!said.contains("wave9"), "{said}");
    }
    let gone = pms(data, &storage).env("PMS_BACKUP_S3", "s3://gone").run(&["backup", "list"]);
    assert!(gone.code == Some(1) && gone.err.contains("There is no bucket gone"), "{}", gone.err);
    assert!(gone.out.contains(".backup"), "what is here is shown: {}", gone.out);
    let half = Program::new(data).env("PMS_BACKUP_S3", "s3://saved").run(&["backup", "list"]).fails();
    assert!(half.contains("PMS has no key for it"), "{half}");
    // From a file, as containers have their secrets.
    let file = data.join("s3-secret");
    fs::write(&file, format!("{SECRET}\n")).expect("written");
    let by_file = pms_as(data, &storage, "")
        .env("PMS_BACKUP_S3_SECRET_FILE", &file.display().to_string())
        .env("PMS_BACKUP_FOLDER", &data.join("elsewhere").display().to_string());
    by_file.env("PMS_BACKUP_RECIPIENTS", "none").run(&["backup", "create"]).succeeds("s3://saved/pms/");
}

#[test]
fn a_storage_that_was_away_at_night_gets_the_same_backup_later() {
    let (mut storage, data) = (S3::start("saved"), data());
    let data = data.path();
    add(data, "ada", "Administrator");
    storage.stop();
    let serve = |storage: &S3| {
        let pms = pms(data, storage).env("PMS_BACKUP_RECIPIENTS", "none").env("PMS_BACKUP_DAILY", "02:00");
        pms.serve_measured()
    };
    let server = serve(&storage);
    eventually("it is noted", || server.metric("pms_backup_failed ") == 1);
    assert!(!server.metrics().contains("pms_backup_last_success_timestamp_seconds "), "it does not count");
    server.stop();
    let name = name_of_the_backup(data);
    // As after a quarter of an hour.
    database::sql(data, "DELETE FROM setting WHERE name = 'backup'");
    storage.start_again();
    let server = serve(&storage);
    eventually("it is done", || server.metrics().contains("pms_backup_last_success_timestamp_seconds "));
    assert_eq!(server.metric("pms_backup_failed "), 0);
    server.stop();
    assert_eq!(name_of_the_backup(data), name, "no other was made");
    assert_eq!(storage.objects("saved"), [format!("pms/{name}")]);
}

#[test]
fn old_copies_go_and_nothing_of_others() {
    let (storage, data) = (S3::start("saved"), data());
    let data = data.path();
    add(data, "ada", "Administrator");
    fs::create_dir(storage.object("saved/pms")).expect("made");
    for day in 1..=9 {
        let name = format!("saved/pms/pms-2020010{day}T020000Z.backup");
        fs::write(storage.object(&name), "old").expect("written");
    }
    fs::write(storage.object("saved/pms/pms-of-others.backup"), "mine").expect("written");
    let would = pms(data, &storage).run(&["backup", "prune", "--dry-run"]);
    assert_eq!(would.out.lines().count(), 2, "the newest stay: {}", would.out);
    assert!(would.out.contains("Would remove s3://saved/pms/pms-20200101T020000Z.backup"), "{}", would.out);
    pms(data, &storage)
        .run(&["backup", "prune"])
        .succeeds("Removed s3://saved/pms/pms-20200102T020000Z.backup");
    let left = storage.objects("saved");
    assert!(left.len() == 8 && left.contains(&"pms/pms-of-others.backup".to_owned()), "{left:?}");
}
