//! What would happen if the project were raised now. Alarms nobody.

use crate::{
    api::urgent_policy::test_policy,
    components::{AsyncPanel, Narrow, Panel, SkeletonRows, Table},
};
use domain::{
    ids::ProjectId,
    urgent::{TestLine, Way, span_text},
};
use leptos::prelude::*;

/// People that a line names; the rest is counted.
const NAMES: usize = 3;

/// The first hour, folded away until somebody wants to see it.
#[component]
pub fn PolicyTest(
    project: ProjectId,
    /// Changes with each time that settings are saved.
    saved: RwSignal<u32>,
) -> impl IntoView {
    let lines = Resource::new(move || (project, saved.get()), |(project, _)| test_policy(project));
    view! {
        <Panel id="policy-test" title="Test run">
            <p class="muted">"What would happen in the first hour by the saved settings if nobody acknowledged. Nobody is alerted by looking."</p>
            <details>
                <summary>"Show the first hour"</summary>
                <AsyncPanel resource=lines loading=|| view! { <SkeletonRows count=6/> } let:lines>
                    {table(lines)}
                </AsyncPanel>
            </details>
        </Panel>
    }
}

fn table(lines: Vec<TestLine>) -> impl IntoView {
    view! {
        <Table label="Test run" narrow=Narrow::Lines>
            <thead>
                <tr>
                    <th scope="col">"After"</th>
                    <th scope="col">"Whom"</th>
                    <th scope="col">"By"</th>
                </tr>
            </thead>
            <tbody>{lines.into_iter().map(row).collect_view()}</tbody>
        </Table>
    }
}

fn row(line: TestLine) -> impl IntoView {
    let ways: Vec<&str> = line.planned.ways.iter().copied().map(Way::label).collect();
    let by = match (line.planned.step.is_some() && ways.is_empty(), ways.is_empty()) {
        (true, _) => "webhook".to_owned(),
        (false, true) => "open page".to_owned(),
        (false, false) => format!("open page, {}", ways.join(", ")),
    };
    let names: Vec<String> = line.people.iter().take(NAMES).map(|who| who.display_name.clone()).collect();
    let more = line.people.len().saturating_sub(NAMES);
    let whom = match (names.is_empty(), more) {
        (true, _) => "Nobody here".to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{} and {more} more", names.join(", ")),
    };
    view! {
        <tr>
            <td class="cell-min" data-label="After">{span_text(line.planned.after_seconds)}</td>
            <td class="cell-main" data-label="Whom">{whom}</td>
            <td class="cell-min" data-label="By">{by}</td>
        </tr>
    }
}
