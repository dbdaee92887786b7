//! Every urgent project: what rings for oneself, what goes on, what is over.

use super::{OnlyALabel, StateBadge};
use crate::{
    api::urgent::{AcknowledgeAlert, UrgentProjects, urgent_now},
    components::{
        AsyncPanel, Button, ButtonSize, ButtonVariant, ColourDot, EmptyState, FormErrors, Icon, LinkButton,
        Narrow, Notice, PageHeader, Pagination, Panel, RelativeTime, SkeletonRows, Table, TextInput, Tone,
    },
    features::{
        ask_again::ask_again,
        form_outcome::{FormOutcome, on_success},
        live::{areas, follow},
        query::address,
        use_query::use_query,
    },
    paths,
    session::may,
};
use domain::{
    limits::urgent as limits,
    page::Paged,
    permission::Permission,
    urgent::{Episode, OwnAlert},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// One's own alerts first: they wait for an answer.
#[component]
pub fn UrgentPage() -> impl IntoView {
    let query = use_query();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let first = Resource::new(move || cursor.get(), |cursor| urgent_now(Some(cursor)));
    let policy = may(Permission::WorkspaceManage).then(|| {
        view! { <LinkButton href=paths::URGENT_POLICY icon=Icon::Settings>"How it rings"</LinkButton> }
    });
    view! {
        <Title text="Urgent"/>
        <PageHeader title="Urgent projects" actions=move || policy/>
        <div class="page">
            <AsyncPanel resource=first loading=|| view! { <SkeletonRows count=6/> } let:found>
                <Content found cursor=cursor.get_untracked()/>
            </AsyncPanel>
        </div>
    }
}

/// Follows what happens. One's own alerts stay as they are while they ring: a note may be on its way into one.
#[component]
fn Content(found: UrgentProjects, cursor: String) -> impl IntoView {
    let rings = found.rings;
    let now = RwSignal::new(found);
    let of = cursor.clone();
    let reload = ask_again(move || urgent_now(Some(of.clone())), move |found| now.set(found));
    follow(areas(["urgent", "alert"]), move || reload.run(()));
    let (open, over) = (
        Memo::new(move |_| now.with(|now| now.open.clone())),
        Memo::new(move |_| now.with(|now| now.over.clone())),
    );
    view! {
        <div class="stack">
            {if rings {
                view! { <p class="muted">"An urgent project alerts everyone in it until each has acknowledged. Nobody can turn that off."</p> }.into_any()
            } else {
                view! { <OnlyALabel/> }.into_any()
            }}
            <For each=move || now.with(|now| now.own.clone()) key=|alert| alert.id let:alert>
                <Own alert reload/>
            </For>
            {move || open_now(open.get())}
            {move || history(over.get(), &cursor)}
        </div>
    }
}

fn open_now(open: Vec<Episode>) -> AnyView {
    if open.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Done title="Nothing is urgent"
                text="Whoever runs a project can raise it, on the project’s page under “More actions”. Then it stands here."
            />
        }
        .into_any();
    }
    view! { <Panel id="open" title="Urgent now" flush=true>{episodes(open, "Projects that are urgent")}</Panel> }
        .into_any()
}

/// An alert of one's own, with its answer. Without script it is the only way here to give it.
#[component]
fn Own(alert: OwnAlert, reload: Callback<()>) -> impl IntoView {
    let acknowledge = ServerAction::<AcknowledgeAlert>::new();
    let outcome = FormOutcome::of(acknowledge, "note-");
    on_success(acknowledge, move |_| reload.run(()));
    let title = format!("{} is urgent", alert.project.name);
    let by = alert.raised_by.map(|who| format!("Raised by {} ", who.display_name));
    view! {
        <Notice tone=Tone::Danger title>
            <p class="urgent-reason">{alert.reason}</p>
            <p class="muted">{by}<RelativeTime at=alert.since/></p>
            <Answer id=alert.id.to_string() acknowledge/>
            <FormErrors message=outcome.message()/>
        </Notice>
    }
}

/// The form that acknowledges.
#[component]
pub(super) fn Answer(id: String, acknowledge: ServerAction<AcknowledgeAlert>) -> impl IntoView {
    let busy = Signal::derive(move || acknowledge.pending().get());
    let note = format!("note-{id}");
    view! {
        <ActionForm action=acknowledge attr:class="urgent-answer">
            <input type="hidden" name="id" value=id/>
            <TextInput
                id=note name="note" label="Note (optional)" placeholder="What you will do"
                max_length=u32::try_from(limits::NOTE).unwrap_or(u32::MAX)
            />
            <Button kind="submit" variant=ButtonVariant::Primary icon=Icon::Check busy>"Acknowledge"</Button>
        </ActionForm>
    }
}

fn history(over: Paged<Episode>, cursor: &str) -> Option<AnyView> {
    let first = (!cursor.is_empty()).then(|| paths::URGENT.to_owned());
    if over.items.is_empty() && first.is_none() {
        return None;
    }
    let next = over.next.as_deref().map(|next| address(paths::URGENT, &[("cursor", next)]));
    let summary = format!("{} that are over, the latest first", over.items.len());
    let history = view! {
        <Panel id="over" title="Over" flush=true>
            {episodes(over.items, "Projects that were urgent")}
            <Pagination summary first next forward_only=true/>
        </Panel>
    };
    Some(history.into_any())
}

fn episodes(episodes: Vec<Episode>, label: &'static str) -> impl IntoView {
    view! {
        <Table label narrow=Narrow::Lines>
            <thead>
                <tr>
                    <th scope="col">"Project"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Acknowledged"</th>
                    <th scope="col">"Raised"</th>
                    <th scope="col"><span class="visually-hidden">"More"</span></th>
                </tr>
            </thead>
            <tbody>{episodes.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

fn row(episode: Episode) -> impl IntoView {
    let people = match (episode.rings, episode.ringing) {
        (false, _) => "Nobody was alerted".to_owned(),
        (true, 0) => format!("{} people", episode.acknowledged),
        (true, ringing) => format!("{} of {}", episode.acknowledged, episode.acknowledged + ringing),
    };
    let by = episode.raised_by.map(|who| format!(" by {}", who.display_name));
    let href = paths::project(&episode.project.key);
    view! {
        <tr>
            <td class="cell-main">
                <a class="project-link" href=href>
                    <ColourDot colour=episode.project.colour/>
                    <span class="project-link-name">{episode.project.name}</span>
                    <span class="task-key">{episode.project.key}</span>
                </a>
                <span class="muted">{episode.reason}</span>
            </td>
            <td class="cell-min" data-label="State"><StateBadge state=episode.state/></td>
            <td class="cell-min" data-label="Acknowledged">{people}</td>
            <td class="cell-min muted" data-label="Raised"><RelativeTime at=episode.raised_at/>{by}</td>
            <td class="cell-min">
                <LinkButton href=paths::episode(episode.id) size=ButtonSize::Small>"Details"</LinkButton>
            </td>
        </tr>
    }
}
