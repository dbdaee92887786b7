//! Dependencies from a table of keys: first one sees what would become of each row, then all are made or none.

use super::form_outcome::{FormOutcome, on_success};
use crate::{
    api::dependency::ImportDependencies,
    components::{
        Badge, Button, ButtonVariant, FormErrors, Icon, Notice, Panel, TextArea, Tone, use_toaster,
    },
    features::{import_report::plural, use_query::use_query},
    refused::typed_in,
};
use domain::import::{DependencyReport, ImportedLink, LinkOutcome};
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// As text, which browsers with script leave alone.
const IMPORT: &str = r#"<button class="button" data-variant="secondary" data-size="medium" type="submit">Import the table</button>"#;

/// The form, and what it came to.
#[component]
pub fn LinkImport() -> impl IntoView {
    let action = ServerAction::<ImportDependencies>::new();
    let outcome = FormOutcome::of(action, "links-");
    let report = RwSignal::new(None::<DependencyReport>);
    let toaster = use_toaster();
    on_success(action, move |told: DependencyReport| {
        if !told.dry_run {
            toaster.success(format!("{} made.", plural(told.created, "dependency is", "dependencies are")));
        }
        report.set(Some(told));
    });
    let typed = typed_in::<ImportDependencies>().unwrap_or_default();
    view! {
        <Panel id="import-links" title="Dependencies from a table">
            <PlainAnswer/>
            <ActionForm action attr:id="links-form" attr:class="form" on:input=move |_| report.set(None)>
                <FormErrors message=outcome.message() fields=outcome.fields() prefix="links-"/>
                <TextArea
                    id="links-csv" name="csv" label="Rows of two keys" required=true rows=6
                    value=typed.get("csv").unwrap_or_default() error=outcome.field("csv")
                    placeholder="blocker,blocked\nWEB-1,WEB-2\nWEB-2,OPS-7"
                    hint="WEB-1,WEB-2 says that WEB-1 blocks WEB-2. Separated by comma, semicolon or tab; all rows are made, or none."
                />
                <div class="form-actions">
                    <Button
                        kind="submit" icon=Icon::Eye busy=outcome.busy attr:name="dry_run" attr:value="true"
                    >
                        "Check the table"
                    </Button>
                    <noscript inner_html=IMPORT></noscript>
                </div>
            </ActionForm>
            <div aria-live="polite">{move || report.get().map(|report| view! { <Told report outcome/> })}</div>
        </Panel>
    }
}

#[component]
fn Told(report: DependencyReport, outcome: FormOutcome) -> impl IntoView {
    let (created, kept, refused) = (report.created, report.kept, report.refused);
    let import = (report.dry_run && refused == 0 && created > 0).then(|| {
        let text = format!("Import {}", plural(created, "dependency", "dependencies"));
        view! {
            <Button kind="submit" variant=ButtonVariant::Primary icon=Icon::Import busy=outcome.busy attr:form="links-form">
                {text}
            </Button>
        }
    });
    let wrong = (refused > 0).then(|| {
        view! {
            <Notice tone=Tone::Danger title=format!("{} can’t be", plural(refused, "row", "rows"))>
                <p>"Nothing is imported before these are put right."</p>
            </Notice>
        }
    });
    view! {
        <div class="stack">
            <ul class="import-counts" aria-label="In numbers">
                <li><Badge tone=Tone::Success icon=Icon::Plus>{format!("{created} new")}</Badge></li>
                <li><Badge icon=Icon::Check>{format!("{kept} there already")}</Badge></li>
                <li><Badge tone=Tone::Danger icon=Icon::Ban>{format!("{refused} refused")}</Badge></li>
            </ul>
            {wrong}
            <ol class="import-links">{report.lines.into_iter().map(line).collect_view()}</ol>
            {import}
        </div>
    }
}

fn line(line: ImportedLink) -> impl IntoView {
    let what = if line.blocker.is_empty() {
        String::new()
    } else {
        format!("{} → {}", line.blocker, line.blocked)
    };
    let fate = match line.outcome {
        LinkOutcome::Create => view! { <span class="muted">"new"</span> }.into_any(),
        LinkOutcome::Keep => view! { <span class="muted">"there already"</span> }.into_any(),
        LinkOutcome::Refused { message, .. } => view! { <strong>{message}</strong> }.into_any(),
    };
    view! { <li value=line.line.to_string()>{what} " " {fate}</li> }
}

/// What it came to without script, where the answer is an address.
#[component]
fn PlainAnswer() -> impl IntoView {
    let query = use_query();
    let told = move |name: &'static str| {
        let counts = query.with(|query| query.get(name))?;
        let numbers: Vec<i64> = counts.split('-').filter_map(|count| count.parse().ok()).collect();
        let [new, kept, refused] = numbers[..] else { return None };
        Some((new, kept, refused))
    };
    move || {
        let (title, (new, kept, refused)) = told("links-checked")
            .map(|told| ("The table was checked, nothing was imported", told))
            .or_else(|| told("links-made").map(|told| ("The table was imported", told)))?;
        Some(view! {
            <Notice tone=Tone::Info title>
                <p>{format!("{new} new, {kept} there already, {refused} refused.")}</p>
            </Notice>
        })
    }
}
