//! What open pages are told: that something changed, by ids, and only to those who may see it.
//!
//! A [`Listener`] stands for one open stream. What it tells is the history in its order, so where a stream broke off
//! is one number, and a new one goes on from there.

use crate::{
    Actor, Place, Services,
    ports::bus::{Event, Personal},
    sessions,
};
use domain::{
    Error, Result,
    ids::{ProjectId, TaskId, UserId},
    permission::Permission,
};
use std::{collections::VecDeque, fmt, str::FromStr, time::Duration};
use store::{activity::Happening, sessions::Moment};
use tokio::{
    sync::broadcast::{
        Receiver,
        error::{RecvError, TryRecvError},
    },
    time::{Instant, sleep, timeout_at},
};

/// How much of the history is told again after a break; what was away longer looks at everything anew.
const REPLAY: i64 = 500;
/// What happens within this time is told together: a bulk change is one message, not five hundred.
const TOGETHER: Duration = Duration::from_millis(50);
/// Changes of one message; more of one project become "this project".
const MOST: usize = 50;

/// How far a stream has told, as the browser hands it back: `change.access`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The number of the last row of the history.
    pub change: i64,
    /// What the person's permissions are known by: with another number, what they may see may be something else.
    pub access: i64,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.change, self.access)
    }
}

impl FromStr for Position {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let numbers = text.split_once('.').and_then(|(change, access)| {
            Some(Self { change: change.parse().ok()?, access: access.parse().ok()? })
        });
        numbers.ok_or_else(|| Error::field("since", "unknown", "Use the id of an event that you were sent."))
    }
}

impl From<Moment> for Position {
    fn from(Moment { counters, own_access }: Moment) -> Self {
        Self { change: counters.change, access: own_access }
    }
}

/// Something that changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Touched {
    /// What was done, `thing.verb`.
    pub action: String,
    /// In which project; none for people, roles and teams.
    pub project_id: Option<ProjectId>,
    /// On which task; none for the project itself, or for many of its tasks.
    pub task_id: Option<TaskId>,
}

/// What a stream says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// These changed.
    Changed(Vec<Touched>),
    /// Something of the person's own changed.
    Personal(Personal),
    /// Who looks at this task changed.
    Present(TaskId),
    /// Anything may have changed: look at everything anew.
    Resync,
    /// Nothing: the stream is alive.
    Quiet,
}

/// One open stream of one person.
pub struct Listener {
    services: Services,
    actor: Actor,
    heard: Receiver<Event>,
    /// How far it has heard; what it heard of may still wait.
    reached: Position,
    said: Position,
    waiting: VecDeque<Told>,
    pause: Duration,
    next_look: Instant,
}

/// Opens a stream that goes on after `since`, or begins now, and asks every `pause` whether its person may still listen.
///
/// # Errors
/// [`Error::Unauthenticated`] without a session or token that stands.
pub async fn listen(
    services: &Services,
    actor: &Actor,
    since: Option<Position>,
    pause: Duration,
) -> Result<Listener> {
    // Before the history is read: what comes in between is heard twice, not never.
    let heard = services.bus.subscribe();
    let Some((actor, moment)) = sessions::standing(services, actor).await? else {
        return Err(Error::Unauthenticated);
    };
    let position = Position::from(moment);
    let mut listener = Listener {
        services: services.clone(),
        actor,
        heard,
        reached: position,
        said: position,
        waiting: VecDeque::new(),
        pause,
        next_look: Instant::now() + pause,
    };
    if let Some(since) = since {
        if since != position {
            listener.catch_up(since).await?;
        }
        if !listener.waiting.contains(&Told::Resync) {
            // No history has what came to the inbox meanwhile.
            listener.waiting.push_front(Told::Personal(Personal::Inbox));
        }
        listener.said = since;
    }
    Ok(listener)
}

impl Listener {
    /// Whose it is, with their permissions as they were last asked for.
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// How far it has told, all of it.
    pub const fn position(&self) -> Position {
        self.said
    }

    /// The next thing to say; at the latest when a while has passed, that all is quiet. `None` when the stream is over: the
    /// person may not listen any more. What a dropped call had heard may be lost.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next(&mut self) -> Result<Option<Told>> {
        // What asks the database is boxed: else each stream would keep 30 kB for it while it waits.
        loop {
            // First of all: what waits may be old.
            if Instant::now() >= self.next_look {
                self.next_look = Instant::now() + self.pause;
                if !Box::pin(self.look()).await? {
                    return Ok(None);
                }
            }
            if let Some(told) = self.waiting.pop_front() {
                if self.waiting.is_empty() {
                    self.said = self.reached;
                }
                return Ok(Some(told));
            }
            let Ok(first) = timeout_at(self.next_look, self.heard.recv()).await else { continue };
            sleep(TOGETHER).await;
            let (events, missed) = self.gather(first);
            if !Box::pin(self.take(events, missed)).await? {
                return Ok(None);
            }
        }
    }

    /// Asks again whether the person may listen, and what they may see; `false` if not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn still_stands(&mut self) -> Result<bool> {
        Ok(self.stand().await?.is_some())
    }

    /// Looks by itself; `false` if the person may not listen any more.
    async fn look(&mut self) -> Result<bool> {
        let Some(counters) = self.stand().await? else { return Ok(false) };
        if counters.change > self.reached.change {
            let since = self.reached;
            self.reached.change = counters.change;
            self.catch_up(since).await?;
        }
        if self.waiting.is_empty() {
            self.say(Told::Quiet);
        }
        Ok(true)
    }

    async fn stand(&mut self) -> Result<Option<Position>> {
        let Some((actor, moment)) = sessions::standing(&self.services, &self.actor).await? else {
            return Ok(None);
        };
        self.actor = actor;
        let now = Position::from(moment);
        if self.reached.access != now.access {
            self.reached.access = now.access;
            self.waiting = [Told::Resync].into();
        }
        Ok(Some(now))
    }

    /// All that is there; whether some was lost.
    fn gather(&mut self, first: std::result::Result<Event, RecvError>) -> (Vec<Event>, bool) {
        let mut missed = matches!(first, Err(RecvError::Lagged(_)));
        let mut events: Vec<Event> = first.into_iter().collect();
        loop {
            match self.heard.try_recv() {
                Ok(event) => events.push(event),
                Err(TryRecvError::Lagged(_)) => missed = true,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return (events, missed),
            }
        }
    }

    /// Makes of events what is to be told; `false` if the person may not listen any more.
    async fn take(&mut self, events: Vec<Event>, missed: bool) -> Result<bool> {
        let user = self.actor.user_id;
        let asks = |event: &Event| match event {
            Event::Changed(changed) => changed.access,
            Event::SignedOut(who) => Some(*who) == user,
            // It may have been that somebody was signed out.
            Event::Missed => true,
            Event::People(..) | Event::Present(..) => false,
        };
        if missed || events.iter().any(asks) {
            let Some(counters) = self.stand().await? else { return Ok(false) };
            if missed {
                self.reached.change = counters.change;
                self.waiting = [Told::Resync].into();
                return Ok(true);
            }
        }
        let first = events.iter().find_map(|event| match event {
            Event::Changed(row) if row.seq > self.reached.change => Some(row.seq),
            _ => None,
        });
        // The history has no gaps: what is missing was not handed over here.
        if let Some(first) = first.filter(|first| *first > self.reached.change + 1) {
            let since = self.reached;
            self.reached.change = first - 1;
            self.catch_up(since).await?;
        }
        let mut changed = Vec::new();
        for event in events {
            match event {
                Event::Changed(row) if row.seq <= self.reached.change => {}
                Event::Changed(row) => {
                    self.reached.change = row.seq;
                    let touched =
                        Touched { action: row.action, project_id: row.project_id, task_id: row.task_id };
                    self.note((touched, row.actor_id), &mut changed);
                }
                Event::People(what, people) => {
                    if user.is_some_and(|user| people.binary_search(&user).is_ok()) {
                        self.say(Told::Personal(what));
                    }
                }
                Event::Present(project, task) if self.actor.allows(Permission::ProjectView, project) => {
                    self.say(Told::Present(task));
                }
                Event::Missed => {
                    self.say(Told::Personal(Personal::Inbox));
                    self.say(Told::Personal(Personal::Urgent));
                }
                Event::Present(..) | Event::SignedOut(_) => {}
            }
        }
        self.say_changed(changed);
        Ok(true)
    }

    async fn catch_up(&mut self, since: Position) -> Result<()> {
        let mut tx = self.services.db.peek().await?;
        let rows = store::activity::after(&mut tx, since.change, REPLAY + 1).await?;
        drop(tx);
        let too_many = i64::try_from(rows.len()).is_ok_and(|rows| rows > REPLAY);
        // A number from the future is of another database: one that was restored, for instance.
        if since.access != self.reached.access || since.change > self.reached.change || too_many {
            self.say(Told::Resync);
            return Ok(());
        }
        let mut changed = Vec::new();
        for Happening { seq, project_id, task_id, action, actor_id } in rows {
            self.reached.change = self.reached.change.max(seq);
            self.note((Touched { action, project_id, task_id }, actor_id), &mut changed);
        }
        self.say_changed(changed);
        Ok(())
    }

    fn note(&mut self, (touched, by): (Touched, Option<UserId>), changed: &mut Vec<Touched>) {
        if !self.sees(&touched) {
            return;
        }
        // Whoever is alerted is told so in the server that does it; this is for those who listen to another. What one
        // person acknowledges stops nobody else: five hundred who do it must not make each other ask.
        let own = by.is_some() && by == self.actor.user_id;
        if touched.action.starts_with("urgent.") || own && touched.action.starts_with("alert.") {
            self.say(Told::Personal(Personal::Urgent));
        }
        if !changed.contains(&touched) {
            changed.push(touched);
            if changed.len() > MOST {
                *changed = by_project(changed);
            }
        }
    }

    fn sees(&self, touched: &Touched) -> bool {
        let of_workspace = |permission| self.actor.allows(permission, Place::Workspace);
        match (touched.project_id, touched.action.split('.').next()) {
            (Some(project), _) => self.actor.allows(Permission::ProjectView, project),
            (None, Some("user")) => of_workspace(Permission::UserView),
            (None, Some("team" | "team_member")) => of_workspace(Permission::TeamView),
            // Everybody may read the roles and how urgent projects ring.
            (None, _) => true,
        }
    }

    fn say_changed(&mut self, changed: Vec<Touched>) {
        if !changed.is_empty() {
            self.say(Told::Changed(changed));
        }
    }

    fn say(&mut self, told: Told) {
        if !self.waiting.contains(&told) {
            self.waiting.push_back(told);
        }
    }
}

/// Many tasks of a project, told as the project.
fn by_project(changed: &[Touched]) -> Vec<Touched> {
    let mut projects: Vec<Touched> = Vec::new();
    for touched in changed {
        let whole = Touched { action: "task.updated".into(), task_id: None, ..touched.clone() };
        let whole = if touched.task_id.is_some() { whole } else { touched.clone() };
        if !projects.contains(&whole) {
            projects.push(whole);
        }
    }
    projects
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_position_survives_the_way_to_the_browser_and_back() {
        let position = Position { change: 12, access: 3 };
        assert_eq!(position.to_string().parse::<Position>().expect("read"), position);
        for text in ["", "1", "1.", ".1", "1.2.3", "a.b", "1.2 "] {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
    }

    #[test]
    fn many_tasks_are_told_as_their_project() {
        let project = Some(ProjectId(Uuid::from_u128(1)));
        let task = |number| Touched {
            action: "task.moved".into(),
            project_id: project,
            task_id: Some(TaskId(Uuid::from_u128(number))),
        };
        let changed: Vec<Touched> = (0..60).map(task).collect();
        let whole = Touched { action: "task.updated".into(), project_id: project, task_id: None };
        assert_eq!(by_project(&changed), [whole]);
    }
}
