//! The conversation: its end, what came before on demand, and a field to go on.

mod comment;
mod edit;
mod new;

use crate::{
    api::comment::{DeleteComment, EditCommentBody, latest_comments},
    components::{ButtonSize, ButtonVariant, LinkButton, use_toaster},
    features::{
        ask_again::ask_again,
        form_outcome::{FormOutcome, on_success},
        live::{areas, follow},
        more_rows::{MoreButton, MoreRows},
        open_task::OpenTask,
        query::address,
        use_query::use_query,
    },
    paths,
    refused::forget_typed,
};
use comment::CommentView;
use domain::{comment::Comment, ids::CommentId, page::Paged, permission::Permission};
use leptos::{prelude::*, server::ServerAction};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use new::NewComment;

/// What is being done to a comment, by address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Doing {
    Edit(CommentId),
    Delete(CommentId),
}

/// The comments of a page's task. Copy it into closures.
#[derive(Clone, Copy)]
pub struct Thread {
    task: OpenTask,
    /// Newest first.
    rows: MoreRows<Comment>,
    edit: ServerAction<EditCommentBody>,
    delete: ServerAction<DeleteComment>,
    doing: Memo<Option<Doing>>,
    /// Back from editing or deleting.
    leave: Callback<()>,
}

impl Thread {
    fn new(task: OpenTask, first: Paged<Comment>) -> Self {
        let id = task.id();
        let query = use_query();
        let (page, navigate) = (paths::task(&task.key()), use_navigate());
        let leave = move |()| {
            navigate(&page, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        };
        let thread = Self {
            task,
            rows: MoreRows::new(first, move |cursor| latest_comments(id, Some(cursor))),
            edit: ServerAction::new(),
            delete: ServerAction::new(),
            doing: Memo::new(move |_| {
                query.with(|query| {
                    let id = query.get_str("comment")?.parse().ok()?;
                    match query.get_str("act")? {
                        "edit" => Some(Doing::Edit(id)),
                        "delete" => Some(Doing::Delete(id)),
                        _ => None,
                    }
                })
            }),
            leave: Callback::new(leave),
        };
        thread.tell();
        thread
    }

    /// Shows what became of a comment.
    fn tell(self) {
        let toaster = use_toaster();
        on_success(self.edit, move |now: Comment| {
            forget_typed();
            self.replace(now);
            self.task.touch();
            self.leave.run(());
        });
        let asked = StoredValue::new(None::<CommentId>);
        let input = self.delete.input();
        Effect::new(move |_| {
            if let Some(id) = input.with(|input| input.as_ref().map(|input| input.id)) {
                asked.set_value(Some(id));
            }
        });
        on_success(self.delete, move |()| {
            self.rows.update(|rows| rows.retain(|row| Some(row.id) != asked.get_value()));
            toaster.success("The comment is deleted.");
            self.task.touch();
            self.leave.run(());
        });
    }

    /// Shows what others write, and what becomes of what they wrote.
    fn keep_up(self) {
        let id = self.task.id();
        let again = ask_again(move || latest_comments(id, None), move |first| self.meet(first));
        follow(
            move |touched| touched.task_id == Some(id) && areas(["comment"])(touched),
            move || again.run(()),
        );
    }

    /// A comment that is being edited here stays as it was, with what was typed; saving it tells of the clash.
    fn meet(self, mut first: Paged<Comment>) {
        let edited = match self.doing.get_untracked() {
            Some(Doing::Edit(id)) => self.rows.find(|row| row.id == id),
            _ => None,
        };
        if let Some(edited) = edited
            && let Some(row) = first.items.iter_mut().find(|row| row.id == edited.id)
        {
            *row = edited;
        }
        self.rows.meet(first, |a, b| a.id == b.id);
    }

    /// Shows a comment as it is now.
    fn replace(self, now: Comment) {
        self.rows.update(|rows| {
            if let Some(row) = rows.iter_mut().find(|row| row.id == now.id) {
                *row = now;
            }
        });
    }

    /// Shows a new one at the end.
    fn add(self, comment: Comment) {
        self.rows.update(|rows| rows.insert(0, comment));
        self.task.touch();
    }
}

/// The section.
#[component]
pub fn Comments(
    task: OpenTask,
    first: Paged<Comment>,
    /// Whether `first` is older ones, asked for by address.
    older: bool,
) -> impl IntoView {
    let thread = Thread::new(task, first);
    if !older {
        thread.keep_up();
    }
    let writes = Memo::new(move |_| task.may(Permission::CommentCreate));
    let none = Memo::new(move |_| thread.rows.get().is_empty());
    let page = paths::task(&task.key());
    let href = {
        let page = page.clone();
        move |cursor: String| format!("{}#comments", address(&page, &[("comments", &cursor)]))
    };
    let newest = older.then(|| {
        let href = format!("{page}#comments");
        view! {
            <LinkButton href variant=ButtonVariant::Quiet size=ButtonSize::Small>"Back to the newest"</LinkButton>
        }
    });
    // Read downwards, as they were written.
    let downwards = move || thread.rows.get().into_iter().rev().collect::<Vec<_>>();
    view! {
        <section class="task-section" id="comments" aria-labelledby="comments-title">
            <div class="task-section-head">
                <h2 class="task-section-title" id="comments-title">"Comments"</h2>
                {newest}
            </div>
            <div class="more-rows"><MoreButton rows=thread.rows href label="Show older comments"/></div>
            {move || none.get().then(|| view! { <p class="muted">"Nobody has written anything yet."</p> })}
            <div class="comments">
                <For each=downwards key=|comment| (comment.id, comment.version) let:comment>
                    <CommentView thread comment/>
                </For>
            </div>
            {move || writes.get().then(|| view! { <NewComment thread/> })}
        </section>
    }
}

/// What went wrong with editing or deleting, apart from a clash, for the comment that it was about.
fn problem(edit: FormOutcome) -> Signal<Option<String>> {
    Signal::derive(move || if edit.is_conflict() { None } else { edit.message().get() })
}
