//! Turns: of many who do the same at the same moment, a few at a time.

use domain::{Error, Result};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use store::sign_in_attempts::Subject;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long somebody waits for a turn before they are asked to come again.
const PATIENCE: Duration = Duration::from_secs(10);
const COME_AGAIN_SECONDS: u64 = 2;
/// Subjects that nobody waits for are forgotten when there are this many.
const MANY: usize = 1024;

/// Who has a turn and who waits for one, by subject. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Turns {
    waiting: Arc<Mutex<HashMap<Subject, Weak<Semaphore>>>>,
}

/// A turn, which ends when it is dropped.
pub type Turn = OwnedSemaphorePermit;

impl Turns {
    /// Waits for one of the subject's turns, of which there are `at_once`.
    ///
    /// # Errors
    /// [`Error::TooMany`] when none was free for ten seconds.
    ///
    /// # Panics
    /// Never: nobody closes the semaphores.
    pub async fn take(&self, subject: Subject, at_once: usize) -> Result<Turn> {
        let turns = self.of(subject, at_once);
        let turn = timeout(PATIENCE, turns.acquire_owned()).await;
        let turn = turn.map_err(|_| Error::TooMany { retry_after: COME_AGAIN_SECONDS })?;
        Ok(turn.expect("the semaphore is never closed"))
    }

    fn of(&self, subject: Subject, at_once: usize) -> Arc<Semaphore> {
        // What is in there is whole after every step, so whoever panicked has broken nothing.
        let mut all = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = all.get(&subject).and_then(Weak::upgrade) {
            return turns;
        }
        if all.len() >= MANY {
            all.retain(|_, turns| turns.strong_count() > 0);
        }
        let turns = Arc::new(Semaphore::new(at_once));
        all.insert(subject, Arc::downgrade(&turns));
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_subject_has_so_many_turns_at_once_and_others_have_theirs() {
        let turns = Turns::default();
        let (mine, other) = ([1; 32], [2; 32]);
        let first = turns.take(mine, 1).await.expect("a turn");
        let waits = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take(mine, 1).await.map(drop) }
        });
        drop(turns.take(other, 1).await.expect("nobody waits for others"));
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        drop(first);
        waits.await.expect("it ends").expect("a turn");
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_asked_to_come_again() {
        let turns = Turns::default();
        let _turn = turns.take([1; 32], 1).await.expect("a turn");
        let tired = turns.take([1; 32], 1).await;
        assert_eq!(tired.map(drop), Err(Error::TooMany { retry_after: COME_AGAIN_SECONDS }));
    }

    #[tokio::test]
    async fn subjects_that_nobody_waits_for_are_forgotten() {
        let turns = Turns::default();
        for number in 0..=u16::try_from(MANY).expect("it fits") {
            let [high, low] = number.to_be_bytes();
            let mut subject = [0; 32];
            (subject[0], subject[1]) = (high, low);
            drop(turns.take(subject, 1).await.expect("a turn"));
        }
        assert_eq!(turns.waiting.lock().expect("whole").len(), 1);
    }
}
