//! Dependencies between tasks, and what follows from them.
//!
//! `links` holds the rows, `web` walks over them, `counts` keeps the numbers that tasks carry, `states` what is blocked
//! and where it stood before, `drawing` reads what a graph shows, `check` compares it all with what it should be.

mod check;
mod counts;
mod drawing;
mod links;
mod states;
mod web;

pub use check::{Difference, all_edges, differences, reset};
pub use counts::{Edge, Within, add_counts, edges_of, edges_within, waiting_within};
pub use drawing::{Node, linked_in, nodes, nodes_by_key};
pub use links::{Blocker, count_of, insert, linked, open_blockers, remove};
pub use states::{
    Move, State, block, clear, forget_place, hold, lapse, place, release, set_override, standing, states,
};
pub use web::{Direction, Strand, Walk, strands};
