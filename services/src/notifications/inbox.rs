//! A person's own notifications: read, marked, put away.

use super::{mail, told};
use crate::{Actor, Services, authorize};
use domain::{
    Error, Result,
    ids::NotificationId,
    limits,
    notification::{Mark, MarkAll, MarkMany, Notification, Shelf, UnreadCount},
    page::{Page, Paged},
};
use std::collections::BTreeSet;

/// Rows of one transaction where everything is marked.
const PIECE: i64 = 1_000;

/// The actor's notifications, newest first. What they may not see any more is not among them.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself; [`Error::Invalid`] for a cursor that no page gave.
pub async fn list(
    services: &Services,
    actor: &Actor,
    shelf: Shelf,
    page: Page,
) -> Result<Paged<Notification>> {
    let user = authorize::person(actor)?;
    let before = page.after(|text| text.parse().ok())?;
    let mut tx = services.db.peek().await?;
    Ok(store::notifications::list(&mut tx, (user, actor.visible()), shelf, (page.limit, before)).await?)
}

/// One of the actor's notifications.
///
/// # Errors
/// [`Error::NotFound`], also for somebody else's and for one that they may not see any more.
pub async fn find(services: &Services, actor: &Actor, id: NotificationId) -> Result<Notification> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.peek().await?;
    let found = store::notifications::find(&mut tx, (user, actor.visible()), id).await?;
    found.ok_or_else(|| Error::not_found("notification"))
}

/// How many the actor has not read.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn unread(services: &Services, actor: &Actor) -> Result<UnreadCount> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.peek().await?;
    Ok(store::notifications::unread(&mut tx, (user, actor.visible())).await?)
}

/// Marks some of the actor's notifications; gives how many of them there were. Sent again, it does the same again. What
/// asks for an acknowledgement stays in the inbox until it is given.
///
/// # Errors
/// [`Error::Invalid`] for too many at once; [`Error::Refused`] for a token that may only read.
pub async fn mark(services: &Services, actor: &Actor, change: MarkMany) -> Result<u64> {
    let user = authorize::own_act(actor)?;
    if change.ids.len() > limits::NOTIFICATIONS {
        return Err(Error::field(
            "ids",
            "too_many",
            format!("At most {} notifications are changed at once. Choose fewer.", limits::NOTIFICATIONS),
        ));
    }
    let mut tx = services.db.write_aside().await?;
    let marked =
        store::notifications::mark(&mut tx, user, (&change.ids, change.mark), services.now()).await?;
    if marked > 0 && matches!(change.mark, Mark::Read | Mark::Archive) {
        let own = store::notifications::own(&mut tx, user, &change.ids).await?;
        mail::take_back(&mut tx, services, &own).await?;
    }
    tx.commit().await?;
    if marked > 0 {
        told(services, BTreeSet::from([user]));
    }
    Ok(marked)
}

/// Marks all of the actor's notifications in the inbox up to one that they have seen, a piece at a time; gives how many.
///
/// # Errors
/// [`Error::Invalid`] for another mark than read or archive; [`Error::Refused`] for a token that may only read.
pub async fn mark_all(services: &Services, actor: &Actor, change: MarkAll) -> Result<u64> {
    let user = authorize::own_act(actor)?;
    let archived = match change.mark {
        Mark::Read => false,
        Mark::Archive => true,
        Mark::Unread | Mark::Restore => {
            let message = "All at once can be marked as read or archived, nothing else.";
            return Err(Error::field("mark", "unknown", message));
        }
    };
    let mut total = 0;
    let mut from = None;
    loop {
        let mut tx = services.db.write_aside().await?;
        let piece = store::notifications::mark_until(
            &mut tx,
            user,
            (from, change.until, archived, PIECE),
            services.now(),
        )
        .await?;
        mail::take_back(&mut tx, services, &piece.ids).await?;
        tx.commit().await?;
        total += piece.marked;
        if !piece.more {
            break;
        }
        from = piece.ids.last().copied();
    }
    if total > 0 {
        told(services, BTreeSet::from([user]));
    }
    Ok(total)
}
