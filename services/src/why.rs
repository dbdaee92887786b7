//! "Why may I (not)?": a permission explained by the roles that give it, or by what is missing.

use crate::{Actor, Place, Services};
use domain::{
    Error, Result,
    ids::{ProjectId, UserId},
    permission::{Permission, Scope},
    project::Lifecycle,
    role::Role,
    why::Why,
};
use store::{
    Tx,
    standing::{self, Standing},
};

/// How many people are named who could help.
const NAMES: i64 = 5;

/// Why `user` may do `permission` there, or why not. Everyone may ask about themselves; about others whoever manages
/// the project's members, people or roles.
///
/// # Errors
/// [`Error::NotFound`] for a project that the actor may not see or a person that is not there; [`Error::Forbidden`] for
/// someone else.
pub async fn why(
    services: &Services,
    actor: &Actor,
    user: UserId,
    permission: Permission,
    place: Place,
) -> Result<Why> {
    check(actor, user, place)?;
    let mut tx = services.db.read().await?;
    let project = match place {
        Place::Project(id) => Some(crate::projects::readable(&mut tx, actor, id).await?),
        Place::Workspace => None,
    };
    let place_id = project.as_ref().map(|project| project.id);
    let standing = standing::of(&mut tx, user, place_id).await?;
    let standing = standing.ok_or_else(|| Error::not_found("user"))?;
    let roles = store::roles::list(&mut tx).await?;
    let key = project.as_ref().map_or("the workspace", |project| project.key.as_str());
    let case = Case { permission, standing, roles, place: key };
    let mut reasons = case.given_by();
    let allowed = !reasons.is_empty();
    if !allowed {
        reasons = case.missing();
        reasons.extend(case.who_helps(&mut tx, place_id).await?);
    }
    let is_self = actor.user_id == Some(user);
    let cut = is_self && actor.read_only && !permission.reads();
    if allowed && cut {
        reasons.push("The token that you came with may only read.".into());
    }
    if let Some(project) = project.filter(|project| allowed && project.lifecycle != Lifecycle::Active)
        && !permission.reads()
    {
        reasons.push(format!(
            "{} is {} now, so nothing in it changes until it is taken back.",
            project.key,
            project.lifecycle.as_str()
        ));
    }
    Ok(Why { allowed: allowed && !cut, reasons })
}

fn check(actor: &Actor, user: UserId, place: Place) -> Result<()> {
    if let Place::Project(project) = place
        && !actor.allows(Permission::ProjectView, project)
    {
        return Err(Error::not_found("project"));
    }
    let manages = |permission| actor.allows(permission, place);
    let in_workspace = |permission| actor.allows(permission, Place::Workspace);
    if actor.user_id == Some(user)
        || manages(Permission::ProjectMembers)
        || in_workspace(Permission::UserManage)
        || in_workspace(Permission::RoleManage)
    {
        return Ok(());
    }
    Err(Error::Forbidden { permission: Permission::UserManage.as_str().into() })
}

/// One question.
struct Case<'q> {
    permission: Permission,
    standing: Standing,
    roles: Vec<Role>,
    /// The project's key, or what to call the workspace.
    place: &'q str,
}

impl Case<'_> {
    /// What gives the permission; empty if nothing does.
    fn given_by(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if !self.standing.active {
            return reasons;
        }
        if let Some(role) = self.role(self.standing.role)
            && role.permissions.contains(self.permission)
        {
            match self.permission.scope() {
                Scope::Workspace => {
                    reasons.push(format!("The workspace role “{}” allows it.", role.name));
                }
                Scope::Project if role.permissions.contains(Permission::ProjectAccessAll) => {
                    reasons.push(format!("The workspace role “{}” allows it in every project.", role.name));
                }
                Scope::Project => {}
            }
        }
        if self.permission.scope() == Scope::Workspace {
            return reasons;
        }
        for (role, team) in &self.standing.in_project {
            let Some(role) = self.role(*role) else {
                continue;
            };
            if role.permissions.contains(self.permission) {
                let way = by_team(team.as_deref());
                reasons.push(format!("The role “{}” in {}{way} allows it.", role.name, self.place));
            }
        }
        reasons
    }

    /// Why nothing gives it.
    fn missing(&self) -> Vec<String> {
        let name = &self.standing.display_name;
        let what = self.permission.label();
        if !self.standing.active {
            return vec![format!("The account of {name} is disabled.")];
        }
        let own = self.role(self.standing.role).map_or("", |role| role.name.as_str());
        if self.permission.scope() == Scope::Workspace {
            return vec![format!("The workspace role “{own}” of {name} does not include “{what}”.")];
        }
        if self.standing.in_project.is_empty() {
            return vec![format!(
                "{name} does not belong to {}, and the workspace role “{own}” does not reach into every project.",
                self.place
            )];
        }
        let roles = self.standing.in_project.iter().filter_map(|(role, team)| {
            let role = self.role(*role)?;
            let way = by_team(team.as_deref());
            Some(format!("The role “{}” in {}{way} does not include “{what}”.", role.name, self.place))
        });
        roles.collect()
    }

    /// Which roles would give it, and who can give those.
    async fn who_helps(&self, tx: &mut Tx, project: Option<ProjectId>) -> Result<Vec<String>> {
        let mut reasons = Vec::new();
        let roles: Vec<_> = self
            .roles
            .iter()
            .filter(|role| role.permissions.contains(self.permission))
            .map(|role| format!("“{}”", role.name))
            .collect();
        if roles.is_empty() {
            reasons.push("No role allows it yet.".to_owned());
        } else {
            reasons.push(format!("These roles allow it: {}.", roles.join(", ")));
        }
        let in_project = project.filter(|_| self.permission.scope() == Scope::Project);
        let gives = match in_project {
            Some(_) => Permission::ProjectMembers,
            None => Permission::UserManage,
        };
        let names = standing::names_with(tx, gives, in_project, NAMES).await?;
        if !names.is_empty() {
            reasons.push(format!("Ask {}.", listed(&names)));
        }
        Ok(reasons)
    }

    fn role(&self, id: domain::ids::RoleId) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }
}

fn by_team(team: Option<&str>) -> String {
    team.map_or_else(String::new, |team| format!(", through the team “{team}”,"))
}

fn listed(names: &[String]) -> String {
    match names {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => names.concat(),
    }
}
