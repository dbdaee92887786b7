//! A new comment.

use super::Thread;
use crate::{
    api::comment::AddComment,
    components::{Button, ButtonVariant, FormErrors},
    features::{
        form_outcome::{FormOutcome, on_success},
        markdown_editor::MarkdownEditor,
    },
    refused::{forget_typed, typed_in},
};
use domain::comment::Comment;
use leptos::{form::ActionForm, prelude::*, server::ServerAction};

/// The form at the end of the conversation.
#[component]
pub fn NewComment(thread: Thread) -> impl IntoView {
    let action = ServerAction::<AddComment>::new();
    let outcome = FormOutcome::of(action, "comment-");
    let task = thread.task.id().to_string();
    let typed = typed_in::<AddComment>().filter(|typed| typed.get("task_id") == Some(task.as_str()));
    let body =
        RwSignal::new(typed.and_then(|typed| typed.get("body").map(str::to_owned)).unwrap_or_default());
    on_success(action, move |comment: Comment| {
        forget_typed();
        body.set(String::new());
        thread.add(comment);
    });
    view! {
        <FormErrors message=outcome.message() fields=outcome.fields() prefix="comment-"/>
        <ActionForm action attr:class="comment-form">
            <input type="hidden" name="task_id" value=task/>
            <MarkdownEditor
                id="comment-body" name="body" label="Write a comment" bind=body rows=3 required=true
                hint="Markdown works. @name tells somebody, who then watches this task."
                error=outcome.field("body")
            />
            <div class="form-actions">
                <Button kind="submit" variant=ButtonVariant::Primary busy=outcome.busy>"Comment"</Button>
            </div>
        </ActionForm>
    }
}
