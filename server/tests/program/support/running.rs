//! A server that was started, and the requests that it gets by a socket.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Child, ChildStdout, Command},
    sync::mpsc::channel,
    thread::{self, JoinHandle, sleep},
    time::{Duration, Instant},
};

/// A running server; ends with the test.
pub struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    /// Reads the log until its end: a server whose log nobody reads waits at some line for ever.
    log: Option<JoinHandle<String>>,
    address: String,
    metrics: String,
}

impl Running {
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("it starts");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let mut log = child.stderr.take().expect("piped");
        let log = thread::spawn(move || {
            let mut text = String::new();
            log.read_to_string(&mut text).expect("UTF-8");
            text
        });
        Self { child, out, log: Some(log), address: String::new(), metrics: String::new() }
    }

    /// The next line that it prints. From the first it is known where it listens.
    pub fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("UTF-8");
        let mut log = || self.log.take().map(|log| log.join().expect("read")).unwrap_or_default();
        assert!(!line.is_empty(), "it ended: {}", log());
        if let Some(address) = line.trim().strip_prefix("PMS serves http://") {
            self.address = address.to_owned();
        }
        if let Some(address) = line.trim().strip_prefix("Prometheus reads http://") {
            self.metrics = address.trim_end_matches("/metrics").to_owned();
        }
        line.trim().to_owned()
    }

    /// Where it listens, once it has said so.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where Prometheus reads, once it has said so.
    pub fn metrics_address(&self) -> &str {
        &self.metrics
    }

    pub fn get(&self, path: &str) -> String {
        try_get(&self.address, path).expect("an answer")
    }

    /// What Prometheus reads, once it has said where.
    pub fn metrics(&self) -> String {
        try_get(&self.metrics, "/metrics").expect("an answer")
    }

    /// One of those numbers, by its name and labels as they are written there.
    pub fn metric(&self, name: &str) -> usize {
        number_in(&self.metrics(), name)
    }

    pub fn get_as(&self, path: &str, token: &str) -> String {
        let head = format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\n");
        ask(&self.address, &head, "").expect("an answer")
    }

    /// With these headers.
    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> String {
        let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        ask(&self.address, &format!("GET {path} HTTP/1.1\r\n{}", lines.concat()), "").expect("an answer")
    }

    /// With this JSON.
    pub fn post_as(&self, path: &str, token: &str, body: &str) -> String {
        self.post_with_key(path, token, ("", body))
    }

    /// As a page without script sends it.
    pub fn post_form(&self, path: &str, form: &str) -> String {
        let head = format!("POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n");
        ask(&self.address, &head, form).expect("an answer")
    }

    /// The id of the person with this token.
    pub fn own_id(&self, token: &str) -> String {
        let me = json(&self.get_as("/api/auth/me", token));
        me["user"]["id"].as_str().expect("an id").to_owned()
    }

    /// Makes the person with the first token a member of the project, as the one with the second may.
    pub fn let_in(&self, person: &str, project: &str, by: &str) {
        let person = self.own_id(person);
        let roles = json(&self.get_as("/api/v1/roles", by));
        let mut roles = roles["items"].as_array().expect("roles").iter();
        let role = &roles.find(|role| role["name"] == "Member").expect("a role")["id"];
        let member = format!(r#"{{"user_id":"{person}","role_id":{role}}}"#);
        let added = self.post_as(&format!("/api/v1/projects/{project}/members"), by, &member);
        assert!(added.starts_with("HTTP/1.1 204"), "{added}");
    }

    /// As `PATCH /path`, with this JSON.
    pub fn send_as(&self, what: &str, token: &str, body: &str) -> String {
        let head =
            format!("{what} HTTP/1.1\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n");
        ask(&self.address, &head, body).expect("an answer")
    }

    /// With this key against repetition, if it is not empty, and this JSON.
    pub fn post_with_key(&self, path: &str, token: &str, (key, body): (&str, &str)) -> String {
        let key = if key.is_empty() { String::new() } else { format!("idempotency-key: {key}\r\n") };
        let head = format!(
            "POST {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\n{key}content-type: application/json\r\n"
        );
        ask(&self.address, &head, body).expect("an answer")
    }

    /// Kills it, as a machine that loses its power.
    pub fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it ends");
    }

    /// Gives the bearer token.
    pub fn sign_in(&self, name: &str, password: &str) -> String {
        let body = format!("{{\"username\":\"{name}\",\"password\":\"{password}\"}}");
        let head = "POST /api/auth/signin HTTP/1.1\r\ncontent-type: application/json\r\n";
        let answer = ask(&self.address, head, &body).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer.rsplit("\r\n\r\n").next().expect("a body").to_owned()
    }

    /// Creates the project of that number, with a long description; gives the status line, if it was answered at all.
    pub fn create_project(&self, token: &str, number: usize) -> Option<String> {
        create_project(&self.address, token, number)
    }

    /// Takes the limit of [`super::Program::largest_file`] away.
    pub fn make_room(&self) {
        let pid = self.child.id().to_string();
        let raised = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited:unlimited"]).status();
        assert!(raised.expect("prlimit").success());
    }

    /// Creates projects one after the other, and kills the server in the middle of it. Gives the keys of those that were
    /// answered.
    pub fn create_projects_until_killed(mut self, token: &str) -> Vec<String> {
        let (address, token) = (self.address.clone(), token.to_owned());
        let (tell, answered) = channel();
        let writer = thread::spawn(move || {
            let done = |number: &usize| {
                let created =
                    create_project(&address, &token, *number).is_some_and(|line| line.contains("201"));
                let _ = created.then(|| tell.send(()));
                created
            };
            (0..10_000).take_while(done).map(|number| format!("K{number}")).collect()
        });
        // So many on the slowest machine; and then in the middle of one more.
        let enough = answered.iter().take(20).count();
        assert_eq!(enough, 20, "it goes on answering");
        sleep(Duration::from_millis(10));
        self.child.kill().expect("it runs");
        writer.join().expect("the writer stops")
    }

    /// As [`Self::stop`]; gives what it logged.
    pub fn stop_and_read_log(mut self) -> String {
        let log = self.log.take().expect("it runs");
        self.stop();
        log.join().expect("read")
    }

    /// Asks it to stop, as service managers do. Gives what else it had printed.
    pub fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill").success());
        let asked = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            assert!(asked.elapsed() < Duration::from_secs(20), "it does not stop");
            sleep(Duration::from_millis(20));
        };
        assert!(status.success(), "{status}");
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("UTF-8");
        rest.trim().to_owned()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Creates the project of that number at a server, with a long description; gives the status line, if it was answered.
pub fn create_project(address: &str, token: &str, number: usize) -> Option<String> {
    let text = "words ".repeat(2_000);
    let body = format!("{{\"name\":\"Project {number}\",\"key\":\"K{number}\",\"description\":\"{text}\"}}");
    let head = format!(
        "POST /api/v1/projects HTTP/1.1\r\nauthorization: Bearer {token}\r\ncontent-type: application/json\r\n"
    );
    let answer = ask(address, &head, &body)?;
    answer.lines().next().map(str::to_owned)
}

/// A number of what Prometheus reads, by its name and labels as they are written there.
#[track_caller]
pub fn number_in(metrics: &str, name: &str) -> usize {
    let number = metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    number.unwrap_or_else(|| panic!("no {name}: {metrics}"))
}

/// The JSON of an answer.
#[track_caller]
pub fn json(answer: &str) -> serde_json::Value {
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{error}: {answer}"))
}

/// The id of what was made.
pub fn id(created: &str) -> &str {
    let (_, rest) = created.split_once(r#""id":""#).expect("an id");
    rest.split('"').next().expect("its end")
}

/// A whole answer, or `None` if nobody gives one.
fn try_get(address: &str, path: &str) -> Option<String> {
    ask(address, &format!("GET {path} HTTP/1.1\r\n"), "")
}

/// The status line, if it was answered.
pub fn try_get_as(address: &str, path: &str, token: &str) -> Option<String> {
    let answer = ask(address, &format!("GET {path} HTTP/1.1\r\nauthorization: Bearer {token}\r\n"), "")?;
    answer.lines().next().map(str::to_owned)
}

/// A whole answer, or `None` if the server is gone.
fn ask(address: &str, head: &str, body: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).ok()?;
    let length = body.len();
    let request =
        format!("{head}host: {address}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    (!answer.is_empty()).then_some(answer)
}
