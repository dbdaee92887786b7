//! New notifications.

use crate::db::{Result, Tx};
use domain::{
    ids::{AnnouncementId, CommentId, NotificationId, ProjectId, TaskId, UserId},
    notification::{Event, Reasons},
    time::Timestamp,
};

/// Where a notification is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// In the inbox.
    Inbox = 0,
    /// Put away.
    Archived = 1,
    /// Nowhere: it is only sent by e-mail.
    MailOnly = 2,
}

/// A notification to be.
#[derive(Clone, Debug)]
pub struct New {
    /// Its id.
    pub id: NotificationId,
    /// For whom.
    pub user_id: UserId,
    /// What it is about: the same cause tells nobody twice.
    pub cause: String,
    /// What happened.
    pub event: Event,
    /// Why they are told.
    pub reasons: Reasons,
    /// When it happened.
    pub at: Timestamp,
    /// Who did it.
    pub actor_id: Option<UserId>,
    /// In which project.
    pub project_id: Option<ProjectId>,
    /// On which task.
    pub task_id: Option<TaskId>,
    /// The comment.
    pub comment_id: Option<CommentId>,
    /// The announcement.
    pub announcement_id: Option<AnnouncementId>,
    /// What it is about, in words.
    pub subject: String,
    /// More about it.
    pub detail: String,
    /// Whether it is in the inbox; else it is only for e-mail.
    pub in_inbox: bool,
    /// Whether it waits for the next digest.
    pub in_digest: bool,
}

/// Rows of one insert: few enough that what is left over is prepared soon.
const ROWS: usize = 50;

/// Adds notifications, in one statement for each fifty; those whose cause the person was told of already are left out.
pub async fn insert(tx: &mut Tx, rows: &[New], now: Timestamp) -> Result<u64> {
    let mut added = 0;
    for chunk in rows.chunks(ROWS) {
        let sql = tx
            .compose(tx.dialect().insert_ignore())
            .kept(chunk.len() == ROWS)
            .push(
                "notification (id, user_id, cause, event, reasons, at, actor_id, project_id, task_id, comment_id,
                 announcement_id, subject, detail, place, unread, archived_at, acknowledged_at, in_digest) VALUES ",
            )
            .rows(chunk, 18, |sql, row| {
                let place = if row.in_inbox { Place::Inbox } else { Place::MailOnly };
                sql.value(row.id.uuid())
                    .value(row.user_id.uuid())
                    .value(row.cause.clone())
                    .value(row.event.as_str())
                    .value(row.reasons.bits())
                    .value(row.at.micros())
                    .value(row.actor_id.map(UserId::uuid))
                    .value(row.project_id.map(ProjectId::uuid))
                    .value(row.task_id.map(TaskId::uuid))
                    .value(row.comment_id.map(CommentId::uuid))
                    .value(row.announcement_id.map(AnnouncementId::uuid))
                    .value(short(&row.subject, 200))
                    .value(short(&row.detail, 150))
                    .value(place as i16)
                    .value(row.in_inbox)
                    .value((!row.in_inbox).then(|| now.micros()))
                    .value(None::<i64>)
                    .value(row.in_digest)
            });
        added += tx.build(sql).run().await?;
    }
    Ok(added)
}

fn short(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
