//! How urgent projects ring: of the workspace, and of a project over it.

use super::policy_test::PolicyTest;
use crate::{
    api::urgent_policy::{PolicyChoices, RepeatRow, ResetPolicy, SavePolicy, StepRow, find_policy},
    components::{
        AsyncPanel, Button, ButtonVariant, Choice, Crumb, FormErrors, Icon, PageHeader, Panel, Properties,
        Property, Select, SkeletonLines, TextInput, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        project_page::OpenProject,
    },
    paths,
};
use domain::{
    ids::ProjectId,
    urgent::{KeptPolicy, Needs, span_text},
};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};
use leptos_meta::Title;

/// Blank rows at the end of the form.
const BLANK_STEPS: usize = 2;

/// The policy of projects without one of their own.
#[component]
pub fn WorkspacePolicyPage() -> impl IntoView {
    view! {
        <Title text="How urgent projects ring"/>
        <PageHeader
            title="How urgent projects ring" crumbs=vec![Crumb::new("Urgent", paths::URGENT)]
            text="Counts for every project without settings of its own. What rings already goes on as it began."
        />
        <div class="page"><Policy saved=RwSignal::new(0)/></div>
    }
}

/// A project's own, or the workspace's; with a test.
#[component]
pub fn PolicyOfProject(project: OpenProject) -> impl IntoView {
    let saved = RwSignal::new(0);
    view! {
        <Panel id="policy" title="How this project rings">
            <Policy project=project.id() saved/>
        </Panel>
        <PolicyTest project=project.id() saved/>
    }
}

#[component]
fn Policy(
    #[prop(optional)] project: Option<ProjectId>,
    /// How often the settings were changed.
    saved: RwSignal<u32>,
) -> impl IntoView {
    let (save, reset) = (ServerAction::<SavePolicy>::new(), ServerAction::<ResetPolicy>::new());
    let outcome = FormOutcome::of(save, "policy-");
    let undone = FormOutcome::of(reset, "");
    let toaster = use_toaster();
    on_success(save, move |_| toaster.success("Saved. It counts from the next time on."));
    on_success(reset, move |_| toaster.success("The workspace’s settings count again."));
    // Drawn anew after what went well only: a refusal leaves what was typed.
    on_success(save, move |_| saved.update(|n| *n += 1));
    on_success(reset, move |_| saved.update(|n| *n += 1));
    let policy = Resource::new(move || saved.get(), move |_| find_policy(project));
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields()/>
        <FormErrors message=undone.message()/>
        <AsyncPanel resource=policy loading=|| view! { <SkeletonLines count=8/> } let:found>
            {form((project, found.kept.clone()), found.clone(), (save, outcome))}
            {secrets(found.webhooks.clone())}
            {reset_form(project, &found.kept, reset)}
        </AsyncPanel>
    }
}

fn form(
    (project, kept): (Option<ProjectId>, KeptPolicy),
    found: PolicyChoices,
    (save, outcome): (ServerAction<SavePolicy>, FormOutcome),
) -> impl IntoView {
    let mut repeats = RepeatRow::of(&kept.policy);
    repeats.push(RepeatRow::default());
    let mut steps = StepRow::of(&kept.policy);
    steps.extend(std::iter::repeat_with(StepRow::default).take(BLANK_STEPS));
    let whom = whom(&found);
    let needs = if kept.policy.needs == Needs::First { "first" } else { "everyone" };
    let again = kept.policy.again_after_seconds.map(span_text).unwrap_or_default();
    let needs_choices = vec![
        Choice::new("everyone", "Everyone stops only their own alert"),
        Choice::new("first", "The first one stops everybody’s"),
    ];
    view! {
        <ActionForm action=save attr:class="form">
            {project.map(|id| view! { <input type="hidden" name="project" value=id.to_string()/> })}
            <input type="hidden" name="version" value=kept.version.to_string()/>
            <Select id="policy-needs" name="needs" label="Acknowledging" choices=needs_choices value=needs/>
            {repeats_of(repeats)}
            {steps_of(steps, &whom)}
            <TextInput
                id="policy-again_after_seconds" name="again" label="Ring again for those who have acknowledged, after" value=again
                hint="1 h to 96 h, while the project is still urgent. Blank: never."
                error=outcome.field("again_after_seconds")
            />
            <div class="form-actions">
                <Button kind="submit" variant=ButtonVariant::Primary busy=outcome.busy>"Save"</Button>
            </div>
        </ActionForm>
    }
}

fn repeats_of(repeats: Vec<RepeatRow>) -> impl IntoView {
    view! {
        <fieldset class="urgent-rows">
            <legend>"It rings again"</legend>
            <p class="field-hint">"Every 30 s to 15 min. The last row has no number of times: it never ends by itself."</p>
            {repeats.into_iter().enumerate().map(repeat).collect_view()}
        </fieldset>
    }
}

fn steps_of(steps: Vec<StepRow>, whom: &[Choice]) -> impl IntoView + use<> {
    let rows =
        steps.into_iter().enumerate().map(|(index, row)| step(index, row, whom.to_vec())).collect_view();
    view! {
        <fieldset class="urgent-rows">
            <legend>"Who is alerted, and how"</legend>
            <p class="field-hint">
                "Members get push at once and e-mail within an hour; the page rings in any case. A row without anybody is left out."
            </p>
            {rows}
        </fieldset>
    }
}

fn repeat((index, row): (usize, RepeatRow)) -> impl IntoView {
    let number = index + 1;
    view! {
        <div class="urgent-row" role="group" aria-label=format!("Repeat {number}")>
            <TextInput id=format!("repeat-{index}-every") name=format!("repeats[{index}][every]") label="Every" value=row.every placeholder="60 s"/>
            <TextInput id=format!("repeat-{index}-times") name=format!("repeats[{index}][times]") label="Times" value=row.times placeholder="no end"/>
        </div>
    }
}

fn step(index: usize, row: StepRow, whom: Vec<Choice>) -> impl IntoView {
    let (number, name) = (index + 1, move |field: &str| format!("steps[{index}][{field}]"));
    let ways = vec![
        Choice::new("both", "Push and e-mail"),
        Choice::new("push", "Push"),
        Choice::new("email", "E-mail"),
    ];
    let chosen = if row.ways.is_empty() { "both".to_owned() } else { row.ways };
    view! {
        <div class="urgent-row" role="group" aria-label=format!("Step {number}")>
            <TextInput id=format!("step-{index}-after") name=name("after") label="After" value=row.after placeholder="10 min"/>
            <Select id=format!("step-{index}-who") name=name("who") label="Whom" choices=whom value=row.who/>
            <Select id=format!("step-{index}-ways") name=name("ways") label="By" choices=ways value=chosen/>
            <TextInput id=format!("step-{index}-url") name=name("url") label="Webhook’s address" value=row.url placeholder="https://…"/>
        </div>
    }
}

fn whom(found: &PolicyChoices) -> Vec<Choice> {
    let fixed = [
        ("", "Nobody"),
        ("members", "Members who have not acknowledged"),
        ("owner", "The project’s owner"),
        ("team_leads", "Leads of the project’s teams"),
        ("administrators", "Administrators"),
        ("webhook", "A webhook"),
    ];
    let named = found.roles.iter().map(|(value, name)| Choice::new(value, format!("Role: {name}")));
    let people = found.people.iter().map(|(value, name)| Choice::new(value, name));
    fixed.into_iter().map(|(value, words)| Choice::new(value, words)).chain(named).chain(people).collect()
}

/// What the other side checks calls of webhooks with.
fn secrets(webhooks: Vec<(String, String)>) -> Option<impl IntoView> {
    let of_one = |(url, secret): (String, String)| {
        view! { <Property label=url><code>{secret}</code></Property> }
    };
    (!webhooks.is_empty()).then(|| {
        view! {
            <p class="field-hint">"Calls of webhooks are signed with these secrets, so that the other side knows where they come from."</p>
            <Properties>{webhooks.into_iter().map(of_one).collect_view()}</Properties>
        }
    })
}

fn reset_form(
    project: Option<ProjectId>,
    kept: &KeptPolicy,
    reset: ServerAction<ResetPolicy>,
) -> Option<impl IntoView + use<>> {
    let project = project.filter(|_| kept.own)?;
    let version = kept.version.to_string();
    Some(view! {
        <ActionForm action=reset attr:class="form-actions">
            <input type="hidden" name="project" value=project.to_string()/>
            <input type="hidden" name="version" value=version/>
            <Button kind="submit" icon=Icon::Restore>"Use the workspace’s settings"</Button>
        </ActionForm>
    })
}
