//! Raising a project, after seeing who can be reached; while it is urgent, where that stands.

use super::{OnlyALabel, policy::PolicyOfProject};
use crate::{
    api::urgent::{RaiseProject, Standing, project_standing},
    components::{
        AsyncPanel, Badge, Button, ButtonVariant, FormErrors, Icon, LinkButton, Narrow, Notice, Panel,
        Person, SkeletonRows, Table, TextArea, Tone,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        live::{areas, follow, in_project},
        project_links::use_recent_projects,
        project_page::{OpenProject, ProjectPage},
    },
    paths,
    refused::typed_in,
    session::use_me,
};
use domain::{
    limits,
    permission::Permission,
    task::Lifecycle,
    urgent::{Episode, Reach, Why},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// For whoever may raise the project; everybody else sees how it stands.
#[component]
pub fn ProjectUrgentPage() -> impl IntoView {
    view! {
        <ProjectPage title="Urgent" let:project>
            <Page project/>
        </ProjectPage>
    }
}

#[component]
fn Page(project: OpenProject) -> impl IntoView {
    let standing = Resource::new(move || project.id(), project_standing);
    let id = project.id();
    follow(
        move |touched| in_project(id)(touched) && areas(["urgent", "alert"])(touched),
        move || standing.refetch(),
    );
    let policy = Memo::new(move |_| project.may(Permission::UrgentPolicy));
    view! {
        <div class="page">
            <div class="stack">
                <AsyncPanel resource=standing loading=|| view! { <SkeletonRows count=6/> } let:found>
                    {content(project, found)}
                </AsyncPanel>
                {move || policy.get().then(|| view! { <PolicyOfProject project/> })}
            </div>
        </div>
    }
}

fn content(project: OpenProject, found: Standing) -> AnyView {
    let label = (!found.rings).then(|| view! { <OnlyALabel/> });
    if let Some(episode) = found.episode {
        return view! { {label} {open(episode)} }.into_any();
    }
    let put_away = untrack(|| project.view().with(|view| view.project.lifecycle != Lifecycle::Active));
    if put_away {
        return view! {
            {label}
            <Notice tone=Tone::Info title="This project is put away">
                <p>"Bring it back before you raise it."</p>
            </Notice>
        }
        .into_any();
    }
    // Else what others do to the project would draw the form anew, and lose the reason that is being written.
    if !untrack(|| project.may(Permission::UrgentRaise)) {
        return view! {
            {label}
            <Notice tone=Tone::Info title="This project is not urgent">
                <p>"Your role here does not include raising it. Ask someone who runs the project."</p>
            </Notice>
        }
        .into_any();
    }
    view! { {label} <Raise project reach=found.reach rings=found.rings/> }.into_any()
}

fn open(episode: Episode) -> impl IntoView {
    let people = format!(
        "{} of {} people have acknowledged.",
        episode.acknowledged,
        episode.acknowledged + episode.ringing
    );
    view! {
        <Notice tone=Tone::Danger title="This project is urgent">
            <p class="urgent-reason">{episode.reason}</p>
            <p>{people}</p>
            <LinkButton href=paths::episode(episode.id) variant=ButtonVariant::Primary>"Who, and what next"</LinkButton>
        </Notice>
    }
}

#[component]
fn Raise(project: OpenProject, mut reach: Vec<Reach>, rings: bool) -> impl IntoView {
    // Whoever raises it knows.
    let me = use_me().map(|me| me.user.id);
    reach.retain(|one| Some(one.user.id) != me);
    let reason = typed_in::<RaiseProject>()
        .and_then(|typed| typed.get("reason").map(str::to_owned))
        .unwrap_or_default();
    let action = ServerAction::<RaiseProject>::new();
    let outcome = FormOutcome::of(action, "raise-");
    let recent = use_recent_projects();
    on_success(action, move |_| {
        recent.refetch();
        project.reload();
    });
    let unreachable = reach.iter().filter(|one| !one.reach.any()).count();
    let warning = (rings && unreachable > 0).then(|| {
        let people = if unreachable == 1 { "One person" } else { "Some people" };
        let text = format!(
            "{people} can’t be reached at this moment by any way. If you raise the project, the next step of its policy does not wait."
        );
        view! { <Notice tone=Tone::Warning><p>{text}</p></Notice> }
    });
    view! {
        <Panel id="raise" title="Raise to urgent">
            {rings.then(|| view! {
                <p>
                    "Everyone below is alerted at once, again and again, until each has acknowledged. They can’t turn it off, \
                     so keep it for what can’t wait: at most three times an hour."
                </p>
            })}
            <FormErrors message=outcome.message()/>
            <ActionForm action attr:class="form">
                <input type="hidden" name="project" value=project.id().to_string()/>
                <TextArea
                    id="raise-reason" name="reason" label="What is wrong, and what is needed" required=true rows=3 value=reason
                    max_length=u32::try_from(limits::REASON).unwrap_or(u32::MAX) error=outcome.field("reason")
                />
                {warning}
                <div class="form-actions">
                    <Button kind="submit" variant=ButtonVariant::Danger icon=Icon::Urgent busy=outcome.busy>
                        "Raise to urgent"
                    </Button>
                </div>
            </ActionForm>
        </Panel>
        {(rings && !reach.is_empty()).then(|| view! { <Reachable reach/> })}
    }
}

/// Who would be alerted, and how each can be reached.
#[component]
fn Reachable(reach: Vec<Reach>) -> impl IntoView {
    let title = format!("Who would be alerted: {}", reach.len());
    view! {
        <Panel id="reach" title flush=true>
            <Table label="Who would be alerted" narrow=Narrow::Lines>
                <thead>
                    <tr>
                        <th scope="col">"Person"</th>
                        <th scope="col">"Reached by"</th>
                    </tr>
                </thead>
                <tbody>{reach.into_iter().map(row).collect_view()}</tbody>
            </Table>
        </Panel>
    }
}

fn row(one: Reach) -> impl IntoView {
    let way = |there: bool, words: &'static str| there.then(|| view! { <Badge>{words}</Badge> " " });
    let none = (!one.reach.any())
        .then(|| view! { <Badge tone=Tone::Warning icon=Icon::Alert>"Nothing at this moment"</Badge> });
    let watcher =
        (one.why == Why::Watcher).then(|| view! { <span class="muted">"watches tasks here"</span> });
    view! {
        <tr>
            <td class="cell-main"><Person name=one.user.display_name/> {watcher}</td>
            <td data-label="Reached by">
                {way(one.reach.sound, "Sound in an open page")}
                {way(one.reach.notifications, "Notification")}
                {way(one.reach.push, "Push")}
                {way(one.reach.email, "E-mail")}
                {none}
            </td>
        </tr>
    }
}
