//! What a project is called, how its board is laid out, its labels, and its end.

mod columns;
mod details;
mod ending;
mod labels;

use crate::{
    components::{EmptyState, Icon, LinkButton},
    features::{
        project_header::may_set,
        project_page::{OpenProject, ProjectPage},
        settings_section::SettingsSection,
    },
    paths,
};
use domain::permission::Permission;
use leptos::{either::Either, prelude::*};

/// The parts that this person may change.
#[component]
pub fn ProjectSettingsPage() -> impl IntoView {
    view! {
        <ProjectPage title="Settings" let:project>
            <div class="page"><Page project/></div>
        </ProjectPage>
    }
}

#[component]
fn Page(project: OpenProject) -> impl IntoView {
    // What others do to the project must not draw the forms anew.
    let may = Memo::new(move |_| may_set(project));
    move || {
        if may.get() {
            Either::Left(view! { <div class="settings"><Sections project/></div> })
        } else {
            Either::Right(view! { <NotForYou/> })
        }
    }
}

#[component]
fn Sections(project: OpenProject) -> impl IntoView {
    // Memos: taking over a saved project must not draw a section anew while somebody types in another.
    let may = move |permission| Memo::new(move |_| project.may(permission));
    let (update, board, label) =
        (may(Permission::ProjectUpdate), may(Permission::ProjectBoard), may(Permission::LabelManage));
    let (archive, delete) = (may(Permission::ProjectArchive), may(Permission::ProjectDelete));
    view! {
        <Show when=move || update.get()>
            <SettingsSection id="details" title="Details" text="What everyone in the project sees. The key never changes, so links stay good.">
                <details::Details project/>
            </SettingsSection>
        </Show>
        <Show when=move || board.get()>
            <SettingsSection
                id="columns" title="Board columns"
                text="The steps of your work, from left to right. What a column means decides which tasks count as open, begun and done."
            >
                <columns::Columns project/>
            </SettingsSection>
        </Show>
        <Show when=move || label.get()>
            <SettingsSection id="labels" title="Labels" text="Words to find tasks by, across columns. A task can have several.">
                <labels::Labels project/>
            </SettingsSection>
        </Show>
        <Show when=move || archive.get() || delete.get()>
            <SettingsSection
                id="ending" title="When it is over"
                text="An archived project can be read, and nothing in it changes. A deleted one can be brought back for 30 days."
            >
                <ending::Ending project/>
            </SettingsSection>
        </Show>
    }
}

#[component]
fn NotForYou() -> impl IntoView {
    view! {
        <EmptyState
            icon=Icon::Lock title="Nothing here is yours to change"
            text="Your role in this project does not include its settings. Ask someone who manages its members for another role."
        >
            <LinkButton href=paths::WHY>"Why?"</LinkButton>
        </EmptyState>
    }
}
