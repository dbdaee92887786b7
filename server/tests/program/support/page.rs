//! An open page.

use super::{Running, eventually};
use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

/// An open page, as a browser has it: it comes again with the last id that it was sent, and hears what it has missed.
pub struct Page(Arc<Mutex<String>>);

impl Page {
    pub fn open(server: &Running, token: &str) -> Self {
        let heard = Arc::new(Mutex::new(String::new()));
        let (address, token, page) = (server.address().to_owned(), token.to_owned(), Self(heard.clone()));
        thread::spawn(move || {
            let mut last = String::new();
            // Until the server is gone.
            while let Ok(mut socket) = TcpStream::connect(&address) {
                let since =
                    if last.is_empty() { String::new() } else { format!("last-event-id: {last}\r\n") };
                let head = format!(
                    "GET /api/v1/events HTTP/1.1\r\nhost: pms\r\n{since}authorization: Bearer {token}\r\n\r\n"
                );
                let _ = socket.write_all(head.as_bytes());
                for line in BufReader::new(socket).lines().map_while(Result::ok) {
                    if let Some(id) = line.strip_prefix("id: ").or(line.strip_prefix("id:")) {
                        id.trim().clone_into(&mut last);
                    }
                    let mut heard = heard.lock().expect("no panic");
                    heard.push_str(&line);
                    heard.push('\n');
                }
                thread::sleep(Duration::from_millis(100));
            }
        });
        eventually("the page is open", || page.heard("ready"));
        page
    }

    /// Whether these words came, since it was opened.
    pub fn heard(&self, words: &str) -> bool {
        self.0.lock().expect("no panic").contains(words)
    }
}
