//! A Markdown checklist becomes tasks: first one sees what would happen, then it happens.

use crate::{
    api::{import::ImportChecklist, project::list_projects},
    components::{
        AsyncPanel, Button, ButtonVariant, Choice, Crumb, Icon, LinkButton, Notice, PageHeader, Panel,
        SkeletonLines, Tone, use_toaster,
    },
    features::{
        form_outcome::{FormOutcome, on_success},
        import_form::ImportForm,
        import_report::{Report, plural},
        link_import::LinkImport,
        project_links::use_recent_projects,
        use_query::use_query,
    },
    paths,
    session::has_dependencies,
};
use domain::import::ImportReport;
use leptos::{prelude::*, server::ServerAction};
use leptos_meta::Title;

/// The form and, once checked, the report with the button that imports.
#[component]
pub fn ImportPage() -> impl IntoView {
    let query = use_query();
    let into = Memo::new(move |_| query.with(|query| query.get("project").unwrap_or_default()));
    let checked = Memo::new(move |_| query.with(|query| query.get("checked").unwrap_or_default()));
    let projects =
        Resource::new(|| (), |()| list_projects(String::new(), String::new(), String::new(), None));
    view! {
        <Title text="Import a checklist"/>
        <PageHeader
            title="Import a checklist"
            crumbs=vec![Crumb::new("Projects", paths::PROJECTS)]
            text="Each “- [ ]” becomes a task, with what is indented below it as its description and sub-tasks. One that ends in “(after: A)” waits for the item A, or for a task by its key. Import the same document again after changing it: tasks it made before are changed, not made twice."
        />
        <div class="page">
            <Checked counts=checked/>
            <AsyncPanel resource=projects loading=|| view! { <SkeletonLines count=8/> } let:projects>
                {
                    let projects = projects.items.into_iter();
                    let choices: Vec<_> = std::iter::once(Choice::new("", "A new project"))
                        .chain(projects.map(|project| Choice::new(project.key.clone(), format!("{} ({})", project.name, project.key))))
                        .collect();
                    view! { <Steps choices into=into.get_untracked()/> }
                }
            </AsyncPanel>
            {has_dependencies().then(|| view! { <LinkImport/> })}
        </div>
    }
}

#[component]
fn Steps(choices: Vec<Choice>, into: String) -> impl IntoView {
    let action = ServerAction::<ImportChecklist>::new();
    let outcome = FormOutcome::of(action, "");
    let report = RwSignal::new(None::<ImportReport>);
    let (toaster, recent) = (use_toaster(), use_recent_projects());
    on_success(action, move |told: ImportReport| {
        if !told.dry_run {
            toaster.success(format!("The checklist is in {} now.", told.project_name));
            recent.refetch();
        }
        report.set(Some(told));
        show_report();
    });
    view! {
        <div class="import">
            <ImportForm action outcome choices into changed=move |()| report.set(None)/>
            <div id="import-report" class="import-report" tabindex="-1" aria-live="polite">
                {move || report.get().map(|report| view! { <Told report outcome/> })}
            </div>
        </div>
    }
}

/// Brings the report to the eye, and readers to it.
fn show_report() {
    request_animation_frame(|| {
        if let Some(place) = document().get_element_by_id("import-report") {
            place.scroll_into_view();
        }
    });
}

#[component]
fn Told(report: ImportReport, outcome: FormOutcome) -> impl IntoView {
    let changes = changes(&report);
    if !report.dry_run {
        let key = report.project_key.clone();
        let done = format!("Made or changed in {}: {changes}.", report.project_name);
        return view! {
            <Panel id="imported" title="Imported">
                <div class="stack">
                    <Notice tone=Tone::Success>
                        <p>{done}</p>
                    </Notice>
                    <div class="form-actions">
                        <LinkButton href=paths::tasks(&key) variant=ButtonVariant::Primary icon=Icon::List>"Open the tasks"</LinkButton>
                        <LinkButton href=paths::board(&key) icon=Icon::Board>"Open the board"</LinkButton>
                    </div>
                    <div class="import-told"><Report report/></div>
                </div>
            </Panel>
        }
        .into_any();
    }
    let import = if !report.refused.is_empty() {
        view! { <p class="muted">"Put these lines right in the document, then check it again."</p> }
            .into_any()
    } else if changes.is_empty() {
        view! { <p class="muted">"Everything in the document is there already. There is nothing to import."</p> }.into_any()
    } else {
        let text = format!("Import {changes}");
        view! {
            <Button
                kind="submit" variant=ButtonVariant::Primary icon=Icon::Import busy=outcome.busy
                attr:form="import-form"
            >
                {text}
            </Button>
        }
        .into_any()
    };
    view! {
        <Panel id="would" title="What the import will do" actions=move || import>
            <div class="import-told"><Report report/></div>
        </Panel>
    }
    .into_any()
}

/// How much is made or changed, in words; blank for nothing.
fn changes(report: &ImportReport) -> String {
    let tasks = report.created + report.updated;
    let tasks = (tasks > 0).then(|| plural(tasks, "task", "tasks"));
    let links =
        (report.links_created > 0).then(|| plural(report.links_created, "dependency", "dependencies"));
    tasks.into_iter().chain(links).collect::<Vec<_>>().join(" and ")
}

/// What a check without script came to: its answer is an address.
#[component]
fn Checked(counts: Memo<String>) -> impl IntoView {
    let told = move || {
        counts.with(|counts| {
            let numbers: Vec<i64> = counts.split('-').filter_map(|count| count.parse().ok()).collect();
            let [new, changed, same] = numbers[..] else { return None };
            Some(format!("{new} would be new, {changed} would be changed, {same} would stay as they are."))
        })
    };
    move || {
        told().map(|told| view! {
            <Notice tone=Tone::Info title="The document was checked, nothing was imported">
                <p>{told} " Go back to the form in your browser, where the text still is, and import it."</p>
            </Notice>
        })
    }
}
