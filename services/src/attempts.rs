//! How often passwords may be tried: five failures for each account and twenty for each address in 15 minutes.

use crate::{
    Services,
    network::network_of,
    secrets,
    turns::{Length, Turn},
};
use domain::{Error, Result, time::Timestamp};
use std::time::Duration;
use store::sign_in_attempts::{self, Subject};
use uuid::Uuid;

/// How far back failures count.
pub(crate) const WINDOW_SECONDS: i64 = 15 * 60;
const OF_ACCOUNT: usize = 5;
const OF_ADDRESS: usize = 20;

/// Waits before the third, fourth and each later try.
const DELAYS: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2)];

/// Tries at the same moment of one account and from one address; the others wait. A try counts as failed until it is
/// over, so more at once would refuse people who make no mistake, as at nine in an office behind one address.
/// Lines are as long as what is worth waiting for: on two cores, 40 passwords are computed in a second.
const LINE_OF_ACCOUNT: Length = Length { at_once: 1, waiting: 32 };
const LINE_OF_ADDRESS: Length = Length { at_once: 8, waiting: 120 };

/// A try that is noted as failed until it succeeds: tries at the same moment, also of other instances, see each other.
pub(crate) struct Attempt {
    rows: Vec<(Uuid, Subject)>,
    /// Until the try is over.
    _turn: Turn,
}

/// What an account's failures are counted by: the name as it was typed, so that the count does not tell whether there
/// is such an account.
pub(crate) fn account(login: &str) -> Subject {
    secrets::sha256(format!("account {}", domain::validate::email_key(login)))
}

impl Attempt {
    /// Begins a try on an account from an address (which may be empty: unknown). Waits where there were failures.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the seconds until the next try; [`Error::Unavailable`] if too many try at this moment.
    pub(crate) async fn begin(services: &Services, account: Subject, address: &str) -> Result<Self> {
        let mut rows = vec![(services.ids.id(), account)];
        if !address.is_empty() {
            rows.push((services.ids.id(), of_address(address)));
        }
        // The account's first: who holds an address's turn waits for nobody.
        let subjects = rows.iter().map(|(_, subject)| *subject);
        let turn = services.turns.take(subjects.zip([LINE_OF_ACCOUNT, LINE_OF_ADDRESS])).await?;
        let attempt = Self { rows, _turn: turn };
        let now = services.now();
        let mut tx = services.db.write_aside().await?;
        sign_in_attempts::insert(&mut tx, &attempt.rows, now).await?;
        // Counted after the commit: of tries at the same moment, the last ones see all the others.
        tx.commit().await?;
        let of_account = attempt.check(services, 0, OF_ACCOUNT).await?;
        if attempt.rows.len() > 1 {
            attempt.check(services, 1, OF_ADDRESS).await?;
        }
        if let Some(step) = of_account.checked_sub(3) {
            services.clock.sleep(DELAYS[step.min(DELAYS.len() - 1)]).await;
        }
        Ok(attempt)
    }

    /// Takes this try back and forgets the failures of its account, and of the accounts `also`.
    ///
    /// The accounts come first: of two sign-ins to one account at once, the second waits before it holds anything.
    pub(crate) async fn succeeded(self, tx: &mut store::Tx, also: &[Subject]) -> Result<()> {
        let accounts = self.rows.iter().take(1).map(|(_, subject)| *subject);
        let accounts: Vec<Subject> = accounts.chain(also.iter().copied()).collect();
        sign_in_attempts::clear(tx, &accounts).await?;
        let rest: Vec<Uuid> = self.rows.iter().skip(1).map(|(id, _)| *id).collect();
        if !rest.is_empty() {
            sign_in_attempts::remove(tx, &rest).await?;
        }
        Ok(())
    }

    /// Takes this try back because nothing was tried, as when too many sign in at this moment.
    pub(crate) async fn withdraw(&self, services: &Services) -> Result<()> {
        let ids: Vec<Uuid> = self.rows.iter().map(|(id, _)| *id).collect();
        let mut tx = services.db.write_aside().await?;
        sign_in_attempts::remove(&mut tx, &ids).await?;
        Ok(tx.commit().await?)
    }

    /// How many tries there were in the window, this one among them.
    async fn check(&self, services: &Services, row: usize, limit: usize) -> Result<usize> {
        let subject = self.rows[row].1;
        let now = services.now();
        let mut tx = services.db.peek().await?;
        let after = now.plus_seconds(-WINDOW_SECONDS);
        let most = i64::try_from(limit).unwrap_or(i64::MAX) + 1;
        let tries = sign_in_attempts::latest(&mut tx, subject, after, most).await?;
        drop(tx);
        if tries.len() <= limit {
            return Ok(tries.len());
        }
        // A refused try is none: whoever keeps trying is let in again after the window all the same.
        self.withdraw(services).await?;
        Err(Error::TooMany { retry_after: wait(&tries, now) })
    }
}

/// Seconds until the oldest of the tries leaves the window.
fn wait(tries: &[Timestamp], now: Timestamp) -> u64 {
    let oldest = tries.last().copied().unwrap_or(now);
    let micros = oldest.plus_seconds(WINDOW_SECONDS).micros() - now.micros();
    // Rounded up: whoever waits that long is not told to wait again.
    u64::try_from(micros).unwrap_or(0).div_ceil(1_000_000).max(1)
}

/// What an address's failures are counted by; one that can't be read stands for itself.
fn of_address(address: &str) -> Subject {
    let network =
        address.parse().map_or_else(|_| address.to_owned(), |address| network_of(address).to_string());
    secrets::sha256(format!("address {network}"))
}
