//! The points that long edges pass in the layers between their ends.

use super::Arrow;

/// So many points get a place of their own. A picture with more of them is too dense to follow one edge,
/// and a few edges over thousands of layers would take most of the time.
const MOST: usize = 20_000;

/// Of each arrow, how many points it has; the shortest edges get theirs first, and those for which nothing
/// is left are drawn straight.
pub(super) fn counts(arrows: &[Arrow], layer: &[usize]) -> Vec<usize> {
    let length = |arrow: &Arrow| layer[arrow.to] - layer[arrow.from] - 1;
    let mut long: Vec<(usize, usize)> =
        arrows.iter().map(length).enumerate().map(|(arrow, length)| (length, arrow)).collect();
    long.sort_unstable();
    let mut counts = vec![0; arrows.len()];
    let mut left = MOST;
    for (length, arrow) in long {
        if length > left {
            break;
        }
        counts[arrow] = length;
        left -= length;
    }
    counts
}

/// Leaves out the points inside of a level run, which its two ends tell already.
pub(super) fn join_straight(points: &mut Vec<(f64, f64)>) {
    let level = |one: (f64, f64), other: (f64, f64)| (one.1 - other.1).abs() < f64::EPSILON;
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for &point in points.iter() {
        if let [.., before, last] = kept[..]
            && level(before, last)
            && level(last, point)
        {
            kept.pop();
        }
        kept.push(point);
    }
    *points = kept;
}
