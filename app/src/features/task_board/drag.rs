//! What a drag means: pure decisions over the order of cards, the same for pointer and keyboard.

use domain::ids::{ColumnId, TaskId};

/// Pixels that a pressed pointer must travel before it is a drag and not a click.
pub const SLOP: f64 = 5.0;

/// What the board is doing.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Drag {
    /// Nothing.
    #[default]
    Idle,
    /// A pointer is down on a card and may become a drag.
    Pressed {
        /// The card.
        card: TaskId,
        /// Where, in the window.
        x: f64,
        /// Where, in the window.
        y: f64,
    },
    /// A card follows the pointer.
    Dragging {
        /// The card.
        card: TaskId,
        /// Where it would land now.
        target: Option<Slot>,
    },
    /// A card was picked up by keyboard and moves with the arrows.
    Picked {
        /// The card.
        card: TaskId,
        /// Where it was.
        from: Slot,
    },
}

/// A place on the board.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Slot {
    /// The column.
    pub column: ColumnId,
    /// The place among the column's *other* cards, from 0.
    pub index: usize,
}

/// An arrow key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Arrow {
    /// One card up.
    Up,
    /// One card down.
    Down,
    /// One column to the left.
    Left,
    /// One column to the right.
    Right,
}

impl Arrow {
    /// The arrow of a key's name.
    pub fn parse(key: &str) -> Option<Self> {
        match key {
            "ArrowUp" => Some(Self::Up),
            "ArrowDown" => Some(Self::Down),
            "ArrowLeft" => Some(Self::Left),
            "ArrowRight" => Some(Self::Right),
            _ => None,
        }
    }
}

/// The order of the cards, by column from left to right.
pub type Order = Vec<(ColumnId, Vec<TaskId>)>;

/// Where a card is.
pub fn slot_of(order: &Order, card: TaskId) -> Option<Slot> {
    order.iter().find_map(|(column, cards)| {
        let index = cards.iter().position(|other| *other == card)?;
        Some(Slot { column: *column, index })
    })
}

/// Where an arrow takes a card that is at `slot`; `None` at the board's edge.
pub fn step(order: &Order, slot: Slot, arrow: Arrow) -> Option<Slot> {
    let here = order.iter().position(|(column, _)| *column == slot.column)?;
    match arrow {
        Arrow::Up => slot.index.checked_sub(1).map(|index| Slot { index, ..slot }),
        // The column's own cards include the one that moves.
        Arrow::Down => (slot.index + 1 < order[here].1.len()).then(|| Slot { index: slot.index + 1, ..slot }),
        Arrow::Left => here.checked_sub(1).map(|beside| beside_at(order, beside, slot.index)),
        Arrow::Right => (here + 1 < order.len()).then(|| beside_at(order, here + 1, slot.index)),
    }
}

fn beside_at(order: &Order, column: usize, index: usize) -> Slot {
    let (id, cards) = &order[column];
    Slot { column: *id, index: index.min(cards.len()) }
}

/// The cards above and below a slot, without the one that moves: what the server is told.
pub fn neighbours(order: &Order, card: TaskId, slot: Slot) -> (Option<TaskId>, Option<TaskId>) {
    let Some((_, cards)) = order.iter().find(|(column, _)| *column == slot.column) else {
        return (None, None);
    };
    let mut others = cards.iter().copied().filter(|other| *other != card).skip(slot.index.saturating_sub(1));
    if slot.index == 0 {
        return (None, others.next());
    }
    (others.next(), others.next())
}

/// The slot for a pointer at height `y` in a column whose other cards have these middles, from top to bottom.
pub fn index_at(middles: &[f64], y: f64) -> usize {
    middles.iter().take_while(|middle| **middle < y).count()
}

/// Whether a pointer has gone far enough to mean a drag.
pub fn is_drag(from: (f64, f64), to: (f64, f64)) -> bool {
    (to.0 - from.0).hypot(to.1 - from.1) > SLOP
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn column(number: u128) -> ColumnId {
        ColumnId(Uuid::from_u128(number))
    }

    fn card(number: u128) -> TaskId {
        TaskId(Uuid::from_u128(number))
    }

    fn order() -> Order {
        vec![(column(1), vec![card(1), card(2), card(3)]), (column(2), vec![]), (column(3), vec![card(4)])]
    }

    #[test]
    fn arrows_go_from_card_to_card_and_stop_at_the_edges() {
        let top = slot_of(&order(), card(1)).expect("it is there");
        assert_eq!(step(&order(), top, Arrow::Up), None);
        assert_eq!(step(&order(), top, Arrow::Left), None);
        assert_eq!(step(&order(), top, Arrow::Down), Some(Slot { column: column(1), index: 1 }));
        let bottom = slot_of(&order(), card(3)).expect("it is there");
        assert_eq!(step(&order(), bottom, Arrow::Down), None);
    }

    #[test]
    fn a_card_goes_sideways_to_the_nearest_place_there_is() {
        let third = slot_of(&order(), card(3)).expect("it is there");
        assert_eq!(step(&order(), third, Arrow::Right), Some(Slot { column: column(2), index: 0 }));
        let lone = slot_of(&order(), card(4)).expect("it is there");
        assert_eq!(step(&order(), lone, Arrow::Right), None);
    }

    #[test]
    fn the_server_is_told_the_neighbours_without_the_card_itself() {
        let in_first = |index| Slot { column: column(1), index };
        assert_eq!(neighbours(&order(), card(4), in_first(0)), (None, Some(card(1))));
        assert_eq!(neighbours(&order(), card(4), in_first(1)), (Some(card(1)), Some(card(2))));
        assert_eq!(neighbours(&order(), card(4), in_first(3)), (Some(card(3)), None));
        assert_eq!(neighbours(&order(), card(2), in_first(1)), (Some(card(1)), Some(card(3))));
        assert_eq!(neighbours(&order(), card(1), Slot { column: column(2), index: 0 }), (None, None));
    }

    #[test]
    fn a_pointer_lands_between_the_middles_of_cards() {
        assert_eq!(index_at(&[], 10.0), 0);
        assert_eq!(index_at(&[10.0, 20.0], 5.0), 0);
        assert_eq!(index_at(&[10.0, 20.0], 15.0), 1);
        assert_eq!(index_at(&[10.0, 20.0], 99.0), 2);
    }

    #[test]
    fn a_trembling_hand_still_clicks() {
        assert!(!is_drag((10.0, 10.0), (13.0, 13.0)));
        assert!(is_drag((10.0, 10.0), (10.0, 16.0)));
    }
}
