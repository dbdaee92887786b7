//! One announcement: read, acknowledged, and for those who may, changed and withdrawn.

use crate::{
    api::announcement::{
        AcknowledgeAnnouncement, UpdateAnnouncement, WithdrawAnnouncement, find_announcement, list_recipients,
    },
    components::{
        AsyncPanel, Badge, Button, ButtonSize, ButtonVariant, Checkbox, Crumb, FormErrors, Icon, Markdown,
        Notice, PageHeader, Panel, Person, RelativeTime, SkeletonLines, SkeletonRows, TextInput, Tone,
        use_toaster,
    },
    features::{
        ask_again::ask_again,
        ask_first::AskFirst,
        entity::Entity,
        form_outcome::{FormOutcome, on_success},
        form_problems::FormProblems,
        inbox_count::use_inbox_count,
        live::follow_inbox,
        markdown_editor::MarkdownEditor,
        page_title::PageTitle,
        query::address,
        use_query::use_query,
    },
    paths,
};
use domain::{
    announcement::{Announcement, AnnouncementView, Recipient},
    ids::AnnouncementId,
    page::Paged,
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};
use leptos_router::hooks::use_params_map;

/// The page.
#[component]
pub fn AnnouncementPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let found = Resource::new_blocking(move || id.get(), find_announcement);
    view! {
        <Entity resource=found loading=|| view! { <div class="page"><SkeletonLines count=8/></div> } let:view>
            <One view/>
        </Entity>
    }
}

#[component]
fn One(view: AnnouncementView) -> impl IntoView {
    let (id, manages) = (view.announcement.id, view.may_manage);
    let seen = RwSignal::new(view);
    let reload = ask_again(move || find_announcement(id.to_string()), move |view| seen.set(view));
    follow_inbox(move || reload.run(()));
    let title = Signal::derive(move || seen.with(|seen| seen.announcement.title.clone()));
    let about = move || {
        seen.with(|seen| {
            let it = &seen.announcement;
            let author =
                it.author.as_ref().map_or_else(|| "PMS".to_owned(), |author| author.display_name.clone());
            (format!("{author} to {}", it.audience_name()), it.created_at)
        })
    };
    let html = Memo::new(move |_| seen.with(|seen| seen.announcement.body_html.clone()));
    let withdrawn = move || seen.with(|seen| seen.announcement.withdrawn_at.is_some());
    view! {
        <PageTitle text=title/>
        <PageHeader title crumbs=vec![Crumb::new("Announcements", paths::ANNOUNCEMENTS)]/>
        <div class="page page-narrow">
            <Show when=withdrawn>
                <Notice tone=Tone::Warning><p>"This was withdrawn. Only those who manage announcements see it."</p></Notice>
            </Show>
            {move || {
                let (text, at) = about();
                view! { <p class="muted">{text} " · " <RelativeTime at/></p> }
            }}
            <Markdown html/>
            <Acknowledge id seen/>
            {manages.then(|| view! { <Manage seen/> })}
        </div>
    }
}

/// Asks for the acknowledgement, or says that it was given.
#[component]
fn Acknowledge(id: AnnouncementId, seen: RwSignal<AnnouncementView>) -> impl IntoView {
    let action = ServerAction::<AcknowledgeAnnouncement>::new();
    let outcome = FormOutcome::of(action, "");
    let count = use_inbox_count();
    on_success(action, move |after| {
        seen.set(after);
        count.refetch();
    });
    let asked = move || {
        seen.with(|seen| {
            seen.told && seen.announcement.acknowledge && seen.announcement.withdrawn_at.is_none()
        })
    };
    let given = Memo::new(move |_| seen.with(|seen| seen.acknowledged_at));
    view! {
        <FormErrors message=outcome.message()/>
        <Show when=asked>
            {move || match given.get() {
                Some(at) => view! {
                    <p class="muted"><Badge tone=Tone::Success icon=Icon::Check>"You have acknowledged this"</Badge> " " <RelativeTime at/></p>
                }.into_any(),
                None => view! {
                    <ActionForm action attr:class="form">
                        <input type="hidden" name="id" value=id.to_string()/>
                        <div class="form-actions">
                            <Button variant=ButtonVariant::Primary kind="submit" icon=Icon::Check busy=outcome.busy>
                                "I have read this"
                            </Button>
                        </div>
                    </ActionForm>
                }.into_any(),
            }}
        </Show>
    }
}

/// Who has read it, and the forms that change it.
#[component]
fn Manage(seen: RwSignal<AnnouncementView>) -> impl IntoView {
    let it = seen.with_untracked(|seen| seen.announcement.clone());
    let in_use = Memo::new(move |_| seen.with(|seen| seen.announcement.withdrawn_at.is_none()));
    view! {
        <Recipients seen/>
        <Show when=move || in_use.get()>
            <Edit it=it.clone() seen/>
            <Withdraw seen/>
        </Show>
    }
}

#[component]
fn Recipients(seen: RwSignal<AnnouncementView>) -> impl IntoView {
    let query = use_query();
    let id = seen.with_untracked(|seen| seen.announcement.id);
    let counts = Memo::new(move |_| {
        seen.with(|seen| {
            let it = &seen.announcement;
            (it.acknowledge, it.acknowledged_count, it.told_count)
        })
    });
    let which = Memo::new(move |_| {
        query.with(|query| {
            (query.get("who").as_deref() == Some("acknowledged"), query.get("cursor").unwrap_or_default())
        })
    });
    let people = Resource::new(
        move || (which.get(), counts.get()),
        move |((acknowledged, cursor), _)| list_recipients(id, acknowledged, cursor),
    );
    let text = move || match counts.get() {
        (true, acknowledged, told) => format!("{acknowledged} of {told} have acknowledged it. "),
        (false, _, told) => format!("{told} were told. "),
    };
    let asked = Memo::new(move |_| counts.get().0);
    let link = move |acknowledged: bool, text: &'static str| {
        let who = if acknowledged { "acknowledged" } else { "" };
        let href = format!("{}#recipients", address(&paths::announcement(id), &[("who", who)]));
        let current = move || (which.get().0 == acknowledged).then_some("true");
        view! { <a href=href aria-current=current>{text}</a> }
    };
    view! {
        <Panel id="recipients" title="Who was told">
            <p>{text} <Show when=move || asked.get()>{link(false, "Who has not")} " · " {link(true, "Who has")}</Show></p>
            <AsyncPanel
                resource=people
                loading=|| view! { <SkeletonRows count=3/> }
                is_empty=|people| people.items.is_empty()
                empty=|| view! { <p class="muted">"Nobody."</p> }
                let:people
            >
                {list_of(people, id, which.get_untracked().0)}
            </AsyncPanel>
        </Panel>
    }
}

fn list_of(people: Paged<Recipient>, id: AnnouncementId, acknowledged: bool) -> impl IntoView {
    let who = if acknowledged { "acknowledged" } else { "" };
    let more = people.next.map(|next| {
        format!("{}#recipients", address(&paths::announcement(id), &[("who", who), ("cursor", &next)]))
    });
    let row = |it: Recipient| {
        let at = it.acknowledged_at.map(|at| view! { <span class="muted"><RelativeTime at/></span> });
        view! { <li><Person name=it.user.display_name/> " " {at}</li> }
    };
    view! {
        <ul class="announcement-people">{people.items.into_iter().map(row).collect_view()}</ul>
        {more.map(|more| view! { <p><a href=more>"More"</a></p> })}
    }
}

#[component]
fn Edit(it: Announcement, seen: RwSignal<AnnouncementView>) -> impl IntoView {
    let action = ServerAction::<UpdateAnnouncement>::new();
    let outcome = FormOutcome::of(action, "announcement-");
    let version = RwSignal::new(it.version);
    let form = NodeRef::<html::Form>::new();
    let toaster = use_toaster();
    on_success(action, move |after: AnnouncementView| {
        version.set(after.announcement.version);
        seen.set(after);
        toaster.success("Saved. Who was told sees it as it is now.");
    });
    view! {
        <Panel id="edit" title="Change it">
            <FormProblems outcome prefix="announcement-" version form/>
            <ActionForm action node_ref=form attr:class="form">
                <input type="hidden" name="id" value=it.id.to_string()/>
                <input type="hidden" name="version" value=move || version.get()/>
                <TextInput id="announcement-title" name="title" label="Title" value=it.title required=true error=outcome.field("title")/>
                <MarkdownEditor id="announcement-body" name="body" label="Text" value=it.body required=true error=outcome.field("body")/>
                <Checkbox
                    id="announcement-acknowledge" name="acknowledge" label="Ask everyone to acknowledge it"
                    checked=it.acknowledge
                />
                <div class="form-actions"><Button kind="submit" busy=outcome.busy>"Save"</Button></div>
            </ActionForm>
        </Panel>
    }
}

#[component]
fn Withdraw(seen: RwSignal<AnnouncementView>) -> impl IntoView {
    let action = ServerAction::<WithdrawAnnouncement>::new();
    let outcome = FormOutcome::of(action, "");
    let toaster = use_toaster();
    on_success(action, move |after| {
        seen.set(after);
        toaster.success("Withdrawn. It is gone from all inboxes.");
    });
    view! {
        <Panel id="withdraw" title="Withdraw it">
            <FormErrors message=outcome.message()/>
            <AskFirst label="Withdraw…" icon=Icon::Trash>
            <ActionForm action attr:class="form">
                <input type="hidden" name="id" value=move || seen.with(|seen| seen.announcement.id.to_string())/>
                <input type="hidden" name="version" value=move || seen.with(|seen| seen.announcement.version)/>
                <p>"It goes from the inboxes of all who were told, and can't be brought back."</p>
                <div class="form-actions">
                    <Button kind="submit" variant=ButtonVariant::Danger size=ButtonSize::Small busy=outcome.busy>"Withdraw"</Button>
                </div>
            </ActionForm>
            </AskFirst>
        </Panel>
    }
}
