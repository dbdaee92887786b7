//! A MariaDB of a test's own, which may be killed: unlike the one that tests share, it flushes what it commits.

use crate::plans::Ran;
use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A running `mariadbd` with an empty database `pms`; ends with the test.
pub struct MariaDb {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl MariaDb {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// If there is none to start; `make test` installs it.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut install = program("mariadb-install-db");
        install.args(["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db"]);
        install.arg(format!("--datadir={}", folder.path().join("data").display()));
        install.env("TMPDIR", folder.path());
        // Root may run it only if it says so.
        install.args(is_root().then_some("--user=root"));
        let made = install.output().expect("mariadb-install-db");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        // On each server by itself, so that a replica may have it already.
        let accounts = "SET sql_log_bin = 0;
            CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
            GRANT ALL ON *.* TO 'root'@'127.0.0.1';
            CREATE DATABASE IF NOT EXISTS pms CHARACTER SET utf8mb4;";
        fs::write(folder.path().join("init.sql"), accounts).expect("a file");
        let port = crate::ports::free(&[0]);
        let mut database = Self { process: launch(port, &folder), port, folder };
        database.wait();
        database
    }

    /// Starts one that follows `primary` from its beginning.
    ///
    /// # Panics
    /// If it does not.
    pub fn replica_of(primary: &Self) -> Self {
        let replica = Self::start();
        replica.run(&format!(
            "CHANGE MASTER TO master_host = '127.0.0.1', master_port = {}, master_user = 'root', master_use_gtid = slave_pos,
             master_connect_retry = 1; START SLAVE",
            primary.port
        ));
        replica
    }

    /// A replica shows nothing new until [`Self::let_on`].
    ///
    /// # Panics
    /// If it is none.
    pub fn hold_back(&self) {
        self.run("STOP SLAVE SQL_THREAD");
    }

    /// A replica goes on where it was.
    ///
    /// # Panics
    /// If it is none.
    pub fn let_on(&self) {
        self.run("START SLAVE SQL_THREAD");
    }

    /// From now on it notes what each statement reads, for [`Self::ran`].
    ///
    /// # Panics
    /// If it can't.
    pub fn note_statements(&self) {
        self.run(&format!(
            "SET GLOBAL slow_query_log_file = '{}', long_query_time = 0, log_slow_verbosity = 'explain', slow_query_log = 1",
            self.slow_log().display()
        ));
    }

    /// What statements read since [`Self::note_statements`], of connections that were made afterwards.
    ///
    /// # Panics
    /// If there is no log.
    pub fn ran(&self) -> Vec<Ran> {
        // A statement is noted after it was answered, so what is sought ends where this one stands.
        let last = format!("SELECT {}", fs::metadata(self.slow_log()).map_or(0, |log| log.len()));
        self.run(&last);
        let begin = Instant::now();
        loop {
            // Ids stand in it as they are.
            let log = fs::read(self.slow_log()).expect("the log");
            let log = String::from_utf8_lossy(&log);
            if log.contains(&last) {
                return crate::plans::ran(&log);
            }
            assert!(begin.elapsed() < Duration::from_secs(10), "{last} is not noted");
            sleep(Duration::from_millis(20));
        }
    }

    fn slow_log(&self) -> PathBuf {
        self.folder.path().join("slow.log")
    }

    /// Nobody else reads or writes that table until the lock is dropped.
    ///
    /// # Panics
    /// If there is no such table.
    pub fn lock(&self, table: &str) -> TableLock {
        let mut client = self.client();
        client.arg("--unbuffered").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut client = client.spawn().expect("mariadb");
        let (input, output) = (client.stdin.as_mut().expect("its input"), client.stdout.as_mut());
        writeln!(input, "LOCK TABLES {table} WRITE; SELECT 'held';").expect("it reads");
        let mut said = String::new();
        BufReader::new(output.expect("its output")).read_line(&mut said).expect("it answers");
        assert_eq!(said.trim(), "held");
        TableLock(client)
    }

    fn run(&self, statements: &str) {
        let done = self.client().arg(format!("--execute={statements}")).output().expect("mariadb");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn client(&self) -> Command {
        let mut client = program("mariadb");
        client.args(["--no-defaults", "--skip-ssl", "--host=127.0.0.1", "--user=root", "pms"]);
        client.arg(format!("--port={}", self.port));
        client
    }

    /// `mysql://root@127.0.0.1:PORT/pms`
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/pms", self.port)
    }

    /// Kills it, as a machine that loses its power.
    ///
    /// # Panics
    /// If it can't be.
    pub fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }

    /// Starts it again, at the same place, after [`Self::kill`].
    ///
    /// # Panics
    /// If it does not start.
    pub fn start_again(&mut self) {
        self.process = launch(self.port, &self.folder);
        self.wait();
    }

    /// It keeps its connections and answers nobody until [`Self::go_on`], as on a machine that hangs.
    ///
    /// # Panics
    /// If it can't be.
    pub fn hang(&self) {
        crate::ports::signal(&self.process, "STOP");
    }

    /// It goes on where it was.
    ///
    /// # Panics
    /// If it can't.
    pub fn go_on(&self) {
        crate::ports::signal(&self.process, "CONT");
    }

    fn wait(&mut self) {
        let log = self.folder.path().join("log");
        crate::ports::wait(self.port, &mut self.process, || {
            format!("mariadbd does not start: {}", fs::read_to_string(log).unwrap_or_default())
        });
    }
}

/// See [`MariaDb::lock`].
pub struct TableLock(Child);

impl Drop for TableLock {
    fn drop(&mut self) {
        // It ends with its input, and the server lets go what it held.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn launch(port: u16, folder: &TempDir) -> Child {
    let within = |name: &str| folder.path().join(name).display().to_string();
    let mut server = program("mariadbd");
    server.arg("--no-defaults").args(is_root().then_some("--user=root"));
    server.arg(format!("--datadir={}", within("data"))).arg(format!("--socket={}", within("socket")));
    server.arg(format!("--init-file={}", within("init.sql"))).arg(format!("--log-error={}", within("log")));
    server.arg(format!("--pid-file={}", within("mariadbd.pid"))).arg(format!("--port={port}"));
    server.args(["--bind-address=127.0.0.1", "--skip-name-resolve", "--skip-ssl", "--max-connections=200"]);
    // What a replica reads, as safe as the rest.
    server.arg(format!("--server-id={port}")).args(["--log-bin=binlog", "--sync-binlog=1"]);
    server.args(["--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=64M"]);
    // One that starts removes there what it takes for its own leftovers, and it would be others' tables.
    server.env("TMPDIR", folder.path());
    server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    server.spawn().expect("mariadbd: `scripts/setup test` installs it")
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| std::os::unix::fs::MetadataExt::uid(&process) == 0)
}

/// Debian keeps servers in `/usr/sbin`, which is not on everybody's `PATH`.
fn program(name: &str) -> Command {
    let usual = PathBuf::from("/usr/sbin").join(name);
    Command::new(if usual.exists() { usual } else { name.into() })
}
