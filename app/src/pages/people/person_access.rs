//! What those who manage people can do about someone's sign-in: a new password, ending sessions, disabling.

use crate::{
    api::people::{EndPersonSessions, SetPersonPassword, SetPersonStatus, set_person_status},
    components::{Button, ButtonVariant, FormErrors, Icon, InputKind, TextInput, Toaster, use_toaster},
    features::{
        form_outcome::{FormOutcome, on_success},
        password_hint::PASSWORD_HINT,
    },
};
use domain::user::{User, UserStatus};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction, task::spawn_local};

/// Gives a person a new password.
#[component]
pub fn NewPassword(user: RwSignal<User>) -> impl IntoView {
    let action = ServerAction::<SetPersonPassword>::new();
    let outcome = FormOutcome::of(action, "set-");
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |()| {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        toaster.success("The new password is set. Their sessions have ended.");
    });
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields() prefix="set-"/>
        <ActionForm action node_ref=form attr:class="form">
            <input type="hidden" name="id" value=user.get_untracked().id.to_string()/>
            <TextInput
                id="set-password" name="password" label="New password" kind=InputKind::Password
                autocomplete="new-password" required=true hint=PASSWORD_HINT error=outcome.field("password")
            />
            <div class="form-actions">
                <Button kind="submit" busy=outcome.busy>"Set password"</Button>
            </div>
        </ActionForm>
    }
}

/// Ends sessions, disables, enables. Nobody disables themselves here: they would be out at once.
#[component]
pub fn Access(user: RwSignal<User>, is_me: bool) -> impl IntoView {
    let end = ServerAction::<EndPersonSessions>::new();
    let ended = FormOutcome::of(end, "");
    let toaster = use_toaster();
    on_success(end, move |()| toaster.success("All their sessions have ended."));
    view! {
        <FormErrors message=ended.message()/>
        <div class="form-actions">
            <ActionForm action=end>
                <input type="hidden" name="id" value=user.get_untracked().id.to_string()/>
                <Button kind="submit" icon=Icon::Logout busy=ended.busy>"End all sessions"</Button>
            </ActionForm>
            {(!is_me).then(|| view! { <Status user/> })}
        </div>
    }
}

#[component]
fn Status(user: RwSignal<User>) -> impl IntoView {
    let action = ServerAction::<SetPersonStatus>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |saved: User| {
        user.set(saved.clone());
        match saved.status {
            UserStatus::Active => toaster.success(let_in(&saved)),
            UserStatus::Disabled => {
                let text = format!("{} can no longer sign in.", saved.display_name);
                toaster.undo(text, move || let_in_again(toaster, user, &saved));
            }
        }
    });
    let active = Memo::new(move |_| user.with(|user| user.status == UserStatus::Active));
    let next = move || if active.get() { UserStatus::Disabled } else { UserStatus::Active };
    view! {
        <ActionForm action>
            <input type="hidden" name="id" value=user.get_untracked().id.to_string()/>
            <input type="hidden" name="version" value=move || user.with(|user| user.version)/>
            <input type="hidden" name="status" value=move || next().as_str()/>
            <Show
                when=move || active.get()
                fallback=move || view! { <Button kind="submit" icon=Icon::Check busy=outcome.busy>"Let them sign in again"</Button> }
            >
                <Button kind="submit" variant=ButtonVariant::Danger icon=Icon::Ban busy=outcome.busy>"Disable"</Button>
            </Show>
        </ActionForm>
        <FormErrors message=outcome.message()/>
    }
}

fn let_in(user: &User) -> String {
    format!("{} can sign in again.", user.display_name)
}

/// Not through the action, which goes with its page.
fn let_in_again(toaster: Toaster, user: RwSignal<User>, disabled: &User) {
    let (id, version) = (disabled.id, disabled.version);
    spawn_local(async move {
        match set_person_status(id, version, UserStatus::Active.as_str().to_owned()).await {
            Ok(now) => {
                toaster.success(let_in(&now));
                user.try_set(now);
            }
            Err(error) => toaster.error(error.to_string()),
        }
    });
}
