//! Permissions by person, kept until anything about permissions changes.

use crate::Services;
use domain::{Result, ids::UserId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::access::Access;

/// How many people's permissions are kept; beyond it the cache starts anew.
const CAPACITY: usize = 10_000;

/// The cache: valid for one value of the access counter, which grows in the transaction that changes a role, a
/// membership or a person. It is never wrong, only absent.
#[derive(Clone, Default)]
pub struct AccessCache(Arc<Mutex<Kept>>);

#[derive(Default)]
struct Kept {
    counter: i64,
    by_user: HashMap<UserId, Arc<Access>>,
}

impl AccessCache {
    fn get(&self, user: UserId, counter: i64) -> Option<Arc<Access>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.counter == counter { kept.by_user.get(&user).cloned() } else { None }
    }

    fn put(&self, user: UserId, counter: i64, access: Arc<Access>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.counter > counter {
            return;
        }
        if kept.counter < counter || kept.by_user.len() >= CAPACITY {
            kept.by_user.clear();
            kept.counter = counter;
        }
        kept.by_user.insert(user, access);
    }
}

/// A person's permissions as of `counter`, the access counter that the caller has just read; `None` if they may not
/// sign in.
///
/// # Errors
/// What the database says.
pub async fn of(services: &Services, user: UserId, counter: i64) -> Result<Option<Arc<Access>>> {
    if let Some(access) = services.access.get(user, counter) {
        return Ok(Some(access));
    }
    let mut tx = services.db.peek().await?;
    // The counter comes again with the rows: what is kept must be of one moment.
    let Some((access, counter)) = store::access::load(&mut tx, user).await? else {
        return Ok(None);
    };
    let access = Arc::new(access);
    services.access.put(user, counter, Arc::clone(&access));
    Ok(Some(access))
}
