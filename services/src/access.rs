//! Permissions by person, kept until anything about permissions changes.

use crate::{
    Actor, Services,
    audit::{self, Act},
    authorize,
};
use domain::{Result, ids::UserId, permission::Permission};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use store::access::Access;

/// How many people's permissions are kept; beyond it the cache starts anew.
const CAPACITY: usize = 10_000;

/// The cache: each person's are valid for one value of a number that grows in the transaction which changes a role, a
/// membership or a person ([`Moment::own_access`](store::sessions::Moment)). It is never wrong, only absent.
#[derive(Clone, Default)]
pub struct AccessCache(Arc<Mutex<Kept>>, Arc<Asked>);

/// Permissions by person, and the number that they are of.
type Kept = HashMap<UserId, (i64, Arc<Access>)>;

/// How often the cache was asked, for whoever watches over the installation.
#[derive(Default)]
struct Asked {
    found: AtomicU64,
    missed: AtomicU64,
}

impl AccessCache {
    /// How often it had what it was asked for, and how often not, since the start.
    pub fn asked(&self) -> (u64, u64) {
        (self.1.found.load(Ordering::Relaxed), self.1.missed.load(Ordering::Relaxed))
    }

    fn get(&self, user: UserId, own_access: i64) -> Option<Arc<Access>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(&user).filter(|(of, _)| *of == own_access).map(|(_, access)| Arc::clone(access));
        drop(kept);
        let count = if found.is_some() { &self.1.found } else { &self.1.missed };
        count.fetch_add(1, Ordering::Relaxed);
        found
    }

    fn put(&self, user: UserId, own_access: i64, access: Arc<Access>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.get(&user).is_some_and(|(of, _)| *of > own_access) {
            return;
        }
        if kept.len() >= CAPACITY {
            kept.clear();
        }
        kept.insert(user, (own_access, access));
    }
}

/// A person's permissions as of `own_access`, which the caller has just read; `None` if they may not sign in.
///
/// # Errors
/// What the database says.
pub async fn of(services: &Services, user: UserId, own_access: i64) -> Result<Option<Arc<Access>>> {
    match services.access.get(user, own_access) {
        Some(access) => Ok(Some(access)),
        None => read(services, user).await,
    }
}

/// A person's permissions as they are now, which are kept; `None` if they may not sign in.
///
/// # Errors
/// What the database says.
pub async fn read(services: &Services, user: UserId) -> Result<Option<Arc<Access>>> {
    let mut tx = services.db.peek().await?;
    // The number comes with the rows: what is kept must be of one moment.
    let Some((access, own_access)) = store::access::load(&mut tx, user).await? else {
        return Ok(None);
    };
    let access = Arc::new(access);
    services.access.put(user, own_access, Arc::clone(&access));
    Ok(Some(access))
}

/// Lets every instance read everybody's permissions anew with their next request, and every open page look at everything
/// anew: after rows were changed past PMS, for instance.
///
/// # Errors
/// [`domain::Error::Forbidden`] without `role.manage`.
pub async fn recalculate(services: &Services, actor: &Actor) -> Result<()> {
    authorize::in_workspace(actor, Permission::RoleManage)?;
    let mut tx = services.db.write().await?;
    tx.bump_access();
    audit::note(&mut tx, services, actor, Act::everywhere("permissions.recalculated", "role")).await?;
    Ok(tx.commit().await?)
}
