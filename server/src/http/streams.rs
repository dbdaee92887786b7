//! How many streams of events are open. They last for hours, so they are counted apart from requests.

use domain::{Error, ids::UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// Streams of one person: a browser needs one, however many pages are open.
const OF_A_PERSON: usize = 50;
const COME_AGAIN_SECONDS: u64 = 30;

/// The open streams. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Streams {
    most: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Debug, Default)]
struct Open {
    all: usize,
    by_person: HashMap<UserId, usize>,
}

/// A place for a stream, given back when it is dropped.
#[derive(Debug)]
pub struct Place {
    streams: Streams,
    user: UserId,
}

impl Streams {
    /// At the most so many.
    pub fn new(most: usize) -> Self {
        Self { most, open: Arc::default() }
    }

    /// How many there are.
    pub fn open(&self) -> usize {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// A place for one more.
    ///
    /// # Errors
    /// [`Error::TooMany`] if there is none.
    pub fn take(&self, user: UserId) -> Result<Place, Error> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.by_person.get(&user).copied().unwrap_or_default();
        if open.all >= self.most || own >= OF_A_PERSON {
            return Err(Error::TooMany { retry_after: COME_AGAIN_SECONDS });
        }
        open.all += 1;
        open.by_person.insert(user, own + 1);
        Ok(Place { streams: self.clone(), user })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.all = open.all.saturating_sub(1);
        if let Some(own) = open.by_person.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                open.by_person.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_place_that_is_given_back_is_free_again() {
        let streams = Streams::new(OF_A_PERSON + 1);
        let [ann, ben] = [1, 2].map(|number| UserId(Uuid::from_u128(number)));
        let anns: Vec<Place> = (0..OF_A_PERSON).map(|_| streams.take(ann).expect("a place")).collect();
        assert!(streams.take(ann).is_err(), "one person has all that one person gets");
        let bens = streams.take(ben).expect("a place");
        assert!(streams.take(ben).is_err(), "the house is full");
        drop(bens);
        drop(anns);
        assert!(streams.take(ann).is_ok());
        assert!(streams.open.lock().expect("a lock").by_person.is_empty());
    }
}
