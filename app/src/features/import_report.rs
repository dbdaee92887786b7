//! What an import would do, or did: numbers, and the document as a tree.

use crate::components::{Badge, Button, Icon, Notice, Tone};
use domain::import::{ImportAct, ImportLine, ImportReport, RefusedLink};
use leptos::prelude::*;

/// Lines that stand there at once; all of a large document would slow the page down.
const FIRST: usize = 300;
/// Deeper lines are shown as deep as this.
const DEEPEST: i64 = 12;

/// The report.
#[component]
pub fn Report(report: ImportReport) -> impl IntoView {
    let ImportReport { created, updated, unchanged, missing, .. } = report;
    let notes = notes(&report);
    view! {
        <ul class="import-counts" aria-label="In numbers">
            <li><Badge tone=Tone::Success icon=Icon::Plus>{count(created, "new")}</Badge></li>
            <li><Badge tone=Tone::Info icon=Icon::Edit>{count(updated, "changed")}</Badge></li>
            <li><Badge icon=Icon::Check>{count(unchanged, "as they are")}</Badge></li>
        </ul>
        {notes.into_iter().map(|note| view! { <p class="muted">{note}</p> }).collect_view()}
        {(missing > 0).then(|| view! {
            <Notice tone=Tone::Warning>
                <p>{format!(
                    "{} of earlier imports no longer in the document. They stay as they are: archive or delete them yourself.",
                    plural(missing, "task is", "tasks are"),
                )}</p>
            </Notice>
        })}
        {(!report.refused.is_empty()).then(|| view! { <Refused refused=report.refused/> })}
        <Tree lines=report.lines/>
    }
}

/// What stands in the way of the import.
#[component]
fn Refused(refused: Vec<RefusedLink>) -> impl IntoView {
    let title = format!(
        "{} can’t be: nothing is imported before that is put right",
        plural(i64::try_from(refused.len()).unwrap_or(i64::MAX), "dependency", "dependencies",)
    );
    let rows = refused
        .into_iter()
        .map(|it| view! { <li>{format!("Line {}, “{}” after “{}”: {}", it.line, it.title, it.after, it.message)}</li> })
        .collect_view();
    view! { <Notice tone=Tone::Danger title><ul>{rows}</ul></Notice> }
}

/// "12 tasks", "1 task".
pub fn plural(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn count(count: i64, what: &str) -> String {
    format!("{count} {what}")
}

fn notes(report: &ImportReport) -> Vec<String> {
    let mut notes = Vec::new();
    let items = plural(report.items, "checklist item", "checklist items");
    notes.push(format!("The document has {items}, {} of them ticked.", report.items_done));
    if report.links_created + report.links_kept > 0 {
        notes.push(format!(
            "{} by “after”, {} of them there already.",
            plural(report.links_created + report.links_kept, "dependency", "dependencies"),
            report.links_kept
        ));
    }
    if report.project_created {
        let verb = if report.dry_run { "will be" } else { "was" };
        notes.push(format!("The project {} ({}) {verb} made.", report.project_name, report.project_key));
    }
    if !report.columns_created.is_empty() {
        let verb = if report.dry_run { "New columns will be" } else { "New columns are" };
        notes.push(format!("{verb}: {}.", report.columns_created.join(", ")));
    }
    notes
}

#[component]
fn Tree(lines: Vec<ImportLine>) -> impl IntoView {
    let all = RwSignal::new(false);
    let total = lines.len();
    let lines = StoredValue::new(lines);
    let rows = move || {
        let shown = if all.get() { total } else { FIRST };
        lines.with_value(|lines| lines.iter().take(shown).cloned().map(line).collect_view())
    };
    view! {
        <div class="import-tree-frame" role="region" aria-label="The document as tasks" tabindex="0">
            <ol class="import-tree">{rows}</ol>
        </div>
        <Show when=move || { total > FIRST && !all.get() }>
            <p><Button icon=Icon::ChevronDown on:click=move |_| all.set(true)>{format!("Show all {total} lines")}</Button></p>
        </Show>
    }
}

fn line(line: ImportLine) -> impl IntoView {
    let (act, tone) = match line.act {
        ImportAct::Create => ("New", Some(Tone::Success)),
        ImportAct::Update => ("Changed", Some(Tone::Info)),
        ImportAct::Keep => ("As it is", None),
    };
    let (icon, state) = match (line.heading, line.done) {
        (true, _) => (Icon::List, "Heading"),
        (false, true) => (Icon::Done, "Ticked"),
        (false, false) => (Icon::Todo, "Open"),
    };
    view! {
        <li
            class="import-line"
            data-depth=line.depth.clamp(0, DEEPEST).to_string()
            data-heading=line.heading.then_some("true")
            data-done=line.done.then_some("true")
        >
            <span class="import-line-icon" role="img" aria-label=state title=state><Icon icon/></span>
            <span class="import-line-title">{line.title}</span>
            {match tone {
                Some(tone) => view! { <Badge tone>{act}</Badge> }.into_any(),
                None => view! { <span class="muted nowrap">{act}</span> }.into_any(),
            }}
            <span class="import-line-number" title=format!("Line {} of the document", line.line)>{line.line}</span>
        </li>
    }
}
