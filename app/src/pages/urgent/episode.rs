//! One time that a project was urgent: who has acknowledged, what comes next, and its end.

use super::{
    StateBadge,
    list::Answer,
    report::{Arrived, PeopleOf},
};
use crate::{
    api::urgent::{
        AcknowledgeAlert, EpisodeView, ResolveEpisode, ResumeEpisode, SuspendEpisode, find_episode,
    },
    components::{
        Button, ButtonVariant, Choice, ColourDot, Crumb, FormErrors, Icon, Notice, PageHeader, Panel,
        Properties, Property, RelativeTime, Select, SkeletonLines, TextInput, Tone, use_toaster,
    },
    features::{
        ask_again::ask_again,
        entity::Entity,
        form_outcome::{FormOutcome, on_success},
        live::{follow, in_project},
        page_title::PageTitle,
        project_links::use_recent_projects,
    },
    paths,
};
use domain::{
    limits,
    permission::Permission,
    urgent::{Episode, EpisodeState, Needs, span_text},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_router::hooks::use_params_map;

/// Everything about it; what can be done stands on top.
#[component]
pub fn EpisodePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let episode = Resource::new_blocking(move || id.get(), find_episode);
    view! {
        <Entity resource=episode loading=|| view! { <div class="page"><SkeletonLines count=8/></div> } let:view>
            <Content view/>
        </Entity>
    }
}

/// Follows what happens without drawing a form anew in which somebody types.
#[component]
fn Content(view: EpisodeView) -> impl IntoView {
    let episode = view.report.episode.clone();
    let (id, colour) = (episode.id.to_string(), episode.project.colour);
    let now = RwSignal::new(view);
    let of = id.clone();
    let reload = ask_again(move || find_episode(of.clone()), move |view| now.set(view));
    follow(in_project(episode.project.id), move || reload.run(()));
    let title = format!("{} · Urgent", episode.project.name);
    let key = episode.project.key;
    let crumbs = vec![Crumb::new("Urgent", paths::URGENT), Crumb::new(key.clone(), paths::project(&key))];
    let own = Memo::new(move |_| now.with(|view| view.own));
    let state = Memo::new(move |_| now.with(|view| view.report.episode.state));
    let may = move |permission| {
        state.get().is_open() && now.with_untracked(|view| view.permissions.contains(permission))
    };
    let (of_resolve, of_suspend) = (id.clone(), id);
    view! {
        <PageTitle text=title/>
        <PageHeader
            title=episode.project.name crumbs text=Some(episode.reason)
            lead=move || view! { <ColourDot colour/> }
            meta=move || move || view! { <StateBadge state=state.get()/> }
        />
        <div class="page">
            <div class="project">
                <div class="project-main">
                    {move || own.get().map(|id| view! { <Mine id=id.to_string() reload/> })}
                    {move || view! { <PeopleOf alerts=now.with(|view| view.report.alerts.clone())/> }}
                    {move || view! { <Arrived report=now.with(|view| view.report.clone())/> }}
                </div>
                <aside class="project-side" aria-label="About this episode">
                    {move || view! { <Facts episode=now.with(|view| view.report.episode.clone())/> }}
                    {move || may(Permission::UrgentResolve).then(|| view! { <Resolve id=of_resolve.clone() reload/> })}
                    {move || may(Permission::UrgentSuspend).then(|| {
                        view! { <Suspend id=of_suspend.clone() state=state.get() reload/> }
                    })}
                </aside>
            </div>
        </div>
    }
}

#[component]
fn Mine(id: String, reload: Callback<()>) -> impl IntoView {
    let acknowledge = ServerAction::<AcknowledgeAlert>::new();
    let outcome = FormOutcome::of(acknowledge, "note-");
    on_success(acknowledge, move |_| reload.run(()));
    view! {
        <Notice tone=Tone::Danger title="You have not acknowledged yet">
            <p>"It rings for you until you do. That says that you know, not that it is over."</p>
            <Answer id acknowledge/>
            <FormErrors message=outcome.message()/>
        </Notice>
    }
}

#[component]
fn Facts(episode: Episode) -> impl IntoView {
    let by =
        episode.raised_by.as_ref().map_or("Somebody who is gone".to_owned(), |who| who.display_name.clone());
    let needs = match (episode.rings, episode.policy.needs) {
        (false, _) => "Nobody: urgent alerts were turned off",
        (true, Needs::Everyone) => "Everyone",
        (true, Needs::First) => "The first who can",
    };
    let ended = episode.ended_at.map(|at| {
        let by = episode.ended_by.as_ref().map(|who| format!(" by {}", who.display_name));
        view! { <Property label="Over"><RelativeTime at/>{by}</Property> }
    });
    let note = Some(episode.note.clone())
        .filter(|note| !note.is_empty())
        .map(|note| view! { <Property label="Note">{note}</Property> });
    let until = episode.suspended_until.map(|at| {
        view! { <Property label="Silent until"><RelativeTime at/></Property> }
    });
    view! {
        <Panel id="facts" title="Facts">
            <Properties>
                <Property label="Raised"><RelativeTime at=episode.raised_at/>" by " {by}</Property>
                <Property label="Has to acknowledge">{needs}</Property>
                {next_step(&episode).map(|text| view! { <Property label="Next step">{text}</Property> })}
                {until}
                {ended}
                {note}
            </Properties>
        </Panel>
    }
}

/// What the next step is, and when.
fn next_step(episode: &Episode) -> Option<impl IntoView + use<>> {
    let step = episode.policy.steps.get(episode.next_step?)?;
    let (who, after) = (step.who.label(), span_text(step.after_seconds));
    Some(view! { {who} ", " {after} " after it was raised, unless all have acknowledged" })
}

#[component]
fn Resolve(id: String, reload: Callback<()>) -> impl IntoView {
    let action = ServerAction::<ResolveEpisode>::new();
    let outcome = FormOutcome::of(action, "resolve-");
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    on_success(action, move |now: Episode| {
        toaster.success(format!("{} is not urgent any more.", now.project.name));
        recent.refetch();
        reload.run(());
    });
    view! {
        <Panel id="resolve" title="It is over">
            <FormErrors message=outcome.message()/>
            <ActionForm action attr:class="form">
                <input type="hidden" name="id" value=id/>
                <TextInput
                    id="resolve-note" name="note" label="What was done (optional)" error=outcome.field("note")
                    max_length=u32::try_from(limits::urgent::NOTE).unwrap_or(u32::MAX)
                />
                <div class="form-actions">
                    <Button kind="submit" variant=ButtonVariant::Primary icon=Icon::Check busy=outcome.busy>
                        "Resolve"
                    </Button>
                </div>
            </ActionForm>
        </Panel>
    }
}

#[component]
fn Suspend(id: String, state: EpisodeState, reload: Callback<()>) -> impl IntoView {
    let content = if state == EpisodeState::Suspended {
        view! { <Resume id reload/> }.into_any()
    } else {
        view! { <Silence id reload/> }.into_any()
    };
    view! { <Panel id="suspend" title="Silence for a while">{content}</Panel> }
}

#[component]
fn Resume(id: String, reload: Callback<()>) -> impl IntoView {
    let action = ServerAction::<ResumeEpisode>::new();
    let outcome = FormOutcome::of(action, "");
    on_success(action, move |_| reload.run(()));
    view! {
        <div class="stack">
            <FormErrors message=outcome.message()/>
            <p class="muted">"It rings again by itself when the time is over."</p>
            <ActionForm action attr:class="form-actions">
                <input type="hidden" name="id" value=id/>
                <Button kind="submit" icon=Icon::Bell busy=outcome.busy>"Let it ring now"</Button>
            </ActionForm>
        </div>
    }
}

#[component]
fn Silence(id: String, reload: Callback<()>) -> impl IntoView {
    let action = ServerAction::<SuspendEpisode>::new();
    let outcome = FormOutcome::of(action, "suspend-");
    on_success(action, move |_| reload.run(()));
    let choices: Vec<Choice> =
        [(15, "15 minutes"), (60, "1 hour"), (240, "4 hours"), (720, "12 hours"), (1_440, "24 hours")]
            .into_iter()
            .map(|(minutes, words): (i64, &str)| Choice::new(minutes.to_string(), words))
            .collect();
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action attr:class="form">
            <input type="hidden" name="id" value=id/>
            <Select id="suspend-minutes" name="minutes" label="For" choices value="60"/>
            <TextInput
                id="suspend-reason" name="reason" label="Why" required=true error=outcome.field("reason")
                hint="Stands in the history and in the audit log."
                max_length=u32::try_from(limits::REASON).unwrap_or(u32::MAX)
            />
            <div class="form-actions">
                <Button kind="submit" icon=Icon::Clock busy=outcome.busy>"Suspend"</Button>
            </div>
        </ActionForm>
    }
}
