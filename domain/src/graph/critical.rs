//! The path that takes longest.

use super::{
    adjacency::Adjacency,
    order::{positions, sorted},
};

/// What a node adds to a path: minutes, and how many tasks it stands for, which decides where minutes are
/// equal or nobody has estimated any. Below zero counts as zero.
pub type Weight = (i64, i64);

/// The path with the greatest sum of weights, first node first. It begins and ends with nodes that weigh
/// something, so it is empty where none does. Among equals it ends as early in the working order as it can,
/// and comes from the lowest numbers. Nodes on a cycle count as if the cycle were cut where the
/// working order turns back; a missing weight is none.
pub fn critical_path(nodes: usize, edges: &[(usize, usize)], weights: &[Weight]) -> Vec<usize> {
    let graph = Adjacency::new(nodes, edges);
    let order = sorted(&graph);
    let position = positions(&order);
    let mut sums = vec![(0, 0); nodes];
    let mut before = vec![None; nodes];
    let mut last: Option<usize> = None;
    for &node in &order {
        let longest = graph
            .ins(node)
            .iter()
            .copied()
            .filter(|&from| position[from] < position[node] && sums[from] > (0, 0))
            .max_by(|&one, &other| sums[one].cmp(&sums[other]).then(other.cmp(&one)));
        let own = weights.get(node).copied().unwrap_or_default();
        sums[node] = sum(longest.map_or((0, 0), |from| sums[from]), own);
        before[node] = longest;
        if sums[node] > last.map_or((0, 0), |last| sums[last]) {
            last = Some(node);
        }
    }
    let mut path: Vec<usize> = std::iter::successors(last, |&node| before[node]).collect();
    path.reverse();
    path
}

fn sum(so_far: Weight, own: Weight) -> Weight {
    (so_far.0.saturating_add(own.0.max(0)), so_far.1.saturating_add(own.1.max(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The greatest sum of all paths, by walking every one of them.
    fn greatest(edges: &[(usize, usize)], weights: &[Weight]) -> Weight {
        let mut paths: Vec<(usize, Weight)> = weights.iter().copied().enumerate().collect();
        let mut greatest = (0, 0);
        while let Some((end, weight)) = paths.pop() {
            greatest = greatest.max(weight);
            let onward = edges.iter().filter(|(from, _)| *from == end);
            paths.extend(onward.map(|(_, to)| (*to, sum(weight, weights[*to]))));
        }
        greatest
    }

    #[test]
    fn minutes_come_before_the_number_of_tasks() {
        let edges = [(0, 1), (1, 2), (3, 4)];
        assert_eq!(critical_path(5, &edges, &[(10, 1), (10, 1), (10, 1), (20, 1), (11, 1)]), [3, 4]);
        assert_eq!(critical_path(5, &edges, &[(0, 1); 5]), [0, 1, 2]);
    }

    #[test]
    fn what_is_done_stands_at_neither_end() {
        let edges = [(0, 1), (1, 2), (2, 3), (3, 4)];
        assert_eq!(critical_path(5, &edges, &[(0, 0), (5, 1), (0, 0), (5, 1), (0, 0)]), [1, 2, 3]);
        assert_eq!(critical_path(5, &edges, &[(0, 0); 5]), [0; 0]);
        assert_eq!(critical_path(0, &[], &[]), [0; 0]);
    }

    #[test]
    fn among_equals_the_lowest_numbers_are_taken() {
        assert_eq!(critical_path(4, &[(0, 3), (1, 3), (2, 3)], &[(1, 1); 4]), [0, 3]);
        assert_eq!(critical_path(4, &[(2, 3), (0, 1)], &[(1, 1); 4]), [0, 1]);
    }

    #[test]
    fn damaged_data_neither_hang_nor_overflow() {
        assert_eq!(critical_path(3, &[(0, 1), (1, 2), (2, 0)], &[(i64::MAX, 1); 3]).len(), 3);
        assert_eq!(critical_path(3, &[(0, 1)], &[(-5, 1)]), [0]);
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_one_path() {
        let edges: Vec<_> = (1..100_000).map(|node| (node - 1, node)).collect();
        assert_eq!(critical_path(100_000, &edges, &vec![(1, 1); 100_000]).len(), 100_000);
    }

    proptest! {
        #[test]
        fn no_path_is_longer(
            edges in prop::collection::vec((0_usize..9, 0_usize..9), 0..16),
            weights in prop::collection::vec((0_i64..4, 0_i64..2), 9),
        ) {
            let acyclic: Vec<_> = edges.into_iter().filter(|(from, to)| from < to).collect();
            let path = critical_path(9, &acyclic, &weights);
            let found = path.iter().fold((0, 0), |so_far, node| sum(so_far, weights[*node]));
            prop_assert_eq!(found, greatest(&acyclic, &weights));
            for step in path.windows(2) {
                prop_assert!(acyclic.contains(&(step[0], step[1])));
            }
        }
    }
}
