//! Saving everything, and bringing it back, as an operator does.

use crate::support::{
    PASSWORD, Program, Running, add, aside, backup_key as key, data, database, eventually, serve, the_backup,
};
use std::{
    fs,
    io::Write as _,
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
    thread,
};

fn pms(data: &Path) -> Program {
    Program::new(data)
}

/// Where a backup is that was made just now.
fn backup_of_now(data: &Path) -> PathBuf {
    let stamp = Command::new("date").args(["-u", "+%Y%m%dT%H%M%SZ"]).output().expect("date").stdout;
    let stamp = String::from_utf8(stamp).expect("UTF-8");
    data.join(format!("backups/pms-{}.backup", stamp.trim()))
}

/// What health says of a check.
fn check(server: &Running, name: &str) -> String {
    let answer = server.get("/api/health");
    let (_, rest) = answer.split_once(&format!("\"{name}\":{{")).expect("the check");
    rest.split_once('}').expect("its end").0.to_owned()
}

#[test]
fn what_was_saved_is_brought_back_elsewhere_with_its_key_only() {
    let (here, there) = (data(), data());
    let (here, there) = (here.path(), there.path());
    add(here, "ada", "Administrator");
    let server = serve(here);
    assert!(pms(here).run(&["backup", "create"]).fails().contains("pms backup key"), "nobody said for whom");
    let (key, recipient) = key(here, "key");
    pms(here).env("PMS_BACKUP_RECIPIENTS", &recipient).run(&["backup", "create"]).succeeds("rows of");
    server.stop();
    let backup = the_backup(here);
    pms(here).run(&["backup", "list"]).succeeds("encrypted");
    assert!(pms(here).run(&["backup", "verify"]).fails().contains("--key FILE"));
    pms(here).run(&["backup", "verify", "--key", &key]).succeeds("is whole");
    pms(here).env("PMS_BACKUP_KEY", &key).run(&["backup", "drill"]).succeeds("came back whole");

    assert!(pms(there).run(&["restore", &backup]).fails().contains("encrypted"));
    pms(there).run(&["restore", &backup, "--key", &key]).succeeds("Restored");
    pms(there).run(&["user", "list"]).succeeds("ada@example.org");
    let secret = |data: &Path| fs::read_to_string(data.join("secret")).expect("a secret");
    assert_eq!(secret(there), secret(here), "links and push go on");
    let refused = pms(there).run(&["restore", &backup, "--key", &key]).fails();
    assert!(refused.contains("--replace"), "{refused}");
    add(there, "eve", "Administrator");
    pms(there).run(&["restore", &backup, "--key", &key, "--replace"]).succeeds("Restored");
    let users = pms(there).run(&["user", "list"]).out;
    assert!(users.contains("ada") && !users.contains("eve"), "{users}");
    let server = serve(there);
    server.sign_in("ada", PASSWORD);
    server.stop();
}

#[test]
fn a_flipped_bit_a_cut_file_and_a_wrong_key_are_refused_before_anything_is_touched() {
    let data = data();
    let data = data.path();
    add(data, "ada", "Administrator");
    let (right, recipient) = key(data, "key");
    let (wrong, _) = key(data, "other");
    pms(data).env("PMS_BACKUP_RECIPIENTS", &recipient).run(&["backup", "create"]).succeeds("rows of");
    let backup = the_backup(data);
    add(data, "eve", "Administrator");
    let whole = fs::read(&backup).expect("read");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 1;
    for (bytes, key, why) in [
        (&flipped[..], &right, "damaged"),
        (&whole[..whole.len() - 20], &right, "damaged"),
        (&whole[..], &wrong, "does not open"),
    ] {
        fs::write(&backup, bytes).expect("written");
        let refused = pms(data).run(&["restore", &backup, "--key", key, "--replace"]).fails();
        assert!(refused.contains(why), "{refused}");
        pms(data).run(&["user", "list"]).succeeds("eve@example.org");
    }
}

#[test]
fn a_full_disk_leaves_no_half_backup() {
    let data = data();
    let data = data.path();
    assert_eq!(pms(data).run(&["seed", "--tier", "s"]).code, Some(0));
    let full =
        pms(data).env("PMS_BACKUP_RECIPIENTS", "none").largest_file(256 * 1024).run(&["backup", "create"]);
    let sentence = full.fails();
    assert!(sentence.contains("The backup can't be read or written"), "{sentence}");
    assert_eq!(fs::read_dir(data.join("backups")).expect("it had begun").count(), 0);
}

/// Letters that do not become few in a backup.
fn noise(count: usize) -> String {
    let mut state = 1_u64;
    let letter = |_| {
        // Knuth's multiplier: good enough for that.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'a' + u8::try_from(state >> 33 & 15).expect("it is less"))
    };
    (0..count).map(letter).collect()
}

#[test]
fn a_disk_that_is_full_at_night_costs_a_database_server_nothing_but_the_backup() {
    let (data, url) = (data(), database::empty_mysql());
    let data = data.path();
    let migrated = pms(data).database(&url).run(&["migrate", "up"]);
    assert_eq!(migrated.code, Some(0), "{}", migrated.err);
    pms(data).database(&url).add("ada", "Administrator");
    let mut server = pms(data).database(&url).serve();
    server.line();
    let ada = server.sign_in("ada", PASSWORD);
    for number in 0..8 {
        let project =
            format!(r#"{{"name":"Log {number}","key":"LOG{number}","description":"{}"}}"#, noise(45_000));
        let made = server.post_as("/api/v1/projects", &ada, &project);
        assert!(made.starts_with("HTTP/1.1 201"), "{made}");
    }
    server.stop();

    let server = saving(data, &url, "none").largest_file(64 * 1024).serve_measured();
    eventually("it is noted", || server.metrics().contains("\npms_backup_failed 1"));
    assert!(check(&server, "backup").contains("the last backup failed"));
    assert_eq!(fs::read_dir(data.join("backups")).expect("it had begun").count(), 0, "no half backup stays");
    assert!(!server.metrics().contains("\npms_backup_last_success"), "and none counts as made");
    // Who works does not notice.
    assert!(server.get("/api/health/ready").starts_with("HTTP/1.1 200"));
    assert!(server.create_project(&ada, 1).is_some_and(|line| line.contains("201")));
    let doctor = saving(data, &url, "none").run(&["doctor"]);
    assert_eq!(doctor.code, Some(1));
    assert!(doctor.out.contains("trouble\tbackups\t"), "{}", doctor.out);
    // With room again it is made, by hand or with the next try.
    saving(data, &url, "none").run(&["backup", "create"]).succeeds("rows of");
    pms(data).run(&["backup", "verify"]).succeeds("is whole");
    server.stop();
}

#[test]
fn a_key_in_the_wrong_place_is_not_repeated() {
    let data = data();
    let data = data.path();
    let (path, _) = key(data, "key");
    let text = fs::read_to_string(path).expect("a key");
    let secret = text.lines().last().expect("a key").to_owned();
    let said = pms(data).env("PMS_BACKUP_RECIPIENTS", &secret).run(&["backup", "create"]).fails();
    assert!(said.contains("names no key") && !said.contains("SECRET"), "{said}");
    fs::write(data.join("pms.toml"), format!("[backup]\nrecipients = {secret}\n")).expect("written");
    let said = pms(data).run(&["backup", "create"]).fails();
    assert!(said.contains("line 2") && !said.contains("SECRET"), "{said}");
}

#[test]
fn a_server_makes_one_by_itself_and_says_at_its_start_when_it_cannot() {
    let data = data();
    let data = data.path();
    let daily = || pms(data).env("PMS_BACKUP_DAILY", "02:00");
    let refused = daily().run(&["serve", "--listen", "127.0.0.1:0"]).fails();
    assert!(refused.contains("PMS_BACKUP_RECIPIENTS"), "{refused}");
    // One that a clock dated into time to come, and a disk has spoilt, is not the newest.
    fs::create_dir_all(data.join("backups")).expect("made");
    fs::write(data.join("backups/pms-29991231T000000Z.backup"), "what a disk made of it").expect("written");
    let mut server = daily().env("PMS_BACKUP_RECIPIENTS", "none").serve();
    server.line();
    let made = || {
        let files = fs::read_dir(data.join("backups")).expect("a folder").flatten();
        files.filter(|file| file.path().extension().is_some_and(|end| end == "backup")).count() == 2
    };
    eventually("a backup is made", made);
    server.stop();
    pms(data).run(&["backup", "verify"]).succeeds("is whole");
    pms(data).run(&["backup", "prune"]).succeeds("No backup is old enough to go.");
}

#[test]
fn everything_moves_to_a_database_server() {
    let data = data();
    let data = data.path();
    add(data, "ada", "Administrator");
    let url = database::empty_mysql();
    // As a try leaves it that was broken off while it made the tables.
    database::cut_off_second_migration(&url);
    pms(data).run(&["move", "--to", &url]).succeeds("Copied");
    goes_on_where_it_was(&url, &|| pms(data), &|| pms(data).database(&url));
    let refused = pms(data).run(&["move", "--to", &url]).fails();
    assert!(refused.contains("--replace"), "{refused}");
    // And back.
    let embedded = format!("sqlite:{}", data.join("back.db").display());
    pms(data).database(&url).run(&["move", "--to", &embedded]).succeeds("Copied");
    goes_on_where_it_was(&embedded, &|| pms(data).database(&url), &|| pms(data).database(&embedded));
    // The same file by another name.
    let same = format!("sqlite:{}", data.join("./back.db").display());
    let refused = pms(data).database(&embedded).run(&["move", "--to", &same, "--replace"]).fails();
    assert!(refused.contains("already"), "{refused}");
    pms(data).database(&embedded).run(&["user", "list"]).succeeds("ada@example.org");
}

/// Nothing works with what a move has filled by half, until the next one has filled the rest.
fn goes_on_where_it_was(url: &str, from: &dyn Fn() -> Program, to: &dyn Fn() -> Program) {
    to().run(&["user", "list"]).succeeds("ada@example.org");
    database::sql_at(
        url,
        "INSERT INTO schema_migration (version, name, statements, finished, applied_at)
         VALUES (0, 'pms_move', 2, FALSE, 7)",
    );
    for command in [
        &["user", "list"][..],
        &["serve", "--listen", "127.0.0.1:0"],
        &["migrate", "up"],
        &["migrate", "plan"],
        &["migrate", "down", "--yes"],
        &["backup", "create"],
    ] {
        let refused = to().env("PMS_BACKUP_RECIPIENTS", "none").run(command).fails();
        assert!(refused.contains("not whole"), "{command:?}: {refused}");
    }
    from().run(&["move", "--to", url]).succeeds("2 tables were there from a try before.");
    to().run(&["user", "list"]).succeeds("ada@example.org");
}

/// A server that makes backups of this database for whoever has the key, if it has one.
fn saving(data: &Path, url: &str, recipients: &str) -> Program {
    pms(data).database(url).env("PMS_BACKUP_DAILY", "02:00").env("PMS_BACKUP_RECIPIENTS", recipients)
}

#[test]
fn a_server_rehearses_a_restore_by_itself_on_both_engines() {
    let mysql = database::empty_mysql();
    for mysql in [None, Some(mysql)] {
        let data = data();
        let data = data.path();
        let url = mysql.unwrap_or_else(|| format!("sqlite:{}", data.join("pms.db").display()));
        let migrated = pms(data).database(&url).run(&["migrate", "up"]);
        assert_eq!(migrated.code, Some(0), "{}", migrated.err);
        pms(data).database(&url).add("ada", "Administrator");
        let (key, recipient) = key(data, "key");
        let with_key = || saving(data, &url, &recipient).env("PMS_BACKUP_KEY", &key);
        let server = with_key().serve_measured();
        let done = "pms_backup_drill_last_success_timestamp_seconds ";
        eventually("a restore is rehearsed", || server.metrics().contains(&format!("\n{done}")));
        assert_eq!(server.metric("pms_backup_drill_failed "), 0);
        assert_eq!(check(&server, "drill"), "\"status\":\"ok\"");
        assert_eq!(check(&server, "backup"), "\"status\":\"ok\"");
        assert_eq!(server.metric("pms_backup_drill_enabled "), 1);
        server.stop();
        assert!(aside(data).is_none(), "nothing of it stays");
        with_key().run(&["doctor"]).succeeds("ok\tdrill\ta backup came back whole 0 days ago.");
    }
}

#[test]
fn a_server_that_can_not_read_its_backups_says_so_and_does_not_fail_at_it() {
    let data = data();
    let data = data.path();
    add(data, "ada", "Administrator");
    let (_, recipient) = key(data, "key");
    let url = format!("sqlite:{}", data.join("pms.db").display());
    let server = saving(data, &url, &recipient).serve_measured();
    eventually("a backup is made", || server.metrics().contains("\npms_backup_last_success"));
    let drill = check(&server, "drill");
    assert!(drill.contains("\"not configured\"") && drill.contains("has no key"), "{drill}");
    assert_eq!(server.metric("pms_backup_drill_enabled "), 0);
    assert!(!server.metrics().contains("\npms_backup_drill_failed"), "it does not try");
    server.stop();
    let doctor = saving(data, &url, &recipient).run(&["doctor"]);
    assert!(doctor.out.contains("warning\tdrill\tThe server has no key"), "{}", doctor.out);
    let told = saving(data, &url, &recipient).env("PMS_BACKUP_DRILL", "never").run(&["doctor"]);
    assert!(!told.out.contains("\tdrill\t"), "{}", told.out);
    let wrong = saving(data, &url, &recipient).env("PMS_BACKUP_KEY", "/nowhere/key");
    assert!(
        wrong.run(&["serve", "--listen", "127.0.0.1:0"]).fails().contains("cannot read the key /nowhere")
    );
}

#[test]
fn a_backup_that_does_not_come_back_is_told() {
    let data = data();
    let data = data.path();
    add(data, "ada", "Administrator");
    fs::create_dir(data.join("backups")).expect("made");
    // The newest there is.
    fs::write(backup_of_now(data), "what a disk made of it").expect("written");
    // What a server that was killed has left.
    fs::create_dir(data.join("aside-drill-0")).expect("made");
    fs::write(data.join("aside-drill-0/lock"), "").expect("written");
    let url = format!("sqlite:{}", data.join("pms.db").display());
    let server = saving(data, &url, "none").serve_measured();
    eventually("it is noted", || server.metric("pms_backup_drill_failed ") == 1);
    let drill = check(&server, "drill");
    assert!(drill.contains("\"error\"") && drill.contains("did not come back"), "{drill}");
    assert!(server.get("/api/health").starts_with("HTTP/1.1 200"), "requests are answered as well as ever");
    server.stop();
    assert!(aside(data).is_none(), "nothing of it stays");
    let doctor = saving(data, &url, "none").run(&["doctor"]);
    assert_eq!(doctor.code, Some(1));
    assert!(doctor.out.contains("trouble\tdrill\ta backup did not come back"), "{}", doctor.out);
    assert!(doctor.out.contains("The backup is damaged"), "{}", doctor.out);
}

#[test]
fn a_drill_that_is_stopped_with_its_server_leaves_nothing_and_is_no_failure() {
    let data = data();
    let data = data.path();
    add(data, "ada", "Administrator");
    fs::create_dir(data.join("backups")).expect("made");
    // The newest backup comes as slowly as we write into it.
    let pipe = backup_of_now(data);
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let url = format!("sqlite:{}", data.join("pms.db").display());
    let server = saving(data, &url, "none").serve_measured();
    // That waits until the drill has opened it.
    let writing = fs::OpenOptions::new().write(true).open(&pipe).expect("the drill reads it");
    let folder = aside(data).expect("where it will be brought back");
    let address = server.address().to_owned();
    let stopping = thread::spawn(|| server.stop());
    // Where nobody listens any more, it has heard; only then what is read ends.
    eventually("it stops", || TcpStream::connect(&address).is_err());
    drop(writing);
    stopping.join().expect("it ends well");
    assert!(!folder.exists() && aside(data).is_none(), "nothing of it stays");
    fs::remove_file(pipe).expect("removed");
    let doctor = saving(data, &url, "none").run(&["doctor"]);
    assert!(doctor.out.contains("warning\tdrill\tthere was none yet."), "{}", doctor.out);
}

#[test]
fn a_key_that_is_gone_after_the_start_is_told() {
    let data = data();
    let data = data.path();
    add(data, "ada", "Administrator");
    let (key, recipient) = key(data, "key");
    let url = format!("sqlite:{}", data.join("pms.db").display());
    let pipe = data.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    // The server reads the key once at its start, and finds none where it was when it wants it again.
    let giving = thread::spawn({
        let pipe = pipe.clone();
        move || {
            let mut writing = fs::OpenOptions::new().write(true).open(&pipe).expect("the server reads it");
            fs::remove_file(pipe).expect("removed");
            writing.write_all(&fs::read(key).expect("a key")).expect("written");
        }
    });
    let with_key = || saving(data, &url, &recipient).env("PMS_BACKUP_KEY", &pipe.display().to_string());
    let server = with_key().serve_measured();
    giving.join().expect("given");
    eventually("it is noted", || server.metric("pms_backup_drill_failed ") == 1);
    server.stop();
    let doctor = with_key().run(&["doctor"]);
    assert!(
        doctor.out.contains("trouble\tdrill\t") && doctor.out.contains("cannot read the key"),
        "{}",
        doctor.out
    );
}
