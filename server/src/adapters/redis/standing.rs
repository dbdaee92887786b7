//! How it stands with Redis, over both connections to it: operators are told once that it is gone and once that it is back,
//! whichever of the two notices.

use std::{
    fmt::Display,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What is done by Redis, over a connection of its own each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// Servers hear each other.
    Words,
    /// They count requests together.
    Counters,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// It was not tried yet, or is being tried.
    #[default]
    Unsure,
    Up,
    Down,
}

/// How it stands.
#[derive(Default)]
pub struct Standing(Mutex<States>);

#[derive(Default)]
struct States {
    words: State,
    counters: State,
    /// What the log said last.
    told: State,
}

impl Standing {
    /// It works.
    pub fn up(&self, part: Part) {
        let mut states = self.states();
        *states.of(part) = State::Up;
        if states.words == State::Up && states.counters == State::Up && states.told != State::Up {
            states.told = State::Up;
            tracing::info!("servers hear each other and count requests together by Redis");
        }
    }

    /// It does not, and that was tried.
    pub fn down(&self, part: Part, why: &dyn Display) {
        let mut states = self.states();
        *states.of(part) = State::Down;
        if states.told != State::Down {
            states.told = State::Down;
            tracing::warn!(%why, "Redis is away or slow: servers hear of each other later or count requests by themselves");
        }
    }

    /// The connection was lost. One that is back at once is not worth a line.
    pub fn lost(&self, part: Part) {
        *self.states().of(part) = State::Unsure;
    }

    /// Servers hear each other, and nothing else is known to be amiss.
    pub fn is_well(&self) -> bool {
        let states = self.states();
        states.words == State::Up && states.counters != State::Down
    }

    fn states(&self) -> MutexGuard<'_, States> {
        // Whole after every step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl States {
    const fn of(&mut self, part: Part) -> &mut State {
        match part {
            Part::Words => &mut self.words,
            Part::Counters => &mut self.counters,
        }
    }
}
