//! "Why may I (not)?"

mod task_stories;

use domain::{Error, permission::Permission, team::NewTeam, why::Why};
use services::{Actor, Place, project_members, teams, why::why};
use task_stories::{Stage, id, is_forbidden, is_hidden};
use testkit::both;

async fn ask(stage: &Stage, actor: &Actor, about: &Actor, permission: Permission) -> domain::Result<Why> {
    let place = match permission.scope() {
        domain::permission::Scope::Workspace => Place::Workspace,
        domain::permission::Scope::Project => Place::Project(stage.project.id),
    };
    why(&stage.w.services, actor, id(about), permission, place).await
}

#[test]
fn a_role_in_the_project_or_the_workspace_is_named_as_the_reason() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let yes = |reason: &str| Ok(Why { allowed: true, reasons: vec![reason.to_owned()] });
        assert_eq!(
            ask(&stage, &stage.bob, &stage.bob, Permission::TaskMove).await,
            yes("The role “Member” in WEB allows it.")
        );
        assert_eq!(
            ask(&stage, &stage.mia, &stage.mia, Permission::ProjectCreate).await,
            yes("The workspace role “Project manager” allows it.")
        );
        let admin = &stage.w.admin;
        assert_eq!(
            ask(&stage, admin, admin, Permission::TaskMove).await,
            yes("The workspace role “Administrator” allows it in every project.")
        );
        let core = NewTeam {
            id: None,
            name: "Core".into(),
            description: String::new(),
            lead_id: None,
            members: vec![id(&stage.stranger)],
        };
        let core = teams::create(&stage.w.services, admin, core).await.expect("a team");
        let role = stage.w.role("Member").await;
        project_members::add_team(&stage.w.services, &stage.mia, stage.project.id, core.id, role)
            .await
            .expect("added");
        assert_eq!(
            ask(&stage, &stage.mia, &stage.stranger, Permission::TaskMove).await,
            yes("The role “Member” in WEB, through the team “Core”, allows it.")
        );
    });
}

#[test]
fn what_is_missing_is_told_with_who_can_give_it() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let answer = ask(&stage, &stage.bob, &stage.bob, Permission::TaskDelete).await.expect("an answer");
        assert!(!answer.allowed);
        assert_eq!(
            answer.reasons,
            [
                "The role “Member” in WEB does not include “Delete tasks and bring deleted ones back”.",
                "These roles allow it: “Administrator”, “Project manager”.",
                "Ask admin or mia.",
            ]
        );
        let answer =
            ask(&stage, &stage.mia, &stage.stranger, Permission::ProjectView).await.expect("an answer");
        assert!(answer.reasons[0].starts_with("stranger does not belong to WEB"), "{answer:?}");
        let answer = ask(&stage, &stage.bob, &stage.bob, Permission::RoleManage).await.expect("an answer");
        assert_eq!(answer.reasons[2], "Ask admin.");
        let read_only = Actor { read_only: true, ..stage.bob.clone() };
        let answer = ask(&stage, &read_only, &read_only, Permission::TaskMove).await.expect("an answer");
        assert!(!answer.allowed && answer.reasons[1].contains("token"), "{answer:?}");
    });
}

#[test]
fn about_others_only_those_may_ask_who_manage_them() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        assert!(is_forbidden(ask(&stage, &stage.bob, &stage.mia, Permission::TaskMove).await));
        assert!(is_hidden(ask(&stage, &stage.stranger, &stage.stranger, Permission::TaskMove).await));
        assert!(ask(&stage, &stage.mia, &stage.bob, Permission::TaskMove).await.is_ok());
        let nobody = domain::ids::UserId(uuid::Uuid::from_u128(1));
        let answer =
            why(&stage.w.services, &stage.w.admin, nobody, Permission::UserView, Place::Workspace).await;
        assert_eq!(answer, Err(Error::not_found("user")));
    });
}
