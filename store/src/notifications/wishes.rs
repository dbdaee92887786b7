//! What people chose to be told of.

use crate::db::{Result, Tx};
use domain::{
    ids::{ProjectId, UserId},
    notification::Event,
    palette::Colour,
    project::ProjectRef,
    wish::{Channel, Wishes},
};
use std::collections::HashMap;
use uuid::Uuid;

/// What these people chose, those who chose anything. Index: `notification_choice_pk`.
pub async fn wishes(tx: &mut Tx, users: &[UserId]) -> Result<HashMap<UserId, Wishes>> {
    let mut found: HashMap<UserId, Wishes> = HashMap::new();
    for chunk in users.chunks(5_000) {
        let sql = tx
            .compose("SELECT user_id, project_id, event, channel, wanted FROM notification_choice WHERE user_id IN ")
            .list(chunk.iter().map(|id| id.uuid()));
        let rows: Vec<(Uuid, Uuid, String, String, bool)> = tx.build(sql).all().await?;
        for (user, project, event, channel, wanted) in rows {
            // An event or channel that a newer version knew and this one doesn't is not told.
            if let (Some(event), Some(channel)) = (Event::parse(&event), Channel::parse(&channel)) {
                let project = (!project.is_nil()).then_some(ProjectId(project));
                found.entry(UserId(user)).or_default().choose(project, (event, channel), wanted);
            }
        }
    }
    Ok(found)
}

/// Writes choices of a person for all projects or one; `None` removes what was chosen there.
pub async fn choose(
    tx: &mut Tx,
    (user, project): (UserId, Option<ProjectId>),
    choices: &[(Event, Channel, Option<bool>)],
) -> Result<()> {
    if choices.is_empty() {
        return Ok(());
    }
    let project = project.map_or_else(Uuid::nil, ProjectId::uuid);
    let mut sql = tx
        .compose("DELETE FROM notification_choice")
        .bind(" WHERE user_id = ?", user.uuid())
        .bind(" AND project_id = ?", project)
        .push(" AND (1 = 0");
    for (event, channel, _) in choices {
        sql = sql.bind(" OR event = ?", event.as_str()).bind(" AND channel = ?", channel.as_str());
    }
    let sql = sql.push(")");
    tx.build(sql).run().await?;
    let kept: Vec<_> =
        choices.iter().filter_map(|(event, channel, wanted)| Some((event, channel, (*wanted)?))).collect();
    if kept.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("INSERT INTO notification_choice (user_id, project_id, event, channel, wanted) VALUES ")
        .rows(kept, 5, |sql, (event, channel, wanted)| {
            sql.value(user.uuid()).value(project).value(event.as_str()).value(channel.as_str()).value(wanted)
        });
    tx.build(sql).run().await.map(drop)
}

/// Ends events on a channel for a person in all projects, also where something else was chosen for single ones.
pub async fn end(tx: &mut Tx, user: UserId, (events, channel): (&[Event], Channel)) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let sql = tx
        .compose("DELETE FROM notification_choice")
        .bind(" WHERE user_id = ?", user.uuid())
        .bind(" AND channel = ?", channel.as_str())
        .push(" AND event IN ")
        .list(events.iter().map(|event| event.as_str()));
    tx.build(sql).run().await?;
    let choices: Vec<_> = events.iter().map(|event| (*event, channel, Some(false))).collect();
    choose(tx, (user, None), &choices).await
}

/// The projects for which a person chose something. Index: `notification_choice_pk`.
pub async fn chosen_projects(tx: &mut Tx, user: UserId) -> Result<Vec<ProjectRef>> {
    let rows: Vec<(Uuid, String, String, String, Option<i64>)> = tx
        .sql(
            "SELECT p.id, p.project_key, p.name, p.colour, p.urgent_at
             FROM project p
             WHERE p.lifecycle <> 2
               AND p.id IN (SELECT c.project_id FROM notification_choice c WHERE c.user_id = ?)
             ORDER BY p.project_key",
        )
        .bind(user.uuid())
        .all()
        .await?;
    let project = |(id, key, name, colour, urgent): (Uuid, String, String, String, Option<i64>)| ProjectRef {
        id: ProjectId(id),
        key,
        name,
        colour: Colour::parse(&colour).unwrap_or_default(),
        urgent: urgent.is_some(),
    };
    Ok(rows.into_iter().map(project).collect())
}
