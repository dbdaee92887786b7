//! Where one is signed in.

use crate::{
    api::account::{RevokeOtherSessions, RevokeSession, my_sessions},
    components::{
        AsyncPanel, Badge, Button, ButtonSize, FormErrors, Icon, RelativeTime, SkeletonRows, Tone,
        use_toaster,
    },
    features::{
        browser_name::browser_name,
        form_outcome::{FormOutcome, on_success},
    },
};
use domain::session::Session;
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// The list, each with a way to end it, and one to end all others.
#[component]
pub fn Sessions() -> impl IntoView {
    let revoke = ServerAction::<RevokeSession>::new();
    let others = ServerAction::<RevokeOtherSessions>::new();
    let (one, all) = (FormOutcome::of(revoke, ""), FormOutcome::of(others, ""));
    let sessions = Resource::new(move || (revoke.version().get(), others.version().get()), |_| my_sessions());
    let toaster = use_toaster();
    on_success(revoke, move |()| toaster.success("The session has ended."));
    on_success(others, move |()| toaster.success("You are signed out everywhere else."));
    view! {
        <FormErrors message=one.message()/>
        <FormErrors message=all.message()/>
        <AsyncPanel resource=sessions loading=|| view! { <SkeletonRows count=2/> } let:sessions>
            {
                let alone = sessions.iter().all(|session| session.current);
                view! {
                    <ul class="device-rows">
                        {sessions.into_iter().map(|session| view! { <Row session revoke/> }).collect_view()}
                    </ul>
                    {(!alone).then(|| view! {
                        <ActionForm action=others attr:class="form-actions">
                            <Button kind="submit" icon=Icon::Logout busy=all.busy>"Sign out everywhere else"</Button>
                        </ActionForm>
                    })}
                }
            }
        </AsyncPanel>
    }
}

#[component]
fn Row(session: Session, revoke: ServerAction<RevokeSession>) -> impl IntoView {
    let id = session.id.to_string();
    let browser = browser_name(&session.user_agent);
    let what = format!("End the session of {browser}");
    let end = move || {
        view! {
            <ActionForm action=revoke>
                <input type="hidden" name="id" value=id/>
                <Button kind="submit" size=ButtonSize::Small attr:aria-label=what>"End"</Button>
            </ActionForm>
        }
    };
    view! {
        <li class="device-row">
            <Icon icon=Icon::Monitor/>
            <div class="device-text">
                <strong title=session.user_agent>{browser}</strong>
                <span class="muted">
                    {session.address} " · used " <RelativeTime at=session.seen_at/>
                    " · signed in " <RelativeTime at=session.created_at/>
                </span>
            </div>
            {if session.current {
                view! { <Badge tone=Tone::Success>"This one"</Badge> }.into_any()
            } else {
                end().into_any()
            }}
        </li>
    }
}
