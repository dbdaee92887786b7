//! The roles × permissions matrix.

use domain::{
    Error,
    ids::RoleId,
    page::Page,
    permission::{Permission, PermissionSet},
    role::{EditRole, NewRole},
};
use services::{Place, audit, roles};
use testkit::{Workspace, both};
use uuid::Uuid;

fn named(name: &str) -> NewRole {
    NewRole {
        id: None,
        name: name.into(),
        description: String::new(),
        permissions: [Permission::UserView].into_iter().collect(),
    }
}

fn code(error: &Error) -> &str {
    match error {
        Error::Refused { code, .. } => code,
        other => panic!("a rule was to refuse, not {other:?}"),
    }
}

#[test]
fn everyone_reads_the_roles_in_the_order_in_which_they_were_made() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let viewer = w.user("vic", "Viewer").await;
        roles::create(&w.services, &w.admin, named("Auditor")).await.unwrap();
        let names: Vec<_> =
            roles::list(&w.services, &viewer).await.unwrap().into_iter().map(|role| role.name).collect();
        assert_eq!(names, ["Administrator", "Project manager", "Member", "Commenter", "Viewer", "Auditor"]);
    });
}

#[test]
fn a_create_that_is_sent_twice_makes_one_role() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let new = NewRole { id: Some(RoleId(Uuid::from_u128(77))), ..named("Auditor") };
        let once = roles::create(&w.services, &w.admin, new.clone()).await.unwrap();
        let twice = roles::create(&w.services, &w.admin, new).await.unwrap();
        assert_eq!(once, twice);
        let again = roles::create(&w.services, &w.admin, named("AUDITOR")).await.unwrap_err();
        let Error::Invalid { fields } = again else { panic!("{again:?}") };
        assert_eq!((fields[0].field.as_str(), fields[0].code.as_str()), ("name", "taken"));
    });
}

#[test]
fn only_who_manages_roles_changes_them() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let member = w.user("grace", "Member").await;
        let id = w.role("Viewer").await;
        let refused = Error::Forbidden { permission: "role.manage".into() };
        assert_eq!(roles::create(&w.services, &member, named("X")).await.unwrap_err(), refused);
        let edit = EditRole { version: 1, ..EditRole::default() };
        assert_eq!(roles::update(&w.services, &member, id, edit).await.unwrap_err(), refused);
        assert_eq!(roles::delete(&w.services, &member, id).await.unwrap_err(), refused);
    });
}

#[test]
fn a_changed_role_counts_from_the_next_request_on() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let member = w.user("grace", "Member").await;
        assert!(member.allows(Permission::UserView, Place::Workspace));
        let edit = EditRole { version: 1, permissions: Some(PermissionSet::EMPTY), ..EditRole::default() };
        let id = w.role("Member").await;
        let after = roles::update(&w.services, &w.admin, id, edit).await.unwrap();
        assert_eq!((after.version, after.permissions), (2, PermissionSet::EMPTY));
        assert!(!w.refresh(&member).await.allows(Permission::UserView, Place::Workspace));
        let stored = roles::list(&w.services, &w.admin).await.unwrap();
        assert!(stored.contains(&after));
    });
}

#[test]
fn a_stale_change_of_a_role_gets_the_current_one() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let id = w.role("Viewer").await;
        let rename = |name: &str| EditRole { version: 1, name: Some(name.into()), ..EditRole::default() };
        roles::update(&w.services, &w.admin, id, rename("Reader")).await.unwrap();
        let error = roles::update(&w.services, &w.admin, id, rename("Guest")).await.unwrap_err();
        let Error::Conflict { current, .. } = error else { panic!("{error:?}") };
        assert!(current.contains("Reader"), "{current}");
        let unknown = RoleId(Uuid::from_u128(1));
        let error = roles::update(&w.services, &w.admin, unknown, rename("X")).await.unwrap_err();
        assert_eq!(error, Error::not_found("role"));
        assert_eq!(roles::delete(&w.services, &w.admin, unknown).await, Err(Error::not_found("role")));
    });
}

#[test]
fn the_last_role_that_manages_roles_keeps_that() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let id = w.role("Administrator").await;
        let mut permissions = PermissionSet::all();
        permissions.remove(Permission::RoleManage);
        let edit = EditRole { version: 1, permissions: Some(permissions), ..EditRole::default() };
        let error = roles::update(&w.services, &w.admin, id, edit.clone()).await.unwrap_err();
        assert_eq!(code(&error), "last_role_manager");
        let kept = roles::list(&w.services, &w.admin).await.unwrap();
        assert!(kept[0].permissions.contains(Permission::RoleManage), "nothing was changed");
        // A second role that manages roles is no help while nobody has it.
        let second = NewRole {
            permissions: [Permission::RoleManage].into_iter().collect(),
            ..named("Keeper of roles")
        };
        roles::create(&w.services, &w.admin, second).await.unwrap();
        let error = roles::update(&w.services, &w.admin, id, edit.clone()).await.unwrap_err();
        assert_eq!(code(&error), "last_role_manager");
        w.user("keeper", "Keeper of roles").await;
        assert!(roles::update(&w.services, &w.admin, id, edit).await.is_ok());
    });
}

#[test]
fn a_role_is_removed_when_nobody_has_it() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        w.user("grace", "Member").await;
        let member = w.role("Member").await;
        let error = roles::delete(&w.services, &w.admin, member).await.unwrap_err();
        assert_eq!(code(&error), "role_in_use");
        let viewer = w.role("Viewer").await;
        roles::delete(&w.services, &w.admin, viewer).await.unwrap();
        assert!(roles::list(&w.services, &w.admin).await.unwrap().iter().all(|role| role.id != viewer));
    });
}

#[test]
fn changes_of_roles_are_in_the_audit_log_which_not_everyone_reads() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let role = roles::create(&w.services, &w.admin, named("Auditor")).await.unwrap();
        w.clock.advance_seconds(1);
        let edit = EditRole { version: 1, name: Some("Inspector".into()), ..EditRole::default() };
        roles::update(&w.services, &w.admin, role.id, edit).await.unwrap();
        w.clock.advance_seconds(1);
        roles::delete(&w.services, &w.admin, role.id).await.unwrap();
        let mut actions = Vec::new();
        let mut cursor = None;
        for _ in 0..3 {
            let page = audit::list(&w.services, &w.admin, Page::new(Some(1), cursor)).await.unwrap();
            assert_eq!(page.items[0].target_id, Some(role.id.uuid()));
            actions.push(page.items[0].action.clone());
            cursor = page.next;
        }
        assert_eq!(actions, ["role.deleted", "role.updated", "role.created"]);
        let member = w.user("grace", "Member").await;
        let refused = audit::list(&w.services, &member, Page::default()).await.unwrap_err();
        assert_eq!(refused, Error::Forbidden { permission: "audit.view".into() });
    });
}
