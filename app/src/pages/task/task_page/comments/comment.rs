//! One comment, with what its author, or whoever may, can do to it.

use super::{Doing, Thread, edit::EditComment, problem};
use crate::{
    components::{
        Avatar, AvatarSize, Button, ButtonSize, ButtonVariant, FormErrors, Icon, LinkButton, Markdown, Menu,
        MenuLink, Notice, RelativeTime, Tone,
    },
    features::{form_outcome::FormOutcome, query::address},
    paths,
    session::use_me,
};
use domain::{comment::Comment, ids::CommentId, permission::Permission};
use leptos::{form::ActionForm, prelude::*};

/// A comment. Drawn anew when it changed.
#[component]
pub fn CommentView(thread: Thread, comment: Comment) -> impl IntoView {
    let id = comment.id;
    let rights = Rights::of(&comment);
    let may_edit = Memo::new(move |_| rights.edit(thread));
    let may_delete = Memo::new(move |_| rights.delete(thread));
    let name = comment.author.as_ref().map_or_else(|| "PMS".to_owned(), |user| user.display_name.clone());
    let written = written(&comment);
    let menu = {
        let label = format!("More actions for the comment of {name}");
        move || {
            let (edits, deletes) = (may_edit.get(), may_delete.get());
            (edits || deletes).then(|| view! { <CommentMenu thread id label=label.clone() edits deletes/> })
        }
    };
    let said = format!("Comment of {name}");
    let comment = StoredValue::new(comment);
    let body = move || match thread.doing.get() {
        Some(Doing::Edit(wanted)) if wanted == id && may_edit.get() => {
            view! { <EditComment thread comment=comment.get_value()/> }.into_any()
        }
        Some(Doing::Delete(wanted)) if wanted == id && may_delete.get() => {
            let html = comment.with_value(|comment| comment.body_html.clone());
            view! { <Markdown html/> <Delete thread id/> }.into_any()
        }
        _ => view! { <Markdown html=comment.with_value(|comment| comment.body_html.clone())/> }.into_any(),
    };
    view! {
        <article class="comment" id=anchor(id) aria-label=said>
            <header class="comment-head">
                <Avatar name=name.clone() size=AvatarSize::Small beside_name=true/>
                <span class="person-name">{name}</span>
                {written}
                {menu}
            </header>
            <div class="comment-body">{body}</div>
        </article>
    }
}

/// When it was written, which is its link, and when it changed.
fn written(comment: &Comment) -> impl IntoView + use<> {
    let link = format!("#{}", anchor(comment.id));
    let edited = comment.edited_at.map(|at| {
        view! { <span class="comment-edited">"· changed " <RelativeTime at/></span> }
    });
    view! {
        // `external`: the browser itself goes there.
        <a class="link-plain" href=link rel="external"><RelativeTime at=comment.created_at/></a>
        {edited}
    }
}

/// Whose comment it is decides which permission counts.
#[derive(Clone, Copy)]
struct Rights {
    own: bool,
}

impl Rights {
    fn of(comment: &Comment) -> Self {
        let me = use_me().map(|me| me.user.id);
        Self { own: me.is_some() && comment.author.as_ref().map(|author| author.id) == me }
    }

    fn edit(self, thread: Thread) -> bool {
        thread.task.may(Permission::CommentUpdateAny)
            || self.own && thread.task.may(Permission::CommentUpdateOwn)
    }

    fn delete(self, thread: Thread) -> bool {
        thread.task.may(Permission::CommentDeleteAny)
            || self.own && thread.task.may(Permission::CommentDeleteOwn)
    }
}

#[component]
fn CommentMenu(thread: Thread, id: CommentId, label: String, edits: bool, deletes: bool) -> impl IntoView {
    let page = paths::task(&thread.task.key());
    let to = move |act: &str| {
        format!("{}#{}", address(&page, &[("comment", &id.to_string()), ("act", act)]), anchor(id))
    };
    let edit = edits.then(|| {
        view! { <MenuLink href=to("edit") icon=Icon::Edit attr:data-noscroll="">"Edit"</MenuLink> }
    });
    let delete = deletes.then(|| {
        view! { <MenuLink href=to("delete") icon=Icon::Trash attr:data-noscroll="">"Delete…"</MenuLink> }
    });
    view! { <Menu id=format!("comment-menu-{id}") label size=ButtonSize::Small>{edit} {delete}</Menu> }
}

/// Asks before it is gone for good.
#[component]
fn Delete(thread: Thread, id: CommentId) -> impl IntoView {
    let outcome = FormOutcome::of(thread.delete, "");
    let page = paths::task(&thread.task.key());
    view! {
        <FormErrors message=problem(outcome)/>
        <Notice tone=Tone::Danger title="Delete this comment?">
            <p>"It is gone for everyone, and this can’t be taken back."</p>
            <ActionForm action=thread.delete attr:class="form-actions">
                <input type="hidden" name="id" value=id.to_string()/>
                <input type="hidden" name="back" value=format!("{page}#comments")/>
                <Button kind="submit" size=ButtonSize::Small variant=ButtonVariant::Danger icon=Icon::Trash busy=outcome.busy>
                    "Delete comment"
                </Button>
                <LinkButton href=back(thread, id) size=ButtonSize::Small variant=ButtonVariant::Quiet attr:data-noscroll="">
                    "Keep it"
                </LinkButton>
            </ActionForm>
        </Notice>
    }
}

/// The page without anything being done, at this comment.
pub fn back(thread: Thread, id: CommentId) -> String {
    format!("{}#{}", paths::task(&thread.task.key()), anchor(id))
}

fn anchor(id: CommentId) -> String {
    format!("comment-{id}")
}
