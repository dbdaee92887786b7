//! Announcing something.

use crate::{
    api::announcement::{PublishAnnouncement, announcement_audiences},
    components::{
        AsyncPanel, Button, ButtonVariant, Checkbox, Choice, Crumb, EmptyState, FormErrors, Icon, LinkButton,
        PageHeader, Select, SkeletonLines, TextInput,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        markdown_editor::MarkdownEditor,
    },
    paths,
};
use domain::{announcement::AnnouncementView, limits};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// The form, for those who may announce to anybody.
#[component]
pub fn NewAnnouncementPage() -> impl IntoView {
    let audiences = Resource::new(|| (), |()| announcement_audiences());
    view! {
        <Title text="Announce"/>
        <PageHeader title="Announce" crumbs=vec![Crumb::new("Announcements", paths::ANNOUNCEMENTS)]/>
        <div class="page page-narrow">
            <AsyncPanel
                resource=audiences
                loading=|| view! { <SkeletonLines count=8/> }
                is_empty=Vec::is_empty
                empty=|| view! {
                    <EmptyState
                        icon=Icon::Lock
                        title="You can't announce anything"
                        text="It needs the permission to announce in the workspace or in a project. Whoever manages roles can give it to you."
                    />
                }
                let:audiences
            >
                <Form audiences/>
            </AsyncPanel>
        </div>
    }
}

#[component]
fn Form(audiences: Vec<(String, String)>) -> impl IntoView {
    let action = ServerAction::<PublishAnnouncement>::new();
    let outcome = FormOutcome::of(action, "announcement-");
    let navigate = use_navigate();
    on_success(action, move |it: AnnouncementView| {
        navigate(&paths::announcement(it.announcement.id), NavigateOptions::default());
    });
    let first = audiences.first().map(|(value, _)| value.clone()).unwrap_or_default();
    let choices: Vec<_> = audiences.into_iter().map(|(value, label)| Choice::new(value, label)).collect();
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields() prefix="announcement-"/>
        <ActionForm action attr:class="form">
            <Select id="announcement-audience" name="audience" label="For" choices value=first error=outcome.field("audience")/>
            <TextInput
                id="announcement-title" name="title" label="Title" required=true
                max_length=u32::try_from(limits::TITLE).unwrap_or(u32::MAX) error=outcome.field("title")
            />
            <MarkdownEditor id="announcement-body" name="body" label="Text" required=true error=outcome.field("body")/>
            <Checkbox
                id="announcement-acknowledge" name="acknowledge" label="Ask everyone to acknowledge it"
                hint="It stays in their inboxes until they do, and you see who has."
            />
            <div class="form-actions">
                <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Announce"</Button>
                <LinkButton href=paths::ANNOUNCEMENTS variant=ButtonVariant::Quiet>"Cancel"</LinkButton>
            </div>
        </ActionForm>
    }
}
