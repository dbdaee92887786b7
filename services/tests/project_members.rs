//! Who belongs to a project, and what follows when that changes.

mod project_stories;

use domain::{
    ids::{RoleId, TeamId, UserId},
    permission::Permission,
    project::{EditProject, Project},
    role::NewRole,
    team::NewTeam,
};
use project_stories::{assign, code, fields, hands_on, history, id, is_forbidden, is_hidden, task_row};
use services::{Actor, board_columns, project_members, projects, roles, teams};
use testkit::{Workspace, both};
use uuid::Uuid;

/// A workspace with project `WEB`, run by `mia`, and `bo`, who belongs to nothing.
struct Story {
    w: Workspace,
    project: Project,
    mia: Actor,
    bo: Actor,
    member: RoleId,
}

async fn web_shop(db: store::Db) -> Story {
    let w = Workspace::new(db).await;
    let mia = w.user("mia", "Project manager").await;
    let web = w.project(&mia, "WEB").await;
    let mia = w.refresh(&mia).await;
    let bo = w.user("bo", "Member").await;
    let member = w.role("Member").await;
    Story { w, project: web, mia, bo, member }
}

async fn team_of(w: &Workspace, name: &str, people: &[&Actor]) -> TeamId {
    let new = NewTeam {
        id: None,
        name: name.into(),
        description: String::new(),
        lead_id: None,
        members: people.iter().map(|actor| id(actor)).collect(),
    };
    teams::create(&w.services, &w.admin, new).await.expect("the team is made").id
}

async fn ways_in(w: &Workspace, project: &Project) -> Vec<(String, String, Option<String>)> {
    let (members, _) = project_members::list(&w.services, &w.admin, project.id).await.expect("members");
    members.into_iter().map(|member| (member.user.username, member.role_name, member.team_name)).collect()
}

fn way(name: &str, role: &str, team: Option<&str>) -> (String, String, Option<String>) {
    (name.into(), role.into(), team.map(Into::into))
}

#[test]
fn a_person_who_is_added_gets_in_at_their_next_request() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        assert!(is_hidden(projects::find(&w.services, &bo, web.id).await));
        project_members::add_user(&w.services, &mia, web.id, id(&bo), member).await.expect("added");
        let bo = w.refresh(&bo).await;
        let project = projects::find(&w.services, &bo, web.id).await.expect("in");
        assert_eq!(project.member_count, 2);
        assert_eq!(ways_in(&w, &web).await, [way("bo", "Member", None), way("mia", "Project manager", None)]);
        let people = project_members::people(&w.services, &bo, web.id).await.expect("people");
        assert_eq!(people.len(), 2);
        let row = history(&w, &web).await.remove(0);
        assert_eq!((row.action.as_str(), row.subject.as_str()), ("member.added", "bo"));
        assert_eq!(row.changes[0].after.as_deref(), Some("Member"));
    });
}

#[test]
fn two_adds_of_one_person_at_once_make_one_member() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let (one, other) = tokio::join!(
            project_members::add_user(&w.services, &mia, web.id, id(&bo), member),
            project_members::add_user(&w.services, &w.admin, web.id, id(&bo), member),
        );
        assert_eq!((one, other), (Ok(()), Ok(())));
        assert_eq!(ways_in(&w, &web).await.len(), 2);
        assert_eq!(history(&w, &web).await.len(), 2, "one was made, one was added");
        let viewer = w.role("Viewer").await;
        let refusal = project_members::add_user(&w.services, &mia, web.id, id(&bo), viewer)
            .await
            .expect_err("another role");
        assert_eq!(code(&refusal), "already_member");
    });
}

#[test]
fn only_who_may_change_members_changes_them() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let add = |actor: Actor, user: UserId| {
            let services = w.services.clone();
            async move { project_members::add_user(&services, &actor, web.id, user, member).await }
        };
        assert!(is_hidden(add(bo.clone(), id(&bo)).await));
        add(mia.clone(), id(&bo)).await.expect("added");
        let bo = w.refresh(&bo).await;
        assert!(is_forbidden(add(bo.clone(), id(&w.admin)).await));
        assert!(is_forbidden(project_members::remove_user(&w.services, &bo, web.id, id(&mia)).await));
        let reader = Actor { read_only: true, ..mia.clone() };
        assert!(is_forbidden(add(reader, id(&w.admin)).await));
        projects::archive(&w.services, &mia, web.id, 1).await.expect("archived");
        assert_eq!(code(&add(mia, id(&w.admin)).await.expect_err("refused")), "archived");
    });
}

#[test]
fn nobody_is_added_who_or_with_a_role_that_is_not_there() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let nobody = UserId(Uuid::from_u128(1));
        let nothing = RoleId(Uuid::from_u128(1));
        let refusal =
            project_members::add_user(&w.services, &mia, web.id, nobody, member).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("user_id", "unknown")]);
        let refusal = project_members::add_user(&w.services, &mia, web.id, id(&bo), nothing)
            .await
            .expect_err("refused");
        assert_eq!(fields(&refusal), [("role_id", "unknown")]);
        let no_team = TeamId(Uuid::from_u128(1));
        let refusal =
            project_members::add_team(&w.services, &mia, web.id, no_team, member).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("team_id", "unknown")]);
        assert!(is_hidden(project_members::remove_user(&w.services, &mia, web.id, id(&bo)).await));
        assert!(is_hidden(project_members::remove_team(&w.services, &mia, web.id, no_team).await));
        let changed = project_members::set_user_role(&w.services, &mia, web.id, id(&bo), member);
        assert!(is_hidden(changed.await));
        let changed = project_members::set_team_role(&w.services, &mia, web.id, no_team, member);
        assert!(is_hidden(changed.await));
    });
}

#[test]
fn nobody_grants_what_they_may_not_do_there_themselves() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let host = NewRole {
            id: None,
            name: "Host".into(),
            description: String::new(),
            permissions: [Permission::ProjectView, Permission::ProjectMembers].into_iter().collect(),
        };
        let host = roles::create(&w.services, &w.admin, host).await.expect("a role").id;
        let manager = w.role("Project manager").await;
        project_members::add_user(&w.services, &mia, web.id, id(&bo), host).await.expect("added");
        let bo = w.refresh(&bo).await;
        let team = team_of(&w, "Ops", &[&bo]).await;
        let viewer = w.role("Viewer").await;
        for refusal in [
            project_members::set_user_role(&w.services, &bo, web.id, id(&bo), manager).await,
            project_members::add_user(&w.services, &bo, web.id, id(&w.admin), member).await,
            project_members::add_team(&w.services, &bo, web.id, team, manager).await,
        ] {
            assert_eq!(code(&refusal.expect_err("refused")), "beyond_own_permissions");
        }
        project_members::add_team(&w.services, &bo, web.id, team, viewer).await.expect("within");
        let refusal = project_members::set_team_role(&w.services, &bo, web.id, team, manager)
            .await
            .expect_err("refused");
        assert_eq!(code(&refusal), "beyond_own_permissions");
        // The administrator's role reaches everywhere, so a member's project role does not bound them.
        project_members::set_user_role(&w.services, &w.admin, web.id, id(&bo), manager).await.expect("given");
    });
}

#[test]
fn whoever_leaves_is_taken_off_open_tasks_and_keeps_done_ones() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        project_members::add_user(&w.services, &mia, web.id, id(&bo), member).await.expect("added");
        let columns = board_columns::list(&w.services, &mia, web.id).await.expect("columns");
        let open = task_row(&w, &columns[1], 1, None).await;
        let shared = task_row(&w, &columns[2], 2, None).await;
        let done = task_row(&w, &columns[3], 3, None).await;
        for task in [open, shared, done] {
            assign(&w.services.db, task, id(&bo)).await;
        }
        assign(&w.services.db, shared, id(&mia)).await;
        let owned = EditProject { version: 1, owner_id: Some(bo.user_id), ..EditProject::default() };
        projects::update(&w.services, &mia, web.id, owned).await.expect("bo owns it");

        project_members::remove_user(&w.services, &mia, web.id, id(&bo)).await.expect("removed");
        assert_eq!(hands_on(&w.services.db, open).await, (0, 0, 2));
        assert_eq!(hands_on(&w.services.db, shared).await, (1, 1, 2), "mia stays");
        assert_eq!(hands_on(&w.services.db, done).await, (1, 0, 1), "who did it stays");
        let project = projects::find(&w.services, &mia, web.id).await.expect("found");
        assert_eq!((project.owner, project.member_count, project.version), (None, 1, 3));
        assert!(is_hidden(projects::find(&w.services, &w.refresh(&bo).await, web.id).await));
        let row = history(&w, &web).await.remove(0);
        assert_eq!(row.action, "member.removed");
        let ended = row.changes.iter().find(|change| change.field == "assignments");
        assert_eq!(ended.and_then(|change| change.before.as_deref()), Some("2"));
    });
}

#[test]
fn whoever_is_also_in_a_team_keeps_their_work_when_removed() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let team = team_of(&w, "Ops", &[&bo]).await;
        let viewer = w.role("Viewer").await;
        project_members::add_user(&w.services, &mia, web.id, id(&bo), member).await.expect("added");
        project_members::add_team(&w.services, &mia, web.id, team, viewer).await.expect("added");
        assert_eq!(
            ways_in(&w, &web).await,
            [
                way("bo", "Member", None),
                way("bo", "Viewer", Some("Ops")),
                way("mia", "Project manager", None)
            ]
        );
        let project = projects::find(&w.services, &mia, web.id).await.expect("found");
        assert_eq!(project.member_count, 2, "people count once");
        let columns = board_columns::list(&w.services, &mia, web.id).await.expect("columns");
        let task = task_row(&w, &columns[0], 1, None).await;
        assign(&w.services.db, task, id(&bo)).await;

        project_members::remove_user(&w.services, &mia, web.id, id(&bo)).await.expect("removed");
        assert_eq!(hands_on(&w.services.db, task).await, (1, 1, 1));
        assert!(projects::find(&w.services, &w.refresh(&bo).await, web.id).await.is_ok());

        project_members::remove_team(&w.services, &mia, web.id, team).await.expect("removed");
        assert_eq!(hands_on(&w.services.db, task).await, (0, 0, 2));
        assert!(is_hidden(projects::find(&w.services, &w.refresh(&bo).await, web.id).await));
        assert_eq!(ways_in(&w, &web).await, [way("mia", "Project manager", None)]);
    });
}

#[test]
fn a_team_brings_its_people_with_its_role() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let cy = w.user("cy", "Member").await;
        let team = team_of(&w, "Ops", &[&bo, &cy]).await;
        let viewer = w.role("Viewer").await;
        project_members::add_team(&w.services, &mia, web.id, team, viewer).await.expect("added");
        project_members::add_team(&w.services, &mia, web.id, team, viewer).await.expect("sent twice");
        let refusal = project_members::add_team(&w.services, &mia, web.id, team, member)
            .await
            .expect_err("another role");
        assert_eq!(code(&refusal), "already_member");
        let cy = w.refresh(&cy).await;
        assert!(!cy.allows(Permission::TaskCreate, web.id));
        project_members::set_team_role(&w.services, &mia, web.id, team, member).await.expect("changed");
        let cy = w.refresh(&cy).await;
        assert!(cy.allows(Permission::TaskCreate, web.id));
        let (members, teams) = project_members::list(&w.services, &cy, web.id).await.expect("members");
        assert_eq!(members.len(), 3);
        assert_eq!((teams[0].name.as_str(), teams[0].member_count), ("Ops", 2));
        assert_eq!(teams[0].role_name, "Member");
    });
}

#[test]
fn a_change_of_role_is_noted_once() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let viewer = w.role("Viewer").await;
        project_members::add_user(&w.services, &mia, web.id, id(&bo), viewer).await.expect("added");
        for _ in 0..2 {
            project_members::set_user_role(&w.services, &mia, web.id, id(&bo), member)
                .await
                .expect("changed");
        }
        let rows = history(&w, &web).await;
        assert_eq!(rows.len(), 3);
        let change = &rows[0].changes[0];
        assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some("Viewer"), Some("Member")));
        assert!(w.refresh(&bo).await.allows(Permission::TaskCreate, web.id));
    });
}

#[test]
fn only_active_members_who_see_the_project_can_be_given_work() {
    both(|db| async move {
        let Story { w, project: web, mia, bo, member } = web_shop(db).await;
        let blind = NewRole {
            id: None,
            name: "Blind".into(),
            description: String::new(),
            permissions: [Permission::CommentCreate].into_iter().collect(),
        };
        let blind = roles::create(&w.services, &w.admin, blind).await.expect("a role").id;
        let cy = w.user("cy", "Member").await;
        project_members::add_user(&w.services, &mia, web.id, id(&bo), member).await.expect("added");
        project_members::add_user(&w.services, &mia, web.id, id(&cy), blind).await.expect("added");
        let people = project_members::people(&w.services, &mia, web.id).await.expect("people");
        let names: Vec<_> = people.iter().map(|person| person.username.as_str()).collect();
        assert_eq!(names, ["bo", "mia"]);
        let mut tx = w.services.db.peek().await.expect("a connection");
        let asked = [id(&bo), id(&cy), id(&w.admin)];
        let found = store::project_members::member_ids(&mut tx, web.id, &asked).await.expect("ids");
        assert_eq!(found, [id(&bo)]);
    });
}
