//! A server that is far away.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::channel,
    },
    thread,
    time::{Duration, Instant},
};

/// The way to a server, which takes as long as is said: no time at the beginning.
pub struct Far {
    address: SocketAddr,
    delay: Delay,
}

/// Milliseconds in one direction.
type Delay = Arc<AtomicU64>;

impl Far {
    /// To the server at that address.
    pub fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let far = Self { address: listener.local_addr().expect("an address"), delay: Delay::default() };
        let delay = far.delay.clone();
        thread::spawn(move || {
            for here in listener.incoming().map_while(Result::ok) {
                let Ok(there) = TcpStream::connect(&server) else { continue };
                carry(&here, &there, delay.clone());
                carry(&there, &here, delay.clone());
            }
        });
        far
    }

    /// `127.0.0.1:PORT`
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What is sent from now on is under way that long, in each direction.
    pub fn takes(&self, each_way: Duration) {
        let millis = each_way.as_millis().try_into().expect("it is not for ever");
        self.delay.store(millis, Ordering::Relaxed);
    }
}

/// Much may be under way at once. Ends when one side does.
fn carry(from: &TcpStream, to: &TcpStream, delay: Delay) {
    let (mut from, mut to) = (from.try_clone().expect("a socket"), to.try_clone().expect("a socket"));
    to.set_nodelay(true).expect("a socket");
    let (sent, under_way) = channel::<(Instant, Vec<u8>)>();
    thread::spawn(move || {
        let mut bytes = vec![0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut bytes) {
            let arrives = Instant::now() + Duration::from_millis(delay.load(Ordering::Relaxed));
            if sent.send((arrives, bytes[..count].to_vec())).is_err() {
                return;
            }
        }
    });
    thread::spawn(move || {
        for (arrives, bytes) in under_way {
            thread::sleep(arrives.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Both);
    });
}
