//! One's own account: set-up, profile, password, tokens.

use domain::{
    Error,
    permission::Permission,
    session::{SetUp, SignIn},
    token::NewToken,
    user::{EditUser, UserStatus},
};
use services::{
    Actor, Place, accounts,
    sessions::{self, RequestContext},
    set_up,
    sign_in::{SignInContext, sign_in},
    tasks, tokens, users, workspace,
};
use testkit::{
    Workspace, both,
    workspace::{PASSWORD, services_on},
};

const NEW: &str = "another quiet dawn";

fn form(token: &str, username: &str) -> SetUp {
    SetUp {
        token: token.into(),
        username: username.into(),
        email: format!("{username}@example.org"),
        display_name: "First One".into(),
        password: PASSWORD.into(),
    }
}

fn code(error: &Error) -> &str {
    match error {
        Error::Refused { code, .. } => code,
        other => panic!("a rule was to refuse, not {other:?}"),
    }
}

fn field(error: &Error) -> (&str, &str) {
    match error {
        Error::Invalid { fields } => (&fields[0].field, &fields[0].code),
        other => panic!("a field was to be refused, not {other:?}"),
    }
}

fn new_token(name: &str) -> NewToken {
    NewToken { name: name.into(), read_only: false, days: 30 }
}

async fn through(w: &Workspace, secret: &str) -> Option<Actor> {
    let context = RequestContext::default();
    let resolved = sessions::resolve_bearer(&w.services, secret, context).await.expect("an answer");
    resolved.map(|resolved| resolved.actor)
}

#[test]
fn a_new_workspace_is_set_up_through_its_link_by_someone_who_may_do_everything() {
    both(|db| async move {
        let (services, _clock) = services_on(db);
        workspace::prepare(&services).await.unwrap();
        workspace::prepare(&services).await.unwrap();
        let roles = services::roles::list(&services, &Actor::system()).await.unwrap();
        assert_eq!(roles.len(), 5, "preparing again adds nothing");
        assert!(!workspace::has_users(&services).await.unwrap());
        let link = set_up::link_token(&services).await.unwrap().unwrap();
        let signed_in =
            set_up::complete(&services, form(&link, "first"), SignInContext::default()).await.unwrap();
        assert!(workspace::has_users(&services).await.unwrap());
        sessions::open(&services, [1; 16], signed_in.session).await.unwrap();
        let resolved =
            sessions::resolve(&services, [1; 16], RequestContext::default()).await.unwrap().unwrap();
        let workspace_permissions = resolved.actor.permissions_in(Place::Workspace);
        assert!(Permission::ALL.iter().all(|permission| {
            workspace_permissions.contains(*permission)
                || resolved.actor.access.everywhere.contains(*permission)
        }));
        let again = SignIn { username: "first".into(), password: PASSWORD.into() };
        assert!(sign_in(&services, again, SignInContext::default()).await.is_ok());
        assert_eq!(set_up::link_token(&services).await, Ok(None));
        let second = set_up::complete(&services, form(&link, "second"), SignInContext::default()).await;
        assert_eq!(code(&second.unwrap_err()), "set_up_link");
    });
}

#[test]
fn a_wrong_replaced_or_old_link_sets_nothing_up() {
    both(|db| async move {
        let (services, clock) = services_on(db);
        workspace::prepare(&services).await.unwrap();
        let complete = async |token: &str| {
            let result = set_up::complete(&services, form(token, "first"), SignInContext::default()).await;
            result.map(|_| ())
        };
        assert_eq!(code(&complete("").await.unwrap_err()), "set_up_link", "before any link was made");
        let first = set_up::link_token(&services).await.unwrap().unwrap();
        let second = set_up::link_token(&services).await.unwrap().unwrap();
        assert_ne!(first, second);
        assert_eq!(code(&complete(&first).await.unwrap_err()), "set_up_link");
        assert_eq!(code(&complete("guess").await.unwrap_err()), "set_up_link");
        clock.advance_seconds(24 * 60 * 60);
        assert_eq!(code(&complete(&second).await.unwrap_err()), "set_up_link");
        assert!(!workspace::has_users(&services).await.unwrap());
        let mut tx = services.db.peek().await.unwrap();
        let stored = store::settings::find(&mut tx, "set_up_link").await.unwrap().unwrap();
        assert!(!stored.contains(&second), "only the hash is kept");
    });
}

#[test]
fn a_weak_password_does_not_use_the_link_up() {
    both(|db| async move {
        let (services, _clock) = services_on(db);
        workspace::prepare(&services).await.unwrap();
        let link = set_up::link_token(&services).await.unwrap().unwrap();
        let weak = SetUp { password: "short".into(), ..form(&link, "first") };
        let error = set_up::complete(&services, weak, SignInContext::default()).await.unwrap_err();
        assert_eq!(field(&error), ("password", "too_short"));
        assert!(set_up::complete(&services, form(&link, "first"), SignInContext::default()).await.is_ok());
    });
}

#[test]
fn of_two_who_use_the_link_at_once_one_is_the_first() {
    both(|db| async move {
        let (services, _clock) = services_on(db);
        workspace::prepare(&services).await.unwrap();
        let link = set_up::link_token(&services).await.unwrap().unwrap();
        let (one, two) = tokio::join!(
            set_up::complete(&services, form(&link, "first"), SignInContext::default()),
            set_up::complete(&services, form(&link, "second"), SignInContext::default()),
        );
        let failed: Vec<Error> = [one, two].into_iter().filter_map(Result::err).collect();
        assert_eq!(failed.len(), 1);
        assert_eq!(code(&failed[0]), "set_up_link");
    });
}

#[test]
fn people_change_their_own_names_and_nothing_greater() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await;
        let edit = EditUser {
            version: 1,
            username: Some("hopper".into()),
            email: Some("hopper@example.org".into()),
            display_name: Some("Grace Hopper".into()),
            ..EditUser::default()
        };
        let after = accounts::update_profile(&w.services, &grace, edit.clone()).await.unwrap();
        assert_eq!((after.username.as_str(), after.version), ("hopper", 2));
        let stale = accounts::update_profile(&w.services, &grace, edit).await.unwrap_err();
        assert!(matches!(stale, Error::Conflict { .. }), "{stale:?}");
        let taken = EditUser { version: 2, username: Some("ADMIN".into()), ..EditUser::default() };
        let error = accounts::update_profile(&w.services, &grace, taken).await.unwrap_err();
        assert_eq!(field(&error), ("username", "taken"));
        let role_id = Some(w.role("Administrator").await);
        let up = EditUser { version: 2, role_id, ..EditUser::default() };
        let error = accounts::update_profile(&w.services, &grace, up).await.unwrap_err();
        assert_eq!(error, Error::Forbidden { permission: "user.manage".into() });
        let me = accounts::me(&w.services, &grace).await.unwrap();
        assert_eq!(me.user, after);
        assert!(me.permissions.contains(Permission::UserView));
        assert!(!me.permissions.contains(Permission::TaskCreate), "workspace permissions only");
    });
}

#[test]
fn a_password_is_changed_by_who_knows_it_and_to_a_good_one() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await;
        let change = async |current: &str, new: &str| {
            accounts::change_password(&w.services, &grace, current.into(), new.into()).await
        };
        assert_eq!(field(&change("wrong words here", NEW).await.unwrap_err()), ("current", "wrong"));
        assert_eq!(field(&change(PASSWORD, "grace at dawn").await.unwrap_err()), ("new", "personal"));
        change(PASSWORD, NEW).await.unwrap();
        let form = |password: &str| SignIn { username: "grace".into(), password: password.into() };
        let old = sign_in(&w.services, form(PASSWORD), SignInContext::default()).await;
        assert_eq!(code(&old.unwrap_err()), "bad_credentials");
        assert!(sign_in(&w.services, form(NEW), SignInContext::default()).await.is_ok());
    });
}

#[test]
fn the_current_password_cannot_be_guessed_in_an_open_browser() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let change = async |current: &str| {
            accounts::change_password(&w.services, &w.admin, current.into(), NEW.into()).await
        };
        for _ in 0..5 {
            assert_eq!(field(&change("wrong words here").await.unwrap_err()), ("current", "wrong"));
        }
        let refused = change(PASSWORD).await;
        assert!(matches!(refused, Err(Error::TooMany { .. })), "{refused:?}");
        let form = SignIn { username: "admin".into(), password: PASSWORD.into() };
        assert!(
            sign_in(&w.services, form, SignInContext::default()).await.is_ok(),
            "its owner still signs in"
        );
    });
}

#[test]
fn of_two_changes_of_a_password_at_once_one_counts() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let change =
            |new: &str| accounts::change_password(&w.services, &w.admin, PASSWORD.into(), new.to_owned());
        let (one, two) = tokio::join!(change(NEW), change("a third quiet dawn"));
        assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
        let password = if one.is_ok() { NEW } else { "a third quiet dawn" };
        let form = SignIn { username: "admin".into(), password: password.into() };
        assert!(sign_in(&w.services, form, SignInContext::default()).await.is_ok());
    });
}

#[test]
fn a_token_acts_as_its_owner_until_it_ends() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let (token, secret) = tokens::create(&w.services, &w.admin, new_token("Backup")).await.unwrap();
        assert!(secret.starts_with("pms_") && secret.len() == 47, "{secret}");
        let actor = through(&w, &secret).await.unwrap();
        assert_eq!(actor.user_id, w.admin.user_id);
        assert_eq!(actor.token_id, Some(token.id));
        assert_eq!(actor.session_id, None);
        assert!(actor.allows(Permission::UserManage, Place::Workspace));
        let listed = tokens::list(&w.services, &w.admin).await.unwrap();
        assert_eq!(listed[0].used_at, Some(token.created_at));
        w.clock.advance_seconds(30 * 24 * 60 * 60 - 1);
        assert!(through(&w, &secret).await.is_some());
        w.clock.advance_seconds(1);
        assert!(through(&w, &secret).await.is_none());
    });
}

#[test]
fn who_takes_an_account_back_takes_its_tokens_too() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let ann = w.user("ann", "Member").await;
        let id = ann.user_id.unwrap();
        let system = Actor::system();
        let (_, secret) = tokens::create(&w.services, &ann, new_token("Old")).await.unwrap();
        users::set_password(&w.services, &system, id, "a new harbour at dusk".into()).await.unwrap();
        assert!(through(&w, &secret).await.is_none());
        let (_, secret) = tokens::create(&w.services, &ann, new_token("New")).await.unwrap();
        for status in [UserStatus::Disabled, UserStatus::Active] {
            let version = users::find(&w.services, &system, id).await.unwrap().version;
            let edit = EditUser { version, status: Some(status), ..EditUser::default() };
            users::update(&w.services, &system, id, edit).await.unwrap();
            assert!(through(&w, &secret).await.is_none(), "{status:?}");
        }
    });
}

#[test]
fn a_read_only_token_changes_nothing() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let new = NewToken { read_only: true, ..new_token("Dashboard") };
        let (_, secret) = tokens::create(&w.services, &w.admin, new).await.unwrap();
        let reader = through(&w, &secret).await.unwrap();
        assert!(reader.allows(Permission::UserView, Place::Workspace));
        assert!(!reader.allows(Permission::UserManage, Place::Workspace));
        let edit = EditUser { version: 1, display_name: Some("X".into()), ..EditUser::default() };
        let error = accounts::update_profile(&w.services, &reader, edit).await.unwrap_err();
        assert_eq!(code(&error), "read_only_token");
        let error = sessions::revoke_others(&w.services, &reader).await.unwrap_err();
        assert_eq!(code(&error), "read_only_token");
        let project = w.project(&w.admin, "WEB").await;
        let task = w.task(&w.admin, &project, "watched").await.summary.id;
        for refused in
            [tasks::watch(&w.services, &reader, task).await, tasks::unwatch(&w.services, &reader, task).await]
        {
            assert_eq!(code(&refused.unwrap_err()), "read_only_token");
        }
        let user = w.admin.user_id.unwrap();
        let error = users::set_password(&w.services, &reader, user, NEW.into()).await.unwrap_err();
        assert_eq!(error, Error::Forbidden { permission: "user.manage".into() });
    });
}

#[test]
fn whoever_finds_a_token_can_neither_make_more_nor_change_the_password() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let (_, secret) = tokens::create(&w.services, &w.admin, new_token("Backup")).await.unwrap();
        let finder = through(&w, &secret).await.unwrap();
        let more = tokens::create(&w.services, &finder, new_token("More")).await.unwrap_err();
        assert_eq!(code(&more), "sign_in_needed");
        let change = accounts::change_password(&w.services, &finder, PASSWORD.into(), NEW.into()).await;
        assert_eq!(code(&change.unwrap_err()), "sign_in_needed");
    });
}

#[test]
fn people_see_and_remove_their_own_tokens_only() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("grace", "Member").await;
        let (token, secret) = tokens::create(&w.services, &w.admin, new_token("Backup")).await.unwrap();
        assert!(tokens::list(&w.services, &grace).await.unwrap().is_empty());
        let stolen = tokens::revoke(&w.services, &grace, token.id).await;
        assert_eq!(stolen, Err(Error::not_found("token")));
        assert!(through(&w, &secret).await.is_some());
        tokens::revoke(&w.services, &w.admin, token.id).await.unwrap();
        assert!(through(&w, &secret).await.is_none());
        assert_eq!(tokens::revoke(&w.services, &w.admin, token.id).await, Err(Error::not_found("token")));
        let none = tokens::list(&w.services, &Actor::system()).await;
        assert_eq!(none, Err(Error::Unauthenticated));
    });
}

#[test]
fn a_token_has_a_name_and_an_end() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for days in [0, -1, 366] {
            let new = NewToken { days, ..new_token("Backup") };
            let error = tokens::create(&w.services, &w.admin, new).await.unwrap_err();
            assert_eq!(field(&error), ("days", "out_of_range"));
        }
        let error = tokens::create(&w.services, &w.admin, new_token("  ")).await.unwrap_err();
        assert_eq!(field(&error), ("name", "blank"));
    });
}
