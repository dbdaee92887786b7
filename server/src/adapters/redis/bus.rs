//! Servers that tell each other by publishing on one channel of Redis.

use super::{
    letter::{Letter, Word},
    standing::{Part, Standing},
};
use crate::config::Redis;
use futures::StreamExt as _;
use redis::{
    AsyncConnectionConfig, Client, RedisError,
    aio::{MultiplexedConnection, PubSubStream},
};
use services::{
    Services,
    ports::bus::{Bus, Event, Link, LocalBus, Looking},
    presence,
};
use std::{
    collections::HashMap,
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Mutex, Notify, Semaphore, broadcast, mpsc},
    time::{Instant, sleep, timeout, timeout_at},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Words that wait to be sent. When it is full, Redis is too slow: what comes then is left out, and others notice.
const WAITING: usize = 4096;
/// Words sent at once.
const BATCH: usize = 256;
/// A connection that takes longer than this to open or to answer is not worth having.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a server says something, if only to hear it itself.
const BEAT: Duration = Duration::from_secs(3);
/// A server that has not heard itself for so long is not connected, whatever the system says.
const DEAD: Duration = Duration::from_secs(10);
/// Another one that was silent for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_mins(1);
/// After this the next node is tried.
const AGAIN: Duration = Duration::from_secs(1);
/// How long is waited until open pages are told that something was missed: one break makes many gaps.
const TOGETHER: Duration = Duration::from_secs(1);
/// People at tasks whose names are being looked up; more are not shown.
const LOOKING_UP: usize = 64;

/// The bus of one of several servers.
pub struct RedisBus {
    local: LocalBus,
    out: mpsc::Sender<Word>,
    standing: Arc<Standing>,
    /// Whether something could not be told to others.
    left_out: AtomicBool,
}

/// What is between a server and the others: it has to be followed.
pub struct Line {
    bus: Arc<RedisBus>,
    waiting: mpsc::Receiver<Word>,
    nodes: Vec<Client>,
    channel: String,
    server: Uuid,
    /// How many letters were written.
    written: u64,
    /// The last letter of each other server, and when it came.
    read: HashMap<Uuid, (u64, Instant)>,
    missed: Notify,
    looking_up: Arc<Semaphore>,
}

/// A bus over Redis, and its line. Nothing is connected yet.
pub fn link(redis: &Redis, server: Uuid, standing: Arc<Standing>) -> (Arc<RedisBus>, Line) {
    let (out, waiting) = mpsc::channel(WAITING);
    let left_out = AtomicBool::new(false);
    let bus = Arc::new(RedisBus { local: LocalBus::default(), out, standing, left_out });
    let line = Line {
        bus: bus.clone(),
        waiting,
        nodes: redis.nodes.clone(),
        channel: format!("{}:bus", redis.prefix),
        server,
        written: 0,
        read: HashMap::new(),
        missed: Notify::new(),
        looking_up: Arc::new(Semaphore::new(LOOKING_UP)),
    };
    (bus, line)
}

impl RedisBus {
    fn tell(&self, word: Word) {
        if self.out.try_send(word).is_err() {
            self.left_out.store(true, Ordering::Relaxed);
        }
    }
}

impl Bus for RedisBus {
    fn wake(&self) {
        self.local.wake();
        self.tell(Word::Wake);
    }

    fn woken(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.local.woken()
    }

    fn handed(&self) -> &Mutex<i64> {
        self.local.handed()
    }

    fn publish(&self, event: Event) {
        for word in Word::of(&event) {
            self.tell(word);
        }
        self.local.publish(event);
    }

    fn subscribe(&self) -> broadcast::Receiver<Event> {
        self.local.subscribe()
    }

    fn look(&self, looking: Looking) {
        self.tell(Word::Looking(looking));
    }

    fn link(&self) -> Link {
        if self.standing.is_well() { Link::Up } else { Link::Down }
    }
}

/// Why a connection is over.
enum Over {
    Lost(String),
    /// All was said, and nothing more will be.
    Said,
}

impl From<RedisError> for Over {
    fn from(error: RedisError) -> Self {
        Self::Lost(error.to_string())
    }
}

const SILENT: &str = "it says nothing";

impl Line {
    /// Carries what servers say, and connects again when it has to. Ends with `stop`, once what waits was sent.
    pub async fn follow(&mut self, services: Services, stop: CancellationToken) {
        // A cluster passes what is published at one node to all, so any node will do.
        for turn in 0.. {
            let node = self.nodes[turn % self.nodes.len()].clone();
            let over = self.talk(&node, &services, &stop).await;
            let Over::Lost(why) = over else { return };
            self.bus.standing.down(Part::Words, &why);
            if stop.run_until_cancelled(sleep(AGAIN)).await.is_none() {
                return;
            }
        }
    }

    async fn talk(&mut self, node: &Client, services: &Services, stop: &CancellationToken) -> Over {
        let (heard, speaking) = match timeout(PATIENCE, connect(node, &self.channel)).await {
            Ok(Ok(both)) => both,
            Ok(Err(error)) => return error.into(),
            Err(_) => return Over::Lost(SILENT.to_owned()),
        };
        // What waits is old, and what others said meanwhile was not heard here.
        while self.waiting.try_recv().is_ok() {}
        self.bus.left_out.store(true, Ordering::Relaxed);
        self.bus.local.wake();
        self.missed.notify_one();
        self.bus.standing.up(Part::Words);
        let Self { bus, waiting, channel, server, written, read, missed, looking_up, .. } = self;
        let ear = Ear { bus, server: *server, read, missed, looking_up, services };
        let mouth = Mouth { bus, server: *server, written, waiting, channel };
        tokio::select! {
            over = ear.hear(heard) => over,
            over = mouth.speak(speaking, stop) => over,
            never = tell_missed(missed, bus, *server) => match never {},
        }
    }
}

async fn connect(node: &Client, channel: &str) -> Result<(PubSubStream, MultiplexedConnection), RedisError> {
    let mut heard = node.get_async_pubsub().await?;
    heard.subscribe(channel).await?;
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
    let speaking = node.get_multiplexed_async_connection_with_config(&config).await?;
    Ok((heard.into_on_message(), speaking))
}

/// Tells those who listen that something was missed: once for one break, and not at all servers at the same moment.
async fn tell_missed(missed: &Notify, bus: &RedisBus, server: Uuid) -> Infallible {
    loop {
        missed.notified().await;
        sleep(TOGETHER + Duration::from_millis(u64::from(server.as_bytes()[15]) * 4)).await;
        bus.local.publish(Event::Missed);
    }
}

/// What sends.
struct Mouth<'l> {
    bus: &'l RedisBus,
    server: Uuid,
    written: &'l mut u64,
    waiting: &'l mut mpsc::Receiver<Word>,
    channel: &'l str,
}

impl Mouth<'_> {
    /// Sends what waits, or else a beat.
    async fn speak(self, mut speaking: MultiplexedConnection, stop: &CancellationToken) -> Over {
        let mut words = Vec::with_capacity(BATCH);
        loop {
            let stopping = self.waiting.is_closed();
            tokio::select! {
                got = timeout(BEAT, self.waiting.recv_many(&mut words, BATCH)) => match got {
                    Ok(0) => return Over::Said,
                    Ok(_) => {}
                    Err(_) => words.push(Word::Beat),
                },
                () = stop.cancelled(), if !stopping => {
                    // What waits is still handed out.
                    self.waiting.close();
                    continue;
                }
            }
            if self.bus.left_out.swap(false, Ordering::Relaxed) {
                // A letter that nobody gets.
                *self.written += 1;
            }
            // Hundreds of commits wake others once.
            let mut woken = false;
            words.retain(|word| *word != Word::Wake || !std::mem::replace(&mut woken, true));
            let mut publish = redis::pipe();
            for word in words.drain(..) {
                *self.written += 1;
                let letter = Letter { from: self.server, number: *self.written, word };
                publish.publish(self.channel, letter.to_json()).ignore();
            }
            if let Err(error) = publish.query_async::<()>(&mut speaking).await {
                return error.into();
            }
        }
    }
}

/// What listens.
struct Ear<'l> {
    bus: &'l RedisBus,
    server: Uuid,
    read: &'l mut HashMap<Uuid, (u64, Instant)>,
    missed: &'l Notify,
    looking_up: &'l Arc<Semaphore>,
    services: &'l Services,
}

impl Ear<'_> {
    /// Hands on what is heard.
    async fn hear(mut self, mut heard: PubSubStream) -> Over {
        let mut deadline = Instant::now() + DEAD;
        loop {
            match timeout_at(deadline, heard.next()).await {
                Ok(Some(message)) => match Letter::read(message.get_payload_bytes()) {
                    Some(letter) if letter.from == self.server => {
                        deadline = Instant::now() + DEAD;
                        self.read.retain(|_, (_, at)| at.elapsed() < FORGOTTEN);
                    }
                    Some(letter) => self.take(letter),
                    None => tracing::debug!("something on the channel of Redis that no server wrote"),
                },
                Ok(None) => return Over::Lost("the connection was closed".to_owned()),
                Err(_) => return Over::Lost(SILENT.to_owned()),
            }
        }
    }

    fn take(&mut self, Letter { from, number, word }: Letter) {
        let before = self.read.insert(from, (number, Instant::now())).map_or(0, |(number, _)| number);
        if number != before + 1 {
            self.missed.notify_one();
        }
        match word {
            Word::Wake => self.bus.local.wake(),
            Word::People { what, mut people } => {
                people.sort_unstable();
                self.bus.local.publish(Event::People(what, people.into()));
            }
            Word::SignedOut { user } => self.bus.local.publish(Event::SignedOut(user)),
            Word::Looking(looking) => self.look_up(looking),
            Word::Beat | Word::Unknown => {}
        }
    }

    /// Beside what is heard next: it may ask the database.
    fn look_up(&self, looking: Looking) {
        let Ok(place) = self.looking_up.clone().try_acquire_owned() else { return };
        let services = self.services.clone();
        tokio::spawn(async move {
            if let Err(error) = presence::heard(&services, looking).await {
                tracing::debug!(%error, "who looks at a task was not noted");
            }
            drop(place);
        });
    }
}
