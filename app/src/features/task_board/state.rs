//! The cards of a board and what happens to them: shown at once, sent to the server, put back if it says no.

use super::drag::{Drag, Order, Slot, neighbours, slot_of};
use crate::{
    AppError,
    api::task::move_task,
    components::{Toaster, use_toaster},
};
use domain::{
    Error,
    board::{Board, BoardColumn, Category, Column},
    ids::{ColumnId, ProjectId, TaskId},
    permission::{Permission, PermissionSet},
    task::{MoveTask, Task, TaskSummary},
};
use leptos::{prelude::*, task::spawn_local};

/// A column with its cards.
#[derive(Clone, Copy)]
pub struct ColumnState {
    /// The column.
    pub column: StoredValue<Column>,
    /// Its cards that are shown, by rank.
    pub cards: RwSignal<Vec<TaskSummary>>,
    /// How many it has in all.
    pub count: RwSignal<i64>,
}

impl ColumnState {
    fn is_done(self) -> bool {
        self.column.with_value(|column| column.category == Category::Done)
    }
}

/// A board's state. Cheap to copy.
#[derive(Clone, Copy)]
pub struct BoardState {
    project_id: ProjectId,
    permissions: PermissionSet,
    columns: StoredValue<Vec<ColumnState>>,
    drag: RwSignal<Drag>,
    said: RwSignal<String>,
    toaster: Toaster,
    /// The board's address with its filter.
    address: StoredValue<String>,
    /// Makes the board anew.
    reload: Callback<()>,
    /// Asks how it is now, for [`BoardState::meet`].
    ask: Callback<()>,
    /// Moves that the server has not answered yet.
    sending: StoredValue<u32>,
    /// Moves so far, and how many there were when the board was asked for: an answer may be of before the last one.
    moves: StoredValue<(u32, u32)>,
    /// Whether the board became something else while a card was on its way.
    missed: StoredValue<bool>,
}

impl BoardState {
    /// As the server gave it.
    pub fn new(
        project_id: ProjectId,
        board: Board,
        permissions: PermissionSet,
        address: String,
        (reload, ask): (Callback<()>, Callback<()>),
    ) -> Self {
        let columns = board
            .columns
            .into_iter()
            .map(|column| ColumnState {
                count: RwSignal::new(column.column.task_count),
                column: StoredValue::new(column.column),
                cards: RwSignal::new(column.cards),
            })
            .collect();
        Self {
            project_id,
            permissions,
            columns: StoredValue::new(columns),
            drag: RwSignal::new(Drag::Idle),
            said: RwSignal::new(String::new()),
            toaster: use_toaster(),
            address: StoredValue::new(address),
            reload,
            ask,
            sending: StoredValue::new(0),
            moves: StoredValue::new((0, 0)),
            missed: StoredValue::new(false),
        }
    }

    /// Shows the board as others have made it. What is done here goes on: a card on its way is waited for.
    pub fn meet(self, now: Board) {
        let (moves, asked) = self.moves.get_value();
        if self.is_busy() || moves != asked {
            self.missed.set_value(true);
            self.catch_up();
            return;
        }
        let columns = self.columns();
        let is_same = |(mine, theirs): (&ColumnState, &BoardColumn)| {
            mine.column.with_value(|mine| {
                let theirs = &theirs.column;
                (mine.id, &mine.name, mine.category) == (theirs.id, &theirs.name, theirs.category)
            })
        };
        if columns.len() != now.columns.len() || !columns.iter().zip(&now.columns).all(is_same) {
            self.reload.run(());
            return;
        }
        for (mine, theirs) in columns.into_iter().zip(now.columns) {
            mine.count.set(theirs.column.task_count);
            if mine.cards.with_untracked(|cards| *cards != theirs.cards) {
                mine.cards.set(theirs.cards);
            }
        }
    }

    fn is_busy(self) -> bool {
        self.drag() != Drag::Idle || self.sending.get_value() > 0
    }

    /// Looks at what was missed, once nothing is on its way.
    fn catch_up(self) {
        if self.missed.get_value() && !self.is_busy() {
            self.missed.set_value(false);
            self.look();
        }
    }

    /// Asks how the board is now.
    pub fn look(self) {
        self.moves.update_value(|(moves, asked)| *asked = *moves);
        self.ask.run(());
    }

    /// The project.
    pub const fn project_id(self) -> ProjectId {
        self.project_id
    }

    /// Whether the caller may do it in this project.
    pub const fn may(self, permission: Permission) -> bool {
        self.permissions.contains(permission)
    }

    /// The address that moves a card by the form, with the board's filter kept.
    pub fn with_move(self, key: &str) -> String {
        self.address.with_value(|address| {
            let joint = if address.contains('?') { '&' } else { '?' };
            format!("{address}{joint}move={key}")
        })
    }

    /// The columns from left to right.
    pub fn columns(self) -> Vec<ColumnState> {
        self.columns.get_value()
    }

    /// What the board is doing.
    pub fn drag(self) -> Drag {
        // Chromium tells that a card lost the focus when the board that it was on has gone already.
        self.drag.try_get_untracked().unwrap_or_default()
    }

    /// Notes what the board is doing.
    pub fn set_drag(self, drag: Drag) {
        self.drag.set(drag);
        self.catch_up();
    }

    /// Whether this card is the one that moves.
    pub fn is_held(self, card: TaskId) -> bool {
        matches!(self.drag.get(), Drag::Dragging { card: held, .. } | Drag::Picked { card: held, .. } if held == card)
    }

    /// What a screen reader is told.
    pub fn said(self) -> String {
        self.said.get()
    }

    /// Tells a screen reader.
    pub fn say(self, words: impl Into<String>) {
        self.said.set(words.into());
    }

    /// The order of the cards that are shown.
    pub fn order(self) -> Order {
        self.columns()
            .iter()
            .map(|column| {
                let id = column.column.with_value(|column| column.id);
                (id, column.cards.with_untracked(|cards| cards.iter().map(|card| card.id).collect()))
            })
            .collect()
    }

    /// The column's state.
    pub fn column(self, id: ColumnId) -> Option<ColumnState> {
        self.columns().into_iter().find(|column| column.column.with_value(|column| column.id) == id)
    }

    /// A card's data.
    pub fn card(self, id: TaskId) -> Option<TaskSummary> {
        self.columns().iter().find_map(|column| {
            column.cards.with_untracked(|cards| cards.iter().find(|card| card.id == id).cloned())
        })
    }

    /// “third of seven in To do”
    pub fn place_in_words(self, slot: Slot) -> String {
        self.column(slot.column).map_or_else(String::new, |column| {
            let of = column.cards.with_untracked(Vec::len);
            let name = column.column.with_value(|column| column.name.clone());
            format!("{} of {of} in {name}", slot.index + 1)
        })
    }

    /// Shows a card elsewhere, without telling the server.
    pub fn show_at(self, card: TaskId, slot: Slot) {
        let Some(from) = slot_of(&self.order(), card).and_then(|slot| self.column(slot.column)) else {
            return;
        };
        let Some(to) = self.column(slot.column) else { return };
        let mut taken = None;
        from.cards.update(|cards| {
            if let Some(index) = cards.iter().position(|other| other.id == card) {
                taken = Some(cards.remove(index));
            }
        });
        let Some(mut taken) = taken else { return };
        to.column.with_value(|column| {
            taken.column_id = column.id;
            taken.column_name.clone_from(&column.name);
            taken.category = column.category;
        });
        from.count.update(|count| *count -= 1);
        to.count.update(|count| *count += 1);
        to.cards.update(|cards| cards.insert(slot.index.min(cards.len()), taken));
    }

    /// Tells the server where a card that is shown at `slot` now is; puts it back to `from` if the server says no.
    pub fn send(self, card: TaskId, from: Slot, slot: Slot) {
        let Some(seen) = self.card(card) else { return };
        let was_done = self.column(from.column).is_some_and(ColumnState::is_done);
        let (after, before) = neighbours(&self.order(), card, slot);
        let to = MoveTask { version: seen.version, column_id: slot.column, after, before };
        self.sending.update_value(|sending| *sending += 1);
        self.moves.update_value(|(moves, _)| *moves += 1);
        spawn_local(async move {
            let answer = move_task(card, to).await;
            // Nothing, once the page has gone.
            self.sending.try_update_value(|sending| *sending -= 1);
            match answer {
                Ok(task) if self.stands() => {
                    // Finished or opened again, it lets others go on or holds them up.
                    let turned = was_done != (task.summary.category == Category::Done);
                    let ripples = task.summary.waiting_count > 0 && turned || task.summary.is_blocked();
                    self.take_over(task);
                    if ripples {
                        self.reload.run(());
                    }
                }
                Err(error) if self.stands() => self.put_back(card, from, error),
                Ok(_) => {}
                // Who has gone on to another page must learn of it too.
                Err(error) => self.toaster.error(error.to_string()),
            }
            if self.stands() {
                self.catch_up();
            }
        });
    }

    /// Whether its page is still there when an answer comes.
    fn stands(self) -> bool {
        self.drag.try_get_untracked().is_some()
    }

    /// Shows a new card at the end of its column.
    pub fn add(self, task: Task) {
        if let Some(column) = self.column(task.summary.column_id) {
            column.count.update(|count| *count += 1);
            column.cards.update(|cards| cards.push(task.summary));
        }
    }

    /// Shows the card as the server has it now.
    fn take_over(self, task: Task) {
        let task = task.summary;
        if let Some(column) = self.column(task.column_id) {
            column.cards.update(|cards| {
                if let Some(card) = cards.iter_mut().find(|card| card.id == task.id) {
                    *card = task;
                }
            });
        }
    }

    fn put_back(self, card: TaskId, from: Slot, error: AppError) {
        self.show_at(card, from);
        let words = match &error {
            AppError::Service(Error::Conflict { current, .. }) => {
                // The current row came along: show it, so that the next try works.
                if let Ok(task) = serde_json::from_str::<Task>(current) {
                    let at = Slot { column: task.summary.column_id, index: from.index };
                    self.show_at(card, at);
                    self.take_over(task);
                }
                "Someone changed this task at the same time. The board shows it as it is now.".to_owned()
            }
            other => other.to_string(),
        };
        if matches!(error, AppError::Service(Error::Blocked { .. })) {
            // The board did not know of that yet.
            self.reload.run(());
        }
        self.say(format!("Not moved. {words}"));
        self.toaster.error(words);
    }
}
