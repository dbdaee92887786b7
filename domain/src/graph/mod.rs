//! What blocks what, as a graph: in which order to work, what takes longest, and where to draw it.
//!
//! Nodes are numbers from 0, an edge `(from, to)` says that `from` has to be finished before `to` begins.
//! Such edges form no cycle; damaged data may have one all the same, and then nothing here hangs, panics
//! or forgets a node. Edges from a node to itself and those that name a node that is not there are passed
//! over. Nothing recurses: a chain may be as long as memory.

mod adjacency;
mod critical;
mod layout;
mod order;
mod reach;

pub use critical::{Weight, critical_path};
pub use layout::{Layout, Place, layout};
pub use order::working_order;
pub use reach::{downstream, upstream};
