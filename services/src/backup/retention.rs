//! Which backups are kept.

use domain::time::{Day, Timestamp};
use std::collections::BTreeSet;

/// However old they are, so many of the newest stay: a clock that is ahead once must not take all of them.
const NEWEST: usize = 7;

/// For how long backups are kept, in days. Of a week or month its first one is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retention {
    /// All of these.
    pub every: i64,
    /// One of each week.
    pub weekly: i64,
    /// One of each month.
    pub monthly: i64,
}

impl Default for Retention {
    fn default() -> Self {
        Self { every: 30, weekly: 92, monthly: 366 }
    }
}

impl Retention {
    /// Which of those made at `made` may go at `now`. Never the newest few.
    pub fn outlived(&self, made: &[Timestamp], now: Timestamp) -> Vec<Timestamp> {
        let mut made = made.to_vec();
        made.sort_unstable();
        let newest = made.len().saturating_sub(NEWEST);
        let (mut weeks, mut months) = (BTreeSet::new(), BTreeSet::new());
        let mut outlived = Vec::new();
        for (number, at) in made.into_iter().enumerate() {
            let age = now.seconds_since(at) / 86_400;
            let Day(date) = at.day();
            // Also where it is kept anyway: else a later one of the week would be its first when this one grows older.
            let of_week = weeks.insert(date.to_iso_week_date().0 * 100 + i32::from(date.iso_week()));
            let of_month = months.insert((date.year(), u8::from(date.month())));
            let kept = age < self.every
                || of_week && age < self.weekly
                || of_month && age < self.monthly
                || number >= newest;
            if !kept {
                outlived.push(at);
            }
        }
        outlived
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    /// 2026-11-29T02:00:00Z
    const NOW: Timestamp = Timestamp(1_795_917_600_000_000);

    fn daily(days: i64) -> Vec<Timestamp> {
        (0..days).map(|ago| NOW.plus_seconds(-ago * DAY)).collect()
    }

    #[test]
    fn days_then_weeks_then_months_then_nothing() {
        let made = daily(800);
        let outlived = Retention::default().outlived(&made, NOW);
        let kept: Vec<i64> =
            made.iter().filter(|at| !outlived.contains(at)).map(|at| NOW.seconds_since(*at) / DAY).collect();
        assert_eq!(kept[..30], (0..30).collect::<Vec<_>>());
        let between = |from, to| kept.iter().filter(|age| (from..to).contains(*age)).count();
        // Nine weeks, and the first days of months among them.
        assert!((8..=12).contains(&between(30, 92)), "{kept:?}");
        assert!((9..=10).contains(&between(92, 366)), "{kept:?}");
        assert_eq!(between(366, 800), 0);
    }

    #[test]
    fn looked_at_each_day_as_much_is_kept_as_looked_at_once() {
        let mut kept: Vec<Timestamp> = Vec::new();
        for at in daily(400).into_iter().rev() {
            kept.push(at);
            let outlived = Retention::default().outlived(&kept, at);
            kept.retain(|it| !outlived.contains(it));
        }
        let months = kept.iter().filter(|at| NOW.seconds_since(**at) / DAY > 92).count();
        assert!((9..=10).contains(&months), "{months}");
    }

    #[test]
    fn the_newest_stay_however_old_they_are() {
        let made: Vec<Timestamp> = (0..9).map(|day| NOW.plus_seconds((day - 2000) * DAY)).collect();
        assert_eq!(Retention::default().outlived(&made, NOW), made[..2]);
    }
}
