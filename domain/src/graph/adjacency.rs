//! The neighbours of each node, in four flat lists, because a list of its own for each node is slow.

/// Whom each node leads to, and who leads to it.
pub(super) struct Adjacency {
    outs: Side,
    ins: Side,
}

impl Adjacency {
    /// Of `nodes` nodes. Edges that can't be are left out; one that is there twice counts twice.
    pub(super) fn new(nodes: usize, edges: &[(usize, usize)]) -> Self {
        let real = edges.iter().copied().filter(|&(from, to)| from != to && from < nodes && to < nodes);
        Self {
            ins: Side::new(nodes, real.clone().map(|(from, to)| (to, from))),
            outs: Side::new(nodes, real),
        }
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.outs.starts.len() - 1
    }

    /// Whom this one leads to, in the order of the edges.
    pub(super) fn outs(&self, node: usize) -> &[usize] {
        self.outs.of(node)
    }

    /// Who leads to this one, in the order of the edges.
    pub(super) fn ins(&self, node: usize) -> &[usize] {
        self.ins.of(node)
    }
}

/// One direction: the neighbours of node `n` are `ends[starts[n]..starts[n + 1]]`.
struct Side {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Side {
    fn new(nodes: usize, edges: impl Iterator<Item = (usize, usize)> + Clone) -> Self {
        let mut starts = vec![0; nodes + 1];
        for (node, _) in edges.clone() {
            starts[node + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let mut ends = vec![0; starts[nodes]];
        for (node, end) in edges {
            ends[next[node]] = end;
            next[node] += 1;
        }
        Self { starts, ends }
    }

    fn of(&self, node: usize) -> &[usize] {
        &self.ends[self.starts[node]..self.starts[node + 1]]
    }
}
