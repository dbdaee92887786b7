//! Teams: people who join projects together.

mod membership;

pub use membership::{add_member, remove_member, set_members};

use crate::{
    Actor, Services, authorize,
    journal::{Entry, Journal},
};
use domain::{
    Error, Result,
    activity::{Action, Change, Tells},
    error::Fields,
    ids::{TeamId, UserId},
    limits,
    page::{Page, Paged},
    permission::Permission,
    team::{EditTeam, NewTeam, Team},
    user::UserRef,
    validate,
};
use membership::Membership;
use store::Tx;

/// Teams by name.
///
/// # Errors
/// [`Error::Forbidden`] without `team.view`.
pub async fn list(services: &Services, actor: &Actor, page: Page) -> Result<Paged<Team>> {
    authorize::in_workspace(actor, Permission::TeamView)?;
    let mut tx = services.db.peek().await?;
    Ok(store::teams::list(&mut tx, &page).await?)
}

/// The team of that id.
///
/// # Errors
/// [`Error::Forbidden`] without `team.view`; [`Error::NotFound`].
pub async fn find(services: &Services, actor: &Actor, id: TeamId) -> Result<Team> {
    authorize::in_workspace(actor, Permission::TeamView)?;
    let mut tx = services.db.peek().await?;
    read(&mut tx, id).await
}

/// A team's people by name.
///
/// # Errors
/// As [`find`].
pub async fn members(services: &Services, actor: &Actor, id: TeamId) -> Result<Vec<UserRef>> {
    authorize::in_workspace(actor, Permission::TeamView)?;
    let mut tx = services.db.read().await?;
    read(&mut tx, id).await?;
    Ok(store::teams::members(&mut tx, id).await?)
}

/// Adds a team with its lead and first people.
///
/// # Errors
/// [`Error::Forbidden`] without `team.manage`; [`Error::Invalid`] for wrong fields, a taken name or unknown people.
pub async fn create(services: &Services, actor: &Actor, new: NewTeam) -> Result<Team> {
    authorize::in_workspace(actor, Permission::TeamManage)?;
    let (name, description) = check_texts(&new.name, &new.description)?;
    let mut tx = services.db.write().await?;
    if let Some(id) = new.id
        && let Some(existing) = store::teams::find(&mut tx, id).await?
    {
        // The same create, sent twice.
        return Ok(existing);
    }
    let mut people = new.members;
    people.extend(new.lead_id);
    let people = membership::active(&mut tx, &people, "members").await?;
    let team = Team {
        id: services.id_or_new(new.id),
        name,
        description,
        lead: people.iter().find(|person| Some(person.id) == new.lead_id).cloned(),
        member_count: i64::try_from(people.len()).unwrap_or(i64::MAX),
        project_count: 0,
        created_at: services.now(),
        version: 1,
    };
    store::teams::insert(&mut tx, &team).await.map_err(taken)?;
    let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
    store::teams::insert_members(&mut tx, team.id, &ids, services.now()).await?;
    let mut journal = Journal::new(services, actor);
    let change = Change::of("people", None, membership::names(&people));
    let tells = Tells { joined: ids, ..Tells::default() };
    journal.add(Entry::new(Action::TeamCreated, &team.name).changes(change).tells(tells));
    journal.commit(tx).await?;
    Ok(team)
}

/// Changes a team. A new lead joins it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`], [`Error::Conflict`]; [`Error::Refused`] with
/// `beyond_own_permissions` if the new lead would get more than the actor has.
pub async fn update(services: &Services, actor: &Actor, id: TeamId, edit: EditTeam) -> Result<Team> {
    authorize::in_workspace(actor, Permission::TeamManage)?;
    let mut tx = services.db.write().await?;
    let before = read(&mut tx, id).await?;
    if before.version != edit.version {
        return Err(stale(&before));
    }
    let (name, description) = check_texts(
        edit.name.as_deref().unwrap_or(&before.name),
        edit.description.as_deref().unwrap_or(&before.description),
    )?;
    let mut after = Team { name, description, ..before.clone() };
    let mut journal = Journal::new(services, actor);
    if let Some(lead) = edit.lead_id {
        after.lead = new_lead(&mut tx, &mut journal, &before, lead).await?;
    }
    let changes = differences(&before, &after);
    if changes.is_empty() {
        return Ok(before);
    }
    after.version += 1;
    if !store::teams::update(&mut tx, &after, before.version, services.now()).await.map_err(taken)? {
        return Err(stale(&before));
    }
    let after = read(&mut tx, id).await?;
    journal.add(Entry::new(Action::TeamUpdated, &after.name).changes(changes));
    journal.commit(tx).await?;
    Ok(after)
}

/// Removes a team; its people leave the projects that it brought them to.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn delete(services: &Services, actor: &Actor, id: TeamId) -> Result<()> {
    authorize::in_workspace(actor, Permission::TeamManage)?;
    let mut tx = services.db.write().await?;
    let team = read(&mut tx, id).await?;
    let mut journal = Journal::new(services, actor);
    let people = store::teams::members(&mut tx, id).await?;
    let mut membership = Membership::of(&mut tx, &team, &mut journal).await?;
    membership.leave_projects(&mut tx, &people).await?;
    membership.settle(&mut tx).await?;
    store::teams::delete(&mut tx, id).await?;
    journal.add(Entry::new(Action::TeamDeleted, &team.name));
    journal.commit(tx).await
}

async fn read(tx: &mut Tx, id: TeamId) -> Result<Team> {
    store::teams::find(tx, id).await?.ok_or_else(|| Error::not_found("team"))
}

async fn new_lead(
    tx: &mut Tx,
    journal: &mut Journal<'_>,
    team: &Team,
    lead: Option<UserId>,
) -> Result<Option<UserRef>> {
    let Some(lead) = lead else { return Ok(None) };
    if team.lead.as_ref().is_some_and(|current| current.id == lead) {
        return Ok(team.lead.clone());
    }
    let person = membership::active(tx, &[lead], "lead_id").await?.pop();
    if let Some(person) = &person {
        let there = store::teams::members(tx, team.id).await?;
        if !there.iter().any(|member| member.id == lead) {
            let one = std::slice::from_ref(person);
            let mut membership = Membership::of(tx, team, journal).await?;
            membership.join(tx, one).await?;
            membership.settle(tx).await?;
        }
    }
    Ok(person)
}

fn check_texts(name: &str, description: &str) -> Result<(String, String)> {
    let mut fields = Fields::new();
    let name = fields.check("name", validate::name(name, limits::NAME));
    let description = fields.check("description", validate::text(description, limits::SUMMARY));
    fields.finish()?;
    Ok((name, description))
}

fn differences(before: &Team, after: &Team) -> Vec<Change> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let id = |team: &Team| team.lead.as_ref().map(|lead| lead.id);
    let name = |team: &Team| team.lead.as_ref().map(|lead| lead.display_name.clone());
    [
        Change::of("name", some(&before.name), some(&after.name)),
        Change::of("description", some(&before.description), some(&after.description)),
        (id(before) != id(after)).then(|| Change {
            field: "lead".into(),
            before: name(before),
            after: name(after),
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn taken(error: store::Error) -> Error {
    match error {
        store::Error::Taken(_) => {
            Error::field("name", "taken", "There is a team with this name. Choose another.")
        }
        other => other.into(),
    }
}

fn stale(current: &Team) -> Error {
    Error::conflict("team", serde_json::to_string(current).unwrap_or_default())
}
