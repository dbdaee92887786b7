//! From the history to inboxes: after the commit, in the order of the history, each row once.

use super::{
    Draft,
    story::{self, People},
    write,
};
use crate::{Services, deliveries};
use domain::{
    Result,
    ids::{AnnouncementId, UserId},
};
use std::collections::BTreeSet;
use store::{
    Tx,
    notifications::{
        HistoryRow, Position, after, anything_new, interested, members_of_teams, move_on, position,
    },
};

/// Rows of the history in one round.
const ROUND: i64 = 200;
/// Notifications of one round, so that no other writer waits long.
const MOST: usize = 1_000;

/// One round: reads the next rows of the history and tells whom they concern; gives how many rows it read or began to
/// tell, 0 when there are none left. Where it came is written in the same transaction as the notifications, and the lock
/// of writers lets one instance at a time do it: after a crash nothing is told twice, and nothing is left out.
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
    let mut rows = after(&mut tx, from.seq, ROUND).await?;
    // One announcement in a round: each may be for everybody.
    if let Some(first) = rows.iter().position(|row| row.tells.announcement.is_some()) {
        rows.truncate(first + 1);
    }
    let people = people(&mut tx, &rows).await?;
    let Gathered { drafts, whole, up_to } = gather(&rows, &people, from.up_to);
    let seq = match whole.checked_sub(1).and_then(|last| rows.get(last)) {
        Some(last) => last.seq,
        None if rows.is_empty() => store::counters::read(&mut tx).await?.change, // Numbers without rows.
        None => from.seq,
    };
    let told = write(&mut tx, services, drafts).await?;
    let spoken_of = &rows[..whole + usize::from(up_to.is_some())];
    let announced: Vec<_> = announced(spoken_of).collect();
    store::announcements::count_told(&mut tx, &announced).await?;
    move_on(&mut tx, from, Position { seq, up_to }).await?;
    tx.commit().await?;
    deliveries::wake(services);
    // Whoever announced it sees how many were told.
    let authors =
        spoken_of.iter().filter(|row| row.tells.announcement.is_some()).filter_map(|row| row.actor_id);
    super::told(services, told.into_iter().chain(authors).collect());
    Ok(u64::try_from(spoken_of.len()).unwrap_or(u64::MAX))
}

/// What a round tells.
#[derive(Debug)]
struct Gathered {
    drafts: Vec<Draft>,
    /// So many rows are told to everybody then.
    whole: usize,
    /// Up to whom the row after them is, if it was begun.
    up_to: Option<UserId>,
}

/// What the first rows tell, the very first of them only to people after `begun`. A row that has more people than one
/// round takes is a round of its own, or several.
fn gather(rows: &[HistoryRow], people: &People, begun: Option<UserId>) -> Gathered {
    let mut drafts = Vec::new();
    for (whole, row) in rows.iter().enumerate() {
        let mut more = story::drafts(row, people);
        if whole == 0 {
            more.retain(|draft| begun.is_none_or(|begun| draft.user_id > begun));
        }
        if drafts.is_empty() && more.len() > MOST {
            more.truncate(MOST);
            let up_to = more.last().map(|draft| draft.user_id);
            return Gathered { drafts: more, whole, up_to };
        }
        if drafts.len() + more.len() > MOST {
            return Gathered { drafts, whole, up_to: None };
        }
        drafts.extend(more);
    }
    Gathered { drafts, whole: rows.len(), up_to: None }
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

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{activity::Tells, notification::Reason, time::Timestamp};
    use uuid::Uuid;

    fn user(number: usize) -> UserId {
        UserId(Uuid::from_u128(number as u128))
    }

    /// A row that announces something to people from 1 to `last`.
    fn announced_to(seq: i64, last: usize, people: &mut People) -> HistoryRow {
        let id = AnnouncementId(Uuid::from_u128(seq.unsigned_abs().into()));
        people.audiences.insert(id, (1..=last).map(|number| (user(number), Reason::Everybody)).collect());
        HistoryRow {
            seq,
            at: Timestamp(0),
            actor_id: None,
            project_id: None,
            task_id: None,
            action: "announcement.published".into(),
            subject: "News".into(),
            changes: Vec::new(),
            tells: Tells { announcement: Some(id), ..Tells::default() },
        }
    }

    #[test]
    fn a_row_with_many_people_is_told_in_rounds_each_person_once() {
        let mut people = People::default();
        let rows = [announced_to(1, MOST * 2 + 5, &mut people), announced_to(2, 3, &mut people)];
        let (mut told, mut begun, mut rounds) = (Vec::new(), None, 0);
        loop {
            let round = gather(&rows, &people, begun);
            assert!(round.drafts.len() <= MOST, "{} at once", round.drafts.len());
            told.extend(round.drafts.iter().map(|draft| (draft.cause.clone(), draft.user_id)));
            rounds += 1;
            begun = round.up_to;
            if begun.is_none() {
                assert_eq!(round.whole, 2, "the rest of the first, and the second");
                break;
            }
            assert_eq!(round.whole, 0);
        }
        let everybody = (1..=MOST * 2 + 5).map(|number| ("act:1".to_owned(), user(number)));
        let few = (1..=3).map(|number| ("act:2".to_owned(), user(number)));
        assert_eq!(told, everybody.chain(few).collect::<Vec<_>>());
        assert_eq!(rounds, 3);
    }

    #[test]
    fn what_has_no_room_any_more_waits_for_the_next_round() {
        let mut people = People::default();
        let rows = [announced_to(1, MOST - 1, &mut people), announced_to(2, MOST + 1, &mut people)];
        let round = gather(&rows, &people, None);
        assert_eq!((round.drafts.len(), round.whole, round.up_to), (MOST - 1, 1, None));
    }
}
