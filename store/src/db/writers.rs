//! Turns at writing to MySQL, where those who write wait for each other at the lock of the change counter.

use super::{Error, Result};
use std::{io, sync::Arc, time::Duration};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// One of so many connections is for those who wait for that lock.
const SHARE: u32 = 4;

/// Whoever waits for the lock has a connection meanwhile. If all who write did, one whom another server keeps waiting would
/// leave no connection to those who read.
#[derive(Clone, Debug)]
pub struct Writers {
    turns: Arc<Semaphore>,
    wait: Duration,
}

impl Writers {
    /// Of a pool of so many connections, each waiting so long at the most.
    pub(super) fn among(connections: u32, wait: Duration) -> Self {
        Self { turns: Arc::new(Semaphore::new((connections / SHARE).max(1) as usize)), wait }
    }

    /// May write until it is dropped.
    pub(super) async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = timeout(self.wait, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| {
            let why = "others had the turns at writing all the time";
            Error::Busy(sqlx::Error::Io(io::Error::new(io::ErrorKind::TimedOut, why)))
        })?;
        turn.map_err(|_| Error::Unreachable(sqlx::Error::PoolClosed))
    }
}
