//! The first start: making the first account, with the one-time link that the server prints.

use crate::{
    api::account::{CompleteSetUp, is_set_up},
    components::{
        AsyncPanel, Button, ButtonSize, ButtonVariant, FormErrors, InputKind, LinkButton, Notice,
        SkeletonLines, TextInput, Tone,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        password_hint::PASSWORD_HINT,
        sidebar::Mark,
        use_query::use_query,
        whole_page::load_whole_page,
    },
    paths,
};
use leptos::{either::EitherOf3, form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// Says what is missing before anything is typed; then the form.
#[component]
pub fn SetUpPage() -> impl IntoView {
    let query = use_query();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let done = Resource::new_blocking(|| (), |()| is_set_up());
    view! {
        <Title text="Set up"/>
        <div class="sign-in-card">
            <div class="sign-in-brand"><Mark/> "PMS"</div>
            <h1>"Set up PMS"</h1>
            <AsyncPanel resource=done loading=|| view! { <SkeletonLines/> } let:done>
                {if done {
                    EitherOf3::A(view! { <AlreadySetUp/> })
                } else if token.get().is_empty() {
                    EitherOf3::B(view! { <NeedsLink/> })
                } else {
                    EitherOf3::C(view! { <FirstAccount token=token.get()/> })
                }}
            </AsyncPanel>
        </div>
    }
}

#[component]
fn AlreadySetUp() -> impl IntoView {
    view! {
        <p class="muted">"This workspace has its first account. Nothing is left to set up."</p>
        <LinkButton href=paths::SIGN_IN variant=ButtonVariant::Primary size=ButtonSize::Large>"Sign in"</LinkButton>
    }
}

#[component]
fn NeedsLink() -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title="This page opens with a link">
            <p>
                "The server prints a one-time link when it starts and nobody has an account yet. It is good for 24 hours. \
                 Look for it in the server’s output. Restart the server to get a new one: the old link stops working."
            </p>
        </Notice>
    }
}

#[component]
fn FirstAccount(token: String) -> impl IntoView {
    let action = ServerAction::<CompleteSetUp>::new();
    let outcome = FormOutcome::of(action, "");
    on_success(action, |()| load_whole_page(paths::HOME));
    view! {
        <p class="muted">"Make the first account. It can do everything, and add the others."</p>
        <FormErrors message=outcome.message() fields=outcome.fields()/>
        <ActionForm action attr:class="form">
            <input type="hidden" name="token" value=token/>
            <TextInput
                id="display_name" label="Your name" autocomplete="name" autofocus=true
                hint="What others see. Leave it blank to use the user name."
                error=outcome.field("display_name")
            />
            <TextInput
                id="username" label="User name" autocomplete="username" required=true
                error=outcome.field("username")
            />
            <TextInput
                id="email" label="E-mail" kind=InputKind::Email autocomplete="email" required=true
                error=outcome.field("email")
            />
            <TextInput
                id="password" label="Password" kind=InputKind::Password autocomplete="new-password" required=true
                hint=PASSWORD_HINT error=outcome.field("password")
            />
            <Button variant=ButtonVariant::Primary size=ButtonSize::Large kind="submit" busy=outcome.busy>
                "Create account"
            </Button>
        </ActionForm>
    }
}
