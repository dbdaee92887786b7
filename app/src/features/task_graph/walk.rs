//! From task to task by the arrow keys, and what is on the way to and from one. Pure: places of tasks and links alone.

use crate::api::dependency::DrawnTask;

/// A key that leads to another task.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    Left,
    Right,
    Up,
    Down,
    First,
    Last,
}

impl Way {
    /// The way of a key's name.
    pub fn parse(key: &str) -> Option<Self> {
        match key {
            "ArrowLeft" => Some(Self::Left),
            "ArrowRight" => Some(Self::Right),
            "ArrowUp" => Some(Self::Up),
            "ArrowDown" => Some(Self::Down),
            "Home" => Some(Self::First),
            "End" => Some(Self::Last),
            _ => None,
        }
    }
}

/// Where a key leads: left to what a task waits for, right to what waits for it, up and down within its layer; where
/// several come into question, to the nearest. Never to a task that may not be seen: it takes no focus.
pub fn next(tasks: &[DrawnTask], links: &[(usize, usize, bool)], from: usize, way: Way) -> Option<usize> {
    let here = tasks.get(from)?;
    let far = |other: &usize| (tasks[*other].row - here.row).abs();
    let seen = |at: &usize| tasks[*at].title.is_some();
    let nearest =
        |others: Vec<usize>| others.into_iter().filter(seen).min_by(|a, b| far(a).total_cmp(&far(b)));
    let in_layer = |wanted: &dyn Fn(f64) -> bool| {
        (0..tasks.len()).filter(|at| tasks[*at].layer == here.layer && wanted(tasks[*at].row)).collect()
    };
    match way {
        Way::Left => nearest(links.iter().filter(|link| link.1 == from).map(|link| link.0).collect()),
        Way::Right => nearest(links.iter().filter(|link| link.0 == from).map(|link| link.1).collect()),
        Way::Up => nearest(in_layer(&|row| row < here.row)),
        Way::Down => nearest(in_layer(&|row| row > here.row)),
        Way::First => (0..tasks.len()).find(seen),
        Way::Last => (0..tasks.len()).rfind(seen),
    }
}

/// Of each task, whether it is on the way to or from one, which is itself among them.
pub fn chain(count: usize, links: &[(usize, usize, bool)], of: usize) -> Vec<bool> {
    let mut on_it = vec![false; count];
    if of >= count {
        return on_it;
    }
    for down in [true, false] {
        let mut next: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (from, to, _) in links.iter().filter(|(from, to, _)| *from < count && *to < count) {
            let (at, to) = if down { (from, to) } else { (to, from) };
            next[*at].push(*to);
        }
        let (mut seen, mut open) = (vec![false; count], vec![of]);
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                on_it[at] = true;
                open.extend(&next[at]);
            }
        }
    }
    on_it
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{board::Category, ids::TaskId};
    use uuid::Uuid;

    /// 0 and 1 lead to 2, which leads to 3; 4 stands alone under 0 and 1.
    fn graph() -> (Vec<DrawnTask>, Vec<(usize, usize, bool)>) {
        let places = [(0, 0.0), (0, 1.0), (1, 0.5), (2, 0.5), (0, 2.0)];
        let task = |(at, (layer, row)): (usize, (i64, f64))| DrawnTask {
            id: TaskId(Uuid::from_u128(at as u128)),
            key: format!("WEB-{at}"),
            title: Some("Build the thing".into()),
            category: Category::Todo,
            blocked: false,
            critical: false,
            layer,
            row,
        };
        let tasks = places.into_iter().enumerate().map(task).collect();
        (tasks, vec![(0, 2, true), (1, 2, true), (2, 3, true)])
    }

    #[test]
    fn arrows_lead_along_links_and_within_a_layer() {
        let (tasks, links) = graph();
        let go = |from, way| next(&tasks, &links, from, way);
        assert_eq!(go(0, Way::Right), Some(2));
        assert_eq!(go(2, Way::Left), Some(0));
        assert_eq!(go(2, Way::Right), Some(3));
        assert_eq!(go(0, Way::Down), Some(1));
        assert_eq!(go(4, Way::Up), Some(1));
        assert_eq!(go(3, Way::Right), None);
        assert_eq!(go(9, Way::Up), None);
        assert_eq!((go(2, Way::First), go(2, Way::Last)), (Some(0), Some(4)));
    }

    #[test]
    fn no_key_leads_to_a_task_that_may_not_be_seen() {
        let (mut tasks, links) = graph();
        for hidden in [0, 3, 4] {
            tasks[hidden].title = None;
        }
        let go = |from, way| next(&tasks, &links, from, way);
        assert_eq!(go(2, Way::Left), Some(1), "the other one, though it is no nearer");
        assert_eq!((go(2, Way::Right), go(1, Way::Up), go(1, Way::Down)), (None, None, None));
        assert_eq!((go(2, Way::First), go(1, Way::Last)), (Some(1), Some(2)));
        for task in &mut tasks {
            task.title = None;
        }
        assert_eq!(next(&tasks, &links, 2, Way::First), None);
    }

    #[test]
    fn a_chain_goes_up_and_down_but_not_back() {
        let (tasks, links) = graph();
        assert_eq!(chain(tasks.len(), &links, 0), [true, false, true, true, false]);
        assert_eq!(chain(tasks.len(), &links, 3), [true, true, true, true, false]);
        assert_eq!(chain(2, &[(0, 1, true), (1, 0, true)], 0), [true, true], "a loop has an end, too");
    }
}
