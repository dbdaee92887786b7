//! What the other side says to something sent, whichever way it went; and the script of answers that stands for the other
//! side in tests.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// What came of one try. The words are PMS's own: they are kept and shown, so no secret or foreign text is in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The other side has it now.
    Taken,
    /// It may work later.
    Later {
        /// Not before this time has passed, says the other side.
        after: Option<Duration>,
        /// Why.
        why: String,
    },
    /// It will never work like this.
    Refused {
        /// Why.
        why: String,
    },
    /// There is nobody any more.
    Gone,
}

impl Answer {
    /// [`Answer::Later`], as soon as we like.
    pub fn later(why: impl Into<String>) -> Self {
        Self::Later { after: None, why: why.into() }
    }

    /// [`Answer::Refused`].
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused { why: why.into() }
    }
}

/// Stands for another side in tests: notes what was sent, and answers from a script and then always the same.
#[derive(Debug)]
pub struct Script<T> {
    sent: Mutex<Vec<T>>,
    answers: Mutex<VecDeque<Turn>>,
    usual: Mutex<Turn>,
}

/// One answer of a [`Script`].
#[derive(Clone, Debug)]
pub enum Turn {
    /// Answers at once.
    Says(Answer),
    /// Never answers.
    Hangs,
}

impl<T> Default for Script<T> {
    fn default() -> Self {
        Self {
            sent: Mutex::default(),
            answers: Mutex::default(),
            usual: Mutex::new(Turn::Says(Answer::Taken)),
        }
    }
}

impl<T: Clone> Script<T> {
    /// What was sent so far, whatever was said to it.
    pub fn sent(&self) -> Vec<T> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers like this once, after those that wait already.
    pub fn then(&self, turn: Turn) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push_back(turn);
    }

    /// Answers like this from now on.
    pub fn always(&self, turn: Turn) {
        *self.usual.lock().unwrap_or_else(PoisonError::into_inner) = turn;
    }

    /// Notes what was sent and answers.
    pub(crate) async fn play(&self, sent: T) -> Answer {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        let next = self.answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let turn = next.unwrap_or_else(|| self.usual.lock().unwrap_or_else(PoisonError::into_inner).clone());
        match turn {
            Turn::Says(answer) => answer,
            Turn::Hangs => std::future::pending().await,
        }
    }
}
