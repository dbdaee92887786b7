use super::*;
use proptest::prelude::*;

fn chain(nodes: usize) -> Vec<(usize, usize)> {
    (1..nodes).map(|node| (node - 1, node)).collect()
}

/// Layers of the same size, each node with two or three edges to the next one.
fn grid(layers: usize, size: usize) -> Vec<(usize, usize)> {
    let mut edges = Vec::new();
    for node in 0..(layers - 1) * size {
        let next = (node / size + 1) * size;
        for edge in 0..2 + node % 2 {
            edges.push((node, next + (node * 7 + edge * 13 + node * node % 11) % size));
        }
    }
    edges
}

/// What holds for every picture, of damaged data too.
fn assert_sound(nodes: usize, edges: &[(usize, usize)], picture: &Layout) {
    assert_eq!(picture.places.len(), nodes);
    assert_eq!(picture.bends.len(), edges.len());
    let mut points: Vec<(usize, f64)> = picture.places.iter().map(|place| (place.layer, place.y)).collect();
    points.sort_by(|one, other| one.0.cmp(&other.0).then(one.1.total_cmp(&other.1)));
    for pair in points.windows(2) {
        assert!(pair[0].0 != pair[1].0 || pair[1].1 - pair[0].1 >= 1.0, "{pair:?} are too near");
    }
    for (layer, y) in points {
        assert!(layer < picture.layers && y >= 0.0 && y + 1.0 <= picture.height, "{layer}, {y}");
    }
    for &(x, y) in picture.bends.iter().flatten() {
        assert!(x > 0.0 && x < real(picture.layers) && y >= 0.0 && y < picture.height, "{x}, {y}");
    }
}

fn assert_rightwards(edges: &[(usize, usize)], picture: &Layout) {
    for (&(from, to), bends) in edges.iter().zip(&picture.bends) {
        let (from, to) = (picture.places[from].layer, picture.places[to].layer);
        assert!(from < to, "{from} to {to}");
        let mut last = real(from);
        for &(x, _) in bends {
            assert!(x > last && x < real(to), "{bends:?} between {from} and {to}");
            last = x;
        }
    }
}

fn rows(picture: &Layout, nodes: impl IntoIterator<Item = usize>) -> Vec<f64> {
    nodes.into_iter().map(|node| picture.places[node].y).collect()
}

#[test]
fn a_chain_is_a_straight_line() {
    let picture = layout(1_000, &chain(1_000));
    assert_eq!(picture.layers, 1_000);
    assert_eq!(picture.places[999], Place { layer: 999, y: 0.0 });
    assert_eq!(rows(&picture, 0..1_000), vec![0.0; 1_000]);
    assert!((picture.height - 1.0).abs() < 0.001);
}

#[test]
fn an_empty_graph_has_an_empty_picture() {
    assert_eq!(layout(0, &[]), Layout::default());
}

#[test]
fn what_is_needed_late_is_drawn_late() {
    let edges = [(0, 1), (1, 2), (2, 3), (4, 5), (5, 3)];
    let picture = layout(6, &edges);
    let layers: Vec<_> = picture.places.iter().map(|place| place.layer).collect();
    assert_eq!(layers, [0, 1, 2, 3, 1, 2]);
    assert!(picture.bends.iter().all(Vec::is_empty));
}

#[test]
fn a_long_edge_keeps_clear_of_the_tasks_that_it_passes() {
    let edges = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)];
    let picture = layout(5, &edges);
    let passed = &picture.bends[4];
    assert_eq!(passed.iter().map(|(x, _)| *x).collect::<Vec<_>>(), [1.0, 3.0]);
    assert!(passed.iter().all(|(_, y)| (y - picture.places[2].y).abs() > 0.5));
    assert_eq!(rows(&picture, 1..4), [picture.places[1].y; 3]);
}

#[test]
fn a_tree_has_no_crossings() {
    let edges: Vec<_> = (1..31).map(|node| ((node - 1) / 2, node)).collect();
    let picture = layout(31, &edges);
    for (one, two) in edges.iter().zip(edges.iter().skip(1)) {
        let (one, two) =
            ((picture.places[one.0], picture.places[one.1]), (picture.places[two.0], picture.places[two.1]));
        if one.0.layer == two.0.layer {
            assert!(one.0.y <= two.0.y && one.1.y < two.1.y);
        }
    }
}

#[test]
fn parts_without_a_connection_stand_below_each_other_the_biggest_first() {
    let picture = layout(6, &[(1, 2), (3, 4), (4, 5)]);
    assert_eq!(rows(&picture, 0..6), [2.5, 1.5, 1.5, 0.0, 0.0, 0.0]);
    assert!((picture.height - 3.5).abs() < 0.001);
}

#[test]
fn a_cycle_is_drawn_with_an_edge_back() {
    let edges = [(0, 1), (1, 2), (2, 3), (3, 0), (1, 1), (1, 77)];
    let picture = layout(4, &edges);
    assert_sound(4, &edges, &picture);
    assert_eq!(picture.places.iter().map(|place| place.layer).collect::<Vec<_>>(), [0, 1, 2, 3]);
    assert_eq!(picture.bends[3].iter().map(|(x, _)| *x).collect::<Vec<_>>(), [2.0, 1.0]);
}

#[test]
fn a_chain_of_a_hundred_thousand_with_edges_over_all_of_it_is_drawn() {
    let mut edges = chain(100_000);
    edges.extend((1..1_000).map(|node| (node, 99_999 - node)));
    edges.extend((3..1_000).map(|node| (0, node)));
    let picture = layout(100_000, &edges);
    assert_sound(100_000, &edges, &picture);
    assert_rightwards(&edges, &picture);
}

#[test]
fn a_grid_of_forty_thousand_is_drawn() {
    let edges = grid(200, 200);
    let picture = layout(40_000, &edges);
    assert_sound(40_000, &edges, &picture);
    assert_rightwards(&edges, &picture);
}

proptest! {
    #[test]
    fn every_edge_points_to_the_right_and_tasks_keep_their_distance(
        edges in prop::collection::vec((0_usize..30, 0_usize..30), 0..60),
    ) {
        let acyclic: Vec<_> = edges.into_iter().filter(|(from, to)| from < to).collect();
        let picture = layout(30, &acyclic);
        assert_sound(30, &acyclic, &picture);
        assert_rightwards(&acyclic, &picture);
        prop_assert_eq!(layout(30, &acyclic), picture);
    }

    #[test]
    fn damaged_data_are_drawn_too(
        edges in prop::collection::vec((0_usize..14, 0_usize..14), 0..50),
    ) {
        assert_sound(12, &edges, &layout(12, &edges));
    }
}
