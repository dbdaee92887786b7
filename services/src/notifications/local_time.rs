//! Somebody's own hours: where quiet ones end, and when the next digest is due.

use domain::{
    Day, Timestamp,
    rhythm::{Digest, Rhythm},
};
use jiff::{
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// The instant that stands for "never": no digest is ever due then.
pub(super) const NEVER: Timestamp = Timestamp(i64::MAX);

/// Whether there is a time zone of that name.
pub(super) fn is_time_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

/// Which day it is there.
pub(super) fn day_in(zone: &str, at: Timestamp) -> Day {
    let there = zone_of(zone);
    let ahead = jiff::Timestamp::from_microsecond(at.micros()).map_or(0, |at| there.to_offset(at).seconds());
    at.plus_seconds(ahead.into()).day()
}

/// When the quiet hours end in which `now` is; `None` if it is in none.
pub(super) fn quiet_until(rhythm: &Rhythm, now: Timestamp) -> Option<Timestamp> {
    let quiet = rhythm.quiet?;
    let zone = zone(rhythm);
    let local = jiff::Timestamp::from_microsecond(now.micros()).ok()?.to_zoned_datetime(zone.clone());
    let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
    let day = if quiet.ends_tomorrow(minute)? { local.date().tomorrow().ok()? } else { local.date() };
    at(day, quiet.until, zone)
}

/// The first instant after `after` at which a digest is due.
pub(super) fn next_digest(rhythm: &Rhythm, after: Timestamp) -> Timestamp {
    next(rhythm, after).unwrap_or(NEVER)
}

fn next(rhythm: &Rhythm, after: Timestamp) -> Option<Timestamp> {
    if rhythm.digest == Digest::Never {
        return None;
    }
    let zone = zone(rhythm);
    let local = jiff::Timestamp::from_microsecond(after.micros()).ok()?.to_zoned_datetime(zone.clone());
    let weekday = Weekday::from_monday_one_offset(i8::try_from(rhythm.digest_weekday).ok()?).ok()?;
    let mut day = local.date();
    // Today, tomorrow, or within the next week; where its hour is left out by a change of clocks, a day more.
    for _ in 0..9 {
        let due = at(day, rhythm.digest_hour * 60, zone.clone())?;
        if due > after && (rhythm.digest == Digest::Daily || day.weekday() == weekday) {
            return Some(due);
        }
        day = day.tomorrow().ok()?;
    }
    None
}

/// A minute of a day there. One that is left out by a change of clocks is as much later.
fn at(day: Date, minute: i16, zone: TimeZone) -> Option<Timestamp> {
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let there = day.at(hour, minute, 0, 0).to_zoned_datetime(zone).ok()?;
    Some(Timestamp(there.timestamp().as_microsecond()))
}

fn zone(rhythm: &Rhythm) -> TimeZone {
    zone_of(&rhythm.time_zone)
}

/// The time zone of that name. One that is not known any more counts as UTC.
fn zone_of(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::rhythm::Quiet;

    fn instant(text: &str) -> Timestamp {
        serde_json::from_str(&format!("\"{text}\"")).expect("an instant")
    }

    fn berlin() -> Rhythm {
        Rhythm {
            time_zone: "Europe/Berlin".into(),
            quiet: Some(Quiet { from: 22 * 60, until: 7 * 60 }),
            digest: Digest::Daily,
            digest_hour: 8,
            digest_weekday: 3,
            version: 1,
        }
    }

    #[test]
    fn quiet_hours_end_by_the_clock_on_the_wall_also_when_it_is_put_forward() {
        let until = |at| quiet_until(&berlin(), instant(at)).map(|at| at.to_string());
        assert_eq!(until("2026-01-17T21:30:00Z").as_deref(), Some("2026-01-18T06:00:00Z"));
        assert_eq!(until("2026-01-17T20:30:00Z"), None);
        // In the night to the 29th of March the clocks go forward.
        assert_eq!(until("2026-03-28T22:30:00Z").as_deref(), Some("2026-03-29T05:00:00Z"));
        let unknown = Rhythm { time_zone: "Mars/Base".into(), ..berlin() };
        assert_eq!(
            quiet_until(&unknown, instant("2026-01-17T23:00:00Z")),
            Some(instant("2026-01-18T07:00:00Z"))
        );
        assert!(is_time_zone("Europe/Berlin") && !is_time_zone("Mars/Base"));
    }

    #[test]
    fn a_digest_comes_at_its_hour_each_day_or_on_its_day_of_the_week() {
        let daily = |at| next_digest(&berlin(), instant(at)).to_string();
        assert_eq!(daily("2026-01-17T06:59:00Z"), "2026-01-17T07:00:00Z");
        assert_eq!(daily("2026-01-17T07:00:00Z"), "2026-01-18T07:00:00Z");
        assert_eq!(daily("2026-03-28T08:00:00Z"), "2026-03-29T06:00:00Z");
        // A Saturday; the third day is a Wednesday.
        let weekly = Rhythm { digest: Digest::Weekly, ..berlin() };
        assert_eq!(next_digest(&weekly, instant("2026-01-17T12:00:00Z")), instant("2026-01-21T07:00:00Z"));
        assert_eq!(next_digest(&weekly, instant("2026-01-21T07:00:00Z")), instant("2026-01-28T07:00:00Z"));
        let none = Rhythm { digest: Digest::Never, ..berlin() };
        assert_eq!(next_digest(&none, instant("2026-01-17T12:00:00Z")), NEVER);
    }
}
