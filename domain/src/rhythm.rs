//! When somebody is written to: their time zone, the hours in which they are left alone, and digests.

use serde::{Deserialize, Serialize};

/// Minutes of a day.
const DAY: i16 = 24 * 60;

/// How often what is told by e-mail comes together in one.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Digest {
    /// Each by itself, at once.
    #[default]
    Never,
    /// Every day.
    Daily,
    /// Once a week.
    Weekly,
}

impl Digest {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Never, Self::Daily, Self::Weekly];

    /// The stored name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }

    /// The name that people read.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Never => "Each at once",
            Self::Daily => "Together, once a day",
            Self::Weekly => "Together, once a week",
        }
    }

    /// The digest of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|digest| digest.as_str() == text)
    }
}

/// The hours of a day in which no e-mail comes, by minutes since midnight. May go over midnight.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Quiet {
    /// The first minute.
    pub from: i16,
    /// The first minute after it.
    pub until: i16,
}

impl Quiet {
    /// Whether both are minutes of a day, and it has any.
    pub const fn is_sound(self) -> bool {
        0 <= self.from && self.from < DAY && 0 <= self.until && self.until < DAY && self.from != self.until
    }

    /// If this minute is in it: whether it ends on the next day.
    pub const fn ends_tomorrow(self, minute: i16) -> Option<bool> {
        let over_midnight = self.from > self.until;
        match (minute >= self.from, minute < self.until) {
            (true, true) => Some(false),
            (true, false) if over_midnight => Some(true),
            (false, true) if over_midnight => Some(false),
            _ => None,
        }
    }
}

/// When one person is written to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// Their time zone, as `Europe/Berlin`.
    pub time_zone: String,
    /// When they are left alone; `None`: never. What is urgent comes all the same.
    pub quiet: Option<Quiet>,
    /// How often e-mails come together.
    pub digest: Digest,
    /// The hour of their day at which a digest comes.
    pub digest_hour: i16,
    /// The day of the week on which a weekly one comes: 1 is Monday, 7 Sunday.
    pub digest_weekday: i16,
    /// Grows with every change; 0: they chose nothing yet.
    pub version: i64,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            time_zone: "UTC".into(),
            quiet: None,
            digest: Digest::Never,
            digest_hour: 8,
            digest_weekday: 1,
            version: 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_go_over_midnight() {
        let night = Quiet { from: 22 * 60, until: 7 * 60 };
        assert_eq!(night.ends_tomorrow(23 * 60), Some(true));
        assert_eq!(night.ends_tomorrow(6 * 60 + 59), Some(false));
        assert_eq!(night.ends_tomorrow(7 * 60), None);
        assert_eq!(night.ends_tomorrow(21 * 60 + 59), None);
        let lunch = Quiet { from: 12 * 60, until: 13 * 60 };
        assert_eq!(lunch.ends_tomorrow(12 * 60), Some(false));
        assert_eq!(lunch.ends_tomorrow(13 * 60), None);
        assert!(night.is_sound() && lunch.is_sound());
        assert!(!Quiet { from: 60, until: 60 }.is_sound() && !Quiet { from: -1, until: DAY }.is_sound());
    }
}
