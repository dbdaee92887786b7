//! Who is in a team, and what follows from it in the projects that the team belongs to.

use super::read;
use crate::{
    Actor, Services, authorize,
    journal::{Entry, Journal},
    project_members::covers,
};
use domain::{
    Error, Result,
    activity::{Action, Change, Tells},
    ids::{ProjectId, RoleId, TeamId, UserId},
    permission::Permission,
    team::Team,
    user::UserRef,
};
use std::collections::HashSet;
use store::{Tx, project_members};

/// Puts a person in; they get the team's roles in its projects.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`], [`Error::Invalid`] for a person who is not there; [`Error::Refused`] with
/// `beyond_own_permissions` if the team's roles allow more than the actor may do.
pub async fn add_member(services: &Services, actor: &Actor, id: TeamId, user: UserId) -> Result<Team> {
    change(services, actor, id, |mut people| {
        if !people.contains(&user) {
            people.push(user);
        }
        people
    })
    .await
}

/// Takes a person out; where nothing else brings them in, they leave the team's projects.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`].
pub async fn remove_member(services: &Services, actor: &Actor, id: TeamId, user: UserId) -> Result<Team> {
    change(services, actor, id, |mut people| {
        people.retain(|person| *person != user);
        people
    })
    .await
}

/// Makes these people, and no others, the team's.
///
/// # Errors
/// As [`add_member`].
pub async fn set_members(services: &Services, actor: &Actor, id: TeamId, users: Vec<UserId>) -> Result<Team> {
    change(services, actor, id, |_| users).await
}

async fn change(
    services: &Services,
    actor: &Actor,
    id: TeamId,
    wanted: impl FnOnce(Vec<UserId>) -> Vec<UserId>,
) -> Result<Team> {
    authorize::in_workspace(actor, Permission::TeamManage)?;
    let mut tx = services.db.write().await?;
    let team = read(&mut tx, id).await?;
    let there = store::teams::members(&mut tx, id).await?;
    let before: HashSet<UserId> = there.iter().map(|person| person.id).collect();
    let wanted = wanted(there.iter().map(|person| person.id).collect());
    let new: Vec<UserId> = wanted.iter().copied().filter(|id| !before.contains(id)).collect();
    let wanted: HashSet<UserId> = wanted.into_iter().collect();
    let gone: Vec<UserRef> = there.into_iter().filter(|person| !wanted.contains(&person.id)).collect();
    if new.is_empty() && gone.is_empty() {
        return Ok(team);
    }
    let new = active(&mut tx, &new, "members").await?;
    let mut journal = Journal::new(services, actor);
    let mut membership = Membership::of(&mut tx, &team, &mut journal).await?;
    membership.join(&mut tx, &new).await?;
    membership.leave(&mut tx, &gone).await?;
    membership.settle(&mut tx).await?;
    let team = read(&mut tx, id).await?;
    journal.commit(tx).await?;
    Ok(team)
}

/// Those people, each once; all must be there and active.
pub(super) async fn active(tx: &mut Tx, ids: &[UserId], field: &str) -> Result<Vec<UserRef>> {
    let distinct: HashSet<UserId> = ids.iter().copied().collect();
    let distinct: Vec<UserId> = distinct.into_iter().collect();
    let people = store::people::active(tx, &distinct).await?;
    if people.len() == distinct.len() {
        return Ok(people);
    }
    Err(Error::field(field, "unknown", "There is no such active person. Choose another."))
}

/// People's names in one line, for the history.
pub(super) fn names(people: &[UserRef]) -> Option<String> {
    let names: Vec<&str> = people.iter().map(|person| person.display_name.as_str()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// A team in a transaction that changes who is in it.
pub(super) struct Membership<'j, 's> {
    team: &'j Team,
    projects: Vec<(ProjectId, RoleId)>,
    journal: &'j mut Journal<'s>,
}

impl<'j, 's> Membership<'j, 's> {
    /// The team with the projects that it belongs to.
    pub(super) async fn of(tx: &mut Tx, team: &'j Team, journal: &'j mut Journal<'s>) -> Result<Self> {
        let projects = store::teams::projects(tx, team.id).await?;
        Ok(Self { team, projects, journal })
    }

    /// Puts people in who are not in yet.
    pub(super) async fn join(&mut self, tx: &mut Tx, people: &[UserRef]) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let now = self.journal.services().now();
        let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
        store::teams::insert_members(tx, self.team.id, &ids, now).await?;
        self.note(Action::TeamMemberAdded, people);
        if self.projects.is_empty() {
            return Ok(());
        }
        self.check_own_permissions(tx).await?;
        project_members::join_projects_of_team(tx, self.team.id, &ids, now).await?;
        for id in self.project_ids() {
            let entry = Entry::new(Action::MemberAdded, names(people).unwrap_or_default());
            let change = Change::of("team", None, Some(self.team.name.clone()));
            let tells = Tells { joined: ids.clone(), ..Tells::default() };
            self.journal.add(entry.project(id).changes(change).tells(tells));
        }
        Ok(())
    }

    /// Takes people out who are in.
    pub(super) async fn leave(&mut self, tx: &mut Tx, people: &[UserRef]) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
        store::teams::delete_members(tx, self.team.id, &ids).await?;
        self.note(Action::TeamMemberRemoved, people);
        if let Some(lead) = &self.team.lead
            && ids.contains(&lead.id)
        {
            let now = self.journal.services().now();
            let version = self.team.version;
            let headless = Team { lead: None, version: version + 1, ..self.team.clone() };
            store::teams::update(tx, &headless, version, now).await?;
        }
        self.leave_projects(tx, people).await
    }

    /// Takes from people the way into the team's projects that the team is.
    pub(super) async fn leave_projects(&mut self, tx: &mut Tx, people: &[UserRef]) -> Result<()> {
        if self.projects.is_empty() || people.is_empty() {
            return Ok(());
        }
        let now = self.journal.services().now();
        let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
        project_members::leave_projects_of_team(tx, self.team.id, &ids).await?;
        let ended = project_members::release_work(tx, &self.project_ids(), &ids, now).await?;
        for id in self.project_ids() {
            let entry = Entry::new(Action::MemberRemoved, names(people).unwrap_or_default())
                .project(id)
                .changes(Change::of("team", Some(self.team.name.clone()), None))
                .changes(Change::of("assignments", ended.get(&id).map(usize::to_string), None));
            self.journal.add(entry);
        }
        Ok(())
    }

    /// What follows once everyone who joins or leaves has: the numbers, and permissions that are void.
    pub(super) async fn settle(&self, tx: &mut Tx) -> Result<()> {
        if !self.projects.is_empty() {
            let now = self.journal.services().now();
            project_members::recount(tx, &self.project_ids(), now).await?;
            tx.bump_access();
        }
        Ok(())
    }

    /// A team manager may not bring anyone, themselves above all, to more than they may do there.
    async fn check_own_permissions(&self, tx: &mut Tx) -> Result<()> {
        let roles = store::access::permissions_of_roles(tx).await?;
        let actor = self.journal.actor();
        let covered = self
            .projects
            .iter()
            .all(|(project, role)| covers(actor, *project, roles.get(role).copied().unwrap_or_default()));
        if covered {
            return Ok(());
        }
        Err(Error::refused(
            "beyond_own_permissions",
            format!(
                "“{}” belongs to a project in which its people may do more than you. Ask someone who may do as much there to add them.",
                self.team.name
            ),
        ))
    }

    fn note(&mut self, action: Action, people: &[UserRef]) {
        let field = Some(self.team.name.clone());
        let (before, after) = if action == Action::TeamMemberAdded { (None, field) } else { (field, None) };
        for person in people {
            let change = Change::of("team", before.clone(), after.clone());
            let joined = if action == Action::TeamMemberAdded { vec![person.id] } else { Vec::new() };
            let entry = Entry::new(action, person.display_name.clone()).changes(change);
            self.journal.add(entry.tells(Tells { joined, ..Tells::default() }));
        }
    }

    fn project_ids(&self) -> Vec<ProjectId> {
        self.projects.iter().map(|(id, _)| *id).collect()
    }
}
