//! How far down each point is.

use super::sheet::Sheet;

/// Sweeps to the right and to the left in turn. The last goes to the right, so that what follows one thing
/// only is level with it.
const SWEEPS: usize = 9;
/// A row is cut into so many steps: sums of them are exact, so a distance is never a hair too short.
const STEPS: f64 = 1024.0;

/// Of each point, its row from 0. Keeps the order in each layer and the distances.
///
/// In each sweep a point wants to be level with its neighbours in the layer before, and the layer as a
/// whole goes as near to all wishes as its distances let it.
pub(super) fn settle(sheet: &Sheet) -> Vec<f64> {
    let mut y = vec![0.0; sheet.len()];
    for row in &sheet.rows {
        for (offset, &point) in offsets(sheet, row).iter().zip(row) {
            y[point] = *offset;
        }
    }
    for sweep in 0..SWEEPS {
        let to_right = sweep % 2 == 0;
        for step in 0..sheet.rows.len() {
            let layer = if to_right { step } else { sheet.rows.len() - 1 - step };
            straighten(sheet, &sheet.rows[layer], to_right, &mut y);
        }
    }
    round(sheet, &mut y);
    y
}

/// The least distance of two points that are next to each other. Two nodes stay a row apart with a line
/// between them, too.
fn gap(sheet: &Sheet, one: usize, other: usize) -> f64 {
    match (sheet.is_bend(one), sheet.is_bend(other)) {
        (false, false) => 1.0,
        (true, true) => 0.375,
        _ => 0.625,
    }
}

/// How far below the first of its row each point is at least.
fn offsets(sheet: &Sheet, row: &[usize]) -> Vec<f64> {
    let mut offsets = Vec::with_capacity(row.len());
    let mut offset = 0.0;
    for (at, &point) in row.iter().enumerate() {
        if at > 0 {
            offset += gap(sheet, row[at - 1], point);
        }
        offsets.push(offset);
    }
    offsets
}

/// Points that have been pushed together and move as one.
struct Block {
    weight: f64,
    /// The mean wish, less the offsets.
    top: f64,
    points: usize,
}

/// Moves the points of a row: the least sum of squared distances from their wishes, by pooling neighbours
/// whose wishes are in the wrong order (isotonic regression).
fn straighten(sheet: &Sheet, row: &[usize], to_right: bool, y: &mut [f64]) {
    let offsets = offsets(sheet, row);
    let mut blocks: Vec<Block> = Vec::with_capacity(row.len());
    for (&point, offset) in row.iter().zip(&offsets) {
        let (wish, weight) = wish(sheet, point, to_right, y);
        let mut block = Block { weight, top: wish - offset, points: 1 };
        while let Some(above) = blocks.pop_if(|above| above.top > block.top) {
            let weight = above.weight + block.weight;
            block = Block {
                weight,
                top: (above.top * above.weight + block.top * block.weight) / weight,
                points: above.points + block.points,
            };
        }
        blocks.push(block);
    }
    let tops = blocks.iter().flat_map(|block| std::iter::repeat_n(block.top, block.points));
    for ((&point, offset), top) in row.iter().zip(offsets).zip(tops) {
        y[point] = top + offset;
    }
}

/// Where a point wants to be, and how much. A bend in a long line is seen more than one beside a node; a
/// point without neighbours gives way.
fn wish(sheet: &Sheet, point: usize, to_right: bool, y: &[f64]) -> (f64, f64) {
    let side = if to_right { sheet.lines.ins(point) } else { sheet.lines.outs(point) };
    let mut sum = 0.0;
    let mut weight = 0.0;
    for &neighbour in side {
        let line = match (sheet.is_bend(point), sheet.is_bend(neighbour)) {
            (true, true) => 8.0,
            (false, false) => 1.0,
            _ => 2.0,
        };
        sum += y[neighbour] * line;
        weight += line;
    }
    if side.is_empty() { (y[point], 0.125) } else { (sum / weight, weight) }
}

/// Lets the topmost point be at 0, and cuts all to whole steps without coming too near to the one above.
fn round(sheet: &Sheet, y: &mut [f64]) {
    let top = y.iter().copied().fold(f64::INFINITY, f64::min);
    for row in &sheet.rows {
        let mut least = 0.0;
        for (at, &point) in row.iter().enumerate() {
            y[point] = f64::max(((y[point] - top) * STEPS).floor() / STEPS, least);
            least = y[point] + row.get(at + 1).map_or(0.0, |&below| gap(sheet, point, below));
        }
    }
}
