//! Every permission allows what it says and nothing else does. The table is made from all permissions: a new one
//! does not compile here until it has an act that needs it.

use domain::{
    Error, Result,
    announcement::NewAnnouncement,
    board::{Category, NewColumn},
    comment::{Comment, EditComment, NewComment},
    dependency::{NewDependency, Relation},
    ids::{EpisodeId, RoleId},
    label::NewLabel,
    page::Page,
    permission::{Permission, Permission as P, PermissionSet},
    project::{EditProject, NewProject, Project},
    role::{EditRole, NewRole},
    task::{EditTask, NewTask, Task},
    team::NewTeam,
    urgent::{NewEpisode, Policy},
    user::{NewUser, UserFilter},
};
use services::{
    Actor, announcements, audit, board_columns, comments, dependencies, labels, project_members, projects,
    roles, tasks, teams, urgent, users,
};
use testkit::{Workspace, both, workspace::PASSWORD};

/// The person whose only role, in the workspace and in the project, is changed from one permission to the next.
struct Person {
    actor: Actor,
    role: RoleId,
}

/// What is acted upon, made anew for each permission.
struct Stage {
    number: usize,
    project: Project,
    /// Where nothing is urgent.
    quiet: Project,
    episode: EpisodeId,
    foreign: Project,
    task: Task,
    blocked: Task,
    guest: Actor,
    nothing: RoleId,
    own_comment: Comment,
    foreign_comment: Comment,
}

#[test]
fn each_permission_allows_its_act_and_all_others_together_do_not() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let nothing = new_role(&w, "Nothing", PermissionSet::EMPTY).await;
        let guest = w.user("guest", "Nothing").await;
        let role = new_role(&w, "Tried", PermissionSet::all()).await;
        let actor = w.user("tried", "Tried").await;
        let mut person = Person { actor, role };
        for (number, permission) in Permission::ALL.iter().copied().enumerate() {
            allow(&w, &mut person, PermissionSet::all()).await;
            let stage = stage(&w, &person, &guest, (number, nothing)).await;

            allow(&w, &mut person, all_but(permission)).await;
            let refused = act(permission, &w, &person.actor, &stage).await;
            assert!(is_refusal(&refused, permission), "without {permission}: {refused:?}");

            allow(&w, &mut person, only(permission)).await;
            let allowed = act(permission, &w, &person.actor, &stage).await;
            assert_eq!(allowed, Ok(()), "{permission} is there");
        }
    });
}

/// An act that needs the permission.
async fn act(permission: Permission, w: &Workspace, actor: &Actor, on: &Stage) -> Result<()> {
    let s = &w.services;
    let (project, task) = (&on.project, &on.task.summary);
    let name = format!("Name {}", on.number);
    match permission {
        P::WorkspaceManage => {
            let version = urgent::policy_of_workspace(s, actor).await?.version;
            urgent::set_policy_of_workspace(s, actor, (version, Policy::default())).await.map(drop)
        }
        P::AuditView => audit::list(s, actor, Page::default()).await.map(drop),
        P::RoleManage => roles::create(s, actor, role(&name, PermissionSet::EMPTY)).await.map(drop),
        P::UserView => users::list(s, actor, UserFilter::default(), Page::default()).await.map(drop),
        P::UserManage => users::create(s, actor, new_user(on)).await.map(drop),
        P::TeamView => teams::list(s, actor, Page::default()).await.map(drop),
        P::TeamManage => teams::create(s, actor, new_team(name)).await.map(drop),
        P::ProjectCreate => projects::create(s, actor, new_project(name)).await.map(drop),
        P::ProjectAccessAll => projects::find(s, actor, on.foreign.id).await.map(drop),
        P::AnnouncementManage => announcements::publish(s, actor, announcement(None)).await.map(drop),
        P::ProjectView => projects::find(s, actor, project.id).await.map(drop),
        P::ProjectUpdate => {
            let edit = EditProject { version: 1, name: Some(name), ..EditProject::default() };
            projects::update(s, actor, project.id, edit).await.map(drop)
        }
        P::ProjectMembers => {
            let guest = on.guest.user_id.expect("a person");
            project_members::add_user(s, actor, project.id, guest, on.nothing).await
        }
        P::ProjectBoard => {
            let new = NewColumn { id: None, name, category: Category::Doing };
            board_columns::create(s, actor, project.id, new).await.map(drop)
        }
        P::ProjectArchive => projects::archive(s, actor, project.id, 1).await.map(drop),
        P::ProjectDelete => projects::delete(s, actor, project.id, 1).await.map(drop),
        P::UrgentRaise => urgent::raise(s, actor, on.quiet.id, reason()).await.map(drop),
        P::UrgentResolve => urgent::resolve(s, actor, on.episode, "").await.map(drop),
        P::UrgentSuspend => {
            let until = s.now().plus_seconds(60);
            urgent::suspend(s, actor, on.episode, (until, "because")).await.map(drop)
        }
        P::UrgentPolicy => {
            urgent::set_policy_of_project(s, actor, project.id, (0, Policy::default())).await.map(drop)
        }
        P::ProjectAnnounce => {
            announcements::publish(s, actor, announcement(Some(project.id))).await.map(drop)
        }
        P::LabelManage => {
            let new = NewLabel { id: None, name, colour: domain::palette::Colour::default() };
            labels::create(s, actor, project.id, new).await.map(drop)
        }
        P::TaskCreate => tasks::create(s, actor, project.id, new_task(name)).await.map(drop),
        P::TaskUpdate => {
            let edit = EditTask { version: 1, title: Some(name), ..EditTask::default() };
            tasks::update(s, actor, task.id, edit).await.map(drop)
        }
        P::TaskMove => tasks::complete(s, actor, task.id, 1).await.map(drop),
        P::TaskAssign => {
            let assignees = vec![actor.user_id.expect("a person")];
            let edit = EditTask { version: 1, assignees: Some(assignees), ..EditTask::default() };
            tasks::update(s, actor, task.id, edit).await.map(drop)
        }
        P::TaskLink => {
            let new = NewDependency { relation: Relation::BlockedBy, task: on.blocked.summary.key.clone() };
            dependencies::add(s, actor, task.id, new).await.map(drop)
        }
        P::TaskUnblock => {
            let it = &on.blocked.summary;
            dependencies::unblock(s, actor, (it.id, it.version), "because").await.map(drop)
        }
        P::TaskArchive => tasks::archive(s, actor, task.id, 1).await.map(drop),
        P::TaskDelete => tasks::delete(s, actor, task.id, 1).await.map(drop),
        P::CommentCreate => comments::create(s, actor, task.id, new_comment()).await.map(drop),
        P::CommentUpdateOwn => comments::update(s, actor, on.own_comment.id, edit_comment()).await.map(drop),
        P::CommentUpdateAny => {
            comments::update(s, actor, on.foreign_comment.id, edit_comment()).await.map(drop)
        }
        P::CommentDeleteOwn => comments::delete(s, actor, on.own_comment.id).await,
        P::CommentDeleteAny => comments::delete(s, actor, on.foreign_comment.id).await,
    }
}

/// What is missing is named (or what would include it); what may not even be seen is not there.
fn is_refusal(result: &Result<()>, missing: Permission) -> bool {
    match (missing, result) {
        (P::ProjectView | P::ProjectAccessAll, Err(error)) => *error == Error::not_found("project"),
        (_, Err(Error::Forbidden { permission })) => {
            let named = Permission::parse(permission);
            named == Some(missing) || (named.is_some() && named == including(missing))
        }
        _ => false,
    }
}

/// The greater permission that allows the same act, if there is one.
fn including(permission: Permission) -> Option<Permission> {
    match permission {
        P::CommentUpdateOwn => Some(P::CommentUpdateAny),
        P::CommentDeleteOwn => Some(P::CommentDeleteAny),
        _ => None,
    }
}

/// The permission, and the sight of the project where it is one of those in a project.
fn only(permission: Permission) -> PermissionSet {
    [permission, P::ProjectView].into_iter().collect()
}

/// All others, but for one that includes it.
fn all_but(permission: Permission) -> PermissionSet {
    let mut set = PermissionSet::all();
    set.remove(permission);
    if let Some(greater) = including(permission) {
        set.remove(greater);
    }
    set
}

async fn allow(w: &Workspace, person: &mut Person, permissions: PermissionSet) {
    let roles = roles::list(&w.services, &w.admin).await.expect("the roles");
    let before = roles.iter().find(|role| role.id == person.role).expect("the role");
    let edit = EditRole { version: before.version, permissions: Some(permissions), ..EditRole::default() };
    roles::update(&w.services, &w.admin, person.role, edit).await.expect("the role changes");
    person.actor = w.refresh(&person.actor).await;
}

async fn stage(w: &Workspace, person: &Person, guest: &Actor, (number, nothing): (usize, RoleId)) -> Stage {
    let s = &w.services;
    let project = w.project(&w.admin, &format!("IN{number}")).await;
    let foreign = w.project(&w.admin, &format!("OUT{number}")).await;
    let quiet = w.project(&w.admin, &format!("SH{number}")).await;
    let user = person.actor.user_id.expect("a person");
    for project in [&project, &quiet] {
        project_members::add_user(s, &w.admin, project.id, user, person.role).await.expect("a member");
    }
    let episode = urgent::raise(s, &w.admin, project.id, reason()).await.expect("urgent").id;
    let actor = w.refresh(&person.actor).await;
    let task = tasks::create(s, &w.admin, project.id, new_task("Task".into())).await.expect("a task");
    let id = task.summary.id;
    let blocked = blocked(w, &project).await;
    let own_comment = comments::create(s, &actor, id, new_comment()).await.expect("a comment");
    let foreign_comment = comments::create(s, &w.admin, id, new_comment()).await.expect("a comment");
    Stage {
        number,
        project,
        quiet,
        episode,
        foreign,
        task,
        blocked,
        guest: guest.clone(),
        nothing,
        own_comment,
        foreign_comment,
    }
}

/// A task that waits for another.
async fn blocked(w: &Workspace, project: &Project) -> Task {
    let (s, admin) = (&w.services, &w.admin);
    let [waits, first] = [w.task(admin, project, "waits").await, w.task(admin, project, "first").await];
    let new = NewDependency { relation: Relation::BlockedBy, task: first.summary.key };
    dependencies::add(s, admin, waits.summary.id, new).await.expect("linked");
    tasks::find(s, admin, waits.summary.id).await.expect("the task")
}

async fn new_role(w: &Workspace, name: &str, permissions: PermissionSet) -> RoleId {
    let created = roles::create(&w.services, &w.admin, role(name, permissions)).await;
    created.expect("the role is made").id
}

fn role(name: &str, permissions: PermissionSet) -> NewRole {
    NewRole { id: None, name: name.into(), description: String::new(), permissions }
}

fn new_user(on: &Stage) -> NewUser {
    let username = format!("user{}", on.number);
    NewUser {
        id: None,
        email: format!("{username}@example.org"),
        username,
        display_name: String::new(),
        password: PASSWORD.into(),
        role_id: on.nothing,
    }
}

fn announcement(project_id: Option<domain::ids::ProjectId>) -> NewAnnouncement {
    NewAnnouncement {
        project_id,
        title: "News".into(),
        body: "All is well.".into(),
        ..NewAnnouncement::default()
    }
}

fn new_team(name: String) -> NewTeam {
    NewTeam { id: None, name, description: String::new(), lead_id: None, members: Vec::new() }
}

fn new_project(name: String) -> NewProject {
    NewProject { name, ..NewProject::default() }
}

fn reason() -> NewEpisode {
    NewEpisode { id: None, reason: "Everything burns.".into() }
}

fn new_task(title: String) -> NewTask {
    NewTask { title, ..NewTask::default() }
}

fn new_comment() -> NewComment {
    NewComment { id: None, body: "As it was.".into() }
}

fn edit_comment() -> EditComment {
    EditComment { version: 1, body: "As it is.".into() }
}
