//! Permissions are code, roles are data: this is the whole list of what can be allowed.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where a permission counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Granted by a person's workspace role.
    Workspace,
    /// Granted by a person's roles in one project.
    Project,
}

macro_rules! permissions {
    ($($name:ident = $text:literal, $scope:ident, $label:literal;)+) => {
        /// One thing that a role may allow, written `area.action`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
        pub enum Permission { $(#[doc = $label] $name),+ }

        impl Permission {
            /// Every permission, grouped by area, in the order of the matrix page.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The stored and spoken name, `area.action`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// Where it counts.
            pub const fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope),+ }
            }

            /// What it allows, in words for people.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),+ }
            }
        }
    };
}

permissions! {
    WorkspaceManage = "workspace.manage", Workspace, "Change workspace settings";
    AuditView = "audit.view", Workspace, "Read the audit log";
    RoleManage = "role.manage", Workspace, "Create and change roles and what they allow";
    UserView = "user.view", Workspace, "See the people of the workspace";
    UserManage = "user.manage", Workspace, "Create, change, disable people and end their sessions";
    TeamView = "team.view", Workspace, "See teams";
    TeamManage = "team.manage", Workspace, "Create, change and delete teams";
    ProjectCreate = "project.create", Workspace, "Create and import projects";
    ProjectAccessAll = "project.access_all", Workspace, "Use this role in every project, without being a member";
    AnnouncementManage = "announcement.manage", Workspace, "Announce to everybody and to teams, change and withdraw it";
    ProjectView = "project.view", Project, "See the project and its tasks";
    ProjectUpdate = "project.update", Project, "Change name, description, dates and status";
    ProjectMembers = "project.members", Project, "Add and remove people and teams, and their roles";
    ProjectBoard = "project.board", Project, "Change the columns of the board";
    ProjectArchive = "project.archive", Project, "Archive and restore the project";
    ProjectDelete = "project.delete", Project, "Delete the project";
    UrgentRaise = "urgent.raise", Project, "Raise the project to urgent, which alerts everyone in it";
    UrgentResolve = "urgent.resolve", Project, "Say that the project is not urgent any more";
    UrgentSuspend = "urgent.suspend", Project, "Silence an urgent project until a given time";
    UrgentPolicy = "urgent.policy", Project, "Change how urgent alerts repeat and whom they reach";
    ProjectAnnounce = "project.announce", Project, "Announce to the project, change and withdraw it";
    LabelManage = "label.manage", Project, "Create, change and delete labels";
    TaskCreate = "task.create", Project, "Create and import tasks";
    TaskUpdate = "task.update", Project, "Change title, description, labels, dates, priority, parent";
    TaskMove = "task.move", Project, "Move, complete and reopen tasks";
    TaskLink = "task.link", Project, "Say which tasks block, relate to or duplicate which";
    TaskUnblock = "task.unblock", Project, "Unblock a task by hand, with a reason";
    TaskAssign = "task.assign", Project, "Assign people to tasks";
    TaskArchive = "task.archive", Project, "Archive and restore tasks";
    TaskDelete = "task.delete", Project, "Delete tasks and bring deleted ones back";
    CommentCreate = "comment.create", Project, "Write comments";
    CommentUpdateOwn = "comment.update_own", Project, "Change own comments";
    CommentUpdateAny = "comment.update_any", Project, "Change anyone's comments";
    CommentDeleteOwn = "comment.delete_own", Project, "Delete own comments";
    CommentDeleteAny = "comment.delete_any", Project, "Delete anyone's comments";
}

impl Permission {
    /// The permission of that name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == text)
    }

    /// Whether it only reads: what a read-only token keeps.
    pub fn reads(self) -> bool {
        self.as_str().split_once('.').is_some_and(|(_, act)| act == "view") || self == Self::ProjectAccessAll
    }

    /// The part before the dot: `task`, `project` …
    pub fn area(self) -> &'static str {
        self.as_str().split_once('.').map_or(self.as_str(), |(area, _)| area)
    }
}

impl std::fmt::Display for Permission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom(format!("there is no permission “{text}”")))
    }
}

/// A set of permissions: a bit each, so asking costs nothing.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct PermissionSet(u64);

impl PermissionSet {
    /// None.
    pub const EMPTY: Self = Self(0);

    /// Every permission there is.
    pub fn all() -> Self {
        Permission::ALL.iter().copied().collect()
    }

    /// Whether it is in.
    pub const fn contains(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u64) != 0
    }

    /// Puts it in.
    pub const fn insert(&mut self, permission: Permission) {
        self.0 |= 1 << permission as u64;
    }

    /// Takes it out.
    pub const fn remove(&mut self, permission: Permission) {
        self.0 &= !(1 << permission as u64);
    }

    /// Those in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that count in `scope`.
    #[must_use]
    pub fn of_scope(self, scope: Scope) -> Self {
        self.iter().filter(|permission| permission.scope() == scope).collect()
    }

    /// Each of them, in the order of the matrix page.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.contains(*permission))
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut set = Self::EMPTY;
        for permission in permissions {
            set.insert(permission);
        }
        set
    }
}

impl std::fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for PermissionSet {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for PermissionSet {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(d)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_its_own_bit_and_name() {
        assert!(Permission::ALL.len() <= 64, "a set is one u64");
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
            let set: PermissionSet = [*permission].into_iter().collect();
            assert_eq!(set.iter().collect::<Vec<_>>(), [*permission]);
            assert!(permission.as_str().split('.').count() == 2, "{permission} is area.action");
        }
    }

    #[test]
    fn a_set_can_lose_what_it_gained() {
        let mut set = PermissionSet::all();
        set.remove(Permission::TaskDelete);
        assert!(!set.contains(Permission::TaskDelete));
        assert!(set.contains(Permission::TaskCreate));
        assert!(set.of_scope(Scope::Workspace).iter().all(|p| p.scope() == Scope::Workspace));
    }
}
