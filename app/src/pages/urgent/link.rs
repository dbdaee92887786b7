//! Where the link in an e-mail leads. Opening it changes nothing, because mail programs open links by themselves.

use crate::{
    api::urgent::{AcknowledgeLinked, LinkedAlert, find_linked_alert},
    components::{
        Button, ButtonSize, ButtonVariant, FormErrors, Icon, LinkButton, Notice, RelativeTime, SkeletonLines,
        Tone,
    },
    features::{
        entity::Entity,
        form_outcome::{FormOutcome, on_success},
        sidebar::Mark,
        use_query::use_query,
    },
    paths,
};
use domain::urgent::AlertState;
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// Asks, and then acknowledges. Needs no sign-in.
#[component]
pub fn AcknowledgePage() -> impl IntoView {
    let query = use_query();
    let token = Memo::new(move |_| query.with(|query| query.get("token").unwrap_or_default()));
    let alert = Resource::new_blocking(move || token.get(), find_linked_alert);
    let reload = Callback::new(move |()| alert.refetch());
    view! {
        <Title text="Acknowledge"/>
        <div class="sign-in-card">
            <div class="sign-in-brand"><Mark/> "PMS"</div>
            <Entity resource=alert loading=|| view! { <SkeletonLines/> } let:found>
                <Asked found token=token.get_untracked() reload/>
            </Entity>
        </div>
    }
}

#[component]
fn Asked(found: LinkedAlert, token: String, reload: Callback<()>) -> impl IntoView {
    let action = ServerAction::<AcknowledgeLinked>::new();
    let outcome = FormOutcome::of(action, "");
    on_success(action, move |_| reload.run(()));
    let title = format!("{} is urgent", found.project);
    let answer = match (found.alert.state, found.alert.acknowledgement) {
        // Also where it was acknowledged and rings again.
        (AlertState::Ringing, _) => view! {
            <FormErrors message=outcome.message()/>
            <ActionForm action attr:class="form">
                <input type="hidden" name="token" value=token/>
                <Button kind="submit" variant=ButtonVariant::Primary size=ButtonSize::Large icon=Icon::Check busy=outcome.busy>
                    "Acknowledge as " {found.alert.user.display_name}
                </Button>
            </ActionForm>
        }
        .into_any(),
        (_, Some(ack)) => view! {
            <Notice tone=Tone::Success title="Acknowledged">
                <p>{found.alert.user.display_name} " acknowledged " <RelativeTime at=ack.at/></p>
            </Notice>
        }
        .into_any(),
        (_, None) => {
            view! { <Notice tone=Tone::Info title="This is over"><p>"It does not ring any more."</p></Notice> }.into_any()
        }
    };
    view! {
        <h1>{title}</h1>
        <p class="urgent-reason">{found.reason}</p>
        {answer}
        <LinkButton href=paths::URGENT>"Open PMS"</LinkButton>
    }
}
