//! Servers that tell each other by publishing on one channel of Redis.

use super::letter::{Letter, Word};
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
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Mutex, broadcast, mpsc},
    time::{sleep, timeout},
};
use uuid::Uuid;

/// Words that wait to be sent. When it is full, Redis is too slow: what comes then is left out, and said to be.
const WAITING: usize = 4096;
/// Words sent at once.
const BATCH: usize = 256;
/// A connection that takes longer than this to open or to answer is not worth having.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often a server says something, if only to hear it itself.
const BEAT: Duration = Duration::from_secs(3);
/// A connection by which nothing was heard for so long is dead, whatever the system says of it.
const DEAD: Duration = Duration::from_secs(10);
/// After this the next node is tried.
const AGAIN: Duration = Duration::from_secs(1);

/// The bus of one of several servers.
pub struct RedisBus {
    local: LocalBus,
    out: mpsc::Sender<Word>,
    up: AtomicBool,
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
}

/// A bus over Redis, and its line. Nothing is connected yet.
pub fn link(redis: &Redis, server: Uuid) -> (Arc<RedisBus>, Line) {
    let (out, waiting) = mpsc::channel(WAITING);
    let (up, left_out) = (AtomicBool::new(false), AtomicBool::new(false));
    let bus = Arc::new(RedisBus { local: LocalBus::default(), out, up, left_out });
    let channel = format!("{}:bus", redis.prefix);
    (bus.clone(), Line { bus, waiting, nodes: redis.nodes.clone(), channel, server })
}

impl RedisBus {
    fn tell(&self, word: Word) {
        if self.out.try_send(word).is_err() {
            self.left_out.store(true, Ordering::Relaxed);
        }
    }

    async fn hear(&self, word: Word, services: &Services) {
        match word {
            Word::Wake => self.local.wake(),
            Word::People { what, mut people } => {
                people.sort_unstable();
                self.local.publish(Event::People(what, people.into()));
            }
            Word::SignedOut { user } => self.local.publish(Event::SignedOut(user)),
            Word::Looking(looking) => {
                if let Err(error) = presence::heard(services, looking).await {
                    tracing::debug!(%error, "who looks at a task was not noted");
                }
            }
            Word::Missed => self.local.publish(Event::Missed),
            Word::Beat | Word::Unknown => {}
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
        if self.up.load(Ordering::Relaxed) { Link::Up } else { Link::Down }
    }
}

type Connected = (PubSubStream, MultiplexedConnection);

impl Line {
    /// Carries what servers say, and connects again when it has to; never ends.
    pub async fn follow(mut self, services: Services) {
        let mut told = false;
        // A cluster passes what is published at one node to all, so any node will do.
        for turn in 0.. {
            let node = self.nodes[turn % self.nodes.len()].clone();
            let why = self.talk(&node, turn == 0, &services).await;
            let was_up = self.bus.up.swap(false, Ordering::Relaxed);
            // Once, and not for each try.
            if was_up || !told {
                tracing::warn!(%why, "Redis does not answer: what happens on other servers is seen later");
                told = true;
            }
            sleep(AGAIN).await;
        }
    }

    /// Gives why it is over.
    async fn talk(&mut self, node: &Client, first: bool, services: &Services) -> String {
        let connected = timeout(PATIENCE, connect(node, &self.channel)).await;
        let (heard, speaking) = match connected {
            Ok(Ok(both)) => both,
            Ok(Err(error)) => return error.to_string(),
            Err(_) => return SILENT.to_owned(),
        };
        if !first {
            // What waits is old, and what others said meanwhile is lost.
            while self.waiting.try_recv().is_ok() {}
            self.bus.left_out.store(true, Ordering::Relaxed);
            self.bus.local.wake();
            self.bus.local.publish(Event::Missed);
        }
        self.bus.up.store(true, Ordering::Relaxed);
        tracing::info!("servers hear each other by Redis");
        tokio::select! {
            why = hear(heard, &self.bus, self.server, services) => why,
            error = speak(speaking, &mut self.waiting, &self.bus, (&self.channel, self.server)) => error.to_string(),
        }
    }
}

const SILENT: &str = "it says nothing";

async fn connect(node: &Client, channel: &str) -> Result<Connected, RedisError> {
    let mut heard = node.get_async_pubsub().await?;
    heard.subscribe(channel).await?;
    let config = AsyncConnectionConfig::new().set_response_timeout(Some(PATIENCE));
    let speaking = node.get_multiplexed_async_connection_with_config(&config).await?;
    Ok((heard.into_on_message(), speaking))
}

/// Sends what waits, or else a beat; gives why it can't any more.
async fn speak(
    mut speaking: MultiplexedConnection,
    waiting: &mut mpsc::Receiver<Word>,
    bus: &RedisBus,
    (channel, from): (&str, Uuid),
) -> RedisError {
    let mut words = Vec::with_capacity(BATCH);
    loop {
        if timeout(BEAT, waiting.recv_many(&mut words, BATCH)).await.is_err() {
            words.push(Word::Beat);
        }
        if bus.left_out.swap(false, Ordering::Relaxed) {
            words.push(Word::Missed);
        }
        // Hundreds of commits wake others once.
        let mut woken = false;
        words.retain(|word| *word != Word::Wake || !std::mem::replace(&mut woken, true));
        let mut publish = redis::pipe();
        for word in words.drain(..) {
            publish.publish(channel, Letter { from, word }.to_json()).ignore();
        }
        if let Err(error) = publish.query_async::<()>(&mut speaking).await {
            return error;
        }
    }
}

/// Hands on what is heard; gives why there is nothing more.
async fn hear(mut heard: PubSubStream, bus: &RedisBus, server: Uuid, services: &Services) -> String {
    loop {
        match timeout(DEAD, heard.next()).await {
            Ok(Some(message)) => match Letter::read(message.get_payload_bytes()) {
                Some(Letter { from, .. }) if from == server => {}
                Some(Letter { word, .. }) => bus.hear(word, services).await,
                None => tracing::debug!("something on the channel of Redis that no server wrote"),
            },
            Ok(None) => return "the connection was closed".to_owned(),
            Err(_) => return SILENT.to_owned(),
        }
    }
}
