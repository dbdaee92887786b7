//! When an alert rings next, and by which ways: pure, so that hours of it can be tried in a moment.

use super::policy::{Policy, Step, Way, Who};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// An alert as its schedule sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ringing {
    /// When its person was alerted first.
    pub since: Timestamp,
    /// How many times it has rung.
    pub rounds: i64,
    /// The step of the policy that alerted them; `None` for members and watchers.
    pub step: Option<usize>,
    /// Whether nothing is waited for: only e-mail reaches them, or a step named them while their alert rang.
    pub hurried: bool,
}

impl Policy {
    /// Seconds from the `rounds`-th time (the first is 1) to the next.
    pub fn pause(&self, rounds: i64) -> i64 {
        let mut left = rounds.max(1);
        for repeat in &self.repeats {
            match repeat.times {
                Some(times) if left > times => left -= times,
                _ => return repeat.every_seconds,
            }
        }
        // Only a policy that was never checked has no last one.
        self.repeats.last().map_or(60, |repeat| repeat.every_seconds)
    }

    /// By which ways an alert rings at `now`.
    pub fn ways(&self, alert: &Ringing, now: Timestamp) -> Vec<Way> {
        let mut ways = match alert.step {
            Some(step) => self.steps.get(step).map(|step| step.ways.clone()).unwrap_or_default(),
            None => self.member_steps(alert, now).flat_map(|step| step.ways.iter().copied()).collect(),
        };
        if alert.step.is_some() && alert.hurried {
            ways.push(Way::Email);
        }
        ways.sort_unstable();
        ways.dedup();
        ways
    }

    /// When an alert that rings at `now`, for the `alert.rounds`-th time, rings next: at its next repeat, or when a way is
    /// added. Counted from now, so that what was missed is made up by one.
    pub fn next_due(&self, alert: &Ringing, now: Timestamp) -> Timestamp {
        let repeat = now.plus_seconds(self.pause(alert.rounds));
        let added = if alert.step.is_some() || alert.hurried {
            None
        } else {
            let steps = self.steps.iter().filter(|step| step.who == Who::Members);
            steps.map(|step| alert.since.plus_seconds(step.after_seconds)).filter(|at| *at > now).min()
        };
        added.map_or(repeat, |added| repeat.min(added.max(now.plus_seconds(1))))
    }

    /// The first step at or after `from` that is not about members.
    pub fn escalation(&self, from: usize) -> Option<(usize, &Step)> {
        self.steps.iter().enumerate().skip(from).find(|(_, step)| step.who != Who::Members)
    }

    fn member_steps(&self, alert: &Ringing, now: Timestamp) -> impl Iterator<Item = &Step> {
        let (passed, hurried) = (now.seconds_since(alert.since).max(0), alert.hurried);
        self.steps
            .iter()
            .filter(move |step| step.who == Who::Members && (hurried || step.after_seconds <= passed))
    }

    /// What would happen in the first `seconds`, if nobody acknowledged: at most `limit` rows.
    pub fn timetable(&self, seconds: i64, limit: usize) -> Vec<Planned> {
        let start = Timestamp(0);
        let mut rows: Vec<Planned> = (0..)
            .map_while({
                let mut from = 0;
                move |_: i32| {
                    let (index, step) = self.escalation(from)?;
                    from = index + 1;
                    Some(Planned {
                        after_seconds: step.after_seconds,
                        step: Some(index),
                        ways: step.ways.clone(),
                    })
                }
            })
            .collect();
        let mut alert = Ringing { since: start, rounds: 1, step: None, hurried: false };
        let mut now = start;
        while now.seconds_since(start) <= seconds && rows.len() < limit {
            rows.push(Planned {
                after_seconds: now.seconds_since(start),
                step: None,
                ways: self.ways(&alert, now),
            });
            now = self.next_due(&alert, now);
            alert.rounds += 1;
        }
        rows.sort_by_key(|row| row.after_seconds);
        rows.truncate(limit);
        rows
    }
}

/// One line of a policy's timetable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// Seconds after the project was raised.
    pub after_seconds: i64,
    /// The step that alerts others; `None`: members who have not acknowledged are alerted (again).
    pub step: Option<usize>,
    /// By which ways, besides the open page.
    pub ways: Vec<Way>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{limits::urgent as limits, urgent::policy::Repeat};
    use proptest::prelude::*;

    const MEMBER: Ringing = Ringing { since: Timestamp(0), rounds: 1, step: None, hurried: false };

    #[test]
    fn the_usual_policy_rings_each_minute_and_then_each_five() {
        let policy = Policy::default();
        assert_eq!((policy.pause(0), policy.pause(1), policy.pause(10), policy.pause(11)), (60, 60, 60, 300));
        let at = |seconds| Timestamp(0).plus_seconds(seconds);
        assert_eq!(policy.ways(&MEMBER, at(119)), [Way::Push]);
        assert_eq!(policy.ways(&MEMBER, at(120)), [Way::Push, Way::Email]);
        let hurried = Ringing { hurried: true, ..MEMBER };
        assert_eq!(policy.ways(&hurried, at(0)), [Way::Push, Way::Email]);
        let owner = Ringing { step: Some(2), ..MEMBER };
        assert_eq!(policy.ways(&owner, at(0)), [Way::Push, Way::Email]);
        let pushed =
            Policy { steps: vec![Step { ways: vec![Way::Push], ..policy.steps[2].clone() }], ..policy };
        let owner = Ringing { step: Some(0), ..MEMBER };
        assert_eq!(pushed.ways(&owner, at(0)), [Way::Push]);
        let hurried = Ringing { hurried: true, ..owner };
        assert_eq!(pushed.ways(&hurried, at(0)), [Way::Push, Way::Email], "only mail reaches them");
    }

    #[test]
    fn a_way_is_added_when_its_time_comes_and_not_at_the_next_repeat() {
        let slow = Policy { repeats: vec![Repeat { every_seconds: 300, times: None }], ..Policy::default() };
        assert_eq!(slow.next_due(&MEMBER, Timestamp(0)), Timestamp(0).plus_seconds(120));
        assert_eq!(slow.next_due(&MEMBER, Timestamp(0).plus_seconds(120)), Timestamp(0).plus_seconds(420));
    }

    #[test]
    fn the_timetable_shows_repeats_and_steps_in_their_order() {
        let rows = Policy::default().timetable(1_200, 100);
        let steps: Vec<_> = rows.iter().filter_map(|row| Some((row.after_seconds, row.step?))).collect();
        assert_eq!(steps, [(600, 2), (1_200, 3)]);
        let rings: Vec<_> =
            rows.iter().filter(|row| row.step.is_none()).map(|row| row.after_seconds).collect();
        assert_eq!(rings, [0, 60, 120, 180, 240, 300, 360, 420, 480, 540, 600, 900, 1_200]);
        assert_eq!(Policy::default().timetable(86_400, 5).len(), 5);
    }

    prop_compose! {
        fn policies()(
            repeats in prop::collection::vec((30_i64..=900, 1_i64..=100), 1..4),
            delays in prop::collection::vec((1_i64..=3_600, any::<bool>()), 0..6),
        ) -> Policy {
            let last = repeats.len() - 1;
            let repeats = repeats.iter().enumerate().map(|(index, (every, times))| Repeat {
                every_seconds: *every, times: (index < last).then_some(*times),
            }).collect();
            let mut steps = Policy::default().steps;
            steps.extend(delays.into_iter().map(|(after_seconds, members)| Step {
                after_seconds,
                who: if members { Who::Members } else { Who::Owner },
                ways: vec![Way::Email],
            }));
            Policy { repeats, steps, ..Policy::default() }.check().expect("a good policy")
        }
    }

    proptest! {
        #[test]
        fn it_always_rings_again_later_and_within_the_longest_pause(
            policy in policies(), rounds in 0_i64..1_000, passed in -1_000_i64..200_000, hurried: bool,
        ) {
            let now = Timestamp(1_768_651_200_000_000);
            let alert = Ringing { since: now.plus_seconds(-passed), rounds, step: None, hurried };
            let next = policy.next_due(&alert, now);
            prop_assert!(next > now);
            prop_assert!(next <= now.plus_seconds(*limits::EVERY.end()));
        }

        #[test]
        fn ways_are_only_added(policy in policies(), one in 0_i64..10_000, more in 0_i64..10_000) {
            let before = policy.ways(&MEMBER, Timestamp(0).plus_seconds(one));
            let after = policy.ways(&MEMBER, Timestamp(0).plus_seconds(one + more));
            prop_assert!(before.iter().all(|way| after.contains(way)));
            prop_assert!(before.contains(&Way::Push));
        }

        #[test]
        fn each_step_is_found_once_and_in_its_order(policy in policies()) {
            let (mut from, mut last, mut count) = (0, 0, 0);
            while let Some((index, step)) = policy.escalation(from) {
                prop_assert!(step.after_seconds >= last);
                (from, last, count) = (index + 1, step.after_seconds, count + 1);
            }
            prop_assert_eq!(count, policy.steps.iter().filter(|step| step.who != Who::Members).count());
        }
    }
}
