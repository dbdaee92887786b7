//! Lists as they were last answered, by the same key as their `ETag`: it names the person, the query and the state of the
//! workspace, so an entry is never wrong, only absent.

use axum::body::Bytes;
use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Names a list in a state of the workspace.
pub type Key = [u8; 16];

/// Bytes kept at the most; beyond it the cache starts anew.
const CAPACITY: usize = 32 * 1024 * 1024;
/// A larger list would push out too many others.
const LARGEST: usize = 1024 * 1024;

/// The cache. What belongs to an older state of the workspace is dropped as soon as a newer one is seen.
#[derive(Default)]
pub struct ListCache {
    kept: Mutex<Kept>,
    known: AtomicU64,
    unknown: AtomicU64,
}

#[derive(Default)]
struct Kept {
    state: (i64, i64),
    bytes: usize,
    lists: HashMap<Key, Bytes>,
}

impl ListCache {
    /// How many lists were answered without reading them, because the caller had them or they were here, and how many not,
    /// since the start.
    pub fn asked(&self) -> (u64, u64) {
        (self.known.load(Ordering::Relaxed), self.unknown.load(Ordering::Relaxed))
    }

    /// A list was asked for, and need not be read (`true`), or has to be.
    pub fn note(&self, is_known: bool) {
        let count = if is_known { &self.known } else { &self.unknown };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// The list, if it was answered in this state (change and access counter) before.
    pub fn get(&self, state: (i64, i64), key: &Key) -> Option<Bytes> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.state == state { kept.lists.get(key).cloned() } else { None }
    }

    /// Keeps a list.
    pub fn put(&self, state: (i64, i64), key: Key, list: &Bytes) {
        if list.len() > LARGEST {
            return;
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if state < kept.state {
            return;
        }
        if state != kept.state || kept.bytes + list.len() > CAPACITY {
            *kept = Kept { state, ..Kept::default() };
        }
        kept.bytes += list.len();
        if let Some(before) = kept.lists.insert(key, list.clone()) {
            kept.bytes -= before.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_kept_until_something_changes() {
        let cache = ListCache::default();
        cache.put((1, 1), [1; 16], &Bytes::from_static(b"one"));
        assert_eq!(cache.get((1, 1), &[1; 16]).as_deref(), Some(&b"one"[..]));
        assert_eq!(cache.get((2, 1), &[1; 16]), None, "something was changed");
        assert_eq!(cache.get((1, 2), &[1; 16]), None, "somebody's permissions were changed");
        cache.put((2, 1), [2; 16], &Bytes::from_static(b"two"));
        cache.put((1, 1), [1; 16], &Bytes::from_static(b"late"));
        assert_eq!(cache.get((1, 1), &[1; 16]), None, "a slow request does not bring the past back");
    }

    #[test]
    fn it_does_not_grow_without_end() {
        let cache = ListCache::default();
        let list = Bytes::from(vec![0; LARGEST]);
        for number in 0..100_u8 {
            cache.put((1, 1), [number; 16], &list);
        }
        assert!(cache.kept.lock().unwrap().bytes <= CAPACITY);
        cache.put((1, 1), [200; 16], &Bytes::from(vec![0; LARGEST + 1]));
        assert_eq!(cache.get((1, 1), &[200; 16]), None);
    }
}
