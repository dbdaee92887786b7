//! Who acknowledged when, and what arrived.

use crate::components::{Badge, Icon, Narrow, Nothing, Panel, Person, RelativeTime, Table, Tone};
use domain::{
    delivery::DeliveryState,
    urgent::{Alert, AlertState, Failure, Report, Sends, span_text},
};
use leptos::prelude::*;

/// The people, those who have not acknowledged first.
#[component]
pub fn PeopleOf(alerts: Vec<Alert>) -> impl IntoView {
    if alerts.is_empty() {
        return view! { <Panel id="people" title="People"><p class="muted">"Nobody was alerted."</p></Panel> }.into_any();
    }
    view! {
        <Panel id="people" title="People" flush=true>
            <Table label="Who is alerted" narrow=Narrow::Lines>
                <thead>
                    <tr>
                        <th scope="col">"Person"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Acknowledged"</th>
                        <th scope="col">"After"</th>
                        <th scope="col">"Rang"</th>
                    </tr>
                </thead>
                <tbody>{alerts.into_iter().map(person).collect_view()}</tbody>
            </Table>
        </Panel>
    }
    .into_any()
}

fn person(alert: Alert) -> impl IntoView {
    let (tone, icon) = match alert.state {
        AlertState::Ringing => (Tone::Danger, Icon::Bell),
        AlertState::Acknowledged => (Tone::Success, Icon::Check),
        AlertState::Ended => (Tone::Neutral, Icon::Close),
    };
    let (when, after, note) = match alert.acknowledgement {
        Some(ack) => {
            let seconds = ack.at.seconds_since(alert.since).max(0);
            let when = view! { <RelativeTime at=ack.at/> <p class="muted">{ack.via.label()}</p> }.into_any();
            (when, span_text(seconds), (!ack.note.is_empty()).then_some(ack.note))
        }
        None => (view! { <Nothing text="Not yet"/> }.into_any(), String::new(), None),
    };
    view! {
        <tr>
            <td class="cell-main">
                <Person name=alert.user.display_name/>
                " "
                <span class="muted">{alert.why.label().to_lowercase()}</span>
                {note.map(|note| view! { <p class="muted">{note}</p> })}
            </td>
            <td class="cell-min" data-label="State"><Badge tone icon>{alert.state.label()}</Badge></td>
            <td class="cell-min" data-label="Acknowledged">{when}</td>
            <td class="cell-min" data-label="After">{after}</td>
            <td class="cell-min" data-label="Rang">{format!("{}×", alert.rounds)}</td>
        </tr>
    }
}

/// What was sent, and what did not arrive.
#[component]
pub fn Arrived(report: Report) -> impl IntoView {
    let Report { sends, failures, raised_before, .. } = report;
    let before = match raised_before {
        0 => "It was not urgent in the 30 days before.".to_owned(),
        1 => "It was urgent once in the 30 days before.".to_owned(),
        many => format!("It was urgent {many} times in the 30 days before."),
    };
    let nothing =
        sends.is_empty().then(|| view! { <p class="muted">"Nothing was sent outside the pages."</p> });
    view! {
        <Panel id="sends" title="What was sent">
            {nothing}
            <ul class="urgent-sends">{sends.into_iter().map(sent).collect_view()}</ul>
            <p class="muted">{before}</p>
        </Panel>
        {(!failures.is_empty()).then(|| view! {
            <Panel id="failures" title="What did not arrive">
                <ul class="urgent-sends">{failures.into_iter().map(failed).collect_view()}</ul>
            </Panel>
        })}
    }
}

fn sent(sends: Sends) -> impl IntoView {
    let tone = match sends.state {
        DeliveryState::Sent => Tone::Success,
        DeliveryState::Failed | DeliveryState::NoChannel => Tone::Warning,
        DeliveryState::Queued | DeliveryState::Sending | DeliveryState::Dropped => Tone::Neutral,
    };
    let text = format!("{}: {} {}", sends.channel.words(), sends.count, sends.state.words());
    view! { <li><Badge tone>{text}</Badge></li> }
}

fn failed(failure: Failure) -> impl IntoView {
    let whom = failure.user.map_or("A webhook".to_owned(), |user| user.display_name);
    view! {
        <li>
            {whom} ", " {failure.channel.words()} ", " <RelativeTime at=failure.at/> ": " {failure.why}
        </li>
    }
}
