//! Whom something may be told.

use crate::db::{Result, Tx};
use domain::{
    ids::{ProjectId, TaskId, TeamId, UserId},
    time::Timestamp,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Why a task is somebody's business.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Interest {
    /// They are assigned to it.
    Assigned,
    /// They watch it.
    Watching,
}

/// Who is assigned to these tasks and who watches them. Indices: `task_assignee_pk`, `task_watcher_pk`.
pub async fn interested(tx: &mut Tx, tasks: &[TaskId]) -> Result<Vec<(TaskId, UserId, Interest)>> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let ids = || tasks.iter().map(|id| id.uuid());
    let sql = tx
        .compose("SELECT task_id, user_id, 0 AS kind FROM task_assignee WHERE task_id IN ")
        .list(ids())
        .push(" UNION ALL SELECT task_id, user_id, 1 FROM task_watcher WHERE task_id IN ")
        .list(ids());
    let rows: Vec<(Uuid, Uuid, i64)> = tx.build(sql).all().await?;
    let interest = |kind| if kind == 0 { Interest::Assigned } else { Interest::Watching };
    Ok(rows.into_iter().map(|(task, user, kind)| (TaskId(task), UserId(user), interest(kind))).collect())
}

/// Who is in these teams, and since when. Index: `team_member_pk`.
pub async fn members_of_teams(tx: &mut Tx, teams: &[TeamId]) -> Result<Vec<(TeamId, UserId, Timestamp)>> {
    if teams.is_empty() {
        return Ok(Vec::new());
    }
    let sql = tx
        .compose("SELECT team_id, user_id, added_at FROM team_member WHERE team_id IN ")
        .list(teams.iter().map(|id| id.uuid()));
    let rows: Vec<(Uuid, Uuid, i64)> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(|(team, user, at)| (TeamId(team), UserId(user), Timestamp(at))).collect())
}

/// What some people may see of some projects.
#[derive(Debug, Default)]
pub struct Reach {
    active: HashSet<UserId>,
    everywhere: HashSet<UserId>,
    member: HashSet<(ProjectId, UserId)>,
}

impl Reach {
    /// Whether this person may sign in and see the project, if it is in one.
    pub fn includes(&self, user: UserId, project: Option<ProjectId>) -> bool {
        let sees = |project| self.everywhere.contains(&user) || self.member.contains(&(project, user));
        self.active.contains(&user) && project.is_none_or(sees)
    }
}

/// Which of these people may sign in, and which of these projects they may see, in one statement.
/// Indices: `person_pk`, `project_member_pk`, `role_permission_pk`.
pub async fn reach(tx: &mut Tx, users: &[UserId], projects: &[ProjectId]) -> Result<Reach> {
    if users.is_empty() {
        return Ok(Reach::default());
    }
    let ids = || users.iter().map(|id| id.uuid());
    let sql = tx
        .compose("SELECT u.id AS user_id, u.id AS project_id, 0 AS kind FROM person u WHERE u.status = 'active' AND u.id IN ")
        .list(ids())
        .push(
            " UNION ALL
             SELECT u.id, u.id, 1
             FROM person u
             JOIN role_permission every ON every.role_id = u.role_id AND every.permission = 'project.access_all'
             JOIN role_permission rp ON rp.role_id = u.role_id AND rp.permission = 'project.view'
             WHERE u.id IN ",
        )
        .list(ids())
        .push(
            " UNION ALL
             SELECT m.user_id, m.project_id, 2
             FROM project_member m
             JOIN role_permission rp ON rp.role_id = m.role_id AND rp.permission = 'project.view'
             WHERE m.project_id IN ",
        )
        .list(projects.iter().map(|id| id.uuid()))
        .push(" AND m.user_id IN ")
        .list(ids());
    let rows: Vec<(Uuid, Uuid, i64)> = tx.build(sql).all().await?;
    let mut reach = Reach::default();
    for (user, project, kind) in rows {
        match kind {
            0 => reach.active.insert(UserId(user)),
            1 => reach.everywhere.insert(UserId(user)),
            _ => reach.member.insert((ProjectId(project), UserId(user))),
        };
    }
    Ok(reach)
}
