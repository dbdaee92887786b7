//! Whom one row of the history concerns, and why.

use super::Draft;
use domain::{
    activity::Action,
    ids::{AnnouncementId, TaskId, TeamId, UserId},
    notification::{Event, Reason, Reasons},
    time::Timestamp,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::notifications::{HistoryRow, Interest};

/// Who has to do with what the history tells of.
#[derive(Default)]
pub(super) struct People {
    /// Who is assigned to tasks or watches them.
    pub(super) interested: HashMap<TaskId, Vec<(UserId, Interest)>>,
    /// Who is in teams, and since when.
    pub(super) teams: HashMap<TeamId, Vec<(UserId, Timestamp)>>,
    /// Whom announcements are for.
    pub(super) audiences: HashMap<AnnouncementId, Vec<(UserId, Reason)>>,
}

/// What happened to somebody by one act, and why they are told.
type Told = BTreeMap<UserId, (BTreeSet<Event>, Reasons)>;

/// What a row tells people other than the one who acted: each once, with all that it is for them.
pub(super) fn drafts(row: &HistoryRow, people: &People) -> Vec<Draft> {
    let mut told = told(row, people);
    if let Some(actor) = row.actor_id {
        told.remove(&actor);
    }
    let (subject, detail) = words(row);
    told.into_iter()
        .map(|(user_id, (events, reasons))| Draft {
            user_id,
            cause: format!("act:{}", row.seq),
            events,
            reasons,
            at: row.at,
            actor_id: row.actor_id,
            project_id: row.project_id,
            task_id: row.task_id,
            comment_id: row.tells.comment,
            announcement_id: row.tells.announcement,
            subject: subject.clone(),
            detail: detail.clone(),
        })
        .collect()
}

/// Whether somebody may be told of such a row because they are assigned to its task or watch it.
pub(super) fn concerns_task(action: &str) -> bool {
    [
        Action::TaskCreated,
        Action::TaskUpdated,
        Action::CommentCreated,
        Action::TaskReleased,
        Action::TaskUnblocked,
        Action::TaskCompleted,
        Action::TaskReopened,
    ]
    .iter()
    .any(|concerning| is(action, *concerning))
}

fn told(row: &HistoryRow, people: &People) -> Told {
    let mut told = Told::new();
    let interested = row.task_id.and_then(|task| people.interested.get(&task));
    let interested = interested.map(Vec::as_slice).unwrap_or_default();
    let action = row.action.as_str();
    if is(action, Action::TaskCreated) || is(action, Action::TaskUpdated) {
        // Whoever was taken off it again meanwhile has nothing to do with it.
        let still = |user| interested.contains(&(user, Interest::Assigned));
        add(
            &mut told,
            row.tells.assigned.iter().filter(|user| still(**user)),
            (Event::Assigned, Reason::Assigned),
        );
    } else if is(action, Action::CommentCreated) {
        of_interest(&mut told, interested, Event::Commented);
    } else if is(action, Action::TaskReleased) || is(action, Action::TaskUnblocked) {
        let assigned = interested.iter().filter(|(_, interest)| *interest == Interest::Assigned);
        add(&mut told, assigned.map(|(user, _)| user), (Event::Unblocked, Reason::Assigned));
    } else if is(action, Action::TaskCompleted) || is(action, Action::TaskReopened) {
        of_interest(&mut told, interested, Event::Progress);
    } else if let Some(announcement) = row.tells.announcement {
        for (user, reason) in people.audiences.get(&announcement).into_iter().flatten() {
            add(&mut told, [user], (Event::Announced, *reason));
        }
    } else {
        add(&mut told, &row.tells.joined, (Event::Membership, Reason::Joined));
        let team = row.tells.team.and_then(|team| people.teams.get(&team));
        // Whoever came to the team later was told then.
        let then = team.into_iter().flatten().filter(|(_, since)| *since <= row.at);
        add(&mut told, then.map(|(user, _)| user), (Event::Membership, Reason::Team));
    }
    add(&mut told, &row.tells.mentioned, (Event::Mentioned, Reason::Mentioned));
    told
}

fn of_interest(told: &mut Told, interested: &[(UserId, Interest)], event: Event) {
    for (user, interest) in interested {
        let reason = match interest {
            Interest::Assigned => Reason::Assigned,
            Interest::Watching => Reason::Watching,
        };
        add(told, [user], (event, reason));
    }
}

fn add<'u>(told: &mut Told, users: impl IntoIterator<Item = &'u UserId>, (event, reason): (Event, Reason)) {
    for user in users {
        let (events, reasons) = told.entry(*user).or_default();
        events.insert(event);
        *reasons = reasons.with(reason);
    }
}

/// What it is about, and more about it.
fn words(row: &HistoryRow) -> (String, String) {
    let field = |name| row.changes.iter().find(|change| change.field == name);
    let after = |name| field(name).and_then(|change| change.after.clone()).unwrap_or_default();
    let action = row.action.as_str();
    if is(action, Action::TeamMemberAdded) {
        return (after("team"), String::new());
    }
    if is(action, Action::MemberAdded) || is(action, Action::MemberChanged) {
        let role = after("role");
        // Whoever comes through a team has the team's role there.
        return (row.subject.clone(), if role.is_empty() { after("team") } else { role });
    }
    let detail = if is(action, Action::TaskCompleted) {
        "completed".into()
    } else if is(action, Action::TaskReopened) {
        "reopened".into()
    } else {
        field("blocked_by").and_then(|change| change.before.clone()).unwrap_or_default()
    };
    (row.subject.clone(), detail)
}

fn is(action: &str, expected: Action) -> bool {
    action == expected.as_str()
}
