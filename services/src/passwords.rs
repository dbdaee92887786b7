//! Password hashing: argon2id, bounded, and off the async threads.

use argon2::{
    Algorithm, Argon2, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use domain::{Error, Result};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};
use tokio::{sync::Semaphore, task::JoinError};

/// How much work one hash is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Params {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// How often that memory is gone through.
    pub passes: u32,
    /// Lanes, which one thread works through one after the other.
    pub lanes: u32,
}

impl Params {
    /// OWASP's first recommendation for argon2id (Password Storage Cheat Sheet): 19 MiB, 2 passes, 1 lane.
    pub const fn owasp() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }

    /// The least that the algorithm takes: for tests, whose passwords protect nothing.
    pub const fn for_tests() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }
}

/// What a check of a password found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Verdict {
    /// Whether the password is right.
    pub matches: bool,
    /// Whether its hash was made with other parameters than today's.
    pub needs_rehash: bool,
}

/// Hashes and checks passwords, a few at a time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Passwords {
    argon2: Arc<Argon2<'static>>,
    /// A hash of today's parameters that no password has.
    nobody: Arc<str>,
    turns: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    computed: Arc<AtomicU64>,
}

/// How many may wait for each one that computes. At 20 ms a hash the last one waits about a second.
const WAITING: usize = 50;

impl Passwords {
    /// Hashes with `params`, at most `parallel` at the same time.
    ///
    /// # Panics
    /// If argon2 does not take the parameters: less than 8 KiB for each lane, no pass or no lane.
    pub fn new(params: Params, parallel: usize) -> Self {
        let Params { memory_kib, passes, lanes } = params;
        let checked = argon2::Params::new(memory_kib, passes, lanes, None)
            .expect("at least 8 KiB for each lane, one pass, one lane");
        let parallel = parallel.max(1);
        // Salt and hash are zeroes: nothing hashes to them, and checking against them costs what a check costs.
        let nobody = format!(
            "$argon2id$v=19$m={memory_kib},t={passes},p={lanes}${}${}",
            "A".repeat(22),
            "A".repeat(43)
        );
        Self {
            argon2: Arc::new(Argon2::new(Algorithm::Argon2id, Version::V0x13, checked)),
            nobody: nobody.into(),
            turns: Arc::new(Semaphore::new(parallel)),
            queue: Arc::new(Semaphore::new(parallel * (WAITING + 1))),
            computed: Arc::new(AtomicU64::new(0)),
        }
    }

    /// The same with room for only this many who wait.
    #[must_use]
    pub fn with_waiting(mut self, waiting: usize) -> Self {
        let parallel = self.turns.available_permits();
        self.queue = Arc::new(Semaphore::new(parallel + waiting));
        self
    }

    /// The hash of a password with a new salt, as a PHC string.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if too many wait already.
    pub async fn hash(&self, password: String) -> Result<String> {
        let argon2 = Arc::clone(&self.argon2);
        let hashed = self
            .take_turn(move || {
                let hash: password_hash::Result<PasswordHash> = argon2.hash_password(password.as_bytes());
                hash.map(|hash| hash.to_string())
            })
            .await?;
        hashed.map_err(|error| fault("hashing a password", &error))
    }

    /// Checks a password against a hash.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if too many wait already.
    pub async fn verify(&self, hash: String, password: String) -> Result<Verdict> {
        let argon2 = Arc::clone(&self.argon2);
        let outcome = self
            .take_turn(move || {
                let parsed = PasswordHash::new(&hash).map_err(|_| password_hash::Error::EncodingInvalid)?;
                let needs_rehash = !is_current(&argon2, &parsed);
                match argon2.verify_password(password.as_bytes(), &parsed) {
                    Ok(()) => Ok(Verdict { matches: true, needs_rehash }),
                    Err(password_hash::Error::PasswordInvalid) => {
                        Ok(Verdict { matches: false, needs_rehash })
                    }
                    Err(error) => Err(error),
                }
            })
            .await?;
        outcome.map_err(|error| fault("checking a password", &error))
    }

    /// Takes as long as [`Passwords::verify`] and never matches: for user names that nobody has.
    ///
    /// # Errors
    /// [`Error::Unavailable`] if too many wait already.
    pub async fn verify_nobody(&self, password: String) -> Result<()> {
        self.verify(self.nobody.to_string(), password).await.map(drop)
    }

    /// How many hashes were computed so far.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    async fn take_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_place) = self.queue.try_acquire() else {
            return Err(crowded());
        };
        // The permit goes along: a caller who hangs up does not make room before the work is done.
        let turn = Arc::clone(&self.turns).acquire_owned().await.expect("the semaphore is never closed");
        self.computed.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.map_err(|error| broken_off(&error))
    }
}

/// Too many sign in at the same moment.
pub(crate) fn crowded() -> Error {
    let message = "Too many people are signing in at this moment. Try again in a few seconds.";
    Error::Unavailable { message: message.into() }
}

fn is_current(argon2: &Argon2<'_>, hash: &PasswordHash) -> bool {
    let params = argon2::Params::try_from(hash);
    let same = params.is_ok_and(|params| {
        let now = argon2.params();
        (params.m_cost(), params.t_cost(), params.p_cost()) == (now.m_cost(), now.t_cost(), now.p_cost())
    });
    same && hash.algorithm.as_str() == "argon2id" && hash.version == Some(Version::V0x13.into())
}

/// Puts what happened into the log, under an id for whoever asks.
fn fault(what: &str, error: &dyn std::fmt::Display) -> Error {
    let id = fault_id();
    tracing::error!(fault = id, %error, kind = what, "a password could not be worked with");
    Error::Internal { id }
}

/// A panic in a thread was told where it happened, so its line says that it is one.
fn broken_off(error: &JoinError) -> Error {
    if !error.is_panic() {
        return fault("waiting for a thread", error);
    }
    let id = fault_id();
    tracing::error!(fault = id, panic = %error, "a password could not be worked with");
    Error::Internal { id }
}

#[expect(clippy::disallowed_methods, reason = "names a log line, decides nothing")]
fn fault_id() -> String {
    uuid::Uuid::now_v7().simple().to_string().split_off(16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(Params::for_tests(), 2)
    }

    #[tokio::test]
    async fn a_password_matches_its_own_hash_only() {
        let passwords = cheap();
        let hash = passwords.hash("four ships left".into()).await.unwrap();
        let right = passwords.verify(hash.clone(), "four ships left".into()).await.unwrap();
        assert_eq!(right, Verdict { matches: true, needs_rehash: false });
        let wrong = passwords.verify(hash.clone(), "five ships left".into()).await.unwrap();
        assert!(!wrong.matches);
        assert_ne!(passwords.hash("four ships left".into()).await.unwrap(), hash, "each has its salt");
    }

    #[tokio::test]
    async fn a_hash_of_weaker_parameters_is_to_be_made_anew() {
        let hash = cheap().hash("four ships left".into()).await.unwrap();
        let stronger = Passwords::new(Params { passes: 2, ..Params::for_tests() }, 1);
        let verdict = stronger.verify(hash, "four ships left".into()).await.unwrap();
        assert_eq!(verdict, Verdict { matches: true, needs_rehash: true });
    }

    #[tokio::test]
    async fn nobody_costs_what_somebody_costs() {
        for params in [Params::for_tests(), Params::owasp()] {
            let passwords = Passwords::new(params, 1);
            let nobody = PasswordHash::new(&passwords.nobody).unwrap();
            assert!(is_current(&passwords.argon2, &nobody), "the same algorithm and parameters");
            let somebody: PasswordHash = passwords.argon2.hash_password(b"four ships left").unwrap();
            assert_eq!(nobody.params, somebody.params);
            assert_eq!(
                nobody.hash.map(|hash| hash.len()),
                somebody.hash.map(|hash| hash.len()),
                "and the same length"
            );
        }
        let passwords = cheap();
        passwords.verify_nobody("four ships left".into()).await.unwrap();
        assert_eq!(passwords.computed(), 1, "and it is computed");
    }

    #[tokio::test]
    async fn a_full_queue_says_so_instead_of_growing() {
        let passwords = cheap();
        let all = passwords.queue.available_permits();
        let full = passwords.queue.acquire_many(u32::try_from(all).unwrap()).await.unwrap();
        let refused = passwords.hash("four ships left".into()).await;
        assert!(matches!(refused, Err(Error::Unavailable { .. })), "{refused:?}");
        drop(full);
        assert!(passwords.hash("four ships left".into()).await.is_ok());
    }
}
