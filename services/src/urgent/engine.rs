//! The loop that rings and escalates.
//!
//! One call is one transaction with a bounded piece of work, in which what is sent is queued and the state moves on
//! together: killed in between, nothing has happened. Such transactions run one after the other on both engines, so
//! several servers ring nothing twice. After a time without any server each alert rings once, not once for each time that
//! was missed, because what comes next is counted from now.

use super::{
    message::{to_hook, to_person},
    raise::{hurried, ways_to},
    reconcile, tell,
};
use crate::{
    Actor, Services, clocks, deliveries,
    journal::{Entry, Journal},
};
use domain::{
    Result, Timestamp,
    activity::{Action, Change},
    delivery::NewDelivery,
    ids::{AlertId, EpisodeId, ProjectId, UserId},
    limits::urgent as limits,
    urgent::{EpisodeState, Ringing, Step, Way, Who, Why},
    user::UserRef,
};
use std::collections::{BTreeMap, BTreeSet};
use store::{
    Tx,
    urgent::{self, DueAlert, DueEpisode, NewAlert, Ring},
};

/// Alerts of one call: about 0.12 s on MariaDB, for which other writers wait.
const ALERTS: i64 = 500;
/// Episodes of one call.
const EPISODES: i64 = 50;

/// Beyond these no alert has rung and no suspension ends by any server's clock, unless it went back.
const fn beyond(now: Timestamp) -> (Timestamp, Timestamp) {
    let later = now.plus_seconds(clocks::BORNE);
    (later, later.plus_seconds(limits::SUSPEND_HOURS * 60 * 60))
}

type Episodes = BTreeMap<EpisodeId, DueEpisode>;

/// Does what is due, at most five hundred alerts, and gives how much it was; 0 says that nothing is.
///
/// # Errors
/// What the database says; nothing has happened then.
pub async fn tick(services: &Services) -> Result<u64> {
    if !services.features.urgent {
        return Ok(0);
    }
    let now = services.now();
    let mut tx = services.db.peek().await?;
    if !urgent::anything_due(&mut tx, now, beyond(now)).await? {
        return Ok(0);
    }
    drop(tx);
    let tx = services.db.write().await?;
    // Waiting for the lock took its time.
    Round {
        services,
        tx,
        now: services.now(),
        people: BTreeSet::new(),
        roused: BTreeSet::new(),
        sends: Vec::new(),
        done: 0,
    }
    .run()
    .await
}

/// One call.
struct Round<'s> {
    services: &'s Services,
    tx: Tx,
    now: Timestamp,
    /// Whose browsers have to ask again.
    people: BTreeSet<UserId>,
    /// Whom a step named: they ring with the next call, as the step asks for.
    roused: BTreeSet<(EpisodeId, UserId)>,
    sends: Vec<NewDelivery>,
    done: usize,
}

impl Round<'_> {
    async fn run(mut self) -> Result<u64> {
        let (changed, episodes) = reconcile::run(self.services, &mut self.tx, self.now).await?;
        self.people.extend(changed);
        self.done += episodes;
        self.follow_the_clock().await?;
        let alerts = urgent::due_alerts(&mut self.tx, self.now, ALERTS).await?;
        let of_alerts: BTreeSet<EpisodeId> = alerts.iter().map(|alert| alert.episode_id).collect();
        let of_alerts: Vec<EpisodeId> = of_alerts.into_iter().collect();
        let episodes = urgent::due_episodes(&mut self.tx, self.now, &of_alerts, EPISODES).await?;
        let system = Actor::system();
        let mut journal = Journal::new(self.services, &system);
        self.go_on(&episodes, &mut journal).await?;
        self.escalate(&episodes, &mut journal).await?;
        self.ring(&alerts, &episodes).await?;
        deliveries::queue(self.services, &mut self.tx, &self.sends).await?;
        journal.commit(self.tx).await?;
        if !self.sends.is_empty() {
            deliveries::wake(self.services);
        }
        tell(self.services, self.people.into_iter().collect());
        Ok(u64::try_from(self.done).unwrap_or(u64::MAX))
    }

    /// Alerts that rang in what is the future by now get their next time by the clock as it is, and so do episodes.
    async fn follow_the_clock(&mut self) -> Result<()> {
        let beyond = beyond(self.now);
        let ahead = urgent::clock_went_back(&mut self.tx, beyond.0, ALERTS).await?;
        let episodes: BTreeSet<EpisodeId> = ahead.iter().map(|(_, episode, _)| *episode).collect();
        let episodes: Vec<EpisodeId> = episodes.into_iter().collect();
        urgent::begin_again(&mut self.tx, self.now, beyond, &episodes).await?;
        if ahead.is_empty() {
            return Ok(());
        }
        let policies = urgent::due_episodes(&mut self.tx, self.now, &episodes, 0).await?;
        let pause =
            |episode: &EpisodeId, rounds: i64| policies.get(episode).map_or(60, |it| it.policy.pause(rounds));
        let times: Vec<(AlertId, Timestamp)> = ahead
            .iter()
            .map(|(id, episode, rounds)| (*id, self.now.plus_seconds(pause(episode, *rounds))))
            .collect();
        self.done += times.len();
        Ok(urgent::rearm(&mut self.tx, self.now, &times).await?)
    }

    /// Suspensions that have ended.
    async fn go_on(&mut self, episodes: &Episodes, journal: &mut Journal<'_>) -> Result<()> {
        let mut ended = Vec::new();
        for episode in self.due(episodes, EpisodeState::Suspended) {
            let next = episode.policy.escalation(episode.step).map(|(index, _)| (index, self.now));
            ended.push((episode.id, next));
            journal.add(Entry::new(Action::UrgentResumed, &episode.name).project(episode.project_id));
        }
        self.done += ended.len();
        // Its alerts are due with the next call, which tells their people.
        Ok(urgent::resume(&mut self.tx, self.now, &ended).await?)
    }

    /// Steps whose time has come.
    async fn escalate(&mut self, episodes: &Episodes, journal: &mut Journal<'_>) -> Result<()> {
        let mut moves = Vec::new();
        let mut taken: Vec<(&DueEpisode, usize, &Step)> = Vec::new();
        for episode in self.due(episodes, EpisodeState::Open) {
            let Some((index, step)) = episode.policy.escalation(episode.step) else {
                moves.push((episode.id, (usize::MAX, None)));
                continue;
            };
            let Some(due_at) = due_at(episode, step) else {
                // Nobody is left who would have to be escalated for; whoever comes to ring moves it on.
                moves.push((episode.id, (index, None)));
                continue;
            };
            if due_at > self.now {
                moves.push((episode.id, (index, Some(due_at))));
                continue;
            }
            taken.push((episode, index, step));
            let next = episode.policy.escalation(index + 1);
            let beyond = (usize::MAX, None);
            moves.push((episode.id, next.map_or(beyond, |(next, _)| (next, Some(self.now.plus_seconds(1))))));
        }
        self.done += taken.len();
        urgent::step_on(&mut self.tx, &moves).await?;
        self.take(&taken, journal).await
    }

    async fn take(&mut self, taken: &[(&DueEpisode, usize, &Step)], journal: &mut Journal<'_>) -> Result<()> {
        let steps: Vec<(ProjectId, &Step)> =
            taken.iter().map(|(episode, _, step)| (episode.project_id, *step)).collect();
        let mut found = urgent::of_steps(&mut self.tx, &steps).await?;
        for (place, people) in &mut found {
            // Whoever raised it knows.
            people.retain(|person| Some(person.id) != taken[*place].0.raised_by);
        }
        let everyone: Vec<UserId> = found.values().flatten().map(|person| person.id).collect();
        let ways = ways_to(self.services, &mut self.tx, &everyone).await?;
        let hooked: Vec<ProjectId> = steps
            .iter()
            .filter(|(_, step)| matches!(step.who, Who::Webhook { .. }))
            .map(|(project, _)| *project)
            .collect();
        let own = urgent::find_policies(&mut self.tx, &hooked).await?;
        let mut alerts = Vec::new();
        for (place, (episode, index, step)) in taken.iter().enumerate() {
            let people = found.get(&place).map(Vec::as_slice).unwrap_or_default();
            let of_step: Vec<NewAlert> = people
                .iter()
                .map(|person| NewAlert {
                    id: AlertId(self.services.ids.id()),
                    episode_id: episode.id,
                    user_id: person.id,
                    why: Why::Escalation,
                    step: Some(*index),
                    hurried: hurried(ways.get(&person.id)),
                    next_at: Some(self.now),
                    since: self.now,
                    raised: false,
                })
                .collect();
            urgent::rouse(&mut self.tx, &of_step).await?;
            self.roused.extend(of_step.iter().map(|alert| (alert.episode_id, alert.user_id)));
            alerts.extend(of_step);
            if let Who::Webhook { url } = &step.who {
                let own = own.get(&episode.project_id);
                let own = own.filter(|policy| policy.steps.iter().any(|kept| kept.who == step.who));
                self.sends.push(to_hook(episode, url, own.map(|_| episode.project_id)));
            }
            let whom = Change::of("whom", None, Some(whom(step, people)));
            let entry = Entry::new(Action::UrgentEscalated, &episode.name).project(episode.project_id);
            journal.add(entry.changes(whom));
        }
        self.people.extend(everyone);
        // Whoever has acknowledged stays as they are.
        Ok(urgent::insert(&mut self.tx, &alerts).await?)
    }

    async fn ring(&mut self, alerts: &[DueAlert], episodes: &Episodes) -> Result<()> {
        let mut rings = Vec::with_capacity(alerts.len());
        let mut waiting = Vec::new();
        let mut again = Vec::new();
        for alert in alerts {
            let Some(episode) = episodes.get(&alert.episode_id) else { continue };
            if self.roused.contains(&(alert.episode_id, alert.user_id)) {
                continue;
            }
            if episode.state != EpisodeState::Open {
                // Somebody who acknowledged would be alerted again: not before the suspension ends.
                waiting.push((alert.id, episode.next_at));
                continue;
            }
            let mut ringing = Ringing { rounds: alert.ringing.rounds + 1, ..alert.ringing };
            if alert.acknowledged {
                ringing.since = self.now;
                again.push(alert.episode_id);
            }
            let next_at = episode.policy.next_due(&ringing, self.now);
            let mut ways = episode.policy.ways(&ringing, self.now);
            if self.now.seconds_since(alert.mailed_at) < limits::EMAIL_PAUSE {
                ways.retain(|way| *way != Way::Email);
            }
            let whose = (alert.id, alert.user_id);
            self.sends.extend(ways.iter().map(|way| to_person(episode, whose, *way, (self.now, next_at))));
            rings.push(Ring { id: alert.id, next_at, mailed: ways.contains(&Way::Email) });
            self.people.insert(alert.user_id);
        }
        self.done += rings.len() + waiting.len();
        urgent::postpone(&mut self.tx, &waiting).await?;
        urgent::wake_steps(&mut self.tx, &again, self.now).await?;
        Ok(urgent::advance(&mut self.tx, self.now, &rings).await?)
    }

    /// Those of a state whose own time has come.
    fn due<'e>(
        &self,
        episodes: &'e Episodes,
        state: EpisodeState,
    ) -> impl Iterator<Item = &'e DueEpisode> + use<'e> {
        let now = self.now;
        episodes.values().filter(move |episode| episode.state == state && episode.next_at <= now)
    }
}

/// When a step is due: so long after the project was raised, and after the first of those rang who have not
/// acknowledged. `None` if nobody has to.
fn due_at(episode: &DueEpisode, step: &Step) -> Option<Timestamp> {
    let begin = episode.oldest?.max(episode.base_at);
    Some(if episode.hasten { begin } else { begin.plus_seconds(step.after_seconds) })
}

/// Whom a step alerted, for the history.
fn whom(step: &Step, people: &[UserRef]) -> String {
    if matches!(step.who, Who::Webhook { .. }) {
        return "a webhook".into();
    }
    let names: Vec<&str> = people.iter().take(10).map(|person| person.display_name.as_str()).collect();
    match (names.is_empty(), people.len() > names.len()) {
        (true, _) => "nobody, because the step finds nobody else who may see the project".into(),
        (false, true) => format!("{} and {} more", names.join(", "), people.len() - names.len()),
        (false, false) => names.join(", "),
    }
}
