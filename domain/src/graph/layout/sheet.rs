//! One part of the picture while it is being drawn.

use super::{super::adjacency::Adjacency, Arrow, parts::Part};
use std::ops::Range;

/// Points in layers: first the nodes of the part, by their place in it, then the points of long edges.
pub(super) struct Sheet {
    nodes: usize,
    layer: Vec<usize>,
    /// Of each arrow that has points, its index and its points from left to right.
    bent: Vec<(usize, Range<usize>)>,
    /// The lines from each point to the next layer; an edge that is drawn straight has none.
    pub(super) lines: Adjacency,
    /// The points of each layer, from top to bottom.
    pub(super) rows: Vec<Vec<usize>>,
}

impl Sheet {
    /// A part, with `bends` points for each arrow. The rows are in the order of a walk along the lines,
    /// by which a tree has few crossings from the start.
    pub(super) fn new(part: &Part, arrows: &[Arrow], layer: &[usize], bends: &[usize]) -> Self {
        let local = |node: usize| part.nodes.partition_point(|&other| other < node);
        let mut layers: Vec<usize> = part.nodes.iter().map(|&node| layer[node]).collect();
        let mut bent = Vec::new();
        let mut lines = Vec::new();
        for &index in &part.arrows {
            let arrow = &arrows[index];
            let points = layers.len()..layers.len() + bends[index];
            layers.extend((layer[arrow.from] + 1..).take(bends[index]));
            let (mut from, to) = (local(arrow.from), local(arrow.to));
            for point in points.clone() {
                lines.push((from, point));
                from = point;
            }
            if layers[from] + 1 == layers[to] {
                lines.push((from, to));
            }
            if !points.is_empty() {
                bent.push((index, points));
            }
        }
        let lines = Adjacency::new(layers.len(), &lines);
        let rows = walk(&lines, &layers);
        Self { nodes: part.nodes.len(), layer: layers, bent, lines, rows }
    }

    /// How many points there are.
    pub(super) fn len(&self) -> usize {
        self.layer.len()
    }

    /// The layer of a point.
    pub(super) fn layer(&self, point: usize) -> usize {
        self.layer[point]
    }

    /// Whether a point is on an edge.
    pub(super) fn is_bend(&self, point: usize) -> bool {
        point >= self.nodes
    }

    /// The arrows that have points, and which.
    pub(super) fn bent(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.bent.iter().cloned()
    }
}

/// The points of each layer in the order in which a walk comes by, depth first from the leftmost ones.
fn walk(lines: &Adjacency, layer: &[usize]) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)];
    let mut starts: Vec<usize> = (0..layer.len()).collect();
    starts.sort_by_key(|&point| layer[point]);
    let mut seen = vec![false; layer.len()];
    let mut open = Vec::new();
    for start in starts {
        open.push(start);
        while let Some(point) = open.pop() {
            if seen[point] {
                continue;
            }
            seen[point] = true;
            rows[layer[point]].push(point);
            let neighbours = lines.outs(point).iter().rev().chain(lines.ins(point).iter().rev());
            open.extend(neighbours.filter(|&&neighbour| !seen[neighbour]));
        }
    }
    rows
}
