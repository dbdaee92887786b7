//! The tasks below this one, how many of them are done, and a line for another.

use crate::{
    api::task::AddTask,
    components::{
        AvatarSize, AvatarStack, BlockedBy, Button, DueDate, FormErrors, Icon, PriorityBadge, Progress,
        TaskRow, TaskRows,
    },
    features::{
        by_script::empty_sent,
        form_outcome::{FormOutcome, on_success},
        open_task::OpenTask,
    },
    paths,
};
use domain::{
    board::Category,
    limits,
    permission::Permission,
    task::{Priority, Task, TaskSummary},
};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// Nothing where there are none and none can be added.
#[component]
pub fn SubTasks(task: OpenTask) -> impl IntoView {
    let adds = Memo::new(move |_| task.may(Permission::TaskCreate));
    let total = Memo::new(move |_| task.of(|it| it.child_count));
    let done = Memo::new(move |_| task.of(|it| it.child_done_count));
    let shown = Memo::new(move |_| adds.get() || total.get() > 0);
    let some = Memo::new(move |_| total.get() > 0);
    move || {
        shown.get().then(|| {
            view! {
                <section class="task-section" aria-labelledby="sub-tasks-title">
                    <div class="task-section-head">
                        <h2 class="task-section-title" id="sub-tasks-title">"Sub-tasks"</h2>
                        {move || some.get().then(|| view! { <Progress done total label="Sub-tasks done"/> })}
                    </div>
                    {move || some.get().then(|| view! { <Rows task/> })}
                    {move || adds.get().then(|| view! { <NewSubTask task/> })}
                </section>
            }
        })
    }
}

#[component]
fn Rows(task: OpenTask) -> impl IntoView {
    let children = Memo::new(move |_| task.with(|view| view.children.clone()));
    let rest = move || {
        let shown = children.with(|children| i64::try_from(children.len()).unwrap_or(i64::MAX));
        let rest = task.of(|it| it.child_count) - shown;
        (rest > 0).then(|| view! { <p class="muted">{format!("and {rest} more, which are in the list")}</p> })
    };
    view! {
        <TaskRows label="Sub-tasks">
            <For each=move || children.get() key=|child| (child.id, child.version) children=row/>
        </TaskRows>
        {rest}
    }
}

fn row(task: TaskSummary) -> impl IntoView {
    let priority = (task.priority != Priority::None)
        .then(|| view! { <PriorityBadge priority=task.priority compact=true/> });
    let done = task.category == Category::Done;
    let people: Vec<_> = task.assignees.iter().map(|person| person.display_name.clone()).collect();
    view! {
        <TaskRow href=paths::of_task(&task) key=task.key.clone() title=task.title.clone() category=task.category blocked=BlockedBy::of(&task)>
            {priority}
            {task.due_on.map(|day| view! { <DueDate day done/> })}
            <AvatarStack names=people size=AvatarSize::Small/>
        </TaskRow>
    }
}

/// One field: type a title, press Enter, go on with the next.
#[component]
fn NewSubTask(task: OpenTask) -> impl IntoView {
    let action = ServerAction::<AddTask>::new();
    let outcome = FormOutcome::of(action, "sub-task-");
    let field = NodeRef::<html::Input>::new();
    on_success(action, move |made: Task| {
        empty_sent(field, &made.summary.title);
        task.add_child(made.summary);
    });
    let label = format!("Title of a new sub-task of {}", task.key());
    view! {
        <FormErrors message=outcome.message()/>
        <ActionForm action attr:class="sub-task-new">
            <input type="hidden" name="project_id" value=task.project().id.to_string()/>
            <input type="hidden" name="parent_id" value=task.id().to_string()/>
            <Icon icon=Icon::Plus/>
            <input
                class="input"
                id="sub-task-title"
                name="title"
                required
                maxlength=limits::TITLE.to_string()
                placeholder="Add a sub-task: its title, then Enter"
                aria-label=label
                autocomplete="off"
                enterkeyhint="done"
                node_ref=field
            />
            <Button kind="submit" busy=outcome.busy>"Add"</Button>
        </ActionForm>
    }
}
