//! Places for what takes long, so many in all and so many for each who takes one.

use domain::Error;
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

/// How many places there are.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// In all.
    pub all: usize,
    /// For each.
    pub of_one: usize,
    /// When whoever finds none is asked to come again.
    pub come_again_seconds: u64,
}

/// The places, by who has them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Places<K> {
    room: Room,
    taken: Arc<Mutex<Taken<K>>>,
}

#[derive(Debug)]
struct Taken<K> {
    all: usize,
    by_one: HashMap<K, usize>,
}

/// A place, given back when it is dropped.
#[derive(Debug)]
pub struct Place<K: Copy + Eq + Hash> {
    places: Places<K>,
    who: K,
}

impl<K: Copy + Eq + Hash> Places<K> {
    /// All of them free.
    pub fn new(room: Room) -> Self {
        Self { room, taken: Arc::new(Mutex::new(Taken { all: 0, by_one: HashMap::new() })) }
    }

    /// How many are taken.
    pub fn taken(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).all
    }

    /// One more.
    ///
    /// # Errors
    /// [`Error::TooMany`] if there is none.
    pub fn take(&self, who: K) -> Result<Place<K>, Error> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_one.get(&who).copied().unwrap_or_default();
        if taken.all >= self.room.all || own >= self.room.of_one {
            return Err(Error::TooMany { retry_after: self.room.come_again_seconds });
        }
        taken.all += 1;
        taken.by_one.insert(who, own + 1);
        Ok(Place { places: self.clone(), who })
    }
}

impl<K: Copy + Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        if let Some(own) = taken.by_one.get_mut(&self.who) {
            *own -= 1;
            if *own == 0 {
                taken.by_one.remove(&self.who);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_is_given_back_is_free_again() {
        let places = Places::new(Room { all: 3, of_one: 2, come_again_seconds: 30 });
        let anns: Vec<_> = (0..2).map(|_| places.take("ann").expect("a place")).collect();
        assert!(places.take("ann").is_err(), "one person has all that one person gets");
        let bens = places.take("ben").expect("a place");
        let full = places.take("ben").map(drop);
        assert_eq!(full, Err(Error::TooMany { retry_after: 30 }), "the house is full");
        drop(bens);
        drop(anns);
        assert!(places.take("ann").is_ok());
        assert!(places.taken.lock().expect("a lock").by_one.is_empty());
    }
}
