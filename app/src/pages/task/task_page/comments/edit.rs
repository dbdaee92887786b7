//! Changing a comment in its place.

use super::{Thread, comment::back, problem};
use crate::{
    api::comment::EditCommentBody,
    components::{Button, ButtonSize, ButtonVariant, FormErrors, Icon, LinkButton, Notice, Tone},
    features::{
        alive::use_alive, by_script::focus_when_shown, form_outcome::FormOutcome,
        markdown_editor::MarkdownEditor, open_task::theirs,
    },
    refused::{forget_typed, typed_in},
};
use domain::comment::Comment;
use leptos::{form::ActionForm, prelude::*};

/// The form. If someone else was quicker, theirs stands above it and one's own in it.
#[component]
pub fn EditComment(thread: Thread, comment: Comment) -> impl IntoView {
    let outcome = FormOutcome::of(thread.edit, "edit-comment-");
    let id = comment.id;
    let typed =
        typed_in::<EditCommentBody>().filter(|typed| typed.get("id") == Some(id.to_string().as_str()));
    let mine = typed.as_ref().and_then(|typed| typed.get("body")).unwrap_or(&comment.body).to_owned();
    let refused = typed.is_some() && untrack(|| outcome.is_conflict());
    let body = RwSignal::new(mine);
    let version = RwSignal::new(comment.version);
    let clash = RwSignal::new(refused.then(|| comment.clone()));
    meet_others(thread, outcome, (version, clash));
    focus_when_shown("edit-comment-body");
    let save = move || if clash.with(Option::is_some) { "Save mine over theirs" } else { "Save" };
    let page = back(thread, id);
    view! {
        <FormErrors message=problem(outcome) fields=outcome.fields() prefix="edit-comment-"/>
        <Clash thread clash page=page.clone()/>
        <ActionForm action=thread.edit attr:class="comment-form">
            <input type="hidden" name="id" value=id.to_string()/>
            <input type="hidden" name="version" value=move || version.get()/>
            <input type="hidden" name="back" value=page.clone()/>
            <MarkdownEditor
                id="edit-comment-body" name="body" label="Comment" hide_label=true bind=body rows=5 required=true
                error=outcome.field("body")
            />
            <div class="form-actions">
                <LinkButton href=page size=ButtonSize::Small variant=ButtonVariant::Quiet attr:data-noscroll="">"Cancel"</LinkButton>
                <Button kind="submit" size=ButtonSize::Small variant=ButtonVariant::Primary busy=outcome.busy>{save}</Button>
            </div>
        </ActionForm>
    }
}

/// Shows what someone else made of it, and writes over that from then on.
fn meet_others(
    thread: Thread,
    outcome: FormOutcome,
    (version, clash): (RwSignal<i64>, RwSignal<Option<Comment>>),
) {
    let sent = thread.edit.version();
    Effect::new(move |before: Option<usize>| {
        let now = sent.get();
        if before.is_some_and(|before| before != now)
            && let Some(theirs) = outcome.error.with_untracked(|error| theirs::<Comment>(error.as_ref()))
        {
            version.set(theirs.version);
            clash.set(Some(theirs));
        }
        now
    });
}

#[component]
fn Clash(thread: Thread, clash: RwSignal<Option<Comment>>, page: String) -> impl IntoView {
    let alive = use_alive();
    move || {
        let theirs = clash.get()?;
        let text = theirs.body.clone();
        let take = if alive.get() {
            let take = move |_| {
                forget_typed();
                thread.replace(theirs.clone());
            };
            view! { <Button size=ButtonSize::Small icon=Icon::Restore on:click=take>"Take theirs"</Button> }
                .into_any()
        } else {
            view! { <LinkButton href=page.clone() size=ButtonSize::Small icon=Icon::Restore>"Take theirs"</LinkButton> }
                .into_any()
        };
        Some(view! {
            <Notice tone=Tone::Warning title="Someone else changed this comment while you were writing" alert=true>
                <dl class="clash"><dt>"Theirs"</dt><dd>{text}</dd></dl>
                {take}
            </Notice>
        })
    }
}
