//! The task's properties: text for those who may only look, and for the others a small form each, which saves itself
//! when it is changed. Without script each has a button.

mod clash;
mod form;
mod saver;
mod shown;
mod value;

use super::{acts::Acts, header::why_address};
use crate::{
    api::{task_choices::TaskChoices, task_page::TaskField},
    components::{
        Button, ButtonSize, ButtonVariant, FormErrors, Icon, Nothing, Panel, Person, Properties, Property,
    },
    features::open_task::OpenTask,
};
use clash::Clash;
use domain::permission::Permission;
use form::{ColumnForm, DayForm, EstimateForm, LabelsForm, ParentForm, PeopleForm, PriorityForm};
use leptos::{form::ActionForm, prelude::*};
use saver::Saver;
use shown::Shown;

/// The panel.
#[component]
pub fn Fields(task: OpenTask, acts: Acts, choices: Signal<Option<TaskChoices>>) -> impl IntoView {
    let saver = Saver::new(task);
    let row = move |field: TaskField| view! { <Row saver choices field/> };
    view! {
        <Panel id="properties" title="Properties">
            <FormErrors message=saver.problem()/>
            <Clash saver choices/>
            <Properties>
                {row(TaskField::Column)}
                {row(TaskField::Priority)}
                {row(TaskField::Assignees)}
                {row(TaskField::Labels)}
                {row(TaskField::StartOn)}
                {row(TaskField::DueOn)}
                {row(TaskField::Estimate)}
                {row(TaskField::Parent)}
                <Property label="Watchers"><Watchers task acts/></Property>
            </Properties>
            <p class="task-why"><a href=why_address(task)>"Why may I (not) change this?"</a></p>
        </Panel>
    }
}

#[component]
fn Row(saver: Saver, choices: Signal<Option<TaskChoices>>, field: TaskField) -> impl IntoView {
    let changes = Memo::new(move |_| saver.task.may(needed(field)));
    let content = move || {
        if !changes.get() {
            return view! { <Shown task=saver.task field/> }.into_any();
        }
        match field {
            TaskField::Column => view! { <ColumnForm saver choices/> }.into_any(),
            TaskField::Priority => view! { <PriorityForm saver/> }.into_any(),
            TaskField::Assignees => view! { <PeopleForm saver choices/> }.into_any(),
            TaskField::Labels => view! { <LabelsForm saver choices/> }.into_any(),
            TaskField::StartOn | TaskField::DueOn => view! { <DayForm saver field/> }.into_any(),
            TaskField::Estimate => view! { <EstimateForm saver/> }.into_any(),
            TaskField::Parent => view! { <ParentForm saver/> }.into_any(),
        }
    };
    view! { <Property label=value::label(field)>{content}</Property> }
}

const fn needed(field: TaskField) -> Permission {
    match field {
        TaskField::Column => Permission::TaskMove,
        TaskField::Assignees => Permission::TaskAssign,
        _ => Permission::TaskUpdate,
    }
}

/// Who is told of changes, and a button to be one of them: everyone's own, so it needs no permission.
#[component]
fn Watchers(task: OpenTask, acts: Acts) -> impl IntoView {
    let watchers = Memo::new(move |_| task.with(|view| view.watchers.clone()));
    let watching = Memo::new(move |_| task.with(|view| view.watching));
    let people = move || {
        let people = watchers.get();
        if people.is_empty() {
            return view! { <Nothing text="Nobody"/> }.into_any();
        }
        let people = people.into_iter().map(|person| view! { <li><Person name=person.display_name/></li> });
        view! { <ul class="task-people">{people.collect_view()}</ul> }.into_any()
    };
    let word = move || if watching.get() { "Stop watching" } else { "Watch" };
    view! {
        {people}
        <ActionForm action=acts.watch>
            <input type="hidden" name="id" value=task.id().to_string()/>
            <input type="hidden" name="watch" value=move || (!watching.get()).to_string()/>
            <Button
                kind="submit" variant=ButtonVariant::Quiet size=ButtonSize::Small icon=Icon::Eye
                busy=acts.busy() attr:id="task-watch"
            >
                {word}
            </Button>
        </ActionForm>
    }
}
