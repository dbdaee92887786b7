//! One's own inbox.

use crate::AppError;
use domain::{
    ids::NotificationId,
    notification::{Notification, UnreadCount},
    page::Paged,
};
use leptos::prelude::*;

/// A page of one's notifications, newest first.
#[server(name = ListNotifications, prefix = "/fn", endpoint = "notification/list")]
pub async fn list_notifications(
    #[server(default)] shelf: String,
    #[server(default)] cursor: String,
) -> Result<Paged<Notification>, AppError> {
    use crate::ssr;
    use domain::{notification::Shelf, page::Page};
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let shelf = Shelf::parse(&shelf).unwrap_or_default();
    Ok(services::notifications::list(&services, &actor, shelf, Page::new(None, Some(cursor))).await?)
}

/// How many one has not read.
#[server(name = CountUnread, prefix = "/fn", endpoint = "notification/unread")]
pub async fn count_unread() -> Result<UnreadCount, AppError> {
    use crate::ssr;
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    Ok(services::notifications::unread(&services, &actor).await?)
}

/// Marks the ticked ones as `mark` says, or the one that a button of a row names, as `mark:id`. Gives how many.
#[server(name = MarkNotifications, prefix = "/fn", endpoint = "notification/mark")]
pub async fn mark_notifications(
    #[server(default)] ids: Vec<NotificationId>,
    #[server(default)] mark: String,
    #[server(default)] one: String,
) -> Result<u64, AppError> {
    use crate::ssr;
    use domain::{
        Error,
        notification::{Mark, MarkMany},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let unknown = || Error::field("mark", "unknown", "Choose what becomes of them.");
    let change = match one.split_once(':') {
        Some((mark, id)) => MarkMany {
            ids: vec![id.parse().map_err(|_| unknown())?],
            mark: Mark::parse(mark).ok_or_else(unknown)?,
        },
        None => MarkMany { ids, mark: Mark::parse(&mark).ok_or_else(unknown)? },
    };
    if change.ids.is_empty() {
        return Err(Error::field("ids", "blank", "Tick what you want to change first.").into());
    }
    Ok(services::notifications::mark(&services, &actor, change).await?)
}

/// Marks everything in the inbox up to one that was seen, as read or archived. Gives how many.
#[server(name = MarkAllNotifications, prefix = "/fn", endpoint = "notification/mark-all")]
pub async fn mark_all_notifications(until: NotificationId, mark: String) -> Result<u64, AppError> {
    use crate::ssr;
    use domain::{
        Error,
        notification::{Mark, MarkAll},
    };
    let (services, actor) = (ssr::services()?, ssr::actor()?);
    let mark =
        Mark::parse(&mark).ok_or_else(|| Error::field("mark", "unknown", "Choose what becomes of them."))?;
    Ok(services::notifications::mark_all(&services, &actor, MarkAll { mark, until }).await?)
}
