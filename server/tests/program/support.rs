//! The binary itself, started as an operator does.

pub mod database;
mod far;
pub mod inbox;
mod page;
mod post;
mod running;

pub use far::Far;
pub use page::Page;
pub use post::Post;
pub use running::{Running, create_project, id, json, number_in, try_get_as};

use std::{
    ffi::OsString,
    fs,
    io::Write as _,
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};
use tempfile::TempDir;

const BINARY: &str = env!("CARGO_BIN_EXE_pms");
/// Who owns nothing.
const NOBODY: u32 = 65_534;

/// Everybody's.
pub const PASSWORD: &str = "quiet harbour at dawn";

/// A person of that name, at example.org, with this role.
pub fn add(data: &Path, name: &str, role: &str) {
    Program::new(data).add(name, role);
}

/// A server on this data, of which is known where it listens.
pub fn serve(data: &Path) -> Running {
    let mut server = Program::new(data).serve();
    server.line();
    server
}

/// A folder for data.
pub fn data() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Runs the story on each engine: a program on a data folder with Ada and a project, and the address of its database.
pub fn on_both(story: impl Fn(&dyn Fn() -> Program, &str)) {
    for mysql in [false, true] {
        let data = data();
        let embedded = || format!("sqlite:{}", data.path().join("pms.db").display());
        let url = if mysql { database::empty_mysql() } else { embedded() };
        let pms = || Program::new(data.path()).database(&url);
        pms().run(&["migrate", "up"]).succeeds("Applied 0001 people.");
        pms().add("ada", "Administrator");
        let mut server = pms().serve();
        server.line();
        let token = server.sign_in("ada", PASSWORD);
        assert!(server.create_project(&token, 1).is_some_and(|line| line.contains("201")));
        server.stop();
        story(&pms, &url);
    }
}

/// Makes a key for backups; gives its file and its recipient.
pub fn backup_key(data: &Path, name: &str) -> (String, String) {
    let path = data.join(name).display().to_string();
    let made = Program::new(data).run(&["backup", "key", "--out", &path]);
    let recipient = made.out.strip_prefix("PMS_BACKUP_RECIPIENTS=").expect("a recipient").to_owned();
    (path, recipient)
}

/// The only backup of the folder.
pub fn the_backup(data: &Path) -> String {
    let mut found = fs::read_dir(data.join("backups")).expect("a folder");
    let path = found.next().expect("a backup").expect("read").path();
    assert!(found.next().is_none(), "one");
    path.display().to_string()
}

/// A folder for a moment only, if one is there.
pub fn aside(data: &Path) -> Option<PathBuf> {
    let mut paths = fs::read_dir(data).expect("a folder").map(|entry| entry.expect("read").path());
    paths.find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("aside-")))
}

/// Until it holds, but for a minute at the most.
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_mins(1), "{what}: not within a minute");
        sleep(Duration::from_millis(50));
    }
}

/// Ends what is done beside a story, also where the story fails.
pub struct End<'s>(pub &'s AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The program in the making.
pub struct Program {
    data: PathBuf,
    settings: Vec<(&'static str, String)>,
    largest_file: Option<u64>,
    open_files: Option<u64>,
    as_nobody: bool,
}

/// What it left.
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Program {
    pub fn new(data: &Path) -> Self {
        // Only the sentence is of interest, not the log before it.
        // Stories ask as often as they like.
        let limits = ["PMS_LIMIT_NETWORK", "PMS_LIMIT_PERSON"].map(|name| (name, "off".to_owned()));
        let settings = [("PMS_LOG", "off".to_owned())].into_iter().chain(limits).collect();
        Self { data: data.into(), settings, largest_file: None, open_files: None, as_nobody: false }
    }

    pub fn env(mut self, name: &'static str, value: &str) -> Self {
        self.settings.push((name, value.to_owned()));
        self
    }

    pub fn database(self, url: &str) -> Self {
        self.env("PMS_DATABASE_URL", url)
    }

    /// No file may grow beyond this, as on a disk that is full.
    pub fn largest_file(mut self, bytes: u64) -> Self {
        self.largest_file = Some(bytes);
        self
    }

    /// It begins with so few, and may take more.
    pub fn open_files(mut self, files: u64) -> Self {
        self.open_files = Some(files);
        self
    }

    /// As somebody who may not write to the data folder.
    pub fn read_only(mut self) -> Self {
        self.as_nobody = true;
        self
    }

    /// A person of that name, at example.org, with this role.
    pub fn add(self, name: &str, role: &str) {
        let email = format!("{name}@example.org");
        let arguments =
            ["user", "create", "--username", name, "--email", &email, "--role", role, "--password-stdin"];
        self.run_with(&arguments, &format!("{PASSWORD}\n")).succeeds("Created");
    }

    pub fn run(self, arguments: &[&str]) -> Ended {
        self.run_with(arguments, "")
    }

    /// With this on standard input.
    pub fn run_with(self, arguments: &[&str], input: &str) -> Ended {
        let mut command = self.command(arguments);
        let mut child = command.stdin(Stdio::piped()).spawn().expect("it starts");
        child.stdin.take().expect("piped").write_all(input.as_bytes()).expect("it reads");
        let output = child.wait_with_output().expect("it ends");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8").trim().to_owned();
        Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Starts it and does not wait for its end.
    pub fn start(self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().expect("it starts")
    }

    /// Serves on a free port, with metrics on another.
    pub fn serve_measured(self) -> Running {
        let mut server = self.env("PMS_METRICS_LISTEN", "127.0.0.1:0").serve();
        // Where it listens, and where Prometheus reads.
        server.line();
        server.line();
        server
    }

    /// Serves on a free port.
    pub fn serve(self) -> Running {
        Running::start(self.command(&["serve", "--listen", "127.0.0.1:0"]))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        // The shell counts in blocks of 512 bytes; and a program that is told of the limit by a signal would end.
        let file = self.largest_file.map(|bytes| format!("trap '' XFSZ; ulimit -S -f {}; ", bytes / 512));
        let files = self.open_files.map(|files| format!("ulimit -S -n {files}; "));
        let limits: Option<String> = file.into_iter().chain(files).reduce(|all, one| all + &one);
        let mut command = match limits {
            Some(limits) => {
                let mut shell = Command::new("sh");
                shell.args(["-c", &format!("{limits}exec \"$0\" \"$@\""), BINARY]);
                shell
            }
            None if self.as_nobody => self.command_of_nobody(),
            None => Command::new(BINARY),
        };
        command.args(arguments).env_clear().env("PATH", "/usr/bin:/bin").env("PMS_DATA", &self.data);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.envs(self.count_of_lines());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Where lines are counted (scripts/coverage), its own count, too; but not by one that can't write.
    #[expect(clippy::disallowed_methods, reason = "it is the compiler's, not a setting of PMS")]
    fn count_of_lines(&self) -> Option<(&'static str, OsString)> {
        let name = "LLVM_PROFILE_FILE";
        let silent = self.as_nobody || self.largest_file.is_some();
        std::env::var_os(name).map(|file| (name, if silent { "/dev/null".into() } else { file }))
    }

    /// Permissions hold for everyone but root, who therefore becomes somebody else. They may not get at the binary where
    /// it was built.
    fn command_of_nobody(&self) -> Command {
        let set = |path: &Path, mode| {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
            fs::set_permissions(path, mode).expect("permissions");
        };
        let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        if !is_root {
            set(&self.data, 0o555);
            return Command::new(BINARY);
        }
        set(&self.data, 0o755);
        let copy = self.data.join("pms-copy");
        if fs::hard_link(BINARY, &copy).is_err() {
            fs::copy(BINARY, &copy).expect("a copy");
        }
        let mut command = Command::new(copy);
        command.uid(NOBODY).gid(NOBODY);
        command
    }
}

impl Ended {
    /// It failed, and said one sentence on standard error.
    #[track_caller]
    pub fn fails(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{}", self.err);
        assert_eq!(self.err.lines().count(), 1, "{}", self.err);
        self.err
    }

    /// It went well and said this.
    #[track_caller]
    pub fn succeeds(self, part: &str) {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{}", self.out);
        assert!(self.out.contains(part), "{}", self.out);
    }
}
