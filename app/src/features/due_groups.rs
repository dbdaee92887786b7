//! Tasks by when they are due, seen from one day.

use domain::{Day, task::HomeTask};
use std::collections::BTreeMap;

/// When a task is due, seen from today. In the order in which they are shown.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DueWhen {
    /// Before today.
    Overdue,
    /// Today.
    Today,
    /// Within the seven days after today.
    ThisWeek,
    /// After that.
    Later,
    /// No day was set.
    Someday,
}

/// Tasks that are due at about the same time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DueGroup {
    /// When.
    pub when: DueWhen,
    /// In the order in which they came.
    pub tasks: Vec<HomeTask>,
}

impl DueWhen {
    /// How `due` looks from `today`.
    pub fn of(due: Option<Day>, today: Day) -> Self {
        match due.map(|due| (due.0 - today.0).whole_days()) {
            None => Self::Someday,
            Some(..0) => Self::Overdue,
            Some(0) => Self::Today,
            Some(1..=7) => Self::ThisWeek,
            Some(_) => Self::Later,
        }
    }

    /// The group's heading.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Today => "Today",
            Self::ThisWeek => "In the next seven days",
            Self::Later => "Later",
            Self::Someday => "Without a date",
        }
    }

    /// Names the group in the page.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::ThisWeek => "this-week",
            Self::Later => "later",
            Self::Someday => "someday",
        }
    }
}

/// The groups that have tasks, the most pressing first.
pub fn due_groups(tasks: Vec<HomeTask>, today: Day) -> Vec<DueGroup> {
    let mut groups: BTreeMap<DueWhen, Vec<HomeTask>> = BTreeMap::new();
    for task in tasks {
        groups.entry(DueWhen::of(task.task.due_on, today)).or_default().push(task);
    }
    groups.into_iter().map(|(when, tasks)| DueGroup { when, tasks }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(due: &str) -> DueWhen {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        DueWhen::of(Some(day(due)), day("2026-01-31"))
    }

    #[test]
    fn a_task_is_overdue_from_the_day_after_and_soon_for_a_week() {
        assert_eq!(when("2026-01-30"), DueWhen::Overdue);
        assert_eq!(when("2026-01-31"), DueWhen::Today);
        assert_eq!(when("2026-02-01"), DueWhen::ThisWeek);
        assert_eq!(when("2026-02-07"), DueWhen::ThisWeek);
        assert_eq!(when("2026-02-08"), DueWhen::Later);
        assert_eq!(DueWhen::of(None, "2026-01-31".parse().expect("a day")), DueWhen::Someday);
    }

    #[test]
    fn what_presses_most_comes_first() {
        assert!(DueWhen::Overdue < DueWhen::Today && DueWhen::Later < DueWhen::Someday);
        assert_eq!(due_groups(Vec::new(), "2026-01-31".parse().expect("a day")), Vec::new());
    }
}
