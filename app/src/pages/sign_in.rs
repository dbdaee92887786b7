//! Signing in.

use crate::{
    api::account::SubmitSignIn,
    components::{Button, ButtonSize, ButtonVariant, FormErrors, InputKind, TextInput},
    features::{
        form_outcome::{FormOutcome, on_success},
        sidebar::Mark,
        use_query::use_query,
        whole_page::load_whole_page,
    },
    paths,
    session::use_me,
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// User name or address, and password. What was wrong is not told: the answer is the same for a name nobody has.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query();
    let next =
        Memo::new(move |_| paths::after_sign_in(&query.with(|query| query.get("next").unwrap_or_default())));
    let action = ServerAction::<SubmitSignIn>::new();
    let outcome = FormOutcome::of(action, "");
    on_success(action, |next: String| load_whole_page(&next));
    view! {
        <Title text="Sign in"/>
        <div class="sign-in-card">
            <div class="sign-in-brand"><Mark/> "PMS"</div>
            <h1>"Sign in"</h1>
            {use_me().map(|me| view! {
                <p class="muted">
                    "You are signed in as " {me.user.display_name} ". "
                    <a href=move || next.get() rel="external">"Go on"</a>
                    ", or sign in as someone else."
                </p>
            })}
            <FormErrors message=outcome.message() fields=outcome.fields()/>
            <ActionForm action attr:class="form">
                <input type="hidden" name="next" value=move || next.get()/>
                <TextInput
                    id="username"
                    label="User name or e-mail"
                    autocomplete="username"
                    required=true
                    autofocus=true
                    error=outcome.field("username")
                />
                <TextInput
                    id="password"
                    label="Password"
                    kind=InputKind::Password
                    autocomplete="current-password"
                    required=true
                    error=outcome.field("password")
                />
                <Button variant=ButtonVariant::Primary size=ButtonSize::Large kind="submit" busy=outcome.busy>
                    "Sign in"
                </Button>
            </ActionForm>
            <p class="sign-in-foot">
                "Forgotten the password? Someone who manages people here can give you a new one."
            </p>
        </div>
    }
}
