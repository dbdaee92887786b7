//! From the history to inboxes: after the commit, in the order of the history, each row once.

use super::{
    Draft,
    story::{self, People},
    write,
};
use crate::{Services, deliveries};
use domain::{Result, ids::AnnouncementId};
use std::collections::BTreeSet;
use store::{
    Tx,
    notifications::{HistoryRow, after, anything_new, interested, members_of_teams, position, set_position},
};

/// Rows of the history in one round.
const ROUND: i64 = 200;
/// Notifications of one round, unless a single row has more: so that no other writer waits long.
const MOST: usize = 2_000;

/// One round: reads the next rows of the history and tells whom they concern; gives how many rows it read, 0 when there
/// are none left. Where it came is written in the same transaction as the notifications, and the lock of writers lets one
/// instance at a time do it: after a crash nothing is told twice, and nothing is left out.
///
/// # Errors
/// What the database says; nothing is told then.
pub async fn tell(services: &Services) -> Result<u64> {
    {
        let mut tx = services.db.peek().await?;
        if !anything_new(&mut tx).await? {
            return Ok(0);
        }
    }
    let mut tx = services.db.write().await?;
    let from = position(&mut tx).await?;
    let rows = after(&mut tx, from, ROUND).await?;
    let people = people(&mut tx, &rows).await?;
    let (drafts, read) = gather(&rows, &people);
    let until = match read.checked_sub(1).and_then(|last| rows.get(last)) {
        Some(last) => last.seq,
        // Numbers without rows.
        None => store::counters::read(&mut tx).await?.change,
    };
    let told = write(&mut tx, services, drafts).await?;
    let announced: Vec<_> = announced(&rows[..read]).collect();
    store::announcements::count_told(&mut tx, &announced).await?;
    set_position(&mut tx, until).await?;
    tx.commit().await?;
    deliveries::wake(services);
    // Whoever announced it sees how many were told.
    let authors =
        rows[..read].iter().filter(|row| row.tells.announcement.is_some()).filter_map(|row| row.actor_id);
    super::told(services, told.into_iter().chain(authors).collect());
    Ok(u64::try_from(read).unwrap_or(u64::MAX))
}

/// What the first rows tell, and how many rows that are.
fn gather(rows: &[HistoryRow], people: &People) -> (Vec<Draft>, usize) {
    let mut drafts = Vec::new();
    for (read, row) in rows.iter().enumerate() {
        let more = story::drafts(row, people);
        if !drafts.is_empty() && drafts.len() + more.len() > MOST {
            return (drafts, read);
        }
        drafts.extend(more);
    }
    (drafts, rows.len())
}

fn announced(rows: &[HistoryRow]) -> impl Iterator<Item = AnnouncementId> {
    rows.iter().filter_map(|row| row.tells.announcement)
}

async fn people(tx: &mut Tx, rows: &[HistoryRow]) -> Result<People> {
    let tasks = rows.iter().filter(|row| story::concerns_task(&row.action)).filter_map(|row| row.task_id);
    let tasks: BTreeSet<_> = tasks.collect();
    let teams: BTreeSet<_> = rows.iter().filter_map(|row| row.tells.team).collect();
    let mut people = People::default();
    for (task, user, interest) in interested(tx, &tasks.into_iter().collect::<Vec<_>>()).await? {
        people.interested.entry(task).or_default().push((user, interest));
    }
    for (team, user, since) in members_of_teams(tx, &teams.into_iter().collect::<Vec<_>>()).await? {
        people.teams.entry(team).or_default().push((user, since));
    }
    let announced: Vec<_> = announced(rows).collect();
    for (announcement, user, reason) in store::announcements::audience(tx, &announced).await? {
        people.audiences.entry(announcement).or_default().push((user, reason));
    }
    Ok(people)
}
