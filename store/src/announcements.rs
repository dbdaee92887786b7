//! Announcements and who was told.

use crate::{
    access::Visible,
    db::{Result, Tx},
    people::PersonRow,
};
use domain::{
    announcement::{Announcement, Recipient, TeamRef},
    ids::{AnnouncementId, NotificationId, ProjectId, TeamId, UserId},
    notification::Reason,
    page::Paged,
    palette::Colour,
    project::ProjectRef,
    time::Timestamp,
    user::UserRef,
};
use uuid::Uuid;

const SELECT: &str =
    "SELECT a.id, a.author_id, u.username, u.display_name, a.team_id, tm.name AS team_name, a.project_id,
       p.project_key, p.name AS project_name, p.colour, p.urgent_at, a.title, a.body, a.acknowledge, a.told_count,
       a.acknowledged_count, a.withdrawn_at, a.created_at, a.updated_at, a.version
     FROM announcement a
     LEFT JOIN person u ON u.id = a.author_id
     LEFT JOIN team tm ON tm.id = a.team_id
     LEFT JOIN project p ON p.id = a.project_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    author_id: Option<Uuid>,
    username: Option<String>,
    display_name: Option<String>,
    team_id: Option<Uuid>,
    team_name: Option<String>,
    project_id: Option<Uuid>,
    project_key: Option<String>,
    project_name: Option<String>,
    colour: Option<String>,
    urgent_at: Option<i64>,
    title: String,
    body: String,
    acknowledge: bool,
    told_count: i64,
    acknowledged_count: i64,
    withdrawn_at: Option<i64>,
    created_at: i64,
    updated_at: i64,
    version: i64,
}

impl From<Row> for Announcement {
    fn from(row: Row) -> Self {
        let author = match (row.author_id, row.username, row.display_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        let project = match (row.project_id, row.project_key, row.project_name) {
            (Some(id), Some(key), Some(name)) => {
                let colour = row.colour.as_deref().and_then(Colour::parse).unwrap_or_default();
                Some(ProjectRef { id: ProjectId(id), key, name, colour, urgent: row.urgent_at.is_some() })
            }
            _ => None,
        };
        Self {
            id: AnnouncementId(row.id),
            author,
            team: row.team_id.zip(row.team_name).map(|(id, name)| TeamRef { id: TeamId(id), name }),
            project,
            title: row.title,
            body: row.body,
            body_html: String::new(),
            acknowledge: row.acknowledge,
            told_count: row.told_count,
            acknowledged_count: row.acknowledged_count,
            withdrawn_at: row.withdrawn_at.map(Timestamp),
            created_at: Timestamp(row.created_at),
            updated_at: Timestamp(row.updated_at),
            version: row.version,
        }
    }
}

/// The announcement of that id, without its HTML.
pub async fn find(tx: &mut Tx, id: AnnouncementId) -> Result<Option<Announcement>> {
    let sql = tx.compose(SELECT).bind(" WHERE a.id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    Ok(row.map(Announcement::from))
}

/// Whose announcements a list shows.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// Who asks: of their teams.
    pub user: UserId,
    /// Which projects they may see.
    pub visible: Visible,
    /// Whether those of every team.
    pub all_teams: bool,
}

/// Announcements that were not withdrawn, newest first: a page before the one that is named. Index: the key; there are few.
pub async fn list(
    tx: &mut Tx,
    listed: Listed,
    (limit, before): (i64, Option<AnnouncementId>),
) -> Result<Paged<Announcement>> {
    let sql = tx
        .compose(SELECT)
        .push(" WHERE a.withdrawn_at IS NULL")
        .bind_some(" AND a.id < ?", before.map(AnnouncementId::uuid));
    let sql = if listed.all_teams {
        sql
    } else {
        sql.bind(
            " AND (a.team_id IS NULL OR a.team_id IN (SELECT m.team_id FROM team_member m WHERE m.user_id = ?))",
            listed.user.uuid(),
        )
    };
    let sql = sql.push(" AND (a.project_id IS NULL OR p.lifecycle <> 2)");
    let sql = match listed.visible {
        Visible::Everything => sql,
        Visible::ToMember(_) => {
            listed.visible.restrict(sql, " AND (a.project_id IS NULL OR a.project_id").push(")")
        }
    };
    let rows: Vec<Row> = tx.build(sql.bind(" ORDER BY a.id DESC LIMIT ?", limit + 1)).all().await?;
    let rows = rows.into_iter().map(Announcement::from).collect();
    Ok(Paged::cut(rows, limit, |row: &Announcement| row.id.to_string()))
}

/// Adds an announcement.
///
/// # Errors
/// [`crate::Error::Taken`] if the id is.
pub async fn insert(tx: &mut Tx, it: &Announcement) -> Result<()> {
    tx.sql(
        "INSERT INTO announcement (id, author_id, team_id, project_id, title, body, acknowledge,
           told_count, acknowledged_count, withdrawn_at, created_at, updated_at, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, NULL, ?, ?, ?)",
    )
    .bind(it.id.uuid())
    .bind(it.author.as_ref().map(|author| author.id.uuid()))
    .bind(it.team.as_ref().map(|team| team.id.uuid()))
    .bind(it.project.as_ref().map(|project| project.id.uuid()))
    .bind(it.title.clone())
    .bind(it.body.clone())
    .bind(it.acknowledge)
    .bind(it.created_at.micros())
    .bind(it.updated_at.micros())
    .bind(it.version)
    .run()
    .await
    .map(drop)
}

/// Writes a changed announcement over version `seen`; `false` if it has another version by now.
pub async fn update(tx: &mut Tx, it: &Announcement, seen: i64) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE announcement
             SET title = ?, body = ?, acknowledge = ?, withdrawn_at = ?, updated_at = ?, version = ?
             WHERE id = ? AND version = ?",
        )
        .bind(it.title.clone())
        .bind(it.body.clone())
        .bind(it.acknowledge)
        .bind(it.withdrawn_at.map(Timestamp::micros))
        .bind(it.updated_at.micros())
        .bind(it.version)
        .bind(it.id.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Who is to be told of these announcements, and why: those who may sign in, each once. Indices: `person_pk`,
/// `team_member_pk`, `project_member_pk`.
pub async fn audience(tx: &mut Tx, ids: &[AnnouncementId]) -> Result<Vec<(AnnouncementId, UserId, Reason)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let list = || ids.iter().map(|id| id.uuid());
    let sql = tx
        .compose(
            "SELECT a.id AS announcement_id, u.id AS user_id, 0 AS kind
             FROM announcement a
             JOIN person u ON u.status = 'active'
             WHERE a.team_id IS NULL AND a.project_id IS NULL AND a.withdrawn_at IS NULL AND a.id IN ",
        )
        .list(list())
        .push(
            " UNION
             SELECT a.id, m.user_id, 1
             FROM announcement a
             JOIN team_member m ON m.team_id = a.team_id
             WHERE a.withdrawn_at IS NULL AND a.id IN ",
        )
        .list(list())
        .push(
            " UNION
             SELECT a.id, m.user_id, 2
             FROM announcement a
             JOIN project_member m ON m.project_id = a.project_id
             WHERE a.withdrawn_at IS NULL AND a.id IN ",
        )
        .list(list());
    let rows: Vec<(Uuid, Uuid, i64)> = tx.build(sql).all().await?;
    let reason = |kind| match kind {
        0 => Reason::Everybody,
        1 => Reason::Team,
        _ => Reason::Member,
    };
    Ok(rows.into_iter().map(|(id, user, kind)| (AnnouncementId(id), UserId(user), reason(kind))).collect())
}

/// Sets how many were told. Index: `notification_of_announcement`.
pub async fn count_told(tx: &mut Tx, ids: &[AnnouncementId]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose(
            "UPDATE announcement
             SET told_count = (SELECT COUNT(*) FROM notification n WHERE n.announcement_id = announcement.id)
             WHERE id IN ",
        )
        .list(ids.iter().map(|id| id.uuid()));
    tx.build(sql).run().await.map(drop)
}

/// The notification by which a person was told, if they were, and when they acknowledged it.
/// Index: `notification_of_announcement`.
pub async fn told(
    tx: &mut Tx,
    id: AnnouncementId,
    user: UserId,
) -> Result<Option<(NotificationId, Option<Timestamp>)>> {
    let row: Option<(Uuid, Option<i64>)> = tx
        .sql("SELECT id, acknowledged_at FROM notification WHERE announcement_id = ? AND user_id = ?")
        .bind(id.uuid())
        .bind(user.uuid())
        .optional()
        .await?;
    Ok(row.map(|(id, at)| (NotificationId(id), at.map(Timestamp))))
}

/// Notes that a person has read it, and counts them, once; `false` if they had said so before.
pub async fn acknowledge(tx: &mut Tx, id: AnnouncementId, user: UserId, at: Timestamp) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE notification
             SET acknowledged_at = ?, unread = ?
             WHERE announcement_id = ? AND user_id = ? AND acknowledged_at IS NULL",
        )
        .bind(at.micros())
        .bind(false)
        .bind(id.uuid())
        .bind(user.uuid())
        .run()
        .await?;
    if matched == 0 {
        return Ok(false);
    }
    tx.sql("UPDATE announcement SET acknowledged_count = acknowledged_count + 1 WHERE id = ?")
        .bind(id.uuid())
        .run()
        .await?;
    Ok(true)
}

#[derive(sqlx::FromRow)]
struct RecipientRow {
    #[sqlx(flatten)]
    person: PersonRow,
    acknowledged_at: Option<i64>,
}

/// Who was told, in the order of their ids: a page after the one that is named. Index: `notification_of_announcement`.
pub async fn recipients(
    tx: &mut Tx,
    id: AnnouncementId,
    acknowledged: Option<bool>,
    (limit, after): (i64, Option<UserId>),
) -> Result<Paged<Recipient>> {
    let sql = tx
        .compose(
            "SELECT u.id, u.username, u.display_name, n.acknowledged_at
             FROM notification n
             JOIN person u ON u.id = n.user_id",
        )
        .bind(" WHERE n.announcement_id = ?", id.uuid())
        .bind_some(" AND n.user_id > ?", after.map(UserId::uuid))
        .push_if(acknowledged == Some(true), " AND n.acknowledged_at IS NOT NULL")
        .push_if(acknowledged == Some(false), " AND n.acknowledged_at IS NULL")
        .bind(" ORDER BY n.user_id LIMIT ?", limit + 1);
    let rows: Vec<RecipientRow> = tx.build(sql).all().await?;
    let rows = rows.into_iter().map(|row| Recipient {
        user: row.person.into(),
        acknowledged_at: row.acknowledged_at.map(Timestamp),
    });
    Ok(Paged::cut(rows.collect(), limit, |row: &Recipient| row.user.id.to_string()))
}
