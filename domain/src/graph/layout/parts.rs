//! The parts of a graph that no edge connects.

use super::{super::adjacency::Adjacency, Arrow};
use std::cmp::Reverse;

/// Nodes that hang together.
pub(super) struct Part {
    /// Their numbers, in order.
    pub(super) nodes: Vec<usize>,
    /// The arrows between them, as indices, in order.
    pub(super) arrows: Vec<usize>,
}

/// All parts, the biggest first, among equals the one with the lowest node.
pub(super) fn split(graph: &Adjacency, arrows: &[Arrow]) -> Vec<Part> {
    let (of, count) = number(graph);
    let mut parts: Vec<Part> =
        std::iter::repeat_with(|| Part { nodes: Vec::new(), arrows: Vec::new() }).take(count).collect();
    for (node, &part) in of.iter().enumerate() {
        parts[part].nodes.push(node);
    }
    for (index, arrow) in arrows.iter().enumerate() {
        parts[of[arrow.from]].arrows.push(index);
    }
    // Stable, and they were numbered by their lowest nodes.
    parts.sort_by_key(|part| Reverse(part.nodes.len()));
    parts
}

/// Of each node, the number of its part; and how many parts there are.
fn number(graph: &Adjacency) -> (Vec<usize>, usize) {
    let mut of = vec![usize::MAX; graph.len()];
    let mut count = 0;
    let mut open = Vec::new();
    for start in 0..graph.len() {
        if of[start] != usize::MAX {
            continue;
        }
        of[start] = count;
        open.push(start);
        while let Some(node) = open.pop() {
            for &neighbour in graph.outs(node).iter().chain(graph.ins(node)) {
                if of[neighbour] == usize::MAX {
                    of[neighbour] = count;
                    open.push(neighbour);
                }
            }
        }
        count += 1;
    }
    (of, count)
}
