//! What people are told: made from the history after the commit, read and put away by each for themselves.

mod digest;
mod due;
mod inbox;
mod local_time;
mod mail;
mod preferences;
mod purge;
mod story;
mod tell;

pub use digest::digests;
pub use due::due;
pub use inbox::{find, list, mark, mark_all, unread};
pub(crate) use mail::take_back;
pub use mail::{Unsubscribed, unsubscribe, unsubscribes_from};
pub use preferences::{choose, preferences, set_rhythm};
pub use purge::purge;
pub use tell::tell;

use self::{local_time::quiet_until, mail::Mail};
use crate::{Services, ports::bus::Personal};
use domain::{
    ids::{AnnouncementId, CommentId, NotificationId, ProjectId, TaskId, UserId},
    notification::{Event, Reasons},
    rhythm::{Digest, Rhythm},
    time::Timestamp,
    wish::{Channel, Wishes},
};
use std::collections::{BTreeSet, HashMap};
use store::{
    Tx,
    notifications::{New, reach, rhythms, wishes},
};

/// Drafts that are written together: their people are named in one statement.
const PIECE: usize = 5_000;

/// Lets the open pages of these people know that their inboxes changed.
pub(crate) fn told(services: &Services, people: BTreeSet<UserId>) {
    services.tell(Personal::Inbox, people.into_iter().collect());
}

/// What somebody may have to be told, before it is asked whether they may know it and want to.
#[derive(Clone, Debug)]
struct Draft {
    user_id: UserId,
    cause: String,
    /// Everything that it is for them; the first is what it is shown as.
    events: BTreeSet<Event>,
    reasons: Reasons,
    at: Timestamp,
    actor_id: Option<UserId>,
    project_id: Option<ProjectId>,
    task_id: Option<TaskId>,
    comment_id: Option<CommentId>,
    announcement_id: Option<AnnouncementId>,
    subject: String,
    detail: String,
}

/// Writes what is left of drafts once those are out whose people may not see the project, or don't want to be told; gives
/// who was told. A handful of statements for each piece, and one for each fifty rows.
async fn write(tx: &mut Tx, services: &Services, drafts: Vec<Draft>) -> domain::Result<BTreeSet<UserId>> {
    let mut told = BTreeSet::new();
    let mut drafts = drafts.into_iter().peekable();
    while drafts.peek().is_some() {
        told.extend(write_piece(tx, services, drafts.by_ref().take(PIECE).collect()).await?);
    }
    Ok(told)
}

async fn write_piece(
    tx: &mut Tx,
    services: &Services,
    drafts: Vec<Draft>,
) -> domain::Result<BTreeSet<UserId>> {
    let users: BTreeSet<_> = drafts.iter().map(|draft| draft.user_id).collect();
    let ids: Vec<_> = users.iter().copied().collect();
    let projects: BTreeSet<_> = drafts.iter().filter_map(|draft| draft.project_id).collect();
    let reach = reach(tx, &ids, &projects.into_iter().collect::<Vec<_>>()).await?;
    let ways = Ways {
        wishes: wishes(tx, &ids).await?,
        rhythms: if mail::is_set_up(services) { rhythms(tx, &ids).await? } else { HashMap::new() },
    };
    let wanted = drafts
        .into_iter()
        .filter(|draft| reach.includes(draft.user_id, draft.project_id))
        .filter_map(|draft| ways.of(services, draft));
    let (rows, mails): (Vec<New>, Vec<Option<Mail>>) = wanted.unzip();
    store::notifications::insert(tx, &rows, services.now()).await?;
    mail::queue(tx, services, &mails.into_iter().flatten().collect::<Vec<_>>()).await?;
    Ok(rows.into_iter().filter(|row| row.in_inbox).map(|row| row.user_id).collect())
}

/// What the people of some drafts chose.
struct Ways {
    wishes: HashMap<UserId, Wishes>,
    rhythms: HashMap<UserId, Rhythm>,
}

impl Ways {
    /// The notification, and the e-mail that goes by itself; `None` if the person wants neither.
    fn of(&self, services: &Services, draft: Draft) -> Option<(New, Option<Mail>)> {
        let (usual, always) = (Wishes::default(), Rhythm::default());
        let wishes = self.wishes.get(&draft.user_id).unwrap_or(&usual);
        let rhythm = self.rhythms.get(&draft.user_id).unwrap_or(&always);
        let by = |channel| {
            draft.events.iter().copied().find(|event| wishes.wants(*event, channel, draft.project_id))
        };
        let in_inbox = by(Channel::Inbox).is_some();
        let mailed = by(Channel::Email).filter(|_| mail::is_set_up(services));
        if !in_inbox && mailed.is_none() {
            return None;
        }
        let id = NotificationId(services.ids.id());
        let in_digest = mailed.is_some() && rhythm.digest != Digest::Never;
        let mail = mailed.filter(|_| !in_digest).map(|event| Mail {
            id,
            event,
            not_before: quiet_until(rhythm, services.now()),
        });
        let new = New {
            id,
            user_id: draft.user_id,
            cause: draft.cause,
            event: draft.events.first().copied()?,
            reasons: draft.reasons,
            at: draft.at,
            actor_id: draft.actor_id,
            project_id: draft.project_id,
            task_id: draft.task_id,
            comment_id: draft.comment_id,
            announcement_id: draft.announcement_id,
            subject: draft.subject,
            detail: draft.detail,
            in_inbox,
            in_digest,
        };
        Some((new, mail))
    }
}
