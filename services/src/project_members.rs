//! Who belongs to a project: people and teams, each with a role there.

use crate::{
    Actor, Place, Services,
    journal::{Entry, Journal},
    projects::{changeable, readable},
};
use domain::{
    Error, Result,
    activity::{Action, Change, Tells},
    ids::{ProjectId, RoleId, TeamId, UserId},
    permission::{Permission, PermissionSet, Scope},
    project::{ProjectMember, ProjectTeam},
    role::Role,
    user::UserRef,
};
use store::Tx;

/// Every way into a project: people (each directly or through a team), and teams.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn list(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
) -> Result<(Vec<ProjectMember>, Vec<ProjectTeam>)> {
    services
        .read_listed(actor, |mut tx| async move {
            readable(&mut tx, actor, project).await?;
            let members = store::project_members::list(&mut tx, project).await?;
            let teams = store::project_members::teams(&mut tx, project).await?;
            Ok((members, teams))
        })
        .await
}

/// Who may be given work in a project, by name.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn people(services: &Services, actor: &Actor, project: ProjectId) -> Result<Vec<UserRef>> {
    services
        .read_listed(actor, |mut tx| async move {
            readable(&mut tx, actor, project).await?;
            Ok(store::project_members::people(&mut tx, project).await?)
        })
        .await
}

/// Adds a person directly. With the role that they have already, it is the same request sent twice.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for a person or role that is not there;
/// [`Error::Refused`] with `beyond_own_permissions` or `already_member`.
pub async fn add_user(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    user: UserId,
    role: RoleId,
) -> Result<()> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::ProjectMembers, project).await?;
    let role = grantable(&mut tx, actor, project, role).await?;
    let Some(person) = store::people::active(&mut tx, &[user]).await?.pop() else {
        return Err(Error::field("user_id", "unknown", "There is no such active person. Choose another."));
    };
    let now = services.now();
    match store::project_members::insert_user(&mut tx, project, user, role.id, now).await {
        Err(store::Error::Taken(_)) => {
            let there = store::project_members::direct_member(&mut tx, project, user).await?;
            return same_or_refused(there.map(|member| member.role_id), &role, &person.display_name);
        }
        other => other?,
    }
    store::project_members::recount(&mut tx, &[project], now).await?;
    tx.bump_access();
    let mut journal = Journal::new(services, actor);
    let change = Change::of("role", None, Some(role.name));
    let entry = Entry::new(Action::MemberAdded, person.display_name).project(project).changes(change);
    journal.add(entry.tells(Tells { joined: vec![user], ..Tells::default() }));
    journal.commit(tx).await
}

/// Gives a direct member another role.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`]; [`Error::Refused`] with `beyond_own_permissions`.
pub async fn set_user_role(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    user: UserId,
    role: RoleId,
) -> Result<()> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::ProjectMembers, project).await?;
    let member = direct_member(&mut tx, project, user).await?;
    let role = grantable(&mut tx, actor, project, role).await?;
    if member.role_id == role.id {
        return Ok(());
    }
    store::project_members::set_user_role(&mut tx, project, user, role.id).await?;
    store::projects::touch(&mut tx, project, services.now()).await?;
    tx.bump_access();
    let mut journal = Journal::new(services, actor);
    let change = Change::of("role", Some(member.role_name), Some(role.name));
    let entry = Entry::new(Action::MemberChanged, member.user.display_name).project(project).changes(change);
    journal.add(entry.tells(Tells { joined: vec![user], ..Tells::default() }));
    journal.commit(tx).await
}

/// Removes a direct member. Unless a team still brings them in, they are taken off the project's open tasks.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn remove_user(services: &Services, actor: &Actor, project: ProjectId, user: UserId) -> Result<()> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::ProjectMembers, project).await?;
    let member = direct_member(&mut tx, project, user).await?;
    store::project_members::remove_user(&mut tx, project, user).await?;
    let ended = after_leaving(&mut tx, services, project, &[user]).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(
        Entry::new(Action::MemberRemoved, member.user.display_name)
            .project(project)
            .changes(Change::of("role", Some(member.role_name), None))
            .changes(ended),
    );
    journal.commit(tx).await
}

/// Adds a team and everyone in it, now and later. With the role that it has already, it is the same request sent twice.
///
/// # Errors
/// As [`add_user`].
pub async fn add_team(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    team: TeamId,
    role: RoleId,
) -> Result<()> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::ProjectMembers, project).await?;
    let role = grantable(&mut tx, actor, project, role).await?;
    let Some(team) = store::teams::find(&mut tx, team).await? else {
        return Err(Error::field("team_id", "unknown", "There is no such team. Choose another."));
    };
    let now = services.now();
    match store::project_members::insert_team(&mut tx, project, team.id, role.id, now).await {
        Err(store::Error::Taken(_)) => {
            let there = team_there(&mut tx, project, team.id).await?;
            return same_or_refused(Some(there.role_id), &role, &team.name);
        }
        other => other?,
    }
    store::project_members::recount(&mut tx, &[project], now).await?;
    tx.bump_access();
    let mut journal = Journal::new(services, actor);
    let change = Change::of("role", None, Some(role.name));
    let entry = Entry::new(Action::MemberAdded, team.name).project(project).changes(change);
    journal.add(entry.tells(Tells { team: Some(team.id), ..Tells::default() }));
    journal.commit(tx).await
}

/// Gives a team's people another role in a project.
///
/// # Errors
/// As [`set_user_role`].
pub async fn set_team_role(
    services: &Services,
    actor: &Actor,
    project: ProjectId,
    team: TeamId,
    role: RoleId,
) -> Result<()> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::ProjectMembers, project).await?;
    let there = team_there(&mut tx, project, team).await?;
    let role = grantable(&mut tx, actor, project, role).await?;
    if there.role_id == role.id {
        return Ok(());
    }
    store::project_members::set_team_role(&mut tx, project, team, role.id).await?;
    store::projects::touch(&mut tx, project, services.now()).await?;
    tx.bump_access();
    let mut journal = Journal::new(services, actor);
    let change = Change::of("role", Some(there.role_name), Some(role.name));
    let entry = Entry::new(Action::MemberChanged, there.name).project(project).changes(change);
    journal.add(entry.tells(Tells { team: Some(team), ..Tells::default() }));
    journal.commit(tx).await
}

/// Removes a team. Those of its people who have no other way in are taken off the project's open tasks.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn remove_team(services: &Services, actor: &Actor, project: ProjectId, team: TeamId) -> Result<()> {
    let mut tx = services.db.write().await?;
    changeable(&mut tx, actor, Permission::ProjectMembers, project).await?;
    let there = team_there(&mut tx, project, team).await?;
    let people = store::teams::members(&mut tx, team).await?;
    let people: Vec<UserId> = people.into_iter().map(|person| person.id).collect();
    store::project_members::remove_team(&mut tx, project, team).await?;
    let ended = after_leaving(&mut tx, services, project, &people).await?;
    let mut journal = Journal::new(services, actor);
    journal.add(
        Entry::new(Action::MemberRemoved, there.name)
            .project(project)
            .changes(Change::of("role", Some(there.role_name), None))
            .changes(ended),
    );
    journal.commit(tx).await
}

/// Whether the actor may do in the project whatever a role would allow there: else they could give away, or take for
/// themselves, more than they have.
pub(crate) fn covers(actor: &Actor, project: ProjectId, role: PermissionSet) -> bool {
    missing(actor, project, role).is_empty()
}

/// What a role allows in the project beyond what the actor may do there.
fn missing(actor: &Actor, project: ProjectId, role: PermissionSet) -> Vec<Permission> {
    let own = actor.permissions_in(Place::Project(project));
    role.of_scope(Scope::Project).iter().filter(|permission| !own.contains(*permission)).collect()
}

async fn grantable(tx: &mut Tx, actor: &Actor, project: ProjectId, role: RoleId) -> Result<Role> {
    let Some(role) = store::roles::find(tx, role).await? else {
        return Err(Error::field("role_id", "unknown", "There is no such role. Choose another."));
    };
    let missing = missing(actor, project, role.permissions);
    if missing.is_empty() {
        return Ok(role);
    }
    let missing: Vec<_> = missing.into_iter().map(Permission::label).collect();
    Err(Error::refused(
        "beyond_own_permissions",
        format!(
            "“{}” allows what you may not do in this project yourself: {}. Choose another role, or ask someone who may.",
            role.name,
            missing.join("; ")
        ),
    ))
}

async fn direct_member(tx: &mut Tx, project: ProjectId, user: UserId) -> Result<ProjectMember> {
    let member = store::project_members::direct_member(tx, project, user).await?;
    member.ok_or_else(|| Error::not_found("member"))
}

async fn team_there(tx: &mut Tx, project: ProjectId, team: TeamId) -> Result<ProjectTeam> {
    let there = store::project_members::team(tx, project, team).await?;
    there.ok_or_else(|| Error::not_found("team"))
}

fn same_or_refused(has: Option<RoleId>, wanted: &Role, name: &str) -> Result<()> {
    if has == Some(wanted.id) {
        return Ok(());
    }
    Err(Error::refused(
        "already_member",
        format!("{name} belongs to this project already. Change the role there instead."),
    ))
}

/// What follows from a removal; gives how many assignments ended, for the history.
async fn after_leaving(
    tx: &mut Tx,
    services: &Services,
    project: ProjectId,
    users: &[UserId],
) -> Result<Option<Change>> {
    let now = services.now();
    let ended = store::project_members::release_work(tx, &[project], users, now).await?;
    store::project_members::recount(tx, &[project], now).await?;
    tx.bump_access();
    Ok(Change::of("assignments", ended.get(&project).map(usize::to_string), None))
}
