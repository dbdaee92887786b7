//! The board: cards in columns, moved by pointer, by keyboard or by a form.
//!
//! `drag` decides (pure, tested), `state` holds the cards, `wiring` turns the browser's events into decisions,
//! `card` and `column` draw. Events are listened to on the board alone, so a thousand cards cost no more than one.

mod card;
mod column;
mod drag;
mod move_form;
mod state;
mod wiring;

pub use move_form::MoveForm;
pub use state::BoardState;

use crate::features::live::{follow, in_project};
use column::BoardColumnView;
use domain::{board::Board, ids::ProjectId, permission::PermissionSet};
use leptos::{html::Div, prelude::*};
use wiring::Wiring;

/// A whole board.
#[component]
pub fn TaskBoard(
    project_id: ProjectId,
    /// The project's key, for links to its list.
    project_key: String,
    board: Board,
    /// What the caller may do here.
    permissions: PermissionSet,
    /// Its address with its filter.
    address: String,
    /// Called when it has to be made anew.
    reload: Callback<()>,
    /// Called when it wants to know how it is now; the answer comes in `now`.
    ask: Callback<()>,
    now: ReadSignal<Option<Board>>,
) -> impl IntoView {
    let state = BoardState::new(project_id, board, permissions, address, (reload, ask));
    let root = NodeRef::<Div>::new();
    let wiring = Wiring::new(state, root);
    follow(in_project(project_id), move || state.look());
    Effect::new(move |before: Option<()>| {
        let now = now.get();
        // What was asked for before this board was drawn is older than it.
        if let (Some(()), Some(now)) = (before, now) {
            wiring.keep_focus();
            state.meet(now);
        }
    });
    let columns = state.columns();
    let count = columns.len();
    let columns = columns
        .into_iter()
        .map(|column| view! { <BoardColumnView state column project_key=project_key.clone() /> })
        .collect_view();
    view! {
        <div
            class="board"
            data-columns=count.to_string()
            role="region"
            aria-label="Board"
            tabindex="0"
            node_ref=root
            on:pointerdown=move |event| wiring.pointer_down(&event)
            on:pointermove=move |event| wiring.pointer_move(&event)
            on:pointerup=move |event| wiring.pointer_up(&event)
            on:pointercancel=move |_| wiring.cancel()
            on:keydown=move |event| wiring.key_down(&event)
            on:click=move |event| wiring.click(&event)
            on:focusout=move |event| wiring.focus_out(&event)
        >
            {columns}
        </div>
        <p class="visually-hidden" aria-live="assertive">{move || state.said()}</p>
        <p class="visually-hidden" id="board-keys">
            "Press space to pick the card up, the arrow keys to move it, space to put it down, escape to leave it where it was."
        </p>
    }
}
