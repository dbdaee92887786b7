//! Notifications as their people read them.

use crate::{
    access::Visible,
    db::{Error, Result, Sql, Tx},
};
use domain::{
    board::Category,
    ids::{AnnouncementId, CommentId, NotificationId, ProjectId, TaskId, UserId},
    limits,
    notification::{AnnouncementRef, Event, Notification, Reasons, Shelf, UnreadCount},
    page::Paged,
    palette::Colour,
    project::ProjectRef,
    task::TaskRef,
    time::Timestamp,
    user::UserRef,
};
use uuid::Uuid;

/// Of a comment or announcement it has the first 280 characters: enough to see what it is about.
const SELECT: &str = "SELECT n.id, n.user_id, n.event, n.reasons, n.at, n.actor_id, u.username, u.display_name, n.project_id,
       p.project_key, p.name AS project_name, p.colour, p.urgent_at, n.task_id, t.number, t.title, t.category, n.comment_id,
       COALESCE(SUBSTR(c.body, 1, 280), SUBSTR(an.body, 1, 280)) AS excerpt, n.announcement_id, an.title AS announced, an.acknowledge, n.subject, n.detail,
       n.unread, n.archived_at, n.acknowledged_at
     FROM notification n
     LEFT JOIN person u ON u.id = n.actor_id";

/// What decides whether a notification is shown: it is not, while what it is about is deleted, and not to somebody who may
/// not see the project or left the team any more.
const ABOUT: &str = " LEFT JOIN project p ON p.id = n.project_id
     LEFT JOIN task t ON t.id = n.task_id
     LEFT JOIN comment c ON c.id = n.comment_id
     LEFT JOIN announcement an ON an.id = n.announcement_id";

const SHOWN: &str = " AND (n.project_id IS NULL OR p.lifecycle <> 2)
     AND (n.task_id IS NULL OR t.lifecycle <> 2)
     AND (n.comment_id IS NULL OR c.id IS NOT NULL)
     AND (n.announcement_id IS NULL OR an.id IS NOT NULL AND an.withdrawn_at IS NULL)
     AND (an.team_id IS NULL OR EXISTS (
       SELECT 1 FROM team_member tm WHERE tm.team_id = an.team_id AND tm.user_id = n.user_id))";

/// That a delivery `d` is of an event about which its person wants no e-mail any more. What was chosen for the project goes
/// before what was chosen for all.
const UNWANTED: &str = "
                 WHEN NOT d.urgent AND d.reference IS NOT NULL AND EXISTS (
                   SELECT 1
                   FROM notification_choice ch
                   WHERE ch.user_id = d.user_id AND ch.event = d.reason AND ch.channel = d.channel AND NOT ch.wanted
                     AND (
                       ch.project_id = d.project_id
                       OR ch.project_id = x'00000000000000000000000000000000' AND NOT EXISTS (
                         SELECT 1
                         FROM notification_choice own
                         WHERE own.user_id = d.user_id AND own.event = d.reason AND own.channel = d.channel
                           AND own.project_id = d.project_id)
                     )
                 ) THEN 0";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    event: String,
    reasons: i64,
    at: i64,
    actor_id: Option<Uuid>,
    username: Option<String>,
    display_name: Option<String>,
    project_id: Option<Uuid>,
    project_key: Option<String>,
    project_name: Option<String>,
    colour: Option<String>,
    urgent_at: Option<i64>,
    task_id: Option<Uuid>,
    number: Option<i64>,
    title: Option<String>,
    category: Option<String>,
    comment_id: Option<Uuid>,
    excerpt: Option<String>,
    announcement_id: Option<Uuid>,
    announced: Option<String>,
    acknowledge: Option<bool>,
    subject: String,
    detail: String,
    unread: bool,
    archived_at: Option<i64>,
    acknowledged_at: Option<i64>,
}

/// A person's notifications that they may see by now, newest first: a page before the one that is named.
/// Indices: `notification_in_place`, `notification_unread`.
pub async fn list(
    tx: &mut Tx,
    (user, visible): (UserId, Visible),
    shelf: Shelf,
    (limit, before): (i64, Option<NotificationId>),
) -> Result<Paged<Notification>> {
    let sql = tx.compose(SELECT).push(ABOUT).bind(" WHERE n.user_id = ?", user.uuid());
    let sql = match shelf {
        Shelf::Unread => sql.bind(" AND n.unread = ?", true),
        Shelf::Inbox => sql.push(" AND n.place = 0"),
        Shelf::Archived => sql.push(" AND n.place = 1"),
    };
    let sql = shown(sql.bind_some(" AND n.id < ?", before.map(NotificationId::uuid)), visible);
    let rows: Vec<Row> = tx.build(sql.bind(" ORDER BY n.id DESC LIMIT ?", limit + 1)).all().await?;
    let rows = rows.into_iter().map(Row::into_notification).collect::<Result<Vec<_>>>()?;
    Ok(Paged::cut(rows, limit, |row| row.id.to_string()))
}

/// One of a person's notifications, if they may see it by now. Index: `notification_pk`.
pub async fn find(
    tx: &mut Tx,
    (user, visible): (UserId, Visible),
    id: NotificationId,
) -> Result<Option<Notification>> {
    let sql = tx
        .compose(SELECT)
        .push(ABOUT)
        .bind(" WHERE n.id = ?", id.uuid())
        .bind(" AND n.user_id = ?", user.uuid())
        .push(" AND n.place <> 2");
    let row: Option<Row> = tx.build(shown(sql, visible)).optional().await?;
    row.map(Row::into_notification).transpose()
}

/// These notifications, each with its person, whether or not they are in an inbox; without regard to who may see what, which
/// the caller has asked. Index: `notification_pk`.
pub async fn of_ids(tx: &mut Tx, ids: &[NotificationId]) -> Result<Vec<(UserId, Notification)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = tx.compose(SELECT).push(ABOUT).push(" WHERE n.id IN ").list(ids.iter().map(|id| id.uuid()));
    let rows: Vec<Row> = tx.build(sql.push(" ORDER BY n.id")).all().await?;
    rows.into_iter().map(|row| Ok((UserId(row.user_id), row.into_notification()?))).collect()
}

/// What waits for a person's digest, is not read, and may be seen by them, newest first.
/// Index: `notification_for_digest`.
pub async fn to_digest(
    tx: &mut Tx,
    (user, visible): (UserId, Visible),
    limit: i64,
) -> Result<Paged<Notification>> {
    let sql = tx
        .compose(SELECT)
        .push(ABOUT)
        .bind(" WHERE n.user_id = ?", user.uuid())
        .bind(" AND n.in_digest = ?", true)
        .push(" AND (n.unread OR n.place = 2)");
    let rows: Vec<Row> =
        tx.build(shown(sql, visible).bind(" ORDER BY n.id DESC LIMIT ?", limit + 1)).all().await?;
    let rows = rows.into_iter().map(Row::into_notification).collect::<Result<Vec<_>>>()?;
    Ok(Paged::cut(rows, limit, |row| row.id.to_string()))
}

/// How many a person has not read, as far as they may see them. Index: `notification_unread`.
pub async fn unread(tx: &mut Tx, (user, visible): (UserId, Visible)) -> Result<UnreadCount> {
    let sql = counted(tx.compose(""), (user, visible));
    let (count,): (i64,) = tx.build(sql).one().await?;
    Ok(up_to(count))
}

/// Adds the statement that counts what a person has not read, for use within another one.
pub(crate) fn counted(sql: Sql, (user, visible): (UserId, Visible)) -> Sql {
    let sql = sql
        .push("SELECT COUNT(*) FROM (SELECT n.id FROM notification n")
        .push(ABOUT)
        .bind(" WHERE n.user_id = ?", user.uuid())
        .bind(" AND n.unread = ?", true);
    shown(sql, visible).bind(" LIMIT ?) AS counted", limits::UNREAD + 1)
}

/// What such a statement counted.
pub(crate) fn up_to(count: i64) -> UnreadCount {
    UnreadCount { unread: count.min(limits::UNREAD), more: count > limits::UNREAD }
}

/// Adds to the `CASE` of a delivery `d` that it is nobody's any more: what it tells of is not shown, or not wanted by e-mail.
pub(crate) fn over(sql: Sql) -> Sql {
    sql.push(" WHEN NOT d.urgent AND EXISTS (SELECT 1 FROM notification n WHERE n.id = d.reference)")
        .push(" AND NOT EXISTS (SELECT 1 FROM notification n")
        .push(ABOUT)
        .push(" WHERE n.id = d.reference")
        .push(SHOWN)
        .push(") THEN 0")
        .push(UNWANTED)
}

fn shown(sql: Sql, visible: Visible) -> Sql {
    let sql = sql.push(SHOWN);
    match visible {
        Visible::Everything => sql,
        Visible::ToMember(_) => visible.restrict(sql, " AND (n.project_id IS NULL OR n.project_id").push(")"),
    }
}

impl Row {
    fn into_notification(self) -> Result<Notification> {
        let (project, task) = (self.project(), self.task()?);
        let actor = match (self.actor_id, self.username, self.display_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        let announcement = self.announcement_id.map(|id| AnnouncementRef {
            id: AnnouncementId(id),
            acknowledge: self.acknowledge.unwrap_or_default(),
        });
        // What it is called by now, where it has a name.
        let name = self
            .announced
            .or_else(|| task.as_ref().map(|task| task.title.clone()))
            .or_else(|| project.as_ref().map(|project| project.name.clone()));
        Ok(Notification {
            id: NotificationId(self.id),
            event: Event::parse(&self.event)
                .ok_or_else(|| Error::Corrupt(format!("notification {} of event {}", self.id, self.event)))?,
            reasons: Reasons::from_bits(self.reasons).list(),
            at: Timestamp(self.at),
            actor,
            project,
            task,
            comment_id: self.comment_id.map(CommentId),
            announcement,
            subject: name.unwrap_or(self.subject),
            detail: self.excerpt.unwrap_or(self.detail),
            unread: self.unread,
            archived_at: self.archived_at.map(Timestamp),
            acknowledged_at: self.acknowledged_at.map(Timestamp),
        })
    }

    fn project(&self) -> Option<ProjectRef> {
        Some(ProjectRef {
            id: ProjectId(self.project_id?),
            key: self.project_key.clone()?,
            name: self.project_name.clone()?,
            colour: self.colour.as_deref().and_then(Colour::parse).unwrap_or_default(),
            urgent: self.urgent_at.is_some(),
        })
    }

    fn task(&self) -> Result<Option<TaskRef>> {
        let (Some(id), Some(number), Some(key), Some(title), Some(category)) =
            (self.task_id, self.number, &self.project_key, &self.title, &self.category)
        else {
            return Ok(None);
        };
        let category = Category::parse(category)
            .ok_or_else(|| Error::Corrupt(format!("task {id} of category {category}")))?;
        Ok(Some(TaskRef { id: TaskId(id), key: format!("{key}-{number}"), title: title.clone(), category }))
    }
}
