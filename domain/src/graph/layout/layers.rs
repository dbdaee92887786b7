//! Which layer each node is in.

use super::super::adjacency::Adjacency;

/// Of each node, its layer: to the right of all that block it. `order` is a working order of the graph,
/// which has no cycle.
///
/// Each node first goes as far to the left as it can. Then what has room goes to the right, up to what it
/// blocks, unless more edges would grow than shrink by it: a task that is needed late is drawn late.
/// (The least sum of lengths takes a network simplex, which is slow for a gain that nobody sees here.)
pub(super) fn assign(graph: &Adjacency, order: &[usize]) -> Vec<usize> {
    let mut layer = vec![0; graph.len()];
    for &node in order {
        layer[node] = graph.ins(node).iter().map(|&from| layer[from] + 1).max().unwrap_or(0);
    }
    for &node in order.iter().rev() {
        let next = graph.outs(node).iter().map(|&to| layer[to]).min();
        if let Some(next) = next.filter(|_| graph.outs(node).len() >= graph.ins(node).len()) {
            layer[node] = next - 1;
        }
    }
    layer
}
