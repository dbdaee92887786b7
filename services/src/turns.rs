//! Turns: of many who do the same at the same moment, a few at a time, and not too many who wait for it.

use crate::passwords::crowded;
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
/// Places when nobody says how many.
const USUAL_PLACES: usize = 256;

/// Who has a turn and who waits for one, by subject. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Turns {
    places: Arc<Semaphore>,
    lines: Arc<Mutex<HashMap<Subject, Weak<Line>>>>,
}

/// How long a subject's line may be.
#[derive(Clone, Copy, Debug)]
pub struct Length {
    /// Who may have a turn at the same time.
    pub at_once: usize,
    /// Who may wait for one; whoever comes then is turned away at once, because waiting costs the server room.
    pub waiting: usize,
}

#[derive(Debug)]
struct Line {
    /// One for each who has a turn or waits for it.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A turn of each of its subjects, which ends when it is dropped.
#[derive(Debug)]
pub struct Turn {
    _permits: Vec<OwnedSemaphorePermit>,
    // A line that nobody stands in is forgotten, and the next one of its subject would know nothing of this turn.
    _lines: Vec<Arc<Line>>,
}

impl Default for Turns {
    fn default() -> Self {
        Self::with_places(USUAL_PLACES)
    }
}

impl Turns {
    /// Turns for as many as `places` at the same moment, of all subjects together and with those who wait.
    pub fn with_places(places: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(places.max(1))), lines: Arc::default() }
    }

    /// Waits for a turn of each subject, in their order.
    ///
    /// # Errors
    /// [`Error::TooMany`] when a line is too long, or when there was no turn within ten seconds;
    /// [`Error::Unavailable`] when too many wait in all lines together.
    pub async fn take(&self, subjects: impl IntoIterator<Item = (Subject, Length)> + Send) -> Result<Turn> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(crowded());
        };
        let lines: Vec<_> =
            subjects.into_iter().map(|(subject, length)| self.line(subject, length)).collect();
        let mut permits = vec![place];
        let all = async {
            for line in &lines {
                permits.push(Arc::clone(&line.places).try_acquire_owned().map_err(|_| come_again())?);
                let turn = Arc::clone(&line.turns).acquire_owned().await;
                permits.push(turn.map_err(|_| come_again())?);
            }
            Result::<_>::Ok(())
        };
        timeout(PATIENCE, all).await.map_err(|_| come_again())??;
        Ok(Turn { _permits: permits, _lines: lines })
    }

    fn line(&self, subject: Subject, length: Length) -> Arc<Line> {
        // What is in there is whole after every step, so whoever panicked has broken nothing.
        let mut all = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = all.get(&subject).and_then(Weak::upgrade) {
            return line;
        }
        if all.len() >= MANY {
            all.retain(|_, line| line.strong_count() > 0);
        }
        let line = Arc::new(Line {
            places: Arc::new(Semaphore::new(length.at_once + length.waiting)),
            turns: Arc::new(Semaphore::new(length.at_once)),
        });
        all.insert(subject, Arc::downgrade(&line));
        line
    }
}

const fn come_again() -> Error {
    Error::TooMany { retry_after: COME_AGAIN_SECONDS }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Length = Length { at_once: 1, waiting: 1 };
    const MINE: Subject = [1; 32];
    const OTHER: Subject = [2; 32];

    #[tokio::test]
    async fn a_subject_has_so_many_turns_at_once_and_others_have_theirs() {
        let turns = Turns::default();
        let first = turns.take([(MINE, ONE)]).await.expect("a turn");
        let waits = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take([(MINE, ONE)]).await.map(drop) }
        });
        drop(turns.take([(OTHER, ONE)]).await.expect("nobody waits for others"));
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        drop(first);
        waits.await.expect("it ends").expect("a turn");
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_too_long_is_asked_to_come_again() {
        let turns = Turns::default();
        let _turn = turns.take([(MINE, ONE)]).await.expect("a turn");
        let tired = turns.take([(MINE, ONE)]).await;
        assert_eq!(tired.map(drop), Err(come_again()));
    }

    #[tokio::test(start_paused = true)]
    async fn who_finds_a_long_line_is_told_at_once() {
        let turns = Turns::default();
        let first = turns.take([(MINE, ONE)]).await.expect("a turn");
        let waits = tokio::spawn({
            let turns = turns.clone();
            async move { turns.take([(OTHER, ONE), (MINE, ONE)]).await.map(drop) }
        });
        tokio::task::yield_now().await;
        let begin = tokio::time::Instant::now();
        assert_eq!(turns.take([(MINE, ONE)]).await.map(drop), Err(come_again()));
        assert_eq!(begin.elapsed(), Duration::ZERO);
        drop(first);
        waits.await.expect("it ends").expect("a turn of both");
        drop(turns.take([(OTHER, ONE), (MINE, ONE)]).await.expect("places are given back"));
    }

    #[tokio::test(start_paused = true)]
    async fn all_lines_together_have_so_many_places() {
        let turns = Turns::with_places(2);
        let first = turns.take([(MINE, ONE)]).await.expect("a turn");
        let _second = turns.take([(OTHER, ONE)]).await.expect("a turn");
        let third = turns.take([([3; 32], ONE)]).await;
        assert!(matches!(third, Err(Error::Unavailable { .. })));
        drop(first);
        drop(turns.take([([3; 32], ONE)]).await.expect("a place is free again"));
    }

    #[tokio::test]
    async fn subjects_that_nobody_waits_for_are_forgotten() {
        let turns = Turns::default();
        for number in 0..=u16::try_from(MANY).expect("it fits") {
            let [high, low] = number.to_be_bytes();
            let mut subject = [0; 32];
            (subject[0], subject[1]) = (high, low);
            drop(turns.take([(subject, ONE)]).await.expect("a turn"));
        }
        assert_eq!(turns.lines.lock().expect("whole").len(), 1);
    }
}
