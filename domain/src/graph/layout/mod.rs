//! Where to draw a graph, from left to right.
//!
//! The scheme is the usual one for layered drawings (Sugiyama, Tagawa, Toda 1981): each node gets a layer
//! to the right of what blocks it, edges over several layers get points of their own in those between, the
//! points of each layer are put in an order with few crossings, and then into rows such that edges are
//! straight. `docs/adr/0007-graph-layout.md` says why this is not from a library, and what it takes.
//! The same graph always gives the same picture.

mod bends;
mod crossings;
mod layers;
mod parts;
mod rows;
mod sheet;
mod swaps;
#[cfg(test)]
mod tests;

use super::{
    adjacency::Adjacency,
    order::{positions, sorted},
};
use parts::Part;
use sheet::Sheet;

/// Free rows between two parts of the picture that have nothing to do with each other.
const BETWEEN_PARTS: f64 = 1.5;

/// Where a node is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Place {
    /// Its column, from 0 at the left.
    pub layer: usize,
    /// Its middle, in rows from 0 at the top. Two nodes in the same layer are at least one row apart.
    pub y: f64,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Of each node.
    pub places: Vec<Place>,
    /// Of each edge, the points `(layer, y)` that it passes between its ends, from its blocker on; none
    /// for one that goes to the next layer, and for one that is drawn straight.
    pub bends: Vec<Vec<(f64, f64)>>,
    /// How many layers there are.
    pub layers: usize,
    /// How many rows there are: the lowest point and one more, 0 without nodes.
    pub height: f64,
}

/// An edge that can be drawn, turned so that it points to the right.
struct Arrow {
    edge: usize,
    from: usize,
    to: usize,
    /// Whether the edge points to the left, which only one on a cycle does.
    turned: bool,
}

/// Lays out `nodes` nodes. Parts that no edge connects are put below each other, the biggest first. Of a
/// cycle, the edges that go back in the working order are drawn from right to left.
pub fn layout(nodes: usize, edges: &[(usize, usize)]) -> Layout {
    let order = sorted(&Adjacency::new(nodes, edges));
    let arrows = arrows(&order, edges);
    let pairs: Vec<_> = arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
    let graph = Adjacency::new(nodes, &pairs);
    let layer = layers::assign(&graph, &order);
    let bends = bends::counts(&arrows, &layer);
    let mut picture = Layout {
        places: layer.iter().map(|&layer| Place { layer, y: 0.0 }).collect(),
        bends: vec![Vec::new(); edges.len()],
        layers: layer.iter().max().map_or(0, |last| last + 1),
        height: 0.0,
    };
    for part in parts::split(&graph, &arrows) {
        let mut sheet = Sheet::new(&part, &arrows, &layer, &bends);
        crossings::reduce(&mut sheet);
        picture.add(&part, &arrows, &sheet, &rows::settle(&sheet));
    }
    picture
}

impl Layout {
    /// Puts a part below what is there.
    fn add(&mut self, part: &Part, arrows: &[Arrow], sheet: &Sheet, y: &[f64]) {
        let top = if self.height == 0.0 {
            0.0
        } else if part.nodes.len() == 1 {
            self.height
        } else {
            self.height - 1.0 + BETWEEN_PARTS
        };
        for (&node, y) in part.nodes.iter().zip(y) {
            self.places[node].y = top + y;
        }
        for (arrow, points) in sheet.bent() {
            let arrow = &arrows[arrow];
            let mut through = points.map(|point| (real(sheet.layer(point)), top + y[point])).collect();
            bends::join_straight(&mut through);
            if arrow.turned {
                through.reverse();
            }
            self.bends[arrow.edge] = through;
        }
        self.height = top + y.iter().copied().fold(0.0, f64::max) + 1.0;
    }
}

fn arrows(order: &[usize], edges: &[(usize, usize)]) -> Vec<Arrow> {
    let position = positions(order);
    let can_be =
        |&(_, (from, to)): &(usize, (usize, usize))| from != to && from < order.len() && to < order.len();
    let turn = |(edge, (from, to)): (usize, (usize, usize))| {
        if position[from] < position[to] {
            Arrow { edge, from, to, turned: false }
        } else {
            Arrow { edge, from: to, to: from, turned: true }
        }
    };
    edges.iter().copied().enumerate().filter(can_be).map(turn).collect()
}

/// As a real number; there is no memory for a graph that does not fit.
fn real(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
