//! Who belongs to the workspace, and as what.

use domain::{
    Error,
    activity::ActivityFilter,
    ids::{RoleId, UserId},
    page::Page,
    permission::Permission,
    role::NewRole,
    session::SignIn,
    user::{EditUser, NewUser, UserFilter, UserStatus},
};
use services::{Actor, Place, roles, sign_in, users};
use testkit::{Workspace, both, workspace::PASSWORD};
use uuid::Uuid;

fn new_user(name: &str, role_id: RoleId) -> NewUser {
    NewUser {
        id: None,
        username: name.into(),
        email: format!("{name}@example.org"),
        display_name: String::new(),
        password: PASSWORD.into(),
        role_id,
    }
}

fn fields(error: &Error) -> Vec<(&str, &str)> {
    match error {
        Error::Invalid { fields } => {
            fields.iter().map(|field| (field.field.as_str(), field.code.as_str())).collect()
        }
        other => panic!("fields were to be refused, not {other:?}"),
    }
}

fn code(error: &Error) -> &str {
    match error {
        Error::Refused { code, .. } => code,
        other => panic!("a rule was to refuse, not {other:?}"),
    }
}

/// Someone who manages people and nothing else.
async fn people_manager(w: &Workspace) -> Actor {
    let new = NewRole {
        id: None,
        name: "People".into(),
        description: String::new(),
        permissions: [Permission::UserView, Permission::UserManage].into_iter().collect(),
    };
    roles::create(&w.services, &w.admin, new).await.expect("the role is made");
    w.user("pat", "People").await
}

#[test]
fn people_are_listed_by_name_without_regard_to_case_and_accents_page_by_page() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for name in ["zoe", "Bela", "carl"] {
            w.user(name, "Member").await;
        }
        let edit = EditUser { version: 1, display_name: Some("Émile".into()), ..EditUser::default() };
        let zoe = users::options(&w.services, &w.admin, "zoe").await.unwrap().remove(0);
        users::update(&w.services, &w.admin, zoe.id, edit).await.unwrap();
        let mut names = Vec::new();
        let mut cursor = None;
        loop {
            let page = Page::new(Some(2), cursor);
            let page = users::list(&w.services, &w.admin, UserFilter::default(), page).await.unwrap();
            names.extend(page.items.into_iter().map(|user| user.display_name));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(names, ["admin", "Bela", "carl", "Émile"]);
    });
}

#[test]
fn people_are_found_by_part_of_any_name_and_by_status() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await;
        w.user("graham", "Member").await;
        let edit = EditUser { version: 1, status: Some(UserStatus::Disabled), ..EditUser::default() };
        users::update(&w.services, &w.admin, grace.user_id.unwrap(), edit).await.unwrap();
        let find = async |search: &str, status| {
            let filter = UserFilter { search: Some(search.into()), status };
            let page = users::list(&w.services, &w.admin, filter, Page::default()).await.unwrap();
            page.items.into_iter().map(|user| user.username).collect::<Vec<_>>()
        };
        assert_eq!(find("GRA", None).await, ["grace", "graham"]);
        assert_eq!(find("gra", Some(UserStatus::Active)).await, ["graham"]);
        assert_eq!(find("example graham", None).await, ["graham"]);
        assert_eq!(find("100%", None).await, Vec::<String>::new());
        let options = users::options(&w.services, &w.admin, "gra").await.unwrap();
        assert_eq!(options.len(), 1, "a picker offers nobody who may not sign in");
    });
}

#[test]
fn a_create_that_is_sent_twice_makes_one_person() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mut new = new_user("grace", w.role("Member").await);
        new.id = Some(UserId(Uuid::from_u128(0x0190_1234)));
        let once = users::create(&w.services, &w.admin, new.clone()).await.unwrap();
        let twice = users::create(&w.services, &w.admin, new).await.unwrap();
        assert_eq!(once, twice);
        assert_eq!((once.display_name.as_str(), once.role_name.as_str()), ("grace", "Member"));
    });
}

#[test]
fn names_and_addresses_are_unique_without_regard_to_case() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let role = w.role("Member").await;
        users::create(&w.services, &w.admin, new_user("grace", role)).await.unwrap();
        let same_name = NewUser { email: "other@example.org".into(), ..new_user("GRACE", role) };
        let error = users::create(&w.services, &w.admin, same_name).await.unwrap_err();
        assert_eq!(fields(&error), [("username", "taken")]);
        let same_address = NewUser { email: "Grace@Example.org".into(), ..new_user("hopper", role) };
        let error = users::create(&w.services, &w.admin, same_address).await.unwrap_err();
        assert_eq!(fields(&error), [("email", "taken")]);
    });
}

#[test]
fn of_two_who_take_the_same_name_at_once_one_gets_it() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let role = w.role("Member").await;
        let (one, two) = tokio::join!(
            users::create(&w.services, &w.admin, new_user("grace", role)),
            users::create(&w.services, &w.admin, new_user("Grace", role)),
        );
        let failed: Vec<Error> = [one, two].into_iter().filter_map(Result::err).collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(fields(&failed[0]), [("username", "taken")]);
    });
}

#[test]
fn every_wrong_field_of_a_new_person_is_told_at_once() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let wrong = NewUser {
            username: "no spaces".into(),
            email: "nowhere".into(),
            display_name: "a\u{202e}b".into(),
            password: "short".into(),
            ..new_user("x", w.role("Member").await)
        };
        let error = users::create(&w.services, &w.admin, wrong).await.unwrap_err();
        let names: Vec<_> = fields(&error).into_iter().map(|(field, _)| field).collect();
        assert_eq!(names, ["password", "username", "email", "display_name"]);
        let unknown = new_user("grace", RoleId(Uuid::from_u128(1)));
        let error = users::create(&w.services, &w.admin, unknown).await.unwrap_err();
        assert_eq!(fields(&error), [("role_id", "unknown")]);
    });
}

#[test]
fn only_who_manages_people_creates_and_changes_them() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let member = w.user("grace", "Member").await;
        let id = member.user_id.unwrap();
        let role = w.role("Viewer").await;
        let refused = Err(Error::Forbidden { permission: "user.manage".into() });
        assert_eq!(users::create(&w.services, &member, new_user("x1", role)).await, refused);
        let edit = EditUser { version: 1, ..EditUser::default() };
        assert_eq!(users::update(&w.services, &member, id, edit).await, refused);
        let set = users::set_password(&w.services, &member, id, "another quiet dawn".into()).await;
        assert_eq!(set.map(|()| unreachable!("refused")), refused);
        // One's own is changed with the one that one has.
        let own = w.admin.user_id.unwrap();
        let set = users::set_password(&w.services, &w.admin, own, "another quiet dawn".into()).await;
        assert!(matches!(set, Err(Error::Refused { code, .. }) if code == "own_password"));
    });
}

#[test]
fn a_person_without_the_view_of_people_sees_only_themselves() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let new = NewRole {
            id: None,
            name: "Guest".into(),
            description: String::new(),
            permissions: domain::permission::PermissionSet::EMPTY,
        };
        roles::create(&w.services, &w.admin, new).await.unwrap();
        let guest = w.user("guest", "Guest").await;
        let own = guest.user_id.unwrap();
        let refused = Error::Forbidden { permission: "user.view".into() };
        assert_eq!(users::find(&w.services, &guest, own).await.unwrap().username, "guest");
        let admin = w.admin.user_id.unwrap();
        assert_eq!(users::find(&w.services, &guest, admin).await.unwrap_err(), refused);
        let list = users::list(&w.services, &guest, UserFilter::default(), Page::default()).await;
        assert_eq!(list.unwrap_err(), refused);
        assert_eq!(users::options(&w.services, &guest, "").await.unwrap_err(), refused);
    });
}

#[test]
fn a_stale_change_of_a_person_gets_the_current_one() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let id = w.user("grace", "Member").await.user_id.unwrap();
        let rename = |version, name: &str| EditUser {
            version,
            display_name: Some(name.into()),
            ..EditUser::default()
        };
        let after = users::update(&w.services, &w.admin, id, rename(1, "Grace H.")).await.unwrap();
        assert_eq!(after.version, 2);
        let error = users::update(&w.services, &w.admin, id, rename(1, "Gracie")).await.unwrap_err();
        let Error::Conflict { what, current } = error else { panic!("{error:?}") };
        assert_eq!(what, "user");
        assert!(current.contains("Grace H."), "{current}");
        let unknown = UserId(Uuid::from_u128(5));
        let error = users::update(&w.services, &w.admin, unknown, rename(1, "X")).await.unwrap_err();
        assert_eq!(error, Error::not_found("user"));
    });
}

#[test]
fn a_change_of_a_person_is_in_the_history() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let id = w.user("grace", "Member").await.user_id.unwrap();
        let edit = EditUser { version: 1, role_id: Some(w.role("Viewer").await), ..EditUser::default() };
        users::update(&w.services, &w.admin, id, edit).await.unwrap();
        let mut tx = w.services.db.read().await.unwrap();
        let filter = ActivityFilter::default();
        let history = store::activity::list(&mut tx, &filter, (w.admin.visible(), true), &Page::default())
            .await
            .unwrap();
        let last = &history.items[0];
        assert_eq!((last.action.as_str(), last.subject.as_str()), ("user.updated", "grace"));
        let change = &last.changes[0];
        assert_eq!(
            (change.field.as_str(), change.before.as_deref(), change.after.as_deref()),
            ("role", Some("Member"), Some("Viewer"))
        );
    });
}

#[test]
fn a_new_role_counts_from_the_next_request_on() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await;
        assert!(!grace.allows(Permission::ProjectCreate, Place::Workspace));
        let role_id = Some(w.role("Project manager").await);
        let edit = EditUser { version: 1, role_id, ..EditUser::default() };
        users::update(&w.services, &w.admin, grace.user_id.unwrap(), edit).await.unwrap();
        let grace = w.refresh(&grace).await;
        assert!(grace.allows(Permission::ProjectCreate, Place::Workspace));
    });
}

#[test]
fn nobody_makes_themselves_or_another_greater_than_they_are() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let pat = people_manager(&w).await;
        let id = pat.user_id.unwrap();
        let administrator = w.role("Administrator").await;
        let up = EditUser { version: 1, role_id: Some(administrator), ..EditUser::default() };
        let error = users::update(&w.services, &pat, id, up).await.unwrap_err();
        assert_eq!(code(&error), "role_above_own");
        let error = users::create(&w.services, &pat, new_user("helper", administrator)).await.unwrap_err();
        assert_eq!(code(&error), "role_above_own");
        let people = w.role("People").await;
        assert!(users::create(&w.services, &pat, new_user("helper", people)).await.is_ok());
    });
}

#[test]
fn nobody_takes_over_the_account_of_somebody_greater() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let pat = people_manager(&w).await;
        let admin = w.admin.user_id.unwrap();
        let set = users::set_password(&w.services, &pat, admin, "mine from now on".into()).await;
        assert_eq!(code(&set.unwrap_err()), "role_above_own");
        let email = Some("pat2@example.org".into());
        let edit = EditUser { version: 1, email, ..EditUser::default() };
        let error = users::update(&w.services, &pat, admin, edit).await.unwrap_err();
        assert_eq!(code(&error), "role_above_own");
    });
}

#[test]
fn the_last_person_who_can_manage_roles_keeps_that() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let admin = w.admin.user_id.unwrap();
        let member = w.role("Member").await;
        for edit in [
            EditUser { version: 1, role_id: Some(member), ..EditUser::default() },
            EditUser { version: 1, status: Some(UserStatus::Disabled), ..EditUser::default() },
        ] {
            let error = users::update(&w.services, &w.admin, admin, edit).await.unwrap_err();
            assert_eq!(code(&error), "last_role_manager");
        }
        let second = w.user("second", "Administrator").await.user_id.unwrap();
        let down = EditUser { version: 1, role_id: Some(member), ..EditUser::default() };
        // Two at once must not each rely on the other.
        let (one, two) = tokio::join!(
            users::update(&w.services, &w.admin, admin, down.clone()),
            users::update(&w.services, &w.admin, second, down),
        );
        let failed: Vec<Error> = [one, two].into_iter().filter_map(Result::err).collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(code(&failed[0]), "last_role_manager");
    });
}

#[test]
fn a_password_that_was_set_for_someone_replaces_theirs() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await.user_id.unwrap();
        let weak = users::set_password(&w.services, &w.admin, grace, "grace".into()).await;
        assert_eq!(fields(&weak.unwrap_err()), [("password", "too_short")]);
        let new = "another quiet dawn";
        users::set_password(&w.services, &w.admin, grace, new.into()).await.unwrap();
        let sign_in = async |password: &str| {
            let form = SignIn { username: "grace".into(), password: password.into() };
            sign_in::sign_in(&w.services, form, sign_in::SignInContext::default()).await
        };
        assert_eq!(code(&sign_in(PASSWORD).await.unwrap_err()), "bad_credentials");
        assert_eq!(sign_in(new).await.unwrap().user.id, grace);
        let unknown = UserId(Uuid::from_u128(5));
        let error = users::set_password(&w.services, &w.admin, unknown, new.into()).await.unwrap_err();
        assert_eq!(error, Error::not_found("user"));
    });
}
