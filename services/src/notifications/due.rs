//! Tasks whose day comes: told once a day.

use super::{Draft, told, write};
use crate::{Services, deliveries};
use domain::{
    Day, Result,
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
/// The setting that holds the day on which everybody was told last.
const TOLD: &str = "notifications.due_told";

/// Tells whose tasks are due today or tomorrow, and whose are overdue; once a day, gives for how many rows. Each task tells
/// its people at most once a day: once before it is due, on the first day after it, and once a week from then on. A run
/// that was cut off is done again, and what was told stays told once.
///
/// # Errors
/// What the database says.
pub async fn due(services: &Services) -> Result<u64> {
    let today = services.now().day();
    let mut tx = services.db.peek().await?;
    if store::settings::find(&mut tx, TOLD).await?.is_some_and(|day| day == today.to_string()) {
        return Ok(0);
    }
    drop(tx);
    let days = (shift(today, -OVERDUE), shift(today, SOON));
    let (mut people, mut total, mut after) = (BTreeSet::new(), 0, None);
    loop {
        let mut tx = services.db.peek().await?;
        let rows = store::notifications::due(&mut tx, days, (after, PAGE)).await?;
        drop(tx);
        let Some(last) = rows.last() else { break };
        after = Some((last.task_id, last.user_id));
        total += rows.len();
        for piece in rows.chunks(PIECE) {
            let drafts = piece.iter().map(|row| draft(services, row, today)).collect();
            let mut tx = services.db.write().await?;
            people.extend(write(&mut tx, services, drafts).await?);
            tx.commit().await?;
        }
    }
    let mut tx = services.db.write_aside().await?;
    store::settings::put(&mut tx, TOLD, today.to_string()).await?;
    tx.commit().await?;
    deliveries::wake(services);
    told(services, people);
    Ok(u64::try_from(total).unwrap_or(u64::MAX))
}

fn draft(services: &Services, row: &Due, today: Day) -> Draft {
    let late = (today.0 - row.due_on.0).whole_days();
    let (event, cause) = if late > 0 {
        (Event::Overdue, format!("late:{}:{}:{}", row.task_id, row.due_on, (late - 1) / 7))
    } else {
        (Event::DueSoon, format!("soon:{}:{}", row.task_id, row.due_on))
    };
    Draft {
        user_id: row.user_id,
        cause,
        events: BTreeSet::from([event]),
        reasons: Reasons::default().with(Reason::Assigned),
        at: services.now(),
        actor_id: None,
        project_id: Some(row.project_id),
        task_id: Some(row.task_id),
        comment_id: None,
        announcement_id: None,
        subject: row.title.clone(),
        detail: row.due_on.to_string(),
    }
}

fn shift(day: Day, days: i64) -> Day {
    Day(day.0.saturating_add(time::Duration::days(days)))
}
