//! The binary that is measured, with a data folder of its own.

use crate::{
    arguments::Tier,
    client::{Ask, Connection},
    process::Process,
    statements,
};
use anyhow::{Context as _, Result, ensure};
use hyper::StatusCode;
use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{io::AsyncWriteExt as _, process::Command};

/// The password of everyone in the made-up workspace: the one that the load script knows.
pub const PASSWORD: &str = "password123";

/// What is measured is how much the server can do, not how much of it one caller may ask for.
const WITHOUT_LIMITS: [&str; 5] = [
    "PMS_LIMIT_NETWORK",
    "PMS_LIMIT_ANONYMOUS",
    "PMS_LIMIT_SIGN_IN",
    "PMS_LIMIT_PERSON",
    "PMS_LIMIT_SENSITIVE",
];

/// A binary and the folder that it keeps its data in, removed at the end.
pub struct Pms {
    binary: PathBuf,
    folder: TempDir,
    /// Where its database is, if not in the folder.
    server: Option<String>,
}

impl Pms {
    /// With a new, empty folder.
    pub fn new(binary: &Path) -> Result<Self> {
        let binary = binary.canonicalize().with_context(|| format!("there is no {}", binary.display()))?;
        Ok(Self { binary, folder: TempDir::with_prefix("pms-bench-")?, server: None })
    }

    /// The same with its database, an empty one, on a server.
    pub async fn on(self, url: String) -> Result<Self> {
        let pms = Self { server: Some(url), ..self };
        let status = pms.command().args(["migrate", "up"]).stdout(Stdio::null()).status().await?;
        ensure!(status.success(), "pms migrate up ended with {status}");
        Ok(pms)
    }

    /// Fills the workspace; gives how long it took.
    pub async fn seed(&self, tier: Tier) -> Result<Duration> {
        let started = Instant::now();
        let mut command = self.command();
        command.args(["seed", "--tier", tier.as_str(), "--password", PASSWORD]);
        let status = command.stdout(Stdio::null()).status().await.context("pms seed")?;
        ensure!(status.success(), "pms seed ended with {status}");
        Ok(started.elapsed())
    }

    /// Adds someone who can sign in with [`PASSWORD`]-like words.
    pub async fn create_user(&self, username: &str, role: &str, password: &str) -> Result<()> {
        let mut command = self.command();
        command.args(["user", "create", "--username", username, "--role", role, "--password-stdin"]);
        command.arg("--email").arg(format!("{username}@example.org"));
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().context("pms user create")?;
        let mut stdin = child.stdin.take().context("pms user create reads nothing")?;
        stdin.write_all(format!("{password}\n").as_bytes()).await?;
        drop(stdin);
        let status = child.wait().await?;
        ensure!(status.success(), "pms user create ended with {status}");
        Ok(())
    }

    /// Starts the server and waits until it says that it is well; gives how long that took.
    pub async fn serve(&self) -> Result<(Process, Duration)> {
        self.start(&["--log", "error"], Stdio::inherit()).await
    }

    /// The same with a log that tells each statement.
    pub async fn serve_telling_statements(&self) -> Result<(Process, Duration)> {
        self.start(&["--log", statements::LOG, "--log-format", "json"], Stdio::piped()).await
    }

    /// Bytes of the database's files; `None` on a server.
    pub fn database_size(&self) -> Option<u64> {
        let files = std::fs::read_dir(self.folder.path()).into_iter().flatten().flatten();
        let size = files.filter_map(|file| file.metadata().ok()).map(|about| about.len()).sum();
        self.server.is_none().then_some(size)
    }

    async fn start(&self, log: &[&str], errors: Stdio) -> Result<(Process, Duration)> {
        let started = Instant::now();
        let mut command = self.command();
        command.args(["serve", "--listen", "127.0.0.1:0"]).args(log).stderr(errors);
        let process = Process::start(&mut command).await?;
        let mut connection = Connection::to(process.address);
        connection.expect(StatusCode::OK, &Ask::get("/api/health")).await?;
        Ok((process, started.elapsed()))
    }

    /// Without the caller's environment: settings in it would change what is measured. The benchmark says for whom it
    /// asks, as a proxy does.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().envs(WITHOUT_LIMITS.map(|name| (name, "off")));
        command.env("PMS_TRUSTED_PROXIES", "127.0.0.1");
        command.arg("--data").arg(self.folder.path());
        command.envs(self.server.iter().map(|url| ("PMS_DATABASE_URL", url)));
        command
    }
}
