//! The labels of the project: names and colours.

use crate::{
    api::label::{CreateLabel, DeleteLabel, UpdateLabel, list_labels},
    components::{
        AsyncPanel, Button, ButtonSize, FormErrors, Icon, LabelChip, SkeletonRows, TextInput, use_toaster,
    },
    features::{
        colour_swatches::ColourSwatches,
        form_outcome::{FormOutcome, on_success},
        project_page::OpenProject,
    },
};
use domain::{label::Label, palette::Colour};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// What can be done to a label; one of each for all rows.
#[derive(Clone, Copy)]
struct Acts {
    update: ServerAction<UpdateLabel>,
    delete: ServerAction<DeleteLabel>,
}

/// A row for each label, which opens to be changed, and a form for another one.
#[component]
pub fn Labels(project: OpenProject) -> impl IntoView {
    let create = ServerAction::<CreateLabel>::new();
    let acts = Acts { update: ServerAction::new(), delete: ServerAction::new() };
    let toaster = use_toaster();
    on_success(create, move |label: Label| toaster.success(format!("The label {} is ready.", label.name)));
    on_success(acts.update, move |label: Label| {
        toaster.success(format!("The label {} is saved.", label.name));
    });
    on_success(acts.delete, move |()| toaster.success("The label is deleted, from all tasks too."));
    let labels = Resource::new(
        move || {
            let versions = [create.version().get(), acts.update.version().get(), acts.delete.version().get()];
            (project.id(), versions)
        },
        |(id, _)| list_labels(id),
    );
    let problems = [FormOutcome::of(acts.update, ""), FormOutcome::of(acts.delete, "")];
    view! {
        {problems.map(|outcome| view! { <FormErrors message=outcome.message()/> }).into_iter().collect_view()}
        <AsyncPanel
            resource=labels
            loading=|| view! { <SkeletonRows count=3/> }
            is_empty=Vec::is_empty
            empty=|| view! { <p class="muted">"There are no labels yet. “bug”, “customer” or “waiting” are usual ones."</p> }
            let:labels
        >
            // Drawn anew for each answer: in a row that became another one, what was typed would stay.
            <ul class="setting-rows">
                {move || labels.clone().into_iter().map(|label| row(label, acts)).collect_view()}
            </ul>
        </AsyncPanel>
        <NewLabel project create/>
    }
}

fn row(label: Label, acts: Acts) -> impl IntoView {
    let id = label.id;
    view! {
        <li>
            <details class="setting-fold">
                <summary>
                    <LabelChip name=label.name.clone() colour=label.colour/>
                    <span class="setting-fold-word">"Change"</span>
                </summary>
                <div class="setting-fold-body">
                    {edit(label, acts)}
                    <ActionForm action=acts.delete>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <Button kind="submit" size=ButtonSize::Small icon=Icon::Trash>"Delete, from all tasks too"</Button>
                    </ActionForm>
                </div>
            </details>
        </li>
    }
}

fn edit(label: Label, acts: Acts) -> impl IntoView {
    let Label { id, name, colour, version, .. } = label;
    view! {
        <ActionForm action=acts.update attr:class="form">
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="version" value=version.to_string()/>
            <TextInput id=format!("label-{id}") name="name" label="Name" value=name required=true/>
            <ColourSwatches id=format!("colour-{id}") name="colour" label="Colour" value=colour/>
            <div class="form-actions"><Button kind="submit" size=ButtonSize::Small>"Save label"</Button></div>
        </ActionForm>
    }
}

#[component]
fn NewLabel(project: OpenProject, create: ServerAction<CreateLabel>) -> impl IntoView {
    let outcome = FormOutcome::of(create, "new-label-");
    let form = NodeRef::<html::Form>::new();
    on_success(create, move |_| {
        if let Some(form) = form.get_untracked() {
            form.reset();
        }
    });
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action=create node_ref=form attr:class="form">
            <input type="hidden" name="project" value=project.id().to_string()/>
            <TextInput id="new-label-name" name="name" label="New label" required=true error=outcome.field("name")/>
            <ColourSwatches id="new-label-colour" name="colour" label="Its colour" value=Colour::default()/>
            <div class="form-actions">
                <Button kind="submit" icon=Icon::Plus busy=outcome.busy>"Add label"</Button>
            </div>
        </ActionForm>
    }
}
