//! A Redis of a test's own: nothing of it is kept, nothing of the machine's is touched.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a cluster may take to come about on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running `redis-server`; ends with the test.
pub struct Redis {
    process: Child,
    port: u16,
    cluster: bool,
    folder: TempDir,
}

impl Redis {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// If there is none to start; `make test` installs it.
    pub fn start() -> Self {
        Self::of(false)
    }

    /// Three nodes with a replica each, as one cluster.
    ///
    /// # Panics
    /// If it does not come about.
    pub fn cluster() -> Vec<Self> {
        let nodes: Vec<Self> = (0..6).map(|_| Self::of(true)).collect();
        let made = Command::new("redis-cli")
            .args(["--cluster", "create", "--cluster-yes", "--cluster-replicas", "1"])
            .args(nodes.iter().map(Self::address))
            .output()
            .expect("redis-cli");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stdout));
        // A replica that never had its master's data does not take over.
        let begin = Instant::now();
        while !nodes.iter().all(Self::is_ready) {
            assert!(begin.elapsed() < PATIENCE, "the cluster does not come about");
            sleep(Duration::from_millis(50));
        }
        nodes
    }

    /// Knows of the whole cluster and has the data of its master, if it is a replica.
    fn is_ready(&self) -> bool {
        let said = |what: &[&str]| {
            let port = self.port.to_string();
            let told = Command::new("redis-cli").args(["-p", &port]).args(what).output().expect("redis-cli");
            String::from_utf8_lossy(&told.stdout).into_owned()
        };
        let replication = said(&["info", "replication"]);
        said(&["cluster", "info"]).contains("cluster_state:ok")
            && (replication.contains("role:master") || replication.contains("master_link_status:up"))
    }

    fn of(cluster: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Nodes of a cluster talk to each other at a port ten thousand above their own.
        let port = crate::ports::free(if cluster { &[0, 10_000] } else { &[0] });
        let process = launch(port, cluster, &folder);
        let mut redis = Self { process, port, cluster, folder };
        redis.wait();
        redis
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// `redis://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("redis://{}", self.address())
    }

    /// Kills it.
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
        self.process = launch(self.port, self.cluster, &self.folder);
        self.wait();
    }

    /// Takes connections and answers nothing, until [`Self::go_on`].
    ///
    /// # Panics
    /// If it can't be stopped.
    pub fn hang(&self) {
        crate::ports::signal(&self.process, "STOP");
    }

    /// Answers again.
    ///
    /// # Panics
    /// If it can't.
    pub fn go_on(&self) {
        crate::ports::signal(&self.process, "CONT");
    }

    fn wait(&mut self) {
        crate::ports::wait(self.port, &mut self.process, || "redis-server does not start".to_owned());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn launch(port: u16, cluster: bool, folder: &TempDir) -> Child {
    // The program is in Debian's package of tools, by another name: the one with this name brings a service that would
    // run by itself. As which of the two it is called is what it becomes.
    let mut command = Command::new("redis-check-rdb");
    command.arg0("redis-server").current_dir(folder.path()).args(["--bind", "127.0.0.1", "--save", ""]);
    command.args(["--port", &port.to_string(), "--cluster-enabled", if cluster { "yes" } else { "no" }]);
    command.args(["--cluster-node-timeout", "2000", "--appendonly", "no", "--repl-diskless-sync-delay", "0"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
        .spawn()
        .expect("redis-check-rdb, which is redis-server by another name: `scripts/setup test` installs it")
}
