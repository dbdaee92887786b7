//! Tasks whose day comes: told once a day, when the person's own day begins.

use super::{Draft, local_time::day_in, told, write};
use crate::{Services, deliveries};
use domain::{
    Day, Result, Timestamp,
    notification::{Event, Reason, Reasons},
};
use std::collections::BTreeSet;
use store::notifications::Due;

/// How long a task is overdue before nobody is told any more, in days; they are told on the first day and then weekly.
const OVERDUE: i64 = 28;
/// How long before its day a task is due soon, in days.
const SOON: i64 = 1;
/// Rows of one transaction.
const PIECE: usize = 500;
/// Tasks with their people that are read at once.
const PAGE: i64 = 5_000;
/// The setting that holds when people were told last, in microseconds.
const TOLD: &str = "notifications.due_told";

/// Tells those for whom a new day began since the last time which of their tasks are due today or tomorrow, and which are
/// overdue; gives for how many rows. Each task tells its people at most once a day: once before it is due, on the first
/// day after it, and once a week from then on. A run that was cut off is done again, and what was told stays told once.
///
/// # Errors
/// What the database says.
pub async fn due(services: &Services) -> Result<u64> {
    let now = services.now();
    let mut tx = services.db.peek().await?;
    let last = store::settings::find(&mut tx, TOLD).await?.and_then(|told| told.parse().ok()).map(Timestamp);
    let mut zones = store::notifications::time_zones(&mut tx).await?;
    drop(tx);
    zones.retain(|zone| last.is_none_or(|last| day_in(zone, last) < day_in(zone, now)));
    let days = || zones.iter().map(|zone| day_in(zone, now));
    let (Some(first), Some(latest)) = (days().min(), days().max()) else { return Ok(0) };
    let days = (shift(first, -OVERDUE), shift(latest, SOON));
    let (mut people, mut total, mut after) = (BTreeSet::new(), 0, None);
    loop {
        let mut tx = services.db.peek().await?;
        let rows = store::notifications::due(&mut tx, days, &zones, (after, PAGE)).await?;
        drop(tx);
        let Some(last) = rows.last() else { break };
        after = Some((last.task_id, last.user_id));
        for piece in rows.chunks(PIECE) {
            let drafts: Vec<Draft> = piece.iter().filter_map(|row| draft(row, now)).collect();
            total += drafts.len();
            let mut tx = services.db.write().await?;
            people.extend(write(&mut tx, services, drafts).await?);
            tx.commit().await?;
        }
    }
    let mut tx = services.db.write_aside().await?;
    store::settings::put(&mut tx, TOLD, now.micros().to_string()).await?;
    tx.commit().await?;
    deliveries::wake(services);
    told(services, people);
    Ok(u64::try_from(total).unwrap_or(u64::MAX))
}

/// What a row tells; `None` if it is not due for its person yet, or has been for too long.
fn draft(row: &Due, now: Timestamp) -> Option<Draft> {
    let late = (day_in(&row.time_zone, now).0 - row.due_on.0).whole_days();
    if !(-SOON..=OVERDUE).contains(&late) {
        return None;
    }
    let (event, cause) = if late > 0 {
        (Event::Overdue, format!("late:{}:{}:{}", row.task_id, row.due_on, (late - 1) / 7))
    } else {
        (Event::DueSoon, format!("soon:{}:{}", row.task_id, row.due_on))
    };
    Some(Draft {
        user_id: row.user_id,
        cause,
        events: BTreeSet::from([event]),
        reasons: Reasons::default().with(Reason::Assigned),
        at: now,
        actor_id: None,
        project_id: Some(row.project_id),
        task_id: Some(row.task_id),
        comment_id: None,
        announcement_id: None,
        subject: row.title.clone(),
        detail: row.due_on.to_string(),
    })
}

fn shift(day: Day, days: i64) -> Day {
    Day(day.0.saturating_add(time::Duration::days(days)))
}
