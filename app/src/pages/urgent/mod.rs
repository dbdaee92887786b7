//! Urgent projects: what rings, who has acknowledged, raising, ending, and how it all rings.

mod episode;
mod link;
mod list;
mod policy;
mod policy_test;
mod raise;
mod report;

pub use episode::EpisodePage;
pub use link::AcknowledgePage;
pub use list::UrgentPage;
pub use policy::WorkspacePolicyPage;
pub use raise::ProjectUrgentPage;

use crate::components::{Badge, Icon, Notice, Tone};
use domain::urgent::EpisodeState;
use leptos::prelude::*;

/// How an episode stands.
#[component]
fn StateBadge(state: EpisodeState) -> impl IntoView {
    let (tone, icon) = match state {
        EpisodeState::Open => (Tone::Danger, Icon::Urgent),
        EpisodeState::Suspended => (Tone::Warning, Icon::Clock),
        EpisodeState::Resolved => (Tone::Success, Icon::Done),
        EpisodeState::PutAway => (Tone::Neutral, Icon::Archive),
    };
    view! { <Badge tone icon>{state.label()}</Badge> }
}

/// Says that nobody is alerted, where an operator turned it off.
#[component]
fn OnlyALabel() -> impl IntoView {
    view! {
        <Notice tone=Tone::Info title="Urgent is only a label here">
            <p>
                "Whoever runs this server has turned urgent alerts off. A project can be marked as urgent, and nobody is \
                 alerted by it."
            </p>
        </Notice>
    }
}
