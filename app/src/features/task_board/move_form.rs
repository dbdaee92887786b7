//! Moving a card without dragging it: a form, which works without script as well.

use crate::{
    api::task::MoveToColumn,
    components::{Button, ButtonVariant, Choice, FormErrors, LinkButton, Panel, Select},
    features::{
        form_outcome::{FormOutcome, on_success},
        refusal::RefusalDetails,
    },
};
use domain::{board::Board, task::TaskSummary};
use leptos::{form::ActionForm, html, prelude::*, server::ServerAction};

/// “Move WEB-12 to …”, shown above the board while its address says `?move=WEB-12`.
#[component]
pub fn MoveForm(
    board: Board,
    /// The card's key, from the address.
    key: String,
    /// The board's address, for the way back.
    back: String,
    /// Called when the card was moved.
    on_moved: Callback<()>,
) -> impl IntoView {
    let task = board.columns.iter().flat_map(|column| &column.cards).find(|card| card.key == key).cloned();
    task.map(|task| {
        let columns = board
            .columns
            .iter()
            .map(|column| Choice::new(column.column.id.to_string(), column.column.name.clone()))
            .collect();
        view! { <Form task columns back=back.clone() on_moved /> }
    })
}

#[component]
fn Form(task: TaskSummary, columns: Vec<Choice>, back: String, on_moved: Callback<()>) -> impl IntoView {
    let action = ServerAction::<MoveToColumn>::new();
    let outcome = FormOutcome::of(action, "");
    on_success(action, move |_| on_moved.run(()));
    let root = NodeRef::<html::Div>::new();
    // The link that opened this has the focus; it belongs where the work goes on.
    Effect::new(move |_| {
        if let Some(root) = root.get()
            && let Ok(Some(select)) = root.query_selector("select")
        {
            use leptos::wasm_bindgen::JsCast;
            if let Ok(select) = select.dyn_into::<leptos::web_sys::HtmlElement>() {
                drop(select.focus());
            }
        }
    });
    view! {
        <div class="page" node_ref=root>
            <Panel id="move" title=format!("Move {} “{}”", task.key, task.title)>
                <FormErrors message=outcome.message() fields=outcome.fields() />
                <RefusalDetails error=outcome.error />
                <ActionForm action attr:class="form">
                    <input type="hidden" name="id" value=task.id.to_string() />
                    <input type="hidden" name="version" value=task.version.to_string() />
                    <Select id="column_id" label="To the end of" choices=columns value=task.column_id.to_string() />
                    <div class="form-actions">
                        <LinkButton href=back>"Cancel"</LinkButton>
                        <Button variant=ButtonVariant::Primary kind="submit" busy=outcome.busy>"Move"</Button>
                    </div>
                </ActionForm>
            </Panel>
        </div>
    }
}
