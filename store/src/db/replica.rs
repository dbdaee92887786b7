//! A copy of a MySQL database that follows it a moment later, and answers what it has come far enough for.
//!
//! A read names the counters that its request saw in the primary database. The replica's own counters stand in the same
//! snapshot as what is read, and change in the same transaction as what they count; so one that has reached those numbers
//! shows at least what the request has seen, and whoever asks always finds what they have just done. Only what stands in the
//! history or belongs to permissions is counted: nothing else may be read here.

use super::{
    Db, Dialect, Error, Result, Tx,
    held::{Failures, Held},
    timed::{self, Turn},
    traced,
    tx::Inner,
};
use crate::counters::Counters;
use sqlx::{AssertSqlSafe, MySqlPool, Row as _, mysql::MySqlRow};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::time::timeout;

/// A request goes to the primary database when the replica takes longer to begin.
const PATIENCE: Duration = Duration::from_millis(250);
/// One that took longer when it was looked at would be too slow for many requests.
const PROMPT: Duration = Duration::from_millis(100);
/// A database that takes longer to answer when it is looked at is away.
const LOOKING: Duration = Duration::from_secs(2);
/// A replica that is further behind is not asked: it would only cost each request a question more.
const USEFUL: Duration = Duration::from_secs(2);
/// One that is further behind is not well.
const LATE: Duration = Duration::from_secs(10);
/// For so long one is not asked that failed in the middle of a read: it may answer a look all the same.
const REST: Duration = Duration::from_secs(30);
/// Instants of the primary database that are kept to tell how far behind a replica is.
const REMEMBERED: usize = 600;

/// How a replica stands to its primary database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Following {
    /// It has lacked for so long what the primary has; zero for one that lacks nothing, or what the primary did not have a
    /// look before.
    Behind(Duration),
    /// It does not answer.
    Away,
    /// It has what the primary has not: it is a copy of something else, or was written to.
    Foreign,
}

impl Following {
    /// What is wrong with it, as the end of a sentence; `None` where nothing is.
    pub fn trouble(self) -> Option<String> {
        match self {
            Self::Behind(time) if time < LATE => None,
            Self::Behind(time) => Some(format!("the replica is {} s behind", time.as_secs())),
            Self::Away => Some("the replica does not answer".to_owned()),
            Self::Foreign => Some("the replica is no copy of this database".to_owned()),
        }
    }
}

/// What is known of a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Replication {
    /// How it stood when it was looked at last.
    pub following: Following,
    /// Reads that it has begun since the start.
    pub answered: u64,
    /// Reads that the primary database answered instead, because the replica had not come far enough or was not there.
    pub refused: u64,
}

#[derive(Debug)]
pub struct Replica {
    pool: MySqlPool,
    /// Whether it is worth asking. Not before it was looked at.
    useful: AtomicBool,
    /// Reads that it began and did not bring to an end.
    failures: Failures,
    /// Whether one more connection is being opened.
    opening: AtomicBool,
    /// What this program has committed itself: a request that writes and then reads knows older counters.
    change: AtomicI64,
    access: AtomicI64,
    answered: AtomicU64,
    refused: AtomicU64,
    looks: Mutex<Looks>,
}

/// What was seen of it.
#[derive(Debug)]
struct Looks {
    past: Past,
    following: Following,
    /// Its failures at the last look.
    failures: u64,
    rests_until: Option<Instant>,
}

/// What the primary database showed when, and the replica does not show yet.
#[derive(Debug, Default)]
struct Past(VecDeque<(Instant, Counters)>);

/// How far a database is, and by which way it came there.
#[derive(Debug, PartialEq, Eq)]
struct Mark {
    counters: Counters,
    /// The last migration of its tables.
    version: Option<i64>,
    /// A row of the history.
    row: Option<Vec<u8>>,
}

/// Both at once, so that a read costs as many round trips as one of the primary database.
const BEGIN: &str = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;
    SELECT c.value AS change_value, a.value AS access_value
    FROM counter c JOIN counter a ON a.name = 'access' WHERE c.name = 'change'";

impl Db {
    /// Begins a transaction that only reads at the replica, if there is one that has come as far as `seen`. For what the
    /// counters count alone. What fails in it has to be read from the primary database.
    pub async fn read_replica(&self, seen: Counters) -> Option<Tx> {
        let replica = self.replica()?;
        let waiting = timed::waiting(Turn::Read);
        let begun = replica.begin(seen).await;
        if begun.is_none() {
            // Whoever turns to the primary database waits on.
            waiting.forget();
        }
        let count = if begun.is_some() { &replica.answered } else { &replica.refused };
        count.fetch_add(1, Ordering::Relaxed);
        Some(Tx::of(Inner::MySql(begun?)))
    }

    /// Looks how the replica stands, which decides whether it is asked; to be done each second. `None` without one.
    ///
    /// # Errors
    /// What the primary database says; until it says something, the replica is not asked.
    pub async fn look_at_replica(&self) -> Result<Option<Following>> {
        let (Self::MySql { primary, .. }, Some(replica)) = (self, self.replica()) else { return Ok(None) };
        let looked = replica.look(primary).await;
        let is_useful = matches!(looked, Ok((Following::Behind(time), true)) if time <= USEFUL);
        replica.useful.store(is_useful, Ordering::Relaxed);
        Ok(Some(looked?.0))
    }

    /// What is known of the replica; `None` without one.
    pub fn replication(&self) -> Option<Replication> {
        self.replica().map(|replica| Replication {
            following: replica.looks().following,
            answered: replica.answered.load(Ordering::Relaxed),
            refused: replica.refused.load(Ordering::Relaxed),
        })
    }

    pub(super) fn replica(&self) -> Option<&Arc<Replica>> {
        match self {
            Self::Sqlite { .. } => None,
            Self::MySql { replica, .. } => replica.as_ref(),
        }
    }
}

impl Replica {
    pub(super) fn new(pool: MySqlPool) -> Self {
        let looks = Looks {
            past: Past::default(),
            following: Following::Behind(Duration::ZERO),
            failures: 0,
            rests_until: None,
        };
        Self {
            pool,
            useful: AtomicBool::new(false),
            failures: Failures::default(),
            opening: AtomicBool::new(false),
            change: AtomicI64::new(0),
            access: AtomicI64::new(0),
            answered: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            looks: Mutex::new(looks),
        }
    }

    pub(super) const fn pool(&self) -> &MySqlPool {
        &self.pool
    }

    /// What this program has committed.
    pub(super) fn note(&self, Counters { change, access }: Counters) {
        self.change.fetch_max(change, Ordering::Relaxed);
        self.access.fetch_max(access, Ordering::Relaxed);
    }

    fn noted(&self) -> Counters {
        Counters { change: self.change.load(Ordering::Relaxed), access: self.access.load(Ordering::Relaxed) }
    }

    async fn begin(self: &Arc<Self>, seen: Counters) -> Option<Held> {
        if !self.useful.load(Ordering::Relaxed) {
            return None;
        }
        // Nobody waits for a connection, least of all when there is much to do.
        let Some(connection) = self.pool.try_acquire() else {
            self.open_one_more();
            return None;
        };
        let mut held = Held::of(connection);
        let begun = async { counters_of(&held.begin_reading(BEGIN).await?) };
        let begun = traced::step(Dialect::MySql, "BEGIN replica").watch(begun);
        let begun = timeout(PATIENCE, begun).await;
        if let Ok(Ok(has)) = begun {
            held.counts_failures(&self.failures);
            let noted = self.noted();
            return (has.reached(seen) && has.reached(noted)).then_some(held);
        }
        // Those who come next don't wait for it: it is looked at each second.
        self.useful.store(false, Ordering::Relaxed);
        None
    }

    /// Beside the request. It goes to the pool, where the next one finds it.
    fn open_one_more(self: &Arc<Self>) {
        if self.pool.size() < self.pool.options().get_max_connections()
            && !self.opening.swap(true, Ordering::Relaxed)
        {
            let replica = self.clone();
            tokio::spawn(async move {
                drop(replica.pool.acquire().await);
                replica.opening.store(false, Ordering::Relaxed);
            });
        }
    }

    /// How it stands, and whether requests may be sent to it.
    async fn look(&self, primary: &MySqlPool) -> Result<(Following, bool)> {
        let (noted, begin) = (self.noted(), Instant::now());
        // The replica first: what it has the primary has, too.
        let mark = timeout(LOOKING, Mark::of(&self.pool, None)).await.ok().and_then(Result::ok);
        let took = begin.elapsed();
        let now = Instant::now();
        let at = mark.as_ref().map(|mark| mark.counters.change);
        let ahead =
            timeout(LOOKING, Mark::of(primary, at)).await.map_err(|_| sqlx::Error::PoolTimedOut)??;
        self.forget_beyond(ahead.counters, noted);
        let mut looks = self.looks();
        looks.past.note(now, ahead.counters);
        looks.following = match &mark {
            None => Following::Away,
            Some(mark) if mark.is_foreign_to(&ahead) => Following::Foreign,
            Some(mark) => looks.past.behind(mark.counters, now),
        };
        let fits = mark.is_some_and(|mark| mark.version == ahead.version);
        let rested = looks.has_rested(self.failures.count(), now);
        Ok((looks.following, fits && rested && took < PROMPT))
    }

    /// Numbers that the database does not have any more, because it is another one now: they would never be reached.
    fn forget_beyond(&self, ahead: Counters, noted: Counters) {
        for (number, noted, ahead) in
            [(&self.change, noted.change, ahead.change), (&self.access, noted.access, ahead.access)]
        {
            if noted > ahead {
                // Unless something was committed meanwhile.
                let _ = number.compare_exchange(noted, ahead, Ordering::Relaxed, Ordering::Relaxed);
            }
        }
        self.looks().past.0.retain(|(_, counters)| ahead.reached(*counters));
    }

    fn looks(&self) -> MutexGuard<'_, Looks> {
        self.looks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Looks {
    fn has_rested(&mut self, failures: u64, now: Instant) -> bool {
        if failures != self.failures {
            self.failures = failures;
            self.rests_until = Some(now + REST);
        }
        self.rests_until.is_none_or(|until| now >= until)
    }
}

impl Past {
    fn note(&mut self, now: Instant, counters: Counters) {
        if self.0.back().is_some_and(|(_, last)| *last == counters) {
            return;
        }
        if self.0.len() >= REMEMBERED {
            // Every second one: how far behind it is may be told less exactly, the longer it is.
            let mut keep = false;
            self.0.retain(|_| {
                keep = !keep;
                keep
            });
        }
        self.0.push_back((now, counters));
    }

    /// Since when it does not show what there is.
    fn behind(&mut self, has: Counters, now: Instant) -> Following {
        while self.0.front().is_some_and(|(_, counters)| has.reached(*counters)) {
            self.0.pop_front();
        }
        Following::Behind(self.0.front().map_or(Duration::ZERO, |(since, _)| now.duration_since(*since)))
    }
}

impl Mark {
    /// With the history's row of that number; without one, its last.
    async fn of(pool: &MySqlPool, number: Option<i64>) -> Result<Self> {
        let number = number.map_or_else(|| "c.value".to_owned(), |number| number.to_string());
        let text = format!(
            "SELECT c.value AS change_value, a.value AS access_value, l.id AS row_id,
               (SELECT CAST(MAX(version) AS SIGNED) FROM schema_migration WHERE finished = 1) AS version
             FROM counter c JOIN counter a ON a.name = 'access' LEFT JOIN activity l ON l.seq = {number}
             WHERE c.name = 'change'"
        );
        let mut held = Held::of(pool.acquire().await?);
        let row = held.row(AssertSqlSafe(text)).await?;
        Ok(Self {
            counters: counters_of(&row)?,
            version: row.try_get("version")?,
            row: row.try_get("row_id")?,
        })
    }

    /// Whether it has what `ahead` has not, or has come there by another way. What was removed from one of the histories
    /// tells nothing.
    fn is_foreign_to(&self, ahead: &Self) -> bool {
        let came_otherwise = matches!((&self.row, &ahead.row), (Some(own), Some(theirs)) if own != theirs);
        came_otherwise || !ahead.counters.reached(self.counters)
    }
}

fn counters_of(row: &MySqlRow) -> Result<Counters, Error> {
    Ok(Counters { change: row.try_get("change_value")?, access: row.try_get("access_value")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn counters(change: i64, access: i64) -> Counters {
        Counters { change, access }
    }

    const fn behind(seconds: u64) -> Following {
        Following::Behind(Duration::from_secs(seconds))
    }

    #[test]
    fn how_far_behind_it_is_counts_from_when_the_primary_first_showed_what_it_lacks() {
        let begin = Instant::now();
        let at = |second| begin + Duration::from_secs(second);
        let mut past = Past::default();
        past.note(at(0), counters(5, 1));
        assert_eq!(past.behind(counters(5, 1), at(0)), behind(0));
        // Nothing is written for long: it has everything.
        past.note(at(60), counters(5, 1));
        assert_eq!(past.behind(counters(5, 1), at(60)), behind(0));
        past.note(at(61), counters(6, 1));
        past.note(at(62), counters(7, 1));
        assert_eq!(past.behind(counters(5, 1), at(62)), behind(1));
        assert_eq!(past.behind(counters(6, 1), at(65)), behind(3));
        assert_eq!(past.behind(counters(7, 1), at(66)), behind(0));
        // Permissions count as well.
        past.note(at(70), counters(7, 2));
        assert_eq!(past.behind(counters(9, 1), at(74)), behind(4));
    }

    #[test]
    fn what_is_remembered_has_an_end_and_still_tells_who_has_not_caught_up() {
        let begin = Instant::now();
        let at = |second: i64| begin + Duration::from_secs(second.unsigned_abs());
        let mut past = Past::default();
        for second in 0..3600 {
            past.note(at(second), counters(second + 1, 0));
            assert!(past.0.len() <= REMEMBERED);
        }
        assert_eq!(past.behind(counters(0, 0), at(3600)), behind(3600));
        let Following::Behind(late) = past.behind(counters(1800, 0), at(3600)) else {
            panic!("it is behind")
        };
        assert!((1700..=1800).contains(&late.as_secs()), "{late:?}");
        assert_ne!(past.behind(counters(3599, 0), at(3601)), behind(0));
        assert_eq!(past.behind(counters(3600, 0), at(3600)), behind(0));
    }

    #[test]
    fn one_that_failed_in_the_middle_rests_and_is_asked_again() {
        let begin = Instant::now();
        let mut looks = Looks { past: Past::default(), following: behind(0), failures: 0, rests_until: None };
        assert!(looks.has_rested(0, begin));
        assert!(!looks.has_rested(1, begin));
        assert!(!looks.has_rested(1, begin + REST / 2));
        assert!(!looks.has_rested(2, begin + REST), "it failed again");
        assert!(looks.has_rested(2, begin + REST * 2));
    }

    #[test]
    fn a_copy_is_told_from_what_has_gone_another_way() {
        let mark = |change, access, row: Option<u8>| Mark {
            counters: counters(change, access),
            version: Some(9),
            row: row.map(|byte| vec![byte]),
        };
        assert!(!mark(5, 1, Some(1)).is_foreign_to(&mark(5, 1, Some(1))));
        assert!(!mark(5, 1, Some(1)).is_foreign_to(&mark(9, 2, Some(1))));
        assert!(
            !mark(5, 1, Some(1)).is_foreign_to(&mark(9, 2, None)),
            "the primary has removed that row since"
        );
        assert!(mark(5, 1, Some(1)).is_foreign_to(&mark(9, 2, Some(2))), "another change had that number");
        assert!(mark(6, 1, Some(1)).is_foreign_to(&mark(5, 1, None)), "it was written to");
        assert!(mark(5, 2, None).is_foreign_to(&mark(9, 1, None)), "there, too");
    }
}
