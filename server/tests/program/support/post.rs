//! A mail server that wants a password.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// It lets everybody in, until it is told not to.
pub struct Post {
    address: SocketAddr,
    heard: Heard,
    shut: Arc<AtomicBool>,
}

/// All that it was told.
type Heard = Arc<Mutex<String>>;

impl Post {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (heard, shut) = (Heard::default(), Arc::<AtomicBool>::default());
        let post = Self { address, heard: heard.clone(), shut: shut.clone() };
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (heard, shut) = (heard.clone(), shut.clone());
                thread::spawn(move || talk(&stream, &heard, &shut));
            }
        });
        post
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// From now on it lets nobody in.
    pub fn shut(&self) {
        self.shut.store(true, Ordering::Relaxed);
    }

    /// All that it was told until now, line by line.
    pub fn heard(&self) -> String {
        self.heard.lock().expect("no panic").clone()
    }
}

fn talk(stream: &TcpStream, heard: &Heard, shut: &AtomicBool) -> Option<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut writer = stream;
    let mut say = |words: &str| writer.write_all(format!("{words}\r\n").as_bytes()).ok();
    let hear = |line: &str| {
        let mut heard = heard.lock().expect("no panic");
        heard.push_str(line);
        heard.push('\n');
    };
    say("220 mail.example.org ESMTP")?;
    while let Some(line) = lines.next() {
        hear(&line);
        match line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say("250-mail.example.org\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN")?,
            "AUTH" if shut.load(Ordering::Relaxed) => say("535 wrong user or password")?,
            "AUTH" => say("235 welcome")?,
            "QUIT" => say("221 bye")?,
            "DATA" => {
                say("354 go on")?;
                lines.by_ref().take_while(|line| line != ".").for_each(|line| hear(&line));
                say("250 taken")?;
            }
            _ => say("250 ok")?,
        }
    }
    Some(())
}
