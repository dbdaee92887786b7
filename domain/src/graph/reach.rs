//! Which nodes are on the way to or from one.

use super::adjacency::Adjacency;

/// All that has to be finished before `of` can begin, by number, without itself.
pub fn upstream(nodes: usize, edges: &[(usize, usize)], of: usize) -> Vec<usize> {
    let graph = Adjacency::new(nodes, edges);
    reached(nodes, of, |node| graph.ins(node))
}

/// All that can't begin before `of` is finished, by number, without itself.
pub fn downstream(nodes: usize, edges: &[(usize, usize)], of: usize) -> Vec<usize> {
    let graph = Adjacency::new(nodes, edges);
    reached(nodes, of, |node| graph.outs(node))
}

fn reached<'a>(nodes: usize, of: usize, next: impl Fn(usize) -> &'a [usize]) -> Vec<usize> {
    if of >= nodes {
        return Vec::new();
    }
    let mut seen = vec![false; nodes];
    seen[of] = true;
    let mut open = vec![of];
    while let Some(node) = open.pop() {
        for &neighbour in next(node) {
            if !seen[neighbour] {
                seen[neighbour] = true;
                open.push(neighbour);
            }
        }
    }
    (0..nodes).filter(|&node| seen[node] && node != of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DIAMOND: [(usize, usize); 5] = [(0, 1), (0, 2), (1, 3), (2, 3), (4, 3)];

    #[test]
    fn both_arms_of_a_diamond_are_on_the_way() {
        assert_eq!(upstream(6, &DIAMOND, 3), [0, 1, 2, 4]);
        assert_eq!(downstream(6, &DIAMOND, 0), [1, 2, 3]);
        assert_eq!(upstream(6, &DIAMOND, 0), [0; 0]);
        assert_eq!(downstream(6, &DIAMOND, 5), [0; 0]);
    }

    #[test]
    fn nothing_is_on_the_way_to_a_node_that_is_not_there() {
        assert_eq!(upstream(3, &[(0, 1)], 7), [0; 0]);
        assert_eq!(downstream(0, &[(0, 1)], 0), [0; 0]);
    }

    #[test]
    fn a_node_on_a_cycle_is_not_on_its_own_way() {
        let cycle = [(0, 1), (1, 2), (2, 0)];
        assert_eq!(upstream(3, &cycle, 1), [0, 2]);
        assert_eq!(downstream(3, &cycle, 1), [0, 2]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_walked_to_its_end() {
        let edges: Vec<_> = (1..100_000).map(|node| (node - 1, node)).collect();
        assert_eq!(downstream(100_000, &edges, 0).len(), 99_999);
        assert_eq!(upstream(100_000, &edges, 99_999).len(), 99_999);
    }

    proptest! {
        #[test]
        fn one_is_upstream_of_another_if_that_is_downstream_of_it(
            edges in prop::collection::vec((0_usize..12, 0_usize..12), 0..40),
        ) {
            for one in 0..12 {
                for other in upstream(12, &edges, one) {
                    prop_assert!(downstream(12, &edges, other).contains(&one));
                }
            }
        }

        #[test]
        fn what_is_downstream_is_what_steps_along_edges_reach(
            edges in prop::collection::vec((0_usize..12, 0_usize..12), 0..40),
        ) {
            let mut reach = [false; 12];
            reach[0] = true;
            for _ in 0..12 {
                for (from, to) in &edges {
                    reach[*to] |= reach[*from];
                }
            }
            let plain: Vec<_> = (1..12).filter(|node| reach[*node]).collect();
            prop_assert_eq!(downstream(12, &edges, 0), plain);
        }
    }
}
