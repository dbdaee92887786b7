//! Asks before something that can't be taken back, and says what will happen.

use super::{
    button::{Button, ButtonVariant},
    dialog::{Dialog, DialogSize},
};
use leptos::prelude::*;

/// A question with two answers. The children say the consequences. The safe answer has the focus.
#[component]
pub fn Confirm(
    #[prop(into)] id: String,
    open: RwSignal<bool>,
    /// The question, with the name of the thing: "Delete WEB-12?".
    #[prop(into)]
    title: Signal<String>,
    /// The act as a verb: "Delete task".
    #[prop(into)]
    confirm: String,
    #[prop(default = ButtonVariant::Danger)] variant: ButtonVariant,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(into)] on_confirm: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <Dialog id open title size=DialogSize::Small>
            <div class="confirm-text">{children()}</div>
            <div class="dialog-foot">
                <Button on:click=move |_| open.set(false) attr:autofocus=true>"Cancel"</Button>
                <Button variant busy on:click=move |_| on_confirm.run(())>{confirm}</Button>
            </div>
        </Dialog>
    }
}
