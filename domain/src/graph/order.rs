//! In which order to work.

use super::adjacency::Adjacency;
use std::{cmp::Reverse, collections::BinaryHeap};

/// All nodes, each after everything that blocks it; among those that could be next, the lowest number.
/// Nodes on a cycle, and those behind one, can never be next: they come last, by number.
pub fn working_order(nodes: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    sorted(&Adjacency::new(nodes, edges))
}

/// As [`working_order`], of a graph that is at hand.
pub(super) fn sorted(graph: &Adjacency) -> Vec<usize> {
    let mut open: Vec<usize> = (0..graph.len()).map(|node| graph.ins(node).len()).collect();
    let mut ready: BinaryHeap<_> = (0..graph.len()).filter(|&node| open[node] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(graph.len());
    while let Some(Reverse(node)) = ready.pop() {
        order.push(node);
        for &next in graph.outs(node) {
            open[next] -= 1;
            if open[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    order.extend((0..graph.len()).filter(|&node| open[node] > 0));
    order
}

/// Of each node, its place in an order.
pub(super) fn positions(order: &[usize]) -> Vec<usize> {
    let mut positions = vec![0; order.len()];
    for (position, &node) in order.iter().enumerate() {
        positions[node] = position;
    }
    positions
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn among_what_could_be_next_the_lowest_number_goes_first() {
        assert_eq!(working_order(5, &[(4, 0), (3, 1)]), [2, 3, 1, 4, 0]);
        assert_eq!(working_order(3, &[]), [0, 1, 2]);
        assert_eq!(working_order(0, &[]), [0_usize; 0]);
    }

    #[test]
    fn a_cycle_comes_last_with_what_it_holds_up() {
        assert_eq!(working_order(6, &[(1, 2), (2, 1), (2, 0), (5, 1), (3, 4)]), [3, 4, 5, 0, 1, 2]);
    }

    #[test]
    fn edges_that_can_not_be_are_passed_over() {
        assert_eq!(working_order(2, &[(1, 1), (0, 9), (9, 0), (1, 0), (1, 0)]), [1, 0]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_ordered() {
        let edges: Vec<_> = (1..100_000).map(|node| (node, node - 1)).collect();
        assert!(working_order(100_000, &edges).into_iter().eq((0..100_000).rev()));
    }

    proptest! {
        #[test]
        fn every_blocker_comes_before_what_it_blocks(
            edges in prop::collection::vec((0_usize..40, 0_usize..40), 0..120),
            shuffle in Just((0_usize..40).collect::<Vec<_>>()).prop_shuffle(),
        ) {
            let acyclic: Vec<_> =
                edges.into_iter().filter(|(from, to)| shuffle[*from] < shuffle[*to]).collect();
            let order = working_order(40, &acyclic);
            let at = positions(&order);
            for (from, to) in acyclic {
                prop_assert!(at[from] < at[to], "{from} blocks {to}");
            }
        }

        #[test]
        fn no_node_is_lost_or_told_twice(
            edges in prop::collection::vec((0_usize..12, 0_usize..12), 0..40),
        ) {
            let mut order = working_order(10, &edges);
            order.sort_unstable();
            prop_assert!(order.into_iter().eq(0..10));
        }
    }
}
