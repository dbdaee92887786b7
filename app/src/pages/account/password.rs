//! Changing one's own password.

use crate::{
    api::account::ChangePassword,
    components::{Button, FormErrors, InputKind, TextInput, use_toaster},
    features::{
        form_outcome::{FormOutcome, on_success},
        password_hint::PASSWORD_HINT,
    },
    session::use_me,
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// Asks for the current password: a browser left open must not be enough to take an account over.
#[component]
pub fn Password() -> impl IntoView {
    let action = ServerAction::<ChangePassword>::new();
    let outcome = FormOutcome::of(action, "");
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |()| {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
        toaster.success("Your password is changed. Every other session has ended.");
    });
    let username = use_me().map(|me| me.user.username).unwrap_or_default();
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields()/>
        <ActionForm action node_ref=form attr:class="form">
            // Tells password managers whose password this is.
            <input type="text" class="visually-hidden" autocomplete="username" value=username tabindex="-1" aria-hidden="true" readonly=true/>
            <TextInput
                id="current" label="Current password" kind=InputKind::Password
                autocomplete="current-password" required=true error=outcome.field("current")
            />
            <TextInput
                id="new" label="New password" kind=InputKind::Password
                autocomplete="new-password" required=true hint=PASSWORD_HINT error=outcome.field("new")
            />
            <div class="form-actions">
                <Button kind="submit" busy=outcome.busy>"Change password"</Button>
            </div>
        </ActionForm>
    }
}
