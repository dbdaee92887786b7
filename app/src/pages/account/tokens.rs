//! API tokens.

use crate::{
    api::account::{CreateToken, FreshToken, RevokeToken, my_tokens},
    components::{
        AsyncPanel, Badge, Button, ButtonSize, Checkbox, Choice, FormErrors, Icon, Notice, RelativeTime,
        Select, SkeletonRows, TextInput, Tone, use_toaster,
    },
    features::{
        alive::use_alive,
        copy_button::CopyButton,
        form_outcome::{FormOutcome, on_success},
    },
};
use domain::{limits, token::Token};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// The list, each with a way to end it, and the form for a new one.
#[component]
pub fn Tokens() -> impl IntoView {
    let create = ServerAction::<CreateToken>::new();
    let revoke = ServerAction::<RevokeToken>::new();
    let outcome = FormOutcome::of(revoke, "");
    let tokens = Resource::new(move || (create.version().get(), revoke.version().get()), |_| my_tokens());
    let toaster = use_toaster();
    on_success(revoke, move |()| toaster.success("The token has ended."));
    view! {
        <FormErrors message=outcome.message()/>
        <AsyncPanel
            resource=tokens
            loading=|| view! { <SkeletonRows count=1/> }
            is_empty=Vec::is_empty
            empty=|| view! { <p class="muted">"No program acts in your name."</p> }
            let:tokens
        >
            <ul class="device-rows">
                {tokens.into_iter().map(|token| view! { <Row token revoke/> }).collect_view()}
            </ul>
        </AsyncPanel>
        <NewToken create/>
    }
}

#[component]
fn Row(token: Token, revoke: ServerAction<RevokeToken>) -> impl IntoView {
    let what = format!("End the token {}", token.name);
    let used = match token.used_at {
        Some(at) => view! { " · used " <RelativeTime at/> }.into_any(),
        None => " · never used".into_any(),
    };
    view! {
        <li class="device-row">
            <Icon icon=Icon::Key/>
            <div class="device-text">
                <strong>{token.name}</strong>
                <span class="muted">"Ends " <RelativeTime at=token.expires_at/> {used}</span>
            </div>
            {token.read_only.then(|| view! { <Badge>"Only reads"</Badge> })}
            <ActionForm action=revoke>
                <input type="hidden" name="id" value=token.id.to_string()/>
                <Button kind="submit" size=ButtonSize::Small attr:aria-label=what>"End"</Button>
            </ActionForm>
        </li>
    }
}

/// Not written into the view: there, Leptos makes an attribute of it.
const NEEDS_SCRIPT: &str =
    r#"<p class="muted">Making a token needs script, because its secret is shown only once.</p>"#;

/// Needs script: what is made is shown once, in the answer to the very request that made it.
#[component]
fn NewToken(create: ServerAction<CreateToken>) -> impl IntoView {
    let alive = use_alive();
    let fresh = RwSignal::new(None::<FreshToken>);
    on_success(create, move |token| fresh.set(Some(token)));
    view! {
        {move || fresh.get().map(|fresh| view! { <Secret fresh/> })}
        <Show
            when=move || alive.get()
            // As text: with script, browsers take what is in a `noscript` for text, and hydration would look for elements.
            fallback=|| view! {
                <noscript inner_html=NEEDS_SCRIPT></noscript>
            }
        >
            <NewTokenForm create fresh/>
        </Show>
    }
}

#[component]
fn Secret(fresh: FreshToken) -> impl IntoView {
    let secret = fresh.secret.clone();
    view! {
        <Notice tone=Tone::Success title=format!("The token “{}” is ready", fresh.token.name) alert=true>
            <p>"Copy it now and keep it like a password: it is not shown again."</p>
            <p class="secret-once"><code>{secret}</code><CopyButton text=fresh.secret/></p>
        </Notice>
    }
}

#[component]
fn NewTokenForm(create: ServerAction<CreateToken>, fresh: RwSignal<Option<FreshToken>>) -> impl IntoView {
    let outcome = FormOutcome::of(create, "token-");
    let form = NodeRef::<html::Form>::new();
    Effect::new(move |_| {
        if fresh.with(Option::is_some)
            && let Some(form) = form.get_untracked()
        {
            form.reset();
        }
    });
    let days = [(7, "A week"), (30, "30 days"), (90, "90 days"), (365, "A year")];
    let choices: Vec<_> = days.map(|(days, label)| Choice::new(days.to_string(), label)).into();
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields() prefix="token-"/>
        <ActionForm action=create node_ref=form attr:class="form">
            <div class="form-row">
                <TextInput
                    id="token-name" name="name" label="What the token is for" required=true
                    max_length=u32::try_from(limits::NAME).unwrap_or(u32::MAX) placeholder="Nightly report"
                    error=outcome.field("name")
                />
                <Select id="token-days" name="days" label="Ends after" choices value="90" error=outcome.field("days")/>
            </div>
            <Checkbox id="token-read_only" name="read_only" label="May only read"/>
            <div class="form-actions">
                <Button kind="submit" icon=Icon::Plus busy=outcome.busy>"Create token"</Button>
            </div>
        </ActionForm>
    }
}
